"""The settings that the app relies on are in force where it is started."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASK = """
import json, sys
from streamlit import config
print(json.dumps({name: config.get_option(name) for name in sys.argv[1:]}))
"""
WANTED = {
    "runner.postScriptGC": False,  # otherwise every click costs 100 ms more
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["localhost", "127.0.0.1", "::1"],
    "logger.hideWelcomeMessage": True,  # otherwise the start with 0.0.0.0 asks another machine for this one's address
    "server.maxUploadSize": 20,
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": False,  # otherwise the first start on a machine waits at the terminal
    "browser.gatherUsageStats": False,
}


def options(folder: Path, home: Path) -> dict[str, object]:
    """What Streamlit makes of the settings when it starts in `folder`; no other settings than its own reach it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    environment |= {"HOME": str(home), "USERPROFILE": str(home)}
    answer = subprocess.run(
        [sys.executable, "-c", ASK, *WANTED], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


def test_settings_are_in_force(tmp_path):
    assert options(ROOT, tmp_path) == WANTED


def test_they_come_from_the_project(tmp_path):
    elsewhere = options(tmp_path, tmp_path)
    assert [name for name in WANTED if elsewhere[name] == WANTED[name]] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_have_their_colour(theme):
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["theme"][theme]["primaryColor"].startswith("#")


def test_pyproject_has_tool_settings_only():
    assert list(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))) == ["tool"]
