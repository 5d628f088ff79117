"""Backpropagation through one layer, position by position.

Knows how a gradient at a layer's output becomes gradients at its weights, bias and input (convolution, pooling), and
one step of gradient descent. Does not know what the loss was, nor what lies before or after the layer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.activation import find_activation
from explorer.layers.checks import array_like_output, ensure_index, frozen, number_array, real_number, size_text
from explorer.layers.convolution import Walkthrough
from explorer.layers.padding import NOWHERE, Padded
from explorer.layers.pooling import Pooling
from explorer.layers.transposed import Stamping, transpose_convolve


@dataclass(frozen=True, eq=False)
class GradientStep:
    """What one output cell contributes. C is the kernel's depth; g is the gradient at the cell's sum.

    upstream, slope, g        g = upstream × slope of the activation
    channels      (C,)        input channels this kernel looks at
    rows, cols    (kh,) (kw,) where the window lies, in input coordinates
    source        (kh, kw)    flat input index row·W + col, −1 where nothing of the input lies
    weight_share  (C, kh, kw) g × window, added to the kernel's gradient (laid out as the kernel was given)
    running       (C, kh, kw) the kernel's gradient after this step, starting from zero in each output channel
    running_bias              the bias's gradient after this step
    stamp         (C, kh, kw) g × weights, added to the input's gradient at the window
    """

    channel: int
    row: int
    col: int
    upstream: float
    slope: float
    g: float
    channels: np.ndarray
    rows: np.ndarray
    cols: np.ndarray
    source: np.ndarray
    weight_share: np.ndarray
    running: np.ndarray
    running_bias: float
    stamp: np.ndarray


@dataclass(frozen=True, eq=False)
class ConvolutionGradient:
    """The gradients of a loss L around one convolution.

    upstream  (Cout, rows, cols)          ∂L/∂output, given
    slope     (Cout, rows, cols)          slope of the activation at each sum
    at_sums   (Cout, rows, cols)          ∂L/∂sums = upstream × slope
    kernel    (Cout, Cin/groups, kh, kw)  ∂L/∂kernel: a shared weight's terms, summed over all positions (D1)
    bias      (Cout,)                     ∂L/∂bias: at_sums summed over all positions
    image     (Cin, H, W)                 ∂L/∂input (D3)
    stamping                              the transposed convolution that made it, in the padded input's coordinates
    """

    walk: Walkthrough
    upstream: np.ndarray
    slope: np.ndarray
    at_sums: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    image: np.ndarray
    stamping: Stamping

    def __len__(self) -> int:
        """The number of steps: one per output cell."""
        return len(self.walk)

    def __iter__(self) -> Iterator[GradientStep]:
        """The steps in raster order: channel, then row, then column."""
        return (self.step(*cell) for cell in np.ndindex(self.upstream.shape))

    def shares(self, channel: int) -> np.ndarray:
        """Return (rows·cols, C, kh, kw): what every position adds to kernel `channel`'s gradient, in raster order."""
        (channel,) = ensure_index((channel,), self.upstream.shape[:1], "Output channel")
        windows = self.walk.windows[self.walk.input_channels(channel)]
        shares = self.at_sums[channel][:, :, np.newaxis, np.newaxis] * windows
        return _as_given(shares.reshape(len(windows), -1, *self.walk.window.kernel).swapaxes(0, 1), self.walk)

    def weight_terms(self, channel: int, plane: int, y: int, x: int) -> np.ndarray:
        """Return (rows, cols): the terms of one shared weight, as if every position had its own copy of it (D1)."""
        _, plane, y, x = ensure_index((channel, plane, y, x), self.kernel.shape, "Weight")
        return self.shares(channel)[:, plane, y, x].reshape(self.upstream.shape[1:])

    def step(self, channel: int, row: int, col: int) -> GradientStep:
        """Return what output cell (channel, row, col) contributes, and the sums so far."""
        channel, row, col = cell = ensure_index((channel, row, col), self.upstream.shape, "Output cell")
        forward = self.walk.step(*cell)
        so_far = row * self.upstream.shape[2] + col + 1
        shares = self.shares(channel)
        g = float(self.at_sums[cell])
        return GradientStep(
            *cell,
            upstream=float(self.upstream[cell]),
            slope=float(self.slope[cell]),
            g=g,
            channels=forward.channels,
            rows=forward.rows,
            cols=forward.cols,
            source=forward.source,
            weight_share=shares[so_far - 1],
            running=shares[:so_far].sum(axis=0),
            running_bias=float(self.at_sums[channel].ravel()[:so_far].sum()),
            stamp=g * forward.weights,
        )


@dataclass(frozen=True, eq=False)
class PoolingGradient:
    """The gradient of a loss L around one pooling layer (D2).

    upstream  (C, rows, cols)  ∂L/∂output, given
    image     (C, H, W)        ∂L/∂input
    """

    pooling: Pooling
    upstream: np.ndarray
    image: np.ndarray


