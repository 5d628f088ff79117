"""Students as figures: every layer's state, how far it moved, accuracies at their places."""

import numpy as np
import pytest

from explorer.figures.transfer import cuts_figure, examples_figure, movement_figure, plan_figure
from explorer.study.study import Mean
from explorer.training.movement import Moved
from explorer.training.plan import plan
from explorer.training.settings import STUDENTS
from explorer.training.sources import Cut, cuts

LENET = plan(cuts("lenet5"), "c5", source_classes=10, classes=2)
DEEP = plan(
    [Cut(f"layer{i}", f"layer{i}", (8, 4, 4), 10 * i + 10, 1000) for i in range(40)],
    "layer20",
    source_classes=10,
    classes=2,
)


@pytest.mark.parametrize("dark", [False, True])
def test_the_plan_says_what_is_frozen_and_where_the_cut_is(dark):
    figure = plan_figure(LENET, STUDENTS, dark=dark)
    cells, marks = figure.data
    np.testing.assert_array_equal(cells.z, [[0, 0, 0, 2, 2], [1, 1, 1, 2, 2], [2, 2, 2, 2, 2]])
    assert list(cells.text[0]) == ["❄", "❄", "❄", "new", "new"]
    assert list(cells.text[1]) == ["×0.027", "×0.09", "×0.3", "new", "new"]
    assert figure.layout.shapes[0].x0 == 2.5
    assert [custom[0] for custom in marks.customdata[:5]] == ["c1", "c3", "c5", "f6", ""]
    assert list(zip(marks.x, marks.y, strict=True))[6] == (1, 1)
    texts = [note.text for note in figure.layout.annotations]
    assert texts == ["<b>10,334</b> learn<br>50,692 stay", "<b>61,026</b> learn", "<b>61,026</b> learn"]
    assert "16 @ 10×10" in figure.layout.xaxis.ticktext[1]


def test_a_deep_plan_stays_readable():
    figure = plan_figure(DEEP, {"last": "Last layers only"}, dark=False)
    assert figure.layout.xaxis.tickangle == -90
    assert figure.layout.shapes[0].x0 == 20.5
    assert len(figure.data[1].x) == 41


def test_movement_is_a_bar_a_layer():
    moved = {
        "Last layers only": (Moved("c1", 0.0, "frozen"), Moved("output", 0.4, "new")),
        "Fine-tuning": (Moved("c1", 0.1, "taken"), Moved("output", 0.5, "new")),
    }
    figure = movement_figure(moved, dark=False)
    last, tuned = figure.data
    low, high = (10**end for end in figure.layout.yaxis.range)
    assert low < 0.1 < 0.5 < high
    assert list(last.y) == pytest.approx([low, 0.4])  # what is frozen has no height
    assert list(tuned.y) == [0.1, 0.5]
    assert (list(last.text), list(tuned.text)) == (["❄", ""], ["", ""])
    assert last.customdata[0] == ["0.00%", "taken over and frozen"]
    assert list(figure.data[1].marker.pattern.shape) == ["", "/"]


def test_nothing_moved_yet():
    figure = movement_figure({"Fine-tuning": (Moved("c1", 0.0, "taken"), Moved("output", 0.0, "new"))}, dark=True)
    assert len(set(figure.data[0].y)) == 1


def test_examples_have_error_bars_and_a_colour_of_their_own():
    means = [Mean("last", 10, 0.8, 0.02, 3), Mean("last", 1, 0.5, 0.1, 3), Mean("scratch", 1, 0.3, 0.0, 1)]
    figure = examples_figure(means, STUDENTS, (1, 5, 10), guess=0.2, dark=False)
    last, scratch = figure.data
    assert (list(last.x), list(last.y), list(last.error_y.array)) == ([1, 10], [0.5, 0.8], [0.1, 0.02])
    assert last.line.color != scratch.line.color
    assert scratch.line.color == examples_figure([means[2]], STUDENTS, (1,), guess=0.2, dark=False).data[0].line.color
    assert figure.layout.shapes[0].y0 == 0.2
    assert list(figure.layout.xaxis.tickvals) == [1, 5, 10]


def test_no_means_are_an_empty_chart():
    assert not examples_figure([], STUDENTS, (1, 2), guess=0.5, dark=True).data


def test_cuts_stand_in_the_network_s_order():
    figure = cuts_figure(["c1", "c3", "f6"], {"Last": {"f6": [0.5, 0.7], "c1": [0.9]}}, guess=0.2, dark=False)
    line, dots = figure.data
    assert list(line.x) == ["c1", "f6"]
    assert list(line.y) == pytest.approx([0.9, 0.6])
    assert list(zip(dots.x, dots.y, strict=True)) == [("c1", 0.9), ("f6", 0.5), ("f6", 0.7)]
    assert list(figure.layout.xaxis.categoryarray) == ["c1", "c3", "f6"]
