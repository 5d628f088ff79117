"""The network of a run and how it is fed: the one place that makes either from settings. Knows networks; not files."""

import dataclasses

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.images.picture import fit_square, to_grey
from explorer.models.adapting import fitted
from explorer.models.feeding import DIGITS, PHOTOS, Arrangement, Feeding
from explorer.models.registry import find
from explorer.models.trainable import MOST_CLASSES, build
from explorer.training.settings import RunSettings
from explorer.words import counted

# A drawing is brought into their form: centred by its mass
HANDWRITTEN = ("mnist", "mnist_low", "mnist_high", "kmnist", "digits", "digits_low", "digits_high")
OWN = ("own", "folder")  # pictures that a student is given as its source was


def network_of(settings: RunSettings, channels: int, classes: int, *, seed: int = 0) -> nn.Module:
    """The untrained network of a run, with the first weights of that seed. channels: of the data set's pictures.

    settings: completed, where there is a transfer (see `sources.completed`). Raises ExplorerError for what cannot be built.
    """
    transfer = settings.transfer
    if transfer is None or transfer.network is None:
        return build(settings.design, _channels(settings, channels), classes, seed=seed)
    if not 2 <= classes <= MOST_CLASSES:
        raise ExplorerError(f"{counted(classes, 'class')} cannot be told apart: bring 2 to {MOST_CLASSES:,}.")
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return find(transfer.network).build_for(classes)


def feeding(channels: int) -> Feeding:
    """How pictures of so many channels are normalised, whichever data set they are of: as the bundled networks' are."""
    return DIGITS if channels == 1 else PHOTOS


def feeding_of(settings: RunSettings, channels: int) -> Feeding:
    """How a run's network is fed. channels: of the data set's pictures, which a student takes in its source's form.

    `arrange` brings any picture into the form of the data set's own, one of the user's own classes into the source's.
    """
    usual, transfer = feeding(channels), settings.transfer
    if channels == 1 and settings.data not in HANDWRITTEN:
        usual = dataclasses.replace(usual, arrange=arrange_grey)
    if transfer is None:
        return usual
    source = find(transfer.network).feeding if transfer.network else feeding(_channels(settings, channels))
    return fitted(source if settings.data in OWN else dataclasses.replace(source, arrange=usual.arrange))


def arrange_grey(pixels: np.ndarray) -> Arrangement:
    """The centred square of any picture, grey, 32×32."""
    return Arrangement(fit_square(to_grey(pixels), 32), ())


def _channels(settings: RunSettings, channels: int) -> int:
    return settings.transfer.channels or channels if settings.transfer else channels
