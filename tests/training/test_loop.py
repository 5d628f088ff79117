"""The training loop: what ends it, that it repeats itself, and that it learns."""

import math
import types

import pytest
import torch
from torch import nn

from explorer.data.datasets import load_data_set
from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.models.feeding import DIGITS
from explorer.models.lenet import lenet5
from explorer.training import loop, stopwatch
from explorer.training.config import TrainConfig
from explorer.training.evaluation import judge
from explorer.training.loop import StopTraining, train
from explorer.training.optimisers import OPTIMISERS
from explorer.training.schedules import SCHEDULES
from tests.data.sets import stripes


def normalise(images):
    return images.float() / 255 - 0.5


def small(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.MaxPool2d(4), nn.Flatten(), nn.Linear(64, 2))


def run(network=None, data=None, begun=lambda training: None, stepped=lambda training: None, **settings):
    """Train on the CPU; returns the network, the outcome and the evaluations."""
    network, reports = network or small(), []
    config = TrainConfig(**{"device": "cpu", "batch_size": 8, "epochs": 2, **settings})
    outcome = train(
        network,
        data or stripes(),
        normalise,
        config,
        begun=begun,
        stepped=stepped,
        evaluated=lambda training, evaluation: reports.append(evaluation),
    )
    return network, outcome, reports


