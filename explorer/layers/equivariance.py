"""Shifting the input: what convolution carries along, what a maximum ignores, and where pooling stops helping.

Knows shifts with zero fill and the experiments C3, C4 and E3 of the curriculum; not how they are drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import MAX_SETTING, frozen, image_array, real_number, whole_number
from explorer.layers.convolution import Walkthrough, convolve
from explorer.layers.pooling import pool
from explorer.words import counted, noun

MAX_SHIFTS = 256  # answers kept side by side
BACKSLASH = ((1, 0), (0, 1))


@dataclass(frozen=True, eq=False)
class SlashVerdict:
    """A convolution plus a maximum as a classifier (C3).

    maximum is the largest output, position its (row, col); `is_backslash` is maximum ≥ threshold.
    """

    walk: Walkthrough
    maximum: float
    position: tuple[int, int]
    threshold: float
    is_backslash: bool


@dataclass(frozen=True, eq=False)
class ShiftCheck:
    """Shift-then-convolve beside convolve-then-shift (C4), both (Cout, rows, cols).

    comparable  (rows, cols)  True where the shifted feature map came from inside the map; elsewhere zeros moved in
    agree                     whether the two are equal on all comparable cells
    maxima                    the largest output before and after the input was shifted
    """

    shifted_first: np.ndarray
    convolved_first: np.ndarray
    comparable: np.ndarray
    agree: bool
    maxima: tuple[float, float]


@dataclass(frozen=True, eq=False)
class ShiftResponse:
    """One layer's answers to an input shifted right, pixel by pixel (E3).

    outputs  one (C, rows, cols) per shift
    changes  ‖output − output at shift 0‖ / ‖output at shift 0‖ per shift; 0 means the layer did not notice
    """

    layer: str
    shifts: tuple[int, ...]
    outputs: tuple[np.ndarray, ...]
    changes: tuple[float, ...]


def classify_slash(image: object, kernel: object = BACKSLASH, threshold: float = 2) -> SlashVerdict:
    """Tell a backslash from a slash by the largest output of one convolution (C3). image: (H, W).

    >>> classify_slash([[0, 1], [1, 0]]).is_backslash
    False
    """
    walk = convolve(image, kernel)
    threshold = real_number(threshold, "Threshold")
    maximum = float(walk.output.max())
    _, row, col = np.unravel_index(walk.output.argmax(), walk.output.shape)
    return SlashVerdict(walk, maximum, (int(row), int(col)), threshold, maximum >= threshold)


def shift(image: object, down: int = 0, right: int = 0) -> np.ndarray:
    """Return (C, H, W) moved down and right (negative: up, left); zeros move in, what leaves is lost (C4).

    >>> shift([[1, 2, 3]], right=1).tolist()
    [[[0.0, 1.0, 2.0]]]
    """
    image = image_array(image)
    down = whole_number(down, "Shift down", -MAX_SETTING, MAX_SETTING)
    right = whole_number(right, "Shift right", -MAX_SETTING, MAX_SETTING)
    _, height, width = image.shape
    moved = np.zeros(image.shape)
    moved[:, _target(down, height), _target(right, width)] = image[:, _target(-down, height), _target(-right, width)]
    return frozen(moved)


def roomy_shift(image: object) -> tuple[int, int]:
    """Return (down, right), each −1, 0 or 1: one cell towards the side where the pattern has more empty cells.

    >>> roomy_shift([[0, 0, 0], [0, 0, 0], [0, 0, 5]])
    (-1, -1)
    """
    filled = image_array(image).any(axis=0)
    steps = []
    for axis in (1, 0):
        places = np.flatnonzero(filled.any(axis=axis))
        before, after = (places[0], filled.shape[1 - axis] - 1 - places[-1]) if places.size else (0, 0)
        steps.append(int(np.sign(after - before)))
    return steps[0], steps[1]


def check_shift(image: object, kernel: object, down: int = 0, right: int = 0) -> ShiftCheck:
    """Compare shift-then-convolve with convolve-then-shift: 'valid' convolution, stride 1, no bias (C4)."""
    before = convolve(image, kernel).output
    shifted_first = convolve(shift(image, down, right), kernel).output
    convolved_first = shift(before, down, right)
    comparable = shift(np.ones(before.shape[1:]), down, right)[0] == 1
    return ShiftCheck(
        shifted_first=shifted_first,
        convolved_first=convolved_first,
        comparable=frozen(comparable),
        # Same products in the same order, but BLAS may sum differently near a border: allow for rounding.
        agree=bool(np.allclose(shifted_first[:, comparable], convolved_first[:, comparable])),
        maxima=(float(before.max()), float(shifted_first.max())),
    )


def compare_under_shift(
    image: object, kernel: object, shifts: Sequence[int] = (0, 1, 2, 3, 4), size: int = 2
) -> tuple[ShiftResponse, ...]:
    """Shift the input right and watch four layers (E3): convolution, strided convolution, max and average pooling.

    image, kernel: as in `convolve`. size: the stride of the strided convolution, and the pooling window and stride.
    A shift by a multiple of `size` moves a strided layer's output as a whole; between multiples it changes.
    """
    if len(shifts) > MAX_SHIFTS:
        raise ExplorerError(
            f"{counted(len(shifts), 'shift')} {noun(len(shifts), 'was', 'were')} asked for: choose at most {MAX_SHIFTS}."
        )
    layers = {
        "convolution": lambda x: convolve(x, kernel).output,
        "strided convolution": lambda x: convolve(x, kernel, stride=size).output,
        "max pooling": lambda x: pool(x, "max", size).output,
        "average pooling": lambda x: pool(x, "average", size).output,
    }
    inputs = [shift(image, right=amount) for amount in shifts]
    responses = []
    for name, layer in layers.items():
        outputs, still = tuple(layer(x) for x in inputs), layer(image)
        size_of_still = np.linalg.norm(still) or 1.0
        changes = tuple(float(np.linalg.norm(output - still) / size_of_still) for output in outputs)
        responses.append(ShiftResponse(name, tuple(shifts), outputs, changes))
    return tuple(responses)


def moved_cells(amount: int, size: int) -> int | None:
    """Return by how many cells a layer of stride `size` moves its output when the input moves by `amount`; None: by no
    whole number of cells, so that the output itself changes (E3)."""
    return amount // size if amount % size == 0 else None


def moved_whole(response: ShiftResponse, amount: int, cells: int) -> bool:
    """Whether a layer's output at a shift by `amount` is the unshifted one, moved right by `cells`, and nothing else (E3).

    Not so where the picture reaches the border: what is pushed out of the input is missing, and a window that held its first
    columns may lie half on the zeros that came in. amount: one of response.shifts, which hold 0 too.
    """
    still, moved = (response.outputs[response.shifts.index(at)] for at in (0, amount))
    pushed_out = still[:, :, max(still.shape[2] - cells, 0) :]
    return bool(np.allclose(moved, shift(still, right=cells)) and not pushed_out.any())


def _target(amount: int, size: int) -> slice:
    """Return where a shift by `amount` puts what stays inside; with −amount, where it was before."""
    return slice(max(amount, 0), max(size + min(amount, 0), 0))
