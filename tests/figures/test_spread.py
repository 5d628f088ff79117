"""Lines by layer: measured with theory beside it, zeros left out of the logarithm, shares as they are, weights as a table."""

import numpy as np
import pytest

from explorer.figures.spread import Line, idle_figure, spread_figure, units_figure

HE = Line("He", np.array([1.0, 0.5, 2.0]), np.array([1.0, 1.0, 1.0]), 4)
ZEROS = Line("zeros", np.array([1.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]), 1)


@pytest.mark.parametrize("dark", [False, True])
def test_theory_is_dashed_beside_what_is_measured(dark):
    figure = spread_figure([HE], dark=dark, y="spread")
    measured, theory = figure.data
    assert list(measured.y) == [1, 0.5, 2]
    assert list(measured.customdata) == [1, 1, 1]
    assert list(theory.y) == [1, 1, 1]
    assert measured.line.color == theory.line.color
    assert theory.line.dash == "dash"
    assert list(measured.x) == [0, 1, 2]
    assert figure.layout.yaxis.type == "log"


def test_zero_has_no_place_on_a_logarithmic_axis():
    figure = spread_figure([HE, ZEROS], dark=False, y="spread")
    assert np.isnan(figure.data[2].y[1:]).all()
    low, high = figure.layout.yaxis.range
    assert low == pytest.approx(-1.1)
    assert high == pytest.approx(1.1)
    nothing = spread_figure([Line("nothing", np.zeros(3))], dark=False, y="spread")
    assert len(nothing.data) == 1


def test_many_decades_have_few_ticks():
    figure = spread_figure([Line("small", np.array([1.0, 1e-30]))], dark=False, y="spread")
    low, high = figure.layout.yaxis.range
    assert (high - low) / figure.layout.yaxis.dtick <= 8


def test_shares_are_drawn_from_layer_1():
    figure = idle_figure([Line("ReLU", np.array([0.0, 0.25]), colour=2)], dark=False, y="dead")
    assert list(figure.data[0].x) == [1, 2]
    assert list(figure.data[0].y) == [0, 0.25]
    assert len(idle_figure([], dark=True, y="dead").data) == 0


@pytest.mark.parametrize("dark", [False, True])
def test_weights_stand_in_their_cells_readably(dark):
    weights = np.array([[1.0, -0.25], [0.0, -0.0001]])
    figure = units_figure(weights, ["a", "b"], dark=dark, reach=1.0)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1)
    np.testing.assert_array_equal(figure.data[0].z, weights)
    texts = {(note.y, note.x): (note.text, note.font.color) for note in figure.layout.annotations}
    assert {place: text for place, (text, _) in texts.items()} == {
        (0, 0): "1.000",
        (0, 1): "−0.250",
        (1, 0): "0.000",
        (1, 1): "0.000",
    }
    assert texts[0, 0][1] != texts[0, 1][1]  # on a strong colour another ink than on a weak one
