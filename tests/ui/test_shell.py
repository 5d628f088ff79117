"""The shell is on the screen before anything heavy is imported, in a process of its own."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from explorer.ui import shell

ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "torchvision", "plotly", "cv2", "skimage", "sklearn", "safetensors"}


def imported_by(code: str) -> set[str]:
    """The top-level modules in a new Python's memory after `code`."""
    report = "import json, sys; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def bare() -> set[str]:
    """What Streamlit brings by itself: of Plotly, where it is installed, the names for its theme."""
    return imported_by("import streamlit")


@pytest.mark.parametrize("module", ["explorer.ui.shell", "app"])
def test_it_imports_nothing_heavy(module, bare):
    loaded = imported_by(f"import {module}")
    assert {"streamlit", module.split(".")[0]} <= loaded  # the question was asked of the right process
    assert not {"torch", "cv2"} & loaded
    assert not HEAVY & (loaded - bare)


def test_what_is_loaded_in_the_background_is_what_the_pages_need():
    loaded = imported_by("from explorer.ui import shell; shell.load_in_background(); shell._loaded.wait()")
    assert {"torch", "cv2", "explorer"} <= loaded


def test_the_heavy_imports_start_once(monkeypatch):
    imported = []

    def pretend(name: str) -> SimpleNamespace:
        imported.append(name)
        return SimpleNamespace(set_num_threads=lambda count: None)

    monkeypatch.setattr(shell, "_started", threading.Lock())
    monkeypatch.setattr(shell, "_loaded", threading.Event())
    monkeypatch.setattr(shell, "_HEAVY", ("one",))
    monkeypatch.setattr(shell.importlib, "import_module", pretend)
    for _ in range(3):
        shell.load_in_background()
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()
    assert imported == ["one", "torch"]
    assert shell._loaded.is_set()


def test_a_page_does_not_wait_for_ever_when_an_import_fails(monkeypatch):
    loaded = threading.Event()
    monkeypatch.setattr(shell, "_started", threading.Lock())  # another test may have loaded everything in this process
    monkeypatch.setattr(shell, "_loaded", loaded)
    monkeypatch.setattr(shell, "_HEAVY", ("explorer.no_such_module",))
    with pytest.raises(ModuleNotFoundError):
        shell._load()
    assert loaded.is_set()
