"""Runs that learn masks or boxes, from the first step to what is seen of them; and that each network learns."""

import json
import struct

import numpy as np
import pytest
import torch

from explorer.data.datasets import load_data_set
from explorer.data.labelled import DataSet
from explorer.errors import ExplorerError
from explorer.live.messages import frame_message, story_message
from explorer.models.feeding import DIGITS
from explorer.models.localiser import LOCALISERS
from explorer.models.segmenters import SEGMENTERS
from explorer.models.trainable import Design, build
from explorer.training.config import TrainConfig
from explorer.training.costs import cost_of, cost_of_recipe
from explorer.training.exports import onnx_bytes
from explorer.training.frames import SCENES, Viewer
from explorer.training.loop import train
from explorer.training.recipes import find_recipe
from explorer.training.run import perform
from explorer.training.run_exports import film_file, onnx_file, tensorboard_file
from explorer.training.settings import RunSettings
from explorer.training.story import tell
from explorer.training.tasks import box_ious, class_ious, count_pairs, mean_iou, task_of
from explorer.training.timeline import read_events, read_run, read_snapshot, read_watched

EVERY = [*SEGMENTERS, *LOCALISERS]
WITH_BOTH_ENDS = ["seg_unpool", "locate"]


def few_of(name, train_pictures=64, test_pictures=20):
    """A part of the data set that a network's recipe names."""
    whole = load_data_set(find_recipe(name).data)
    return DataSet(whole.name, whole.classes, whole.train.sample(train_pictures), whole.test.sample(test_pictures))


def recorded(runs, name, **config):
    settings = {"epochs": 2, "batch_size": 16, "device": "cpu", **config}
    recipe = find_recipe(name)
    perform(RunSettings(recipe.design, recipe.data, TrainConfig(**settings)), few_of(name), folder=runs / "one")
    run = read_run(runs, "one")
    return run, tell(read_events(run.folder))


@pytest.mark.parametrize("name", EVERY)
def test_every_network_learns(name):
    """A few dozen steps on a few pictures: the loss falls, and the metric leaves chance behind."""
    data, recipe = few_of(name, 24), find_recipe(name)
    data = DataSet(data.name, data.classes, data.train, data.train)  # whether it learns, not whether it generalises
    seen = []
    network = build(recipe.design, 1, len(data.classes))
    settings = {"rate": 1e-2, "schedule": "constant", "box_weight": recipe.config.box_weight, "device": "cpu"}
    config = TrainConfig(epochs=20 if name == "locate" else 12, batch_size=6, **settings)
    asked = {"task": task_of(recipe.design), "evaluated": lambda training, evaluation: seen.append(evaluation)}
    train(network, data, DIGITS.normalise, config, **asked)
    assert seen[-1].loss < 0.6 * seen[0].loss
    assert seen[-1].test_accuracy > seen[0].test_accuracy + 0.05
    counts = torch.zeros(6, 6)
    if name == "locate":  # chance: always the mean box
        mean = data.train.boxes.mean(0).expand_as(data.train.boxes)
        assert seen[-1].test_accuracy > box_ious(mean, data.train.boxes).mean() + 0.1
    elif name != "seg_full":  # chance: everything is the background; at full size that takes longer to leave
        counts[:, 0] = torch.bincount(data.train.masks.flatten().long(), minlength=6)
        assert seen[-1].test_accuracy > mean_iou(counts) + 0.02


@pytest.mark.parametrize("name", WITH_BOTH_ENDS)
def test_the_story_tells_what_it_is_judged_by(runs, name):
    run, story = recorded(runs, name)
    task = task_of(run.settings.design)
    assert (story.task, story.metric) == (task.key, "mean IoU")
    assert set(story.extras) == set(task.extras)
    assert all(len(points) == len(story.evaluations) for points in story.extras.values())
    assert len(story.per_class) == len(run.classes)
    assert "mean IoU" in story.message
    if name == "locate":
        assert story.loss_weights == {"class": 1.0, "box": 1.0}
        assert set(story.parts) == {"class", "box"}
        for at, (step, loss, *_) in enumerate(story.loss):
            parts = [points[at] for points in story.parts.values()]
            assert all(part[0] == step for part in parts)
            assert sum(part[1] for part in parts) == pytest.approx(loss, rel=1e-4)
    else:
        assert (story.loss_weights, story.parts) == ({}, {})
        assert np.sum(story.confusion) == 20 * 1024


