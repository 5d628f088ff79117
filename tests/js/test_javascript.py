"""The browser components' JavaScript: types, format and tests, by node. What they need is installed here once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules" / ".package-lock.json"


@pytest.fixture(scope="session")
def node_modules() -> None:
    """What package-lock.json names, in node_modules. Skips, with the remedy, where that cannot be had."""
    must = os.environ.get("EXPLORER_REQUIRE_BROWSER")
    refuse = pytest.fail if must else pytest.skip
    if not (shutil.which("node") and shutil.which("npm")):
        refuse("node or npm was not found: install Debian's packages nodejs and npm, version 20 or newer")
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
        return
    done = subprocess.run(["npm", "ci"], cwd=HERE, capture_output=True, text=True)
    if done.returncode:
        refuse(f"npm could not install the tools of tests/js: allow it to reach its registry. {done.stderr[-500:]}")


@pytest.mark.parametrize(
    "script",
    ["types", "check-format", "test"],
    ids=["tsc accepts every type", "prettier would change nothing", "node's tests pass"],
)
def test_javascript(node_modules, script):
    done = subprocess.run(["npm", "run", "--silent", script], cwd=HERE, capture_output=True, text=True)
    assert done.returncode == 0, f"npm run {script}, in tests/js:\n{done.stdout}\n{done.stderr}"
