"""'Same' padding with a stride, in its two meanings (C19): both sides alike, or as much as is needed.

Knows both rules and lets `convolve` slide under each; not networks, not weights' files. PyTorch has no 'same' with a stride:
one writes a padding, the same on both sides whatever the input's size. TensorFlow pads until ⌈n/s⌉ windows fit, and an odd
cell goes to the end. Source: tf.nn.convolution's notes on padding, https://www.tensorflow.org/api_docs/python/tf/nn.
"""

from dataclasses import dataclass

import numpy as np

from explorer.layers.checks import MAX_COUNT, image_array, kernel_array, number_pair, whole_number
from explorer.layers.convolution import Walkthrough, convolve
from explorer.layers.sizes import effective_size


@dataclass(frozen=True, eq=False)
class TwoMeanings:
    """One layer under both paddings. Everything stepped, as `convolve` gives it.

    alike      PyTorch's: the same on both sides
    as_needed  TensorFlow's
    shift      (down, across) how many input cells further on each of TensorFlow's windows lies; 0 where both agree
    """

    alike: Walkthrough
    as_needed: Walkthrough
    shift: tuple[int, int]

    @property
    def same_size(self) -> bool:
        """Whether both give as many output cells: with an even kernel or another padding they need not."""
        return self.alike.output.shape == self.as_needed.output.shape

    @property
    def agree(self) -> bool:
        """Whether both outputs are the same numbers."""
        return self.same_size and bool(np.allclose(self.alike.output, self.as_needed.output))


def needed_amounts(n: int, k: int, s: int = 1, d: int = 1) -> tuple[int, int]:
    """Return TensorFlow's (before, after) along one axis: max((⌈n/s⌉−1)·s + d(k−1)+1 − n, 0) in all, an odd cell after.

    n: input cells ≥ 1; k: kernel; s: stride; d: dilation. Raises ExplorerError for anything below 1.

    >>> needed_amounts(8, 3, 2), needed_amounts(7, 3, 2)
    ((0, 1), (1, 1))
    """
    n = whole_number(n, "Input size", 1, MAX_COUNT)
    k, s, d = (whole_number(value, name, 1) for value, name in ((k, "Kernel size"), (s, "Stride"), (d, "Dilation")))
    total = max((-(-n // s) - 1) * s + effective_size(k, d) - n, 0)
    return total // 2, total - total // 2


def needed_formula(n: int, k: int, s: int = 1, d: int = 1) -> str:
    """Return the formula of `needed_amounts` with its numbers substituted.

    >>> needed_formula(8, 3, 2)
    'max((⌈8/2⌉−1)·2 + 3 − 8, 0) = 1: 0 before, 1 after'
    """
    before, after = needed_amounts(n, k, s, d)
    return (
        f"max((⌈{n}/{s}⌉−1)·{s} + {effective_size(k, d)} − {n}, 0) = {before + after}: {before} before, {after} after"
    )


def two_meanings(
    image: object, kernel: object, stride: object = 1, dilation: object = 1, padding: object = None, **settings: object
) -> TwoMeanings:
    """Slide one kernel under both paddings.

    image: (Cin, H, W) or (H, W); a signal is an image of one row, its kernel one of one row. kernel, stride, dilation and
    further settings as in `convolve`. padding: PyTorch's, a number or (down, across); None is what keeps the size at stride 1
    with an odd kernel, d(k−1)/2 rounded down. Raises ExplorerError as `convolve` does.

    >>> both = two_meanings([[1, 2, 3, 4, 5, 6, 7, 8]], [[1, 1, 1]], stride=2)
    >>> both.alike.output.tolist(), both.as_needed.output.tolist(), both.shift
    ([[[3.0, 9.0, 15.0, 21.0]]], [[[6.0, 12.0, 18.0, 15.0]]], (0, 1))
    """
    image, kernel = image_array(image), kernel_array(kernel)
    steps, holes = number_pair(stride, "Stride", 1), number_pair(dilation, "Dilation", 1)
    sizes = kernel.shape[2:]
    halves = tuple(d * (k - 1) // 2 for k, d in zip(sizes, holes, strict=True))
    down, across = number_pair(halves if padding is None else padding, "Padding")
    needed = tuple(needed_amounts(*axis) for axis in zip(image.shape[1:], sizes, steps, holes, strict=True))
    settings |= {"stride": steps, "dilation": holes}
    return TwoMeanings(
        alike=convolve(image, kernel, padding=(down, across), **settings),
        as_needed=convolve(image, kernel, padding=needed, **settings),
        shift=(down - needed[0][0], across - needed[1][0]),
    )
