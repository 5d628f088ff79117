"""The process that trains: `python -m explorer.training.worker`. Knows pipes; not the server, not screens.

It hears what to do, {"settings", "folder", "data_dir", "download", "commands"}, and then commands. It tells the run's events.
"""

import contextlib
import json
import os
import sys
import threading
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.process import begin_work, listen

POLL = 0.3  # seconds between two looks at how much is downloaded


def main() -> int:
    """Do what standard input says; 0 done, 1 failed with a sentence."""
    tell = begin_work()
    try:
        _perform(json.loads(sys.stdin.readline()), tell)
    except ExplorerError as error:
        tell({"kind": "ended", "state": "failed", "message": str(error)})
        return 1
    return 0


def _perform(request: dict[str, object], tell) -> None:
    commands = _Commands(list(request.get("commands", ())), tell)
    listen(commands.hear)
    from explorer.training.run import load_data, perform
    from explorer.training.settings import RunSettings

    settings = RunSettings.from_json(request["settings"])
    data_dir = Path(request["data_dir"]) if request.get("data_dir") else None
    with _telling_download(settings.data, data_dir, tell) if request.get("download") else contextlib.nullcontext():
        data = load_data(settings, data_dir, download=bool(request.get("download")))
    perform(settings, data, folder=Path(request["folder"]), tell=tell, control=commands.attach)


class _Commands:
    """Commands on their way to the training; those that come too early wait for it.

    Only "stop" does not wait: while torch is imported and data is read or fetched, nothing would be lost.
    """

    def __init__(self, waiting: list[dict[str, object]], tell) -> None:
        self._waiting, self._tell = waiting, tell
        self._put = self._wait
        self._lock = threading.Lock()

    def hear(self, command: object) -> None:
        with self._lock:
            self._put(command)

    def attach(self, control) -> None:
        from explorer.training.control import check_command

        def put(command: object) -> None:
            with contextlib.suppress(ExplorerError):
                control.commands.put(check_command(command))

        with self._lock:
            self._put = put
            for command in self._waiting:
                put(command)

    def _wait(self, command: object) -> None:
        if isinstance(command, dict) and command.get("name") == "stop":
            self._tell({"kind": "ended", "state": "stopped", "message": "Stopped before the first step."})
            os._exit(0)
        self._waiting.append(command)


@contextlib.contextmanager
def _telling_download(name: str, data_dir: Path | None, tell):
    """Tell how many bytes of a data set have come while it is downloaded."""
    from explorer.data.datasets import describe_data_set, downloaded_bytes

    facts, done = describe_data_set(name, data_dir), threading.Event()

    def watch() -> None:
        while not done.wait(POLL):
            tell({"kind": "download", "bytes": downloaded_bytes(name, data_dir), "total": facts.download_bytes})

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
