"""From a trained network's maps back to pixels, with each kind of unpooling (K5b). Knows the screen; computes nothing."""

import hashlib

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.unpooling import restored_figure
from explorer.layers.restoring import Restored, restored
from explorer.models.registry import find
from explorer.probe.deconvnet import ALL, UNPOOLINGS, Fit, fit, passes, project, projectable, run_down, strongest
from explorer.probe.graph import Graph
from explorer.ui import cache
from explorer.ui.exhibits import change, place
from explorer.ui.looking import follow, inputs_of, take_over
from explorer.ui.networks import current
from explorer.ui.pickers import pick_network, pick_picture
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.unpooling.exhibits import STRONGEST
from explorer.ui.unpooling.pictures import guessed, verdict

PAGE = "unpooling"
QUIET = {"displayModeBar": False}


def show_encoder() -> None:
    """Picture, network, layer and channel; the guess; then the way back with every unpooling."""
    take_over(PAGE)
    left, right = st.columns([1, 3], gap="large")
    with left:
        if pick_picture().picture is None:
            st.caption("An example digit is looked at until you draw or choose a picture.")
        name = pick_network()
    follow(PAGE, name, layer="", channel=ALL)
    with right:
        try:
            _show_way_back(name)
        except ExplorerError as error:
            st.error(plain(str(error)))


def _show_way_back(name: str) -> None:
    with st.spinner("Opening the network …", show_time=True):
        graph, loaded = cache.graph(name), current(name)
    inputs, note = inputs_of(name)
    if note:
        st.error(note)
    if loaded.random:
        st.caption("These weights are random: nobody has trained them.")
    layer, channel, rectify = _ask_where(graph)
    feeding = find(name).feeding
    seen = feeding.display(inputs)
    guess = guessed({key: unpooling.title for key, unpooling in UNPOOLINGS.items()})
    if not guess:
        return

    def make() -> tuple[int, dict[str, tuple[Restored, Fit]]]:
        recording = run_down(loaded.network, graph, inputs, layer)
        at = strongest(recording, layer) if channel == STRONGEST else channel
        found = {}
        for key, unpooling in UNPOOLINGS.items():
            close = fit(seen, project(loaded.network, recording, layer, at, key, rectify=rectify))
            maps = recording.outputs[layer][0]
            numbers = maps.numel() if at == ALL else maps[at].numel()
            found[key] = restored(unpooling.title, seen.astype(float), close.pixels, numbers), close
        return at, found

    key = (name, loaded.key, hashlib.sha256(seen.tobytes()).hexdigest(), layer, channel, rectify)
    with st.spinner("Down through the network and back, four times …", show_time=True):
        at, found = cache.kept_large("deconvnet", key, _make=make)
    ways = {key: way for key, (way, _) in found.items()}
    words = {key: f"r {_number(close.correlation)} · {_number(close.psnr, 1)} dB" for key, (_, close) in found.items()}
    st.markdown(verdict(list(ways.values()), ways[guess], list(words.values())))
    st.plotly_chart(
        restored_figure(seen, list(ways.values()), list(words.values()), dark=is_dark()),
        key=f"{PAGE} encoder", theme=None, config=QUIET,
    )  # fmt: skip
    which = "all channels" if at == ALL else f"channel {at} alone"
    st.caption(
        f"From {layer}, {which}: {next(iter(ways.values())).numbers:,} numbers. Each way back is shown after the "
        "best scale and offset (least squares); r is its correlation with the picture."
    )
    with st.popover("What each does"):
        st.markdown("\n".join(f"- **{one.title}**: {one.does}" for one in UNPOOLINGS.values()))
        st.markdown(
            "In between each convolution is a transposed convolution with the same kernels and no bias. With switches and "
            "without the ReLUs this is exactly how a gradient goes back through a network that has none."
        )


def _ask_where(graph: Graph) -> tuple[str, int, bool]:
    """The layer, the channel (ALL, STRONGEST or one) and whether the ReLUs count on the way back."""
    settings, token = place(PAGE).settings, place(PAGE).token
    chain = projectable(graph)
    layer = settings.layer
    if layer not in chain:
        if layer:
            st.error(f"There is no way back from a layer “{layer[:20]}” here: another one is shown.")
        passes(graph, chain[0] if chain else "")  # says why there is none
        layer = _last_pooling(graph, chain)
    columns = st.columns([1.2, 1.2, 1], vertical_alignment="bottom")
    shapes = {node.module: node.shape for node in graph if node.module in chain}
    layer = columns[0].selectbox(
        "From layer", chain, chain.index(layer), key=f"{PAGE} layer {token} {settings.network}",
        format_func=lambda name: f"{name}  {'×'.join(map(str, shapes[name]))}",
    )  # fmt: skip
    count = shapes[layer][0]
    channel = settings.channel
    if channel >= count:
        st.error(f"{layer} has no channel {channel}: all channels are shown.")
        channel = ALL
    titles = {ALL: "all channels", STRONGEST: "the strongest channel"}
    choices = [ALL, STRONGEST, *range(count)]
    channel = columns[1].selectbox(
        "Of", choices, choices.index(channel), key=f"{PAGE} channel {token} {settings.network} {layer}",
        format_func=lambda one: titles.get(one, f"channel {one}"),
    )  # fmt: skip
    rectify = columns[2].toggle("ReLUs on the way back", settings.rectify, key=f"{PAGE} rectify {token}")
    change(PAGE, layer=layer, channel=channel, rectify=rectify)
    return layer, channel, rectify


def _last_pooling(graph: Graph, chain: tuple[str, ...]) -> str:
    poolings = [node.module for node in graph if node.module in chain and node.kind == "MaxPool2d"]
    return poolings[-1] if poolings else chain[-1]


def _number(value: float, digits: int = 2) -> str:
    return "none" if value != value else f"{value:.{digits}f}".replace("-", "−")
