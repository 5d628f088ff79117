"""How many photographs of ImageNet's classes a network names right. Knows networks and files; prints nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch

from explorer.errors import ExplorerError
from explorer.models.answer import class_row
from explorer.models.feeding import Feeding
from explorer.models.spec import ModelSpec
from explorer.scan.imagenet_files import CLASSES, Photograph
from explorer.scan.pictures import read_input

BATCH = 32  # photographs in one forward pass


@dataclass(frozen=True)
class Accuracy:
    """photographs: how many were read. first, among_five: of how many the class came first, or among the first five."""

    photographs: int
    first: int
    among_five: int

    @property
    def top1(self) -> float:
        """Share in [0, 1]."""
        return self.first / self.photographs

    @property
    def top5(self) -> float:
        """Share in [0, 1]."""
        return self.among_five / self.photographs


def measure(
    spec: ModelSpec, photographs: Sequence[Photograph], left_out: Callable[[str], None] = lambda why: None
) -> Accuracy:
    """Feed every photograph as the pages do, and count. left_out: is told why a file could not be read.

    Raises ExplorerError for a network that does not name these classes, or has no weights, and where no file could be read.
    """
    if not spec.has_weights():
        raise ExplorerError(f"{spec.title} has no weights here: download them on one of the network pages first.")
    network, first, among_five, seen = spec.load(), 0, 0, 0
    for at in range(0, len(photographs), BATCH):
        fed = list(_fed(photographs[at : at + BATCH], spec.feeding, left_out))
        if not fed:
            continue
        labels, inputs = zip(*fed, strict=True)
        with torch.inference_mode():
            row = class_row(network(torch.cat(inputs)))
        if row is None or row.shape[1] != CLASSES:
            raise ExplorerError(f"{spec.title} does not name ImageNet's {CLASSES:,} classes: choose one that does.")
        right = row.topk(5).indices == torch.tensor(labels)[:, None]
        first, among_five, seen = first + int(right[:, 0].sum()), among_five + int(right.sum()), seen + len(labels)
    if not seen:
        raise ExplorerError("None of the photographs could be read: name another folder.")
    return Accuracy(seen, first, among_five)


def _fed(
    photographs: Sequence[Photograph], feeding: Feeding, left_out: Callable[[str], None]
) -> Iterator[tuple[int, torch.Tensor]]:
    """Class and input of each that can be read."""
    for one in photographs:
        try:
            yield one.label, read_input(one.path, feeding)
        except (ExplorerError, OSError) as problem:
            left_out(str(problem))
