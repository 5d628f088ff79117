"""Each network is a point: its cost to the right, its share upwards; its name beside it, on no other name."""

import itertools

import pytest

from explorer.figures.standings import INSIDE, LINE, standings_figure


@pytest.mark.parametrize("dark", [False, True])
def test_points_stand_where_they_belong(dark):
    figure = standings_figure(
        {"Full size": (30.9, 0.64), "Nearest": (6.1, 0.79)},
        x="multiply-adds",
        y="mean IoU",
        unit="M",
        most=30.9,
        dark=dark,
    )
    assert [(trace.name, *trace.x, *trace.y) for trace in figure.data] == [
        ("Full size", 30.9, 0.64),
        ("Nearest", 6.1, 0.79),
    ]
    names = {note.text: note for note in figure.layout.annotations}
    assert names["Full size"].ax < 30.9  # at the right edge a name would be cut off
    assert names["Nearest"].ax > 6.1
    assert [note.ay for note in names.values()] == [0, 0]
    low, high = figure.layout.yaxis.range
    assert low < 0.64 < 0.79 < high
    assert figure.layout.xaxis.range[1] > 30.9
    assert figure.layout.xaxis.title.text == "multiply-adds, M"


@pytest.mark.parametrize("shares", [(0.79, 0.787, 0.79, 0.745, 0.824), (0.5,) * 5, (1.0, 1.0, 0.99, 0.98, 0.97)])
def test_no_name_lies_on_another(shares):
    points = {str(number): (6.0, share) for number, share in enumerate(shares)}
    figure = standings_figure(points, x="x", y="y", unit="M", most=30.0, dark=False)
    low, high = figure.layout.yaxis.range
    places = [INSIDE * (note.y - low) / (high - low) - note.ay for note in figure.layout.annotations]
    assert all(abs(one - other) >= LINE - 1e-6 for one, other in itertools.combinations(places, 2))
    assert max(places) <= INSIDE


def test_a_name_lies_on_no_point_beside_it():
    points = {"Nearest": (6.1, 0.79), "Skips": (10.2, 0.82), "low": (9.0, 0.3)}
    figure = standings_figure(points, x="x", y="y", unit="M", most=30.9, dark=False)
    names = {note.text: note for note in figure.layout.annotations}
    assert names["Nearest"].ax > 10.2
    assert 9.0 < names["low"].ax < 12
