"""Heat maps: each method by hand on a network small enough for that, and every method on every shipped network."""

import contextlib
import copy

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.registry import SHIPPED, find
from explorer.probe import attribution
from explorer.probe.attribution import ATTRIBUTIONS, attribute, integrated_gradients, last_maps, occlusion
from explorer.probe.lending import lent

WEIGHTS = torch.tensor([[[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]], [[-4.0, 1.0, 2.0], [2.0, -1.0, 0.0]]])  # (2, 2, 3)
PIXELS = torch.tensor([[[[2.0, 1.0, 0.0], [1.0, -1.0, 4.0]], [[1.0, 1.0, 1.0], [0.5, 2.0, 3.0]]]])  # (1, 2, 2, 3)


def linear():
    """logit 0 = Σ w·x + 7, logit 1 = −Σ w·x."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
    with torch.no_grad():
        network[1].weight.copy_(torch.stack([WEIGHTS.ravel(), -WEIGHTS.ravel()]))
        network[1].bias.copy_(torch.tensor([7.0, 0.0]))
    return network


class Inplace(nn.Module):
    """In-place ReLU right on the input and after a convolution, normalisation, dropout: all that a borrower could trip over."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.first = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(4 * 36, 3)

    def forward(self, x):
        return self.head(self.drop(self.relu(self.norm(self.conv(self.first(x))))).flatten(1))


class Broken(Inplace):
    """Fails after its convolution, in the `after`-th forward pass."""

    def __init__(self, after):
        super().__init__()
        self.after = after

    def forward(self, x):
        self.after -= 1
        if self.after < 0:
            self.conv(self.first(x))
            raise RuntimeError("out of memory, say")
        return super().forward(x)


def state(network):
    """All that a borrower could change, as plain values."""
    return {
        "hooks": [
            len(v) for m in network.modules() for k, v in vars(m).items() if k.endswith("_hooks") and v is not None
        ],
        "modes": [(m.training, getattr(m, "inplace", None)) for m in network.modules()],
        "requires_grad": [p.requires_grad for p in network.parameters()],
        "grads": [None if p.grad is None else p.grad.tolist() for p in network.parameters()],
        "tensors": {name: tensor.tolist() for name, tensor in network.state_dict().items()},
        "identity": [(id(p), id(p.grad)) for p in network.parameters()],
    }


def mixed_up(network):
    """A network in the middle of somebody's work: modes, requires_grad and gradients of all kinds."""
    network.train()
    network.norm.eval()
    for index, parameter in enumerate(network.parameters()):
        parameter.requires_grad_(index % 2 == 0)
        parameter.grad = torch.full_like(parameter, 5.0) if index % 4 == 0 else None
    network.conv.register_forward_hook(lambda module, args, output: None)
    return network


INPUT = torch.linspace(-1, 2, 72).reshape(1, 2, 6, 6)


# ── every method ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ATTRIBUTIONS)
@pytest.mark.parametrize("name", SHIPPED)
def test_every_method_maps_every_shipped_network(name, method):
    spec = find(name)
    network, inputs = spec.load(), torch.rand(1, *spec.input_shape, generator=torch.Generator().manual_seed(1))
    first, second = (attribute(method, network, inputs, 3) for _ in range(2))
    assert first.values.shape == spec.input_shape[1:]
    assert first.values.dtype == np.float32
    assert np.isfinite(first.values).all()
    assert first.signed == ATTRIBUTIONS[method].signed
    assert first.signed or first.values.min() >= 0
    assert first.values.max() > first.values.min()
    np.testing.assert_array_equal(first.values, second.values)
    assert not first.values.flags.writeable


@pytest.mark.parametrize("method", ATTRIBUTIONS)
def test_the_network_and_the_input_come_back_as_they_came(method):
    network, inputs = mixed_up(Inplace()), INPUT.clone()
    before = state(network)
    attribute(method, network, inputs, 1)
    assert state(network) == before
    assert torch.equal(inputs, INPUT)
    assert not inputs.requires_grad


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("method", ATTRIBUTIONS)
def test_it_comes_back_after_a_failure_too(method, after):
    network = mixed_up(Broken(after))
    before = state(network)
    if after == 2 and method != "occlusion":  # the fewest passes that a method needs
        with contextlib.suppress(ExplorerError):
            attribute(method, network, INPUT, 1)
    else:
        with pytest.raises(ExplorerError, match="out of memory, say"):
            attribute(method, network, INPUT, 1)
    assert state(network) == before


