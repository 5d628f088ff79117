"""Scenes of gradients and pooling: what fills up, what stays covered, what the last step says."""

import numpy as np
import pytest

from explorer.figures.boards import gradient_board, input_gradient_board, pooling_board
from explorer.layers.convolution import convolve
from explorer.layers.gradients import convolution_gradient
from explorer.layers.pooling import pool

IMAGE, KERNEL, UPSTREAM = np.arange(9.0).reshape(3, 3), np.array([[1.0, 2], [3, 4]]), [[1, 2], [-1, 1]]
GRADIENT = convolution_gradient(convolve(IMAGE, KERNEL), UPSTREAM)


@pytest.mark.parametrize("board", [gradient_board, input_gradient_board])
def test_autograds_grid_stays_covered_and_the_last_step_judges(board):
    right = {gradient_board: GRADIENT.kernel[0, 0], input_gradient_board: GRADIENT.image[0]}[board]
    made = board(GRADIENT, right)
    assert [name for name, grid in made.grids.items() if grid.late] == ["autograd"]
    assert "equal to autograd's, the largest difference is 0" in made.finish
    assert "NOT" not in made.finish
    assert "NOT equal to autograd's, the largest difference is 1" in board(GRADIENT, right + 1).finish


def test_D3_padding_is_the_border_of_the_inputs_gradient():
    padded = convolution_gradient(convolve(IMAGE, KERNEL, padding=1), np.ones((4, 4)))
    board = input_gradient_board(padded, padded.image[0])
    assert board.grids["output"].values.shape == (1, 5, 5)
    assert int(board.grids["output"].border.sum()) == 25 - 9
    assert board.grids["autograd"].values.shape == (1, 3, 3)


def test_what_max_pooling_never_chooses_is_written_so():
    assert pooling_board(pool(IMAGE, "max", 3, 2, 1)).grids["input"].border_text == "−∞"
    assert pooling_board(pool(IMAGE, "average", 3, 2, 1)).grids["input"].border_text == ""


def test_an_average_tells_its_divisors():
    board = pooling_board(pool(np.ones((2, 3, 3)), "average", 2, 2, padding=1, count_include_pad=False))
    assert board.results["divisors"].tolist() == [[[1, 2], [2, 4]]] * 2
