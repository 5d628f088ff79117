"""What the canvas is told, unpacked and compared with the recording; and what a browser may say back."""

import json
import struct

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.figures.colours import DIVERGING, SEQUENTIAL
from explorer.images.picture import picture
from explorer.images.samples import example_digit, load_sample
from explorer.models.registry import MODELS, SHIPPED
from explorer.probe.facts import describe
from explorer.probe.maps import only_channels
from explorer.ui import components, network_view
from explorer.ui.network_view import LARGEST_STEP, Spot, look, percent, read_spot, show_network

PICTURES = {"lenet5": example_digit(), "colour": load_sample("cat")}


@pytest.fixture
def told(monkeypatch):
    """told(name, maps, …) → header and arrays that show_network sends."""

    def send(*args, **settings) -> tuple[dict, list[np.ndarray]]:
        sent = {}
        monkeypatch.setattr(components, "network", lambda **message: sent.update(message))
        show_network(*args, key="some_key", **settings)
        assert sent["key"] == "some_key"
        data = sent["data"]
        (length,) = struct.unpack_from("<I", data)
        header = json.loads(data[4 : 4 + length])
        arrays = [
            np.frombuffer(data, entry["type"], entry["length"], 4 + length + entry["offset"])
            for entry in header["arrays"]
        ]
        return header, arrays

    return send


@pytest.fixture(params=SHIPPED)
def looked(request):
    return request.param, *look(request.param, PICTURES[request.param])


def test_every_layer_but_flatten_has_its_shape_and_its_words(looked, told):
    name, _, maps, _ = looked
    header, _ = told(name, maps)
    spec = MODELS[name]
    known = [layer for layer in describe(spec.load(), spec.input_shape).layers if layer.type != "Flatten"]
    assert [layer["name"] for layer in header["layers"]] == [layer.name for layer in known]
    for entry, layer in zip(header["layers"], known, strict=True):
        assert entry["shape"] == [*layer.output, 1, 1][:3]
        assert entry["shapeText"] == " @ ".join(
            [str(layer.output[0]), "×".join(map(str, layer.output[1:]))][: 1 + (len(layer.output) > 1)]
        )
        assert entry["channels"] == list(range(layer.output[0]))
        assert not layer.kernel or f"{layer.kernel[0]}×{layer.kernel[1]}" in entry["subtitle"]
        assert entry["signed"] == (layer.type in ("Conv2d", "Linear", "BatchNorm2d"))


def test_starts_tile_the_arrays_and_the_values_are_the_recorded_ones(looked, told):
    name, recording, maps, _ = looked
    header, (levels, values) = told(name, maps)
    start = 0
    for entry in header["layers"]:
        assert entry["start"] == start
        end = start + int(np.prod(entry["shape"]))
        np.testing.assert_array_equal(values[start:end], recording.outputs[entry["name"]].numpy().ravel())
        start = end
    assert start == len(values) == len(levels)
    assert (levels.dtype, values.dtype) == (np.uint8, np.float32)


def test_levels_give_the_values_back_within_half_a_step(looked, told):
    name, _, maps, _ = looked
    header, (levels, values) = told(name, maps)
    for entry in header["layers"]:
        channels = entry["shape"][0]
        part = slice(entry["start"], entry["start"] + int(np.prod(entry["shape"])))
        exact, level = values[part].reshape(channels, -1), levels[part].reshape(channels, -1)
        lows, highs = np.array(entry["lows"])[:, None], np.array(entry["highs"])[:, None]
        np.testing.assert_array_equal(lows[:, 0], exact.min(axis=1))
        np.testing.assert_array_equal(highs[:, 0], exact.max(axis=1))
        step = (highs - lows) / 255
        assert (np.abs(lows + level * step - exact) <= step / 2 + 1e-5 * np.abs(highs - lows)).all()


def test_the_reach_is_that_of_all_layers_of_its_kind(looked, told):
    name, recording, maps, _ = looked
    header, _ = told(name, maps)
    for kind in ("signed", "unsigned"):
        outputs = [
            recording.outputs[layer["name"]] for layer in header["layers"] if layer["signed"] == (kind == "signed")
        ]
        wanted = [min(float(output.min()) for output in outputs), max(float(output.max()) for output in outputs)]
        assert header["reach"][kind] == pytest.approx(wanted)
    some, _ = told(name, maps[:2], whole=maps)
    assert some["reach"] == header["reach"]  # of the whole network, also where only a part is shown
    alone, _ = told(name, maps[:1])
    assert alone["reach"]["unsigned"] is None


