"""Transposed convolution: every input cell stamps the kernel, weighted by its value, and overlaps add up.

Knows torch.nn.functional.conv_transpose2d; `gradients` uses it to carry a gradient back to the input.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import (
    MAX_MULTIPLY_ADDS,
    MAX_TAPS,
    bias_array,
    ensure_cells,
    ensure_index,
    frozen,
    image_array,
    kernel_array,
    number_pair,
    size_text,
    whole_number,
)
from explorer.layers.sizes import effective_size, ensure_groups
from explorer.words import counted

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Stamp:
    """What one input cell adds to the output.

    channel, row, col         the input cell, and its value
    channels     (C,)         output channels it stamps on
    rows, cols   (kh,) (kw,)  where the stamp lands, in output coordinates; outside the output it is cropped away
    inside       (kh, kw)     True where it lands on the output
    addition     (C, kh, kw)  value × kernel
    """

    channel: int
    row: int
    col: int
    value: float
    channels: np.ndarray
    rows: np.ndarray
    cols: np.ndarray
    inside: np.ndarray
    addition: np.ndarray


@dataclass(frozen=True, eq=False)
class Stamping:
    """A transposed convolution at work on one input.

    image     (Cin, H, W)
    kernel    (Cin, Cout/groups, kh, kw), torch's layout
    bias      (Cout,)
    output    (Cout, rows, cols)
    overlaps  (rows, cols)  how many input cells of one channel stamp on each output cell
    """

    image: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    stride: Pair
    padding: Pair
    output_padding: Pair
    dilation: Pair
    groups: int
    output: np.ndarray
    overlaps: np.ndarray

    def __len__(self) -> int:
        """The number of stamps: one per input cell."""
        return self.image.size

    def __iter__(self) -> Iterator[Stamp]:
        """The stamps in raster order of the input."""
        return (self.at(index) for index in range(len(self)))

    @property
    def overlaps_evenly(self) -> bool:
        """True where no checkerboard can appear: away from the border every output cell is stamped equally often.

        So it is when each residue modulo the stride gets equally many of the kernel's cells; without dilation, when
        the stride divides the kernel size (Odena et al., "Deconvolution and checkerboard artifacts", 2016).
        """
        for k, step, d in zip(self.kernel.shape[2:], self.stride, self.dilation, strict=True):
            cells_per_residue = np.bincount(np.arange(k) * d % step, minlength=step)
            if cells_per_residue.min() != cells_per_residue.max():
                return False
        return True

    def at(self, index: int) -> Stamp:
        """Return stamp number `index` in raster order, from 0."""
        index = whole_number(index, "Step", 0, len(self) - 1)
        return self.stamp(*(int(i) for i in np.unravel_index(index, self.image.shape)))

    def stamp(self, channel: int, row: int, col: int) -> Stamp:
        """Return what input cell (channel, row, col) adds to the output."""
        channel, row, col = cell = ensure_index((channel, row, col), self.image.shape, "Input cell")
        _, depth, kh, kw = self.kernel.shape
        group = channel // (self.image.shape[0] // self.groups)
        rows = row * self.stride[0] - self.padding[0] + np.arange(kh) * self.dilation[0]
        cols = col * self.stride[1] - self.padding[1] + np.arange(kw) * self.dilation[1]
        _, height, width = self.output.shape
        value = float(self.image[cell])
        return Stamp(
            *cell,
            value=value,
            channels=np.arange(group * depth, (group + 1) * depth),
            rows=rows,
            cols=cols,
            inside=((rows >= 0) & (rows < height))[:, np.newaxis] & ((cols >= 0) & (cols < width)),
            addition=value * self.kernel[channel],
        )


def transpose_convolve(
    image: object,
    kernel: object,
    bias: object = None,
    stride: object = 1,
    padding: object = 0,
    output_padding: object = 0,
    dilation: object = 1,
    groups: int = 1,
) -> Stamping:
    """Stamp `kernel` once per cell of `image` (K4).

    Output size per axis: (n−1)·stride − 2·padding + dilation·(k−1) + output_padding + 1.
    image: (Cin, H, W) or (H, W). kernel: (Cin, Cout/groups, kh, kw) or (kh, kw). bias: None, a number or Cout of them.
    padding crops the output on every side; output_padding (smaller than stride or dilation) extends it below and right.
    Raises ExplorerError when nothing would be left, or sizes are out of bounds.

    >>> transpose_convolve([[1, 2]], [[1, 1, 1]], stride=(1, 2)).output.tolist()
    [[[1.0, 1.0, 3.0, 2.0, 2.0]]]
    """
    image = image_array(image)
    kernel = kernel_array(kernel)
    stride = number_pair(stride, "Stride", minimum=1)
    dilation = number_pair(dilation, "Dilation", minimum=1)
    padding = number_pair(padding, "Padding")
    output_padding = number_pair(output_padding, "Output padding")
    for extra, limit in zip(output_padding, map(max, stride, dilation), strict=True):
        if extra >= limit:
            raise ExplorerError(
                f"Output padding {extra} is not smaller than stride or dilation ({limit}): choose at most {limit - 1}."
            )
    groups = ensure_groups(groups, image.shape[0], kernel.shape[0])
    if kernel.shape[0] != image.shape[0]:
        raise ExplorerError(
            f"Kernel has {counted(kernel.shape[0], 'input channel')} but the input has {image.shape[0]}: "
            "give one kernel plane per input channel (in × out × rows × columns)."
        )
    canvas, size = _output_sizes(image.shape[1:], kernel.shape[2:], stride, padding, output_padding, dilation)
    channels = kernel.shape[1] * groups
    _ensure_affordable(image, kernel, channels, canvas)

    stamped = _stamp_all(image, kernel, canvas, stride, dilation, groups)
    counts = _stamp_all(
        np.ones((1, *image.shape[1:])), np.ones((1, 1, *kernel.shape[2:])), canvas, stride, dilation, groups=1
    )
    crop = tuple(slice(p, p + n) for p, n in zip(padding, size, strict=True))
    bias = bias_array(bias, channels)
    return Stamping(
        image=image,
        kernel=kernel,
        bias=bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
        output=frozen(stamped[:, *crop] + bias[:, np.newaxis, np.newaxis]),
        overlaps=frozen(counts[0][crop].astype(np.int64)),
    )


def _output_sizes(
    sizes: Pair, kernel: Pair, stride: Pair, padding: Pair, output_padding: Pair, dilation: Pair
) -> tuple[Pair, Pair]:
    """Return the canvas before cropping, and the output after it."""
    axes = list(zip(sizes, kernel, stride, output_padding, dilation, strict=True))
    canvas = tuple((n - 1) * step + effective_size(k, d) + extra for n, k, step, extra, d in axes)
    size = tuple(n - 2 * p for n, p in zip(canvas, padding, strict=True))
    if min(size) < 1:
        raise ExplorerError(
            f"Padding {size_text(padding)} crops the whole {size_text(canvas)} result away: "
            f"choose padding ≤ {(min(canvas) - 1) // 2}."
        )
    return canvas, size


def _ensure_affordable(image: np.ndarray, kernel: np.ndarray, channels: int, canvas: Pair) -> None:
    ensure_cells(channels * canvas[0] * canvas[1], "The output")
    taps = kernel.shape[2] * kernel.shape[3]
    if taps > MAX_TAPS or image.size * kernel.shape[1] * taps > MAX_MULTIPLY_ADDS:
        raise ExplorerError(
            f"Stamping a {size_text(kernel.shape)} kernel from a {size_text(image.shape)} input takes too long: "
            "choose a smaller kernel or input."
        )


def _stamp_all(
    image: np.ndarray, kernel: np.ndarray, canvas: Pair, stride: Pair, dilation: Pair, groups: int
) -> np.ndarray:
    """Return (Cout, *canvas): kernel cell by kernel cell, because all input cells lay that cell on a regular grid."""
    _, height, width = image.shape
    _, depth, kh, kw = kernel.shape
    canvas_cells = np.zeros((groups, depth, *canvas))
    images = image.reshape(groups, -1, height, width)
    kernels = kernel.reshape(groups, -1, depth, kh, kw)
    for y in range(kh):
        for x in range(kw):
            top, left = y * dilation[0], x * dilation[1]
            rows = slice(top, top + (height - 1) * stride[0] + 1, stride[0])
            cols = slice(left, left + (width - 1) * stride[1] + 1, stride[1])
            canvas_cells[:, :, rows, cols] += np.einsum("gihw,gio->gohw", images, kernels[..., y, x])
    return canvas_cells.reshape(groups * depth, *canvas)
