"""The README tells the truth about commands, files and pages."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)


def test_two_commands_do_all_the_set_up():
    assert len(COMMANDS) == 2


def test_continuous_integration_runs_the_readmes_test_command_word_for_word():
    assert COMMANDS[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_file_that_is_named_exists():
    tree = re.search(r"```\n(app\.py .*?)```", README, re.DOTALL).group(1)
    folder = Path()
    for line in tree.splitlines():
        name = line.split()[0]
        folder = Path() if not line.startswith(" ") else Path("explorer")
        assert (ROOT / folder / name).exists(), name
    for link in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / link).exists(), link


def test_every_page_is_in_the_tour():
    titles = re.findall(r'title="([^"]+)"', (ROOT / "app.py").read_text(encoding="utf-8"))
    assert titles
    for title in titles:
        assert f"| {title} |" in README, title


def test_the_commands_without_a_browser_exist():
    for command in ("describe", "train", "run"):
        answer = subprocess.run([sys.executable, "-m", "explorer", command, "--help"], cwd=ROOT, capture_output=True)
        assert answer.returncode == 0
