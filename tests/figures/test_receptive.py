"""The drawing of a stack: every unit, the cone in colour, every line, and nothing too large to read."""

import pytest

from explorer.errors import ExplorerError
from explorer.figures.receptive import CELL, MOST_LAYERS, MOST_UNITS, position, receptive_figure, stage_text
from explorer.figures.signals import ACCENT
from explorer.layers.receptive import Sliding, stack

FOUR = stack([Sliding("conv", 3)] * 4, 17)
POOLED = stack([Sliding("conv", 3), Sliding("pool", 2, 2), Sliding("conv", 3)], 16)


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


def coloured(figure, theme="light"):
    cells = trace(figure, "cells")
    return [
        tuple(data)
        for data, colour in zip(cells.customdata, cells.marker.color, strict=True)
        if colour == ACCENT[theme]
    ]


@pytest.mark.parametrize("dark", [False, True])
def test_F1_four_layers_of_3_colour_nine_inputs(dark):
    figure = receptive_figure(FOUR, 4, 4, dark=dark)
    inside = coloured(figure, "dark" if dark else "light")
    assert [unit for level, unit in inside if level == 0] == list(range(4, 13))
    assert len(trace(figure, "cells").x) == sum(FOUR.sizes)


def test_F2_conv_pool_conv_colours_eight_inputs():
    assert len([unit for level, unit in coloured(receptive_figure(POOLED, 3, 2, dark=False)) if level == 0]) == 8


def test_C10_dilation_leaves_holes():
    holes = stack([Sliding("conv", 3, dilation=2)], 9)
    assert coloured(receptive_figure(holes, 1, 2, dark=False)) == [(0, 2), (0, 4), (0, 6), (1, 2)]


def test_the_lines_are_the_links():
    lines = trace(receptive_figure(POOLED, 3, 2, dark=False), "lines")
    assert len(lines.x) == 3 * len(POOLED.links(3, 2))
    assert set(lines.y) == {0, 1, 2, 3, None}


def test_a_unit_stands_above_the_middle_of_what_it_sees():
    for level, unit in ((1, 3), (2, 1), (3, 4)):
        inputs = POOLED.cone(level, unit)[0]
        assert position(POOLED, level, unit) == (inputs[0] + inputs[-1]) / 2


def test_padding_is_drawn_beside_the_level_it_is_added_to():
    padding = trace(receptive_figure(stack([Sliding("conv", 3, padding=1)], 5), 1, 0, dark=False), "padding")
    assert list(zip(padding.x, padding.y, strict=True)) == [(-1, 0), (5, 0)]


@pytest.mark.parametrize(
    ("layers", "units", "words"),
    [([Sliding("conv", 1)], MOST_UNITS + 1, "at the input"), ([Sliding("conv", 1)] * (MOST_LAYERS + 1), 5, "at most")],
)
def test_what_cannot_be_read_is_not_drawn(layers, units, words):
    with pytest.raises(ExplorerError, match=words):
        receptive_figure(stack(layers, units), 0, 0, dark=False)


def test_a_layer_in_a_few_signs():
    assert stage_text(Sliding("pool", 2, 2)) == "pool 2, s 2"
    assert stage_text(Sliding("conv", 3, dilation=4)) == "conv 3, d 4"


def test_pointing_at_a_border_unit_tells_what_its_taps_reach():
    figure = receptive_figure(stack([Sliding("conv", 5, padding=1, dilation=3)], 60), 1, 0, dark=False)
    told = trace(figure, "cells").hovertemplate
    assert told[60] == "layer 1, unit 0<br>sees inputs 2 to 11<extra></extra>"
    figure = receptive_figure(stack([Sliding("conv", 1, padding=1)], 3), 1, 1, dark=False)
    told = trace(figure, "cells").hovertemplate
    assert told[3] == "layer 1, unit 0<br>sees no input, only padding<extra></extra>"


def test_every_cell_is_a_box_in_the_colour_of_its_mark():
    figure = receptive_figure(POOLED, 3, 2, dark=False)
    for name, colour in (("within", ACCENT["light"]), ("beside", CELL["light"])):
        boxes = trace(figure, name)
        assert boxes.fillcolor == colour
        assert len(boxes.x) == 6 * sum(own == colour for own in trace(figure, "cells").marker.color)
    chosen = trace(figure, "chosen")
    assert (min(chosen.x[:5]) + max(chosen.x[:5])) / 2 == position(POOLED, 3, 2)
