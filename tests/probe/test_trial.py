"""Networks of strangers: each is accepted and can then be looked into everywhere, or refused with one sentence."""

import warnings

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.models.own import own_spec
from explorer.probe.facts import describe
from explorer.probe.recording import record
from explorer.probe.trial import tried
from tests.models import odd


def spec_of(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that TorchScript is old
        return tried(own_spec(f"tests.models.odd:{name}"))


@pytest.mark.parametrize("name", odd.GOOD)
def test_what_is_accepted_can_be_looked_into(name):
    spec = spec_of(name)
    assert describe(spec.build(), spec.input_shape).layers
    inputs = torch.rand(1, 3, 8, 8)
    recording = record(spec.load(), inputs)
    assert torch.equal(recording.final, spec.load()(inputs))  # what it returned, whatever ran last
    assert spec.shapes()
    spec.with_weights(spec.build().state_dict())


@pytest.mark.parametrize("name", odd.REFUSED)
def test_what_is_not_is_refused_with_its_own_remedy(name):
    with pytest.raises(ExplorerError) as caught:
        spec_of(name)
    said = str(caught.value)
    assert odd.REFUSED[name] in said
    assert "\n" not in said
    assert len(said) < 500
    assert "--input-shape" not in said


def test_a_convolution_in_a_plain_list_is_accepted_or_refused_but_never_raises():
    try:
        spec = spec_of("IN_A_LIST")
    except ExplorerError:
        return
    assert describe(spec.build(), spec.input_shape).layers


def test_the_factory_is_called_once(monkeypatch):
    calls = []

    def make():
        calls.append(1)
        return odd.LAZY()

    make.input_shape = (3, 8, 8)
    monkeypatch.setattr(odd, "COUNTED", make, raising=False)
    spec = spec_of("COUNTED")
    network = spec.load()
    assert spec.load() is network is spec.build()
    spec.shapes()
    other = spec.with_weights({name: tensor + 1 for name, tensor in network.state_dict().items()})
    assert not torch.equal(other.state_dict()["4.bias"], network.state_dict()["4.bias"])
    assert calls == [1]
