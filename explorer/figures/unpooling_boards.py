"""Scenes of unpooling for the stepper: stamps with the map of their overlaps, and values that return by switches.

Knows the layers' records and which grids stand side by side; not the browser.
"""

from dataclasses import replace

import numpy as np

from explorer.figures.boards import Board, Grid, stamping_board
from explorer.layers.every_step import returns
from explorer.layers.sizes import Window
from explorer.layers.transposed import Stamping, transpose_convolve
from explorer.layers.unpooling import FixedStamping, MaxUnpooling
from explorer.words import written

TITLES = {"nearest": "Kernel of ones", "bilinear": "Tent", "subpixel": "Kernel"}


def overlap_board(stamping: Stamping) -> Board:
    """A transposed convolution, and beside it how many stamps meet on each cell; that stays covered until the end."""
    board = stamping_board(stamping)
    field = board.grids["output"]
    whole = transpose_convolve(
        np.ones(stamping.image.shape[1:]), np.ones(stamping.kernel.shape[2:]), stride=stamping.stride,
        output_padding=stamping.output_padding, dilation=stamping.dilation,
    )  # fmt: skip
    _, rows, cols = field.values.shape
    counts = whole.overlaps[np.newaxis, :rows, :cols]  # with those that the padding cuts off
    overlaps = Grid("Stamps on each cell", counts, signed=False, border=field.border, late=True)
    return replace(
        board,
        grids={**board.grids, "overlaps": overlaps},
        order=(*board.order, "overlaps"),
        alike={"overlaps": "window"},
        finish=f"Output: {_text(stamping.output[0])}.",
    )


def fixed_board(fixed: FixedStamping) -> Board:
    """An unpooling without weights to learn: the same stamps, with a kernel that stays as it is."""
    stamping = fixed.stamping
    board = stamping_board(stamping)
    kernel = stamping.kernel.reshape(-1, *stamping.kernel.shape[2:])
    border = fixed.padded.border if fixed.padded.border.any() else None
    (top, _), (left, _) = fixed.padded.amounts
    channels = len(stamping.image)
    names = [f"channel {i}" for i in range(channels)] if channels > 1 else None
    return replace(
        board,
        grids={
            "input": replace(board.grids["input"], border=border, pad=(top, left), names=names),
            "kernel": Grid(TITLES[fixed.kind], kernel, editable=False),
            "output": board.grids["output"],
        },
        groups=stamping.groups,
        finish=f"Output: {_text(stamping.output[0])}.",
    )


def switches_board(unpooling: MaxUnpooling) -> Board:
    """Pooling above and its way back below: input → maxima, switches; values → output."""
    pooling = unpooling.pooling
    _, height, width = pooling.image.shape
    planes = np.arange(len(pooling.image))[:, None, None]
    signed = bool(pooling.image.min() < 0)
    largest = float(np.abs(unpooling.values).max()) or 1.0
    put, so_far = returns(unpooling)
    switches = (planes * (height * width) + pooling.positions).astype(np.float64)
    return Board(
        kind="transposed",
        grids={
            "input": Grid("Input", pooling.image, signed=signed, editable=True),
            "pooled": Grid("Maxima", pooling.output, signed=signed),
            "positions": Grid("Switches", pooling.positions, signed=False),
            "values": Grid("Values", unpooling.values, editable=True),
            "output": Grid("Output so far", np.zeros(unpooling.output.shape), range=(-largest, largest)),
        },
        order=("input", "→", "pooled", "positions", "values", "→", "output"),
        roles={"window": "output", "place": "values", "sum": "output"},
        window=Window(pooling.window.kernel, pooling.window.stride),
        alike={"input": "window", "pooled": "place", "positions": "place"},
        per_channel=True,
        results={"switches": switches, "products": put, "after": so_far},
        finish=f"Output: {_text(unpooling.output[0])}.",
    )


def _text(values: np.ndarray) -> str:
    """Rows joined by semicolons; too many cells are only counted."""
    if values.size > 64:
        return f"{values.shape[0]}×{values.shape[1]} cells"
    return "; ".join(" ".join(written(value) for value in row) for row in values)
