"""What a snapshot shows, against a forward pass written out layer by layer and counted in Python."""

import itertools
import math
import threading

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch import nn

from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.feeding import DIGITS, PHOTOS
from explorer.models.initialise import INITIALISATIONS
from explorer.models.trainable import TRAINABLE, Design, build
from explorer.training import frames
from explorer.training.frames import BINS, Viewer
from explorer.training.settings import RunSettings
from explorer.training.tasks import task_of
from explorer.training.timeline import Writer, read_run
from tests.data.sets import stripes


def pictures(channels=1, count=30, classes=3):
    source = torch.Generator().manual_seed(4)
    images = torch.randint(0, 256, (count, channels, 32, 32), generator=source, dtype=torch.uint8)
    half = LabelledImages(images, torch.arange(count) % classes)
    return DataSet("noise", tuple("abcdefghij"[:classes]), half, half)


def viewer_of(runs, design, change=lambda network: None, *, channels=1, data="digits", source=None, steps=7):
    """A run with one snapshot of a network that `change` may spoil first; returns its viewer and that network."""
    source = source or pictures(channels)
    network = build(design, channels, len(source.classes), seed=2).eval()
    with torch.no_grad():
        change(network)
    writer = Writer(runs / "one", RunSettings(design, data), source)
    writer.snapshot(steps, network.state_dict())
    return Viewer(read_run(runs, "one")), network


def by_hand(network, inputs):
    """Every layer's output, one after the other."""
    outputs = {}
    with torch.no_grad():
        for name, layer in network.named_children():
            inputs = outputs[name] = layer(inputs).clone()
    return outputs


@pytest.fixture
def lenet(runs):
    return viewer_of(runs, Design())


def test_maps_and_probabilities_are_those_of_a_plain_forward_pass(lenet):
    viewer, network = lenet
    image, label = viewer.test_picture(4)
    frame = viewer.look(7, image, label)
    pixels = torch.from_numpy(image.astype(np.float32))[None, None]
    outputs = by_hand(network, (pixels / 255 - 0.1307) / 0.3081)
    assert [maps.layer for maps in frame.maps] == ["relu1", "s2", "relu3", "s4", "relu5", "relu6", "output"]
    for maps in frame.maps:
        expected = outputs[maps.layer][0].numpy()
        assert maps.values.shape == (expected.shape if expected.ndim == 3 else (len(expected), 1, 1))
        np.testing.assert_allclose(maps.values.reshape(expected.shape), expected, atol=1e-5)
        assert maps.whole == len(expected)
        assert maps.signed == (maps.layer == "output")
    assert [maps.title for maps in frame.maps] == [
        *("c1 · ReLU", "s2", "c3 · ReLU", "s4", "c5 · ReLU", "f6 · ReLU", "output"),
    ]
    logits = outputs["output"][0].tolist()
    total = sum(math.exp(value) for value in logits)
    assert frame.probabilities.tolist() == pytest.approx([math.exp(value) / total for value in logits], rel=1e-4)
    assert (frame.steps, frame.label) == (7, 4 % 3)
    np.testing.assert_array_equal(frame.image, image)


def test_kernels_are_the_weights(lenet):
    viewer, network = lenet
    frame = viewer.look(7, *viewer.test_picture(0))
    assert list(frame.kernels) == ["c1", "c3"]  # c5's 48,000 would not be looked at
    for name, kernels in frame.kernels.items():
        np.testing.assert_array_equal(kernels, getattr(network, name).weight.detach().numpy())


def test_confusion_is_counted(lenet):
    viewer, network = lenet
    counts = [[0] * 3 for _ in range(3)]
    source = pictures().test
    for image, label in zip(source.images, source.labels.tolist(), strict=True):
        logits = network((image[None].float() / 255 - 0.1307) / 0.3081)[0].tolist()
        counts[label][logits.index(max(logits))] += 1
    frame = viewer.look(7, *viewer.test_picture(0))
    assert frame.confusion.tolist() == counts
    assert frame.accuracy == sum(counts[k][k] for k in range(3)) / 30
    assert frame.pictures == 30


def counted(values, low, high):
    """The histogram as one would count it: the last bin has both its ends."""
    counts = [0] * BINS
    for value in values:
        counts[min(BINS - 1, int((value - low) / (high - low) * BINS))] += 1
    return counts


def test_spreads_are_counted(lenet):
    viewer, network = lenet
    frame = viewer.look(7, *viewer.test_picture(0))
    outputs = by_hand(network, DIGITS.normalise(pictures().test.images))
    assert [spread.layer for spread in frame.weights] == ["c1", "c3", "c5", "f6", "output"]
    assert [spread.layer for spread in frame.activations] == ["relu1", "relu3", "relu5", "relu6"]
    for spread in (*frame.weights, *frame.activations):
        source = outputs[spread.layer] if spread in frame.activations else getattr(network, spread.layer).weight
        values = source.detach().flatten().tolist()
        assert (spread.low, spread.high) == pytest.approx((min(values), max(values)), abs=1e-5)
        assert spread.counts.shape == (BINS,)
        assert spread.counts.sum() == len(values)
        if len(values) < 5000:  # rounding may move a value that lies on a border into the neighbour
            difference = np.abs(spread.counts - counted(values, spread.low, spread.high))
            assert difference.sum() <= 0.01 * len(values)


