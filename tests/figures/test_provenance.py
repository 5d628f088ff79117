"""A window's grids and the channels' shares: the figures' numbers are the record's."""

import dataclasses

import numpy as np

from explorer.figures.provenance import MOST_BARS, shares_figure, window_figure
from explorer.probe.terms import PADDING, gathered, grid_places


def terms(channels: int = 2):
    given = np.arange(channels * 9.0).reshape(channels, 3, 3)
    at = grid_places(np.arange(channels), np.array([PADDING, 0]), np.array([1, 2]))
    return gathered("below", given, at, np.array([[1.0, -2.0], [0.5, 0.0]]))


def test_values_times_weights_are_products():
    found = terms()
    figure = window_figure(found, [1, 0], dark=False)
    grids = [trace for trace in figure.data if trace.type == "heatmap"]
    assert len(grids) == 6
    values, weights, products = (np.array([grids[row + 2 * column].z for row in (0, 1)], float) for column in range(3))
    np.testing.assert_array_equal(np.isnan(values[:, 0]), True)  # the padding is left empty
    np.testing.assert_allclose(values[:, 1] * weights[:, 1], products[:, 1])
    np.testing.assert_array_equal(values[0, 1], [10, 11])
    np.testing.assert_array_equal(weights[0], [[1, -2], [0.5, 0]])
    points = next(trace for trace in figure.data if trace.type == "scatter")
    assert [list(map(int, entry)) for entry in points.customdata] == [[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]
    assert "below (1, 0, 1)<br>10 × 0.5 = 5" in points.hovertext
    assert "padding" in points.hovertext[0]


def test_tiny_shares_have_short_labels_and_their_power_once():
    found = terms(4)
    tiny = dataclasses.replace(found, products=found.products * 1e-7)
    figure = shares_figure(tiny, word="channel", dark=False)
    assert all(len(text) <= 4 for text in figure.data[0].text)
    (note,) = figure.layout.annotations
    power = int(note.text.split("1e")[1].replace("−", "-"))
    shown = [float(text.replace("−", "-")) * 10.0**power for text in figure.data[0].text]
    np.testing.assert_allclose(shown, figure.data[0].y, rtol=0.05)
    assert not shares_figure(found, word="channel", dark=False).layout.annotations


def test_shares_add_up_with_the_rest_in_one_bar():
    found = terms(MOST_BARS + 5)
    figure = shares_figure(found, word="channel", dark=True)
    (bar,) = figure.data
    assert len(bar.y) == MOST_BARS + 1
    assert bar.x[-1] == "rest"
    assert "5 others" in figure.layout.xaxis.title.text
    assert sum(bar.y) == found.products.sum()
    assert bar.x[0] == str(MOST_BARS + 4)
