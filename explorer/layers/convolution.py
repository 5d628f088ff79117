"""Convolution, cell by cell: the output, and for each of its cells the window, products and sums that made it.

Knows the layer as torch.nn.functional.conv2d defines it (cross-correlation unless `flip`), plus bias and activation.
A 1-D signal is an image with one row. Does not know gradients, networks or screens.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.activation import find_activation
from explorer.layers.checks import (
    MAX_MULTIPLY_ADDS,
    bias_array,
    ensure_cells,
    ensure_index,
    frozen,
    image_array,
    kernel_array,
    number_array,
    size_text,
    whole_number,
)
from explorer.layers.padding import Padded, pad
from explorer.layers.sizes import Window, ensure_groups
from explorer.layers.terms import symbolic_sum
from explorer.words import counted


@dataclass(frozen=True, eq=False)
class Step:
    """Everything that made one output cell. C is the kernel's depth (input channels ÷ groups).

    channel, row, col        the output cell
    channels      (C,)       input channels this kernel looks at
    rows, cols    (kh,) (kw,) where the window lies, in input coordinates; outside 0 … H−1 or 0 … W−1 it is padding
    source        (kh, kw)   flat input index row·W + col each value was copied from, −1 for a zero that padding made up
    border        (kh, kw)   True where the window covers padding
    values        (C, kh, kw) the window
    weights       (C, kh, kw) as they are laid on the window (flipped for a true convolution)
    products      (C, kh, kw) values × weights
    channel_sums  (C,)       products summed over each channel
    bias, sum, value         sum = Σ channel_sums + bias; value = activation(sum)
    terms                    the sum in symbols, for example 'w6 + w8 + w9 + b'
    """

    channel: int
    row: int
    col: int
    channels: np.ndarray
    rows: np.ndarray
    cols: np.ndarray
    source: np.ndarray
    border: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    products: np.ndarray
    channel_sums: np.ndarray
    bias: float
    sum: float
    value: float
    terms: str


@dataclass(frozen=True, eq=False)
class Walkthrough:
    """A convolution layer at work on one input. Arrays are read-only float64.

    image    (Cin, H, W)                the input
    kernel   (Cout, Cin/groups, kh, kw) as given
    bias     (Cout,)                    zeros where none was given; then `has_bias` is False
    window                              kernel size, stride, padding, dilation
    padded                              the padded input and where its cells came from
    sums     (Cout, rows, cols)         before the activation
    output   (Cout, rows, cols)         after it
    """

    image: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    has_bias: bool
    window: Window
    padding_mode: str
    groups: int
    flip: bool
    activation: str
    padded: Padded
    sums: np.ndarray
    output: np.ndarray

    def __len__(self) -> int:
        """The number of steps: one per output cell."""
        return self.output.size

    def __iter__(self) -> Iterator[Step]:
        """The steps in raster order: channel, then row, then column."""
        return (self.at(index) for index in range(len(self)))

    @property
    def weights(self) -> np.ndarray:
        """The kernel as it is laid on the window: turned by 180° for a true convolution."""
        return self.kernel[..., ::-1, ::-1] if self.flip else self.kernel

    @property
    def windows(self) -> np.ndarray:
        """(Cin, rows, cols, kh, kw): the window under every output position, a view on the padded input."""
        return sliding_windows(self.padded.values, self.window)

    @property
    def col_centres(self) -> np.ndarray:
        """(cols,): where the middle of each output column's window lies, in input columns; an even window's on a half.

        d(k−1)/2 − p for the first, a stride further for each next.
        """
        first = self.window.dilation[1] * (self.window.kernel[1] - 1) / 2 - self.window.padding[1][0]
        return first + np.arange(self.output.shape[2]) * self.window.stride[1]

    def at(self, index: int) -> Step:
        """Return step number `index` in raster order, from 0."""
        index = whole_number(index, "Step", 0, len(self) - 1)
        return self.step(*(int(i) for i in np.unravel_index(index, self.output.shape)))

    def step(self, channel: int, row: int, col: int) -> Step:
        """Return what made output cell (channel, row, col)."""
        channel, row, col = cell = ensure_index((channel, row, col), self.output.shape, "Output cell")
        channels = self.input_channels(channel)
        padded_rows, padded_cols = self.padded_rows(row), self.padded_cols(col)
        patch = np.ix_(padded_rows, padded_cols)
        (top, _), (left, _) = self.padded.amounts
        values = self.padded.values[np.ix_(channels, padded_rows, padded_cols)]
        weights = self.weights[channel]
        products = values * weights
        return Step(
            *cell,
            channels=channels,
            rows=padded_rows - top,
            cols=padded_cols - left,
            source=self.padded.source[patch],
            border=self.padded.border[patch],
            values=values,
            weights=weights,
            products=products,
            channel_sums=products.sum(axis=(1, 2)),
            bias=float(self.bias[channel]),
            sum=float(self.sums[cell]),
            value=float(self.output[cell]),
            terms=symbolic_sum(values, has_bias=self.has_bias, flip=self.flip),
        )

    def input_channels(self, channel: int) -> np.ndarray:
        """Return the input channels that output `channel` looks at: all of them, or its group's."""
        depth = self.kernel.shape[1]
        group = channel // (self.kernel.shape[0] // self.groups)
        return np.arange(group * depth, (group + 1) * depth)

    def padded_rows(self, row: int) -> np.ndarray:
        """Return the rows of the padded input that output row `row` sees, (kh,)."""
        return row * self.window.stride[0] + np.arange(self.window.kernel[0]) * self.window.dilation[0]

    def padded_cols(self, col: int) -> np.ndarray:
        """Return the columns of the padded input that output column `col` sees, (kw,)."""
        return col * self.window.stride[1] + np.arange(self.window.kernel[1]) * self.window.dilation[1]