def spoil(network):
    """All that a borrower should not do, and then a failure."""
    with lent(network):
        network.conv.register_forward_hook(lambda *args: None)
        network.head.register_full_backward_hook(lambda *args: None)
        network.requires_grad_(True)
        network.train()
        network(INPUT).sum().backward()
        raise KeyError("anything")


def test_what_a_careless_borrower_leaves_is_taken_away():
    network = mixed_up(Inplace())
    before = state(network)
    with pytest.raises(KeyError, match="anything"):
        spoil(network)
    after = state(network)
    running = {name for name in before["tensors"] if "norm." in name}  # training mode: the borrower's own doing
    for part in (before, after):
        part["tensors"] = {name: values for name, values in part["tensors"].items() if name not in running}
    assert after == before


@pytest.mark.parametrize("method", ATTRIBUTIONS)
def test_layers_that_overwrite_their_input_change_no_map(method):
    network = Inplace()
    plain = copy.deepcopy(network)
    plain.first.inplace = plain.relu.inplace = False
    expected, found = (attribute(method, one, INPUT, 2).values for one in (plain, network))
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("method", [name for name in ATTRIBUTIONS if name != "grad_cam"])
def test_another_class_has_the_opposite_map_where_its_weights_are_opposite(method):
    first, second = (attribute(method, linear(), PIXELS, target).values for target in (0, 1))
    np.testing.assert_allclose(second, first if method == "saliency" else -first, atol=1e-5)


# ── by hand ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_saliency_of_a_linear_model_is_the_larger_weight():
    np.testing.assert_allclose(attribute("saliency", linear(), PIXELS, 0).values, [[4, 2, 2], [2, 3, 1]])


def test_input_times_gradient_of_a_linear_model_is_weight_times_pixel():
    # top left: 2·1 + 1·(−4) = −2; bottom right: 4·(−1) + 3·0 = −4
    np.testing.assert_allclose(
        attribute("input_x_gradient", linear(), PIXELS, 0).values, [[-2, -1, 2], [1, -5, -4]], atol=1e-6
    )


def test_integrated_gradients_of_a_linear_model():
    baseline = torch.full_like(PIXELS, 0.5)
    found = attribute("integrated_gradients", linear(), PIXELS, 0, baseline=baseline).values
    np.testing.assert_allclose(found, ((PIXELS - 0.5)[0] * WEIGHTS).sum(0), atol=1e-5)


