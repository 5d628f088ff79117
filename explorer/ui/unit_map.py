"""One feature map whose units can be clicked, in the browser. Knows the message to it and what comes back; no page."""

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st

from explorer.figures.colours import scales
from explorer.live import wire
from explorer.typed import cell
from explorer.ui import components

Place = tuple[int, int]


def show(
    key: str, values: np.ndarray, take: Callable[[Place], None], *, node: str, at: Place, label: str, length: int | None
) -> None:
    """Draw the values (rows, columns), the unit `at` marked; `take` is given the row and column that are clicked.

    node: whose map it is. label: for who cannot see it. length: of a list of numbers that is laid out as a map, else None.
    """
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    reach = max(-low, high)
    header = {
        "label": label,
        "node": node,
        "length": length,
        "rows": values.shape[0],
        "columns": values.shape[1],
        "row": at[0],
        "column": at[1],
        "signed": low < 0,
        "low": -reach if low < 0 else min(0.0, low),
        "high": reach if low < 0 else high,
        "colours": scales(),
    }

    def hear() -> None:
        if place := read_place(st.session_state[key].get("unit"), node, values.shape):
            take(place)

    sent = np.nan_to_num(values.astype(np.float32), nan=0.0)
    components.unit_map(key=key, data=wire.pack(header, [sent]), on_unit_change=hear, height="stretch")


def read_place(message: object, node: str, shape: Place) -> Place | None:
    """The row and column that a browser sent for that node's map; None for anything else. Anyone can send anything."""
    if not isinstance(message, Mapping) or message.get("node") != node:
        return None
    return cell((message.get("row"), message.get("column")), shape)
