"""A picture before and after a kernel, in the browser. Knows the message to it and what comes back; draws nothing."""

import math
from collections.abc import Callable, Mapping

import streamlit as st

from explorer.errors import ExplorerError
from explorer.images.picture import Picture
from explorer.images.tensors import planes
from explorer.layers.pictures import Applied, as_shown
from explorer.live import wire
from explorer.typed import cell
from explorer.ui import components
from explorer.words import counted, fixed, written

LARGEST_WEIGHT = 1e6
AFTER = {
    "clip": "After, cut to 0–255",
    "absolute": "After, without its sign",
    "stretched": "After, stretched about grey",
}

Edit = tuple[int, int, float]  # kernel row, column, new value


def show_compare(picture: Picture, applied: Applied, view: str, *, key: str, on_edit: Callable[[Edit], None]) -> None:
    """Draw both pictures with a divider between. on_edit: called before the run that a changed kernel cell causes."""

    def hear() -> None:
        try:
            edit = read_edit(st.session_state[key].get("edited"), applied.kernel.shape)
            if edit:
                on_edit(edit)
        except ExplorerError as error:
            st.session_state[f"{key} error"] = str(error)

    if problem := st.session_state.pop(f"{key} error", None):
        st.error(problem)
    components.compare(key=key, data=message(picture, applied, view), on_edited_change=hear, height="stretch")


def message(picture: Picture, applied: Applied, view: str) -> bytes:
    """Both pictures as grey levels, the kernel, and the picture's row or column under each cell of a window."""
    height, width = picture.pixels.shape[:2]
    names = list(planes(picture.pixels).names)
    header = {
        "digest": picture.digest,
        "rows": height,
        "columns": width,
        "planes": len(names),
        "names": names,
        "kernelRows": applied.kernel.shape[0],
        "kernelColumns": applied.kernel.shape[1],
        "rowSources": applied.row_sources.tolist(),
        "columnSources": applied.column_sources.tolist(),
        "before": "Before",
        "after": AFTER[view],
        "legend": _legend(applied, view),
        "label": f"{picture.name}, {counted(height, 'row')} and {counted(width, 'column')}, before and after the kernel.",
    }
    return wire.pack(header, [picture.pixels, as_shown(applied.values, view, applied.reach), applied.kernel])


def _legend(applied: Applied, view: str) -> str:
    found = f"The result runs from {written(applied.low)} to {written(applied.high)}."
    meaning = {
        "clip": "0 and less is black, 255 and more is white.",
        "absolute": "0 is black, sizes of 255 and more are white, whatever the sign.",
        "stretched": f"Black is −{written(applied.reach)}, middle grey 0, white +{written(applied.reach)}.",
    }[view]
    return f"{found} {meaning}"


def read_edit(sent: object, shape: tuple[int, int]) -> Edit | None:
    """The browser's change of one kernel cell, checked; ExplorerError for what is no cell or no reasonable number."""
    if sent is None:
        return None
    row, column, value = (
        (sent.get(name) for name in ("row", "column", "value")) if isinstance(sent, Mapping) else [None] * 3
    )
    if not cell((row, column), shape):
        raise ExplorerError("That cell is not in the kernel: click one of the kernel's cells and type again.")
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ExplorerError("That is no number: type one such as −1, 0.25 or 1/9.")
    if abs(value) > LARGEST_WEIGHT:
        raise ExplorerError(
            f"{written(value, 6)} is too large for a kernel's cell: type a number up to {fixed(LARGEST_WEIGHT, 0)}."
        )
    return row, column, float(value)
