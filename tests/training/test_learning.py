"""What of a student learns: frozen weights stay to the last bit, rates fall with depth, and kept features change nothing."""

import dataclasses

import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages
from explorer.models.feeding import DIGITS
from explorer.models.trainable import Design, build
from explorer.training.config import TrainConfig
from explorer.training.evaluation import judge
from explorer.training.learning import depth_factors, learning_of
from explorer.training.loop import train
from explorer.training.optimisers import OPTIMISERS
from explorer.training.settings import Transfer
from explorer.training.step import Training
from tests.data.sets import stripes

CPU = torch.device("cpu")
SHAPE = (1, 32, 32)
PARTS = ("c1", "c3", "c5", "f6")


def config(**more):
    return TrainConfig(**{"epochs": 2, "batch_size": 8, "device": "cpu", "rate": 0.01, **more})


def network(**design):
    return build(Design(**{"batch_norm": True, "dropout": 0.3, **design}), 1, 2, seed=3)


def learned(student, cut="c5", *, features=False, data=None, design=None, **more):
    """A network after two epochs, its state before, and the training."""
    data, own = data or stripes(), network(**(design or {}))
    before = {name: tensor.clone() for name, tensor in own.state_dict().items()}
    learning = learning_of(own, Transfer("lenet5", cut, student), SHAPE)
    if features:
        learning = learning.with_features(data, DIGITS, CPU)
        assert learning.features is not None
    held = []
    train(own, data, DIGITS.normalise, config(**more), learning=learning, begun=held.append)
    return own, before, held[0]


def moved(own, before):
    """Tensors that changed."""
    return {name for name, tensor in own.state_dict().items() if not torch.equal(tensor, before[name])}


@pytest.mark.parametrize("augmentation", ["none", "shift"])
@pytest.mark.parametrize("features", [False, True])
def test_what_is_frozen_stays_to_the_last_bit(features, augmentation):
    if features and augmentation != "none":
        pytest.skip("varied pictures have no features to keep")
    own, before, _ = learned("last", "norm3", features=features, augmentation=augmentation, weight_decay=0.5)
    above = {name for name in before if name.partition(".")[0] in ("c5", "norm5", "f6", "output")}
    assert moved(own, before) == above  # norm1's and norm3's averages stay too
    assert all(weights.requires_grad == (name in above) for name, weights in own.named_parameters())


def test_fine_tuning_and_scratch_move_everything():
    for student in ("fine_tune", "scratch"):
        own, before, _ = learned(student)
        assert moved(own, before) == set(before)


@pytest.mark.parametrize("cut", ["c1", "s2", "c3", "relu5", "f6"])
def test_kept_features_give_the_same_weights(cut):
    slow, _, _ = learned("last", cut)
    quick, _, training = learned("last", cut, features=True)
    for name, tensor in quick.state_dict().items():
        torch.testing.assert_close(tensor, slow.state_dict()[name], rtol=1e-4, atol=1e-5)
    assert training.learner is not training.network
    whole = judge(training.network, stripes().test, DIGITS.normalise)
    quick_verdict = judge(training.learner, training.test_set, training.normalise)
    assert quick_verdict.accuracy == whole.accuracy
    assert quick_verdict.loss == pytest.approx(whole.loss, abs=1e-5)


def test_features_are_kept_and_read_again(runs, monkeypatch):
    learning = learning_of(network(), Transfer("lenet5", "norm3", "last"), SHAPE)
    data = stripes()
    first = learning.with_features(data, DIGITS, CPU).features
    files = list((runs.parent / "cached" / "features").iterdir())
    assert len(files) == 1  # both halves are the same pictures
    monkeypatch.setattr("explorer.training.features._compute", lambda *arguments: pytest.fail("computed again"))
    again = learning.with_features(data, DIGITS, CPU).features
    assert torch.equal(first.train.images, again.train.images)
    assert first.train.images.shape == (40, 16, 5, 5)
    assert torch.equal(first.train.labels, data.train.labels)


@pytest.mark.parametrize("change", ["weights", "pictures", "activation", "feeding", "cut"])
def test_other_weights_pictures_or_layers_are_other_features(change):
    def features(design, weights=0.0, pictures=0, feeding=DIGITS, cut="c3"):
        own = build(design, 1, 2, seed=3)
        own.c1.weight.data += weights
        halves = LabelledImages(stripes().train.images.roll(pictures, dims=-1), stripes().train.labels)
        data = DataSet("stripes", ("above", "below"), halves, halves)
        learning = learning_of(own, Transfer("lenet5", cut, "last"), SHAPE)
        return learning.with_features(data, feeding, CPU).features.train.images

    usual = features(Design())
    changed = {
        "weights": lambda: features(Design(), weights=0.1),
        "pictures": lambda: features(Design(), pictures=3),
        "activation": lambda: features(Design(activation="leaky")),
        "feeding": lambda: features(Design(), feeding=dataclasses.replace(DIGITS, mean=(0.5,))),
        "cut": lambda: features(Design(), cut="c1"),
    }[change]()
    assert changed.shape != usual.shape or not torch.equal(changed, usual)


