"""Training LeNet-5 on MNIST on the CPU, beside loops one could write oneself. `python -m benchmarks.training`.

Every side trains the same network from the same first weights with the same batches' size, optimiser, rates and threads, a
few seconds at a time and in turn, in one process; the ratios are medians over the rounds of each round's own quotient.
Counted are pictures over wall-clock time, from a step that came after some warm-up to the last step; no evaluation, no
building, no start of worker processes lies between. Ours is timed from outside, by when its loss events arrive: they tell
the step, and all that the recorder and the control do lies between two of them.
"""

import argparse
import dataclasses
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks import table
from benchmarks.serving import load
from benchmarks.table import Times
from explorer.data.datasets import DataSet, default_data_dir, describe_data_set, load_data_set
from explorer.models.feeding import MNIST_MEAN, MNIST_STD
from explorer.models.trainable import build
from explorer.training.config import TrainConfig
from explorer.training.recorder import Recorder
from explorer.training.run import feeding, perform
from explorer.training.schedules import one_cycle
from explorer.training.settings import RunSettings
from explorer.training.step import Training
from explorer.training.timeline import Event, Writer

BATCH = 64
WARM_UP = 0.15  # of a round's steps, which are not counted
SLOW = 4  # a loop with PIL does so many times fewer steps in a round
BARE, OURS, RECORDED = "bare loop", "ours, unwatched", "ours, snapshots at 10 Hz"
VARIED = "ours, unwatched, rotated and shifted"
JUDGED = 100  # test pictures that ours may judge itself by at the end of a round, outside of what is timed


def main() -> None:
    """Measure everything and print one table."""
    options = _options()
    if not describe_data_set("mnist").found:
        raise SystemExit("This benchmark needs MNIST: name the folder of a copy (MNIST/raw/…) in EXPLORER_DATA.")
    torch.set_num_threads(options.threads)
    data = load_data_set("mnist")
    data = dataclasses.replace(data, test=data.test.sample(JUDGED))
    before = load()
    with tempfile.TemporaryDirectory(dir=options.runs) as folder:
        sides = _sides(data, options, Path(folder))
        speeds: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(-1, options.rounds):  # the first round is not measured
            names = list(sides)
            for name in names[number % len(names) :] + names[: number % len(names)]:
                speed = sides[name]()
                if number >= 0:
                    speeds[name].append(speed)
        steps, snapshots = _snapshot_times(data, options, Path(folder) / "snapshots")
    what = table.machine(packages=("torch", "torchvision"))
    print(f"{what}, {options.threads} threads; load before {before}, after {load()}\n")
    rows = [table.speed(name, values) for name, values in speeds.items()]
    rows.append(table.share(f"{OURS}, beside the {BARE}", speeds[OURS], speeds[BARE], 0.98))
    rows.append(table.share(f"{RECORDED}, beside the {BARE}", speeds[RECORDED], speeds[BARE], 0.97))
    for name in speeds:
        if name.startswith("DataLoader"):
            ours = VARIED if "rotated" in name else OURS
            rows.append(table.share(f"ours, unwatched, beside {name}", speeds[ours], speeds[name], 4.0))
    rows.append(table.row("one step of 64 pictures", Times(steps)))
    rows.append(table.row("one snapshot, written to disk", Times(snapshots)))
    rows.append(
        table.most("a snapshot, in steps", statistics.median(snapshots) / statistics.median(steps), "steps", 0.15)
    )
    print(table.write(rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="rounds, each with every side once (default: 15)")
    parser.add_argument("--steps", type=int, default=800, help="steps of a round, 200 to 930 (default: 800)")
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) - 1), help="default: cores − 1")
    parser.add_argument("--workers", type=int, default=2, help="of the second DataLoader; 0 leaves it out (default: 2)")
    parser.add_argument("--varied", action="store_true", help="rotated and shifted pictures too: two more sides")
    parser.add_argument("--snapshots", type=int, default=300, help="snapshots to time (default: 300)")
    parser.add_argument("--runs", help="a folder in which to record (default: the system's temporary one)")
    options = parser.parse_args()
    if not 200 <= options.steps <= 930:
        parser.error("a round lies within one epoch: choose 200 to 930 steps")
    return options