def convolution_gradient(walk: Walkthrough, upstream: object) -> ConvolutionGradient:
    """Carry ∂L/∂output (Cout, rows, cols) back through a convolution, its bias and its activation.

    >>> from explorer.layers.convolution import convolve
    >>> convolution_gradient(convolve([[1, 2, 3]], [[1, 1]]), [[1, 10]]).kernel.tolist()
    [[[[21.0, 32.0]]]]
    """
    upstream = array_like_output(upstream, "Gradient at the output", walk.output.shape)
    slope = find_activation(walk.activation).slope(walk.sums)
    at_sums = upstream * slope
    depth = walk.kernel.shape[1]
    kernel = np.empty(walk.kernel.shape)
    for channel in range(len(kernel)):
        first = walk.input_channels(channel)[0]
        windows = walk.windows[first : first + depth]
        kernel[channel] = np.tensordot(at_sums[channel], windows, axes=([0, 1], [1, 2]))
    stamping = _stamp_back(walk, at_sums)
    return ConvolutionGradient(
        walk=walk,
        upstream=upstream,
        slope=frozen(slope),
        at_sums=frozen(at_sums),
        kernel=frozen(_as_given(kernel, walk)),
        bias=frozen(at_sums.sum(axis=(1, 2))),
        image=_fold(stamping.output, walk.padded, walk.image.shape),
        stamping=stamping,
    )


def pooling_gradient(pooling: Pooling, upstream: object) -> PoolingGradient:
    """Carry ∂L/∂output (C, rows, cols) back through pooling (D2).

    Max: the whole gradient goes to the maximum, nothing to the others. Average: every cell gets 1/divisor of it.
    """
    upstream = array_like_output(upstream, "Gradient at the output", pooling.output.shape)
    channels, height, width = pooling.image.shape
    if pooling.kind == "max":
        gradient = np.zeros((channels, height * width))
        cells = pooling.positions.reshape(channels, -1)
        np.add.at(gradient, (np.arange(channels)[:, np.newaxis], cells), upstream.reshape(channels, -1))
        return PoolingGradient(pooling, upstream, frozen(gradient.reshape(pooling.image.shape)))
    # An average is a convolution with one constant kernel, so its gradient is stamped back in the same way.
    window, shares = pooling.window, upstream / pooling.divisors
    padded = np.zeros((channels, *pooling.padded.source.shape))
    for y, x in np.ndindex(window.kernel):
        rows = slice(y, y + (shares.shape[1] - 1) * window.stride[0] + 1, window.stride[0])
        cols = slice(x, x + (shares.shape[2] - 1) * window.stride[1] + 1, window.stride[1])
        padded[:, rows, cols] += shares
    return PoolingGradient(pooling, upstream, _fold(padded, pooling.padded, pooling.image.shape))


def sgd_step(weights: object, gradient: object, rate: float) -> np.ndarray:
    """Return w − γ·∂L/∂w, one step of gradient descent. weights, gradient: the same shape; rate γ: any finite number.

    >>> sgd_step([1.0, 2.0], [10.0, 0.0], rate=0.1).tolist()
    [0.0, 2.0]
    """
    weights, gradient = number_array(weights, "Weights"), number_array(gradient, "Gradient")
    if weights.shape != gradient.shape:
        raise ExplorerError(
            f"Gradient has shape {size_text(gradient.shape)} but the weights {size_text(weights.shape)}: "
            "give one gradient per weight."
        )
    return frozen(weights - real_number(rate, "Learning rate") * gradient)


def _stamp_back(walk: Walkthrough, at_sums: np.ndarray) -> Stamping:
    """Return the transposed convolution of the gradient, exactly as large as the padded input."""
    # Rows that a stride > 1 never reached are brought back, as zeros, by output padding.
    reached = [
        (n - 1) * s + e for n, s, e in zip(at_sums.shape[1:], walk.window.stride, walk.window.effective, strict=True)
    ]
    missed = [n - m for n, m in zip(walk.padded.source.shape, reached, strict=True)]
    return transpose_convolve(
        at_sums,
        walk.weights,
        stride=walk.window.stride,
        dilation=walk.window.dilation,
        output_padding=missed,
        groups=walk.groups,
    )


def _fold(padded_gradient: np.ndarray, padded: Padded, shape: tuple[int, ...]) -> np.ndarray:
    """Return (C, H, W): each padded cell's gradient added to the input cell it was copied from, if any."""
    copied = padded.source != NOWHERE
    gradient = np.zeros((shape[0], shape[1] * shape[2]))
    np.add.at(gradient, (slice(None), padded.source[copied]), padded_gradient[:, copied])
    return frozen(gradient.reshape(shape))


def _as_given(kernel_like: np.ndarray, walk: Walkthrough) -> np.ndarray:
    """Turn (…, kh, kw) from the layout on the window to that of the kernel as given."""
    return kernel_like[..., ::-1, ::-1] if walk.flip else kernel_like
