"""C18 by itself: what grouped kernels see, what it costs, and PyTorch's groups."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from explorer.ui.exhibit import exhibits_of
from tests.pages.conftest import read
from tests.pages.elements import open_page, put, words

EXHIBIT = exhibits_of("volumes")["C18"]
SUMS = ("3·3·32·64 = 18,432", "3·3·32/2·64 = 9,216", "3·3·32 + 32·64 = 288 + 2,048 = 2,336")


def page(**parts: str):
    return open_page("pages/volumes.py", {"exhibit": "C18"} | parts)


def test_the_curriculums_numbers():
    _, counts = EXHIBIT.make(EXHIBIT.settings)
    assert (counts.full.weights, counts.grouped.weights, counts.separable.weights) == (18_432, 9_216, 2_336)
    assert counts.ratio == pytest.approx(1 / 64 + 1 / 9)
    at = page()
    assert not any(text in words(at) for text in SUMS)
    text = words(page(step="1"))
    assert all(sum_ in text for sum_ in SUMS)
    assert "2,336·28·28 = 1,831,424" in text
    assert "2,336/18,432 = 1/64 + 1/9 = 0.1267" in text


@pytest.mark.parametrize("variant", EXHIBIT.variants)
def test_what_is_stepped_is_torchs(variant):
    walk, _ = EXHIBIT.make(EXHIBIT.variants[variant])
    image, kernel = torch.tensor(walk.image), torch.tensor(walk.kernel)
    np.testing.assert_array_equal(walk.output, F.conv2d(image[None], kernel, groups=walk.groups)[0])
    assert (walk.groups, walk.kernel.shape) == {
        "two groups": (2, (4, 2, 3, 3)),
        "depthwise": (4, (4, 1, 3, 3)),
        "then 1×1": (1, (4, 4, 1, 1)),
    }[variant]


def test_the_1x1_takes_what_the_depthwise_gave():
    first, _ = EXHIBIT.make(EXHIBIT.variants["depthwise"])
    second, _ = EXHIBIT.make(EXHIBIT.variants["then 1×1"])
    np.testing.assert_array_equal(second.image, first.output)


def test_only_what_was_not_computed_is_edited(open_screen):
    for mixed, editable in (("False", [True, False]), ("True", [False, False])):
        header = open_screen("pages/volumes.py", address={"exhibit": "C18", "mixed": mixed}).header("volumes_stepper")
        assert [header["grids"][name]["editable"] for name in ("input", "kernel")] == editable


@pytest.mark.parametrize("groups", [3, 5, 4096])
def test_groups_that_divide_nothing_are_told_and_the_last_picture_stays(groups):
    at = put(page(), "Groups", groups)
    assert [read(error.value).startswith(f"Groups {groups} does not divide") for error in at.error] == [True]
    assert at.get("bidi_component")
