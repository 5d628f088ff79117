"""Two blocks of the Architectures page: Inception and residual. Knows the screen; computes nothing itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.figures.architectures import graph_figure
from explorer.figures.maps import map_figure
from explorer.figures.spread import Line, spread_figure
from explorer.images.samples import load_sample
from explorer.models.registry import MODELS
from explorer.models.splits import MOST_CHANNELS, SPLITS, Split, split
from explorer.probe.facts import shape_text
from explorer.probe.folding import Drawing, fold
from explorer.probe.graph import Graph
from explorer.probe.recording import record
from explorer.probe.residual import FACTORS, MOST_DEPTH, MOST_SEED, TwoStacks
from explorer.ui import cache
from explorer.ui.architectures.exhibits import BLOCKS, BlockSettings, SkipSettings
from explorer.ui.exhibits import change
from explorer.ui.networks import current
from explorer.ui.shell import is_dark
from explorer.words import added, counted, fixed, noun, short, written

PAGE = "architectures"
QUIET = {"displayModeBar": False}
MODEBAR = {"displaylogo": False, "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]], "displayModeBar": True}
SCHEME_TITLES = {"default": "PyTorch's own", "xavier": "Xavier", "he": "He"}
RESIDUAL = ("resnet18", "maxpool", "layer1.0.bn2", "layer1.0")  # the network, what goes in, F(x), what comes out


def show_graph(drawing: Drawing, key: str, unfold: Callable[[str], None]) -> None:
    """Draw it; `unfold` is called with the key of a folded box that is clicked.

    key: another one for every state of what is folded, so that what was clicked in one is not clicked in the next.
    """
    known = [box.key for box in drawing.boxes if box.folded]

    def select() -> None:
        if (box := clicked(st.session_state.get(key), known)) is not None:
            unfold(box)

    st.plotly_chart(
        graph_figure(drawing, dark=is_dark()),
        key=key,
        config=MODEBAR,
        theme=None,
        on_select=select,
        selection_mode="points",
    )


def clicked(event: object, known: Sequence[str]) -> str | None:
    """The folded box that a browser's event names; None unless it is one of `known`. Anyone can send anything."""
    try:
        key = event["selection"]["points"][0]["customdata"][0]
    except (KeyError, IndexError, TypeError):
        return None
    return key if isinstance(key, str) and key in known else None


# ── I2: Inception ───────────────────────────────────────────────────────────────────────────────────────────


def ask_inception(settings: BlockSettings, token: int) -> None:
    first, second, third, fourth = st.columns([1.6, 1, 1.2, 1], vertical_alignment="bottom")
    names = list(BLOCKS)
    block = first.selectbox("Block", names, index=names.index(settings.block), key=f"block {token}")
    inside = second.toggle("Unfold its branches", settings.inside, key=f"inside {token}")
    kernels = list(SPLITS)
    kernel = third.selectbox("Kernel to split", kernels, index=kernels.index(settings.kernel), key=f"kernel {token}")
    channels = fourth.number_input(
        "Channels in and out", 1, MOST_CHANNELS, settings.channels, key=f"channels of a split {token}"
    )
    change(PAGE, block=block, inside=inside, kernel=kernel, channels=int(channels))


def make_inception(settings: BlockSettings) -> tuple[Drawing, Graph, Split]:
    graph = cache.block_graph(*BLOCKS[settings.block])
    opened = {node.block.split(".")[0] for node in graph} | {node.block for node in graph} if settings.inside else ()
    return fold(graph, opened), graph, split(settings.kernel, settings.channels)


def show_inception(settings: BlockSettings, drawing: Drawing, graph: Graph, parts: Split) -> None:
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        show_graph(
            drawing,
            f"block {settings.block} {settings.inside}",
            lambda _: change(PAGE, load=True, inside=True),
        )
    with right:
        joined = graph[graph.output[0]]
        shapes = [graph[name].shape for name in joined.inputs]
        sizes = {shape[1:] for shape in shapes}
        total = " + ".join(str(shape[0]) for shape in shapes)
        st.markdown(
            f"**Concatenated in depth:** {total} = **{joined.shape[0]:,}** {noun(joined.shape[0], 'channel')}. "
            + (f"All are {shapes[0][1]}×{shapes[0][2]}." if len(sizes) == 1 else "")
        )
        before = "×".join(map(str, parts.before))
        after = " then ".join("×".join(map(str, size)) for size in parts.after)
        st.markdown(f"**{before} → {after}**, {counted(settings.channels, 'channel')} in and out")
        st.table(
            [
                {"layers": before, "parameters": f"{parts.parameters_before:,}"},
                *(
                    {"layers": "×".join(map(str, size)), "parameters": f"{count:,}"}
                    for size, count in zip(parts.after, parts.parameters_after, strict=True)
                ),
                {"layers": f"{after} together", "parameters": f"{sum(parts.parameters_after):,}"},
            ],
            hide_index=True,
        )
        st.markdown(f"**{parts.share:.0%}** of the parameters, and both see {parts.field[0]}×{parts.field[1]} inputs.")


