"""The numbers of all steps of a layer at once, for whoever shows each of them: products, sums, and what has been added so far.

Knows the layers' records. The first axis of every array is the step, in the records' raster order; what each number means
is told where the record's own step is (Step, PoolStep, GradientStep, Stamp, Return).
"""

import numpy as np

from explorer.layers.convolution import Walkthrough, sliding_windows
from explorer.layers.gradients import ConvolutionGradient
from explorer.layers.pooling import Pooling
from explorer.layers.transposed import Stamping
from explorer.layers.unpooling import MaxUnpooling


def count_products(walk: Walkthrough) -> int:
    """How many products all steps of a convolution have together."""
    return len(walk) * walk.kernel[0].size


def products(walk: Walkthrough) -> np.ndarray:
    """Return (steps, C, kh, kw): values × weights under the window. See `count_products` before asking for them.

    >>> from explorer.layers.convolution import convolve
    >>> products(convolve([[1, 2, 3]], [[10, 1]])).tolist()
    [[[[10.0, 2.0]]], [[[20.0, 3.0]]]]
    """
    groups = zip(np.split(walk.windows, walk.groups), np.split(walk.weights, walk.groups), strict=True)
    found = [np.einsum("irsyx,oiyx->orsiyx", windows, weights) for windows, weights in groups]
    return np.concatenate(found).reshape(len(walk), *walk.kernel.shape[1:])


def channel_sums(walk: Walkthrough) -> np.ndarray:
    """Return (steps, C): the products summed over each channel; with all C of a step and the bias they make its sum."""
    groups = zip(np.split(walk.windows, walk.groups), np.split(walk.weights, walk.groups), strict=True)
    found = [np.einsum("irsyx,oiyx->orsi", windows, weights) for windows, weights in groups]
    return np.concatenate(found).reshape(len(walk), walk.kernel.shape[1])


def window_sums(pooling: Pooling) -> np.ndarray:
    """Return (steps,): the sum of each window of an average pooling, which the divisor makes its value."""
    return sliding_windows(pooling.padded.values, pooling.window).sum(axis=(3, 4)).ravel()


def weight_shares(gradient: ConvolutionGradient) -> tuple[np.ndarray, np.ndarray]:
    """Return what each position adds to its kernel's gradient, and that gradient after it: (steps, C, kh, kw) each."""
    shares = [gradient.shares(channel) for channel in range(len(gradient.kernel))]
    return np.concatenate(shares), np.concatenate([np.cumsum(each, axis=0) for each in shares])


def stamps(stamping: Stamping) -> tuple[np.ndarray, np.ndarray]:
    """Return what each input cell stamps, and the stamped cells after it: (steps, C, kh, kw) each, from zero on.

    Cells that the padding crops away are stamped too.
    """
    _, depth, kh, kw = stamping.kernel.shape
    additions = np.concatenate(
        [values.reshape(-1, 1, 1, 1) * kernel for values, kernel in zip(stamping.image, stamping.kernel, strict=True)]
    )
    rows, cols = stamping.image.shape[1:]
    planes = np.arange(stamping.groups * depth).reshape(stamping.groups, depth)
    of_channel = np.repeat(planes, len(stamping.image) // stamping.groups, axis=0)
    corners = np.indices((rows, cols)).reshape(2, -1).T * stamping.stride
    taps = [np.arange(k) * d for k, d in zip((kh, kw), stamping.dilation, strict=True)]
    field = np.zeros((planes.size, *(int(c.max()) + int(t.max()) + 1 for c, t in zip(corners.T, taps, strict=True))))
    so_far = np.empty_like(additions)
    for step, addition in enumerate(additions):
        channel, place = divmod(step, rows * cols)
        cells = np.ix_(of_channel[channel], corners[place, 0] + taps[0], corners[place, 1] + taps[1])
        field[cells] += addition
        so_far[step] = field[cells]
    return additions, so_far


def returns(unpooling: MaxUnpooling) -> tuple[np.ndarray, np.ndarray]:
    """Return what each value puts into its window, and the window after it: (steps, 1, kh, kw) each, from zero on.

    The value goes to the cell that its switch names and replaces what is there; the other cells keep what they hold.
    """
    (kh, kw), (down, across) = unpooling.pooling.window.kernel, unpooling.pooling.window.stride
    channels, height, width = unpooling.output.shape
    _, rows, cols = unpooling.values.shape
    field = np.zeros((channels, max(height, (rows - 1) * down + kh), max(width, (cols - 1) * across + kw)))
    additions = np.zeros((len(unpooling), 1, kh, kw))
    so_far = np.zeros_like(additions)
    for step, back in enumerate(unpooling):
        top, left = back.row * down, back.col * across
        additions[step, 0, back.to[0] - top, back.to[1] - left] = back.value
        field[back.channel, *back.to] = back.value
        so_far[step, 0] = field[back.channel, top : top + kh, left : left + kw]
    return additions, so_far
