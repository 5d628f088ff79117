"""Checks of gradients that a person can follow, against hand-made numbers and autograd."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers.backward import agrees_with_full_convolution, last_nudge, nudge, raised, shared_weight
from explorer.layers.convolution import convolve
from explorer.layers.gradients import convolution_gradient

PATCH = [[6, 8], [3, 5]]
IMAGE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def gradient(kernel=((1, 2), (3, 4)), upstream=((1, 2), (-1, 1)), **settings):
    return convolution_gradient(convolve(IMAGE, kernel, **settings), upstream)


def test_D1_a_negative_number_after_an_operator_stands_in_brackets():
    gradient = convolution_gradient(convolve([[-3, 2]], [[1]]), [[1, -1]])
    weight = shared_weight(gradient, 1, 0.1)
    assert weight.copies == ("∂L/∂a = 1·(−3) = −3", "∂L/∂b = −1·2 = −2")
    assert weight.update[1] == "1 − 0.1·(−3 − 2) = 1.5"


def test_D1_four_copies_of_w4_are_added():
    weight = shared_weight(gradient(), 4, 0.1)
    assert weight.copies == ("∂L/∂a = 1·5 = 5", "∂L/∂b = 2·6 = 12", "∂L/∂c = −1·8 = −8", "∂L/∂d = 1·9 = 9")
    assert weight.gradient == 18
    assert weight.after == pytest.approx(2.2)
    assert weight.update == (
        "w4 ← w4 − γ·(∂L/∂a + ∂L/∂b + ∂L/∂c + ∂L/∂d)",
        "4 − 0.1·(5 + 12 − 8 + 9) = 2.2",
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_D1_every_weight_equals_autograd(number):
    kernel = torch.tensor([[[[1.0, 2], [3, 4]]]], dtype=torch.float64, requires_grad=True)
    upstream = torch.tensor([[[[1.0, 2], [-1, 1]]]], dtype=torch.float64)
    (F.conv2d(torch.tensor([[IMAGE]], dtype=torch.float64), kernel) * upstream).sum().backward()
    assert shared_weight(gradient(), number, 1).gradient == kernel.grad.flatten()[number - 1].item()


def test_many_positions_are_numbered_and_shortened():
    big = convolution_gradient(convolve(np.ones((6, 6)), [[1.0]]), np.ones((6, 6)))
    weight = shared_weight(big, 1, 0)
    assert weight.letters[35] == "w1(35)"
    assert weight.update[1] == "1 − 0·(1 + 1 + 1 + … + 1) = 1"


def test_there_is_no_fifth_weight():
    with pytest.raises(ExplorerError, match="Weight is 5"):
        shared_weight(gradient(), 5, 0.1)


@pytest.mark.parametrize(
    ("index", "by", "output", "slope", "predicted"),
    [(0, 1, 8, 0, 0), (1, 1, 9, 1, 1), (1, -1, 7, 1, 1), (0, 3, 9, 1 / 3, 0), (3, 1, 8, 0, 0)],
)
def test_D2_nudges_of_the_patch(index, by, output, slope, predicted):
    done = nudge(PATCH, index, by, [[1.0]])
    assert done.before.output.item() == 8
    assert done.after.output.item() == output
    assert done.slope == pytest.approx(slope)
    assert done.predicted == predicted


def test_D2_an_average_gives_each_cell_a_quarter():
    assert [nudge(PATCH, i, 1, [[2.0]], kind="average").slope for i in range(4)] == [0.5] * 4
    assert nudge(PATCH, 2, 1, [[2.0]], kind="average").predicted == 0.5


def test_no_nudge_has_no_slope():
    assert nudge(PATCH, 0, 0, [[1.0]]).slope is None
    with pytest.raises(ExplorerError, match="Cell is 4"):
        nudge(PATCH, 4, 1, [[1.0]])


def test_nudges_of_one_cell_add_up_and_another_cell_starts_anew():
    base, once, twice = np.array([[6.0, 8]]), np.array([[7.0, 8]]), np.array([[8.0, 8]])
    assert last_nudge(base, once, twice)[1:] == (0, 2)
    start, index, by = last_nudge(base, once, [[7, 5]])
    assert (start.tolist(), index, by) == ([[7, 8]], 1, -3)
    start, index, by = last_nudge(base, once, base)
    assert (start.tolist(), by) == ([[7, 8]], -1)
    assert last_nudge(base, once, [[1, 1]])[2] == 0


def test_raised_leaves_its_argument_alone():
    old = np.zeros((1, 2, 2))
    assert raised(old, (0, 1, 0), 3).tolist() == [[[0, 0], [3, 0]]]
    assert not old.any()


@pytest.mark.parametrize("settings", [{}, {"padding": 1}, {"dilation": 2}, {"padding": 1, "dilation": 2}])
def test_D3_one_convolution_makes_the_same_input_gradient(settings):
    walk = convolve(IMAGE, [[1, 2], [3, 4]], **settings)
    upstream = np.random.default_rng(0).normal(size=walk.output.shape)
    assert agrees_with_full_convolution(convolution_gradient(walk, upstream)) is True


def test_D3_with_a_stride_it_would_need_zeros():
    assert agrees_with_full_convolution(gradient(upstream=[[1]], stride=2)) is None
