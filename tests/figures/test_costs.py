"""The bars of counts: a logarithmic axis from one, exact numbers at every bar."""

import math

import pytest

from explorer.figures.costs import cost_figure

BARS = {"convolution": {"parameters": 26, "passes": 2_250_000}, "dense": {"parameters": 8_100_090_000, "passes": 1}}


@pytest.mark.parametrize("dark", [False, True])
def test_bars_have_their_counts(dark):
    figure = cost_figure(BARS, dark=dark)
    assert [bar.name for bar in figure.data] == list(BARS)
    assert [list(bar.x) for bar in figure.data] == [[26, 2_250_000], [8_100_090_000, 1]]
    assert list(figure.data[1].text) == ["8,100,090,000", "1"]


def test_the_axis_is_logarithmic_and_holds_every_bar():
    axis = cost_figure(BARS, dark=False).layout.xaxis
    assert axis.type == "log"
    assert axis.exponentformat == "e", "a raised exponent is too small to be read"
    assert axis.range[0] == 0
    assert axis.range[1] > math.log10(8_100_090_000)
