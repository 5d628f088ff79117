"""Every kind of layer: PyTorch's own list is covered, and what each entry says is so for the module itself."""

import inspect
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.probe import deconvnet, provenance, steps
from explorer.probe.facts import describe
from explorer.probe.graph import program, trace
from explorer.probe.kinds import KINDS, is_known, kind_of, left_out, module_kind, of_function
from explorer.probe.kinds.kind import COPY, FUNCTION, NEVER, PASSES, SINGLE, SUM
from explorer.probe.node_values import record_nodes
from explorer.probe.stages import stages
from explorer.probe.terms import Unit
from tests.probe.kind_examples import EXAMPLES

MODULES = [name for name in dir(nn) if inspect.isclass(getattr(nn, name)) and issubclass(getattr(nn, name), nn.Module)]
FUNCTIONS = [
    name
    for name in dir(F)
    if not name.startswith("_") and callable(getattr(F, name)) and not inspect.isclass(getattr(F, name))
]
ACTIVATIONS = [name for name, kind in KINDS.items() if kind.activation and name in EXAMPLES]
ALONE = [name for name, (make, *_) in EXAMPLES.items() if type(make()).__name__ == name]  # without anything round about


@pytest.mark.parametrize("name", MODULES)
def test_every_module_of_pytorch_is_known_or_left_out_with_the_reason(name):
    assert (name in KINDS) != (name in left_out.MODULES), name
    if name in KINDS:
        assert name in EXAMPLES
        assert kind_of(name).made
        assert kind_of(name).word


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_pytorch_is_known_or_left_out_with_the_reason(name):
    if getattr(F, name).__class__.__name__ == "_SpecialForm" or getattr(F, name).__module__ == "typing":
        return  # Optional and its like
    known = is_known(of_function(name.rstrip("_")))
    assert known != (name in left_out.FUNCTIONS), name


def test_what_is_left_out_is_there():
    assert set(left_out.MODULES) <= set(MODULES)
    assert set(left_out.FUNCTIONS) <= set(FUNCTIONS)


def test_rules_that_kinds_name_are_carried_out():
    kinds = KINDS.values()
    assert {kind.sees for kind in kinds} == {"", *steps.RULES}
    assert {kind.made for kind in kinds} - {"", SUM, COPY, SINGLE, FUNCTION} == set(provenance.FORMULAS)
    assert {kind.back for kind in kinds} == {"", "unpooled", *deconvnet.WAYS}
    assert all(kind.window for kind in kinds if kind.sees == "window")
    names = [name for kind in kinds for name in (kind.name, *kind.functions, *kind.also)]
    assert len(names) == len(set(names))


def test_pytorchs_activations_have_a_before_and_an_after():
    listed = {name for name in nn.modules.activation.__all__ if name not in ("MultiheadAttention", "GLU")}
    assert {name for name in listed if kind_of(name).activation} == listed


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_shown_before_and_after(name):
    activation, shape, _ = EXAMPLES[name]
    network = nn.Sequential(nn.Conv2d(shape[0], shape[0], 1), activation())
    (stage,) = stages(describe(network, shape))
    assert (stage.layer.type, stage.activation.type) == ("Conv2d", name)


def run_of(name):
    make, shape, positive = EXAMPLES[name]
    torch.manual_seed(3)
    network = nn.Sequential(make()).eval()  # of a network that is one layer the graph shows what is in it
    inputs = torch.rand(1, *shape) + 0.1 if positive else torch.randn(1, *shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return record_nodes(program(network, shape), inputs), network, inputs


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_kind_says_is_so(name):
    """Recognised, finite, of the told shape and sign; its numbers' parts add up to what the module put out."""
    run, network, inputs = run_of(name)
    kind = kind_of(name)
    nodes = [node for node in run.graph if node.kind == name]
    assert nodes, [node.kind for node in run.graph]
    output = network(inputs)
    output = output[0] if isinstance(output, tuple) else output
    assert output.isfinite().all()
    name_of_node = nodes[-1].name
    if name_of_node not in run.values:
        return  # several tensors: what of them goes on is a step of its own
    values = run.values[name_of_node]
    assert nodes[-1].shape == tuple(values.shape)
    if kind.sign == NEVER:
        assert (values >= 0).all()
    if kind.pointwise or kind.activation:
        assert values.shape == run.values[nodes[-1].inputs[0]].shape
    if not values.is_floating_point():
        return
    random = np.random.default_rng(0)
    for _ in range(3):
        at = tuple(int(random.integers(size)) for size in values.shape)
        made = provenance.provenance(run, Unit(name_of_node, at))
        scale = max(1.0, *(float(np.abs(terms.products).sum()) for terms in made.terms)) if made.terms else 1.0
        assert abs(made.difference) <= 1e-4 * scale, (made.rule, made.total, made.recorded)
        if made.rule == "sum":
            assert made.products + made.bias == pytest.approx(made.total, abs=1e-9 * scale)
        if kind.made == FUNCTION:
            assert made.rule == "function"
        if kind.pointwise and made.terms:
            assert made.terms[0].at.size == len(at)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if kind_of(name).sign == PASSES])
