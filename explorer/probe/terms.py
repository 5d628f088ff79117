"""What a number is added up from: groups of terms, each with its place in the node below. Knows arrays; not layers."""

from dataclasses import dataclass

import numpy as np

PADDING = -1  # the place of a term that lies outside of the node below


@dataclass(frozen=True)
class Unit:
    """One number of one node. at: its place in the node's output: (channel, row, column), or (index,) in a list of numbers."""

    node: str
    at: tuple[int, ...]

    @property
    def channel(self) -> int:
        """The first number of its place."""
        return self.at[0] if self.at else 0


@dataclass(frozen=True, eq=False)
class Terms:
    """What one node below contributes.

    node: its name. at: int (G, h, w, k), the place of each term there; PADDING where there is none. The G groups are that
    node's channels; h × w is the window as the kernel lies on it. axis: which number of a place is the channel: 0, or 2 where
    the channels are last in memory.
    values, weights, products: float64 (G, h, w). weights: NaN where nothing is multiplied.
    """

    node: str
    at: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    products: np.ndarray
    axis: int = 0

    @property
    def channels(self) -> np.ndarray:
        """int (G,): which channel of the node below each group is; PADDING for one that lies outside as a whole."""
        return self.at[..., self.axis].reshape(len(self.at), -1).max(axis=1)

    @property
    def sums(self) -> np.ndarray:
        """float64 (G,): what each channel adds."""
        return self.products.sum(axis=(1, 2))

    def unit(self, group: int, row: int, column: int) -> Unit | None:
        """The unit that a term comes from; None in the padding."""
        place = self.at[group, row, column]
        return None if (place == PADDING).any() else Unit(self.node, tuple(int(part) for part in place))

    def strongest(self, count: int) -> list[tuple[int, int, int]]:
        """(group, row, column) of the terms that are largest without their sign, from units that exist; at most `count`."""
        sizes = np.where((self.at == PADDING).any(axis=-1), -1.0, np.abs(self.products)).ravel()
        order = np.argsort(-sizes, kind="stable")[:count]
        places = np.unravel_index(order[sizes[order] >= 0], self.products.shape)
        return [tuple(int(part) for part in place) for place in zip(*places, strict=True)]


def gathered(
    node: str, given: np.ndarray, at: np.ndarray, weights: np.ndarray, mix: str = "times", axis: int = 0
) -> Terms:
    """Terms whose values are looked up. given: the node's output. at: (G, h, w, k). weights: (G, h, w) or one for all.

    mix: "times" multiplies value and weight; "alone" takes the value as it is and leaves the weights out.
    """
    inside = (at != PADDING).all(axis=-1)
    places = tuple(np.where(inside, at[..., axis], 0) for axis in range(at.shape[-1]))
    values = np.where(inside, np.asarray(given, np.float64)[places], 0.0)
    weights = np.broadcast_to(np.asarray(weights, np.float64), values.shape).copy()
    products = values.copy() if mix == "alone" else values * weights
    at = np.where(inside[..., None], at, PADDING)
    return Terms(node, at, values, weights, products, axis)


def grid_places(channels: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Places (G, h, w, 3) of a window's rows (h,) and columns (w,) in several channels (G,)."""
    return np.stack(np.broadcast_arrays(channels[:, None, None], rows[None, :, None], columns[None, None, :]), axis=-1)


def window_places(
    size: int, at: int, kernel: int, stride: int, before: int, after: int, dilation: int, mode: str
) -> np.ndarray:
    """Along one axis: which inputs (kernel,) output `at` multiplies by the kernel's cells; PADDING outside.

    size: of the input. before, after: padding. mode: "zeros" or one of numpy.pad's, where padding repeats what is inside.
    """
    inside = np.arange(size)
    if mode == "zeros":
        padded = np.pad(inside, (before, after), constant_values=PADDING)
    else:
        padded = np.pad(inside, (before, after), mode=mode)
    wanted = at * stride + dilation * np.arange(kernel)
    return np.where(wanted < len(padded), padded[np.minimum(wanted, len(padded) - 1)], PADDING)


def transposed_places(size: int, at: int, kernel: int, stride: int, before: int, dilation: int) -> np.ndarray:
    """The same for a transposed convolution: input i lies under cell j where at = i·stride − before + j·dilation."""
    distance = at + before - dilation * np.arange(kernel)
    found = distance // stride
    return np.where((distance % stride == 0) & (found >= 0) & (found < size), found, PADDING)
