"""The sheet of patches in the browser. Knows the message to it and what comes back; draws nothing."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from explorer.live import wire
from explorer.probe.patches import Extremes
from explorer.scan.sheet import Crop
from explorer.ui import components

Chosen = tuple[int, int]  # channel, rank


def show_patches(
    cut: Crop,
    extremes: Extremes,
    captions: Sequence[Sequence[str]],
    *,
    key: str,
    token: str,
    chosen: Chosen,
    take: Callable[[Chosen], None],
    label: str,
) -> None:
    """Draw one line for each channel of the cut; `take` is given the patch that is clicked.

    captions: said of each patch, after its score. token: names what is shown.
    """

    def hear() -> None:
        if sent := chosen_patch(key, token, cut.channels, cut.tiles.shape[1]):
            take(sent)

    data = message(cut, extremes, captions, token=token, chosen=chosen, label=label)
    components.patches(key=key, data=data, on_chosen_change=hear, height="stretch")


def chosen_patch(key: str, token: str, channels: Sequence[int], k: int) -> Chosen | None:
    """What was clicked on the sheet that `token` names, checked; None where nothing of it was."""
    sent = (st.session_state.get(key) or {}).get("chosen")
    if not isinstance(sent, Mapping) or sent.get("token") != token:
        return None
    channel, rank = sent.get("channel"), sent.get("rank")
    if type(channel) is int and type(rank) is int and channel in channels and 0 <= rank < k:
        return channel, rank
    return None


def message(
    cut: Crop, extremes: Extremes, captions: Sequence[Sequence[str]], *, token: str, chosen: Chosen, label: str
) -> bytes:
    """The tiles, RGBA, and their scores; the same sheet makes the same bytes."""
    _, k, rows, columns, _ = cut.tiles.shape
    header = {
        "channels": list(cut.channels),
        "k": k,
        "rows": rows,
        "columns": columns,
        "present": [[box is not None for box in line] for line in cut.boxes],
        "captions": [list(line) for line in captions],
        "token": token,
        "chosen": list(chosen),
        "label": label,
        "hint": "Point at a patch for its numbers. Click one to see its whole picture.",
    }
    scores = np.nan_to_num(extremes.scores[list(cut.channels)], nan=0.0, posinf=3e38, neginf=-3e38)
    return wire.pack(header, [cut.tiles, scores.astype(np.float32)])
