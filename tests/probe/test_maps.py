"""Feature maps made ready to be looked at: ranges, levels and signs, also of what is not a number."""

import math
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer.models.registry import MODELS, SHIPPED
from explorer.probe.facts import describe
from explorer.probe.maps import layer_maps, only_channels, reach
from explorer.probe.recording import record


def maps_of(network, inputs):
    """Every layer's maps, with warnings as errors: a silent NaN would warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return layer_maps(record(network, inputs), describe(network, tuple(inputs.shape[1:])))


def shown(values):
    """The maps of a layer that puts out exactly `values` (C, H, W)."""
    return maps_of(nn.Identity(), torch.as_tensor(values, dtype=torch.float32)[None])[0]


def test_levels_by_hand():
    maps = shown([[[-1.0, 0.0], [1.0, 4.0]], [[7.0, 7.0], [7.0, 7.0]]])
    assert maps.lows.tolist() == [-1, 7]
    assert maps.highs.tolist() == [4, 7]
    assert maps.levels.tolist() == [[[0, 51], [102, 255]], [[0, 0], [0, 0]]]  # a constant map is all lowest
    assert maps.channels == (0, 1)


def test_signs_follow_the_branches():
    class Branched(nn.Module):
        def __init__(self):
            super().__init__()
            self.relu, self.conv, self.plain, self.joined = (
                nn.ReLU(),
                nn.Conv2d(1, 1, 1),
                nn.MaxPool2d(1),
                nn.MaxPool2d(1),
            )
            self.sum, self.last = nn.Identity(), nn.Identity()

        def forward(self, x):
            one = self.relu(x)
            other = self.conv(one)
            return self.last(torch.cat([self.plain(one), self.sum(one + other), self.joined(one * one)], 1))

    signs = {maps.facts.name: maps.signed for maps in maps_of(Branched(), torch.randn(1, 1, 4, 4))}
    # the convolution ran before, and is not what `plain` is given
    assert signs == {"relu": False, "conv": True, "plain": False, "sum": True, "joined": False, "last": True}


@pytest.mark.parametrize("spec", [MODELS[name] for name in SHIPPED], ids=lambda spec: spec.name)
def test_levels_invert_to_within_half_a_step(spec):
    recording_input = torch.randn(1, *spec.input_shape, generator=torch.Generator().manual_seed(0))
    for maps in maps_of(spec.load(), recording_input):
        assert maps.levels.dtype == np.uint8
        assert maps.values.dtype == np.float32
        assert maps.values.shape == maps.levels.shape == (len(maps.channels), *maps.values.shape[1:])
        step = (maps.highs - maps.lows)[:, None, None] / 255
        back = maps.lows[:, None, None] + maps.levels * step
        assert np.all(np.abs(back - maps.values) <= step / 2 + 1e-5 * np.abs(maps.values).max())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.floats(width=32), min_size=4, max_size=4))
def test_any_numbers_make_sendable_maps(numbers):
    maps = shown(np.array(numbers, np.float32).reshape(1, 2, 2))
    finite = [number for number in numbers if math.isfinite(number)]
    assert maps.lows.tolist() == [min(finite, default=0)]
    assert maps.highs.tolist() == [max(finite, default=0)]
    for number, level in zip(numbers, maps.levels.ravel().tolist(), strict=True):
        if finite and number in (math.inf, max(finite)) and max(finite) > min(finite):
            assert level == 255
        if math.isnan(number) or number == -math.inf:
            assert level == 0


def test_one_bad_value_does_not_blind_the_map():
    maps = shown([[[0.0, math.nan], [math.inf, 10.0]], [[0.0, 2.0], [1.0, 2.0]]])
    assert (maps.lows.tolist(), maps.highs.tolist()) == ([0, 0], [10, 2])
    assert maps.levels.tolist() == [[[0, 0], [255, 255]], [[0, 255], [128, 255]]]
    assert math.isnan(maps.values[0, 0, 1])  # the numbers themselves stay as they are
    assert reach([maps], signed=True) == (0, 10)


def test_dense_units_are_maps_of_one_value():
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 3))
    (dense,) = maps_of(network, torch.randn(1, 1, 2, 2))
    assert dense.values.shape == (3, 1, 1)
    assert dense.lows.tolist() == dense.highs.tolist() == dense.values.ravel().tolist()


def test_half_precision_is_shown_too():
    network = nn.ReLU()
    facts = describe(network, (1, 2, 2))
    (maps,) = layer_maps(record(network, torch.ones(1, 1, 2, 2, dtype=torch.bfloat16)), facts)
    assert maps.values.dtype == np.float32


def test_signs():
    network = nn.Sequential(
        nn.MaxPool2d(1),
        nn.Conv2d(1, 1, 1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(4, 2),
        nn.Sigmoid(),
        nn.Tanh(),
    )
    assert [(maps.facts.type, maps.signed) for maps in maps_of(network, torch.randn(1, 1, 4, 4))] == [
        ("MaxPool2d", True),  # of the normalised input
        ("Conv2d", True),
        ("ReLU", False),
        ("MaxPool2d", False),  # passes on what it is given
        ("Linear", True),
        ("Sigmoid", False),
        ("Tanh", True),
    ]


@pytest.mark.parametrize("spec", [MODELS[name] for name in SHIPPED], ids=lambda spec: spec.name)
def test_unsigned_maps_have_no_negative_value(spec):
    maps = maps_of(spec.load(), torch.randn(1, *spec.input_shape, generator=torch.Generator().manual_seed(1)))
    assert {layer.signed for layer in maps} == {True, False}
    assert all(layer.values.min() >= 0 for layer in maps if not layer.signed)
    assert [layer.facts.type for layer in maps].count("Flatten") == 0


def test_a_recording_of_some_layers():
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU(), nn.MaxPool2d(2))
    facts = describe(network, (1, 4, 4))
    (pooled,) = layer_maps(record(network, torch.randn(1, 1, 4, 4), ["2"]), facts)
    assert (pooled.facts.name, pooled.signed) == ("2", False)  # known from the layers before, though not recorded


def test_only_some_channels():
    maps = shown(np.arange(12).reshape(3, 2, 2))
    some = only_channels(maps, [2, 0])
    assert some.channels == (2, 0)
    assert some.values.tolist() == [[[8, 9], [10, 11]], [[0, 1], [2, 3]]]
    assert (some.lows.tolist(), some.highs.tolist()) == ([8, 0], [11, 3])
    assert only_channels(maps, []) is maps


def test_reach_is_over_layers_of_one_kind():
    network = nn.Sequential(nn.Identity(), nn.ReLU())
    maps = maps_of(network, torch.tensor([[[[-3.0, 2.0]]]]))
    assert reach(maps[:1], signed=True) == (-3, 2)
    assert reach(maps, signed=False) == (0, 2)
    assert reach(maps[:1], signed=False) is None