def _sides(data: DataSet, options: argparse.Namespace, folder: Path) -> dict[str, Callable[[], float]]:
    """Name → a function that trains for one round and returns samples/s."""
    numbers = itertools.count()
    pictures = _normalised(data)
    labels, steps = data.train.labels, options.steps
    config = _config(data, steps, options.threads)
    varied = dataclasses.replace(config, augmentation="rotate+shift")
    plain, workers = _pil_source([], 0), options.workers
    sides = {
        BARE: lambda: _learn(_gathered(pictures, labels, config.seed), config, steps),
        OURS: lambda: _ours(data, config, None),
        RECORDED: lambda: _ours(data, config, folder / f"run-{next(numbers)}"),
        "DataLoader, PIL": lambda: _from_loader(plain, config, steps // SLOW),
        "DataLoader, PIL, tutorials' step": lambda: _from_loader(plain, config, steps // SLOW, tuned=False),
    }
    if workers:
        crowd = _pil_source([], workers)
        sides[f"DataLoader, PIL, {workers} workers"] = lambda: _from_loader(crowd, config, steps // SLOW)
    if options.varied:
        changed = _pil_source(_variations(), 0)
        sides[VARIED] = lambda: _ours(data, varied, None)
        sides["DataLoader, PIL, rotated and shifted"] = lambda: _from_loader(changed, config, steps // SLOW)
    return sides


def _config(data: DataSet, steps: int, threads: int) -> TrainConfig:
    """LeNet-5's own settings without variations of the pictures."""
    epochs = (steps - 0.5) / (len(data.train) // BATCH)
    return TrainConfig(epochs=epochs, batch_size=BATCH, device="cpu", threads=threads)


# ── a loop of one's own ──────────────────────────────────────────────────────────────────────────────────────────────


def _normalised(data: DataSet) -> torch.Tensor:
    """float32 (60000, 1, 32, 32), normalised once: a loop without variations of the pictures need not do it again."""
    return feeding(1).normalise(data.train.images)


def _gathered(pictures: torch.Tensor, labels: torch.Tensor, seed: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches of one epoch out of tensors in memory."""
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))
    for chosen in order.split(BATCH):
        yield pictures.index_select(0, chosen), labels.index_select(0, chosen)


def _learn(
    batches: Iterator[tuple[torch.Tensor, torch.Tensor]], config: TrainConfig, steps: int, *, tuned: bool = True
) -> float:
    """The shortest loop that trains well, over so many batches; samples/s over those after the warm-up.

    tuned: channels last and a fused update, as ours. Else what tutorials write: neither, and the loss read at every step.
    """
    network = build(RunSettings().design, 1, 10, seed=config.seed).train()
    form = torch.channels_last if tuned else torch.contiguous_format
    network = network.to(memory_format=form)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=config.rate, weight_decay=config.weight_decay, fused=tuned or None
    )
    total, warm_up = torch.zeros(()), int(WARM_UP * steps)
    began = 0.0
    for step, (images, targets) in enumerate(itertools.islice(batches, steps)):
        if step == warm_up:
            began = time.perf_counter()
        optimiser.param_groups[0]["lr"] = config.rate * one_cycle(step / steps)
        loss = F.cross_entropy(network(images.contiguous(memory_format=form)), targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.detach() if tuned else loss.item()
    seconds = time.perf_counter() - began
    _check(total.item() / steps)
    return (steps - warm_up) * BATCH / seconds


def _check(loss: float) -> None:
    """A side that learned nothing would be no yardstick."""
    if not loss < 2.0:
        raise SystemExit(f"a side of the benchmark has not learned: its mean loss is {loss}")


# ── the DataLoader of the tutorials ──────────────────────────────────────────────────────────────────────────────────


def _pil_source(variations: list, workers: int) -> torch.utils.data.DataLoader:
    """MNIST through PIL pictures, one by one, as torchvision's own examples load it."""
    from torchvision import datasets, transforms

    last = [transforms.ToTensor(), transforms.Normalize(MNIST_MEAN, MNIST_STD)]
    prepare = transforms.Compose([transforms.Pad(2), *variations, *last])
    source = datasets.MNIST(str(default_data_dir()), train=True, transform=prepare)
    return torch.utils.data.DataLoader(source, batch_size=BATCH, shuffle=True, num_workers=workers)


def _variations() -> list:
    """PIL's way to what "rotate+shift" does to a batch."""
    from torchvision import transforms

    return [transforms.RandomRotation(15), transforms.RandomCrop(32, padding=4, padding_mode="reflect")]


def _from_loader(source: torch.utils.data.DataLoader, config: TrainConfig, steps: int, *, tuned: bool = True) -> float:
    batches = iter(source)
    try:
        return _learn(batches, config, steps, tuned=tuned)
    finally:
        if hasattr(batches, "_shutdown_workers"):
            batches._shutdown_workers()  # not in the next side's time


# ── ours ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ours(data: DataSet, config: TrainConfig, folder: Path | None) -> float:
    """A whole run as the worker does it; samples/s by the wall clock between two of its loss events."""
    told: list[tuple[int, float]] = []
    losses: list[float] = []

    def hear(event: Event) -> None:
        if event["kind"] == "loss":
            told.append((event["step"], time.perf_counter()))
            losses.append(event["loss"])

    _, outcome = perform(RunSettings(config=config), data, folder=folder, tell=hear)
    # The last two may come after the evaluation: the recorder tells once more at the end, where the step is the last one.
    counted = [(step, at) for step, at in told if WARM_UP * outcome.steps <= step < outcome.steps]
    if len(counted) < 2:
        raise SystemExit("a round is too short: choose more --steps")
    _check(losses[-1])
    (first, began), (last, ended) = counted[0], counted[-1]
    return (last - first) * config.batch_size / (ended - began)


def _snapshot_times(data: DataSet, options: argparse.Namespace, folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds of a step and of a snapshot, in turn, as the recorder itself takes it; thinning included."""
    config = _config(data, options.steps, options.threads)
    network: nn.Module = build(RunSettings().design, 1, 10)
    training = Training(network, data, feeding(1).normalise, config)
    recorder = Recorder(Writer(folder, RunSettings(config=config), data), lambda event: None)
    recorder.begin(training)
    steps, snapshots = [], []
    for _ in range(options.snapshots):
        for _ in range(4):
            began = time.perf_counter()
            training.advance()
            steps.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        recorder._snapshot(training)
        snapshots.append(1000 * (time.perf_counter() - began))
    return steps[20:], snapshots[5:]


if __name__ == "__main__":
    main()
