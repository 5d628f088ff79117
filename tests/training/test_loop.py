"""The training loop: what ends it, that it repeats itself, and that it learns."""

import itertools
import math
import types

import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.feeding import DIGITS
from explorer.models.lenet import lenet5
from explorer.training import loop
from explorer.training.datasets import DataSet, LabelledImages, load_data_set
from explorer.training.loop import TrainConfig, choose_device, evaluate, one_cycle, train
from explorer.training.recipes import RECIPES, find_recipe
from tests.training.sets import stripes


def normalise(images):
    return images.float() / 255 - 0.5


def small(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.MaxPool2d(4), nn.Flatten(), nn.Linear(64, 2))


def run(network=None, data=None, **settings):
    """Train on the CPU; returns the network, the outcome and what was reported."""
    network, reports = network or small(), []
    config = TrainConfig(**{"device": "cpu", "batch_size": 8, "epochs": 2, **settings})
    outcome = train(network, data or stripes(), normalise, config, reports.append)
    return network, outcome, reports


def weights(network):
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by one second each time it is looked at."""
    ticks = itertools.count()
    monkeypatch.setattr(loop, "time", types.SimpleNamespace(perf_counter=lambda: float(next(ticks))))


@pytest.mark.parametrize(
    "settings", [{}, {"optimiser": "sgd"}, {"augmentation": "strokes"}, {"augmentation": "crops"}], ids=str
)
def test_the_same_seed_gives_the_same_network(settings):
    first, again, other = (weights(run(**settings, seed=seed)[0]) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_global_random_numbers_do_not_matter():
    network, other = small(), small()
    torch.manual_seed(1)
    run(network)
    torch.manual_seed(2)
    run(other)
    assert torch.equal(weights(network), weights(other))


def test_it_learns_digits():
    torch.manual_seed(0)
    network = lenet5()
    config = TrainConfig(epochs=8, batch_size=32, device="cpu")
    outcome = train(network, load_data_set("digits"), DIGITS.normalise, config)
    assert outcome.test_accuracy > 0.9
    assert outcome.test_accuracy == evaluate(network, load_data_set("digits").test, DIGITS.normalise)


@pytest.mark.parametrize("optimiser", list(loop.OPTIMISERS))
def test_every_optimiser_learns(optimiser):
    rate = {"adamw": 3e-3, "sgd": 3e-2}.get(optimiser, 1e-2)
    _, outcome, reports = run(optimiser=optimiser, epochs=20, rate=rate)
    assert outcome.test_accuracy >= 0.95
    assert reports[-1].loss < reports[0].loss


def test_bfloat16_is_asked_for_and_still_learns():
    _, outcome, _ = run(bfloat16=True, epochs=20)
    assert outcome.test_accuracy >= 0.95


@pytest.mark.parametrize(
    ("epochs", "steps", "reported"), [(3, 15, 3), (1, 5, 1), (0.4, 2, 1), (2.5, 13, 3), (0.001, 1, 1)]
)
def test_epochs_limit(epochs, steps, reported):
    # 40 pictures in batches of 8 are 5 steps an epoch
    _, outcome, reports = run(epochs=epochs)
    assert (outcome.steps, len(reports)) == (steps, reported)
    assert outcome.epochs == steps / 5
    assert reports[-1].fraction == 1
    assert [report.epoch for report in reports] == list(range(1, reported + 1))


@pytest.mark.parametrize(("seconds", "steps"), [(3, 3), (0.5, 1), (5, 5)])
def test_seconds_limit(clock, seconds, steps):
    # the clock is looked at once at an epoch's start and once a step
    _, outcome, reports = run(epochs=1000, seconds=seconds)
    assert outcome.steps == steps
    assert outcome.seconds == steps + 1  # and once more after waiting for the device
    assert outcome.samples_per_second == steps * 8 / (steps + 1)
    assert reports[-1].fraction == 1


def test_evaluations_do_not_count_as_training_time(clock, monkeypatch):
    def slow(*args, **kwargs):
        for _ in range(1000):
            loop.time.perf_counter()
        return 0.5

    monkeypatch.setattr(loop, "evaluate", slow)
    _, outcome, reports = run(epochs=3)
    assert outcome.seconds == 3 * (5 + 1)
    assert [report.seconds for report in reports] == [6, 12, 18]


def test_until_accuracy_ends_after_an_epoch(monkeypatch):
    rising = iter([0.3, 0.6, 0.9, 0.95])
    monkeypatch.setattr(loop, "evaluate", lambda *args, **kwargs: next(rising))
    _, outcome, reports = run(epochs=50, until_accuracy=0.9)
    assert (outcome.test_accuracy, outcome.epochs) == (0.9, 3)
    assert [report.test_accuracy for report in reports] == [0.3, 0.6, 0.9]


def test_report_says_how_far_it_is():
    _, outcome, reports = run(epochs=4)
    assert [report.fraction for report in reports] == [0.25, 0.5, 0.75, 1]
    assert [report.steps for report in reports] == [5, 10, 15, 20]
    assert all(math.isfinite(report.loss) for report in reports)
    assert reports[-1].test_accuracy == outcome.test_accuracy
    assert outcome.device == "cpu"


def test_the_rate_follows_one_cycle(monkeypatch):
    rates = []

    class Spy(torch.optim.SGD):
        def step(self, closure=None):
            rates.append(self.param_groups[0]["lr"])

    monkeypatch.setitem(loop.OPTIMISERS, "sgd", lambda network, config: Spy(network.parameters(), lr=config.rate))
    run(optimiser="sgd", rate=2.0, epochs=2)
    assert rates == pytest.approx([2 * one_cycle(step / 10) for step in range(10)])


def test_one_cycle_by_hand():
    assert one_cycle(0) == pytest.approx(0.05)
    assert one_cycle(0.1) == pytest.approx(0.525)  # half of the way up
    assert one_cycle(0.2) == 1
    assert one_cycle(0.6) == pytest.approx(0.5)  # half of the way down: cos 90° = 0
    assert one_cycle(0.2 + 0.8 / 3) == pytest.approx(0.75)  # cos 60° = 1/2
    assert one_cycle(1) == pytest.approx(0)
    assert one_cycle(1.7) == pytest.approx(0)
    assert one_cycle(0, warm_up=0) == 1


def test_every_picture_is_seen_once_an_epoch():
    images = torch.arange(40).reshape(40, 1, 1, 1).expand(40, 1, 32, 32).to(torch.uint8)
    half = LabelledImages(images, torch.zeros(40, dtype=torch.int64))
    seen = []

    def spy(batch):
        if torch.is_grad_enabled():
            seen.append(batch[:, 0, 0, 0].int().tolist())
        return normalise(batch)

    train(small(), DataSet("numbers", ("a", "b"), half, half), spy, TrainConfig(epochs=2, batch_size=8, device="cpu"))
    epochs = [[number for batch in part for number in batch] for part in (seen[:5], seen[5:])]
    assert [sorted(epoch) for epoch in epochs] == [list(range(40))] * 2
    assert epochs[0] != epochs[1]


def test_a_batch_larger_than_the_set_is_the_set():
    _, outcome, _ = run(batch_size=1000, epochs=3)
    assert (outcome.steps, outcome.epochs) == (3, 3)


def test_a_loss_that_is_no_number_ends_it():
    with pytest.raises(ExplorerError, match=r"no longer a number after \d+ steps: choose a smaller learning rate"):
        run(optimiser="sgd", rate=1e38, epochs=5)


BAD = {
    "no epochs": {"epochs": 0},
    "fewer": {"epochs": -1},
    "epochs NaN": {"epochs": math.nan},
    "epochs infinite": {"epochs": math.inf},
    "epochs without end": {"epochs": 1e308},
    "no seconds": {"seconds": 0},
    "seconds NaN": {"seconds": math.nan},
    "seconds infinite": {"seconds": math.inf},
    "accuracy in percent": {"until_accuracy": 99},
    "accuracy 0": {"until_accuracy": 0},
    "accuracy NaN": {"until_accuracy": math.nan},
    "batch": {"batch_size": 0},
    "rate 0": {"rate": 0},
    "rate below 0": {"rate": -1e-3},
    "rate NaN": {"rate": math.nan},
    "rate infinite": {"rate": math.inf},
    "decay below 0": {"weight_decay": -1},
    "decay NaN": {"weight_decay": math.nan},
    "seed below 0": {"seed": -1},
    "seed too large": {"seed": 2**64},
    "optimiser": {"optimiser": "magic"},
    "augmentation": {"augmentation": "magic"},
}


@pytest.mark.parametrize("settings", BAD.values(), ids=BAD)
def test_what_cannot_be_trained_with_is_refused(settings):
    (value,) = settings.values()
    with pytest.raises(ExplorerError, match="choose") as caught:
        TrainConfig(**settings)
    assert str(value) in str(caught.value)


@pytest.mark.parametrize(
    "settings", [{"seed": 2**63 - 1}, {"until_accuracy": 1}, {"epochs": 0.01}, {"weight_decay": 0}], ids=str
)
def test_the_ends_of_the_ranges_can_be_trained_with(settings):
    assert run(**settings, seconds=0.01)[1].steps >= 1


@pytest.mark.parametrize("name", ["", "tpu", "cuda:99", "meta", "xpu:7", "privateuseone"])
def test_a_device_that_is_not_there(name):
    with pytest.raises(ExplorerError, match="not available here: choose auto or cpu"):
        choose_device(name)


def test_auto_is_a_device_that_works():
    assert torch.ones(1, device=choose_device("auto")).item() == 1


@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_evaluate_against_a_slow_loop(batch_size):
    network, data = small(3).eval(), stripes(30).test
    right = 0
    for image, label in zip(data.images, data.labels, strict=True):
        logits = network(normalise(image[None]))[0].tolist()
        right += logits.index(max(logits)) == label.item()
    assert evaluate(network, data, normalise, batch_size=batch_size) == right / 30


def test_evaluate_changes_nothing():
    network = nn.Sequential(nn.BatchNorm2d(1), nn.Dropout(), nn.Flatten(), nn.Linear(1024, 2)).train()
    network[0].eval()  # frozen, as in transfer learning
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    first = evaluate(network, stripes().test, normalise)
    assert first == evaluate(network, stripes().test, normalise)  # no dropout
    assert [module.training for module in network] == [False, True, True, True]
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())


@pytest.mark.parametrize("name", list(RECIPES))
def test_every_recipe_trains_its_network(name):
    recipe = find_recipe(name)
    channels = 3 if recipe.data == "cifar10" else 1
    source = stripes(16)
    half = LabelledImages(source.train.images.expand(-1, channels, -1, -1).contiguous(), source.train.labels)
    data = DataSet("stripes", tuple("0123456789"), half, half)
    settings = {"epochs": 1, "batch_size": 8, "device": "cpu", "augmentation": recipe.config.augmentation}
    network = recipe.build()
    train(network, data, normalise, TrainConfig(**settings, optimiser=recipe.config.optimiser))
    finished = recipe.finish(network).eval()
    inputs = normalise(half.images[:4])
    torch.testing.assert_close(finished(inputs), network.eval()(inputs), rtol=1e-3, atol=1e-3)


def test_unknown_recipe_names_the_known():
    with pytest.raises(ExplorerError, match="“alexnet”: choose one of lenet5, colour"):
        find_recipe("alexnet")
