"""Shapes cover the areas that geometry says, lie where they were put, and the generated sets are the same every time."""

import numpy as np
import pytest
import torch

from explorer.data.datasets import load_data_set
from explorer.data.shapes import SHAPES, draw


def one(shape, *, centre=(15.5, 15.5), radius=10.0, turn=0.0, thickness=0):
    label = np.array([list(SHAPES).index(shape)])
    where, size, turned = np.array([centre]), np.array([radius]), np.array([turn])
    return draw(label, where, size, turns=turned, thickness=[thickness], side=32)[0]


def area(corners):
    """The shoelace formula, for corners (n, 2)."""
    x, y = corners.T
    return abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2


def test_areas_by_hand():
    assert area(SHAPES["circle"]) == pytest.approx(np.pi, rel=0.01)
    assert area(SHAPES["square"]) == pytest.approx(2)
    assert area(SHAPES["triangle"]) == pytest.approx(3 * np.sqrt(3) / 4)
    end = np.sqrt(1 - 0.09)
    assert area(SHAPES["cross"]) == pytest.approx(4 * 0.6 * end - 0.36)
    assert area(SHAPES["star"]) == pytest.approx(10 * 0.5 * 0.4 * np.sin(np.pi / 5))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_lies_within_its_circle(shape):
    assert np.hypot(*SHAPES[shape].T).max() == pytest.approx(1)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("turn", [0.0, 0.3])
def test_the_ink_is_the_area_and_lies_at_the_centre(shape, turn):
    cover = one(shape, centre=(14.0, 17.0), turn=turn)
    assert cover.dtype == np.float32
    assert (cover.min(), cover.max()) == (0, 1)
    assert ((cover > 0) & (cover < 1)).sum() > 5  # smooth at the edge
    # OpenCV's smooth edge reaches half a pixel beyond the outline
    assert area(SHAPES[shape]) * 100 * 0.98 < cover.sum() < area(SHAPES[shape]) * 100 * 1.6
    rows, columns = np.mgrid[:32, :32]
    middle = [(cover * axis).sum() / cover.sum() for axis in (rows, columns)]
    if shape != "triangle":  # half a turn, or a fifth, leaves the others' centres where they are
        assert middle == pytest.approx([14, 17], abs=0.25)


def test_outlines_are_hollow_and_grow_with_their_thickness():
    inks = [one("circle", thickness=thickness).sum() for thickness in (1, 2, 3)]
    assert one("circle", thickness=2)[15, 15] == 0
    assert inks[0] < inks[1] < inks[2] < one("circle").sum()


def test_a_turn_is_by_its_angle():
    assert np.abs(one("square", turn=np.pi / 2) - one("square")).max() < 0.1
    assert np.abs(one("square", turn=np.pi / 4) - one("square")).max() > 0.9


def test_the_set_of_shapes_varies_and_is_always_the_same():
    data, again = load_data_set("shapes"), load_data_set("shapes")
    assert torch.equal(data.train.images, again.train.images)
    assert data.train.labels.bincount().tolist() == [600] * 5
    assert data.test.labels.bincount().tolist() == [150] * 5
    assert not torch.equal(data.train.images[:750], data.test.images)
    ink = (data.train.images.float() > 130).float().mean(dim=(1, 2, 3))
    assert ink.min() < 0.08 < 0.3 < ink.max()  # thin and small to filled and large
    assert data.train.images[:, 0, 0, 0].float().std() > 15  # ground and noise
