"""The corner's objects lie where they should and nowhere else."""

import numpy as np
import torch

from explorer.data.corner import (
    CLASSES,
    GROUND,
    HOME,
    JITTER,
    LAST,
    OBJECT,
    corner_pictures,
    load_corner,
    one_picture,
)
from explorer.data.labelled import SIDE
from explorer.models.feeding import DIGITS


def ink_box(image):
    """First and last row and column that are clearly no ground, of a picture without noise."""
    rows, columns = np.nonzero(image.numpy() > GROUND + 40)
    return rows.min(), rows.max(), columns.min(), columns.max()


def test_both_halves_have_their_objects_in_the_corner_only():
    data = load_corner(None, False)
    for half in (data.train, data.test):
        mean = half.images.float().mean(dim=(0, 1)).numpy()
        end = HOME + JITTER + OBJECT
        assert mean[:end, :end].max() > 150
        outside = np.ones((SIDE, SIDE), bool)
        outside[:end, :end] = False
        assert abs(mean[outside] - GROUND).max() < 5  # noise of 20, averaged over 500 pictures or more, cut off at 0
        assert half.labels.bincount().tolist() == [len(half) // len(CLASSES)] * len(CLASSES)


def test_the_same_set_every_time():
    assert torch.equal(load_corner(None, False).train.images, load_corner(None, False).train.images)


def test_objects_lie_in_their_boxes():
    random = np.random.default_rng(0)
    labels = np.arange(300) % len(CLASSES)
    tops, lefts = random.integers(0, LAST + 1, (2, 300))
    images = corner_pictures(labels, tops, lefts, random, noise=0)
    assert (images.dtype, images.shape) == (torch.uint8, (300, 1, 32, 32))
    for image, top, left in zip(images[:, 0], tops, lefts, strict=True):
        first, last, start, end = ink_box(image)
        assert top <= first < last < top + OBJECT
        assert left <= start < end < left + OBJECT
        assert last - first >= 5


def test_the_ground_is_zero_to_the_network():
    assert abs(DIGITS.normalise(torch.full((1, 1, 1, 1), GROUND)).item()) < 0.005


def test_one_picture_is_the_same_object_moved():
    here, there = one_picture(3, 2, 2)[0, 0], one_picture(3, 15, 9)[0, 0]
    assert (here[2:14, 2:14].int() - there[15:27, 9:21].int()).abs().float().mean() < 40  # only the noise differs
    assert abs((here > 130).sum() - (there > 130).sum()) < 8
