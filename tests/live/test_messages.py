"""A run's story and frames as the browser gets them: JSON that parses, bytes that are the frame's."""

import json
import struct

import numpy as np
import pytest

from explorer.live.messages import frame_message, story_message
from explorer.models.trainable import Design
from explorer.training.config import TrainConfig
from explorer.training.frames import Viewer
from explorer.training.run import perform
from explorer.training.settings import RunSettings
from explorer.training.story import Story
from explorer.training.timeline import read_run
from tests.data.sets import stripes

FRAME = {
    "step",
    "epoch",
    "exact",
    "input",
    "label",
    "kernels",
    "maps",
    "probabilities",
    "confusion",
    "weights",
    "activations",
    "metric",
    "extras",
    "per_class",
    "scenes",
    "pinned",
}


@pytest.fixture
def viewer(runs):
    """A run with a snapshot after steps 0 and 10."""
    config = TrainConfig(epochs=2, batch_size=8, device="cpu")
    perform(RunSettings(Design(), "shapes", config), stripes(), folder=runs / "one")
    return Viewer(read_run(runs, "one"))


def unpacked(packed):
    """Header and arrays as `shared.js` reads them."""
    (length,) = struct.unpack_from("<I", packed)
    header = json.loads(packed[4 : 4 + length])
    start = 4 + length
    arrays = [
        np.frombuffer(packed, entry["type"], entry["length"], start + entry["offset"]) for entry in header["arrays"]
    ]
    return header, arrays


def no_constants(name):
    raise AssertionError(f"{name} is no JSON")


def test_what_is_no_number_is_null():
    story = Story(loss=[(1, float("nan"), 0.1, 0.0), (2, float("inf"), 0.1, 0.0)])
    status = json.loads(story_message("x", "X", story, {}, (), pins=0), parse_constant=no_constants)
    assert [row[1] for row in status["loss"]] == [None, None]


def test_long_curves_are_thinned_and_keep_their_ends():
    story = Story(
        loss=[(step, 1.0, 0.1, 0.0) for step in range(3000)],
        evaluations=[(step, 0.5, 0.5, 1.0, 0.0) for step in range(3000)],
    )
    status = json.loads(story_message("x", "X", story, dict.fromkeys(range(3000), 0.5), (), pins=3))
    assert status["pin"] == 3
    for name, most in (("loss", 400), ("evaluations", 400), ("sampled", 200)):
        assert len(status[name]) == most
        assert (status[name][0][0], status[name][-1][0]) == (0, 2999)


@pytest.mark.parametrize("exact", [True, False])
def test_a_frame_s_bytes_are_the_frame(viewer, exact):
    frame = viewer.look(10, *viewer.test_picture(3))
    header, arrays = unpacked(frame_message(viewer.run, frame, epoch=1.5, exact=exact))
    assert set(header) >= FRAME
    assert (header["step"], header["epoch"], header["exact"], header["label"]) == (10, 1.5, exact, "below")
    assert header["input"]["shape"] == [32, 32]
    np.testing.assert_array_equal(arrays[header["input"]["array"]].reshape(32, 32), frame.image)

    def same(entry, values):
        sent = arrays[entry["array"]]
        assert sent.dtype == (np.float32 if exact else np.uint8)
        assert tuple(entry["shape"]) == values.shape
        assert (entry["low"], entry["high"]) == (values.min(), values.max())
        meant = sent if exact else entry["low"] + sent * ((entry["high"] - entry["low"]) / 255)
        near = 0 if exact else 0.51 * (entry["high"] - entry["low"]) / 255
        np.testing.assert_allclose(meant.reshape(values.shape), values, rtol=0, atol=near)

    assert [entry["layer"] for entry in header["kernels"]] == list(frame.kernels)
    for entry in header["kernels"]:
        same(entry, frame.kernels[entry["layer"]])
    for entry, maps in zip(header["maps"], frame.maps, strict=True):
        assert (entry["layer"], entry["title"], entry["signed"]) == (maps.layer, maps.title, maps.signed)
        same(entry, maps.values)
    np.testing.assert_array_equal(arrays[header["probabilities"]["array"]], frame.probabilities)
    confusion = header["confusion"]
    assert (confusion["classes"], confusion["pictures"], confusion["accuracy"]) == (2, 40, frame.accuracy)
    np.testing.assert_array_equal(arrays[confusion["array"]].reshape(2, 2), frame.confusion)
    for name in ("weights", "activations"):
        for entry, spread in zip(header[name], getattr(frame, name), strict=True):
            assert (entry["layer"], entry["low"], entry["high"]) == (spread.layer, spread.low, spread.high)
            np.testing.assert_array_equal(arrays[entry["array"]], spread.counts)
    for entry, spread in zip(header["activations"], frame.activations, strict=True):
        assert (entry["dead"], entry["units"], entry["saturated"]) == (spread.dead, spread.units, spread.saturated)


def test_all_equal_values_can_be_sent(viewer):
    frame = viewer.look(0, np.zeros((32, 32), np.uint8))
    frame.kernels["c1"][:] = 0.25
    header, arrays = unpacked(frame_message(viewer.run, frame, epoch=0, exact=False))
    assert set(arrays[header["kernels"][0]["array"]]) == {0}
    assert header["kernels"][0]["low"] == 0.25
    assert header["label"] is None
