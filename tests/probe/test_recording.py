"""What record() keeps, against layers run one by one, and that the network comes back exactly as it was."""

import threading
import time

import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import MODELS, SHIPPED
from explorer.probe.recording import evaluating, leaves, record


def small():
    """In-place ReLU, normalisation and dropout: all that a careless recording would get wrong."""
    torch.manual_seed(0)
    network = nn.Sequential()
    network.add_module("conv", nn.Conv2d(2, 3, 3))
    network.add_module("norm", nn.BatchNorm2d(3))
    network.add_module("relu", nn.ReLU(inplace=True))
    network.add_module("drop", nn.Dropout(0.5))
    network.add_module("flat", nn.Flatten())
    network.add_module("dense", nn.Linear(3 * 4 * 4, 5))
    network.norm.running_mean.normal_()
    return network


class Nested(nn.Module):
    """A block with a shortcut, one activation used twice and a layer that is never used."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(2, 2, 3, padding=1), nn.BatchNorm2d(2))
        self.act = nn.ReLU(inplace=True)
        self.head = nn.ModuleDict({"out": nn.Conv2d(2, 1, 1)})
        self.spare = nn.Linear(1, 1)

    def forward(self, x):
        x = self.act(self.body(x)) + x
        return self.head["out"](self.act(x))


class Failing(nn.Module):
    """A layer that raises what it is given."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def forward(self, x):
        raise self.error


def slow_record(network, x):
    """The obvious twin for a chain: each layer by itself, on a copy."""
    outputs = {}
    with torch.no_grad():
        for name, layer in network.named_children():
            x = layer.eval()(x.clone()).clone()
            outputs[name] = x
    return outputs


def state(network):
    """All that a borrower could change, as plain values."""
    return {
        "training": {name: module.training for name, module in network.named_modules()},
        "hooks": {
            name: [len(hooks) for key, hooks in vars(module).items() if key.endswith("_hooks")]
            for name, module in network.named_modules()
        },
        "requires_grad": {name: p.requires_grad for name, p in network.named_parameters()},
        "grads": {name: None if p.grad is None else p.grad.tolist() for name, p in network.named_parameters()},
        "tensors": {name: tensor.tolist() for name, tensor in network.state_dict().items()},
        "identity": [id(p) for p in network.parameters()],
    }


def mixed_up(network):
    """Give a network a state that no default would bring back."""
    network.train()
    list(network.modules())[-1].eval()
    for number, parameter in enumerate(network.parameters()):
        parameter.requires_grad_(number % 2 == 0)
        if number == 0:
            parameter.grad = torch.full_like(parameter, 7)
    next(network.children()).register_forward_hook(lambda module, args, output: None)  # somebody else's
    return network


@pytest.mark.parametrize("spec", [MODELS[name] for name in SHIPPED], ids=lambda spec: spec.name)
def test_registry_networks_against_layers_one_by_one(spec):
    network = spec.load()
    x = torch.randn(2, *spec.input_shape, generator=torch.Generator().manual_seed(0))
    recording = record(network, x)
    expected = slow_record(network, x)
    assert list(recording.outputs) == list(expected)
    for name, output in expected.items():
        torch.testing.assert_close(recording.outputs[name], output, rtol=0, atol=0)
    assert torch.equal(recording.input, x)
    assert torch.equal(recording.final, network(x))


def test_in_place_relu_does_not_overwrite_the_layer_before():
    network, x = small(), torch.randn(1, 2, 6, 6)
    recording = record(network, x)
    expected = slow_record(network, x)
    assert recording.outputs["norm"].min() < 0
    for name, output in expected.items():
        torch.testing.assert_close(recording.outputs[name], output)


def test_by_hand():
    # 1×1 kernel 2, bias −3 on [1, 2]: [−1, 1]; ReLU: [0, 1]
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU(inplace=True))
    nn.init.constant_(network[0].weight, 2)
    nn.init.constant_(network[0].bias, -3)
    recording = record(network, torch.tensor([[[[1.0, 2.0]]]]))
    assert recording.outputs["0"].tolist() == [[[[-1.0, 1.0]]]]
    assert recording.outputs["1"].tolist() == [[[[0.0, 1.0]]]]
    assert recording.taken == {"0": (1, 1, 1, 2), "1": (1, 1, 1, 2)}


def test_runs_in_evaluation_mode_without_gradients():
    network, x = small().train(), torch.randn(4, 2, 6, 6)
    first, second = record(network, x), record(network, x)
    assert torch.equal(first.outputs["drop"], first.outputs["relu"])  # dropout is off
    assert torch.equal(first.final, second.final)  # running statistics have not moved
    assert not any(output.requires_grad for output in first.outputs.values())


def test_the_recording_is_a_copy_of_the_input_too():
    x = torch.ones(1, 1, 2, 2)
    recording = record(nn.ReLU(), x)
    x.zero_()
    assert recording.input.sum() == 4
    assert recording.outputs["layer"].sum() == 4  # a bare layer is called "layer"


def test_only_the_chosen_layers():
    recording = record(small(), torch.zeros(1, 2, 6, 6), ["dense", "conv", "conv"])
    assert list(recording.outputs) == ["conv", "dense"]  # in the order of execution
    assert list(recording.tensors()) == ["input", "conv", "dense"]