def test_nothing_negative_comes_out_where_nothing_negative_goes_in(name):
    make, shape, _ = EXAMPLES[name]
    torch.manual_seed(0)
    output = make().eval()(torch.rand(1, *shape))
    assert ((output[0] if isinstance(output, tuple) else output) >= 0).all()


@pytest.mark.parametrize("name", [name for name in ALONE if kind_of(name).made in (SUM, COPY)])
def test_a_kind_that_is_called_a_sum_is_one_everywhere(name):
    """f(a + b) = f(a) + f(b) − f(0), far away from 0 too."""
    make, shape, _ = EXAMPLES[name]
    torch.manual_seed(0)
    layer = make().eval()
    one, other = (torch.randn(1, *shape) * 100 for _ in range(2))
    with torch.no_grad():
        left, right = layer(one + other), layer(one) + layer(other) - layer(torch.zeros(1, *shape))
    torch.testing.assert_close(left, right, rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("name", ["Sigmoid", "Tanh", "LocalResponseNorm", "CELU", "SELU", "Softplus", "Mish"])
def test_a_bend_near_0_is_told_as_a_bend(name):
    """Close to 0 every smooth function looks like σ(0) + x/4; no number can tell, the kind can."""
    make, shape, _ = EXAMPLES[name]
    inputs = torch.full((1, *shape), 1e-5)
    run = record_nodes(program(make().eval(), shape), inputs)
    (node,) = [node for node in run.graph if node.kind == name]
    made = provenance.provenance(run, Unit(node.name, tuple(0 for _ in node.shape)))
    assert (made.rule, made.bias) == ("function", 0)
    assert made.total == made.recorded


@pytest.mark.parametrize(
    ("step", "rule"),
    [
        (lambda x: torch.maximum(x, x * 0.5), "function"),
        (lambda x: x / 3, "sum"),
        (lambda x: 3 / (x + 1), "function"),
        (lambda x: x * 3, "sum"),
        (lambda x: x * x, "product"),
        (lambda x: x - 2, "sum"),
        (lambda x: x**2, "function"),
        (lambda x: x.abs(), "function"),
        (lambda x: torch.erfinv(x), "function"),  # not known here
        (lambda x: x @ torch.eye(3), "sum"),
        (lambda x: x @ x, "function"),
        (lambda x: F.conv2d(x, x[:, :, :2, :2]), "function"),
    ],
)
def test_steps_without_a_layer_near_0(step, rule):
    class Step(nn.Module):
        def forward(self, x):
            return step(x)

    run = record_nodes(program(Step(), (1, 3, 3)), torch.full((1, 1, 3, 3), 1e-5))
    made = provenance.provenance(run, Unit(run.graph.output[0], (0, 0, 0)))
    assert made.rule == rule
    assert made.total == pytest.approx(made.recorded, rel=1e-6)


def test_a_kind_that_is_not_known_is_taken_as_it_is_everywhere():
    class Odd(nn.Module):
        def forward(self, x):
            return torch.special.bessel_j0(x)

    network = nn.Sequential(nn.Conv2d(1, 2, 1), Odd())
    run = record_nodes(program(network, (1, 3, 3)), torch.ones(1, 1, 3, 3))
    last = run.graph.output[0]
    assert not is_known(run.graph[last].kind)
    made = provenance.provenance(run, Unit(last, (0, 0, 0)))
    assert (made.rule, made.total) == ("function", made.recorded)
    facts = describe(network, (1, 3, 3)).layers[-1]
    assert (facts.type, facts.output, facts.signed) == ("Odd", (2, 3, 3), True)
    assert "taken to see all" in facts.reason


def test_an_heir_is_what_it_comes_from_unless_it_computes_by_itself():
    class Named(nn.Conv2d):
        pass

    class Own(nn.Conv2d):
        def forward(self, x):
            return super().forward(x) * 2

    assert module_kind(Named(1, 1, 1)) == "Conv2d"
    assert module_kind(Own(1, 1, 1)) == "Own"
    assert module_kind(nn.utils.parametrizations.weight_norm(nn.Conv2d(1, 1, 1))) == "Conv2d"
    (conv,) = [node for node in trace(nn.Sequential(Named(1, 1, 1)), (1, 3, 3)) if node.module]
    assert conv.kind == "Conv2d"