@pytest.mark.parametrize("spoil", ["cut off", "text", "other shape", "not numbers", "another name"])
def test_a_spoilt_file_is_computed_again(runs, spoil):
    from safetensors.torch import save

    learning = learning_of(network(), Transfer("lenet5", "c3", "last"), SHAPE)
    wanted = learning.with_features(stripes(), DIGITS, CPU).features.train.images
    (path,) = (runs.parent / "cached" / "features").iterdir()
    content = {
        "cut off": path.read_bytes()[:-100],
        "text": b"import os",
        "other shape": save({"features": wanted[:7].contiguous()}),
        "not numbers": save({"features": wanted * float("nan")}),
        "another name": save({"legs": wanted}),
    }[spoil]
    path.write_bytes(content)
    assert torch.equal(learning.with_features(stripes(), DIGITS, CPU).features.train.images, wanted)


def test_the_folder_of_features_is_bounded(runs, monkeypatch):
    monkeypatch.setattr("explorer.training.features.MOST_ON_DISK", 150_000)  # 40 · 16 · 5 · 5 · 4 bytes are 64,000
    for seed in range(4):
        own = build(Design(), 1, 2, seed=seed)
        learning_of(own, Transfer("lenet5", "c3", "last"), SHAPE).with_features(stripes(), DIGITS, CPU)
    files = list((runs.parent / "cached" / "features").iterdir())
    assert len(files) == 2
    assert sum(path.stat().st_size for path in files) <= 150_000


def test_too_many_features_are_computed_in_each_step(monkeypatch):
    monkeypatch.setattr("explorer.training.features.MOST_OF_ONE", 1000)
    learning = learning_of(network(), Transfer("lenet5", "c3", "last"), SHAPE)
    assert learning.with_features(stripes(), DIGITS, CPU) is learning


def test_rates_by_hand():
    own = network()
    factors = depth_factors(own, Transfer("lenet5", "c5", "fine_tune", 0.5), SHAPE)
    # the cut lies at c5, whose normalisation is above it and new
    assert factors == {"c5": 0.5, "c3": 0.25, "norm3": 0.25, "c1": 0.125, "norm1": 0.125}
    assert depth_factors(own, Transfer("lenet5", "c1", "fine_tune", 0.3), SHAPE) == {"c1": 0.3}


@pytest.mark.parametrize("optimiser", list(OPTIMISERS))
def test_a_step_with_rates_against_plain_pytorch(optimiser):
    """Every layer's step is that of an optimiser of its own with that layer's rate."""
    own, twin = network(dropout=0.0), network(dropout=0.0)
    transfer = Transfer("lenet5", "f6", "fine_tune", 0.5)
    training = Training(
        own,
        stripes(),
        DIGITS.normalise,
        config(optimiser=optimiser, schedule="constant"),
        learning=learning_of(own, transfer, SHAPE),
    )
    factors = depth_factors(twin, transfer, SHAPE)
    twin.to(memory_format=torch.channels_last).train()
    order = torch.randperm(40, generator=torch.Generator().manual_seed(0))
    optimisers = [
        OPTIMISERS[optimiser](layer.parameters(), 0.01 * factors.get(name, 1.0), 1e-2)
        for name, layer in twin.named_children()
        if list(layer.parameters())
    ]
    for start in (0, 8, 16):
        training.advance()
        chosen = order[start : start + 8]
        inputs = DIGITS.normalise(stripes().train.images[chosen]).contiguous(memory_format=torch.channels_last)
        twin.zero_grad()
        torch.nn.functional.cross_entropy(twin(inputs), stripes().train.labels[chosen]).backward()
        for one in optimisers:
            one.step()
    for name, tensor in own.state_dict().items():
        torch.testing.assert_close(tensor, twin.state_dict()[name], rtol=1e-5, atol=1e-7)


def test_without_a_transfer_nothing_changes():
    own, twin = network(), network()
    train(own, stripes(), DIGITS.normalise, config())
    train(twin, stripes(), DIGITS.normalise, config(), learning=learning_of(twin, None, SHAPE))
    assert all(torch.equal(tensor, twin.state_dict()[name]) for name, tensor in own.state_dict().items())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
@pytest.mark.parametrize(("student", "features"), [("last", False), ("last", True), ("fine_tune", False)])
def test_a_captured_step_is_an_eager_one(monkeypatch, student, features):
    states = []
    for eager in (3, 10**9):
        monkeypatch.setattr("explorer.training.step.EAGER_STEPS", eager)
        own = network(dropout=0.0)
        learning = learning_of(own, Transfer("lenet5", "c5", student), SHAPE)
        if features:
            learning = learning.with_features(stripes(), DIGITS, torch.device("cuda"))
        train(own, stripes(), DIGITS.normalise, config(device="cuda", epochs=4), learning=learning)
        states.append(own.state_dict())
    for name, tensor in states[0].items():
        torch.testing.assert_close(tensor, states[1][name], rtol=1e-3, atol=1e-4)
