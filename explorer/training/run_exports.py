"""A recorded run as files for other programs. Knows runs and formats; not screens, not colours."""

import datetime
from collections.abc import Callable, Iterator

import numpy as np

from explorer.errors import ExplorerError
from explorer.training.exports import onnx_bytes, tensorboard_bytes, weights_bytes
from explorer.training.film import film
from explorer.training.moments import feeding_of_run, network_at
from explorer.training.story import Story
from explorer.training.timeline import Run, read_snapshot, snapshot_steps

FILM_RATE = 10.0  # snapshots a second
MOST_FILMED = 120  # snapshots of one film


def weights_file(run: Run, steps: int) -> bytes:
    """The snapshot's weights as safetensors, with the command that trains them in its header."""
    notes = {"run": run.id, "step": str(steps), "command": run.settings.command(), "classes": ", ".join(run.classes)}
    return weights_bytes(read_snapshot(run.folder, steps), notes)


def onnx_file(run: Run, steps: int) -> bytes:
    """The snapshot as an ONNX model of normalised pictures (batch, channels, side, side)."""
    fed = feeding_of_run(run)
    return onnx_bytes(
        network_at(run, steps), (fed.channels, fed.side, fed.side), {"run": run.id, "classes": ", ".join(run.classes)}
    )


def tensorboard_file(run: Run, story: Story) -> bytes:
    """The run's curves as one event file, under the names of what it is judged by; of several losses each one's too."""
    loss = [(step, seconds, mean, rate) for step, mean, rate, seconds in story.loss]
    evaluations = [(step, seconds, test, train, lost) for step, test, train, lost, seconds in story.evaluations]
    began = datetime.datetime.fromisoformat(run.began).timestamp()
    when = {step: seconds for step, *_, seconds in (*story.loss, *story.evaluations)}
    named = {f"{name}/test": points for name, points in story.extras.items()}
    named |= {f"loss/{name}": points for name, points in story.parts.items()}
    others = {
        tag: [(step, when[step], value) for step, value in points if step in when] for tag, points in named.items()
    }
    return tensorboard_bytes(loss, evaluations, started=began, metric=story.metric, others=others)


def film_file(run: Run, kind: str, draw: Callable[[np.ndarray, float, float], np.ndarray]) -> bytes:
    """The first convolution's kernels learning, kind "gif" or "mp4".

    draw: kernels float32 (out, in, h, w), lowest and highest value of the whole film → uint8 (H, W, 3).
    Raises ExplorerError for a network without convolutions.
    """
    steps = snapshot_steps(run.folder)
    steps = steps[:: max(1, -(-len(steps) // MOST_FILMED))] or steps
    kernels = list(_first_kernels(run, steps))
    low, high = min(k.min() for k in kernels), max(k.max() for k in kernels)
    return film((draw(kernel, float(low), float(high)) for kernel in kernels), kind=kind, rate=FILM_RATE)


def _first_kernels(run: Run, steps: list[int]) -> Iterator[np.ndarray]:
    if not steps:
        raise ExplorerError("The film has no pictures: let the run reach its first snapshot.")
    for step in steps:
        kernels = [weights for weights in read_snapshot(run.folder, step).values() if weights.dim() == 4]
        if not kernels:
            raise ExplorerError("This network has no kernels to film: choose one with convolutions.")
        yield kernels[0].numpy()
