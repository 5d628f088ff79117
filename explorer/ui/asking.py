"""What a run says of pictures at one of its moments, kept for all who ask the same. Knows runs; shows nothing."""

import hashlib

from explorer.data.labelled import LabelledImages
from explorer.training.asking import ask
from explorer.training.scenes import Scenes
from explorer.training.timeline import read_run, runs_root
from explorer.ui import cache


def answer(run: str, step: int, pictures: LabelledImages) -> Scenes:
    """What the run said of the pictures after so many steps. Raises ExplorerError where it cannot be asked."""
    digest = hashlib.sha256(pictures.images.numpy().tobytes()).hexdigest()
    return cache.kept("asked", (run, step, digest), _make=lambda: ask(read_run(runs_root(), run), step, pictures))
