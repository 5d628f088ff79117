"""The process that measures a study: `python -m explorer.study.worker`. Knows pipes; not the server, not screens.

It hears {"study", "folder"}, then perhaps "stop". It tells {"kind": "point", …} for every training, and at last
{"kind": "ended", "state": "finished" | "stopped" | "failed", "message"}. What is measured lies in the folder.
"""

import contextlib
import dataclasses
import json
import sys
import threading
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.process import begin_work, listen


def main() -> int:
    """Do what standard input says; 0 done or stopped, 1 failed with a sentence."""
    tell = begin_work()
    request = json.loads(sys.stdin.readline())
    stop = threading.Event()
    listen(lambda message: stop.set() if message == "stop" else None)
    try:
        done = _perform(request, stop, tell)
    except (ExplorerError, RuntimeError, MemoryError) as error:
        words = str(error) if isinstance(error, ExplorerError) else (str(error).splitlines() or ["no memory"])[0][:200]
        message = (
            words if isinstance(error, ExplorerError) else f"PyTorch could not go on ({words}): choose a smaller task."
        )
        tell({"kind": "ended", "state": "failed", "message": message})
        return 1
    tell({"kind": "ended", "state": "finished" if done else "stopped", "message": ""})
    return 0


def _perform(request: dict[str, object], stop: threading.Event, tell) -> bool:
    """Whether it came to the end."""
    from explorer.study.study import Study, run
    from explorer.training.run import load_data

    study = Study.from_json(request["study"])
    data = load_data(study.settings(study.students[0]), Path(study.data_dir) if study.data_dir else None)
    with contextlib.closing(run(study, data, Path(request["folder"]))) as points:
        for point in points:
            tell({"kind": "point", **dataclasses.asdict(point)})
            if stop.is_set():
                return False
    return True


if __name__ == "__main__":
    sys.exit(main())
