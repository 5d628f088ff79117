"""The curves and the point on them are the numbers that were given."""

import numpy as np
import pytest

from explorer.figures.activations import Curve, curves_figure

X = np.linspace(-2, 2, 5)
CURVES = [Curve("one", X**2, 2.25), Curve("two", -X, -1.5)]


@pytest.mark.parametrize("dark", [False, True])
def test_every_curve_has_its_values_and_its_point(dark):
    figure = curves_figure(X, CURVES, 1.5, dark=dark, y="f(x)", span=(-1, 1))
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == ["one", "two"]
    np.testing.assert_array_equal(figure.data[0].y, X**2)
    np.testing.assert_array_equal(figure.data[2].y, -X)
    assert [(figure.data[i].x[0], figure.data[i].y[0]) for i in (1, 3)] == [(1.5, 2.25), (1.5, -1.5)]
    assert figure.data[0].line.color == figure.data[1].marker.color != figure.data[2].line.color
    assert figure.data[0].line.dash != figure.data[2].line.dash


def test_the_axis_grows_to_hold_every_point():
    low, high = curves_figure(X, CURVES, 1.5, dark=False, y="f(x)", span=(-1, 1)).layout.yaxis.range
    assert low < -1.5
    assert high > 2.25
    assert curves_figure(X, CURVES, 1.5, dark=False, y="f(x)", span=(-9, 9)).layout.yaxis.range == (-9, 9)
