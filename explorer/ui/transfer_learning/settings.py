"""What is taken over, for which task, and what is looked at: the settings of Transfer learning. Knows kinds; draws nothing."""

from dataclasses import dataclass
from typing import Annotated

from explorer.data.collections import COLLECTION
from explorer.settings.fields import OneOf, SomeOf, Switch, Whole, Word
from explorer.training.settings import SOURCE, STUDENTS
from explorer.training.timeline import IDENTITY

# What can be learned, by data set; "own" is the collection of the session
TASKS = {
    "own": "Your own classes",
    "mnist_high": "Digits 5–9 (MNIST)",
    "digits_high": "Digits 5–9 (small)",
    "digits": "Digits 0–9 (small)",
    "shapes": "Drawn shapes",
    "faces": "Drawn faces",
    "folder": "A folder of pictures",
}
MOST_COUNT = 1000  # training pictures a class
MOST_SEEDS = 10
PLANES = {"last": "the last hidden layer", "cut": "the layer of the cut"}


@dataclass(frozen=True)
class Taught:
    """source, cut: as Transfer's; a cut of "" is the last one. count: training pictures a class, 0 takes all.

    students: those to be trained; what is measured is measured with all where there is none. varied: each batch's pictures
    are newly shifted, turned and scaled. plane: the layer whose features are drawn.
    """

    source: Annotated[str, Word("network's name", SOURCE.pattern)] = "colour"
    cut: Annotated[str, Word("layer's name")] = ""
    data: Annotated[str, OneOf("", TASKS)] = "own"
    collection: Annotated[str, Word("collection's name", COLLECTION.pattern)] = ""
    count: Annotated[int, Whole("", 0, MOST_COUNT)] = 0
    students: Annotated[tuple[str, ...], SomeOf("", STUDENTS, len(STUDENTS))] = tuple(STUDENTS)
    varied: Annotated[bool, Switch("")] = False
    plane: Annotated[str, OneOf("", PLANES)] = "last"


@dataclass(frozen=True)
class Measured(Taught):
    """study: the one that is shown; "" for the newest of this very task. seeds: repetitions of the next one."""

    study: Annotated[str, Word("study's name", IDENTITY.pattern)] = ""
    seeds: Annotated[int, Whole("", 1, MOST_SEEDS)] = 3
