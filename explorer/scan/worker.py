"""The process that scans: `python -m explorer.scan.worker`. Knows pipes; not the server, not screens.

It hears {"wish", "own": the input shape of a user's own network, else null}, then perhaps "stop". It tells
{"kind": "progress", "seen", "count", "skipped", "seconds"} and at last {"kind": "ended", "state", "message"}. What was found
lies in the cache.
"""

import contextlib
import json
import sys
import threading
import time

from explorer.errors import ExplorerError
from explorer.process import begin_work, listen, threads_beside_a_server

TELL_EVERY = 0.2  # seconds


def main() -> int:
    """Do what standard input says; 0 done or stopped, 1 failed with a sentence."""
    tell = begin_work()
    request = json.loads(sys.stdin.readline())
    stop = threading.Event()
    listen(lambda message: stop.set() if message == "stop" else None)
    try:
        done = _perform(request, stop, tell)
    except ExplorerError as error:
        tell({"kind": "ended", "state": "failed", "message": str(error)})
        return 1
    tell({"kind": "ended", "state": "finished" if done else "stopped", "message": ""})
    return 0


def _perform(request: dict[str, object], stop: threading.Event, tell) -> bool:
    """Whether it came to the end."""
    import torch

    from explorer.models.own import own_spec
    from explorer.models.registry import add
    from explorer.scan.scan import Scan, Wish

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
                tell({"kind": "progress", **facts, "seconds": round(progress.seconds, 3)})
            if stop.is_set():
                break
    return done


if __name__ == "__main__":
    sys.exit(main())