def test_events_of_before_there_were_tasks_are_read():
    began = dict.fromkeys(("device", "parameters", "total_steps", "batch_size", "note"), 1)
    evaluation = dict.fromkeys(("step", "test_accuracy", "train_accuracy", "test_loss", "seconds"), 1)
    story = tell([{"kind": "began", **began}, {"kind": "evaluation", **evaluation, "confusion": [[1]]}])
    assert (story.task, story.metric, story.extras, story.parts) == ("classes", "accuracy", {}, {})
    assert len(story.evaluations) == 1


@pytest.mark.parametrize("name", WITH_BOTH_ENDS)
def test_watched_pictures_keep_their_targets(runs, name):
    run, _ = recorded(runs, name)
    watched, test = read_watched(run.folder), few_of(name).test
    for part in ("images", "labels", "masks", "boxes"):
        kept, given = getattr(watched, part), getattr(test, part)
        assert (kept is None) == (given is None)
        assert kept is None or torch.equal(kept, given)


@pytest.mark.parametrize("name", EVERY)
def test_a_frame_shows_truth_and_prediction(runs, name):
    run, story = recorded(runs, name)
    viewer, step = Viewer(run), story.snapshots[-1]
    network = build(run.settings.design, 1, len(run.classes)).eval()
    network.load_state_dict(read_snapshot(run.folder, step))
    frame = viewer.look(step, *viewer.test_picture(3))
    scenes, test = frame.scenes, read_watched(run.folder).sample(SCENES)
    np.testing.assert_array_equal(scenes.images, test.images[:, 0].numpy())
    with torch.no_grad():
        output = network(DIGITS.normalise(test.images))
    if name in SEGMENTERS:
        np.testing.assert_array_equal(scenes.masks, test.masks.numpy())
        assert (scenes.predicted_masks == output.argmax(1).numpy()).mean() > 0.999  # a tie may fall either way
        counts = count_pairs(test.masks[2].long(), torch.from_numpy(scenes.predicted_masks[2]).long(), 6)
        known = [iou for iou in class_ious(counts.reshape(6, 6)) if iou is not None]
        assert scenes.ious[2] == pytest.approx(sum(known) / len(known), rel=1e-5)
        assert frame.confusion.sum() == frame.pictures * 1024
        assert (scenes.boxes, scenes.labels) == (None, None)
    else:
        np.testing.assert_array_equal(scenes.boxes, test.boxes.numpy())
        np.testing.assert_allclose(scenes.predicted_boxes, output[:, -4:], atol=1e-5)
        np.testing.assert_array_equal(scenes.predicted_labels, output[:, :-4].argmax(1).numpy())
        np.testing.assert_allclose(scenes.ious, box_ious(output[:, -4:], test.boxes), atol=1e-4)
        assert scenes.masks is None
    assert frame.probabilities.shape == (len(run.classes),)
    assert frame.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert frame.metric == "mean IoU"
    assert 0 <= frame.accuracy <= 1
    pinned = frame.pinned  # one of the watched: its truth is known
    assert pinned.ious is not None
    np.testing.assert_array_equal(pinned.images[0], frame.image)


@pytest.mark.parametrize("name", WITH_BOTH_ENDS)
def test_of_an_own_picture_only_the_prediction_is_known(runs, name):
    run, story = recorded(runs, name)
    viewer = Viewer(run)
    pinned = viewer.look(story.snapshots[-1], np.full((32, 32), 90, np.uint8)).pinned
    assert (pinned.masks, pinned.boxes, pinned.labels, pinned.ious) == (None, None, None, None)
    said = pinned.predicted_masks if name in SEGMENTERS else pinned.predicted_boxes
    assert said.shape == ((1, 32, 32) if name in SEGMENTERS else (1, 4))


def test_maps_of_the_way_up_are_shown(runs):
    run, story = recorded(runs, "seg_unpool")
    viewer = Viewer(run)
    shown = [maps.layer for maps in viewer.look(story.snapshots[-1], *viewer.test_picture(0)).maps]
    assert shown == [
        *("relu1", "pool1", "relu2", "pool2", "relu3", "relu4", "up2", "relu5", "up1", "relu6", "output"),
    ]


