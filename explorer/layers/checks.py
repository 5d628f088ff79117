"""The gate of this room: anything a user may type becomes clean numbers, or one sentence saying what to do instead.

Knows limits and wording; not what a number is used for. Everything is bounded here *before* an array is allocated.
"""

import reprlib
from collections.abc import Sequence
from numbers import Integral, Real

import numpy as np

from explorer.errors import ExplorerError
from explorer.words import counted, minus

MAX_CELLS = 2**24  # numbers in any one array: 128 MiB of float64
MAX_SETTING = 4096  # kernel, stride, padding, dilation, shift: far beyond what a grid on a screen can show
MAX_COUNT = 10**12  # a size that is only counted with, never allocated (parameters of an imagined layer)
MAX_MULTIPLY_ADDS = 2**31  # about two seconds of one core
MAX_TAPS = 2**14  # kernel cells where Python loops over them
MAX_VALUE = 1e100  # the product of two such numbers, summed over any window, is still finite


def whole_number(value: object, name: str, minimum: int = 0, maximum: int = MAX_SETTING) -> int:
    """Return `value` as an int within [minimum, maximum]; 3.0 counts as 3, True and 2.5 do not.

    >>> whole_number(3.0, "Stride", minimum=1)
    3
    """
    is_whole = isinstance(value, Integral) or (isinstance(value, Real) and float(value).is_integer())
    if isinstance(value, bool | np.bool_) or not is_whole:
        raise ExplorerError(f"{name} is {shown(value)}: choose a whole number from {minimum:,} to {maximum:,}.")
    number = int(value)
    if not minimum <= number <= maximum:
        raise ExplorerError(f"{name} is {shown(number)}: choose a whole number from {minimum:,} to {maximum:,}.")
    return number


def number_pair(value: object, name: str, minimum: int = 0, maximum: int = MAX_SETTING) -> tuple[int, int]:
    """Return (down, across) from one number for both axes, or from a pair."""
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str):
        if len(value) != 2:
            raise ExplorerError(
                f"{name} has {counted(len(value), 'number')}: give one for both axes, or two (down, across)."
            )
        down, across = value
        return whole_number(down, name, minimum, maximum), whole_number(across, name, minimum, maximum)
    number = whole_number(value, name, minimum, maximum)
    return number, number


def real_number(value: object, name: str) -> float:
    """Return `value` as a finite float of reasonable size."""
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool | np.bool_) else np.nan
    except OverflowError:  # an int of more than 308 digits
        number = np.inf
    if not abs(number) <= MAX_VALUE:  # not `>`: NaN must fail too
        raise ExplorerError(f"{name} is {shown(value)}: give one finite number.")
    return number


def number_array(value: object, name: str) -> np.ndarray:
    """Return a read-only float64 copy of anything array-like: nested lists, NumPy arrays, tensors without gradient.

    Raises ExplorerError for an empty or ragged array, for text, complex or non-finite entries, and beyond MAX_CELLS.
    """
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ExplorerError(f"{name} is not a grid of numbers: give rows of equal length.") from error
    if array.dtype.kind not in "buif":
        raise ExplorerError(f"{name} contains something that is not a number: give numbers only.")
    if array.size == 0:
        raise ExplorerError(f"{name} is empty: give at least one number.")
    ensure_cells(array.size, name)
    array = array.astype(np.float64)  # copies: the record must not change when the caller's array does
    if not np.all(np.abs(array) <= MAX_VALUE):
        raise ExplorerError(f"{name} contains a number that is infinite, missing or beyond ±1e100: replace it.")
    return frozen(array)


def image_array(value: object, name: str = "Input") -> np.ndarray:
    """Return (C, H, W) from (C, H, W) or (H, W)."""
    array = number_array(value, name)
    if array.ndim not in (2, 3):
        raise ExplorerError(f"{name} has shape {array.shape}: give rows × columns, or channels × rows × columns.")
    return array if array.ndim == 3 else array[np.newaxis]


def kernel_array(kernel: object) -> np.ndarray:
    """Return (Cout, C, kh, kw) from that, from one kernel (C, kh, kw), or from (kh, kw)."""
    kernel = number_array(kernel, "Kernel")
    if kernel.ndim not in (2, 3, 4):
        raise ExplorerError(f"Kernel has shape {kernel.shape}: give rows × columns, or out × in × rows × columns.")
    return kernel[(np.newaxis,) * (4 - kernel.ndim)]


def bias_array(bias: object, count: int) -> np.ndarray:
    """Return (count,): zeros for None, one number repeated, or one number per output channel."""
    if bias is None:
        return frozen(np.zeros(count))
    if np.ndim(bias) == 0:
        return frozen(np.full(count, real_number(bias, "Bias")))
    bias = number_array(bias, "Bias")
    if bias.shape != (count,):
        raise ExplorerError(f"Bias has shape {bias.shape}: give one number per output channel, {count} of them.")
    return bias


def array_like_output(value: object, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return (C, H, W) of exactly `shape`; (H, W) is accepted where C is 1."""
    array = image_array(value, name)
    if array.shape != shape:
        raise ExplorerError(f"{name} has shape {size_text(array.shape)}: give {size_text(shape)}.")
    return array


def ensure_cells(count: int, name: str) -> None:
    """Refuse an array of more than MAX_CELLS numbers before anyone allocates it."""
    if count > MAX_CELLS:
        raise ExplorerError(
            f"{name} would hold {counted(count, 'number')}, the limit is {MAX_CELLS:,}: choose smaller sizes."
        )


def ensure_index(index: tuple[int, ...], shape: tuple[int, ...], name: str) -> tuple[int, ...]:
    """Return `index` as ints inside `shape`; negative indices are refused, they would silently wrap."""
    return tuple(whole_number(i, name, 0, n - 1) for i, n in zip(index, shape, strict=True))


def shown(value: object) -> str:
    """Return a value as an error message shows it: short, whatever was typed (Python refuses to print 5,000 digits)."""
    if isinstance(value, Integral) and not isinstance(value, bool | np.bool_):
        return minus(f"{int(value):,}") if abs(value) <= 10**15 else "beyond 10¹⁵"
    return minus(reprlib.repr(value))


def frozen(array: np.ndarray) -> np.ndarray:
    """Make `array` read-only and return it: a record's arrays are shared with caches and pictures."""
    array.setflags(write=False)
    return array


def size_text(sizes: Sequence[int]) -> str:
    """Return '5×5' for (5, 5)."""
    return "×".join(str(n) for n in sizes)
