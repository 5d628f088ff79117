"""Scenes and boxes: what lies on top, where a box ends, and that the pictures show what masks and boxes say."""

import numpy as np
import pytest
import torch

from explorer.data import scenes
from explorer.data.datasets import load_data_set
from explorer.data.scenes import CLASSES, boxes_of, compose
from explorer.data.shapes import SHAPES, draw


@pytest.fixture(scope="module")
def data():
    return {name: load_data_set(name) for name in ("scenes", "boxes")}


def test_compose_by_hand():
    ground = np.full((1, 2, 2), 100, np.float32)
    lower = np.array([[[1, 0.5], [0.75, 0]]], np.float32)
    upper = np.array([[[0.6, 0], [0.5, 0]]], np.float32)
    values, masks = compose(ground, np.stack([lower, upper]), np.array([[200], [20]]), np.array([[4], [2]]))
    # 100 → 200 → 200 + 0.6 (20 − 200) = 92; 100 → 150; 100 → 175 → 97.5; 100
    np.testing.assert_allclose(values, [[[92, 150], [97.5, 100]]], rtol=1e-6)
    assert masks.tolist() == [[[2, 0], [4, 0]]]  # covered by more than half; the topmost wins
    assert (ground == 100).all()


def test_boxes_by_hand():
    masks = np.zeros((4, 8, 8), np.uint8)
    masks[0, 2, 5] = 1
    masks[1, 0:2, 4:8] = 3
    masks[2] = 1
    assert boxes_of(masks).tolist() == [
        [5.5 / 8, 2.5 / 8, 1 / 8, 1 / 8],
        [6 / 8, 1 / 8, 4 / 8, 2 / 8],
        [0.5, 0.5, 1, 1],
        [0, 0, 0, 0],
    ]
    assert boxes_of(masks).dtype == np.float32


def test_a_square_has_the_masks_and_the_box_that_are_counted():
    # from 10.9 to 20.1 with pixels' middles at whole numbers, the outline half a pixel wider: columns and rows 11 to 20
    cover = draw(
        np.array([list(SHAPES).index("square")]),
        np.array([[15.5, 15.5]]),
        np.array([4.6 * np.sqrt(2)]),
        turns=np.zeros(1),
        thickness=np.zeros(1, int),
        side=32,
    )
    _, masks = compose(np.zeros((1, 32, 32), np.float32), cover[None], np.array([[255]]), np.array([[2]]))
    assert (masks[0, 11:21, 11:21] == 2).all()
    assert (masks > 0).sum() == 100
    assert (boxes_of(masks)[0] * 32).tolist() == [16, 16, 10, 10]


def test_forms_and_repetition(data):
    for name, made in data.items():
        again = load_data_set(name)
        assert made.classes == (CLASSES if name == "scenes" else tuple(SHAPES))
        for half, other, count in ((made.train, again.train, 2000), (made.test, again.test, 400)):
            assert half.images.shape == (count, 1, 32, 32)
            assert torch.equal(half.images, other.images)
            assert torch.equal(half.labels, other.labels)
    train, test = data["scenes"].train, data["scenes"].test
    assert (train.masks.shape, train.masks.dtype) == ((2000, 32, 32), torch.uint8)
    assert (data["boxes"].train.boxes.shape, data["boxes"].train.boxes.dtype) == ((2000, 4), torch.float32)
    assert not torch.equal(train.images[:400], test.images)


def test_every_class_is_as_often_and_well_seen(data):
    for name, first in (("scenes", 1), ("boxes", 0)):
        counts = torch.bincount(data[name].train.labels, minlength=first + 5)[first:]
        assert counts.tolist() == [400] * 5
    masks = data["scenes"].train.masks
    shares = torch.bincount(masks.flatten().long()) / masks.numel()
    assert 0.6 < shares[0] < 0.85
    assert shares[1:].min() > 0.02
    shapes = torch.tensor([len(mask.unique()) - 1 for mask in masks])
    assert shapes.min() >= 1
    assert set(shapes.tolist()) == {1, 2, 3}


def test_the_uppermost_shape_is_whole_where_it_lies(data):
    half = data["scenes"].train
    own = (half.masks == half.labels[:, None, None]).flatten(1).sum(1)
    assert own.min() > 20  # pixels


def test_the_picture_shows_what_the_mask_says(data):
    """A mask's border is where the picture changes: grey levels within a shape differ less than across its border."""
    half = data["scenes"].test
    single = [i for i, mask in enumerate(half.masks) if len(mask.unique()) == 2]
    for i in single:
        image, mask = half.images[i, 0].float(), half.masks[i] > 0
        wide = torch.nn.functional.max_pool2d(mask[None].float(), 5, 1, 2)[0] > 0
        near = wide & ~(torch.nn.functional.max_pool2d(mask[None].float(), 3, 1, 1)[0] > 0)
        deep = -torch.nn.functional.max_pool2d(-mask[None].float(), 3, 1, 1)[0] > 0
        assert (image[deep].mean() - image[near].mean()).abs() > 20
    assert len(single) > 100


def test_boxes_enclose_what_is_seen(data):
    half = data["boxes"].train
    cx, cy, width, height = half.boxes.T
    for middle, length in ((cx, width), (cy, height)):
        assert (middle - length / 2).min() >= 0
        assert (middle + length / 2).max() <= 1
        assert length.min() >= 6 / 32
    edges = (half.boxes[:, None, :2] + half.boxes[:, None, 2:] * torch.tensor([[-0.5], [0.5]])) * 32
    assert torch.equal(edges, edges.round())  # a box's edges are pixels' edges
    assert ((cx - width / 2 == 0) | (cx + width / 2 == 1)).float().mean() > 0.02  # some are cut off by the border
    for i in range(0, 2000, 50):
        (left, top), (right, bottom) = edges[i].int().tolist()
        image = half.images[i, 0].float()
        inside = image[top:bottom, left:right]
        assert (inside - image.median()).abs().max() > 30


def test_the_sets_come_from_their_seeds(monkeypatch):
    monkeypatch.setattr(scenes, "PICTURES", (20, 10))
    before = scenes.load_scenes(None, False)
    monkeypatch.setattr(scenes, "SEED", 99)
    after = scenes.load_scenes(None, False)
    assert len(after.train) == 20
    assert not torch.equal(before.train.images, after.train.images)
    assert not torch.equal(after.train.masks[:10], after.test.masks)
