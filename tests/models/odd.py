"""Networks as engineers write them, each odd in one way; every function here is a factory that `--model` could name."""

from collections import OrderedDict

import torch
from torch import nn
from torchvision.ops import Permute


class Wrapped(nn.Module):
    """A small network (3, 8, 8) → 3 whose forward the sub-classes change."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten())
        self.first, self.second = nn.Linear(144, 3), nn.Linear(144, 3)
        nn.init.zeros_(self.first.weight)
        nn.init.zeros_(self.second.weight)
        self.first.bias.data = torch.tensor([9.0, 0.0, 0.0])
        self.second.bias.data = torch.tensor([0.0, 0.0, 1.0])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.first(self.body(x))


def a_factory(forward):
    """A factory of Wrapped with this forward."""

    def make() -> nn.Module:
        return type("Odd", (Wrapped,), {"forward": forward})()

    make.input_shape = (3, 8, 8)
    return make


def a_sum(self, x):
    z = self.body(x)
    return self.first(z) + self.second(z)


def an_auxiliary_head(self, x):
    z = self.body(x)
    answer = self.first(z)
    self.second(z)
    return answer


def a_keyword(self, *, x):
    return self.first(self.body(x))


def two_inputs(self, x, other):
    return self.first(self.body(x + other))


def no_name(self, *args):
    return self.first(self.body(args[0]))


def more_than_needed(self, x, *args, scale=1.0):
    return self.first(self.body(x)) * scale


ADDED = a_factory(a_sum)
AUXILIARY = a_factory(an_auxiliary_head)
TIMES_TEN = a_factory(lambda self, x: 10 * self.second(self.body(x)))
MEAN_IN_FORWARD = a_factory(lambda self, x: self.body[0](x).mean((2, 3))[:, :3])
SOFTMAX = a_factory(lambda self, x: (100 * self.first(self.body(x))).softmax(1))
LOG_SOFTMAX = a_factory(lambda self, x: self.second(self.body(x)).log_softmax(1))
ONE_SIGMOID = a_factory(lambda self, x: torch.sigmoid(0 * self.first(self.body(x))[:, :1] - 3.0103))
ONE_NUMBER = a_factory(lambda self, x: self.first(self.body(x))[:, 0] / 2)
SIGMOIDS = a_factory(lambda self, x: torch.sigmoid(self.second(self.body(x))))
MORE_THAN_NEEDED = a_factory(more_than_needed)

KEYWORD = a_factory(a_keyword)
TWO_INPUTS = a_factory(two_inputs)
NO_NAME = a_factory(no_name)
MISTAKE = a_factory(lambda self, x: self.nothing(x))


def _factory(make):
    make.input_shape = (3, 8, 8)
    return make


@_factory
def FINAL_CONVOLUTION():
    return nn.Sequential(nn.Conv2d(3, 4, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 3, 1))


@_factory
def MAP():
    return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 2, 1))


def channels_last(mix: str) -> nn.Module:
    """Maps of 6×7 whose four, then five channels are last in memory; mix: what the layer between the two is called."""
    torch.manual_seed(3)
    layers = {"conv": nn.Conv2d(3, 4, (3, 2)), "last": Permute([0, 2, 3, 1]), "norm": nn.LayerNorm(4)}
    layers |= {mix: nn.Linear(4, 5), "first": Permute([0, 3, 1, 2]), "mean": nn.AdaptiveAvgPool2d(1)}
    return nn.Sequential(OrderedDict(**layers, flat=nn.Flatten(), head=nn.Linear(5, 3)))


@_factory
def CHANNELS_LAST():
    return channels_last("mix")


LONG = "a" * 150 + "_" + "b" * 149


@_factory
def LONG_NAME():
    return channels_last(LONG)


@_factory
def LAZY():
    return nn.Sequential(nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(3))


@_factory
def PARALLEL():
    return nn.DataParallel(Wrapped())


@_factory
def HALF():
    return Wrapped().half()


@_factory
def SCRIPTED():
    return torch.jit.script(nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(144, 3)))


@_factory
def TRACED():
    return torch.jit.trace(FINAL_CONVOLUTION().eval(), torch.zeros(1, 3, 8, 8))


@_factory
def PARTLY_SCRIPTED():
    network = Wrapped()
    network.body[0] = torch.jit.script(network.body[0])
    return network


@_factory
def NO_LAYER():
    return nn.Sequential(nn.Flatten())


@_factory
def IN_A_LIST():
    network = Wrapped()
    network.hidden = [nn.Conv2d(3, 3, 3, padding=1)]
    network.forward = lambda x: network.first(network.body(network.hidden[0](x)))
    return network


GOOD = (
    *("ADDED", "AUXILIARY", "TIMES_TEN", "MEAN_IN_FORWARD", "SOFTMAX", "LOG_SOFTMAX", "ONE_SIGMOID", "ONE_NUMBER"),
    *("SIGMOIDS", "MORE_THAN_NEEDED", "FINAL_CONVOLUTION", "MAP", "LAZY", "PARALLEL", "CHANNELS_LAST", "LONG_NAME"),
)
# name → what the sentence must say
REFUSED = {
    "KEYWORD": "by keyword only (“x”): write its forward(self, x) without *",
    "TWO_INPUTS": "takes 2 inputs (x, other)",
    "NO_NAME": "name its input, forward(self, x), instead of *args",
    "HALF": "let the factory return network.float()",
    "MISTAKE": "mend its forward",
    "SCRIPTED": "TorchScript",
    "TRACED": "TorchScript",
    "PARTLY_SCRIPTED": "a part in TorchScript (“body.0”)",
    "NO_LAYER": "cannot be looked into",
}
