"""The five encoder–decoders of Segmentation: layers, training, and what they have reached. Knows runs; draws nothing."""

import dataclasses

from explorer.live.runs import live_story, story_of
from explorer.models.trainable import build
from explorer.probe.facts import NetworkFacts, describe
from explorer.training.recipes import find_recipe
from explorer.training.recordings import recorded
from explorer.training.settings import RunSettings
from explorer.training.standings import Standing, standing_of, standings
from explorer.training.timeline import read_run, runs_root
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


def reached() -> dict[str, Standing]:
    """What each has reached in its newest run on this machine; before the first, the recorded ones, timed elsewhere."""
    if own := standings(runs_root(), list(TITLES), DATA, live_story):
        return own
    found = [standing_of(read_run(runs_root(), name), story_of(name)) for name in recorded("K1")]
    return {one.run.settings.design.network: dataclasses.replace(one, milliseconds=None) for one in found if one}
