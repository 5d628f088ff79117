"""Kernels split into smaller ones: counted by hand, and what the authors reported."""

import pytest

from explorer.errors import ExplorerError
from explorer.models.published import PUBLISHED
from explorer.models.registry import MODELS
from explorer.models.splits import SPLITS, split


@pytest.mark.parametrize(
    ("name", "before", "after", "field"),
    [
        ("5×5", 25, (9, 9), (5, 5)),
        ("3×3", 9, (3, 3), (3, 3)),
        ("7×7", 49, (7, 7), (7, 7)),
        ("7×7 in threes", 49, (9, 9, 9), (7, 7)),
    ],
)
@pytest.mark.parametrize("channels", [1, 64])
def test_by_hand(name, before, after, field, channels):
    found = split(name, channels)
    assert found.parameters_before == before * channels**2
    assert found.parameters_after == tuple(count * channels**2 for count in after)
    assert found.field == field == found.before
    assert found.share == pytest.approx(sum(after) / before)


def test_every_split_sees_as_much():
    for name in SPLITS:
        assert split(name, 3).field == SPLITS[name][0]


@pytest.mark.parametrize(("name", "channels"), [("9×9", 3), ("5×5", 0), ("5×5", 5000)])
def test_out_of_range(name, channels):
    with pytest.raises(ExplorerError):
        split(name, channels)


def test_the_authors_numbers_are_the_curriculums():
    assert [(one.model, one.year, one.parameters) for one in PUBLISHED] == [
        ("alexnet", 2012, "60 M"),
        ("vgg16", 2015, "138 M"),
        ("inception_v3", 2015, "25 M"),
        ("resnet152", 2015, "60 M"),
    ]
    assert all(one.model in MODELS for one in PUBLISHED)
