"""What the browser gets is the picture itself; what it sends back is looked at."""

import json
import struct

import numpy as np
import pytest

from explorer.images.picture import picture
from explorer.ui.images_are_tensors.pixels_view import Looked, chosen_pixel, message, middle, pixel_of, pixel_text

GREY = picture("grey", np.arange(24, dtype=np.uint8).reshape(4, 6))
COLOUR = picture("colour", np.arange(60, dtype=np.uint8).reshape(4, 5, 3))


def read(data):
    length = struct.unpack_from("<I", data)[0]
    return json.loads(data[4 : 4 + length]), data[4 + length :]


@pytest.mark.parametrize("shown", [GREY, COLOUR])
def test_every_pixel_is_sent_as_it_is(shown):
    header, body = read(message(shown))
    assert np.array_equal(np.frombuffer(body, np.uint8)[: shown.pixels.size], shown.pixels.ravel())
    assert (header["rows"], header["columns"]) == shown.pixels.shape[:2]
    assert header["planes"] == len(header["names"]) == (1 if shown.pixels.ndim == 2 else 3)
    assert {len(inks) for inks in header["ink"].values()} == {header["planes"]}


def test_the_same_picture_makes_the_same_bytes():
    assert message(COLOUR) == message(COLOUR)


def test_a_clicked_pixel_comes_through():
    shape = read(message(COLOUR))[0]["shape"]
    assert chosen_pixel({"row": 3, "column": 0, "shape": shape}, COLOUR) == (3, 0)


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"row": 3},
        {"row": 4, "column": 1},
        {"row": 3, "column": 5},
        {"row": -1, "column": 1},
        {"row": 1.0, "column": 1},
        {"row": True, "column": 1},
        {"row": "1", "column": 1},
    ],
)
def test_a_place_that_is_no_pixel_means_the_middle(place):
    shape = read(message(COLOUR))[0]["shape"]
    assert chosen_pixel({**place, "shape": shape}, COLOUR) == middle(COLOUR)


@pytest.mark.parametrize("sent", [None, "row", [], 7, {}, {"row": 1, "column": 1}])
def test_a_message_without_its_parts_means_the_middle(sent):
    assert chosen_pixel(sent, COLOUR) == middle(COLOUR)


def test_a_pixel_of_another_shape_means_the_middle():
    shape = read(message(GREY))[0]["shape"]
    assert chosen_pixel({"row": 0, "column": 0, "shape": shape}, COLOUR) == middle(COLOUR) == (2, 2)


def test_a_pixel_in_the_address_is_one_of_this_picture_or_the_middle():
    assert pixel_text((3, 1), COLOUR) == "3.1.4x5x3"
    assert pixel_of("3.1.4x5x3", COLOUR) == (3, 1)
    for text in ("", "3.1.4x5", "4.1.4x5x3", "3.5.4x5x3", "3.1.4x5x3 ", "-1.1.4x5x3"):
        assert pixel_of(text, COLOUR) == middle(COLOUR)


def test_what_the_address_names_is_where_the_browser_begins():
    header, _ = read(message(COLOUR, Looked(pixel="3.1.4x5x3", plane="G", planes="together"), 7))
    assert (header["token"], header["chosen"]) == (7, {"row": 3, "column": 1})
    assert header["look"] == {"plane": "G", "paint": "hue", "planes": "together"}
