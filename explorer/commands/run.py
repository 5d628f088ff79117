"""`run`: the app, as a process of its own, and a browser window on it. torch is not needed for that."""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(options: argparse.Namespace) -> int:
    """Start the server and wait for its end."""
    own = _own_arguments(options)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(options.port)]
    command += ["--server.headless", "true"]  # else Streamlit lays advertisements of its own over the page
    command += own
    environment = dict(os.environ)
    if own:  # the app runs in a folder of its own, and the user's package lies in this one
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path.cwd()), environment.get("PYTHONPATH"))))
    if not options.headless:
        threading.Thread(target=_open_browser, args=(options.port,), daemon=True).start()
    # Whoever ends this process ends the server too: `call` kills its child when an exception, such as this exit, passes.
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        return subprocess.call(command, cwd=ROOT, env=environment)
    finally:
        signal.signal(signal.SIGTERM, before)


def _own_arguments(options: argparse.Namespace) -> list[str]:
    """What the app is told of the user's own network, once it has been tried here: a mistake is said before a browser opens."""
    if not options.model:
        return []
    from explorer.models.own import own_spec, read_shape
    from explorer.probe.trial import tried

    tried(own_spec(options.model, read_shape(options.input_shape) if options.input_shape else None))
    shape = ["--input-shape", options.input_shape] if options.input_shape else []
    return ["--", "--model", options.model, *shape]


def _open_browser(port: int) -> None:
    """Open the app's address once it answers; give up after a minute."""
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.25)
        else:
            webbrowser.open(address)
            return
