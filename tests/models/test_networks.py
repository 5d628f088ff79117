"""Every network of the registry builds, answers and is weighed; curriculum G1 for LeNet-5."""

from dataclasses import FrozenInstanceError

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.models.colour import colour_net, fold_batch_norm
from explorer.models.lenet import lenet5
from explorer.models.registry import MODELS, SHIPPED, find

G1 = [  # layer, output shape, parameters
    ("c1", (6, 28, 28), 156),
    ("s2", (6, 14, 14), 0),
    ("c3", (16, 10, 10), 2_416),
    ("s4", (16, 5, 5), 0),
    ("c5", (120, 1, 1), 48_120),
    ("f6", (84,), 10_164),
    ("output", (10,), 850),
]


def parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.fixture(params=SHIPPED)
def spec(request):
    return MODELS[request.param]


def test_untrained_network_answers(spec):
    torch.manual_seed(0)
    logits = spec.build()(torch.randn(1, *spec.input_shape))
    assert logits.shape == (1, len(spec.labels))
    assert logits.isfinite().all()


def test_each_build_is_a_new_network(spec):
    first, second = spec.build(), spec.build()
    assert not {id(p) for p in first.parameters()} & {id(p) for p in second.parameters()}


def test_shipped_network_is_frozen_and_in_evaluation_mode(spec):
    network = spec.load()
    assert not any(module.training for module in network.modules())
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_a_spec_is_complete(spec):
    assert find(spec.name) is spec
    assert all((spec.title, spec.summary.endswith("."), spec.suits))
    assert len(set(spec.labels)) == len(spec.labels)
    assert spec.weights.name == f"{spec.name}.safetensors"
    with pytest.raises(FrozenInstanceError):
        spec.name = "other"


def test_unknown_network_names_the_known():
    with pytest.raises(ExplorerError, match=r"“alexnot”.*lenet5, colour"):
        find("alexnot")


@pytest.mark.parametrize(("layer", "shape", "count"), G1, ids=[f"G1_{row[0]}_{row[2]}_parameters" for row in G1])
def test_G1_lenet_layer(layer, shape, count):
    x = torch.zeros(1, 1, 32, 32)
    for name, module in lenet5().named_children():
        x = module(x)
        if name == layer:
            assert (tuple(x.shape[1:]), parameters(module)) == (shape, count)
            return
    pytest.fail(f"no layer {layer}")


def test_G1_lenet_has_61706_parameters():
    assert parameters(lenet5()) == 156 + 2_416 + 48_120 + 10_164 + 850 == 61_706


@pytest.mark.parametrize("batch_norm", [False, True])
def test_colour_network_is_small(batch_norm):
    assert parameters(colour_net(batch_norm=batch_norm)) < 1_500_000


def test_colour_network_counts():
    # (in · k² + 1) · out of each convolution, and 128 · 4 · 4 values to ten classes
    convolutions = [(3, 16, 5), (16, 32, 3), (32, 64, 3), (64, 64, 3), (64, 128, 3), (128, 128, 3)]
    by_hand = sum((i * k * k + 1) * o for i, o, k in convolutions) + (128 * 16 + 1) * 10
    assert parameters(colour_net()) == by_hand == 303_210


def randomised(seed):
    """The colour network with statistics and scales as after some training, in float64."""
    torch.manual_seed(seed)
    network = colour_net(batch_norm=True)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.running_mean)
            torch.nn.init.uniform_(module.running_var, 0.2, 3)
            torch.nn.init.normal_(module.weight)  # negative scales too
            torch.nn.init.normal_(module.bias)
    return network.double()


@pytest.mark.parametrize("seed", [0, 1])
def test_folding_changes_no_output(seed):
    trained = randomised(seed)
    inputs = torch.randn(2, 3, 32, 32, dtype=torch.float64)
    folded = fold_batch_norm(trained).double()
    # the folded network holds float32 weights: each output within float32's rounding of the exact one
    expected = trained.eval()(inputs)
    torch.testing.assert_close(folded(inputs), expected, rtol=1e-4, atol=1e-4 * expected.abs().max().item())
    assert [type(module).__name__ for module in folded].count("BatchNorm2d") == 0


def test_folding_by_hand():
    # γ (w x + b − μ) / σ + β with w = 2, b = 1, μ = 3, σ² = 4, γ = 6, β = 5: 6 · (2x − 2) / 2 + 5 = 6x − 1
    trained = colour_net(batch_norm=True)
    with torch.no_grad():
        trained.conv1.weight.fill_(2)
        trained.conv1.bias.fill_(1)
        trained.norm1.running_mean.fill_(3)
        trained.norm1.running_var.fill_(4)
        trained.norm1.weight.fill_(6)
        trained.norm1.bias.fill_(5)
    folded = fold_batch_norm(trained)
    assert folded.conv1.weight.unique().tolist() == pytest.approx([6] * len(folded.conv1.weight.unique()), abs=1e-4)
    assert folded.conv1.bias.tolist() == pytest.approx([-1] * 16, abs=1e-4)


def test_folding_leaves_the_trained_weights_alone():
    trained = randomised(2)
    before = {name: tensor.clone() for name, tensor in trained.state_dict().items()}
    fold_batch_norm(trained)
    assert all(torch.equal(before[name], tensor) for name, tensor in trained.state_dict().items())
