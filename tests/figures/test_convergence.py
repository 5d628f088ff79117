"""Lines of means: every number is there while there are few, and the axis keeps its ends when there are many."""

import numpy as np
import pytest

from explorer.figures.convergence import MOST_POINTS, Estimate, convergence_figure


def test_few_numbers_are_all_drawn():
    line, single = np.array([0.0, 1, 1.5]), np.array([2.0, 2])
    figure = convergence_figure([Estimate("μ", line)], dark=True, x="x", y="y", first=0, single=("each", single))
    dots, mean = figure.data
    assert (list(dots.x), list(dots.y)) == ([1, 2], [2, 2])
    assert (list(mean.x), list(mean.y)) == ([0, 1, 2], [0, 1, 1.5])
    assert not figure.layout.shapes


@pytest.mark.parametrize("log", [False, True])
def test_many_numbers_keep_first_and_last(log):
    line = np.linspace(5, 2, 20_000)
    figure = convergence_figure([Estimate("classic", line, 2.0)], dark=False, x="x", y="y", log=log)
    (mean,) = figure.data
    assert len(mean.x) <= MOST_POINTS
    assert (mean.x[0], mean.x[-1]) == (1, 20_000)
    np.testing.assert_array_equal(mean.y, line[np.array(mean.x) - 1])
    assert figure.layout.shapes[0].y0 == 2
    assert (figure.layout.xaxis.type == "log") is log
