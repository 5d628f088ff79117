"""The drawn graph and the costs say what the records say."""

import pytest

from explorer.figures.architectures import cost_figure, graph_figure
from explorer.models.registry import MODELS
from explorer.probe.facts import describe
from explorer.probe.folding import fold
from explorer.probe.graph import trace
from explorer.probe.kinds import kind_of


@pytest.fixture(scope="module")
def spec():
    return MODELS["lenet5"]


@pytest.mark.parametrize("dark", [True, False])
def test_a_shape_stands_on_every_edge(spec, dark):
    drawing = fold(trace(spec.build(), spec.input_shape))
    figure = graph_figure(drawing, dark=dark)
    assert [note.text for note in figure.layout.annotations][:4] == ["1 @ 32×32", "6 @ 28×28", "6 @ 28×28", "6 @ 14×14"]
    assert len(figure.layout.annotations) == len(drawing.edges)
    assert len(figure.layout.shapes) == len(drawing.boxes) == 13
    points = figure.data[-1]
    assert [key for key, _ in points.customdata] == [""] * 13
    assert "convolution 5×5" in figure.data[1].text[1]
    assert figure.layout.height > 13 * 60


def test_costs_are_the_facts(spec):
    facts = describe(spec.build(), spec.input_shape)
    parameters, macs = cost_figure(facts, dark=False).data
    assert sum(parameters.y) == facts.parameters == 61_706
    assert list(macs.y) == [layer.macs for layer in facts.layers if layer.macs]
    assert parameters.customdata[0][0] == "c1, convolution 5×5, 6 @ 28×28"
    assert sum(share for _, share in macs.customdata) == pytest.approx(1)


def test_kinds_of_layers_that_make_maps_larger_have_plain_words():
    assert all(kind_of(name).word != name for name in ("ConvTranspose2d", "MaxUnpool2d", "Upsample"))
