"""The measured spread against a slow twin in NumPy, against theory, and what dies."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.layers.activation import ACTIVATIONS
from explorer.models.initialise import INITIALISATIONS
from explorer.probe.activation_cost import nanoseconds_per_value
from explorer.probe.spread import SAMPLES, StackSettings, build_stack, dead_units, measure_spread

SMALL = StackSettings(depth=4, width=12, seed=3)


def slow(settings):
    """Layer by layer in NumPy: forward, then the chain rule by hand."""
    source = torch.Generator().manual_seed(settings.seed)
    x, up, _ = (torch.randn(SAMPLES, settings.width, generator=source, dtype=torch.float64).numpy() for _ in range(3))
    stack = build_stack(settings, source)
    activation = ACTIVATIONS[settings.activation]
    sums, outputs = [], [x * settings.deviation]
    for layer in stack:
        weight, bias = (part.detach().numpy() for part in (layer.dense.weight, layer.dense.bias))
        sums.append(outputs[-1] @ weight.T + bias)
        outputs.append(activation.value(sums[-1]))
    gradients = [up]
    for layer, z in zip(reversed(stack), reversed(sums), strict=True):
        gradients.insert(0, (gradients[0] * activation.slope(z)) @ layer.dense.weight.detach().numpy())
    return sums, outputs, gradients


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("scheme", INITIALISATIONS)
def test_the_spread_equals_the_slow_twins(activation, scheme):
    settings = replace(SMALL, activation=activation, scheme=scheme, bias=-0.1, deviation=1.5)
    sums, outputs, gradients = slow(settings)
    found = measure_spread(settings)
    for measured, expected in ((found.sums, sums), (found.activations, outputs), (found.gradients, gradients)):
        np.testing.assert_allclose(measured, [part.std() for part in expected], rtol=1e-9, atol=1e-15)
    if activation == "relu":
        assert found.dead.tolist() == [int((part.max(0) == 0).sum()) for part in outputs[1:]]
    else:
        assert found.dead is None


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("scheme", ["small", "xavier", "he", "default"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_H3_theory_lies_beside_what_is_measured(activation, scheme, batch_norm):
    found = measure_spread(StackSettings(5, 256, activation, scheme, batch_norm))
    rough = 0.2 if not batch_norm else 0.5  # its theory wants more inputs than units
    np.testing.assert_allclose(found.activations, found.predicted.activations, rtol=0.15)
    np.testing.assert_allclose(found.sums, found.predicted.sums, rtol=0.15)
    np.testing.assert_allclose(found.gradients, found.predicted.gradients, rtol=rough)


def test_H3_the_first_sums_have_var_x_times_n_var_w():
    for scheme, factor in {"small": 0.09, "xavier": 1, "he": 2}.items():
        found = measure_spread(StackSettings(depth=1, scheme=scheme, deviation=2.0))
        assert found.factor == pytest.approx(factor)
        assert found.sums[0] ** 2 == pytest.approx(4 * factor, rel=0.1)


def test_H3_zeros_send_nothing_through():
    found = measure_spread(replace(SMALL, scheme="zeros"))
    assert not found.activations[1:].any()
    assert not found.gradients[:-1].any()


def test_H2_the_sigmoids_gradient_vanishes_and_he_keeps_relus():
    sigmoid, relu = (measure_spread(StackSettings(activation=key)) for key in ("sigmoid", "relu"))
    assert sigmoid.gradients[0] < 1e-9
    assert relu.gradients[0] > 0.3


def test_H2_a_large_negative_bias_kills_and_leaky_units_never_die():
    alive, dead = (measure_spread(replace(SMALL, bias=bias)) for bias in (0.0, -9.0))
    assert alive.dead[0] == 0
    assert dead.dead.tolist() == [12] * 4
    assert (dead.idle == 1).all()
    assert dead.gradients[0] == 0
    leaky = measure_spread(replace(SMALL, activation="leaky", bias=-9.0))
    assert leaky.idle is None
    assert leaky.gradients[0] > 0


def test_H2_a_step_too_large_kills_and_a_small_one_does_not():
    settings = StackSettings(depth=10, scheme="he")
    before, small, large = (
        measure_spread(replace(settings, rate=rate, steps=1)).dead.sum() for rate in (0.0, 1e-4, 0.1)
    )
    assert before == measure_spread(settings).dead.sum()
    assert abs(small - before) < 20
    assert large > before + 200


def test_an_update_is_gradient_descent():
    settings = replace(SMALL, depth=1, activation="identity", scheme="zeros", rate=0.5, steps=1)
    source = torch.Generator().manual_seed(settings.seed)
    x, _, target = (torch.randn(SAMPLES, 12, generator=source, dtype=torch.float64).numpy() for _ in range(3))
    weight, bias = 0.5 * target.T @ x / SAMPLES, 0.5 * target.mean(0)  # −rate · ∂/∂w of ½·mean Σ(0 − target)²
    assert measure_spread(settings).sums[0] == pytest.approx((x @ weight.T + bias).std())


def test_saturated_values_are_a_share_of_each_layer():
    found = measure_spread(replace(SMALL, activation="tanh", deviation=100.0))
    assert found.saturated[0] > 0.9
    assert found.idle is found.saturated
    calm = measure_spread(replace(SMALL, activation="tanh", deviation=100.0, batch_norm=True))
    assert calm.saturated[0] < 0.1


def test_dead_units_by_hand():
    assert dead_units(torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]])) == 1
    maps = torch.zeros(2, 3, 4, 4)
    maps[1, 2, 0, 3] = 0.1
    assert dead_units(maps) == 2


def test_one_seed_one_result_and_the_process_own_numbers_are_left_alone():
    for scheme in INITIALISATIONS:
        torch.manual_seed(5)
        state = torch.get_rng_state()
        one, same, other = (measure_spread(replace(SMALL, scheme=scheme, seed=seed)) for seed in (1, 1, 2))
        assert torch.equal(state, torch.get_rng_state())
        assert one.activations.tolist() == same.activations.tolist()
        assert one.activations.tolist() != other.activations.tolist()


def test_the_default_is_drawn_as_pytorch_draws_it():
    stack = build_stack(StackSettings(depth=1, width=200, scheme="default"), torch.Generator().manual_seed(0))
    torch.manual_seed(0)
    theirs = nn.Linear(200, 200)
    for ours, part in ((stack[0].dense.weight, theirs.weight), (stack[0].dense.bias, theirs.bias)):
        assert ours.std().item() == pytest.approx(part.std().item(), rel=0.1)
        assert ours.abs().max().item() <= 1 / np.sqrt(200)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("depth", 0), ("depth", 51), ("width", 1), ("width", 10**9), ("seed", -1), ("steps", 21), ("steps", 1.5),
        ("rate", -1.0), ("rate", np.nan), ("bias", 1e9), ("deviation", -1.0), ("activation", "swish"),
        ("scheme", "best"),
    ],
)  # fmt: skip
def test_what_is_impossible_gets_a_sentence(name, value):
    with pytest.raises(ExplorerError, match=r"choose|give"):
        measure_spread(replace(SMALL, **{name: value}))


def test_numbers_that_overflow_get_a_sentence():
    with pytest.raises(ExplorerError, match="choose a smaller learning rate"):
        measure_spread(StackSettings(depth=30, rate=1e6, steps=20))


def test_the_records_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        measure_spread(SMALL).sums[0] = 1


def test_every_activation_costs_something():
    costs = nanoseconds_per_value()
    assert set(costs) == {"sigmoid", "tanh", "relu", "leaky"}
    assert all(cost > 0 for cost in costs.values())
    assert nanoseconds_per_value() is costs  # measured once: the page must not flicker
