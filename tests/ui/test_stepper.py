"""Scenes and messages of the stepper: what the browser is given, and what it may send back."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.figures import boards
from explorer.figures.boards import RESULTS, convolution_board, pooling_board, with_columns, with_matrix
from explorer.layers.convolution import convolve
from explorer.layers.pooling import pool
from explorer.ui.stepper import Edit, changed, read_edits

SCENE = convolution_board(convolve(np.arange(9).reshape(3, 3), np.ones((2, 2)), padding=1))


def message(**part: object) -> dict:
    return {"edits": [{"serial": 7, "grid": "input", "cells": [[0, 1, 2, 5.5]], **part}]}


def test_an_edit_is_read():
    assert read_edits(message(), SCENE) == [Edit(7, "input", ((0, 1, 2, 5.5),))]
    assert read_edits(None, SCENE) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "text",
        {},
        {"edits": 3},
        {"edits": [None]},
        message(grid="nowhere"),
        message(grid="output"),
        message(cells=[[0, 9, 0, 1]]),
        message(cells=[[0, -1, 0, 1]]),
        message(cells=[[0, 0, 0, "x"]]),
        message(cells=[[0, 0, 0, float("nan")]]),
        message(cells=[[0, 0, 0, 1e300]]),
        message(cells=[[0, 0]]),
        message(cells="abc"),
        message(serial="x"),
        message(cells=[[float("inf"), 0, 0, 1]]),
        message(grid=[]),
    ],
)
def test_anything_else_is_one_sentence(hostile):
    with pytest.raises(ExplorerError):
        read_edits(hostile, SCENE)


def test_changed_sets_the_cells_of_a_copy():
    old = np.zeros((1, 2, 2))
    new = changed(old, Edit(1, "input", ((0, 1, 0, 3.0), (0, 9, 9, 1.0))))
    assert new.tolist() == [[[0, 0], [3, 0]]]
    assert not old.any()


def test_the_padded_input_says_where_its_border_is():
    grid = SCENE.grids["input"]
    assert grid.values.shape == (1, 5, 5)
    assert grid.pad == (1, 1)
    assert int(grid.border.sum()) == 25 - 9


def test_winners_are_the_maxima_in_the_shown_grid():
    pooling = pool(np.random.default_rng(0).normal(size=(2, 5, 5)), "max", 3, 2, padding=1)
    board = pooling_board(pooling)
    shown = board.grids["input"].values.ravel()
    np.testing.assert_array_equal(shown[board.results["winners"].astype(int)], pooling.output)


def test_the_browser_is_sent_what_python_computed_of_each_step():
    walk = convolve(np.arange(18).reshape(2, 3, 3), np.arange(24).reshape(3, 2, 2, 2), bias=1)
    results = convolution_board(walk).results
    for number, step in enumerate(walk):
        assert results["products"][number].tolist() == step.products.tolist()
        assert results["channel_sums"][number].tolist() == step.channel_sums.tolist()
        assert results["unbiased"][number] + step.bias == step.sum == results["sums"].ravel()[number]
    assert set(results) <= set(RESULTS)


def test_products_are_sent_only_as_far_as_they_are_few(monkeypatch):
    walk = convolve(np.ones((3, 3)), np.ones((2, 2)))
    monkeypatch.setattr(boards, "MOST_PRODUCTS", 15)
    assert "products" not in convolution_board(walk).results
    monkeypatch.setattr(boards, "MOST_PRODUCTS", 16)
    assert convolution_board(walk).results["products"].size == 16


def test_every_grid_named_in_an_order_exists_or_is_a_sign():
    walk = convolve(np.ones((2, 4, 4)), np.ones((3, 2, 2, 2)))
    board = convolution_board(walk)
    for case in (board, with_columns(board, walk), with_matrix(board, walk)):
        for name in (*case.order, *case.extra):
            assert name in case.grids or name in "∗=→×?"
        assert {link.grid for link in case.links} <= set(case.grids)
        assert set(case.roles.values()) <= set(case.grids)