@pytest.mark.parametrize("name", WITH_BOTH_ENDS)
def test_the_browser_gets_what_the_frame_says(runs, name):
    run, story = recorded(runs, name)
    viewer = Viewer(run)
    frame = viewer.look(story.snapshots[-1], *viewer.test_picture(1))
    packed = frame_message(run, frame, epoch=1.0, exact=False)
    (length,) = struct.unpack_from("<I", packed)
    header = json.loads(packed[4 : 4 + length])
    arrays = [
        np.frombuffer(packed, entry["type"], entry["length"], 4 + length + entry["offset"])
        for entry in header["arrays"]
    ]
    for key, scenes in (("scenes", frame.scenes), ("pinned", frame.pinned)):
        sent = header[key]
        assert (sent["classes"], sent["count"]) == (list(run.classes), len(scenes.images))
        for part in ("images", "masks", "predicted_masks", "boxes", "predicted_boxes"):
            values = getattr(scenes, part)
            assert (sent[part] is None) == (values is None)
            if values is not None:
                np.testing.assert_array_equal(arrays[sent[part]["array"]].reshape(sent[part]["shape"]), values)
        np.testing.assert_allclose(sent["ious"], scenes.ious)
    assert header["metric"] == "mean IoU"
    assert header["extras"] == frame.extras
    assert header["confusion"]["unit"] == ("pixels" if name in SEGMENTERS else "pictures")
    status = json.loads(story_message("one", "One", story, {}, run.classes, pins=0))
    assert (status["task"], status["metric"]) == (story.task, "mean IoU")
    assert set(status["extras"]) == set(story.extras)
    assert status["loss_weights"] == story.loss_weights
    assert status["per_class"] == story.per_class
    for curve in status["parts"].values():
        assert [step for step, _ in curve] == [row[0] for row in status["loss"]]


def test_a_run_without_its_targets_says_so(runs):
    with pytest.raises(ExplorerError, match="learns masks and the data set “digits” has none: choose “scenes”"):
        perform(RunSettings(Design("seg_skip"), "digits"), load_data_set("digits"), folder=runs / "one")
    assert tell(read_events(runs / "one")).state == "failed"


# ── files for other programs ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["seg_skip", "locate"])
def test_onnx_gives_the_networks_answers(runs, name):
    onnx = pytest.importorskip("onnx")
    from onnx.reference import ReferenceEvaluator

    run, story = recorded(runs, name)
    model = onnx.load_from_string(onnx_file(run, story.snapshots[-1]))
    network = build(run.settings.design, 1, len(run.classes)).eval()
    network.load_state_dict(read_snapshot(run.folder, story.snapshots[-1]))
    pictures = torch.randn(3, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    (output,) = ReferenceEvaluator(model).run(None, {"picture": pictures.numpy()})
    np.testing.assert_allclose(output, network(pictures).detach().numpy(), atol=1e-4)


def test_max_unpooling_has_no_onnx():
    with pytest.raises(ExplorerError, match="take its weights as safetensors"):
        onnx_bytes(build(Design("seg_unpool"), 1, 6), (1, 32, 32))


def test_tensorboard_has_every_curve(runs, tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run, story = recorded(runs, "locate")
    (tmp_path / "events.out.tfevents.1").write_bytes(tensorboard_file(run, story))
    read = EventAccumulator(str(tmp_path))
    read.Reload()
    assert set(read.Tags()["scalars"]) == {
        *("loss", "learning rate", "mean IoU/test", "mean IoU/train", "loss/test"),
        *("accuracy/test", "found/test", "loss/class", "loss/box"),
    }
    told = [scalar.value for scalar in read.Scalars("loss/box")]
    assert told == pytest.approx([value for _, value in story.parts["box"]])


def test_the_film_shows_the_first_kernels(runs):
    run, _ = recorded(runs, "seg_nearest")
    shapes = []

    def draw(kernels, low, high):
        shapes.append(kernels.shape)
        return np.zeros((8, 8, 3), np.uint8)

    assert film_file(run, "gif", draw).startswith(b"GIF")
    assert set(shapes) == {(16, 1, 3, 3)}


# ── what it costs ───────────────────────────────────────────────────────────────────────────────────────────


def test_K1_costs_by_hand():
    # a network of one convolution: 9 · 2 weights and 2 biases; 1,024 places of the input and 2 · 1,024 of the output
    cost = cost_of(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3, padding=1)), "one", (1, 32, 32))
    assert (cost.macs, cost.parameters, cost.activation_bytes) == (18 * 1024, 20, 4 * 3 * 1024)


def test_K1_full_size_costs_most_and_has_no_more_weights():
    costs = {name: cost_of_recipe(name) for name in SEGMENTERS}
    assert max(costs.values(), key=lambda cost: cost.macs).network == "seg_full"
    assert costs["seg_full"].macs > 5 * costs["seg_unpool"].macs
    assert costs["seg_full"].activation_bytes > 2 * costs["seg_unpool"].activation_bytes
    assert costs["seg_full"].parameters == costs["seg_nearest"].parameters == costs["seg_unpool"].parameters
