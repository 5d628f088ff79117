"""Top patches beside the bare forward pass over the same pictures at the same batch size. `python -m benchmarks.patches`.

In one process and in turn, round by round; the ratio is the median of the rounds' own quotients. Counted is everything from
the first batch to the records, but for preparing the pictures (uint8 to float32), which both sides do alike: its time is
taken off both. torchvision's networks have random weights. The cache on disk has no part in it.
"""

import argparse
import dataclasses
import time
from collections.abc import Callable, Iterator

import torch
from torch import nn

from benchmarks import table
from benchmarks.serving import load
from benchmarks.table import Times
from explorer.models.registry import find
from explorer.probe.scanning import Batch, K, ScanState, begin, scan, top_patches

MOST = 1.10  # times the bare forward pass
STATE = 1.0  # MB


@dataclasses.dataclass
class Source:
    """Pictures that are made ready batch by batch; `spent` is the time that took."""

    images: torch.Tensor
    prepare: Callable[[torch.Tensor], torch.Tensor]
    size: int
    spent: float = 0.0

    def __iter__(self) -> Iterator[Batch]:
        for first in range(0, len(self.images), self.size):
            began, end = time.perf_counter(), min(first + self.size, len(self.images))
            inputs = self.prepare(self.images[first:end])
            self.spent += time.perf_counter() - began
            yield Batch(inputs, range(first, end), end)


def main() -> None:
    """Measure and print one table."""
    options = _options()
    torch.set_num_threads(options.threads)
    before, rows, states = load(), [], []
    cases = (("lenet5", options.small, 256), ("resnet18", options.large, 16), ("squeezenet1_1", options.large, 16))
    for name, count, size in (case for case in cases if not options.only or case[0] in options.only):
        spec = find(name)
        network = spec.load() if spec.shipped else spec.load_random()
        images = _pictures(count, *spec.input_shape)
        bare, ours, state = [], [], None
        for number in range(-1, options.rounds):  # the first round warms up, on fewer pictures
            few = images[: 8 * size] if number < 0 else images
            sides = [(bare, _bare), (ours, _scan)]
            for times, side in sides[:: -1 if number % 2 else 1]:
                source = Source(few, spec.feeding.normalise, size)
                began = time.perf_counter()
                result = side(network, source)
                if number >= 0:
                    times.append(time.perf_counter() - began - source.spent)
                state = result or state
        what = f"{spec.title}, {count:,} pictures, batches of {size}"
        rows.append(table.row(f"{what}: bare forward pass", Times(bare, "s")))
        rows.append(table.row(f"{what}: top patches of {state.channels:,} channels", Times(ours, "s")))
        quotient = Times([a / b for a, b in zip(ours, bare, strict=True)], "×").median
        rows.append(table.most(f"{spec.title}: top patches, beside the bare forward pass", quotient, "×", MOST))
        states.append(
            table.most(f"{spec.title}: the state, k = {K}, best and least", state.ranking.nbytes / 1e6, "MB", STATE)
        )
    what = table.machine(packages=("torch", "torchvision"))
    print(f"{what}, {options.threads} threads; load before {before}, after {load()}\n")
    print(table.write([*rows, *states]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.patches", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="rounds, each with both sides once (default: 3)")
    parser.add_argument("--small", type=int, default=60_000, help="pictures for LeNet-5 (default: 60,000)")
    parser.add_argument("--large", type=int, default=2_048, help="pictures for the others (default: 2,048)")
    parser.add_argument("--threads", type=int, default=1, help="of the CPU (default: 1)")
    parser.add_argument("--only", nargs="*", help="lenet5, resnet18, squeezenet1_1")
    return parser.parse_args()


def _pictures(count: int, channels: int, rows: int, columns: int) -> torch.Tensor:
    """uint8 noise on random grounds: pictures that differ from each other."""
    source = torch.Generator().manual_seed(0)
    made = torch.empty(count, channels, rows, columns, dtype=torch.uint8)
    for part in made.split(256):
        ground = torch.randint(0, 256, (len(part), channels, 4, 4), generator=source).float()
        smooth = nn.functional.interpolate(ground, (rows, columns), mode="bilinear")
        noise = torch.randn(smooth.shape, generator=source) * 20
        part.copy_((smooth + noise).clamp_(0, 255))
    return made


def _bare(network: nn.Module, source: Source) -> None:
    with torch.inference_mode():
        for batch in source:
            network(batch.inputs)


def _scan(network: nn.Module, source: Source) -> ScanState:
    state = begin(network)
    for _ in scan(network, source, state):
        pass
    top_patches(state)
    return state


if __name__ == "__main__":
    main()