def test_integrated_gradients_of_a_square_by_hand():
    class Square(nn.Module):
        def forward(self, x):
            return (x**2).sum((1, 2, 3), keepdim=True)[:, :, 0, 0]

    baseline = torch.ones_like(PIXELS)
    found = integrated_gradients(Square(), PIXELS.clone(), 0, baseline)
    # (x − b)·∫₀¹ 2(b + t(x − b)) dt = (x − b)(x + b) = x² − b²
    torch.testing.assert_close(found.detach(), (PIXELS**2 - 1)[0].sum(0), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", SHIPPED)
def test_integrated_gradients_add_up_to_the_logits_change(name):
    spec = find(name)
    network, inputs = spec.load(), torch.rand(1, *spec.input_shape, generator=torch.Generator().manual_seed(2))
    baseline = spec.feeding.normalise(torch.zeros_like(inputs))
    values = attribute("integrated_gradients", network, inputs, 4, baseline=baseline).values
    change = float((network(inputs) - network(baseline))[0, 4])
    assert values.sum() == pytest.approx(change, abs=0.02 * abs(change) + 0.05)


def test_occlusion_of_a_linear_model_is_exact():
    baseline = torch.full_like(PIXELS, -1.0)
    found = occlusion(linear(), PIXELS, 0, baseline, window=1, stride=1)
    torch.testing.assert_close(found, ((PIXELS + 1)[0] * WEIGHTS).sum(0), atol=1e-5, rtol=1e-5)


def slow_occlusion(network, inputs, target, baseline, window, stride):
    """Each window in turn, pixel by pixel; a window that would hang over the edge is cut off there."""
    height, width = inputs.shape[2:]
    total, count = np.zeros((height, width)), np.zeros((height, width))
    with torch.no_grad():
        whole = float(network(inputs)[0, target])
        tops = [stride * i for i in range(-(-(height - window) // stride) + 1)]
        lefts = [stride * i for i in range(-(-(width - window) // stride) + 1)]
        for top in tops:
            for left in lefts:
                at = (slice(top, top + window), slice(left, left + window))
                covered = inputs.clone()
                covered[0, :, *at] = baseline[0, :, *at]
                total[at] += whole - float(network(covered)[0, target])
                count[at] += 1
    return total / count


@pytest.mark.parametrize(("window", "stride"), [(1, 1), (2, 1), (3, 2), (3, 3), (5, 1), (6, 6)])
def test_occlusion_equals_its_slow_twin(window, stride):
    network, baseline = Inplace().eval(), torch.full_like(INPUT, 0.3)
    network.first.inplace = False
    found = occlusion(network, INPUT, 2, baseline, window=window, stride=stride)
    np.testing.assert_allclose(found, slow_occlusion(network, INPUT, 2, baseline, window, stride), atol=1e-5, rtol=1e-4)


def test_grad_cam_by_hand():
    # Two 1×1 kernels: A₀ = x, A₁ = −2x. The logit is the sum of A₀ minus a quarter of the sum of A₁, over 2×2 places:
    # mean gradients 1 and −1/4, so that the map is ReLU(1·x + (−1/4)(−2x)) = ReLU(1.5x).
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.maps, self.head = nn.Conv2d(1, 2, 1, bias=False), nn.Linear(8, 1, bias=False)
            with torch.no_grad():
                self.maps.weight.copy_(torch.tensor([1.0, -2.0]).reshape(2, 1, 1, 1))
                self.head.weight.copy_(torch.tensor([[1.0] * 4 + [-0.25] * 4]))

        def forward(self, x):
            return self.head(self.maps(x).flatten(1))

    inputs = torch.tensor([[[[1.0, -2.0], [3.0, 0.5]]]])
    np.testing.assert_allclose(attribute("grad_cam", Two(), inputs, 0).values, [[1.5, 0], [4.5, 0.75]])


def test_grad_cam_is_enlarged_to_the_input():
    network = nn.Sequential(nn.Conv2d(1, 1, 2, stride=2, bias=False), nn.Flatten(), nn.Linear(4, 2))
    assert attribute("grad_cam", network, torch.rand(1, 1, 4, 4), 0).values.shape == (4, 4)


# ── which layer Grad-CAM weighs ─────────────────────────────────────────────────────────────────────────────


def test_the_last_maps_of_the_shipped_networks():
    found = {name: last_maps(find(name).load(), torch.zeros(1, *find(name).input_shape)) for name in SHIPPED}
    assert found == {"lenet5": "relu3", "colour": "relu6"}


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("resnet18", "layer4.1.relu"),  # the last block's output, after the sum
        ("squeezenet1_1", "classifier.2"),
        ("googlenet", "inception5b"),  # the concatenation, not its last branch
    ],
)
def test_the_last_maps_of_torchvisions_networks(name, layer):
    assert last_maps(find(name).load_random(), torch.zeros(1, 3, 64, 64)) == layer


# ── what cannot be done ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "network", "inputs", "target", "words"),
    [
        ("magic", linear(), PIXELS, 0, "choose one of saliency"),
        ("saliency", linear(), PIXELS, 2, "choose 0 to 1"),
        ("saliency", linear(), PIXELS, -1, "choose 0 to 1"),
        ("saliency", linear(), PIXELS[0], 0, "give (1, C, H, W)"),
        ("saliency", linear(), PIXELS.repeat(2, 1, 1, 1), 0, "give (1, C, H, W)"),
        ("saliency", linear(), torch.zeros(1, 1, 2, 3), 0, "choose the size"),
        ("saliency", nn.Conv2d(2, 3, 1), PIXELS, 0, "no logits"),
        ("grad_cam", linear(), PIXELS, 0, "choose another method"),
    ],
)
def test_what_is_impossible_gets_a_sentence(method, network, inputs, target, words):
    with pytest.raises(ExplorerError, match=r"choose|give") as caught:
        attribute(method, network, inputs, target)
    assert words in str(caught.value)


def test_a_baseline_of_another_shape_is_refused():
    with pytest.raises(ExplorerError, match="does not fit"):
        attribute("occlusion", linear(), PIXELS, 0, baseline=torch.zeros(1, 1, 2, 3))


def test_a_map_that_is_no_number_is_refused():
    network = linear()
    with torch.no_grad():
        network[1].weight.fill_(float("nan"))
    with pytest.raises(ExplorerError, match="not a number"):
        attribute("saliency", network, PIXELS, 0)


def test_large_inputs_are_varied_few_at_a_time():
    assert attribution.at_once(torch.zeros(1, 3, 224, 224)) == 13
    assert attribution.at_once(torch.zeros(1, 1, 32, 32)) == 128
