"""C19 by itself: ‘same’ with a stride, in both meanings, on lines and on a picture."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.ui.exhibit import exhibits_of
from tests.pages.elements import open_page, press, put, words

EXHIBIT = exhibits_of("convolution")["C19"]


def page(**parts: str):
    return open_page("pages/convolution.py", {"exhibit": "C19"} | parts)


def rows(settings) -> tuple[list[float], list[float]]:
    both = EXHIBIT.make(settings)
    return both.alike.output[0, 0].tolist(), both.as_needed.output[0, 0].tolist()


def test_the_curriculums_numbers():
    assert rows(EXHIBIT.settings) == ([3, 9, 15, 21], [6, 12, 18, 15])
    assert rows(EXHIBIT.variants["1…7"]) == ([3, 9, 15, 13], [3, 9, 15, 13])
    text = words(page(step="1"))
    assert "PyTorch’s, padding 1 on both sides: 3 9 15 21" in text.replace("**", "")
    assert "max((⌈8/2⌉−1)·2 + 3 − 8, 0) = 1: 0 before, 1 after: **6 12 18 15**" in text
    assert "windows lie **1 cell** further to the right and **0 cells** further down" in text
    assert words(press(page(), "1…7")).count("**3 9 15 13**") == 2


def test_both_can_be_stepped(open_screen):
    for meaning, cols, left in (("alike", 10, 1), ("as_needed", 9, 0)):
        screen = open_screen("pages/convolution.py", address={"exhibit": "C19", "meaning": meaning})
        grid = screen.header("convolution_stepper")["grids"]["input"]
        assert (grid["rows"], grid["cols"], grid["pad"]) == (1, cols, [0, left])


def test_a_picture_is_shifted_both_ways():
    both = EXHIBIT.make(EXHIBIT.variants["picture"])
    assert (both.alike.output.shape, both.shift) == ((1, 4, 4), (1, 1))
    # the same windows: TensorFlow's first is PyTorch's on a picture moved by one cell
    assert both.as_needed.output[0, 0, 0] == np.sum(np.array(both.alike.kernel[0, 0]) * both.alike.image[0, :3, :3])
    assert "4×4 cells" in words(press(page(), "picture"))


@pytest.mark.parametrize("part", [{"bias": 2.0}, {"flip": True}, {"activation": "relu"}, {"mode": "reflect"}])
def test_every_setting_of_the_address_counts_in_both(part):
    uneven = replace(EXHIBIT.variants["1…7"], kernel=((1.0, -2.0, 0.5),))
    before, after = rows(uneven), rows(replace(uneven, **part))
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_what_does_not_fit_is_told_and_the_last_picture_stays():
    at = put(page(), "Kernel columns", 12)
    assert len(at.error) == 1
    assert at.error[0].value.endswith("The last valid picture stays.")
    assert at.get("bidi_component")