def test_dead_units_are_counted(runs):
    def kill(network):
        network.c1.bias[[0, 4]] = -1e4
        network.f6.bias[:10] = -1e4

    viewer, _ = viewer_of(runs, Design(), kill)
    spreads = {spread.layer: spread for spread in viewer.look(7, *viewer.test_picture(0)).activations}
    outputs = by_hand(build_like(viewer, 7), DIGITS.normalise(pictures().test.images))
    for name, spread in spreads.items():
        units = outputs[name].transpose(0, 1).flatten(1)
        assert spread.units == len(units)
        assert spread.dead == sum(1 for unit in units if max(unit.tolist()) <= 0)
        assert spread.saturated is None
    assert (spreads["relu1"].dead, spreads["relu6"].dead >= 10) == (2, True)


def build_like(viewer, steps):
    network = build(viewer.run.settings.design, viewer.run.channels, len(viewer.run.classes)).eval()
    network.load_state_dict(frames.read_snapshot(viewer.run.folder, steps))
    return network


@pytest.mark.parametrize(
    ("activation", "slope", "largest"),
    [("sigmoid", lambda value: value * (1 - value), 0.25), ("tanh", lambda value: 1 - value * value, 1.0)],
)
def test_saturated_units_are_where_the_slope_is_a_twentieth(runs, activation, slope, largest):
    viewer, network = viewer_of(runs, Design(activation=activation), lambda network: network.c1.weight.mul_(6))
    frame = viewer.look(7, *viewer.test_picture(0))
    outputs = by_hand(network, DIGITS.normalise(pictures().test.images))
    for spread in frame.activations:
        slopes = slope(outputs[spread.layer].double()).flatten()
        share = sum(1 for value in slopes.tolist() if value < largest / 20) / len(slopes)
        assert spread.saturated == pytest.approx(share, abs=1e-3)
        assert spread.dead is None
    assert frame.activations[0].saturated > 0.2


def test_leaky_units_neither_die_nor_saturate(runs):
    viewer, _ = viewer_of(runs, Design(activation="leaky"))
    frame = viewer.look(7, *viewer.test_picture(0))
    assert {(spread.dead, spread.saturated) for spread in frame.activations} == {(None, None)}
    assert [maps.signed for maps in frame.maps] == [True] * len(frame.maps)


SEQUENTIAL = [name for name in TRAINABLE if task_of(Design(name)).key == "classes"]  # the others: test_scenes
BOTH = [(name, channels) for name in SEQUENTIAL for channels in (1, 3) if (name, channels) != ("colour", 1)]


@pytest.mark.parametrize(("name", "channels"), BOTH)
@pytest.mark.parametrize("settings", [{}, {"batch_norm": True, "dropout": 0.5}], ids=str)
def test_every_network_gives_a_frame(runs, name, channels, settings):
    viewer, network = viewer_of(runs, Design(name, **settings), channels=channels)
    frame = viewer.look(7, *viewer.test_picture(1))
    assert frame.image.shape == ((32, 32) if channels == 1 else (32, 32, 3))
    assert frame.probabilities.shape == (3,)
    assert frame.probabilities.sum() == pytest.approx(1)
    feeding = DIGITS if channels == 1 else PHOTOS
    outputs = by_hand(network, feeding.normalise(pictures(channels).test.images[1:2]))
    for maps in frame.maps:
        assert maps.values.size <= max(frames.MOST_VALUES, maps.values[0].size)
        whole = outputs[maps.layer][0].numpy()
        np.testing.assert_allclose(maps.values.ravel(), whole[: len(maps.values)].ravel(), atol=1e-4)
    kinds = (nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveMaxPool2d)
    shown = [key for key, layer in network.named_children() if isinstance(layer, kinds) or key == "output"]
    assert [maps.layer for maps in frame.maps] == shown
    weighed = [key for key, layer in network.named_children() if isinstance(layer, nn.Conv2d | nn.Linear)]
    assert [spread.layer for spread in frame.weights] == weighed