def test_nested_module_with_a_layer_used_twice():
    torch.manual_seed(1)
    network, x = Nested(), torch.randn(1, 2, 5, 5)
    recording = record(network, x)
    network.eval()
    with torch.no_grad():
        conv = network.body[0](x)
        norm = network.body[1](conv)
        last = torch.relu(torch.relu(norm) + x)
        final = network.head["out"](last)
    assert list(leaves(network)) == ["body.0", "body.1", "act", "head.out", "spare"]
    assert list(recording.outputs) == ["body.0", "body.1", "act", "head.out"]  # what never ran is not there
    for name, expected in zip(recording.outputs, (conv, norm, last, final), strict=True):
        torch.testing.assert_close(recording.outputs[name], expected)


def test_layers_that_take_or_return_no_single_tensor():
    class Halves(nn.Module):
        def forward(self, x):
            return x.chunk(2, dim=1)

    class Join(nn.Module):
        def forward(self, parts):
            return torch.cat(parts, dim=1)

    recording = record(nn.Sequential(Halves(), Join()), torch.ones(1, 2, 1, 1))
    assert list(recording.outputs) == ["1"]
    assert recording.taken == {"1": ()}


def test_unknown_layer_names_the_known_ones():
    network = mixed_up(small())
    before = state(network)
    with pytest.raises(ExplorerError, match=r"“conv9”: choose one of conv, norm, relu"):
        record(network, torch.zeros(1, 2, 6, 6), ["conv", "conv9"])
    assert state(network) == before


def test_returned_as_it_came_after_success():
    network = mixed_up(small())
    before = state(network)
    record(network, torch.randn(2, 2, 6, 6))
    assert state(network) == before


@pytest.mark.parametrize(
    "error",
    [RuntimeError("no"), ValueError("no"), KeyError("no"), KeyboardInterrupt()],
    ids=lambda error: type(error).__name__,
)
def test_returned_as_it_came_after_failure(error):
    network = mixed_up(nn.Sequential(nn.Conv2d(2, 2, 1), nn.Dropout(), Failing(error), nn.ReLU()))
    before = state(network)
    with pytest.raises((ExplorerError, KeyError, KeyboardInterrupt)):
        record(network, torch.zeros(1, 2, 3, 3))
    assert state(network) == before
    network[2] = nn.Identity()
    assert record(network, torch.zeros(1, 2, 3, 3)).final.shape == (1, 2, 3, 3)  # the lock is free again


@pytest.mark.parametrize("spec", [MODELS[name] for name in SHIPPED], ids=lambda spec: spec.name)
@pytest.mark.parametrize("shape", [(1, 1, 8, 8), (1, 7, 32, 32), (3,)], ids=str)
def test_an_input_that_does_not_fit(spec, shape):
    network = spec.build()
    before = state(network)
    with pytest.raises(ExplorerError) as caught:
        record(network, torch.zeros(shape))
    assert str(shape) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert state(network) == before


def test_the_reason_is_not_made_up():
    # Memory that is not enough and a fault in a layer are no matter of shape: PyTorch's own words are passed on
    network = nn.Sequential(Failing(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nDetails")))
    with pytest.raises(ExplorerError, match=r"PyTorch says: CUDA out of memory\. Tried to allocate 2 GiB\.$"):
        record(network, torch.zeros(1, 1, 2, 2))


def test_a_bug_in_a_layer_stays_a_bug():
    with pytest.raises(AttributeError):
        record(nn.Sequential(Failing(AttributeError("typing mistake"))), torch.zeros(1, 1, 2, 2))


class Waiting(nn.Module):
    """Lets other threads run in the middle of the forward pass."""

    def forward(self, x):
        time.sleep(0.002)
        return x + 1


def test_two_threads_get_their_own_maps():
    network = nn.Sequential(*[Waiting() for _ in range(4)]).train()
    start, wrong = threading.Barrier(2), []

    def look(value):
        start.wait()
        for _ in range(10):
            recording = record(network, torch.full((1, 1, 1, 1), value))
            if [output.item() for output in recording.outputs.values()] != [value + n for n in (1, 2, 3, 4)]:
                wrong.append(value)

    threads = [threading.Thread(target=look, args=(value,)) for value in (0.0, 100.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert all(module.training for module in network.modules())


def test_evaluating_restores_each_layers_mode():
    network = small().train()
    network.norm.eval()
    before = {name: module.training for name, module in network.named_modules()}
    with evaluating(network):
        assert not any(module.training for module in network.modules())
    assert {name: module.training for name, module in network.named_modules()} == before


def test_what_forward_returned_is_the_answer_whatever_layer_ran_last():
    network = Nested()
    with torch.no_grad():
        network.forward = lambda x: Nested.forward(network, x) * 3 - 1
        recording = record(network, torch.rand(1, 2, 5, 5))
    assert torch.equal(recording.final, recording.outputs["head.out"] * 3 - 1)
    part = record(network, recording.input, ["body.0"])
    assert list(part.outputs) == ["body.0"]
    assert torch.equal(part.final, recording.final)  # also where the last layer is not recorded
    network.forward = lambda x: (Nested.forward(network, x), x)
    assert record(network, recording.input).returned is None
    assert record(network, recording.input).final is not None
