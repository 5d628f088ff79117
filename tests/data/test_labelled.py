"""A few pictures of a set: evenly per class, always the same, checked by hand."""

import numpy as np
import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages, few
from explorer.errors import ExplorerError
from explorer.words import minus


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


def known(count=4):
    """Picture i: all i, class i, its mask all i, its box all i / 10."""
    numbers = torch.arange(count)
    square = numbers.to(torch.uint8).reshape(-1, 1, 1).expand(-1, 32, 32)
    return LabelledImages(square[:, None], numbers, masks=square, boxes=(numbers / 10)[:, None].expand(-1, 4))


def all_of(half):
    return [part.reshape(len(half), -1)[:, -1].tolist() for part in (half.images, half.labels, half.masks, half.boxes)]


@pytest.mark.parametrize(
    "indices", [[3, 1], torch.tensor([3, 1]), torch.tensor([3, 1], dtype=torch.int32), np.array([3, 1])]
)
def test_take_keeps_what_is_known(indices):
    assert all_of(known().take(indices)) == [[3, 1], [3, 1], [3, 1], pytest.approx([0.3, 0.1])]


def test_take_by_truths_and_nothing():
    assert all_of(known().take(torch.tensor([False, True, False, True])))[:3] == [[1, 3]] * 3
    empty = known().take([])
    assert (len(empty), empty.images.shape, empty.masks.shape) == (0, (0, 1, 32, 32), (0, 32, 32))


def test_sample_few_and_to_keep_what_is_known():
    assert all_of(known().sample(2)) == [[0, 2], [0, 2], [0, 2], pytest.approx([0, 0.2])]
    kept_few = few(DataSet("made up", tuple("abcd"), known(8).take([0, 0, 1, 1, 2, 2, 3, 3]), known()), 4).train
    assert all_of(kept_few)[:3] == [[0, 1, 2, 3]] * 3
    moved = known().to(torch.device("meta"))
    assert {part.device.type for part in (moved.images, moved.labels, moved.masks, moved.boxes)} == {"meta"}
    assert made([0, 1, 2]).train.to(torch.device("meta")).masks is None


@pytest.mark.parametrize("pictures", [2, 0, -5])
def test_less_than_one_a_class_is_refused(pictures):
    with pytest.raises(ExplorerError, match=f"{minus(str(pictures))} training pictures are too few: choose at least 3"):
        few(made([0, 1, 2, 0, 1, 2]), pictures)
