"""F3: what any unit of any network sees, drawn on the picture: the map to click, the box, the table. Knows words."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import streamlit as st

from explorer.figures.field import field_figure
from explorer.models.registry import find
from explorer.probe.facts import shape_text
from explorer.probe.fields import FieldOf
from explorer.probe.kinds import kind_of
from explorer.probe.layouts import order
from explorer.probe.spans import seen_text
from explorer.settings.fields import Whole
from explorer.ui import cache, unit_map
from explorer.ui.exhibit import Exhibit
from explorer.ui.plain import plain
from explorer.ui.receptive_field.unit import MOST, PLACES, OneUnit, Seen, look, pick
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart, side_by_side
from explorer.ui.stand import Stand
from explorer.words import counted, minus, written

MAP = "field_map"


@dataclass(frozen=True)
class OneOfMap(OneUnit):
    """channel: whose map is shown; None is the first."""

    channel: Annotated[int | None, Whole("", 0, MOST, optional=True)] = None


def _show(seen: Seen, stand: Stand[OneOfMap]) -> None:
    """The feature map to click, the picture with the unit's field, the sentence and the table."""
    pick(seen, stand)
    field, at = seen.field, seen.at
    row = side_by_side(stand)
    with row.container(height="stretch"):
        title = plain(seen.graph.titles[seen.node.name])
        st.markdown(f"**Channel {seen.channel} of {title}**: click a unit" if field.units else f"**{title}**")
        if field.units:
            _show_map(seen, stand)
        else:
            st.caption("A list of numbers: there is no map to click.")
    with row.container(height="stretch"):
        st.markdown("**What it sees of the network's input**")
        box, whole = field.box(*at), field.own_box(*at, clipped=False)
        figure = field_figure(seen.pixels, box, whole, dark=is_dark(), name=f"row {at[0]}, column {at[1]}")
        chart(stand, figure, height="stretch")
    st.markdown(_sentence(field, at))
    with st.expander(f"All layers of {plain(find(seen.name).title)}"):
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
    stride = "×".join(written(value, 6) for value in window.stride)
    start = " and ".join(minus(str(value)) for value in window.start)
    return (
        f"{where}: {box[2] - box[0]}×{box[3] - box[1]} pixels{cut}{varies}. Away from the border a unit of this layer sees "
        f"{window.size[0]}×{window.size[1]}; neighbours' fields are {stride} pixels apart (stride), and the first one's begins "
        f"at row and column {start} (start; below 0 is padding)."
    )


def _table(seen: Seen) -> list[dict[str, object]]:
    rows = []
    for node in seen.nodes.values():
        field = seen.known[node.name]
        window = field.window
        rows.append(
            {
                "layer": seen.graph.titles[node.name],
                "kind": kind_of(node.kind).word,
                "output": shape_text(seen.graph.shown_shape(node.name)),
                "size": "×".join(map(str, window.size)) if window else "–",
                "stride": "×".join(written(value, 6) for value in window.stride) if window else "–",
                "start": ", ".join(minus(str(value)) for value in window.start) if window else "–",
                "no box, because": field.reason,
            }
        )
    return rows


def _show_map(seen: Seen, stand: Stand[OneOfMap]) -> None:
    """The channel's map, in the browser: a click sends the unit."""
    node, (rows, columns) = seen.node, seen.field.units
    steps = cache.steps_of(seen.weights, _network=seen.loaded.network, _shape=tuple(seen.inputs.shape[1:]))
    values = cache.node_values(seen.key, _program=steps, _inputs=seen.inputs).values[node.name]
    shown = values.permute(order(seen.field.span.layout)).reshape(-1, rows, columns)[seen.channel]
    unit_map.show(
        MAP,
        shown.float().numpy(),
        lambda place: stand.change(row=place[0], column=place[1]),
        node=node.name,
        at=seen.at,
        label=f"Channel {seen.channel} of {node.name}: {counted(rows, 'row')}, {counted(columns, 'column')}.",
        length=None,
    )


_S4 = OneOfMap("digit-3", "lenet5", "s4")
EXHIBITS = (
    Exhibit(
        "F3",
        "Any unit of any network",
        "A unit of LeNet-5's last pooling layer is one number of 5×5. How many pixels of the picture can it see?",
        "16×16 of the input's 32×32: C1 sees 5, S2 6, C3 14, S4 16. Neighbours' fields are 4 pixels apart (the stride) and "
        "overlap. Units at the border of a padded network see less: part of their field is padding. And where every unit looks "
        "at the whole picture (dense, global pooling, squeeze-and-excitation), there is no box to draw.",
        _S4,
        partial(look, opening=_S4.node),
        _show,
        {
            "LeNet-5": _S4,
            "VGG-16": OneOfMap("cat", "vgg16", "features_23", 0, 0),
            "ResNet-18": OneOfMap("cat", "resnet18", "layer3_1_relu_1", 2, 11),
            "MobileNet v3": OneOfMap("cat", "mobilenet_v3_large", "features_4_block_3_0"),
        },
        subject=True,
        forgets={"network": ("node", *PLACES), "node": PLACES},
        order=2,
    ),
)
