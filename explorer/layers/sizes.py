"""Sizes and costs: what fits where, how large the output is, how many weights and multiply-adds it takes.

Knows arithmetic on whole numbers only; it never sees an image.
Formulas: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016; torch.nn.Conv2d.
"""

from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.layers.checks import MAX_COUNT, number_pair, size_text, whole_number
from explorer.layers.padding import Amounts, padding_amounts
from explorer.words import counted


@dataclass(frozen=True)
class Window:
    """How a window slides: each setting per axis, (down, across). Numbers are spread over both axes and checked.

    kernel, stride, dilation ≥ 1; padding as `padding_amounts` takes it, kept as ((top, bottom), (left, right)).

    >>> Window(kernel=3, padding="same").output_size(8, 8)
    (8, 8)
    """

    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: Amounts = ((0, 0), (0, 0))
    dilation: tuple[int, int] = (1, 1)

    def __post_init__(self) -> None:
        kernel = number_pair(self.kernel, "Kernel size", minimum=1)
        stride = number_pair(self.stride, "Stride", minimum=1)
        dilation = number_pair(self.dilation, "Dilation", minimum=1)
        padding = padding_amounts(self.padding, kernel, stride, dilation)
        for name, value in [("kernel", kernel), ("stride", stride), ("dilation", dilation), ("padding", padding)]:
            object.__setattr__(self, name, value)

    @property
    def effective(self) -> tuple[int, int]:
        """The cells the kernel spans, holes included."""
        return effective_size(self.kernel[0], self.dilation[0]), effective_size(self.kernel[1], self.dilation[1])

    def output_size(self, height: int, width: int) -> tuple[int, int]:
        """Return (rows, columns) of the output; ExplorerError when the kernel does not fit."""
        sizes = (height, width)
        padded = [n + sum(p) for n, p in zip(sizes, self.padding, strict=True)]
        if any(span > room for span, room in zip(self.effective, padded, strict=True)):
            raise ExplorerError(self._misfit(sizes, padded))
        rows, cols = (
            (room - span) // step + 1 for room, span, step in zip(padded, self.effective, self.stride, strict=True)
        )
        return rows, cols

    def _misfit(self, sizes: tuple[int, int], padded: list[int]) -> str:
        axes = [axis for axis in (0, 1) if self.effective[axis] > padded[axis]]
        missing = max((self.effective[a] - padded[a] + 1) // 2 + max(self.padding[a]) for a in axes)
        largest = min((padded[a] - 1) // self.dilation[a] + 1 for a in axes)
        amounts = {amount for pair in self.padding for amount in pair}
        padding = (
            "without padding"
            if amounts == {0}
            else f"with padding {amounts.pop() if len(amounts) == 1 else self.padding}"
        )
        dilated = self.dilation != (1, 1)
        holes = f" with dilation {size_text(self.dilation)} spans {size_text(self.effective)} and" if dilated else ""
        remedy = f"choose padding ≥ {missing}{',' if dilated else ' or'} a kernel ≤ {largest}"
        return f"Kernel {size_text(self.kernel)}{holes} does not fit a {size_text(sizes)} input {padding}: {remedy}" + (
            " or a smaller dilation." if dilated else "."
        )


def effective_size(k: int, d: int = 1) -> int:
    """Return d(k−1)+1, the cells a kernel of k weights spans when d−1 holes lie between neighbours (C10)."""
    return d * (k - 1) + 1


def output_size(n: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    """Return ⌊(n+2p−d(k−1)−1)/s⌋+1, the output cells along one axis (C12).

    n: input size ≥ 1; k: kernel; s: stride; p: padding on each side; d: dilation.
    """
    n = whole_number(n, "Input size", 1, MAX_COUNT)
    p = whole_number(p, "Padding")
    rows, _ = Window((k, k), (s, s), p, (d, d)).output_size(n, n)
    return rows


def output_formula(n: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> str:
    """Return the formula of `output_size` with its numbers substituted.

    >>> output_formula(8, 3)
    '⌊(8+2·0−1·(3−1)−1)/1⌋+1 = 6'
    """
    return f"⌊({n}+2·{p}−{d}·({k}−1)−1)/{s}⌋+1 = {output_size(n, k, s, p, d)}"


def conv_parameters(kh: int, kw: int, cin: int, cout: int, bias: bool = True, groups: int = 1) -> int:
    """Return (kh·kw·cin/groups + 1)·cout, without the 1 where there is no bias (C11).

    >>> conv_parameters(5, 5, 3, 64)
    4864
    """
    kh, kw, cin, cout = (_count(value, name) for value, name in zip((kh, kw, cin, cout), _CONV_NAMES, strict=True))
    ensure_groups(groups, cin, cout)
    return (kh * kw * (cin // groups) + bool(bias)) * cout


def parameter_formula(kh: int, kw: int, cin: int, cout: int, bias: bool = True) -> str:
    """Return the formula of `conv_parameters` with its numbers substituted.

    >>> parameter_formula(5, 5, 3, 64)
    '(5·5·3+1)·64 = 4,864'
    """
    return f"({kh}·{kw}·{cin:,}{'+1' * bool(bias)})·{cout:,} = {conv_parameters(kh, kw, cin, cout, bias):,}"


def conv_multiply_adds(kh: int, kw: int, cin: int, cout: int, rows: int, cols: int, groups: int = 1) -> int:
    """Return the multiplications of one pass: every weight once per output position (rows × cols of them)."""
    weights = conv_parameters(kh, kw, cin, cout, bias=False, groups=groups)
    return weights * _count(rows, "Output rows") * _count(cols, "Output columns")


def dense_parameters(n_in: int, n_out: int, bias: bool = True) -> int:
    """Return (n_in + 1)·n_out, without the 1 where there is no bias (B1, B3, B4).

    >>> dense_parameters(300 * 300, 300 * 300)
    8100090000
    """
    return (_count(n_in, "Number of inputs") + bool(bias)) * _count(n_out, "Number of outputs")


def dense_formula(n_in: int, n_out: int) -> str:
    """Return the formula of `dense_parameters` with its numbers substituted.

    >>> dense_formula(90_000, 90_000)
    '(90,000+1)·90,000 = 8,100,090,000'
    """
    return f"({n_in:,}+1)·{n_out:,} = {dense_parameters(n_in, n_out):,}"


def dense_multiply_adds(n_in: int, n_out: int) -> int:
    """Return n_in·n_out: every weight of a fully connected layer is used once."""
    return dense_parameters(n_in, n_out, bias=False)


def ensure_groups(groups: int, cin: int, cout: int) -> int:
    """Return `groups` if it divides both channel counts."""
    groups = whole_number(groups, "Groups", 1, MAX_COUNT)
    if cin % groups or cout % groups:
        raise ExplorerError(
            f"Groups {groups} does not divide {cin:,} input and {counted(cout, 'output channel')}: "
            "choose a divisor of both; 1 always works."
        )
    return groups


_CONV_NAMES = ("Kernel height", "Kernel width", "Input channels", "Output channels")


def _count(value: int, name: str) -> int:
    return whole_number(value, name, 1, MAX_COUNT)
