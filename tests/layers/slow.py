"""Slow, obvious twins of explorer.layers: nested loops straight from the definitions, nothing shared with the code."""

import numpy as np


def convolve(image, kernel, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    """Cross-correlation with zero padding: image (Cin, H, W), kernel (Cout, Cin, kh, kw) → (Cout, rows, cols)."""
    channels, height, width = image.shape
    out, _, kh, kw = kernel.shape
    rows = (height + 2 * padding[0] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    cols = (width + 2 * padding[1] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    result = np.zeros((out, rows, cols))
    for o in range(out):
        for r in range(rows):
            for c in range(cols):
                total = bias[o]
                for i in range(channels):
                    for y in range(kh):
                        for x in range(kw):
                            row = r * stride[0] + y * dilation[0] - padding[0]
                            col = c * stride[1] + x * dilation[1] - padding[1]
                            if 0 <= row < height and 0 <= col < width:
                                total += image[i, row, col] * kernel[o, i, y, x]
                result[o, r, c] = total
    return result


def pool(image, kernel, stride, reduce):
    """Pooling without padding: image (C, H, W) → (C, rows, cols); `reduce` is max or a mean."""
    channels, height, width = image.shape
    rows, cols = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    result = np.zeros((channels, rows, cols))
    for i in range(channels):
        for r in range(rows):
            for c in range(cols):
                window = image[i, r * stride : r * stride + kernel, c * stride : c * stride + kernel]
                result[i, r, c] = reduce(list(window.ravel()))
    return result


def transpose_convolve(image, kernel, stride, padding, output_padding):
    """One channel: image (H, W), kernel (k, k) → stamped output."""
    (height, width), k = image.shape, len(kernel)
    rows = (height - 1) * stride - 2 * padding + k + output_padding
    cols = (width - 1) * stride - 2 * padding + k + output_padding
    result = np.zeros((rows, cols))
    for r in range(height):
        for c in range(width):
            for y in range(k):
                for x in range(k):
                    row, col = r * stride + y - padding, c * stride + x - padding
                    if 0 <= row < rows and 0 <= col < cols:
                        result[row, col] += image[r, c] * kernel[y, x]
    return result


def numeric_gradient(loss, at, step=1e-6):
    """Central differences of a scalar function, one number at a time."""
    at = np.array(at, dtype=np.float64)
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (loss(up) - loss(down)) / (2 * step)
    return gradient


def dependencies(stages, sizes, level, unit):
    """The input units a unit depends on: for each stage, every tap of every unit, by definition."""
    units = {unit}
    for below in range(level - 1, -1, -1):
        stage = stages[below]
        units = {
            u * stage.stride - stage.padding + tap * stage.dilation for u in units for tap in range(stage.kernel)
        } & set(range(sizes[below]))
    return units
