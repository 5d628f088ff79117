"""The drawings of networks: a block for each layer, as high as its maps; links where they lie."""

import pytest

from explorer.figures.hourglass import heads_figure, hourglass_figure
from explorer.models.localiser import Localiser
from explorer.models.segmenters import SEGMENTERS, segmenter
from explorer.probe.facts import describe

FACTS = {name: describe(segmenter(name, 1, 6, batch_norm=True), (1, 32, 32)) for name in SEGMENTERS}


def blocks(figure, axis="y"):
    return [shape for shape in figure.layout.shapes if shape.type == "rect" and shape.yref.split(" ")[0] == axis]


def heights(figure, axis="y"):
    return [round(32 * (shape.y1 - shape.y0)) for shape in blocks(figure, axis)]


@pytest.mark.parametrize("dark", [False, True])
def test_a_full_size_stack_and_an_hourglass(dark):
    figure = hourglass_figure({"full": FACTS["seg_full"], "glass": FACTS["seg_nearest"]}, dark=dark)
    assert heights(figure) == [32] * 8
    assert heights(figure, "y2") == [32, 32, 16, 16, 8, 8, 8, 16, 16, 32, 32, 32]
    words = [note.text for note in figure.layout.annotations]
    assert "<b>full</b>" in words
    assert "nearest<br>16×16×32" in words
    assert "max pool<br>8×8×32" in words
    hovers = [trace.hovertemplate for trace in figure.data]
    assert any("147,456 multiply-adds" in text for text in hovers)  # 32·32 places · 16 kernels · 9 weights


@pytest.mark.parametrize(
    ("name", "word", "links"), [("seg_unpool", "remembered positions", 2), ("seg_skip", "skips", 2)]
)
def test_links_are_drawn_in_pairs_and_named_once(name, word, links):
    figure = hourglass_figure({"it": FACTS[name]}, dark=False)
    paths = [shape for shape in figure.layout.shapes if shape.type == "path"]
    assert len(paths) == links
    assert [note.text for note in figure.layout.annotations].count(word) == 1


@pytest.mark.parametrize("name", ["seg_full", "seg_nearest", "seg_transposed"])
def test_networks_without_links_have_none(name):
    figure = hourglass_figure({"it": FACTS[name]}, dark=False)
    assert not [shape for shape in figure.layout.shapes if shape.type == "path"]


def test_both_heads_hang_on_the_same_extractor():
    facts = describe(Localiser(1, 5, batch_norm=True), (1, 32, 32))
    figure = heads_figure(facts, {"class_head": "class", "box_head": "box"}, dark=False)
    words = [note.text for note in figure.layout.annotations]
    assert "<b>class</b><br>5 numbers" in words
    assert "<b>box</b><br>4 numbers" in words
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    assert len(lines) == 2
    assert {(line.x0, line.y0) for line in lines} == {(lines[0].x0, 0.5)}
    assert len(blocks(figure)) == 8 + 2  # input, three pairs, the dense layer; and the heads
