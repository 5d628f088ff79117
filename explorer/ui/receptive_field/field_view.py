"""What a unit sees, drawn on the picture (F3): the map to click, the box, the table. Knows the screen; computes nothing."""

import numpy as np
import streamlit as st

from explorer.figures.colours import scales
from explorer.figures.field import field_figure
from explorer.live import wire
from explorer.models.registry import find
from explorer.probe.facts import shape_text
from explorer.probe.fields import FieldOf
from explorer.probe.graph import Node
from explorer.probe.spans import seen_text
from explorer.ui import cache, components
from explorer.ui.exhibits import change, place
from explorer.ui.receptive_field.network import PAGE, Seen, nodes_of
from explorer.ui.shell import is_dark

MAP = "field_map"


def show_field(seen: Seen, node: Node, at: tuple[int, int]) -> None:
    """The feature map to click, the picture with the unit's field, the sentence and the table."""
    field, channel = seen.known[node.name], place(PAGE).settings.channel or 0
    box, whole = field.box(*at), field.own_box(*at, clipped=False)
    columns = st.columns(2, gap="medium")
    with columns[0]:
        title = seen.graph.titles[node.name]
        st.markdown(f"**Channel {channel} of {title}**: click a unit" if field.units else f"**{title}**")
        if field.units:
            _show_map(seen, node, field, channel, at)
        else:
            st.caption("A list of numbers: there is no map to click.")
    with columns[1]:
        st.markdown("**What it sees of the network's input**")
        figure = field_figure(seen.pixels, box, whole, dark=is_dark(), name=f"row {at[0]}, column {at[1]}", height=340)
        st.plotly_chart(figure, key="field_picture", theme=None, config={"displayModeBar": False})
    st.markdown(_sentence(field, at))
    with st.expander(f"All layers of {find(seen.name).title}"):
        st.dataframe(_table(seen), hide_index=True, height=320)


def _sentence(field: FieldOf, at: tuple[int, int]) -> str:
    box, unclipped = field.box(*at), field.own_box(*at, clipped=False)
    sees = seen_text(box, field.input)
    where = f"**Row {at[0]}, column {at[1]}** sees {sees}" if field.units else f"**Every number** sees {sees}"
    window = field.window
    if not window:
        dotted = " (dotted)" if field.own else ""
        return f"{where}. There is no one box for this layer ({field.reason}){dotted}."
    tall, wide = (unclipped[2] - unclipped[0], unclipped[3] - unclipped[1]) if unclipped else window.size
    cut = f", cut from {tall}×{wide} by the border (dotted)" if box != unclipped else ""
    varies = "" if (tall, wide) == window.size else f" (up to {window.size[0]}×{window.size[1]} elsewhere)"
    stride = "×".join(f"{value:g}" for value in window.stride)
    start = " and ".join(str(value).replace("-", "−") for value in window.start)
    return (
        f"{where}: {box[2] - box[0]}×{box[3] - box[1]} pixels{cut}{varies}. Away from the border a unit of this layer sees "
        f"{window.size[0]}×{window.size[1]}; neighbours' fields are {stride} pixels apart (stride), and the first one's begins "
        f"at row and column {start} (start; below 0 is padding)."
    )


def _table(seen: Seen) -> list[dict[str, object]]:
    rows = []
    for node in nodes_of(seen).values():
        field = seen.known[node.name]
        window = field.window
        rows.append(
            {
                "layer": seen.graph.titles[node.name],
                "kind": node.kind,
                "output": shape_text(node.shape),
                "size": "×".join(map(str, window.size)) if window else "–",
                "stride": "×".join(f"{value:g}" for value in window.stride) if window else "–",
                "start": ", ".join(map(str, window.start)).replace("-", "−") if window else "–",
                "no box, because": field.reason,
            }
        )
    return rows


def _show_map(seen: Seen, node: Node, field: FieldOf, channel: int, at: tuple[int, int]) -> None:
    """The channel's map, in the browser: a click sends the unit."""
    steps = cache.steps_of(seen.weights, _network=seen.loaded.network, _shape=tuple(seen.inputs.shape[1:]))
    values = cache.node_values(seen.key, _program=steps, _inputs=seen.inputs).values[node.name][channel]
    shown = np.nan_to_num(values.float().numpy().reshape(field.units), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(shown.min()), float(shown.max())
    reach = max(-low, high)
    header = {
        "label": f"Channel {channel} of {node.name}: {field.units[0]} rows, {field.units[1]} columns.",
        "node": node.name,
        "length": None,  # a map, not a list laid out as one
        "rows": field.units[0],
        "columns": field.units[1],
        "row": at[0],
        "column": at[1],
        "signed": low < 0,
        "low": -reach if low < 0 else min(0.0, low),
        "high": reach if low < 0 else high,
        "colours": scales(),
    }

    def hear() -> None:
        if spot := read_place(st.session_state[MAP].get("unit"), node.name, field.units):
            change(PAGE, row=spot[0], column=spot[1])

    components.unit_map(key=MAP, data=wire.pack(header, [shown]), on_unit_change=hear)


def read_place(message: object, node: str, units: tuple[int, int]) -> tuple[int, int] | None:
    """The row and column that a browser sent for that node; None for anything else. Anyone can send anything."""
    if not isinstance(message, dict) or message.get("node") != node:
        return None
    row, column = message.get("row"), message.get("column")
    fits = type(row) is int and type(column) is int and 0 <= row < units[0] and 0 <= column < units[1]
    return (row, column) if fits else None
