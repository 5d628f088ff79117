"""A folded graph: every step is in one box, no edge is lost, and nothing stands upon anything else."""

import itertools

import pytest
import torch
from torch import nn

from explorer.models.zoo import ZOO
from explorer.probe.folding import fold
from explorer.probe.graph import trace


class Residual(nn.Module):
    def __init__(self, relu=True):
        super().__init__()
        self.first, self.second = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)
        self.relu = nn.ReLU() if relu else nn.Sigmoid()

    def forward(self, x):
        return self.relu(x + self.second(self.relu(self.first(x))))


class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3)
        self.stage = nn.Sequential(*(Residual() for _ in range(4)), Residual(relu=False))

    def forward(self, x):
        return torch.flatten(self.stage(self.stem(x)), 1)


@pytest.fixture(scope="module")
def graph():
    return trace(Whole(), (1, 8, 8))


def titles(drawing):
    return [box.title for box in drawing.boxes]


def test_a_block_is_one_box_until_it_is_unfolded(graph):
    drawing = fold(graph)
    assert titles(drawing) == ["input", "stem", "stage", "Flatten"]
    assert [box.row for box in drawing.boxes] == [0, 1, 2, 3]
    assert [box.folded for box in drawing.boxes] == [False, False, True, False]
    assert [edge.shape for edge in drawing.edges] == [(1, 8, 8), (4, 6, 6), (4, 6, 6)]


def test_equal_blocks_in_a_row_are_one_box(graph):
    drawing = fold(graph, {"stage"})
    assert titles(drawing) == ["input", "stem", "stage.0…3", "stage.4", "Flatten"]
    assert drawing.boxes[2].count == 4
    assert titles(fold(graph, {"stage", "stage.0…3"}))[2:6] == ["stage.0", "stage.1", "stage.2", "stage.3"]


def test_a_residual_block_by_hand(graph):
    drawing = fold(graph, {"stage", "stage.0…3", "stage.1"})
    by_key = {box.key: box for box in drawing.boxes}
    inner = [box for box in drawing.boxes if box.key.startswith("stage_1") or box.kind == "add"]
    assert [box.kind for box in inner] == ["Conv2d", "ReLU", "Conv2d", "add", "ReLU"]
    add = next(box for box in inner if box.kind == "add")
    arriving = [edge for edge in drawing.edges if edge.target == add.key]
    assert {edge.source for edge in arriving} == {inner[2].key, "stage.0"}
    skip = next(edge for edge in arriving if edge.source == "stage.0")
    assert [row for _, row in skip.points] == list(range(by_key["stage.0"].row, add.row + 1))
    assert skip.points[1][0] != inner[0].column  # it passes the convolution at its side


def test_unknown_names_change_nothing(graph):
    assert fold(graph, {"nobody", "stem", ""}) == fold(graph)


@pytest.mark.parametrize("spec", [spec for spec in ZOO if spec.name != "resnet152"], ids=lambda spec: spec.name)
def test_every_network_folds_and_unfolds_without_overlaps(spec):
    with torch.device("meta"):
        graph = trace(spec.build(), spec.input_shape)
    everything = {node.block.rsplit(".", cut)[0] for node in graph for cut in range(node.block.count(".") + 1)}
    for unfolded in ((), everything | {"features"}):
        drawing = fold(graph, unfolded)
        assert sum(box.steps for box in drawing.boxes) == len(graph.nodes)
        rows = {box.key: box.row for box in drawing.boxes}
        assert len(rows) == len(drawing.boxes)
        assert all(rows[edge.source] < rows[edge.target] for edge in drawing.edges)
        places = sorted((box.row, box.column) for box in drawing.boxes)
        for (row, left), (other, right) in itertools.pairwise(places):
            assert row != other or right - left > 0.99
        assert {edge.target for edge in drawing.edges} | {drawing.boxes[0].key} == set(rows)  # all can be reached


def test_whole_inception_block_joins_four_branches():
    spec = next(spec for spec in ZOO if spec.name == "googlenet")
    with torch.device("meta"):
        block = trace(spec.build().inception3a, (192, 28, 28))
    drawing = fold(block)
    join = drawing.boxes[-1]
    assert join.kind == "cat"
    assert [edge.shape for edge in drawing.edges if edge.target == join.key] == [
        (channels, 28, 28) for channels in (64, 128, 32, 32)
    ]
