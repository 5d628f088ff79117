"""Pages over a folder of runs in which strangers have been: each opens, and names what it cannot read."""

import json
import os
import shutil

import pytest

from explorer.live import registry
from explorer.models.trainable import Design
from explorer.training.config import TrainConfig
from explorer.training.run import perform
from explorer.training.settings import RunSettings
from tests.data.sets import stripes

PAGES = ("train_live", "compare_activations", "transfer_learning", "segmentation", "localisation", "why_not_an_mlp")


@pytest.fixture
def spoilt(runs, monkeypatch):
    """One good run among damaged ones."""
    monkeypatch.setattr(registry, "_JOBS", {})
    config = TrainConfig(epochs=1, batch_size=8, device="cpu")
    perform(RunSettings(Design(), "shapes", config), stripes(), folder=runs / "good")
    about = json.loads((runs / "good" / "run.json").read_text())
    for number, text in enumerate(
        (
            json.dumps(about | {"channels": float("inf")}),
            "[" * 100_000,
            json.dumps(about | {"classes": [1, 2]}),
            json.dumps(about | {"settings": about["settings"] | {"data": "![](http://evil.example/x)"}}),
        )
    ):
        shutil.copytree(runs / "good", runs / f"damaged{number}")
        (runs / f"damaged{number}" / "run.json").write_text(text)
    shutil.copytree(runs / "good", runs / "told")
    (runs / "told" / "events.jsonl").write_text('{"kind": "features", "done": 1, "total": 0}\n' + "[" * 100_000)
    if hasattr(os, "mkfifo"):
        (runs / "pipe").mkdir()
        os.mkfifo(runs / "pipe" / "run.json")
        shutil.copytree(runs / "good", runs / "piped")
        for name in ("events.jsonl", "watch.safetensors"):
            (runs / "piped" / name).unlink()
            os.mkfifo(runs / "piped" / name)
    return runs


@pytest.mark.parametrize("page", PAGES)
def test_a_damaged_run_takes_no_page_down(spoilt, open_screen, page):
    screen = open_screen(f"pages/{page}.py")
    assert screen.errors == []


def test_a_damaged_run_is_named(spoilt, open_screen):
    assert (
        "Damaged, and not in the list of runs: pipe, damaged3, damaged2 …" in open_screen("pages/train_live.py").words
    )
    asked = open_screen("pages/train_live.py", address={"run": "damaged1"})
    assert asked.errors == []
    assert "“damaged1” that can be read: it is damaged" in asked.at.warning[0].value
