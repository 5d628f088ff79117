"""What cannot be trained with is refused, with the value and the remedy."""

import math

import pytest

from explorer.errors import ExplorerError
from explorer.training.config import MOST_THREADS, TrainConfig
from explorer.words import written

BAD = {
    "no epochs": {"epochs": 0},
    "epochs below 0": {"epochs": -1},
    "epochs NaN": {"epochs": math.nan},
    "epochs without end": {"epochs": 1e308},
    "no seconds": {"seconds": 0},
    "seconds NaN": {"seconds": math.nan},
    "seconds infinite": {"seconds": math.inf},
    "accuracy in percent": {"until_accuracy": 99},
    "accuracy 0": {"until_accuracy": 0},
    "accuracy NaN": {"until_accuracy": math.nan},
    "batch": {"batch_size": 0},
    "rate 0": {"rate": 0},
    "rate below 0": {"rate": -1e-3},
    "rate NaN": {"rate": math.nan},
    "rate infinite": {"rate": math.inf},
    "decay below 0": {"weight_decay": -1},
    "decay NaN": {"weight_decay": math.nan},
    "seed below 0": {"seed": -1},
    "seed too large": {"seed": 2**64},
    "optimiser": {"optimiser": "magic"},
    "schedule": {"schedule": "magic"},
    "augmentation": {"augmentation": "magic"},
    "no threads": {"threads": 0},
    "too many threads": {"threads": MOST_THREADS + 1},
}


@pytest.mark.parametrize("settings", BAD.values(), ids=BAD)
def test_what_cannot_be_trained_with_is_refused(settings):
    (value,) = settings.values()
    with pytest.raises(ExplorerError, match="choose") as caught:
        TrainConfig(**settings)
    assert (value if isinstance(value, str) else written(value, 12)) in str(caught.value)
