"""Two sides as figures: one scale for both, the difference where shapes agree, numbers in their places."""

import numpy as np
import pytest

from explorer.figures.compare import MOST_CELLS, MOST_TILES, planes_figure, sides_figure, similarity_figure
from explorer.probe.embedding import Plane
from explorer.probe.similarity import Similarity

A = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
NAMES = ["channel 0", "channel 1"]
TITLES = ("first", "second")


@pytest.mark.parametrize("dark", [False, True])
def test_both_sides_have_one_scale_and_their_difference_is_exact(dark):
    figure = sides_figure(A, 2 * A, NAMES, titles=TITLES, signed=False, dark=dark)
    assert [trace.coloraxis for trace in figure.data] == ["coloraxis", "coloraxis", "coloraxis2"]
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 14)
    assert (figure.layout.coloraxis2.cmin, figure.layout.coloraxis2.cmax) == (-7, 7)
    for trace, expected in zip(figure.data, (A, 2 * A, -A), strict=True):
        z = np.array(trace.z)
        np.testing.assert_array_equal(z[:, :2], expected[0])
        np.testing.assert_array_equal(z[:, 3:], expected[1])
        assert np.isnan(z[:, 2]).all()
    assert figure.data[0].customdata[1][4] == "channel 1, row 1, column 1"


def test_large_maps_are_thinned_out_and_their_numbers_stay_exact():
    maps = np.random.default_rng(0).random((64, 224, 224), dtype=np.float32)
    maps[2, 1, 1] = 9  # in no row that is drawn, and still the scale's end
    figure = sides_figure(maps, 0 * maps, [f"c{at}" for at in range(64)], titles=TITLES, signed=False, dark=False)
    z, tips = np.array(figure.data[0].z), figure.data[0].customdata
    assert max(z.shape) <= MOST_CELLS + 4 * 10
    assert figure.layout.coloraxis.cmax == 9
    assert tips[1][2] == "c0, row 3, column 6"
    assert z[1, 2] == maps[0, 3, 6]


def test_a_low_sheets_title_stays_at_it_however_high_the_figure_is():
    maps = np.ones((10, 8, 8), np.float32)
    figure = sides_figure(maps, maps, [""] * 10, titles=TITLES, signed=False, dark=False)
    assert figure.layout.height is None
    axes = (figure.layout.xaxis, figure.layout.xaxis2)
    assert [axis.title.text for axis in axes] == list(TITLES)
    assert {(axis.side, axis.constrain) for axis in axes} == {("top", "domain")}


def test_signed_maps_have_zero_neutral():
    figure = sides_figure(-A, A, NAMES, titles=TITLES, signed=True, dark=False)
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (-7, 7)


def test_no_difference_of_unlike_shapes():
    figure = sides_figure(A, np.ones((1, 3, 3)), NAMES, titles=TITLES, signed=False, dark=False)
    assert len(figure.data) == 2


def test_only_the_first_maps_are_drawn_and_empty_classes_are_gaps():
    many = np.ones((MOST_TILES + 9, 1, 1), np.float32)
    many[3] = np.nan
    figure = sides_figure(many, many, [str(i) for i in range(40)], titles=TITLES, signed=False, dark=False)
    assert np.array(figure.data[0].z).shape == (5, 5)
    assert figure.layout.coloraxis.cmax == 1


def test_similarity_shows_its_numbers():
    found = Similarity(("c1", "c3"), ("a", "b", "c"), np.array([[1, 0.5, 0], [0.25, 0.125, np.nan]]), 9)
    figure = similarity_figure(found, titles=TITLES, dark=True)
    assert figure.data[0].text[0][1] == "0.50"
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1)
    assert list(figure.layout.yaxis.ticktext) == ["c1", "c3"]
    assert figure.data[0].customdata[1][2] == ["c3", "c"]


def test_a_large_matrix_has_no_numbers_and_fewer_names():
    names = tuple(map(str, range(60)))
    figure = similarity_figure(Similarity(names, names, np.ones((60, 60)), 9), titles=TITLES, dark=False)
    assert figure.data[0].text is None
    assert len(figure.layout.xaxis.ticktext) == 12


def test_every_point_is_drawn_once_a_plane_in_its_class():
    points = np.arange(20, dtype=np.float32).reshape(10, 2)
    labels = np.arange(10) % 3
    planes = {"pixels": Plane(points), "features": Plane(-points)}
    figure = planes_figure(planes, labels, "abc", notes=["50 %", "90 %"], dark=False)
    assert len(figure.data) == 6
    assert [trace.name for trace in figure.data[:3]] == ["a", "b", "c"]
    np.testing.assert_array_equal(figure.data[4].x, -points[labels == 1, 0])
    assert figure.layout.xaxis2.title.text == "90 %"
    assert sum(bool(trace.showlegend) for trace in figure.data) == 3


def test_a_class_named_in_tags_is_shown_as_it_is():
    planes = {"pixels": Plane(np.zeros((2, 2), np.float32))}
    figure = planes_figure(planes, np.array([0, 1]), ["<b>cat</b>", "a & b"], notes=["50 %"], dark=False)
    assert [trace.name for trace in figure.data] == ["&lt;b&gt;cat&lt;/b&gt;", "a &amp; b"]
    assert all("cat" not in trace.hovertemplate for trace in figure.data)