@pytest.mark.parametrize(("activation", "scheme"), list(itertools.product(ACTIVATION_LAYERS, INITIALISATIONS)))
def test_every_first_network_gives_a_frame(runs, activation, scheme):
    viewer, network = viewer_of(runs, Design(activation=activation, initialisation=scheme))
    frame = viewer.look(7, *viewer.test_picture(0))
    for spread in (*frame.weights, *frame.activations):
        assert spread.low < spread.high
        assert np.isfinite(spread.counts).all()
    if scheme == "zeros":
        for spread in frame.weights:
            assert (spread.low, spread.high) == (-0.5, 0.5)
            assert spread.counts[BINS // 2] == spread.counts.sum()  # one bar in the middle
        assert frame.probabilities.tolist() == pytest.approx([1 / 3] * 3)
    assert sum(spread.counts.sum() for spread in frame.weights) == sum(
        weights.numel() for name, weights in network.named_parameters() if name.endswith("weight")
    )


def test_looking_at_another_snapshot_changes_everything_that_it_should(runs):
    viewer, _ = viewer_of(runs, Design())
    other = build(Design(), 1, 3, seed=8)
    (viewer.run.folder / "snapshots" / "9.safetensors").write_bytes(file_of(other))
    first, second, again = (viewer.look(steps, *viewer.test_picture(0)) for steps in (7, 9, 7))
    assert not np.array_equal(first.kernels["c1"], second.kernels["c1"])
    assert not np.array_equal(first.maps[0].values, second.maps[0].values)
    np.testing.assert_array_equal(first.kernels["c1"], again.kernels["c1"])
    np.testing.assert_array_equal(first.maps[0].values, again.maps[0].values)
    np.testing.assert_array_equal(second.kernels["c1"], other.c1.weight.detach().numpy())


def file_of(network):
    return save(dict(network.state_dict()))


def test_many_may_look_at_once(runs):
    viewer, _ = viewer_of(runs, Design())
    networks = {steps: build(Design(), 1, 3, seed=steps) for steps in range(8)}
    for steps, network in networks.items():
        (viewer.run.folder / "snapshots" / f"{steps}.safetensors").write_bytes(file_of(network))
    wrong = []

    def look(steps):
        for _ in range(4):
            frame = viewer.look(steps, *viewer.test_picture(0))
            if not np.array_equal(frame.kernels["c3"], networks[steps].c3.weight.detach().numpy()):
                wrong.append(steps)
            low = networks[steps].c5.weight.min().item()
            if {spread.layer: spread.low for spread in frame.weights}["c5"] != low:
                wrong.append(steps)

    threads = [threading.Thread(target=look, args=(steps,)) for steps in networks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_costly_network_is_judged_on_fewer_pictures(runs, monkeypatch):
    source = stripes(300)
    viewer, _ = viewer_of(runs, Design("corner_mlp"), source=source)
    assert viewer.look(7, *viewer.test_picture(0)).pictures == 300
    macs = 1024 * 14 + 14 * 2
    monkeypatch.setattr(frames, "JUDGED_VALUES", macs * 150)
    assert Viewer(viewer.run).look(7, *viewer.test_picture(0)).pictures == 150
    monkeypatch.setattr(frames, "JUDGED_VALUES", 1)
    assert Viewer(viewer.run).look(7, *viewer.test_picture(0)).pictures == 100


def test_test_pictures_are_the_run_s_own_and_go_round(lenet):
    viewer, _ = lenet
    source = pictures().test
    for index in (0, 1, 29, 30, 1000, -1):
        image, label = viewer.test_picture(index)
        np.testing.assert_array_equal(image, source.images[index % 30, 0].numpy())
        assert label == source.labels[index % 30]


@pytest.mark.parametrize(("data", "channels"), [("digits", 1), ("shapes", 1), ("cifar10", 3)])
@pytest.mark.parametrize("shape", [(12, 9), (32, 32), (50, 20, 3), (300, 400)])
def test_any_picture_can_be_pinned(runs, data, channels, shape):
    viewer, _ = viewer_of(runs, Design("corner_cnn"), channels=channels, data=data)
    pixels = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    image = viewer.arrange(pixels)
    assert image.dtype == np.uint8
    assert image.shape == ((32, 32) if channels == 1 else (32, 32, 3))
    assert viewer.look(7, image).label is None


def test_a_snapshot_that_is_gone_is_one_sentence(lenet):
    viewer, _ = lenet
    with pytest.raises(ExplorerError, match="no snapshot of step 1,234 any more"):
        viewer.look(1234, *viewer.test_picture(0))


def test_a_snapshot_of_another_network_is_one_sentence(lenet):
    viewer, _ = lenet
    path = viewer.run.folder / "snapshots" / "8.safetensors"
    path.write_bytes(file_of(build(Design("deep"), 1, 3)))
    with pytest.raises(ExplorerError, match="of another network"):
        viewer.look(8, *viewer.test_picture(0))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
def test_what_is_no_number_is_one_sentence(runs, value):
    viewer, _ = viewer_of(runs, Design(), lambda network: [layer.fill_(value) for layer in network.parameters()])
    with pytest.raises(ExplorerError, match="no longer answers in numbers: choose an earlier snapshot"):
        viewer.look(7, *viewer.test_picture(0))


def test_a_run_without_its_pictures_is_one_sentence(lenet):
    viewer, _ = lenet
    (viewer.run.folder / "watch.safetensors").unlink()
    with pytest.raises(ExplorerError, match="lost its test pictures: train it again"):
        Viewer(viewer.run)
