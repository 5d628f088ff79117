"""Sources, cuts and students: what is taken over is the source's, what is new is not, and all that watches runs goes on."""

import dataclasses
import json

import numpy as np
import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.live import runs as jobs
from explorer.models.feeding import DIGITS
from explorer.models.registry import MODELS, find
from explorer.models.spec import ModelSpec
from explorer.models.trainable import Design
from explorer.training.config import TrainConfig
from explorer.training.frames import Viewer
from explorer.training.moments import feeding_of_run, network_at
from explorer.training.movement import movement
from explorer.training.networks import feeding_of
from explorer.training.run import perform
from explorer.training.run_exports import onnx_file, weights_file
from explorer.training.settings import STUDENTS, RunSettings, Start, Transfer
from explorer.training.sources import completed, cuts, default_cut, source_of, sources
from explorer.training.timeline import read_run, snapshot_steps
from explorer.training.transfer import check, default_config, new_student, students
from tests.data.sets import stripes

QUICK = TrainConfig(epochs=2, batch_size=8, device="cpu")


def coloured(data):
    """The same pictures with three channels, which are not alike."""

    def half(images):
        return LabelledImages(torch.cat([images.images, images.images // 2, images.images // 4], 1), images.labels)

    return DataSet(data.name, data.classes, half(data.train), half(data.test))


def run_of(runs, settings, data=None, name="one"):
    """A run that was performed into a folder."""
    perform(settings, data or stripes(), folder=runs / name)
    return read_run(runs, name)


@pytest.mark.parametrize("source", ["lenet5", "colour"])
def test_sources_say_what_they_are(source):
    facts = source_of(source)
    spec = find(source)
    assert (facts.title, facts.channels, facts.side) == (spec.title, spec.feeding.channels, 32)
    assert facts.has_weights
    assert facts.classes == 10
    assert facts in sources()


def test_torchvisions_are_sources_that_may_have_no_weights(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    found = {facts.key: facts for facts in sources()}
    for name, spec in MODELS.items():
        if spec.adapt:
            assert found[name].has_weights == (name == "efficientnet_lite0")  # a package brings them
    with pytest.raises(ExplorerError, match="ResNet-18 has no trained weights here"):
        check(students("resnet18", "layer1.0", "cifar10", QUICK)["last"])
    check(students("resnet18", "layer1.0", "cifar10", QUICK)["scratch"])


@pytest.mark.parametrize("source", ["lenet5", "lenet5_low", "colour", "resnet18", "vgg16", "squeezenet1_1"])
def test_cuts_add_up(source):
    places = cuts(source)
    totals = {place.kept + place.new for place in places}
    with torch.device("meta"):
        assert totals == {sum(weights.numel() for weights in find(source).build().parameters())}
    assert [place.kept for place in places] == sorted({place.kept for place in places})
    assert places[-1].new > 0
    assert default_cut(source) == {"lenet5": "c5", "lenet5_low": "c5"}.get(source, places[-1].layer)
    assert all(place.title and place.shape for place in places)


def test_lenets_cuts_by_hand():
    assert [(place.layer, place.kept) for place in cuts("lenet5")] == [
        ("c1", 156),
        ("c3", 2572),
        ("c5", 50692),
        ("f6", 60856),
    ]


@pytest.mark.parametrize("student", STUDENTS)
def test_what_is_taken_over_is_the_sources(student):
    settings = students("lenet5", "c3", "shapes", QUICK)[student]
    network, source = new_student(settings, 1, 4).state_dict(), find("lenet5").load().state_dict()
    same = {
        name
        for name in network
        if network[name].shape == source[name].shape and torch.equal(network[name], source[name])
    }
    assert same == (set() if student == "scratch" else {"c1.weight", "c1.bias", "c3.weight", "c3.bias"})
    assert network["output.weight"].shape == (4, 84)


def test_students_differ_in_the_transfer_only_and_begin_alike_above_the_cut():
    three = students("colour", "conv4", "cifar10", QUICK, depth_rate=0.5)
    assert list(three) == list(STUDENTS)
    assert len({dataclasses.replace(settings, transfer=None) for settings in three.values()}) == 1
    assert three["last"].design == Design("colour")
    heads = [new_student(settings, 3, 10).state_dict()["output.weight"] for settings in three.values()]
    assert all(torch.equal(head, heads[0]) for head in heads)
    assert three["fine_tune"].transfer.depth_rate == 0.5


def test_a_run_is_a_source(runs):
    design = Design("lenet5", "tanh", "average", batch_norm=True)
    run = run_of(runs, RunSettings(design, "digits", QUICK))
    key = f"one:{snapshot_steps(run.folder)[-1]}"
    facts = source_of(key)
    assert (facts.domain, facts.channels, facts.side, facts.classes, facts.has_weights) == (
        "handwriting",
        1,
        32,
        2,
        True,
    )
    assert facts in sources()
    assert [place.layer for place in cuts(key)] == ["norm1", "norm3", "norm5", "f6"]
    settings = students(key, "norm3", "shapes", QUICK)["last"]
    assert settings.design == design
    student, source = new_student(settings, 1, 4).state_dict(), network_at(run, int(key[4:])).state_dict()
    taken = [name for name in student if name.partition(".")[0] in ("c1", "norm1", "c3", "norm3")]
    assert len(taken) == 14
    assert all(torch.equal(student[name], source[name]) for name in taken)


def test_a_students_student(runs):
    settings = students("lenet5", "f6", "digits", QUICK)["last"]
    run_of(runs, settings)
    again = students("one:10", "c5", "digits", QUICK)["fine_tune"]
    assert (again.design.network, again.transfer.channels, again.transfer.network) == ("lenet5", 1, None)
    assert torch.equal(new_student(again, 1, 3).c1.weight, find("lenet5").load().c1.weight)


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("source", ["lenet5", "colour"])
@pytest.mark.parametrize("channels", [1, 3])
def test_all_that_looks_at_runs_looks_at_students(runs, source, channels, student):
    data = stripes() if channels == 1 else coloured(stripes())
    settings = students(source, default_cut(source), "digits" if channels == 1 else "cifar10", QUICK)[student]
    run = run_of(runs, settings, data)
    assert run.settings == settings
    steps = snapshot_steps(run.folder)[-1]
    viewer = Viewer(run)
    image, label = viewer.test_picture(1)
    frame = viewer.look(steps, image, label)
    assert frame.probabilities.shape == (2,)
    network, fed = network_at(run, steps), feeding_of_run(run)
    with torch.no_grad():
        logits = network(fed.normalise(data.test.images[1:2]))
    np.testing.assert_allclose(frame.probabilities, logits[0].softmax(0).numpy(), atol=1e-5)
    assert (fed.channels, fed.side) == (find(source).feeding.channels, 32)
    assert weights_file(run, steps)
    moved = {row.layer: row for row in movement(run, steps)}
    words = {"last": "frozen", "fine_tune": "taken", "scratch": "new"}
    first = next(iter(moved))
    assert moved[first].state == words[student]
    assert (moved[first].relative == 0) == (student == "last")
    assert moved["output"].state == "new"
    assert moved["output"].relative > 0


def test_a_student_as_onnx(runs):
    run = run_of(runs, students("lenet5", "f6", "digits", QUICK)["last"], coloured(stripes()))
    assert len(onnx_file(run, snapshot_steps(run.folder)[0])) > 1000


def test_a_student_of_torchvisions(runs, monkeypatch):
    """Enlarged pictures, a graph cut in two, features kept, snapshots of the whole network."""
    spec = MODELS["squeezenet1_1"]
    monkeypatch.setattr(ModelSpec, "has_weights", lambda self: True)
    monkeypatch.setattr(ModelSpec, "load", ModelSpec.load_random)
    settings = students(spec.name, default_cut(spec.name), "digits", dataclasses.replace(QUICK, epochs=1))["last"]
    assert settings.transfer.network == spec.name
    assert settings.title.startswith("SqueezeNet 1.1, digits, ")
    run = run_of(runs, settings, DataSet("two", ("a", "b"), stripes().train.sample(8), stripes().test.sample(4)))
    steps = snapshot_steps(run.folder)[-1]
    viewer = Viewer(run)
    assert viewer.look(steps, *viewer.test_picture(0)).probabilities.shape == (2,)
    assert (feeding_of_run(run).side, feeding_of_run(run).channels) == (224, 3)
    states = {row.layer: row for row in movement(run, steps)}
    assert states["features.0"].state == "frozen"
    assert states["features.0"].relative == 0
    assert states["classifier.1"].state == "new"
    assert (*states,)[0] == "features.0"  # as the picture goes through them
    assert (*states,)[-1] == "classifier.1"


@pytest.mark.parametrize("augmentation", ["none", "shift"])
def test_a_frozen_run_is_frozen_in_its_snapshots(runs, augmentation):
    config = dataclasses.replace(QUICK, augmentation=augmentation, weight_decay=0.5)
    run = run_of(runs, students("lenet5", "c5", "digits", config)["last"])
    now, source = network_at(run, snapshot_steps(run.folder)[-1]).state_dict(), find("lenet5").load().state_dict()
    for name in ("c1", "c3", "c5"):
        assert torch.equal(now[f"{name}.weight"], source[f"{name}.weight"])


def test_going_on_needs_the_source_no_more(runs):
    first = run_of(runs, RunSettings(Design(), "digits", QUICK))
    settings = students("one:10", "c3", "digits", QUICK)["last"]
    run_of(runs, settings, name="two")
    first.folder.rename(runs / "gone")
    perform(dataclasses.replace(settings, start=Start("two", 10)), stripes(), folder=runs / "three")
    states = [network_at(read_run(runs, name), 10).state_dict() for name in ("two", "three")]
    assert torch.equal(states[0]["c3.weight"], states[1]["c3.weight"])  # still frozen
    assert not torch.equal(states[0]["output.weight"], states[1]["output.weight"])


def test_pictures_of_ones_own_are_arranged_as_the_sources_were():
    settings = students("lenet5", "f6", "own", QUICK)["last"]
    pixels = np.full((60, 80), 255, np.uint8)
    pixels[20:40, 30:34] = 0  # dark ink on paper
    assert np.array_equal(feeding_of(settings, 1).arrange(pixels).image, DIGITS.arrange(pixels).image)
    assert not np.array_equal(
        feeding_of(dataclasses.replace(settings, data="shapes"), 1).arrange(pixels).image, DIGITS.arrange(pixels).image
    )


def test_the_default_training_is_short_and_has_steps_enough():
    for pictures in (1, 2, 20, 200, 5000, 60_000):
        config = default_config(pictures)
        steps = config.epochs * (pictures // config.batch_size)
        assert 300 <= steps <= 1000
        assert config.batch_size <= pictures
    assert default_config(16, side=224).epochs == 60  # else a quarter of an hour on two cores


WRONG = {
    "no such network": (Transfer("lenet9", "c1", "last"), "no network called"),
    "no such run": (Transfer("nothing-here:3", "c1", "last"), "no run called"),
    "no step": (Transfer("lenet5:x", "c1", "last"), "is no snapshot"),
    "no such layer": (Transfer("lenet5", "c9", "last"), "cannot be cut at “c9”: choose one of c1, c3, c5, f6"),
    "the output": (Transfer("lenet5", "output", "last"), "cannot be cut"),
    "another network": (Transfer("colour", "conv1", "last"), "is the same network as its source: choose colour"),
}


@pytest.mark.parametrize(("transfer", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_transferred_is_said_before_a_process_starts(runs, transfer, words):
    with pytest.raises(ExplorerError, match=words):
        jobs.start(RunSettings(Design(), "digits", QUICK, transfer=transfer))
    assert not runs.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"source": "../../etc"},
        {"source": "a/b:1"},
        {"source": 7},
        {"source": "x" * 200},
        {"cut": ""},
        {"cut": None},
        {"student": "all"},
        {"student": []},
        {"depth_rate": 0},
        {"depth_rate": 1.5},
        {"depth_rate": float("nan")},
        {"depth_rate": "many"},
        {"channels": 2},
        {"legs": 4},
    ],
)
def test_what_is_no_transfer_is_one_sentence(values):
    written = RunSettings(transfer=Transfer("lenet5", "c1", "last")).as_json()
    assert RunSettings.from_json(json.loads(json.dumps(written))).transfer == Transfer("lenet5", "c1", "last")
    written["transfer"] = {**written["transfer"], **values}
    with pytest.raises(ExplorerError):
        RunSettings.from_json(written)


def test_completing_fills_in_what_the_source_decides():
    plain = RunSettings(Design("lenet5", dropout=0.2), "digits", QUICK, transfer=Transfer("lenet5", "f6", "last"))
    full = completed(plain)
    assert full.transfer.channels == 1
    assert full.design == Design("lenet5", dropout=0.2)
    assert completed(full) == full
    assert completed(RunSettings()) == RunSettings()