def test_the_answer_is_the_softmax(looked, told):
    name, recording, maps, _ = looked
    header, _ = told(name, maps, recording=recording)
    logits = recording.final[0].double().numpy()
    wanted = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    assert [row["label"] for row in header["answer"]] == list(MODELS[name].labels)
    np.testing.assert_allclose([row["probability"] for row in header["answer"]], wanted, atol=1e-12)
    assert sum(row["probability"] for row in header["answer"]) == pytest.approx(1)
    assert header["best"].startswith(f"{MODELS[name].labels[wanted.argmax()]} · ")
    silent, _ = told(name, maps)
    assert (silent["answer"], silent["best"]) == ([], "")


def test_steps_are_thinned_with_their_boxes(told):
    """A picture of 1,000×600 is sent at a fifth; its square (rows 0–600, columns 200–800) too."""
    pixels = np.random.default_rng(0).integers(0, 256, (600, 1000, 3), dtype=np.uint8)
    _, maps, steps = look("colour", picture("large", pixels))
    header, arrays = told("colour", maps, steps=steps)
    first, last = header["steps"]
    assert (first["rowsOfPixels"], first["columnsOfPixels"], first["planes"]) == (120, 200, 3)
    assert first["shapeText"] == "3 @ 600×1000"  # of the picture itself
    assert first["box"] == [0, 40, 120, 160]
    np.testing.assert_array_equal(arrays[first["array"]].reshape(120, 200, 3), pixels[::5, ::5])
    assert last["box"] is None
    assert (last["shapeText"], last["rowsOfPixels"]) == ("3 @ 32×32", 32)
    np.testing.assert_array_equal(arrays[last["array"]], steps[-1].pixels.ravel())
    assert max(first["rowsOfPixels"], first["columnsOfPixels"]) <= LARGEST_STEP


def test_the_input_is_shown_as_the_network_was_given_it(looked):
    name, recording, _, steps = looked
    feeding = MODELS[name].feeding
    np.testing.assert_array_equal(feeding.as_input(feeding.arrange(PICTURES[name].pixels)), recording.input)
    back = feeding.preprocess(PICTURES[name].pixels)[0].numpy()
    mean, std = (np.array(part)[:, None, None] for part in (feeding.mean, feeding.std))
    shown = np.atleast_3d(steps[-1].pixels).transpose(2, 0, 1)
    np.testing.assert_allclose(shown, (back * std + mean) * 255, atol=0.51)


def test_both_scales_are_sent_for_both_themes(looked, told):
    header, _ = told(looked[0], looked[2])
    for theme in ("light", "dark"):
        assert header["colours"][theme] == {
            "sequential": list(SEQUENTIAL[theme]),
            "diverging": list(DIVERGING[theme]),
        }


def test_some_channels_keep_their_numbers(told):
    _, maps, _ = look("lenet5", example_digit())
    header, (_, values) = told("lenet5", (only_channels(maps[0], [4, 1]),), pinned=("c1", 4))
    assert header["layers"][0]["channels"] == [4, 1]
    assert header["layers"][0]["shape"] == [2, 28, 28]
    assert header["pinned"] == {"layer": "c1", "channel": 4}
    np.testing.assert_array_equal(values, maps[0].values[[4, 1]].ravel())


def test_an_empty_drawing_cannot_be_looked_at():
    with pytest.raises(ExplorerError, match="nothing drawn"):
        look("lenet5", picture("bare", np.zeros((30, 30), np.uint8)))


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0.0"), (0.868, "86.8"), (0.9994, "99.9"), (0.99999, "> 99.9"), (1.0, "100.0"), (0.1, "10.0")],
)
def test_only_certainty_is_called_100_percent(share, words):
    assert percent(share) == f"{words}\u00a0%"


@pytest.mark.parametrize(
    "message",
    [
        None,
        "c1",
        7,
        10**400,
        True,
        [],
        ["c1", 0],
        {},
        {"layer": "c1"},
        {"channel": 0},
        {"layer": "c3", "channel": 0},
        {"layer": ["c1"], "channel": 0},
        {"layer": {}, "channel": 0},
        {"layer": "c1", "channel": 1},
        {"layer": "c1", "channel": 10**400},
        {"layer": "c1", "channel": -1},
        {"layer": "c1", "channel": "0"},
        {"layer": "c1", "channel": 0.0},
        {"layer": "c1", "channel": False},
        {"layer": "c1", "channel": [0]},
        {"layer": "c1", "channel": float("nan")},
    ],
)
def test_a_spot_that_is_not_shown_is_none(message):
    _, maps, _ = look("lenet5", example_digit())
    shown = (only_channels(maps[0], [0, 4]), maps[1])
    assert read_spot(message, shown) is None


def test_a_shown_spot_is_read_and_nothing_else_of_the_message():
    _, maps, _ = look("lenet5", example_digit())
    shown = (only_channels(maps[0], [0, 4]), maps[1])
    assert read_spot({"layer": "c1", "channel": 4, "more": "…"}, shown) == Spot("c1", 4)
    assert read_spot({"layer": "relu1", "channel": 5}, shown) == network_view.Spot("relu1", 5)
