"""What the browser is told of a run: its story as JSON, a frame as bytes. Knows records and the wire; not who listens."""

import json
import math

import numpy as np

from explorer.training.frames import Frame
from explorer.training.story import Story, thinned
from explorer.training.timeline import Run
from explorer.ui.wire import pack

MOST_SAMPLED = 200


def story_message(
    run_id: str, title: str, story: Story, sampled: dict[int, float], classes: tuple[str, ...], *, pins: int
) -> str:
    """A run's story as JSON.

    sampled: steps → accuracy on the test pictures that are kept with the run. pins: how often another picture was pinned.
    """
    message = {
        "id": run_id,
        "title": title,
        "state": story.state,
        "message": story.message or story.note,
        "device": story.device,
        "memory_mb": story.memory_mb,
        "step": story.step,
        "total_steps": story.total_steps,
        "epoch": story.epoch,
        "fraction": story.fraction,
        "seconds": story.seconds,
        "speed": story.speed,
        "rate": story.rate,
        "wanted_speed": story.wanted_speed,
        "loss": [[step, _short(loss), _short(rate)] for step, loss, rate, _ in thinned(list(story.loss))],
        "evaluations": [
            [step, test, train, _short(loss)] for step, test, train, loss, _ in thinned(list(story.evaluations))
        ],
        "sampled": thinned([[step, sampled[step]] for step in sorted(sampled)], MOST_SAMPLED),
        "snapshots": list(story.snapshots),
        "classes": list(classes),
        "parameters": story.parameters,
        "pin": pins,
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def frame_message(run: Run, frame: Frame, *, epoch: float, exact: bool) -> bytes:
    """A frame for the browser. Where it need not be exact, kernels and maps go in 256 steps: a quarter of the bytes."""
    arrays: list[np.ndarray] = []

    def send(array: np.ndarray) -> int:
        arrays.append(array)
        return len(arrays) - 1

    def numbers(values: np.ndarray) -> dict[str, object]:
        finite = values[np.isfinite(values)]  # a run that failed may have ended in numbers that are none
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        levels = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) * (255 / (high - low or 1.0))
        sent = values.astype(np.float32) if exact else np.rint(levels).astype(np.uint8)
        return {"shape": list(values.shape), "low": low, "high": high, "array": send(sent)}

    header = {
        "step": frame.steps,
        "epoch": epoch,
        "exact": exact,
        "input": {"shape": list(frame.image.shape), "array": send(frame.image)},
        "label": None if frame.label is None else run.classes[frame.label],
        "kernels": [{"layer": layer, **numbers(weights)} for layer, weights in frame.kernels.items()],
        "maps": [
            {
                "layer": maps.layer,
                "title": maps.title,
                "signed": maps.signed,
                "whole": maps.whole,
                **numbers(maps.values),
            }
            for maps in frame.maps
        ],
        "probabilities": {"array": send(frame.probabilities.astype(np.float32))},
        "confusion": {
            "classes": len(run.classes),
            "pictures": frame.pictures,
            "accuracy": frame.accuracy,
            "array": send(frame.confusion.astype(np.float32)),
        },
        "weights": [
            {"layer": spread.layer, "low": spread.low, "high": spread.high, "array": send(spread.counts)}
            for spread in frame.weights
        ],
        "activations": [
            {
                "layer": spread.layer,
                "low": spread.low,
                "high": spread.high,
                "array": send(spread.counts),
                "dead": spread.dead,
                "units": spread.units,
                "saturated": spread.saturated,
            }
            for spread in frame.activations
        ],
    }
    return pack(header, arrays)


def _short(value: float) -> float | None:
    """Five significant digits: enough for a curve. None for what is no number."""
    return float(f"{value:.5g}") if math.isfinite(value) else None
