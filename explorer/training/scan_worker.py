"""The process that scans: `python -m explorer.training.scan_worker`. Knows pipes; not the server, not screens.

Standard input: one JSON line {"wish", "own": the input shape of a user's own network, else null}, then perhaps a line
"stop". Standard output: one JSON event a line, {"kind": "progress", "seen", "count", "skipped", "seconds"} and at last
{"kind": "ended", "state", "message"}. When standard input ends, so does the process: it never outlives the server that
started it. What was found lies in the cache.
"""

import contextlib
import json
import os
import sys
import threading
import time

from explorer.errors import ExplorerError

NICENESS = 5  # the server and its viewers come first
TELL_EVERY = 0.2  # seconds


def main() -> int:
    """Do what standard input says; 0 done or stopped, 1 failed with a sentence."""
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1, encoding="utf-8")
    sys.stdout = sys.stderr  # what a library prints is no event
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICENESS)

    def tell(**event: object) -> None:
        events.write(json.dumps(event, ensure_ascii=False) + "\n")

    request = json.loads(sys.stdin.readline())
    stop = threading.Event()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()
    try:
        done = _perform(request, stop, tell)
    except ExplorerError as error:
        tell(kind="ended", state="failed", message=str(error))
        return 1
    tell(kind="ended", state="done" if done else "stopped", message="")
    return 0


def _perform(request: dict[str, object], stop: threading.Event, tell) -> bool:
    """Whether it came to the end."""
    import torch

    from explorer.models.own import own_spec
    from explorer.models.registry import add
    from explorer.training.jobs import threads_beside_a_server
    from explorer.training.scan import Scan, Wish

    torch.set_num_threads(threads_beside_a_server())
    wish = Wish.from_json(request["wish"])
    if request["own"]:  # added to the server's registry when it began; this process has a registry of its own
        add(own_spec(wish.network, tuple(request["own"])))
    running, told, done = Scan(wish).run(), 0.0, False
    with contextlib.closing(running):  # keeps what has been found
        for progress in running:
            done = progress.done
            if done or time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                facts = {name: getattr(progress, name) for name in ("seen", "count", "skipped")}
                tell(kind="progress", **facts, seconds=round(progress.seconds, 3))
            if stop.is_set():
                break
    return done


def _listen(stop: threading.Event) -> None:
    for line in sys.stdin:
        if line.strip() == "stop":
            stop.set()
    os._exit(0)  # the server is gone; what was kept on disk is whole


if __name__ == "__main__":
    sys.exit(main())
