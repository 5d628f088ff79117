"""I2: an Inception block, and kernels split into smaller ones. Knows the screen and words; computes nothing itself."""

from dataclasses import dataclass
from typing import Annotated

import streamlit as st

from explorer.models.splits import MOST_CHANNELS, SPLITS, Split, split
from explorer.probe.folding import Drawing, fold
from explorer.probe.graph import Graph
from explorer.settings.fields import OneOf, Switch, Whole
from explorer.ui import cache
from explorer.ui.architectures.graph import show_graph
from explorer.ui.exhibit import Exhibit
from explorer.ui.frame import filling
from explorer.ui.stand import Stand
from explorer.words import counted, noun

BESIDE = 380  # pixels of the stage's width: numbers beside the drawing
BLOCKS = {  # block → (network, module)
    "GoogLeNet's first": ("googlenet", "inception3a"),
    "Inception v3's first": ("inception_v3", "Mixed_5b"),
    "Inception v3's 7×7 in lines": ("inception_v3", "Mixed_6b"),
    "Inception v3's 3×3 in lines": ("inception_v3", "Mixed_7b"),
}


@dataclass(frozen=True)
class Block:
    """Which Inception block, whether its branches are shown; the kernel that is split, and its channels in and out."""

    block: Annotated[str, OneOf("Block", BLOCKS, wide=2.0)] = next(iter(BLOCKS))
    inside: Annotated[bool, Switch("")] = False
    kernel: Annotated[str, OneOf("Kernel to split", SPLITS, wide=1.5)] = "5×5"
    channels: Annotated[int, Whole("Channels in and out", 1, MOST_CHANNELS)] = 64


def make(settings: Block) -> tuple[Drawing, Graph, Split]:
    """The block's drawing and steps, and what a split saves."""
    graph = cache.block_graph(*BLOCKS[settings.block])
    opened = {node.block.split(".")[0] for node in graph} | {node.block for node in graph} if settings.inside else ()
    return fold(graph, opened), graph, split(settings.kernel, settings.channels)


def _show(made: tuple[Drawing, Graph, Split], stand: Stand[Block]) -> None:
    drawing, graph, parts = made
    settings = stand.settings
    left, right = filling("block", "stretch", BESIDE)
    with left:
        stand.toggle(left, "inside", "Unfold its branches")
        show_graph(stand, drawing, f"{settings.block} {settings.inside}", lambda _: stand.change(inside=True))
    with right:
        if stand.revealed:
            _show_join(graph)
        _show_split(parts, settings.channels)


def _show_join(graph: Graph) -> None:
    joined = graph[graph.output[0]]
    shapes = [graph[name].shape for name in joined.inputs]
    sizes = {shape[1:] for shape in shapes}
    total = " + ".join(str(shape[0]) for shape in shapes)
    st.markdown(
        f"**Concatenated in depth:** {total} = **{joined.shape[0]:,}** {noun(joined.shape[0], 'channel')}. "
        + (f"All are {shapes[0][1]}×{shapes[0][2]}." if len(sizes) == 1 else "")
    )


def _show_split(parts: Split, channels: int) -> None:
    before = "×".join(map(str, parts.before))
    after = " then ".join("×".join(map(str, size)) for size in parts.after)
    st.markdown(f"**{before} → {after}**, {counted(channels, 'channel')} in and out")
    rows = [
        (before, parts.parameters_before),
        *(("×".join(map(str, size)), count) for size, count in zip(parts.after, parts.parameters_after, strict=True)),
        (f"{after} together", sum(parts.parameters_after)),
    ]
    st.table([{"layers": layers, "parameters": f"{count:,}"} for layers, count in rows], hide_index=True)
    st.markdown(f"**{parts.share:.0%}** of the parameters, and both see {parts.field[0]}×{parts.field[1]} inputs.")


EXHIBITS = (
    Exhibit(
        "I2",
        "Inception block",
        "Four branches look at the same maps with kernels of different sizes. How can their outputs be put together into one?",
        "By concatenation in depth: every branch keeps height and width (padding, stride 1), so only their channels add up, as "
        "64 + 128 + 32 + 32 = 256 in GoogLeNet's first block. 1×1 kernels before the large ones make them cheap. Inception v3 "
        "goes on: a 5×5 becomes two 3×3 (18 instead of 25 weights), a 3×3 becomes 1×3 and 3×1 (6 instead of 9). What they see "
        "stays.",
        Block(),
        make,
        _show,
        {
            "folded": Block(),
            "its branches": Block(inside=True),
            "3×3 in lines": Block(next(reversed(BLOCKS)), True, "3×3"),
        },
    ),
)
