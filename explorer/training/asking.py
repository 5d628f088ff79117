"""What one moment of a run that learns masks or boxes says of any picture. Knows runs and networks; not screens."""

import numpy as np
import torch

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.models.trainable import build
from explorer.probe.recording import evaluating
from explorer.training.networks import feeding
from explorer.training.scenes import Scenes, scenes_of
from explorer.training.tasks import task_of
from explorer.training.timeline import Run, read_snapshot


def ask(run: Run, steps: int, pictures: LabelledImages) -> Scenes:
    """The run's answer after so many steps to pictures uint8 (n, channels, 32, 32), beside what is known to be true of them.

    Raises ExplorerError where there is no such snapshot, where it is of another network, and for a run that learns classes.
    """
    task = task_of(run.settings.design)
    network = build(run.settings.design, run.channels, len(run.classes))
    try:
        network.load_state_dict(read_snapshot(run.folder, steps))
    except RuntimeError as error:
        raise ExplorerError(f"The snapshot of step {steps:,} is of another network: train it again.") from error
    with evaluating(network), torch.inference_mode():
        output = network(feeding(run.channels).normalise(pictures.images))
    if not output.isfinite().all():
        raise ExplorerError(f"The network of step {steps:,} no longer answers in numbers: choose an earlier moment.")
    found = scenes_of(task, pictures, output, run.classes)
    if found is None:
        raise ExplorerError(f"The run {run.id} learns classes of pictures: choose one that learns masks or boxes.")
    return found


def unknown(picture: np.ndarray) -> LabelledImages:
    """A grey picture uint8 (32, 32) of which nothing is known to be true."""
    return LabelledImages(torch.from_numpy(picture.copy())[None, None], torch.full((1,), -1))
