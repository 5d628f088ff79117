"""The browser components' JavaScript: types, format and tests, by node."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "script",
    ["types", "check-format", "test"],
    ids=["tsc accepts every type", "prettier would change nothing", "node's tests pass"],
)
def test_javascript(node_modules, script):
    done = subprocess.run(["npm", "run", "--silent", script], cwd=HERE, capture_output=True, text=True)
    assert done.returncode == 0, f"npm run {script}, in tests/js:\n{done.stdout}\n{done.stderr}"
