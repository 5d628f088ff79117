"""Short runs that come with the application: what a page shows before anybody has trained there. Knows runs and files.

They are found by their names as a user's own runs are (timeline.run_folder), and are never listed among those.
assets/recordings/README.md tells how each was made.
"""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file

from explorer.errors import ExplorerError
from explorer.training.story import thinned
from explorer.training.timeline import (
    IDENTITY,
    RECORDED,
    RECORDINGS,
    Run,
    read_events,
    read_run,
    read_snapshot,
    read_watched,
    snapshot_steps,
)

LIVE = "live"  # the page Train LeNet live, which has no exhibit
OF = {
    LIVE: ("recorded-lenet5",),
    "B2": ("recorded-corner-cnn", "recorded-corner-mlp"),
    "H5": ("recorded-few-pictures", "recorded-dropout"),
    "H6": ("recorded-few-pictures", "recorded-varied"),
    "K1": ("recorded-seg-full", "recorded-seg-nearest", "recorded-seg-skip"),
    "K6": ("recorded-locate",),
    **dict.fromkeys(("J1", "J3", "J4"), ("recorded-last", "recorded-fine-tune", "recorded-scratch")),
}
MOST_LOSSES = 120  # points of a curve


def recorded(exhibit: str) -> tuple[str, ...]:
    """The recorded runs of an exhibit; none where one of them cannot be read."""
    names = OF.get(exhibit, ())
    with contextlib.suppress(ExplorerError):
        for name in names:
            read_run(RECORDINGS, name)
        return names
    return ()


def is_recorded(name: str) -> bool:
    """Whether a run is one of those that come with the application: nobody commands it or goes on from it."""
    return name.startswith(RECORDED)


def keep(run: Run, name: str, snapshots: int, pictures: int) -> Path:
    """Copy a run that is over: so many moments, the early ones closer together, and so many of its test pictures.

    Weights are kept in half precision. Raises ExplorerError for another name, and where there is one already.
    """
    folder = RECORDINGS / name
    if not IDENTITY.fullmatch(name) or not is_recorded(name) or folder.exists():
        raise ExplorerError(f"A recording's name begins with “{RECORDED}”, and is a new one: choose another.")
    (folder / "snapshots").mkdir(parents=True)
    (folder / "run.json").write_bytes((run.folder / "run.json").read_bytes())
    for step in moments(snapshot_steps(run.folder), snapshots):
        state = read_snapshot(run.folder, step)
        half = {key: value.half() if value.dtype == torch.float32 else value for key, value in state.items()}
        save_file(half, folder / "snapshots" / f"{step}.safetensors")
    watched = read_watched(run.folder).sample(pictures)
    parts = {part: getattr(watched, part) for part in ("images", "labels", "masks", "boxes")}
    save_file(
        {part: tensor.contiguous() for part, tensor in parts.items() if tensor is not None},
        folder / "watch.safetensors",
    )
    events = [event for event in read_events(run.folder) if event.get("kind") != "snapshot"]
    losses = [event for event in events if event.get("kind") == "loss"]
    dropped = {id(event) for event in losses} - {id(event) for event in thinned(losses, MOST_LOSSES)}
    lines = [json.dumps(event, ensure_ascii=False) + "\n" for event in events if id(event) not in dropped]
    (folder / "events.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def moments(steps: Sequence[int], most: int) -> list[int]:
    """At most so many of the steps, the first and the last among them; the others grow like squares: early steps teach most."""
    wanted = [steps[-1] * (place / max(1, most - 1)) ** 2 for place in range(most)]
    return sorted({min(steps, key=lambda step: abs(step - at)) for at in wanted})
