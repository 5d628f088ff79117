"""Gradients with and without residual connections: by hand, by a slow twin, and by theory."""

import numpy as np
import pytest
import torch

from explorer.errors import ExplorerError
from explorer.probe import residual
from explorer.probe.residual import SAMPLES, DeepSettings, measure_two_stacks, predict


def test_layer_by_layer_by_hand(monkeypatch):
    """Two inputs, two units, one layer: ∂x = ∂y with the skip, plus Wᵀ∂y where x is above zero."""
    inputs, upstream = torch.tensor([[1.0, -2.0], [3.0, 4.0]]), torch.tensor([[1.0, 1.0], [1.0, 2.0]])
    weight = torch.tensor([[1.0, 2.0], [0.0, -1.0]])
    through = torch.tensor([[1.0, 0.0], [1.0, 0.0]])  # ∂y·W = [[1, 1], [1, 0]], and 0 where x < 0
    plain, skip = (residual._gradients(inputs, [weight], upstream, False, one) for one in (False, True))
    assert plain == pytest.approx([float(through.std(correction=0)), float(upstream.std(correction=0))])
    assert skip == pytest.approx([float((through + upstream).std(correction=0)), float(upstream.std(correction=0))])


def test_slow_twin():
    settings = DeepSettings(depth=4, width=6, scheme="he", seed=3)
    source = torch.Generator().manual_seed(3)
    x, g = (torch.randn(SAMPLES, 6, generator=source, dtype=torch.float64) for _ in range(2))
    weights = [torch.randn(6, 6, generator=source, dtype=torch.float64) * (2 / 6) ** 0.5 for _ in range(4)]
    for skip, found in ((0, measure_two_stacks(settings).plain), (1, measure_two_stacks(settings).residual)):
        values, gradient, wanted = [x], g, [g.std(correction=0)]
        for weight in weights:
            values.append(skip * values[-1] + values[-1].clamp(min=0) @ weight.T)
        for weight, value in zip(weights[::-1], values[-2::-1], strict=True):
            gradient = skip * gradient + (gradient @ weight) * (value > 0)
            wanted.append(gradient.std(correction=0))
        np.testing.assert_allclose(found, np.array(wanted[::-1]), rtol=1e-10)


@pytest.mark.parametrize("scheme", ["default", "xavier", "he"])
def test_theory_is_near(scheme):
    found = measure_two_stacks(DeepSettings(depth=20, width=200, scheme=scheme))
    np.testing.assert_allclose(np.log10(found.plain), np.log10(found.plain_theory), atol=0.35)
    np.testing.assert_allclose(np.log10(found.residual), np.log10(found.residual_theory), atol=0.35)


def test_theory_by_hand():
    plain, skip = predict(DeepSettings(depth=2, scheme="xavier"))
    assert plain == pytest.approx([0.5, 0.5**0.5, 1])
    assert skip == pytest.approx([1.5, 1.5**0.5, 1])


def test_the_curriculums_claim():
    found = measure_two_stacks(DeepSettings())
    assert found.plain[0] < 1e-15
    assert 1 < found.residual[0] < 1000
    normal = measure_two_stacks(DeepSettings(scheme="he", batch_norm=True))
    assert 1 < normal.residual[0] < 100
    assert normal.plain_theory is None


def test_the_same_seed_gives_the_same():
    first, again = (measure_two_stacks(DeepSettings(depth=5, seed=4)) for _ in range(2))
    np.testing.assert_array_equal(first.plain, again.plain)
    assert not first.plain.flags.writeable


@pytest.mark.parametrize(
    "bad", [{"depth": 0}, {"depth": 101}, {"width": 1}, {"seed": -1}, {"scheme": "magic"}, {"depth": 2.5}], ids=str
)
def test_out_of_range(bad):
    with pytest.raises(ExplorerError):
        measure_two_stacks(DeepSettings(**bad))
