"""Some classes of a set as a set of their own: digits 0–4 and digits 5–9. Knows labelled pictures; not where they come from."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from explorer.data.labelled import DataSet, LabelledImages

LOW, HIGH = range(5), range(5, 10)  # places in a digits set's classes


def only(data: DataSet, classes: Sequence[int], name: str) -> DataSet:
    """The pictures of these classes, in their old order; classes[0] becomes label 0, and so on."""
    renumbered = torch.full((len(data.classes),), -1)
    renumbered[list(classes)] = torch.arange(len(classes))

    def half(whole: LabelledImages) -> LabelledImages:
        labels = renumbered[whole.labels]
        kept = labels >= 0
        return dataclasses.replace(whole.take(kept), labels=labels[kept])

    return DataSet(name, tuple(data.classes[place] for place in classes), half(data.train), half(data.test), data.note)


def loader_of(
    load: Callable[[Path, bool], DataSet], classes: Sequence[int], name: str
) -> Callable[[Path, bool], DataSet]:
    """What reads only these classes of the set that `load` reads."""
    return lambda folder, download: only(load(folder, download), classes, name)
