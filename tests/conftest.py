"""What all tests share: no test writes into the project's own folder of runs, or into the user's cache."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

# Tests run side by side: two processes whose torch wants both cores each wait for each other. Before torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from filelock import FileLock

from explorer import cli

JS = Path(__file__).parent / "js"


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with what tests/js/package-lock.json names, installed once. Skips, with the remedy, where it cannot be had."""
    must = os.environ.get("EXPLORER_REQUIRE_BROWSER")
    refuse = pytest.fail if must else pytest.skip
    if not (shutil.which("node") and shutil.which("npm")):
        refuse("node or npm was not found: install Debian's packages nodejs and npm, version 20 or newer")
    installed, lock = JS / "node_modules" / ".package-lock.json", JS / "package-lock.json"
    with FileLock(JS / ".installing"):  # tests run side by side
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            done = subprocess.run(["npm", "ci"], cwd=JS, capture_output=True, text=True)
            if done.returncode:
                refuse(
                    f"npm could not install the tools of tests/js: allow it to reach its registry. {done.stderr[-500:]}"
                )
    return JS / "node_modules"


@pytest.fixture(scope="session", autouse=True)
def runs_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """For servers and networks that serve many tests."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("runs")
        patch.setenv("EXPLORER_RUNS", str(folder))
        patch.setenv("EXPLORER_CACHE", str(folder / "cache"))
        patch.setenv("EXPLORER_COLLECTIONS", str(folder / "collections"))
        yield folder


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runs of one test; it is not there yet."""
    folder = tmp_path / "kept"
    monkeypatch.setenv("EXPLORER_RUNS", str(folder))
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cached"))
    monkeypatch.setenv("EXPLORER_COLLECTIONS", str(tmp_path / "collected"))
    return folder


@pytest.fixture
def say(capsys):
    """Run one command; returns exit status, stdout and stderr."""

    def run(*words):
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as end:  # argparse's way
            status = end.code
        return status, *capsys.readouterr()

    return run
