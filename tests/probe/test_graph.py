"""A network's steps: their order, names, settings and shapes, however the network's code is written."""

import threading

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import MODELS
from explorer.probe.graph import INPUT, trace
from explorer.probe.operations import function_name
from explorer.probe.recording import leaves


class Net(nn.Module):
    """A branch, a layer that runs twice, functions and a method."""

    def __init__(self):
        super().__init__()
        self.conv, self.relu, self.bn = nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(inplace=True), nn.BatchNorm2d(2)
        self.unused = nn.Linear(1, 1)

    def forward(self, x):
        y = self.relu(self.bn(self.conv(x)))
        z = self.relu(torch.cat([y, x], 1))
        return F.max_pool2d(z, 2, ceil_mode=True).flatten(1)


class Shapely(Net):
    """Looks at a shape's value, which symbols cannot."""

    def forward(self, x):
        if x.shape[2] > 3:
            x = self.conv(x)
        return self.relu(x) + 1


def test_nodes_by_hand():
    graph = trace(Net(), (1, 5, 5))
    seen = [(node.kind, node.module, node.inputs, node.shape) for node in graph]
    assert seen == [
        (INPUT, None, (), (1, 5, 5)),
        ("Conv2d", "conv", ("x",), (2, 5, 5)),
        ("BatchNorm2d", "bn", ("conv",), (2, 5, 5)),
        ("ReLU", "relu", ("bn",), (2, 5, 5)),
        ("cat", None, ("relu", "x"), (3, 5, 5)),
        ("ReLU", "relu", ("cat",), (3, 5, 5)),
        ("MaxPool2d", None, ("relu_1",), (3, 3, 3)),
        ("Flatten", None, ("max_pool2d",), (27,)),
    ]
    assert graph.output == ("flatten",)
    assert [node.name for node in graph.of_layer("relu")] == ["relu", "relu_1"]
    assert graph.of_layer("unused") == ()
    assert graph["conv"].settings["padding"] == (1, 1)
    assert graph["max_pool2d"].settings["kernel_size"] == 2
    assert graph["max_pool2d"].settings["ceil_mode"] is True
    assert graph["cat"].settings["dim"] == 1
    with pytest.raises(KeyError):
        graph["nothing"]


def test_titles_tell_the_runs_of_one_layer_apart():
    titles = trace(Net(), (1, 4, 4)).titles
    assert [titles[name] for name in ("conv", "relu", "relu_1")] == ["conv", "relu, run 1", "relu, run 2"]


def test_code_that_looks_at_shapes_is_followed_too():
    graph = trace(Shapely(), (1, 5, 5))
    assert [(node.kind, node.module) for node in graph] == [
        (INPUT, None),
        ("Conv2d", "conv"),
        ("ReLU", "relu"),
        ("add", None),
    ]
    assert graph.nodes[1].settings["padding"] == (1, 1)
    assert graph.nodes[1].settings["kernel_size"] == (3, 3)


@pytest.mark.parametrize(
    ("layer", "kind"), [(nn.ReLU6(), "ReLU6"), (nn.Hardtanh(), "Hardtanh"), (nn.Hardtanh(-1, 6), "Hardtanh")]
)
def test_a_relu6_stays_one_where_code_looks_at_shapes(layer, kind):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.bend = layer

        def forward(self, x):
            return self.bend(x) if x.shape[-1] > 1 else x

    assert [node.kind for node in trace(Net(), (1, 4, 4))] == [INPUT, kind]


def test_what_is_taken_twice_stands_twice():
    class Double(nn.Module):
        def forward(self, x):
            return x + x

    assert trace(Double(), (1, 2, 2)).nodes[-1].inputs == ("x", "x")


def test_pieces_have_no_one_shape():
    class Halves(nn.Module):
        def forward(self, x):
            one, other = x.chunk(2, 1)
            return one * other

    graph = trace(Halves(), (6, 2, 2))
    chunk = graph["chunk"]
    assert (chunk.shape, chunk.settings["shapes"]) == ((), ((3, 2, 2), (3, 2, 2)))
    assert [node.kind for node in graph] == [INPUT, "chunk", "getitem", "getitem", "mul"]


def test_code_that_depends_on_numbers_is_refused_in_one_sentence():
    class Moody(nn.Module):
        def forward(self, x):
            return x if float(x.sum()) > 0 else -x

    with pytest.raises(ExplorerError, match=r"Moody could not be followed on an input of shape \(1, 2, 2\)"):
        trace(Moody(), (1, 2, 2))


def test_an_input_that_does_not_fit():
    with pytest.raises(ExplorerError, match="Sequential could not be followed"):
        trace(MODELS["lenet5"].build(), (1, 4, 4))


def test_the_network_stays_as_it_was():
    network = Net().train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    trace(network, (1, 5, 5))
    assert network.training
    assert network.bn.training
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
    assert all(parameter.device.type == "cpu" for parameter in network.parameters())


def test_other_threads_run_meanwhile():
    network, inputs, faults, over = Net().eval(), torch.randn(1, 1, 5, 5), [], threading.Event()

    def run():
        while not over.is_set():
            try:
                assert isinstance(network(inputs), torch.Tensor)
            except Exception as error:
                faults.append(error)
                return

    thread = threading.Thread(target=run)
    thread.start()
    for _ in range(20):
        trace(network, (1, 5, 5))
    over.set()
    thread.join()
    assert faults == []


@pytest.mark.parametrize("name", ["lenet5", "colour", "squeezenet1_1", "resnet18"])
def test_every_layer_is_found(name):
    spec = MODELS[name]
    network = spec.build()
    found = [node.module for node in trace(network, spec.input_shape) if node.module]
    assert set(found) == set(leaves(network))


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (torch.relu_, "relu"),
        (torch.ops.aten.relu_.default, "relu"),
        (F.max_pool2d, "max_pool2d"),
        ("add_", "add"),
        (torch.concat, "cat"),
        ("__iadd__", "add"),
    ],
)
def test_one_name_for_one_thing(target, name):
    assert function_name(target) == name
