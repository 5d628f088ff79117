"""What all tests share: no test writes into the project's own folder of runs, or into the user's cache."""

import os
from collections.abc import Iterator
from pathlib import Path

# Tests run side by side: two processes whose torch wants both cores each wait for each other. Before torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from explorer import cli


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