def weights(network):
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still unless `clock(seconds)` moves it."""
    now = [100.0]
    monkeypatch.setattr(stopwatch, "time", types.SimpleNamespace(perf_counter=lambda: now[0]))

    def go_on(seconds):
        now[0] += seconds

    return go_on


def set_accuracies(monkeypatch, accuracies, cost=lambda: None):
    """Let the test set be judged by a list instead of the network."""
    coming = iter(accuracies)
    last = []

    def pretend(network, data, normalise, **rest):
        cost()
        last[:] = [next(coming)] if not last else []  # the test set, and then the training pictures
        return types.SimpleNamespace(
            accuracy=last[0] if last else 0.0, loss=1.0, confusion=torch.zeros(2, 2), extras={}, per_class=()
        )

    monkeypatch.setattr(loop, "judge", pretend)


# ── it repeats itself ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "settings",
    [{}, *({"optimiser": name} for name in OPTIMISERS), {"augmentation": "strokes"}, {"augmentation": "crops"}],
    ids=str,
)
def test_the_same_seed_gives_the_same_network(settings):
    first, again, other = (weights(run(**settings, seed=seed)[0]) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def with_dropout():
    torch.manual_seed(0)
    return nn.Sequential(nn.MaxPool2d(4), nn.Flatten(), nn.Dropout(), nn.Linear(64, 2))


@pytest.mark.parametrize("make", [small, with_dropout])
def test_global_random_numbers_do_not_matter(make):
    network, other = make(), make()
    torch.manual_seed(1)
    run(network)
    torch.manual_seed(2)
    run(other)
    assert torch.equal(weights(network), weights(other))


def test_global_random_numbers_are_left_alone():
    network = with_dropout()
    before = torch.get_rng_state()
    run(network)
    assert torch.equal(torch.get_rng_state(), before)


def test_looking_on_changes_nothing():
    plain = run(small())[0]
    looked = run(small(), begun=lambda training: training.total_loss(), stepped=lambda t: (t.total_loss(), t.rate))[0]
    assert torch.equal(weights(plain), weights(looked))


def test_threads_are_those_asked_for_and_given_back():
    before, seen = torch.get_num_threads(), []
    run(threads=1, stepped=lambda training: seen.append(torch.get_num_threads()))
    assert set(seen) == {1}
    assert torch.get_num_threads() == before
    with pytest.raises(ZeroDivisionError):
        run(threads=1, stepped=lambda training: 1 / 0)
    assert torch.get_num_threads() == before


# ── it learns ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_learns_digits():
    torch.manual_seed(0)
    network = lenet5()
    config = TrainConfig(epochs=8, batch_size=32, device="cpu")
    outcome = train(network, load_data_set("digits"), DIGITS.normalise, config)
    assert outcome.test_accuracy > 0.9
    assert outcome.test_accuracy == judge(network, load_data_set("digits").test, DIGITS.normalise).accuracy


RATES = {"adamw": 3e-3, "adam": 3e-3, "rmsprop": 3e-3, "momentum": 3e-2, "sgd": 1e-1}


@pytest.mark.parametrize("optimiser", list(OPTIMISERS))
def test_every_optimiser_learns(optimiser):
    _, outcome, reports = run(optimiser=optimiser, epochs=20, rate=RATES[optimiser])
    assert outcome.test_accuracy >= 0.95
    assert reports[-1].loss < reports[0].loss


@pytest.mark.parametrize("schedule", list(SCHEDULES))
def test_every_schedule_learns(schedule):
    assert run(schedule=schedule, epochs=20)[1].test_accuracy >= 0.95


def test_bfloat16_is_asked_for_and_still_learns():
    _, outcome, _ = run(bfloat16=True, epochs=20)
    assert outcome.test_accuracy >= 0.95


# ── what ends it ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("epochs", "steps", "reported"), [(3, 15, 3), (1, 5, 1), (0.4, 2, 1), (2.5, 13, 3), (0.001, 1, 1)]
)
def test_epochs_limit(epochs, steps, reported):
    # 40 pictures in batches of 8 are 5 steps an epoch
    _, outcome, reports = run(epochs=epochs)
    assert (outcome.steps, len(reports), outcome.reason) == (steps, reported, "finished")
    assert outcome.epochs == steps / 5
    assert reports[-1].fraction == 1
    assert [report.epochs for report in reports] == [*range(1, reported), steps / 5]


@pytest.mark.parametrize(("seconds", "steps"), [(3, 3), (0.5, 1), (5, 5), (11.5, 12)])
def test_seconds_limit(clock, seconds, steps):
    _, outcome, reports = run(epochs=1000, seconds=seconds, stepped=lambda training: clock(1))
    assert (outcome.steps, outcome.seconds, outcome.reason) == (steps, steps, "finished")
    assert outcome.samples_per_second == 8
    assert reports[-1].fraction == 1


def test_evaluations_and_waiting_do_not_count_as_training_time(clock, monkeypatch):
    set_accuracies(monkeypatch, [0.5] * 3, cost=lambda: clock(1000))

    def stepped(training):
        clock(1)
        with training.stopwatch.stopped():
            clock(500)
            assert training.stopwatch.seconds == training.steps  # stands still inside, too

    _, outcome, reports = run(epochs=3, stepped=stepped)
    assert outcome.seconds == 15
    assert outcome.samples_per_second == 8
    assert [report.seconds for report in reports] == [5, 10, 15]


def test_a_stopped_clock_goes_on_after_an_error(clock):
    watch = stopwatch.Stopwatch()
    clock(2)

    def fail():
        with watch.stopped():
            clock(50)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    clock(3)
    assert watch.seconds == 5


def test_until_accuracy_ends_after_an_epoch(monkeypatch):
    set_accuracies(monkeypatch, [0.3, 0.6, 0.9, 0.95])
    _, outcome, reports = run(epochs=50, until_accuracy=0.9)
    assert (outcome.test_accuracy, outcome.epochs, outcome.reason) == (0.9, 3, "accuracy")
    assert [report.test_accuracy for report in reports] == [0.3, 0.6, 0.9]


@pytest.mark.parametrize("steps", [0, 1, 7])
def test_a_watcher_may_stop_it(steps):
    def stop(training):
        if training.steps == steps:
            raise StopTraining

    _, outcome, reports = run(begun=stop, stepped=stop)
    assert (outcome.steps, outcome.reason, len(reports)) == (steps, "stopped", steps // 5)
    assert outcome.test_accuracy == (reports[-1].test_accuracy if reports else None)


def test_a_loss_that_is_no_number_ends_it():
    with pytest.raises(ExplorerError, match=r"no longer a number after \d+ steps: choose a smaller learning rate"):
        run(optimiser="sgd", rate=1e38, epochs=5)


def test_so_does_a_last_update_that_broke_the_weights():
    # the loss of the only step was still a number
    with pytest.raises(ExplorerError, match=r"no longer a number after 1 step: choose a smaller learning rate"):
        run(lenet5(), optimiser="sgd", rate=1e38, epochs=0.1, schedule="constant")


# ── what it says on the way ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_evaluation_says_how_far_it_is():
    network, outcome, reports = run(epochs=4)
    assert [report.fraction for report in reports] == [0.25, 0.5, 0.75, 1]
    assert [report.steps for report in reports] == [5, 10, 15, 20]
    assert all(math.isfinite(report.loss) for report in reports)
    last = reports[-1]
    assert last.test_accuracy == outcome.test_accuracy
    assert outcome.device == "cpu"
    verdict = judge(network, stripes().test, normalise)
    assert (last.test_accuracy, last.test_loss) == (verdict.accuracy, verdict.loss)
    assert last.confusion == tuple(map(tuple, verdict.confusion.tolist()))
    assert last.train_accuracy == last.test_accuracy  # the same forty pictures


def test_the_loss_is_the_mean_since_the_evaluation_before():
    totals = []
    _, _, reports = run(epochs=3, stepped=lambda training: totals.append(training.total_loss()))
    epochs = [0.0, totals[4], totals[9], totals[14]]
    assert [report.loss for report in reports] == pytest.approx([(epochs[n + 1] - epochs[n]) / 5 for n in range(3)])


def test_a_large_test_set_is_not_judged_after_every_little_epoch():
    source = stripes(240)
    few = LabelledImages(source.train.images[:16], source.train.labels[:16])
    _, _, reports = run(data=DataSet("uneven", source.classes, few, source.test), epochs=20)
    # two steps of 8 an epoch; an evaluation once half of 240 pictures have been learned from: 8 epochs, 128 pictures
    assert [report.epochs for report in reports] == [8, 16, 20]


@pytest.mark.parametrize("schedule", list(SCHEDULES))
def test_the_rate_follows_the_schedule(monkeypatch, schedule):
    rates = []

    class Spy(torch.optim.SGD):
        def step(self, closure=None):
            rates.append(self.param_groups[0]["lr"])

    monkeypatch.setitem(OPTIMISERS, "sgd", lambda weights, rate, decay: Spy(weights, lr=rate))
    run(optimiser="sgd", rate=2.0, epochs=2, schedule=schedule)
    assert rates == pytest.approx([2 * SCHEDULES[schedule](step / 10) for step in range(10)])


def test_the_schedule_follows_the_seconds_where_they_are_the_limit(clock):
    rates = []

    def stepped(training):
        clock(1)
        rates.append(training.rate)

    run(rate=2.0, epochs=1000, seconds=4, schedule="cosine", stepped=stepped)
    assert rates == pytest.approx([2 * SCHEDULES["cosine"](step / 4) for step in (1, 2, 3, 4)])


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


@pytest.mark.parametrize(
    "settings", [{"seed": 2**63 - 1}, {"until_accuracy": 1}, {"epochs": 0.01}, {"weight_decay": 0}], ids=str
)
def test_the_ends_of_the_ranges_can_be_trained_with(settings):
    assert run(**settings, seconds=0.01)[1].steps >= 1
