"""Receptive fields of little networks with everything that a layer can do, against gradients; numbers by hand."""

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer.errors import ExplorerError
from explorer.probe.fields import fields, fields_of_layers
from explorer.probe.graph import trace
from tests.probe.field_probe import probed, supports

CHANNELS = 4


class Layer(nn.Module):
    """Any function of tensors as a layer without parameters."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


class Branches(nn.Module):
    """Both ways, cut to the smaller size, then joined."""

    def __init__(self, one, other, join):
        super().__init__()
        self.one, self.other, self.join = one, other, join
        self.end = nn.Conv2d(2 * CHANNELS if join == "cat" else CHANNELS, CHANNELS, 1)

    def forward(self, x):
        one, other = self.one(x), self.other(x)
        if self.join == "cat":
            return self.end(torch.cat([one, other], 1))
        return self.end(one + other if self.join == "add" else one * other)


class Excited(nn.Module):
    """Squeeze-and-excitation."""

    def __init__(self):
        super().__init__()
        self.pool, self.down, self.up = nn.AdaptiveAvgPool2d(1), nn.Conv2d(CHANNELS, 2, 1), nn.Conv2d(2, CHANNELS, 1)

    def forward(self, x):
        return x * self.up(self.down(self.pool(x)))


@st.composite
def windows(draw, kernel=3):
    pair = st.tuples(st.integers(1, kernel), st.integers(1, kernel))
    size, dilation = draw(pair), draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    padding = tuple(draw(st.integers(0, d * (k - 1))) for k, d in zip(size, dilation, strict=True))
    return {"kernel_size": size, "stride": draw(pair), "padding": padding, "dilation": dilation}


@st.composite
def convolutions(draw):
    window = draw(windows())
    if draw(st.booleans()):
        window |= {"padding": draw(st.sampled_from(["same", "valid"])), "stride": 1}
    elif draw(st.booleans()):
        window["padding_mode"] = draw(st.sampled_from(["reflect", "replicate", "circular"]))
    return nn.Conv2d(CHANNELS, CHANNELS, groups=draw(st.sampled_from([1, 2, 4])), **window)


@st.composite
def transposed(draw):
    window = draw(windows())
    window["padding"] = tuple(min(p, 1) for p in window["padding"])
    limits = (max(s, d) - 1 for s, d in zip(window["stride"], window["dilation"], strict=True))
    spare = tuple(draw(st.integers(0, limit)) for limit in limits)
    return nn.ConvTranspose2d(CHANNELS, CHANNELS, groups=draw(st.sampled_from([1, 2])), output_padding=spare, **window)


@st.composite
def poolings(draw):
    window = draw(windows())
    window["padding"] = tuple(k // 2 for k in window["kernel_size"])
    window["ceil_mode"] = draw(st.booleans())
    if draw(st.booleans()):
        return nn.MaxPool2d(**window)
    del window["dilation"]
    return nn.AvgPool2d(count_include_pad=draw(st.booleans()), **window)


@st.composite
def others(draw):
    factor, size = draw(st.integers(2, 3)), draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    pads = tuple(draw(st.integers(-1, 2)) for _ in range(4))
    return draw(
        st.sampled_from(
            [
                nn.Upsample(scale_factor=factor),
                nn.Upsample(scale_factor=2, mode="bilinear"),
                nn.Upsample(size=size, mode="nearest"),
                nn.Upsample(scale_factor=2, mode="bicubic"),
                nn.AdaptiveAvgPool2d(size),
                nn.AdaptiveMaxPool2d(size),
                nn.ZeroPad2d(pads),
                nn.ReplicationPad2d((1, 0, 2, 1)),
                nn.Sequential(nn.BatchNorm2d(CHANNELS), nn.ReLU(), nn.Dropout()),
                nn.Sequential(nn.PixelShuffle(2), nn.Conv2d(1, CHANNELS, 1)),
                nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(4 * CHANNELS, CHANNELS, 1)),
                Layer(lambda x: x[:, :, 1:, :-1]),
                Layer(lambda x: x[:, :, ::2]),
                Layer(lambda x: x[..., ::3]),
                Layer(lambda x: x.flip(2)),
                Layer(lambda x: torch.cat(x.chunk(2, 1)[::-1], 1)),
                Layer(lambda x: torch.cat([x.chunk(2, 2)[0], x], 2)),
                Layer(lambda x: x.narrow(3, 1, 2)),
                Layer(lambda x: F.pad(x, (1, 2))),
                Layer(lambda x: x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)),
                Layer(lambda x: x.view(x.shape[0], 2, 2, *x.shape[2:]).transpose(1, 2).flatten(1, 2)),
                Excited(),
            ]
        )
    )


def steps():
    return st.one_of(convolutions(), convolutions(), transposed(), poolings(), others())


@st.composite
def blocks(draw):
    if draw(st.integers(0, 2)):
        return draw(steps())
    join = draw(st.sampled_from(["add", "cat", "mul"]))
    stride, kernel = draw(st.integers(1, 2)), draw(st.sampled_from([1, 3, 5]))
    one = nn.Conv2d(CHANNELS, CHANNELS, kernel, stride, kernel // 2)
    other = draw(
        st.sampled_from(
            [
                nn.Conv2d(CHANNELS, CHANNELS, 1, stride),
                nn.Conv2d(CHANNELS, CHANNELS, 3, stride, 2, dilation=2),
                nn.MaxPool2d(3, stride, 1),
                nn.Sequential(nn.Conv2d(CHANNELS, CHANNELS, 3, stride, 1, groups=2), nn.Conv2d(CHANNELS, CHANNELS, 1)),
            ]
        )
    )
    return Branches(one, other, join)


def network_of(parts):
    return nn.Sequential(nn.Conv2d(1, CHANNELS, 1), *parts).eval()


def assert_as_its_gradient(network, shape):
    """Every unit of the last maps, and one of every layer before."""
    graph = trace(network, shape)
    known, layers = fields(graph), fields_of_layers(graph)
    last = known[graph.output[0]]
    with probed(network, shape, units=1) as (inputs, outputs):
        for name, output in outputs.items():
            if name in layers and layers[name].units:
                rows, columns = layers[name].units
                assert output.shape[2:] == (rows, columns)
                where = (rows // 2, columns - 1)
                assert [layers[name].box(*where)] == supports(inputs, output, [where]), name
    rows, columns = last.units
    with probed(Wrapped(network), shape, units=rows * columns) as (inputs, outputs):
        where = [(row, column) for row in range(rows) for column in range(columns)]
        assert [last.box(*place) for place in where] == supports(inputs, outputs["end"], where)


class Wrapped(nn.Module):
    """The network's own output as a layer's."""

    def __init__(self, network):
        super().__init__()
        self.network, self.end = network, nn.Identity()

    def forward(self, x):
        return self.end(self.network(x))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(blocks(), min_size=1, max_size=4), st.integers(5, 11), st.integers(5, 11))
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel", "ignore:.*adaptive", "ignore:operator")
def test_any_little_network_sees_where_its_gradient_is(parts, rows, columns):
    network, shape = network_of(parts), (1, rows, columns)
    try:
        if math.prod(network(torch.ones(1, *shape)).shape[2:]) > 400:
            return
    except (RuntimeError, ValueError, IndexError):  # the parts do not fit
        return
    assert_as_its_gradient(network, shape)


def last_of(network, shape):
    graph = trace(network, shape)
    return fields(graph)[graph.output[0]]


def test_one_convolution_by_hand():
    field = last_of(nn.Conv2d(1, 1, 3, stride=2, padding=1), (1, 9, 9))
    assert field.window.as_json() == {"size": [3, 3], "stride": [2, 2], "start": [-1, -1]}
    assert field.box(0, 4) == (0, 7, 2, 9)
    assert field.box(0, 4, clipped=False) == (-1, 7, 2, 10)


def test_even_same_padding_puts_the_odd_cell_behind():
    field = last_of(nn.Conv2d(1, 1, (4, 2), padding="same"), (1, 9, 9))
    assert (field.window.size, field.window.start) == ((4, 2), (-1, 0))


def test_up_sampling_halves_the_stride():
    field = last_of(nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, 3, padding=1)), (1, 6, 6))
    assert field.window.stride == (0.5, 0.5)
    assert field.window.size == (2, 2)
    assert [field.box(row, 4)[0] for row in range(4)] == [0, 0, 0, 1]


def test_transposed_convolution_sees_more_and_less_in_turn():
    field = last_of(nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1), (1, 5, 5))
    assert field.window.size == (2, 2)
    assert [field.box(row, 0)[2] - field.box(row, 0)[0] for row in range(4)] == [1, 2, 1, 2]


def test_ceil_mode_cuts_the_last_window():
    field = last_of(nn.MaxPool2d(2, ceil_mode=True), (1, 5, 5))
    assert field.box(2, 2) == (4, 4, 5, 5)
    assert field.box(2, 2, clipped=False) == (4, 4, 6, 6)


def test_channels_of_branches_keep_their_own_field():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.small, self.large = nn.Conv2d(1, 2, 1), nn.Conv2d(1, 3, 5, padding=2)

        def forward(self, x):
            return torch.cat([self.small(x), self.large(x)], 1)

    field = last_of(Two(), (1, 9, 9))
    assert field.window.size == (5, 5)
    assert field.box(4, 4, channel=1) == (4, 4, 5, 5)
    assert field.box(4, 4, channel=2) == (2, 2, 7, 7)
    with pytest.raises(ExplorerError, match="channel 5"):
        field.box(4, 4, channel=5)


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (nn.AdaptiveAvgPool2d(1), "global average pooling: every unit sees the whole input"),
        (nn.AdaptiveMaxPool2d(1), "global max pooling"),
        (nn.Flatten(), "without rows and columns"),
        (nn.Sequential(nn.Flatten(), nn.Linear(81, 2), nn.ReLU()), "dense: every unit sees the whole input"),
        (Layer(lambda x: x.mean((2, 3))), "global average pooling"),
        (Layer(lambda x: x.mean((2, 3), keepdim=True)), "global average pooling"),
        (Layer(lambda x: torch.fft.fft2(x).real), "not known here"),
        (Layer(lambda x: x * x.mean((2, 3), keepdim=True)), "squeeze-and-excitation"),
        (nn.GroupNorm(1, 1), "normalised by the mean"),
        (Layer(lambda x: x.flip(3)), "flipped"),
        (Layer(lambda x: torch.cat([x, x], 2)), "joined along rows"),
        (Layer(lambda x: x[:, :, ::2] + F.max_pool2d(x, (1, 1), (2, 1))[:, :, :1]), "joined by one number"),
    ],
)
def test_what_is_no_box_says_what_it_is(network, words):
    field = last_of(network, (1, 9, 9))
    assert field.window is None
    assert words in field.reason
    assert field.box()[2] > 0


def test_a_unit_that_is_not_there():
    with pytest.raises(ExplorerError, match=r"choose rows 0 to 6"):
        last_of(nn.Conv2d(1, 1, 3), (1, 9, 9)).box(7, 0)


def test_an_input_that_is_no_picture():
    with pytest.raises(ExplorerError, match="network for pictures"):
        fields(trace(nn.Linear(3, 2), (3,)))
