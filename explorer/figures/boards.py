"""Boards for the stepper: records of what one layer did → grids of numbers, and which of them the window slides over.

Knows the layers' records and how they stand side by side; not the browser.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from explorer.layers.convolution import Walkthrough
from explorer.layers.every_step import (
    channel_sums,
    count_products,
    products,
    stamps,
    weight_shares,
    window_sums,
)
from explorer.layers.gradients import ConvolutionGradient
from explorer.layers.matrix import convolution_matrix, im2col
from explorer.layers.padding import Padded
from explorer.layers.pooling import Pooling
from explorer.layers.sizes import Window, effective_size
from explorer.layers.transposed import Stamping
from explorer.words import written

MOST_TERMS = 4096  # symbols are written out for so many output cells
MOST_PRODUCTS = 2**16  # are sent one by one: half a megabyte


@dataclass(frozen=True, eq=False)
class Grid:
    """One grid of numbers on the screen.

    values: (planes, rows, cols). signed: diverging colours. editable: cells can be changed. names: of the planes.
    border: (rows, cols), True for padding. pad: rows and columns before the first real cell. range: of the colours.
    late: covered until the last step was reached. border_text: what stands in the border instead of its numbers.
    """

    title: str
    values: np.ndarray
    signed: bool = True
    editable: bool = False
    names: Sequence[str] | None = None
    border: np.ndarray | None = None
    pad: tuple[int, int] = (0, 0)
    range: tuple[float, float] | None = None
    late: bool = False
    border_text: str = ""


@dataclass(frozen=True, eq=False)
class Link:
    """A grid beside the main ones and which of its rows and columns belong to a step.

    rows, cols: all, channel, place or step; tap for the cells of the window, row by row; window for those cells' places
    in the flattened input. result: its cells are results, one a step, and covered as long as the output's are.
    """

    grid: str
    rows: str
    cols: str
    result: bool = False


# What the browser shows of each step, so that it adds and multiplies nothing itself. C: planes under the window.
RESULTS = {
    "products": "(steps, C, kh, kw): what is multiplied; not sent where there are more than MOST_PRODUCTS",
    "channel_sums": "(steps, C): the products of each plane, summed",
    "unbiased": "(steps,): all products, summed",
    "sums": "(steps,): with the bias",
    "values": "(steps,): the output",
    "winners": "(steps,): the window grid's flat index of the maximum",
    "totals": "(steps,): the window, summed",
    "divisors": "(steps,): what its average divides by",
    "after": "(steps, C, kh, kw): the cells of the grid that fills up under the window, after the step",
    "switches": "(steps,): the flat index of the cell that a value returns to",
}


@dataclass(frozen=True, eq=False)
class Board:
    """What the component shows. `grids` by name; `order` and `extra` name them as they stand, with signs between.

    roles: window (slid over), place (one cell a step), kernel and sum (filled up while stepping) where there are such.
    alike: further grids that are marked as the window is, or as the place is (those are covered until their step).
    results: what the layer's record says of each step, one or several numbers a step (see `RESULTS`).
    """

    kind: str
    grids: Mapping[str, Grid]
    order: Sequence[str]
    roles: Mapping[str, str]
    window: Window
    extra: Sequence[str] = ()
    links: Sequence[Link] = ()
    alike: Mapping[str, str] = field(default_factory=dict)
    per_channel: bool = False
    groups: int = 1
    bias: Sequence[float] | None = None
    activation: str | None = None
    results: Mapping[str, np.ndarray] = field(default_factory=dict)
    terms: Sequence[str] | None = None
    finish: str = ""


def convolution_board(
    walk: Walkthrough,
    *,
    names: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    signed_input: bool = True,
    symbols: bool = False,
    title: str = "Input",
) -> Board:
    """A convolution: input ∗ kernel = feature map. symbols: write each output cell as `w6 + w8 + b`."""
    activated = walk.activation != "identity"
    grids = {
        "input": _padded_grid(title, walk.padded, signed=signed_input, names=names),
        "kernel": Grid("Kernel", walk.weights.reshape(-1, *walk.weights.shape[2:]), editable=True, names=names),
        "output": Grid("Feature map", walk.output, names=outputs),
    }
    return Board(
        kind="convolution",
        grids=grids,
        order=("input", "∗", "kernel", "=", "output"),
        roles={"window": "input", "kernel": "kernel", "place": "output"},
        window=walk.window,
        groups=walk.groups,
        bias=walk.bias.tolist() if walk.has_bias else None,
        activation=walk.activation if activated else None,
        results=_sums(walk),
        terms=[step.terms for step in walk] if symbols and len(walk) <= MOST_TERMS else None,
    )


def _sums(walk: Walkthrough) -> dict[str, np.ndarray]:
    planes = channel_sums(walk)
    found = {"channel_sums": planes, "unbiased": planes.sum(axis=1), "sums": walk.sums, "values": walk.output}
    return {**found, "products": products(walk)} if count_products(walk) <= MOST_PRODUCTS else found


def pooling_board(pooling: Pooling, *, names: Sequence[str] | None = None, signed: bool = False) -> Board:
    """Max or average pooling, each channel by itself."""
    results = {"values": pooling.output}
    if pooling.positions is not None:
        height_width = pooling.image.shape[1:]
        (top, _), (left, _) = pooling.padded.amounts
        rows, cols = np.unravel_index(pooling.positions, height_width)
        planes = np.arange(len(pooling.image))[:, None, None]
        tall, wide = pooling.padded.source.shape
        results["winners"] = ((planes * tall + rows + top) * wide + cols + left).astype(np.float64)
    else:
        results["divisors"] = np.broadcast_to(pooling.divisors, pooling.output.shape)
        results["totals"] = window_sums(pooling)
    grid = _padded_grid("Input", pooling.padded, signed=signed, names=names)
    return Board(
        kind=pooling.kind,
        grids={
            "input": replace(
                grid,
                values=np.nan_to_num(grid.values, neginf=0.0),
                border_text="−∞" if pooling.kind == "max" else "",
            ),
            "output": Grid("Output", pooling.output, signed=signed, names=names),
        },
        order=("input", "→", "output"),
        roles={"window": "input", "place": "output"},
        window=pooling.window,
        per_channel=True,
        results=results,
    )


def gradient_board(gradient: ConvolutionGradient, oracle: np.ndarray) -> Board:
    """A shared weight's gradient fills up position by position (one channel in, one out); oracle: autograd's, (kh, kw)."""
    walk = gradient.walk
    shares, so_far = weight_shares(gradient)
    return Board(
        kind="gradient",
        grids={
            "input": _padded_grid("Input", walk.padded, signed=True),
            "upstream": Grid("Gradient at the output", gradient.at_sums, editable=True),
            "sum": Grid("Kernel's gradient so far", gradient.kernel[0], range=_symmetric(gradient.kernel)),
            "autograd": Grid("PyTorch autograd's", oracle[None], range=_symmetric(gradient.kernel), late=True),
        },
        order=("input", "∗", "upstream", "→", "sum", "≟", "autograd"),
        roles={"window": "input", "place": "upstream", "sum": "sum"},
        window=walk.window,
        results={"products": shares, "after": so_far},
        finish="All positions added: " + _verdict(gradient.kernel[0, 0], oracle),
    )


def _verdict(ours: np.ndarray, oracle: np.ndarray) -> str:
    equal = "equal to autograd's" if np.allclose(ours, oracle) else "NOT equal to autograd's"
    return f"{equal}, the largest difference is {written(np.abs(ours - oracle).max(), 1)}."


def input_gradient_board(gradient: ConvolutionGradient, oracle: np.ndarray) -> Board:
    """The input's gradient fills up stamp by stamp (one channel in, one out); oracle: autograd's, (H, W) without padding."""
    board = stamping_board(gradient.stamping)
    padded = gradient.walk.padded
    border = padded.border if padded.border.any() else None
    output = board.grids["output"]
    return replace(
        board,
        grids={
            "input": replace(board.grids["input"], title="Gradient at the output"),
            "kernel": board.grids["kernel"],
            "output": replace(output, title="Gradient at the input so far", border=border),
            "autograd": Grid("PyTorch autograd's", oracle[None], range=output.range, late=True),
        },
        order=("input", "∗", "kernel", "→", "output", "≟", "autograd"),
        finish="All stamps added: " + _verdict(gradient.image[0], oracle),
    )


def stamping_board(stamping: Stamping) -> Board:
    """Transposed convolution: every input cell stamps the kernel onto the output; overlaps add (one channel in, one out)."""
    additions, so_far = stamps(stamping)
    return Board(
        kind="transposed",
        grids={
            "input": Grid("Input", stamping.image, editable=True),
            "kernel": Grid("Kernel", stamping.kernel[0], editable=True),
            "output": _stamped_grid(stamping),
        },
        order=("input", "∗", "kernel", "→", "output"),
        roles={"window": "output", "kernel": "kernel", "place": "input", "sum": "output"},
        window=Window(stamping.kernel.shape[2:], stamping.stride, 0, stamping.dilation),
        results={"products": additions, "after": so_far},
    )


def _stamped_grid(stamping: Stamping) -> Grid:
    """The whole field that is stamped on; what the padding cuts away is its border."""
    planes, rows, cols = stamping.output.shape
    effective = [effective_size(k, d) for k, d in zip(stamping.kernel.shape[2:], stamping.dilation, strict=True)]
    sizes = [(n - 1) * s + e for n, s, e in zip(stamping.image.shape[1:], stamping.stride, effective, strict=True)]
    top, left = stamping.padding
    tall, wide = max(sizes[0], top + rows), max(sizes[1], left + cols)
    border = np.ones((tall, wide), bool)
    border[top : top + rows, left : left + cols] = False
    largest = _symmetric(stamping.output)
    return Grid("Output so far", np.zeros((planes, tall, wide)), border=border if border.any() else None, range=largest)


def with_columns(board: Board, walk: Walkthrough) -> Board:
    """The convolution beside its one matrix product: unrolled kernels × unrolled windows (im2col)."""
    columns = im2col(walk)
    grids = {
        "weights": Grid("Kernels, one a row", columns.weights[None]),
        "columns": Grid("Windows, one a column", columns.columns[None], signed=board.grids["input"].signed),
        "product": Grid("Their product", columns.product[None]),
    }
    links = (
        Link("weights", "channel", "tap"),
        Link("columns", "tap", "place"),
        Link("product", "channel", "place", result=True),
    )
    return replace(
        board,
        grids={**board.grids, **grids},
        extra=("weights", "×", "columns", "=", "product"),
        links=links,
    )


def with_matrix(board: Board, walk: Walkthrough) -> Board:
    """The convolution beside the fully connected layer it is: sparse matrix × flattened input = flattened output."""
    matrix = convolution_matrix(walk)
    grids = {
        "matrix": Grid("Matrix: zero outside the window, the same weights in every row", matrix.matrix[None]),
        "flat_input": Grid("Input", walk.image.reshape(1, -1, 1), signed=board.grids["input"].signed),
        "flat_output": Grid("Output", walk.sums.reshape(1, -1, 1)),
    }
    links = (
        Link("matrix", "step", "window"),
        Link("flat_input", "window", "all"),
        Link("flat_output", "step", "all", result=True),
    )
    return replace(
        board,
        grids={**board.grids, **grids},
        extra=("matrix", "×", "flat_input", "=", "flat_output"),
        links=links,
    )


def _padded_grid(title: str, padded: Padded, *, signed: bool, names: Sequence[str] | None = None) -> Grid:
    (top, _), (left, _) = padded.amounts
    border = padded.border if padded.border.any() else None
    return Grid(title, padded.values, signed=signed, editable=True, names=names, border=border, pad=(top, left))


def _symmetric(values: np.ndarray) -> tuple[float, float]:
    reach = float(np.abs(values).max()) or 1.0
    return -reach, reach
