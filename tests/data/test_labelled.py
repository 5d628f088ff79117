"""A few pictures of a set: evenly per class, always the same, checked by hand."""

import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages, few
from explorer.errors import ExplorerError


def made(labels, classes=3):
    """Picture i is all i."""
    images = torch.arange(len(labels), dtype=torch.uint8).reshape(-1, 1, 1, 1).expand(-1, 1, 32, 32).contiguous()
    half = LabelledImages(images, torch.tensor(labels))
    return DataSet("made up", tuple("abc")[:classes], half, half, "a note")


def kept(data):
    assert data.train.images.dtype == torch.uint8
    assert data.train.images.shape == (len(data.train), 1, 32, 32)
    return data.train.images[:, 0, 0, 0].tolist(), data.train.labels.tolist()


def test_few_by_hand():
    data = made([2, 2, 2, 0, 1, 0, 2, 1, 0, 0])
    # of each class the first, then the second; the fifth and last picture goes round again from class 0
    assert kept(few(data, 3)) == ([0, 3, 4], [2, 0, 1])
    assert kept(few(data, 5)) == ([0, 3, 4, 5, 7], [2, 0, 1, 0, 1])
    assert kept(few(data, 6)) == ([0, 1, 3, 4, 5, 7], [2, 2, 0, 1, 0, 1])


def test_a_class_with_too_few_is_made_up_for():
    assert kept(few(made([0, 0, 0, 0, 1, 2, 2]), 6)) == ([0, 1, 2, 4, 5, 6], [0, 0, 0, 1, 2, 2])


def test_the_test_half_and_the_rest_stay():
    data = made([0, 1, 2, 0, 1, 2])
    fewer = few(data, 4)
    assert fewer.test is data.test
    assert (fewer.name, fewer.classes, fewer.note) == (data.name, data.classes, data.note)
    assert few(data, 6) is data
    assert few(data, 10**9) is data


@pytest.mark.parametrize("pictures", [2, 0, -5])
def test_less_than_one_a_class_is_refused(pictures):
    with pytest.raises(ExplorerError, match=f"{pictures} training pictures are too few: choose at least 3"):
        few(made([0, 1, 2, 0, 1, 2]), pictures)
