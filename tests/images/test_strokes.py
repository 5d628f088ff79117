"""The drawing pad's message: a good one, an empty one and many hostile ones."""

import base64
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.images.strokes import read_drawing

SIDE = 16


def image_text(pixels: np.ndarray) -> str:
    return base64.b64encode(pixels.tobytes()).decode()


def message(**changes) -> dict:
    pixels = np.zeros((SIDE, SIDE), dtype=np.uint8)
    pixels[2, 5] = 200
    good = {"image": image_text(pixels), "side": SIDE, "strokes": [stroke()], "nonce": 3}
    return good | changes


def stroke(**changes) -> dict:
    return {"size": 0.1, "erase": False, "points": [0.3, 0.1, 1, -0.5]} | changes


def test_a_good_message_is_read():
    drawing = read_drawing(message())
    assert drawing.pixels.shape == (SIDE, SIDE)
    assert drawing.pixels.dtype == np.uint8
    assert drawing.pixels[2, 5] == 200  # row 2, column 5
    assert drawing.pixels.sum() == 200
    assert drawing.strokes == (stroke(),)
    assert drawing.nonce == 3


def test_strokes_can_be_sent_back_and_read_again():
    drawing = read_drawing(message())
    again = json.loads(json.dumps(drawing.strokes))
    assert read_drawing(message(strokes=again)).strokes == drawing.strokes


def test_nothing_else_in_a_stroke_travels_on():
    drawing = read_drawing(message(strokes=[stroke(html="<script>")]))
    assert drawing.strokes == (stroke(),)


def test_no_message_and_no_ink_are_none():
    assert read_drawing(None) is None
    bare = image_text(np.zeros((SIDE, SIDE), dtype=np.uint8))
    assert read_drawing(message(image=bare)) is None
    assert read_drawing(message(image=bare, strokes=[])) is None


@pytest.mark.parametrize("side", [16, 28, 256])
def test_sides_in_range_are_read(side):
    full = np.full((side, side), 255, dtype=np.uint8)
    assert read_drawing(message(side=side, image=image_text(full))).pixels.shape == (side, side)


HOSTILE = {
    "a list": [],
    "a number": 7,
    "a text": "<script>alert(1)</script>",
    "nothing in it": {},
    "no nonce": {key: value for key, value in message().items() if key != "nonce"},
    "side as text": message(side="16"),
    "side as float": message(side=16.0),
    "side as bool": message(side=True),
    "side too small": message(side=15, image=image_text(np.ones((15, 15), np.uint8))),
    "side too large": message(side=257, image=image_text(np.ones((257, 257), np.uint8))),
    "side negative": message(side=-16),
    "side huge": message(side=10**400),
    "image as bytes": message(image=b"AAAA"),
    "image as list": message(image=[0] * 256),
    "image not base64": message(image="!" * len(message()["image"])),
    "image not ASCII": message(image="é" * len(message()["image"])),
    "image of another side": message(side=17),
    "image one byte longer": message(image=base64.b64encode(bytes(257)).decode()),
    "image very long": message(image="A" * 10**6),
    "strokes as text": message(strokes="none"),
    "strokes as dict": message(strokes={}),
    "strokes None": message(strokes=None),
    "stroke as list": message(strokes=[[0.1, 0.2]]),
    "stroke without points": message(strokes=[{"size": 0.1, "erase": False}]),
    "too many strokes": message(strokes=[stroke()] * 501),
    "too many points": message(strokes=[stroke(points=[0.5] * 20_000)] * 2 + [stroke(points=[0.5, 0.5])]),
    "too many points in one": message(strokes=[stroke(points=[0.5] * 40_002)]),
    "odd number of places": message(strokes=[stroke(points=[0.1, 0.2, 0.3])]),
    "no points": message(strokes=[stroke(points=[])]),
    "points as text": message(strokes=[stroke(points="ab")]),
    "place NaN": message(strokes=[stroke(points=[float("nan"), 0.1])]),
    "place infinite": message(strokes=[stroke(points=[0.1, float("inf")])]),
    "place too far right": message(strokes=[stroke(points=[2.01, 0.1])]),
    "place too far left": message(strokes=[stroke(points=[-1.01, 0.1])]),
    "place huge": message(strokes=[stroke(points=[10**400, 0.1])]),
    "place as text": message(strokes=[stroke(points=["0.1", 0.1])]),
    "place as bool": message(strokes=[stroke(points=[True, 0.1])]),
    "place as list": message(strokes=[stroke(points=[[0.1], 0.1])]),
    "size zero": message(strokes=[stroke(size=0)]),
    "size too large": message(strokes=[stroke(size=0.51)]),
    "size NaN": message(strokes=[stroke(size=float("nan"))]),
    "size as bool": message(strokes=[stroke(size=True)]),
    "size as text": message(strokes=[stroke(size="0.1")]),
    "erase as number": message(strokes=[stroke(erase=1)]),
    "nonce as bool": message(nonce=True),
    "nonce as float": message(nonce=1.5),
    "nonce negative": message(nonce=-1),
    "nonce huge": message(nonce=2**60),
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_messages_are_refused(hostile):
    with pytest.raises(
        ExplorerError, match=r"^The drawing could not be read: .*\. Clear the pad and draw again\.$"
    ) as caught:
        read_drawing(hostile)
    assert "script" not in str(caught.value)


def test_exactly_the_limits_are_read():
    drawing = read_drawing(message(strokes=[stroke(points=[0.5] * 80)] * 500))
    assert sum(len(each["points"]) // 2 for each in drawing.strokes) == 20_000
    read_drawing(message(strokes=[stroke(size=0.5, points=[-1, 2])]))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["size", "points", "x"]), inner),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(key=st.sampled_from(["image", "side", "strokes", "nonce"]), value=anything)
def test_anything_in_any_place_gives_a_drawing_or_a_sentence(key, value):
    try:
        drawing = read_drawing(message(**{key: value}))
    except ExplorerError:
        return
    assert drawing.pixels.shape == (SIDE, SIDE)
