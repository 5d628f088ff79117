"""What a scan found: the patches of a layer, a line for each channel, and the chosen one in its whole picture. Draws only."""

from collections.abc import Callable

import streamlit as st

from explorer.probe.patches import Extremes, LayerPatches
from explorer.scan.scan import Scan
from explorer.scan.sheet import Crop, framed
from explorer.ui import cache
from explorer.ui.frame import filling
from explorer.ui.plain import plain, unlabelled
from explorer.ui.stand import Stand
from explorer.ui.top_patches.patches_view import Chosen, show_patches
from explorer.ui.top_patches.what import ENDS, Scanned, token
from explorer.words import counted, fixed, shortened

LINES = 8  # channels on the sheet
LAYER, CHANNELS = 300, 200  # pixels of the menus
WHOLE = 360  # pixels of the chosen patch's whole picture


def show_sheet(scan: Scan, stand: Stand[Scanned]) -> None:
    """The sheet of a layer on the left, the chosen patch's whole picture on the right."""
    layer, end, first = _choose_layer(scan, stand)
    extremes = layer.least if end == "least" else layer.best
    channels = range(first, min(first + LINES, layer.channels))
    key = (scan.wish, token(scan.wish), scan.version, layer.name, first, end)
    cut = cache.patches(*key, _scan=scan, _channels=channels)
    settings = stand.settings
    channel, rank = (settings.channel, settings.rank) if settings.channel in channels else (first, 0)
    chosen = (channel, min(rank, scan.wish.k - 1))
    left, right = filling("patches", "stretch", WHOLE)
    with left:
        show_patches(
            cut,
            extremes,
            _captions(extremes, channels, scan.pictures.name),
            key="patches",
            token=f"{stand.token} {scan.wish} {scan.state.seen} {layer.name} {end} {first}",
            chosen=chosen,
            take=lambda sent: stand.change(channel=sent[0], rank=sent[1]),
            label=f"{ENDS[end]} patches of channels {first} to {channels[-1]} of {layer.name}, one line for each "
            f"channel. Arrow keys move, Enter chooses.",
        )
    with right:
        _show_whole(scan, layer, extremes, cut, chosen)


def _choose_layer(scan: Scan, stand: Stand[Scanned]) -> tuple[LayerPatches, str, int]:
    """Layer, end of the scale and first channel."""
    names = [layer.name for layer in scan.found.layers]
    row = st.container(horizontal=True, vertical_alignment="center")
    bare = {"label_visibility": "collapsed"}
    end = stand.choose(row, "end", "Patches", list(ENDS), ENDS.__getitem__, few=True, **bare)
    how = unlabelled(stand.settings.layer or names[0])
    name = stand.choose(row, "layer", "Layer", names, lambda name: _layer_title(scan, name), width=LAYER, **how)
    layer = scan.found.layer(name)
    starts = range(0, layer.channels, LINES)
    if len(starts) == 1:
        return layer, end, 0
    around = stand.settings.first // LINES * LINES
    usual, title = (
        around if around in starts else 0,
        lambda first: f"channels {first} – {min(first + LINES, layer.channels) - 1}",
    )
    return layer, end, stand.choose(row, "first", "Channels", starts, title, usual, width=CHANNELS, **bare)


def _layer_title(scan: Scan, name: str) -> str:
    layer, field = scan.found.layer(name), scan.fields.get(name)
    seen = " sees {}×{}".format(*field.window.size) if field and field.window else ""
    return f"{shortened(name)} · {layer.channels} @ {layer.map[0]}×{layer.map[1]} ·{seen}".rstrip(" ·")


def _captions(extremes: Extremes, channels: range, name: Callable[[int], str]) -> list[list[str]]:
    return [
        [
            f"at row {row}, column {column} of its map, in {name(picture)}" if picture >= 0 else ""
            for picture, row, column in zip(*(part[channel].tolist() for part in _places(extremes)), strict=True)
        ]
        for channel in channels
    ]


def _places(extremes: Extremes) -> tuple:
    return extremes.pictures, extremes.rows, extremes.columns


def _show_whole(scan: Scan, layer: LayerPatches, extremes: Extremes, cut: Crop, chosen: Chosen) -> None:
    """The chosen patch's picture as the network sees it, with the box."""
    channel, rank = chosen
    index, box = int(extremes.pictures[channel, rank]), cut.boxes[cut.channels.index(channel)][rank]
    st.markdown(f"**Channel {channel} of {plain(layer.name)}, number {rank + 1} of {scan.wish.k}**")
    picture = scan.pictures.look([index]).get(index) if box else None
    if picture is None:
        st.caption("There is no such picture, or it can no longer be read.")
        return
    st.image(framed(picture, box), width="stretch", alt="The picture, its patch framed")
    top, left, bottom, right = box
    score, row, column = (part[channel, rank] for part in (extremes.scores, extremes.rows, extremes.columns))
    st.caption(
        f"{plain(scan.pictures.name(index))}: {fixed(score, 4)} at row {row}, column {column} of the map of {layer.map[0]}×"
        f"{layer.map[1]}. That unit sees rows {top}–{bottom - 1} and columns {left}–{right - 1}. The score is the "
        "convolution's output, before any activation function."
    )
    skipped = f", {scan.found.skipped:,} of them unreadable" if scan.found.skipped else ""
    st.caption(f"Found among {counted(scan.found.seen, 'picture')}{skipped}.")