def convolve(
    image: object,
    kernel: object,
    bias: object = None,
    stride: object = 1,
    padding: object = 0,
    padding_mode: str = "zeros",
    dilation: object = 1,
    groups: int = 1,
    flip: bool = False,
    activation: str | None = None,
) -> Walkthrough:
    """Slide `kernel` over `image` and keep everything.

    sums[o, r, c] = bias[o] + Σ_{i,y,x} kernel[o, i, y, x] · padded[i, r·stride + y·dilation, c·stride + x·dilation]

    image: (Cin, H, W) or (H, W). kernel: (Cout, Cin/groups, kh, kw), one kernel (Cin/groups, kh, kw), or (kh, kw).
    bias: None, one number, or Cout of them. stride, dilation: a number or (down, across), ≥ 1.
    padding: 'valid', 'same', a number, (down, across) or ((top, bottom), (left, right)).
    padding_mode: 'zeros', 'reflect', 'replicate' or 'circular'. flip: turn the kernel, a true convolution.
    activation: None, 'sigmoid', 'relu' or 'tanh'.
    Raises ExplorerError for settings that do not go together and for sizes out of bounds.

    >>> convolve([[1, 0], [0, 1]], [[1, 2], [3, 4]]).output.tolist()
    [[[5.0]]]
    """
    image = image_array(image)
    kernel = kernel_array(kernel)
    squash = find_activation(activation)
    groups = ensure_groups(groups, image.shape[0], kernel.shape[0])
    ensure_depth(kernel, image.shape[0], groups)
    window = Window(kernel.shape[2:], stride, padding, dilation)
    ensure_affordable(image.shape, kernel.shape, window)
    padded = pad(image, window.padding, padding_mode)
    biases = bias_array(bias, kernel.shape[0])
    weights = kernel[..., ::-1, ::-1] if flip else kernel
    sums = correlate(sliding_windows(padded.values, window), weights, groups) + biases[:, np.newaxis, np.newaxis]
    return Walkthrough(
        image=image,
        kernel=kernel,
        bias=biases,
        has_bias=bias is not None,
        window=window,
        padding_mode=padding_mode,
        groups=groups,
        flip=bool(flip),
        activation=squash.key,
        padded=padded,
        sums=frozen(sums),
        output=frozen(squash.value(sums)),
    )


def convolve_signal(signal: object, kernel: object, padding: object = 0, **settings: object) -> Walkthrough:
    """Convolve a 1-D signal (C5): `convolve` on an image with one row. Output: (Cout, 1, samples).

    signal: (samples,), or (C, samples) for a stack of signals. kernel: (k,), or (Cout, C/groups, k).
    padding: one number, 'valid' or 'same', along the signal only. Other settings as in `convolve`, one number each.

    >>> convolve_signal([0, 3, 0, 3], [1 / 3, 1 / 3, 1 / 3]).output.round(9).tolist()
    [[[1.0, 2.0]]]
    """
    signal = number_array(signal, "Signal")
    kernel = number_array(kernel, "Kernel")
    if signal.ndim not in (1, 2) or kernel.ndim not in (1, 3):
        raise ExplorerError(
            f"Signal and kernel have shapes {signal.shape} and {kernel.shape}: "
            "give (samples,) or (channels, samples), and (k,) or (out, in, k)."
        )
    along = padding if isinstance(padding, str) else (0, padding)
    return convolve(signal[..., np.newaxis, :], kernel[..., np.newaxis, :], padding=along, **settings)


def sliding_windows(padded: np.ndarray, window: Window) -> np.ndarray:
    """Return (C, rows, cols, kh, kw): the values under the kernel at every position, without copying."""
    spans = np.lib.stride_tricks.sliding_window_view(padded, window.effective, axis=(1, 2))
    (down, across), (hole_down, hole_across) = window.stride, window.dilation
    return spans[:, ::down, ::across, ::hole_down, ::hole_across]


def correlate(windows: np.ndarray, weights: np.ndarray, groups: int) -> np.ndarray:
    """Return (Cout, rows, cols): each kernel's product with each window, group by group."""
    per_group = zip(np.split(windows, groups), np.split(weights, groups), strict=True)
    return np.concatenate([np.tensordot(w, x, axes=([1, 2, 3], [0, 3, 4])) for x, w in per_group])


def ensure_depth(kernel: np.ndarray, channels: int, groups: int) -> None:
    """Refuse a kernel whose depth is not the number of input channels in a group."""
    if kernel.shape[1] != channels // groups:
        raise ExplorerError(
            f"Kernel has depth {kernel.shape[1]} but the input has {counted(channels, 'channel')} in "
            f"{counted(groups, 'group')}: give a kernel of depth {channels // groups}."
        )


def ensure_affordable(image_shape: tuple[int, ...], kernel_shape: tuple[int, ...], window: Window) -> None:
    """Refuse sizes beyond MAX_CELLS or MAX_MULTIPLY_ADDS before anything is allocated."""
    channels, height, width = image_shape
    out, depth, *kernel_size = kernel_shape
    rows, cols = window.output_size(height, width)
    ensure_cells(out * rows * cols, "The output")
    ensure_cells(channels * rows * cols * kernel_size[0] * kernel_size[1], "All windows together")
    cost = out * depth * rows * cols * kernel_size[0] * kernel_size[1]
    if cost > MAX_MULTIPLY_ADDS:
        raise ExplorerError(
            f"This convolution takes {cost:,} multiply-adds (the input is {size_text(image_shape)}), "
            f"the limit is {MAX_MULTIPLY_ADDS:,}: choose fewer channels, a smaller kernel or a larger stride."
        )
