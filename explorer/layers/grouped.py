"""Grouped and depthwise convolution (C18): which input channels a kernel sees, and what that saves.

Knows channels, sizes and `convolve`, which slides grouped kernels itself; not which networks are built of them.
Sources: Krizhevsky et al. 2012 (two groups on two GPUs); Chollet, "Xception", 2017 and Howard et al., "MobileNets", 2017
(depthwise separable: each channel by itself, then a 1×1 that mixes them).
"""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.checks import MAX_COUNT, ensure_cells, frozen, number_array, number_pair, whole_number
from explorer.layers.convolution import Walkthrough, convolve
from explorer.layers.sizes import conv_multiply_adds, conv_parameters, ensure_groups
from explorer.words import counted, written


@dataclass(frozen=True)
class GroupingCost:
    """One way to get from Cin to Cout channels, without biases.

    name                        as one says it
    weights                     in all its kernels
    multiply_adds               of one pass
    weights_sum, multiply_sum   both with the numbers substituted
    """

    name: str
    weights: int
    multiply_adds: int
    weights_sum: str
    multiply_sum: str


@dataclass(frozen=True)
class Groupings:
    """The same sizes in three ways. ratio: weights of the separable one for each of the full one's, 1/Cout + 1/(kh·kw)."""

    full: GroupingCost
    grouped: GroupingCost
    separable: GroupingCost
    ratio: float
    ratio_formula: str


@dataclass(frozen=True, eq=False)
class Separable:
    """A depthwise convolution, then a 1×1: both stepped as any convolution.

    depthwise    one kernel a channel: Cin → Cin channels, groups = Cin
    pointwise    1×1 on what the depthwise one puts out: Cin → Cout channels
    full_kernel  (Cout, Cin, kh, kw): the one kernel that does the same, pointwise[o, i] · depthwise[i]. Few full
                 kernels are of this kind: towards every output channel an input channel goes through the same shape
    """

    depthwise: Walkthrough
    pointwise: Walkthrough
    full_kernel: np.ndarray


def channels_seen(cin: int, cout: int, groups: int = 1) -> np.ndarray:
    """Return (cout, cin), True where that output channel's kernel sees that input channel.

    groups: from 1, all see all, to cin, each sees one (depthwise). Raises ExplorerError if it does not divide both.

    >>> channels_seen(4, 2, 2).astype(int).tolist()
    [[1, 1, 0, 0], [0, 0, 1, 1]]
    """
    cin, cout = whole_number(cin, "Input channels", 1), whole_number(cout, "Output channels", 1)
    groups = ensure_groups(groups, cin, cout)
    ensure_cells(cin * cout, "The table of channels")
    group_of_output = np.arange(cout) // (cout // groups)
    group_of_input = np.arange(cin) // (cin // groups)
    return frozen(group_of_output[:, np.newaxis] == group_of_input)


def compare_groupings(kernel: object, cin: int, cout: int, groups: int = 2, rows: int = 1, cols: int = 1) -> Groupings:
    """Count a full, a grouped and a depthwise separable convolution of the same sizes.

    kernel: its rows and columns, or one number. cin, cout: channels. rows, cols: of the output, for the multiply-adds.
    Raises ExplorerError for sizes below 1 and for groups that do not divide both channel counts.

    >>> found = compare_groupings(3, 32, 64)
    >>> found.full.weights, found.grouped.weights, found.separable.weights, found.separable.weights_sum
    (18432, 9216, 2336, '3·3·32 + 32·64 = 288 + 2,048 = 2,336')
    """
    kh, kw = number_pair(kernel, "Kernel size", 1)
    cin, cout = whole_number(cin, "Input channels", 1, MAX_COUNT), whole_number(cout, "Output channels", 1, MAX_COUNT)
    rows, cols = whole_number(rows, "Output rows", 1, MAX_COUNT), whole_number(cols, "Output columns", 1, MAX_COUNT)
    groups = ensure_groups(groups, cin, cout)
    size = f"{rows:,}·{cols:,}"

    def one(name: str, text: str, parted: int) -> GroupingCost:
        weights = conv_parameters(kh, kw, cin, cout, bias=False, groups=parted)
        cost = conv_multiply_adds(kh, kw, cin, cout, rows, cols, parted)
        return GroupingCost(name, weights, cost, f"{text} = {weights:,}", f"{weights:,}·{size} = {cost:,}")

    depthwise = conv_parameters(kh, kw, cin, cin, bias=False, groups=cin)
    pointwise = conv_parameters(1, 1, cin, cout, bias=False)
    weights = depthwise + pointwise
    cost = conv_multiply_adds(kh, kw, cin, cin, rows, cols, cin) + conv_multiply_adds(1, 1, cin, cout, rows, cols)
    full = one("full", f"{kh}·{kw}·{cin:,}·{cout:,}", 1)
    ratio = weights / full.weights
    return Groupings(
        full=full,
        grouped=one(f"in {counted(groups, 'group')}", f"{kh}·{kw}·{cin:,}/{groups:,}·{cout:,}", groups),
        separable=GroupingCost(
            "depthwise separable",
            weights,
            cost,
            f"{kh}·{kw}·{cin:,} + {cin:,}·{cout:,} = {depthwise:,} + {pointwise:,} = {weights:,}",
            f"{weights:,}·{size} = {cost:,}",
        ),
        ratio=ratio,
        ratio_formula=f"{weights:,}/{full.weights:,} = 1/{cout:,} + 1/{kh * kw:,} = {written(ratio)}",
    )


def separate(image: object, depthwise: object, pointwise: object, **settings: object) -> Separable:
    """Convolve each channel by itself, then mix the channels of each pixel.

    image: (Cin, H, W). depthwise: (Cin, kh, kw), one kernel a channel. pointwise: (Cout, Cin). settings: of the depthwise
    one, as in `convolve` (stride, padding, …); groups, bias and activation are not among them: nothing stands between the two
    here, so that one full kernel does the same. Raises ExplorerError for shapes that do not fit.

    >>> separate([[[1, 2]], [[3, 4]]], [[[10]], [[100]]], [[1, 1]]).pointwise.output.tolist()
    [[[310.0, 420.0]]]
    """
    kernels, mixing = number_array(depthwise, "Depthwise kernel"), number_array(pointwise, "Pointwise kernel")
    if kernels.ndim != 3 or mixing.ndim != 2 or mixing.shape[1] != len(kernels):
        raise ExplorerError(
            f"Depthwise and pointwise kernels have shapes {kernels.shape} and {mixing.shape}: "
            "give one kernel a channel (channels × rows × columns), and out × channels."
        )
    first = convolve(image, kernels[:, np.newaxis], groups=len(kernels), **settings)
    second = convolve(first.output, mixing[:, :, np.newaxis, np.newaxis])
    full = mixing[:, :, np.newaxis, np.newaxis] * kernels
    return Separable(first, second, frozen(full))
