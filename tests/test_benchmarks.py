"""No benchmark fails a build, but each of them can be begun: what it measures was not renamed behind its back."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
YARDSTICKS = {"bare", "title"}  # pages that Streamlit runs


@pytest.mark.parametrize("name", sorted({path.stem for path in FOLDER.glob("*.py")} - YARDSTICKS))
def test_every_benchmark_finds_what_it_measures(name):
    assert importlib.import_module(f"benchmarks.{name}")
