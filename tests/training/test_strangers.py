"""The folder of runs as strangers may have left it: each damaged run is one sentence, and the others are read as ever."""

import contextlib
import copy
import json
import os
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from explorer.errors import ExplorerError
from explorer.live.messages import story_message
from explorer.models.trainable import Design
from explorer.study.decision import decision_table
from explorer.training.config import TrainConfig
from explorer.training.frames import Viewer
from explorer.training.moments import feeding_of_run, network_at
from explorer.training.run import perform
from explorer.training.run_exports import tensorboard_file, weights_file
from explorer.training.settings import RunSettings
from explorer.training.sources import sources
from explorer.training.standings import standings
from explorer.training.story import story_on_disk
from explorer.training.timeline import damaged_runs, list_runs, read_run, read_snapshot, read_watched, snapshot_steps
from tests.data.sets import stripes

NUMBERS = (0, -1, 1.5, 2**70, 10**400, float("nan"), float("inf"), float("-inf"))
VALUES = (*NUMBERS, True, None, "", "x", "x" * 5000, [], [[]], [1], ["a"], {}, {"a": 1}, "![](http://evil.example/x)")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A run that is over, in a folder of its own."""
    root = tmp_path_factory.mktemp("recorded")
    config = TrainConfig(epochs=2, batch_size=8, device="cpu")
    perform(RunSettings(Design(), "shapes", config), stripes(), folder=root / "good")
    for path in (root / "good" / "snapshots").iterdir():
        if path.stem not in ("0", "10"):  # how many there are is a matter of time
            path.unlink()
    return root


@pytest.fixture
def root(runs, recorded):
    """One good run and a copy of it that is to be spoilt, as the folder of runs."""
    for name in ("good", "spoilt"):
        shutil.copytree(recorded / "good", runs / name)
    return runs


def use(root):
    """Read whatever a page may read of every run; a sentence is all that may be raised."""
    sources(root)
    standings(root, ["lenet5"], "shapes")
    decision_table(root)
    for name in ("good", "spoilt"):
        story = story_on_disk(root / name)
        json.loads(story_message(name, name, story, {}, (), pins=0), parse_constant=pytest.fail)
        with contextlib.suppress(ExplorerError):
            run = read_run(root, name)
            assert all(run.settings.title and run.settings.command() and feeding_of_run(run) for _ in range(1))
            tensorboard_file(run, story)
            for steps in snapshot_steps(run.folder)[-1:]:
                weights_file(run, steps)
                network_at(run, steps)
                viewer = Viewer(run)
                viewer.look(steps, *viewer.test_picture(0))
    assert read_run(root, "good").channels == 1
    assert story_on_disk(root / "good").state == "finished"
    assert "good" in [run.id for run in list_runs(root)]


def places(values, path=()):
    """The way to every value in nested dicts, and to the first of each list."""
    inside = (
        values.items() if isinstance(values, dict) else list(enumerate(values))[:1] if isinstance(values, list) else ()
    )
    for key, value in inside:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(values, path, new):
    spoilt = copy.deepcopy(values)
    place = spoilt
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return spoilt


def test_any_value_of_run_json_may_be_anything(root):
    file = root / "spoilt" / "run.json"
    about = json.loads(file.read_text())
    ways = list(places(about))
    assert len(ways) > 25
    refused = 0
    for way in ways:
        for value in VALUES:
            file.write_text(json.dumps(changed(about, way, value)))
            if damaged_runs(root):
                refused += 1
                with pytest.raises(ExplorerError, match="choose another"):
                    read_run(root, "spoilt")
            else:
                run = read_run(root, "spoilt")
                assert run.settings.title
                assert run.settings.command()
                assert feeding_of_run(run).side == 32
    assert refused > 15 * len(VALUES)


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 100_000, '{"a":' * 100_000, "", "\0" * 100, "x" * 2**21, '{"channels": Infinity}', "[]", "7"),
        json.dumps({"settings": {}, "classes": ["a", "b"], "channels": 1, "began": "2026-01-01"}),
    ],
    ids=lambda text: text[:20],
)
@pytest.mark.parametrize("name", ["run.json", "events.jsonl", "watch.safetensors", "snapshots/10.safetensors"])
def test_any_file_may_hold_anything(root, name, text):
    (root / "spoilt" / name).write_text(text)
    use(root)
    assert damaged_runs(root) == (["spoilt"] if name == "run.json" else [])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
@pytest.mark.parametrize("name", ["run.json", "events.jsonl", "watch.safetensors", "snapshots/10.safetensors"])
def test_any_file_may_be_a_pipe_or_a_folder(root, name):
    (root / "spoilt" / name).unlink()
    os.mkfifo(root / "spoilt" / name)
    use(root)  # and does not wait for ever
    (root / "spoilt" / name).unlink()
    (root / "spoilt" / name).mkdir()
    use(root)


def test_any_value_of_an_event_may_be_anything(root):
    file = root / "spoilt" / "events.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    first = {event["kind"]: event for event in lines}
    for event in (
        *first.values(),
        {"kind": "features", "done": 1, "total": 2},
        {"kind": "download", "bytes": 1, "total": 2},
    ):
        spoilt = [changed(event, way, value) for way in places(event) for value in VALUES]
        file.write_text("\n".join(json.dumps(each) for each in (*spoilt, lines[0], *spoilt)))
        story = story_on_disk(root / "spoilt")
        json.loads(story_message("spoilt", "", story, {}, (), pins=0), parse_constant=pytest.fail)
        tensorboard_file(read_run(root, "spoilt"), story)
        use(root)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: {**kept, "images": kept["images"].float()},
        lambda kept: {**kept, "images": kept["images"][:, :, :7].contiguous()},
        lambda kept: {**kept, "images": kept["images"].repeat(1, 3, 1, 1)},
        lambda kept: {**kept, "images": kept["images"][:0], "labels": kept["labels"][:0]},
        lambda kept: {**kept, "labels": kept["labels"] + 5},
        lambda kept: {**kept, "labels": kept["labels"] - 1},
        lambda kept: {**kept, "labels": kept["labels"][:3]},
        lambda kept: {**kept, "labels": kept["labels"].float()},
        lambda kept: {**kept, "boxes": torch.full((len(kept["images"]), 4), torch.nan)},
        lambda kept: {"images": kept["images"]},
    ],
)
def test_pictures_that_cannot_be_the_runs_are_one_sentence(root, spoil):
    file = root / "spoilt" / "watch.safetensors"
    save_file(spoil(load_file(file)), file)
    with pytest.raises(ExplorerError, match="lost its test pictures"):
        read_watched(root / "spoilt")
    use(root)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state: {name: tensor.bfloat16() for name, tensor in state.items()},
        lambda state: {name: tensor.to(torch.complex64) for name, tensor in state.items()},
        lambda state: {name: tensor[:1].clone() for name, tensor in state.items()},
        lambda state: {},
    ],
)
def test_weights_that_cannot_be_the_runs_are_one_sentence(root, spoil):
    file = root / "spoilt" / "snapshots" / "10.safetensors"
    save_file(spoil(load_file(file)), file)
    with pytest.raises(ExplorerError, match="choose"):
        network_at(read_run(root, "spoilt"), 10)
    use(root)


def test_odd_names_are_no_snapshots(root):
    for name in ("9" * 200, "007", "٣", "1e3", "-1", " 5"):
        (root / "spoilt" / "snapshots" / f"{name}.safetensors").write_bytes(b"")
    assert snapshot_steps(root / "spoilt") == snapshot_steps(root / "good")


# ── what is there, whatever was said of it ──────────────────────────────────────────────────────────────────────────


def test_a_snapshot_that_was_written_and_not_told_is_on_the_timeline(root):
    """A server that is killed between the two, as 3 of 47 were."""
    file = root / "spoilt" / "events.jsonl"
    lines = file.read_text().splitlines()
    last = max(number for number, line in enumerate(lines) if '"snapshot"' in line)
    file.write_text("\n".join(lines[:last]))
    story = story_on_disk(root / "spoilt")
    assert story.snapshots == snapshot_steps(root / "spoilt") == [0, 10]
    assert "Its 2 snapshots are kept" in story.message


def test_a_snapshot_that_is_gone_is_not_on_the_timeline(root):
    (root / "spoilt" / "snapshots" / "10.safetensors").unlink()
    assert story_on_disk(root / "spoilt").snapshots == [0]


def test_an_interrupted_run_says_what_is_left_of_it(root):
    file = root / "spoilt" / "events.jsonl"
    file.write_text(file.read_text().splitlines()[0])
    (root / "spoilt" / "snapshots" / "10.safetensors").unlink()
    assert "Its only snapshot is kept: continue from it." in story_on_disk(root / "spoilt").message
    (root / "spoilt" / "snapshots" / "0.safetensors").unlink()
    assert "Nothing of it was recorded: begin it again." in story_on_disk(root / "spoilt").message
    with pytest.raises(ExplorerError, match="it has kept none, so train it again"):
        read_snapshot(root / "spoilt", 0)


def test_a_run_whose_server_was_killed_before_its_first_step_is_not_denied(runs):
    (runs / "new").mkdir(parents=True)
    (runs / "new" / "log.txt").touch()  # what the server makes before the process is there
    with pytest.raises(ExplorerError, match="Nothing of the run “new” is recorded yet"):
        read_run(runs, "new")
    with pytest.raises(ExplorerError, match="There is no run called “old”"):
        read_run(runs, "old")
