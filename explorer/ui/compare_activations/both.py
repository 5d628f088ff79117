"""Two sides and the pictures that both are given. Knows data sets and the cache; no exhibit."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from explorer.data.datasets import default_data_dir
from explorer.data.labelled import LabelledImages
from explorer.probe.similarity import affordable
from explorer.ui import cache
from explorer.ui.compare_activations.choices import LayerOf, SideOf
from explorer.ui.compare_activations.sides import Side, side

MOST_PICTURES = 500
Sides = tuple[Side, Side]


@dataclass(frozen=True)
class TwoLayers:
    """a, b: the sides as `sides.read_side` has them, and a layer of each."""

    a: Annotated[str, SideOf("First side")] = "lenet5"
    a_layer: Annotated[str, LayerOf("a")] = "relu3"
    b: Annotated[str, SideOf("Second side")] = "lenet5.random"
    b_layer: Annotated[str, LayerOf("b")] = "relu3"


def sides_of(settings: object) -> Sides:
    """Both sides. Raises ExplorerError where a run or its snapshot is gone."""
    return side(settings.a), side(settings.b)


def pictures_for(sides: Sides, data: str) -> tuple[LabelledImages, tuple[str, ...]]:
    """Test pictures, evenly from the whole: so many as the larger of both networks can take at once; and the classes."""
    whole = cache.data_set(data, default_data_dir())
    largest = max(int(np.prod(layer.output)) for side in sides for layer in side.facts.layers)
    return whole.test.sample(affordable(largest, MOST_PICTURES)), whole.classes


def kept_under(side: Side, data: str, pictures: LabelledImages, *more: str) -> tuple[object, ...]:
    """The key of what is computed of a side over those pictures."""
    return (side.key, *more, data, len(pictures), str(default_data_dir()))


def forms(sides: Sides) -> str:
    """Said where both sides are not given a picture alike: a moment of a run takes it as its data set has it."""
    if sides[0].own == sides[1].own:
        return ""
    run, other = ("First", "second") if sides[0].own else ("Second", "first")
    return (
        f" {run}: pictures as they lie in the data set, as runs learn them; {other}: brought to its form like an upload. "
        "So even equal weights need not answer alike."
    )
