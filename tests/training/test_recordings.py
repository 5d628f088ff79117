"""The runs that come with the application: each has its card, can be read, and is small; and how another is made."""

import re

import pytest
import torch

from explorer.data.datasets import load_data_set
from explorer.errors import ExplorerError
from explorer.models.trainable import Design
from explorer.training import recordings, timeline
from explorer.training.config import TrainConfig
from explorer.training.frames import Viewer
from explorer.training.recordings import OF, is_recorded, keep, moments, recorded
from explorer.training.run import perform
from explorer.training.settings import RunSettings
from explorer.training.story import story_on_disk
from explorer.training.timeline import RECORDINGS, list_runs, read_run, read_snapshot, read_watched, snapshot_steps

NAMES = sorted({name for names in OF.values() for name in names})
MOST = 6_000_000  # bytes of them all


def test_each_is_used_and_has_its_card():
    assert sorted(path.parent.name for path in RECORDINGS.glob("*/run.json")) == NAMES
    card = (RECORDINGS / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert f"| {name} |" in card
        assert f"`{read_run(RECORDINGS, name).settings.command()}`" in card


def test_they_are_small_and_name_no_machine():
    files = [path for path in RECORDINGS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= MOST
    for path in files:
        if path.suffix in (".json", ".jsonl", ".md"):
            assert not re.search(r"(?<![\w.])/(?:home|work|tmp|root|Users|mnt|opt)\b|[A-Z]:\\", path.read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read_and_scrubbed(runs, name):
    run = read_run(runs, name)  # by its name, wherever the user's own are
    assert is_recorded(name)
    steps, story = snapshot_steps(run.folder), story_on_disk(run.folder)
    assert steps[0] == 0
    assert len(steps) >= 2
    assert (story.state, story.step) == ("finished", steps[-1])
    assert story.loss
    assert story.evaluations
    assert all(tensor.dtype != torch.float16 for tensor in read_snapshot(run.folder, steps[-1]).values())
    viewer = Viewer(run)
    assert viewer.look(steps[-1], *viewer.test_picture(0)).pictures > 0


def test_they_are_never_listed(runs):
    assert list_runs(runs) == []
    assert recorded("B2") == ("recorded-corner-cnn", "recorded-corner-mlp")
    assert recorded("C3") == ()


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    for module in (timeline, recordings):
        monkeypatch.setattr(module, "RECORDINGS", tmp_path / "recordings")
    return tmp_path / "recordings"


def test_none_is_offered_where_one_cannot_be_read(elsewhere):
    assert recorded("B2") == ()


def test_a_run_is_kept_in_short(runs, say, elsewhere):
    config = TrainConfig(epochs=0.5, batch_size=64, device="cpu", threads=1)
    perform(RunSettings(Design(), "digits", config), load_data_set("digits"), folder=runs / "mine")
    status, out, err = say("record", "mine", "recorded-mine", "--snapshots", "2", "--pictures", "20")
    assert (status, err) == (0, "")
    assert out.startswith("recorded-mine: ")
    run, kept = read_run(runs, "mine"), read_run(runs, "recorded-mine")
    assert kept.folder == elsewhere / "recorded-mine"
    assert kept.settings == run.settings
    first, last = snapshot_steps(kept.folder)
    assert (first, last) == (0, snapshot_steps(run.folder)[-1])
    assert len(read_watched(kept.folder)) == 20
    assert story_on_disk(kept.folder).evaluations == story_on_disk(run.folder).evaluations
    whole, half = (read_snapshot(each.folder, last) for each in (run, kept))
    for name, tensor in whole.items():
        assert torch.equal(half[name], tensor.half().float())


@pytest.mark.parametrize("name", ["mine", "recorded-/../x", "recorded-there"])
def test_another_name_and_one_that_is_there_are_refused(runs, elsewhere, name):
    (elsewhere / "recorded-there").mkdir(parents=True)
    with pytest.raises(ExplorerError, match="choose another"):
        keep(None, name, 2, 2)
    assert [path.name for path in elsewhere.iterdir()] == ["recorded-there"]


def test_early_moments_lie_closer_together():
    assert moments(range(0, 101), 5) == [0, 6, 25, 56, 100]
    assert moments([0, 3], 6) == [0, 3]
