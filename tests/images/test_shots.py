"""The webcam's messages: good ones, none, and hostile ones."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from explorer.errors import ExplorerError
from explorer.images.shots import MOST_FILES, MOST_SHOTS, MOST_TEXT, read_batch, read_shot, read_shots

PIXELS = np.arange(16 * 20 * 3, dtype=np.uint8).reshape(16, 20, 3)


def text(pixels: np.ndarray = PIXELS) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_shots_come_as_they_were_taken():
    found = read_shots({"images": [text(), text(255 - PIXELS)]})
    np.testing.assert_array_equal(found[0].pixels, PIXELS)
    np.testing.assert_array_equal(found[1].pixels, 255 - PIXELS)
    np.testing.assert_array_equal(read_shot(text()).pixels, PIXELS)


def test_nothing_is_no_shot():
    assert read_shot(None) is None
    assert read_shots(None) == []
    assert read_shots({"images": []}) == []


@pytest.mark.parametrize(
    "message",
    [
        3,
        [],
        "text",
        {},
        {"images": None},
        {"images": "abc"},
        {"images": [None]},
        {"images": [3]},
        {"images": ["no base64!"]},
        {"images": [base64.b64encode(b"no picture").decode()]},
        {"images": ["A" * (MOST_TEXT + 1)]},
        {"images": [text()] * (MOST_SHOTS + 1)},
        {"images": [text(PIXELS[:2])]},
    ],
)
def test_anything_else_is_refused(message):
    with pytest.raises(ExplorerError):
        read_shots(message)


def batch(**changes) -> dict:
    files = [{"name": "a.png", "image": text()}, {"name": "b.tif", "image": None}]
    return {"drop": "17-1", "number": 2, "target": "01-abcd", "chosen": 9, "files": files} | changes


def test_a_batch_comes_as_it_was_sent():
    found = read_batch(batch())
    assert (found.drop, found.number, found.target, found.chosen) == ("17-1", 2, "01-abcd", 9)
    assert [name for name, _ in found.files] == ["a.png", "b.tif"]
    assert found.files[0][1].startswith(b"\x89PNG")
    assert found.files[1][1] is None
    assert read_batch(None) is None


@pytest.mark.parametrize(
    "message",
    [
        3,
        "text",
        {},
        batch(drop="../x"),
        batch(drop=None),
        batch(number=0),
        batch(number=True),
        batch(number=2**40),
        batch(chosen="9"),
        batch(target=3),
        batch(files="abc"),
        batch(files=[3]),
        batch(files=[{"name": 3, "image": ""}]),
        batch(files=[{"name": "a", "image": 3}]),
        batch(files=[{"name": "a", "image": "no base64!"}]),
        batch(files=[{"name": "a", "image": "é"}]),
        batch(files=[{"name": "a", "image": None}] * (MOST_FILES + 1)),
    ],
)
def test_any_other_batch_is_refused(message):
    with pytest.raises(ExplorerError):
        read_batch(message)


@pytest.mark.parametrize("shot", [3, [], {}, "é", "A" * (MOST_TEXT + 4)])
def test_a_bad_frame_is_refused(shot):
    with pytest.raises(ExplorerError):
        read_shot(shot)
