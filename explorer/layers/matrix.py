"""Convolution as matrix arithmetic, in its two forms: one sparse shared matrix, and im2col.

Knows how to rewrite a Walkthrough; the index maps say which weight and which input cell every entry is.
"""

from dataclasses import dataclass

import numpy as np

from explorer.layers.checks import ensure_cells, ensure_index, frozen, whole_number
from explorer.layers.convolution import Walkthrough, sliding_windows
from explorer.layers.padding import NOWHERE

NO_WEIGHT = -1  # outside the window: a zero of the matrix
SEVERAL = -2  # reflect, replicate and circular padding can bring several weights to one input cell


@dataclass(frozen=True, eq=False)
class ConvolutionMatrix:
    """The fully connected layer that a convolution is (B5). Rows are output cells, columns input cells, both flat
    in (channel, row, col) order: matrix @ image.ravel() + bias = sums.ravel().

    matrix  (Cout·rows·cols, Cin·H·W)
    weight  same shape   flat index into the kernel of the weight that stands there, −1: none, −2: several added up
    bias    (Cout·rows·cols,)
    """

    matrix: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    image_shape: tuple[int, int, int]
    output_shape: tuple[int, int, int]

    @property
    def distinct(self) -> int:
        """The number of distinct values other than zero."""
        return int(np.unique(self.matrix[self.matrix != 0]).size)

    @property
    def filled(self) -> int:
        """The number of entries inside a window; all others are zero whatever the weights are."""
        return int(np.count_nonzero(self.weight != NO_WEIGHT))

    def row_of(self, channel: int, row: int, col: int) -> int:
        """Return the matrix row that computes output cell (channel, row, col)."""
        cell = ensure_index((channel, row, col), self.output_shape, "Output cell")
        return int(np.ravel_multi_index(cell, self.output_shape))

    def column_of(self, channel: int, row: int, col: int) -> int:
        """Return the matrix column that reads input cell (channel, row, col)."""
        cell = ensure_index((channel, row, col), self.image_shape, "Input cell")
        return int(np.ravel_multi_index(cell, self.image_shape))

    def places_of(self, weight: int) -> np.ndarray:
        """Return (n, 2): the (matrix row, matrix column) of every copy of one shared weight."""
        return np.argwhere(self.weight == whole_number(weight, "Weight"))


@dataclass(frozen=True, eq=False)
class Columns:
    """im2col (C13): every window unrolled into a column, every kernel into a row. N = rows·cols output positions.

    columns  (Cin·kh·kw, N)
    weights  (Cout, Cin·kh·kw)   zero outside a kernel's own group
    product  (Cout, N)           weights @ columns; plus bias it is sums.reshape(Cout, N)
    source   (Cin·kh·kw, N)      flat index into the image (Cin·H·W) each entry was copied from, −1 for a made-up zero
    """

    columns: np.ndarray
    weights: np.ndarray
    product: np.ndarray
    source: np.ndarray
    window_shape: tuple[int, int, int]
    output_shape: tuple[int, int, int]

    def column_of(self, row: int, col: int) -> int:
        """Return the column that holds the window of output position (row, col)."""
        row, col = ensure_index((row, col), self.output_shape[1:], "Output position")
        return row * self.output_shape[2] + col

    def position_of(self, column: int) -> tuple[int, int]:
        """Return the output position (row, col) whose window is this column."""
        count = self.columns.shape[1]
        row, col = divmod(whole_number(column, "Column", 0, count - 1), self.output_shape[2])
        return row, col

    def entry_of(self, channel: int, y: int, x: int) -> int:
        """Return the place within a column of the window's cell (channel, y, x)."""
        cell = ensure_index((channel, y, x), self.window_shape, "Window cell")
        return int(np.ravel_multi_index(cell, self.window_shape))


def convolution_matrix(walk: Walkthrough) -> ConvolutionMatrix:
    """Return the matrix of a convolution (B5), for any stride, padding, dilation and groups.

    >>> from explorer.layers.convolution import convolve
    >>> convolution_matrix(convolve(np.ones((4, 4)), np.ones((2, 2)))).matrix.shape
    (9, 16)
    """
    out, _, kh, kw = walk.kernel.shape
    channels, height, width = walk.image.shape
    cells, positions = height * width, walk.output[0].size
    ensure_cells(out * positions * channels * cells, "The matrix")
    source = _position_sources(walk)
    matrix = np.zeros((out, positions, channels, cells))
    weight = np.full(matrix.shape, NO_WEIGHT, dtype=np.int32)
    numbers = np.arange(walk.kernel.size).reshape(walk.kernel.shape)
    if walk.flip:
        numbers = numbers[..., ::-1, ::-1]
    for o in range(out):
        for plane, channel in enumerate(walk.input_channels(o)):
            for y, x in np.ndindex(kh, kw):
                # Within one tap each position appears once, so plain fancy indexing adds correctly.
                position = np.flatnonzero(source[y, x] != NOWHERE)
                cell = source[y, x][position]
                matrix[o, position, channel, cell] += walk.weights[o, plane, y, x]
                taken = weight[o, position, channel, cell] != NO_WEIGHT
                weight[o, position, channel, cell] = np.where(taken, SEVERAL, numbers[o, plane, y, x])
    shape = (out * positions, channels * cells)
    return ConvolutionMatrix(
        matrix=frozen(matrix.reshape(shape)),
        weight=frozen(weight.reshape(shape)),
        bias=frozen(np.repeat(walk.bias, positions)),
        image_shape=walk.image.shape,
        output_shape=walk.output.shape,
    )


def im2col(walk: Walkthrough) -> Columns:
    """Return the convolution as one product of unrolled kernels and unrolled windows (C13), as torch's F.unfold."""
    out, _, kh, kw = walk.kernel.shape
    channels, height, width = walk.image.shape
    entries, positions = channels * kh * kw, walk.output[0].size
    ensure_cells(entries * max(positions, out), "The unrolled windows")
    columns = walk.windows.transpose(0, 3, 4, 1, 2).reshape(entries, positions)
    weights = np.zeros((out, channels, kh, kw))
    for o in range(out):
        weights[o, walk.input_channels(o)] = walk.weights[o]
    weights = weights.reshape(out, entries)
    plane = _position_sources(walk).reshape(1, kh * kw, positions)
    first_cell = (np.arange(channels) * height * width)[:, np.newaxis, np.newaxis]
    source = np.where(plane == NOWHERE, NOWHERE, plane + first_cell).reshape(entries, positions)
    return Columns(
        columns=frozen(columns),
        weights=frozen(weights),
        product=frozen(weights @ columns),
        source=frozen(source),
        window_shape=(channels, kh, kw),
        output_shape=walk.output.shape,
    )


def matrix_difference(walk: Walkthrough) -> float:
    """Return the largest |matrix · flattened input + bias − sums|: 0, up to rounding (B5)."""
    dense = convolution_matrix(walk)
    return float(np.abs(dense.matrix @ walk.image.ravel() + dense.bias - walk.sums.ravel()).max())


def columns_difference(walk: Walkthrough) -> float:
    """Return the largest |product + bias − sums| of im2col: 0, up to rounding (C13)."""
    product = im2col(walk).product + walk.bias[:, np.newaxis]
    return float(np.abs(product - walk.sums.reshape(product.shape)).max())


def _position_sources(walk: Walkthrough) -> np.ndarray:
    """Return (kh, kw, N): the flat input index under each kernel cell at each output position, −1 for none."""
    windows = sliding_windows(walk.padded.source[np.newaxis], walk.window)[0]
    return windows.transpose(2, 3, 0, 1).reshape(*walk.window.kernel, -1)
