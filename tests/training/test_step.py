"""One step against a plain PyTorch loop written out: the weights are the same to the last bit."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from explorer.data.augment import AUGMENTATIONS
from explorer.models.feeding import DIGITS
from explorer.models.trainable import Design, build
from explorer.training.config import TrainConfig
from explorer.training.loop import train
from explorer.training.schedules import one_cycle
from explorer.training.step import Training
from tests.data.sets import stripes

STEPS = 7  # of five an epoch: into the second

PLAIN = {
    "sgd": lambda weights, rate, decay: torch.optim.SGD(weights, rate, weight_decay=decay, fused=True),
    "momentum": lambda weights, rate, decay: torch.optim.SGD(
        weights, rate, momentum=0.9, nesterov=True, weight_decay=decay, fused=True
    ),
    "adam": lambda weights, rate, decay: torch.optim.Adam(weights, rate, weight_decay=decay, fused=True),
    "adamw": lambda weights, rate, decay: torch.optim.AdamW(weights, rate, weight_decay=decay, fused=True),
    "rmsprop": lambda weights, rate, decay: torch.optim.RMSprop(weights, rate, weight_decay=decay, foreach=True),
}


def lenet(**settings):
    return build(Design(**settings), 1, 2)


def plainly(network, config):
    """The loop that everybody writes: fresh batches, forward, backward, step. Returns the losses."""
    data = stripes().train
    torch.manual_seed(config.seed)  # dropout's
    order_of = torch.Generator().manual_seed(config.seed)
    optimiser = PLAIN[config.optimiser](network.parameters(), config.rate, config.weight_decay)
    network.to(memory_format=torch.channels_last).train()
    losses = []
    while len(losses) < STEPS:
        order = torch.randperm(40, generator=order_of)
        for start in range(0, 40, 8):
            if len(losses) == STEPS:
                break
            chosen = order[start : start + 8]
            images = data.images[chosen].float()
            for name in config.augmentation.split("+"):
                images = AUGMENTATIONS[name](images, order_of)
            inputs = ((images / 255 - 0.1307) / 0.3081).contiguous(memory_format=torch.channels_last)
            for group in optimiser.param_groups:
                group["lr"] = config.rate * one_cycle(len(losses) / STEPS)
            optimiser.zero_grad()
            loss = F.cross_entropy(network(inputs), data.labels[chosen])
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


@pytest.mark.parametrize(
    ("design", "settings"),
    [
        *(({}, {"optimiser": name}) for name in PLAIN),
        ({}, {"augmentation": "strokes"}),
        ({}, {"augmentation": "flip+shift"}),
        ({}, {"weight_decay": 0.3, "seed": 11}),
        ({"batch_norm": True}, {}),
        ({"dropout": 0.5}, {}),
        ({"network": "deep", "activation": "tanh"}, {"optimiser": "momentum"}),
    ],
    ids=str,
)
def test_the_weights_are_those_of_a_plain_loop(design, settings):
    config = TrainConfig(**{"epochs": STEPS / 5, "batch_size": 8, "device": "cpu", **settings})
    ours, plain, losses = lenet(**design), lenet(**design), []

    def stepped(training):
        losses.append(training.total_loss())

    train(ours, stripes(), DIGITS.normalise, config, stepped=stepped)
    expected = plainly(plain, config)
    for (name, tensor), twin in zip(ours.state_dict().items(), plain.state_dict().values(), strict=True):
        assert torch.equal(tensor, twin), name
    assert losses == pytest.approx([sum(expected[: number + 1]) for number in range(STEPS)], rel=1e-6)


def test_a_sgd_step_by_hand():
    # one weight a class, input 1 everywhere: the gradient is p − y
    network = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, 2, bias=False))
    with torch.no_grad():
        network[2].weight.copy_(torch.tensor([[0.0], [0.0]]))
    config = TrainConfig(
        epochs=1, batch_size=40, optimiser="sgd", rate=0.5, schedule="constant", weight_decay=0, device="cpu"
    )
    data = stripes()
    labels = torch.zeros(40, dtype=torch.int64)
    half = type(data.train)(data.train.images, labels)
    ones = lambda images: torch.ones(len(images), 1, 32, 32)  # noqa: E731
    training = Training(network, type(data)("ones", data.classes, half, half), ones, config)
    training.advance()
    assert network[2].weight.flatten().tolist() == pytest.approx([0.25, -0.25])  # 0 − 0.5 · (0.5 − 1), 0 − 0.5 · 0.5
    assert training.total_loss() == pytest.approx(0.693147, rel=1e-5)  # ln 2


def test_counting():
    config = TrainConfig(epochs=2.5, batch_size=16, device="cpu")
    training = Training(lenet(), stripes(), DIGITS.normalise, config)
    assert (training.steps_an_epoch, training.total_steps) == (2, 5)  # 8 of 40 pictures wait for the next shuffle
    assert (training.steps, training.epochs, training.fraction) == (0, 0, 0)
    for _ in range(3):
        training.advance()
    assert (training.steps, training.epochs, training.fraction) == (3, 1.5, 0.6)
    assert training.rate == config.rate * one_cycle(0.6)
    training.fixed_rate = 0.5
    assert training.rate == 0.5


def test_the_total_loss_may_be_read_at_any_time():
    config = TrainConfig(epochs=10, batch_size=8, device="cpu")
    often, once = (Training(lenet(), stripes(), DIGITS.normalise, config) for _ in range(2))
    for _ in range(12):
        often.advance()
        often.total_loss()
        often.total_loss()
        once.advance()
    assert often.total_loss() == pytest.approx(once.total_loss(), rel=1e-6)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
@pytest.mark.parametrize("augmentation", ["none", "strokes"])
def test_a_captured_step_is_an_eager_one(monkeypatch, augmentation):
    states = []
    for eager in (3, 10**9):
        monkeypatch.setattr("explorer.training.step.EAGER_STEPS", eager)
        network = lenet()
        settings = {"epochs": 4, "batch_size": 8, "device": "cuda", "augmentation": augmentation}
        train(network, stripes(), DIGITS.normalise, TrainConfig(**settings))
        states.append(network.state_dict())
    for name, tensor in states[0].items():
        torch.testing.assert_close(tensor, states[1][name], rtol=1e-3, atol=1e-4)
