"""How many photographs of ImageNet's classes a network names right. Knows networks and files; prints nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from explorer.data.imagenet_files import CLASSES, Photograph
from explorer.errors import ExplorerError
from explorer.images.decode import decode
from explorer.models.answer import class_row
from explorer.models.spec import ModelSpec

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
        inputs, labels = [], []
        for one in photographs[at : at + BATCH]:
            try:
                inputs.append(spec.feeding.preprocess(decode(one.path.read_bytes(), one.path.name).pixels))
                labels.append(one.label)
            except (ExplorerError, OSError) as problem:
                left_out(str(problem))
        if not inputs:
            continue
        with torch.inference_mode():
            row = class_row(network(torch.cat(inputs)))
        if row is None or row.shape[1] != CLASSES:
            raise ExplorerError(f"{spec.title} does not name ImageNet's {CLASSES:,} classes: choose one that does.")
        right = row.topk(5).indices == torch.tensor(labels)[:, None]
        first, among_five, seen = first + int(right[:, 0].sum()), among_five + int(right.sum()), seen + len(labels)
    if not seen:
        raise ExplorerError("None of the photographs could be read: name another folder.")
    return Accuracy(seen, first, among_five)
