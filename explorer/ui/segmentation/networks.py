"""The five encoder–decoders of Segmentation: names, layers, and how each is trained. Knows recipes; draws nothing."""

import dataclasses

from explorer.models.trainable import build
from explorer.probe.facts import NetworkFacts, describe
from explorer.training.recipes import find_recipe
from explorer.training.settings import RunSettings
from explorer.ui import cache

DATA = "scenes"
CLASSES = 6  # the background and five shapes
# Short names, for a card's head and a table
TITLES = {
    "seg_full": "Full size",
    "seg_nearest": "Nearest",
    "seg_unpool": "Max unpooling",
    "seg_transposed": "Transposed",
    "seg_skip": "With skips",
}


def facts(name: str) -> NetworkFacts:
    """The layers of one of the five."""
    design = find_recipe(name).design
    return cache.kept("segmenter's facts", (name,), _make=lambda: describe(build(design, 1, CLASSES), (1, 32, 32)))


def wish(name: str) -> RunSettings:
    """One thread each: runs beside each other share the machine with those who watch."""
    recipe = find_recipe(name)
    return RunSettings(recipe.design, DATA, dataclasses.replace(recipe.config, threads=1))
