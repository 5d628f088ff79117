"""What the browser is told of a run: its story as JSON, a frame as bytes. Knows records and the wire; not who listens."""

import json
import math
from collections.abc import Callable

import numpy as np

from explorer.live.wire import pack
from explorer.training.frames import Frame
from explorer.training.scenes import Scenes
from explorer.training.story import Story, thinned
from explorer.training.timeline import Run

MOST_SAMPLED = 200


def story_message(
    run_id: str, title: str, story: Story, sampled: dict[int, float], classes: tuple[str, ...], *, pins: int
) -> str:
    """A run's story as JSON.

    sampled: steps → the metric on the test pictures that are kept with the run. pins: how often another picture was pinned.
    "task": "classes", "masks" or "boxes". "metric": what "evaluations" and "sampled" count, "accuracy" or "mean IoU".
    "evaluations": [step, metric on the test set, metric on training pictures, test loss]. Of masks and boxes also
    "extras": name → [[step, value], …] on the test set: {"pixel accuracy"}, or {"accuracy", "found"} (class right and
    IoU ≥ 0.5); "parts": {"class", "box"} → [[step, value], …], the mean training loss of each part, not weighted, at the
    steps of "loss"; {} where the loss has one part only. "loss_weights": {"class": 1.0, "box": 5.0} as they are now, {} where
    there are none; the commands {"name": "class_weight" | "box_weight", "value": ≥ 0, at most 1000} change them, not both
    to 0. "per_class": each class's IoU at the last evaluation, null where there is none; [] for classes.
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
        "task": story.task,
        "metric": story.metric,
        "extras": {
            name: [[step, _short(value)] for step, value in thinned(list(points))]
            for name, points in dict(story.extras).items()
        },
        "parts": {
            name: [[step, _short(value)] for step, value in thinned(list(points))]
            for name, points in dict(story.parts).items()
        },
        "loss_weights": story.loss_weights,
        "per_class": story.per_class,
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def frame_message(run: Run, frame: Frame, *, epoch: float, exact: bool) -> bytes:
    """A frame for the browser. Where it need not be exact, kernels and maps go in 256 steps: a quarter of the bytes.

    "metric": the word for "confusion"."accuracy"; "extras": name → number; "per_class": IoU of each class or null.
    "confusion"."unit": what it counts, "pictures" or, of masks, "pixels".
    "scenes": null for a run that learns classes, else some test pictures, always the same in the same order; "pinned": null, or
    the pinned picture alone, in the same form:
    {"classes": names, "count": n, "images": {"shape": [n, 32, 32(, 3)], "array": uint8},
    "masks", "predicted_masks": null or {"shape": [n, 32, 32], "array": uint8, class of every pixel},
    "boxes", "predicted_boxes": null or {"shape": [n, 4], "array": float32 (cx, cy, w, h), fractions of the side},
    "labels", "predicted_labels": null or [numbers of classes], "ious": null or [n numbers]}.
    The truth ("masks", "boxes", "labels", "ious") is null for a picture of which it is not known (pinned: an own one).
    """
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
            "unit": "pixels" if frame.scenes and frame.scenes.predicted_masks is not None else "pictures",
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
        "metric": frame.metric,
        "extras": dict(frame.extras),
        "per_class": list(frame.per_class),
        "scenes": _scenes(frame.scenes, send),
        "pinned": _scenes(frame.pinned, send),
    }
    return pack(header, arrays)


def _scenes(scenes: Scenes | None, send: Callable[[np.ndarray], int]) -> dict[str, object] | None:
    """Pictures, their truth and what the network says, as `frame_message` tells it."""
    if scenes is None:
        return None

    def packed(values: np.ndarray | None) -> dict[str, object] | None:
        return None if values is None else {"shape": list(values.shape), "array": send(values)}

    def listed(values: np.ndarray | None) -> list | None:
        return None if values is None else values.tolist()

    return {
        "classes": list(scenes.classes),
        "count": len(scenes.images),
        "images": packed(scenes.images),
        "masks": packed(scenes.masks),
        "predicted_masks": packed(scenes.predicted_masks),
        "boxes": packed(scenes.boxes),
        "predicted_boxes": packed(scenes.predicted_boxes),
        "labels": listed(scenes.labels),
        "predicted_labels": listed(scenes.predicted_labels),
        "ious": listed(scenes.ious),
    }


def _short(value: float) -> float | None:
    """Five significant digits: enough for a curve. None for what is no number."""
    return float(f"{value:.5g}") if math.isfinite(value) else None