# ── I3: residual ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Sum:
    """One channel of a residual block: float32 (H, W) each; output is after the block's last ReLU."""

    x: np.ndarray
    change: np.ndarray
    output: np.ndarray
    random: bool

    @property
    def error(self) -> float:
        """The largest difference between ReLU(x + F(x)) and what the block put out."""
        return float(np.abs(np.maximum(self.x + self.change, 0) - self.output).max())


def ask_skip(settings: SkipSettings, token: int) -> None:
    columns = st.columns([1.4, 1.2, 1, 1, 1], vertical_alignment="bottom")
    depth = columns[0].slider("Layers", 1, MOST_DEPTH, settings.depth, key=f"depth {token}")
    schemes = list(FACTORS)
    scheme = columns[1].selectbox(
        "First weights",
        schemes,
        index=schemes.index(settings.scheme),
        format_func=SCHEME_TITLES.get,
        key=f"scheme {token}",
    )
    batch_norm = columns[2].toggle("Batch norm", settings.batch_norm, key=f"batch norm {token}")
    seed = columns[3].number_input("Seed", 0, MOST_SEED, settings.seed, key=f"seed {token}")
    channel = columns[4].number_input("Channel", 0, 63, settings.channel, key=f"channel of the block {token}")
    change(PAGE, depth=depth, scheme=scheme, batch_norm=batch_norm, seed=int(seed), channel=int(channel))


def make_skip(settings: SkipSettings) -> tuple[TwoStacks, Sum]:
    name, before, inner, block = RESIDUAL
    loaded = current(name)
    recording = record(
        loaded.network, MODELS[name].feeding.preprocess(load_sample("cat").pixels), [before, inner, block]
    )
    x, change_, output = (recording.outputs[layer][0, settings.channel].numpy() for layer in (before, inner, block))
    return cache.two_stacks(settings.stacks), Sum(x, change_, output, loaded.random)


def show_skip(settings: SkipSettings, stacks: TwoStacks, parts: Sum) -> None:
    left, right = st.columns([1.1, 1], gap="medium")
    lines = [
        Line("x + F(x)", stacks.residual, stacks.residual_theory, colour=0),
        Line("F(x) alone", stacks.plain, stacks.plain_theory, colour=1),
    ]
    figure = spread_figure(lines, dark=is_dark(), y="spread of the gradient")
    left.plotly_chart(figure, key="gradients with and without", config=QUIET, theme=None)
    theory = "" if settings.batch_norm else " Dashed: theory."
    left.caption(
        f"Standard deviation of ∂L/∂x by layer, measured; 0 is the input, at layer {settings.depth} it is 1.{theory} At the "
        f"input: {short(stacks.residual[0])} with the skip, {short(stacks.plain[0])} without."
    )
    with right:
        marked = ", random weights" if parts.random else ""
        st.markdown(f"**ResNet-18's first block, channel {settings.channel}**{marked}: output = ReLU(x + F(x))")
        columns = st.columns(3)
        for column, title, values, signed in (
            (columns[0], "x", parts.x, False),
            (columns[1], "F(x)", parts.change, True),
            (columns[2], "ReLU(x + F(x))", parts.output, False),
        ):
            column.caption(f"{title}, {shape_text(values.shape)}")
            figure = map_figure(values, signed=signed, dark=is_dark(), name=title)
            column.plotly_chart(figure, key=f"sum {title}", config=QUIET, theme=None)
        passed = np.abs(parts.change) * (parts.output > 0)  # where there is something to see after the ReLU
        row, col = np.unravel_index(int((passed if passed.any() else np.abs(parts.change)).argmax()), parts.x.shape)
        x, inner = float(parts.x[row, col]), float(parts.change[row, col])
        st.markdown(
            f"Row {row}, column {col}: {added([fixed(x, 3), fixed(inner, 3)])} = {fixed(x + inner, 3)}, after ReLU "
            f"**{fixed(float(parts.output[row, col]), 3)}**."
        )
        st.caption(f"Over the whole map the largest difference between sum and output is {written(parts.error, 1)}.")
