"""Receptive fields in one dimension: which inputs a unit sees, layer by layer.

Knows stacks of sliding windows by their numbers only (`Sliding`); never a network or an image.
Rule: Araujo, Norris & Sim, "Computing receptive fields of convolutional neural networks", Distill 2019.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.layers.checks import MAX_CELLS, MAX_COUNT, whole_number
from explorer.layers.sizes import effective_size, output_size
from explorer.words import counted

MAX_STAGES = 1024
MAX_LINKS = 500_000  # lines of one cone; a picture drowns long before
KINDS = ("conv", "pool")


@dataclass(frozen=True)
class Sliding:
    """One layer of the stack. kernel, stride, dilation ≥ 1; padding ≥ 0 on each side. Kind only names it.

    >>> Sliding("pool", kernel=2, stride=2).effective
    2
    """

    kind: str
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ExplorerError(f"Sliding {self.kind!r} is unknown: choose one of {', '.join(KINDS)}.")
        for name, minimum in [("kernel", 1), ("stride", 1), ("padding", 0), ("dilation", 1)]:
            checked = whole_number(getattr(self, name), name.capitalize(), minimum)
            object.__setattr__(self, name, checked)

    @property
    def effective(self) -> int:
        """The cells the kernel spans, holes included."""
        return effective_size(self.kernel, self.dilation)

    def taps(self, unit: int) -> range:
        """Return the positions one layer below that `unit` reads, padding included."""
        first = unit * self.stride - self.padding
        return range(first, first + self.effective, self.dilation)


@dataclass(frozen=True)
class Field:
    """The receptive field on the input of one level's units: unit u sees start + u·jump … start + u·jump + size − 1."""

    size: int
    jump: int
    start: int


@dataclass(frozen=True)
class Interval:
    """The units of one level that a chosen unit depends on, by its taps.

    first, last  the outermost of them; both None where every tap lies in padding
    count        how many there are: fewer than last − first + 1 where dilation or a stride beyond the kernel leaves some out
    clipped      whether a tap on the way down lay in padding
    """

    level: int
    first: int | None
    last: int | None
    count: int
    clipped: bool

    @property
    def has_gaps(self) -> bool:
        """Whether units between first and last are left out."""
        return self.count > 0 and self.last - self.first + 1 > self.count


@dataclass(frozen=True)
class Tap:
    """A line of the picture: `upper` on `level` reads `lower` on level − 1."""

    level: int
    upper: int
    lower: int


@dataclass(frozen=True)
class Stack:
    """Layers on an input of `sizes[0]` units. Level 0 is the input, level i the output of stages[i − 1].

    sizes   units per level
    fields  receptive field per level; the input's is size 1, jump 1, start 0
    """

    stages: tuple[Sliding, ...]
    sizes: tuple[int, ...]
    fields: tuple[Field, ...]

    def cone(self, level: int, unit: int) -> tuple[tuple[int, ...], ...]:
        """Return the units that (level, unit) depends on, per level from 0 to `level`. Dilation leaves holes."""
        level = whole_number(level, "Level", 0, len(self.stages))
        unit = whole_number(unit, "Unit", 0, self.sizes[level] - 1)
        units = {unit}
        levels = [(unit,)]
        links = 0
        for below in range(level - 1, -1, -1):
            links += len(units) * self.stages[below].kernel
            if links > MAX_LINKS:
                raise ExplorerError(
                    f"This unit depends on its inputs through more than {MAX_LINKS:,} links: choose fewer layers or "
                    "smaller kernels."
                )
            inside = range(self.sizes[below])
            units = {tap for u in units for tap in self.stages[below].taps(u) if tap in inside}
            levels.append(tuple(sorted(units)))
        return tuple(reversed(levels))

    def intervals(self, level: int, unit: int) -> tuple[Interval, ...]:
        """Return what (level, unit) depends on, per level from `level` down to 0, by following its taps as `cone` does.

        Not by the interval rule first·stride − padding … last·stride − padding + effective − 1, cut at the input's ends:
        with holes or gaps the tap that lies nearest to the end need not lie on it.
        """
        cone = self.cone(level, unit)
        found = [Interval(len(cone) - 1, cone[-1][0], cone[-1][0], 1, clipped=False)]
        for below in range(len(cone) - 2, -1, -1):
            units, above = cone[below], cone[below + 1]
            stage, edge = self.stages[below], self.sizes[below] - 1
            clipped = found[-1].clipped
            if above:  # taps grow with the unit: only the outermost units' outermost taps can lie outside
                clipped |= stage.taps(above[0])[0] < 0 or stage.taps(above[-1])[-1] > edge
            first, last = (units[0], units[-1]) if units else (None, None)
            found.append(Interval(below, first, last, len(units), clipped))
        return tuple(found)

    def outermost(self) -> tuple[tuple[tuple[int, int] | None, ...], ...]:
        """Return, per level and unit, the first and last input that the unit depends on; None where it sees padding only."""
        levels: list[tuple[tuple[int, int] | None, ...]] = [tuple((u, u) for u in range(self.sizes[0]))]
        for stage, size in zip(self.stages, self.sizes[1:], strict=True):
            below = levels[-1]
            reached = ([below[tap] for tap in stage.taps(u) if 0 <= tap < len(below)] for u in range(size))
            ends = ([pair for pair in pairs if pair] for pairs in reached)
            levels.append(tuple((min(a for a, _ in e), max(b for _, b in e)) if e else None for e in ends))
        return tuple(levels)

    def links(self, level: int, unit: int) -> tuple[Tap, ...]:
        """Return every line from (level, unit) down to its inputs, from the top level down."""
        cone = self.cone(level, unit)
        return tuple(
            Tap(upper, u, tap)
            for upper in range(len(cone) - 1, 0, -1)
            for u in cone[upper]
            for tap in self.stages[upper - 1].taps(u)
            if 0 <= tap < self.sizes[upper - 1]
        )


def stack(stages: Iterable[Sliding], input_size: int) -> Stack:
    """Put `stages`, from the input upwards, on `input_size` units (F1, F2, C10).

    size ← size + (effective − 1)·jump; start ← start − padding·jump; jump ← jump·stride.

    >>> stack([Sliding("conv", 3), Sliding("pool", 2, stride=2), Sliding("conv", 3)], 16).fields[-1].size
    8
    """
    stages = tuple(stages)
    if len(stages) > MAX_STAGES:
        raise ExplorerError(f"The stack has {counted(len(stages), 'layer')}: choose at most {MAX_STAGES:,}.")
    sizes = [whole_number(input_size, "Input size", 1, MAX_CELLS)]
    fields = [Field(1, 1, 0)]
    for stage in stages:
        below = fields[-1]
        sizes.append(output_size(sizes[-1], stage.kernel, stage.stride, stage.padding, stage.dilation))
        fields.append(
            Field(
                size=below.size + (stage.effective - 1) * below.jump,
                jump=below.jump * stage.stride,
                start=below.start - stage.padding * below.jump,
            )
        )
    return Stack(stages, tuple(sizes), tuple(fields))


def field_formula(stages: Iterable[Sliding]) -> str:
    """Return the receptive field's size as a sum with the numbers substituted, one term (effective−1)·jump per layer.

    >>> field_formula([Sliding("conv", 3), Sliding("pool", 2, stride=2), Sliding("conv", 3)])
    '1 + (3−1)·1 + (2−1)·1 + (3−1)·2 = 8'
    """
    size, jump, text = 1, 1, "1"
    for stage in stages:
        text += f" + ({stage.effective}−1)·{jump}"
        size += (stage.effective - 1) * jump
        jump *= stage.stride
    return f"{text} = {size}"


def layers_needed(field: int, kernel: int = 3) -> int:
    """Return how many layers of stride 1 it takes to see `field` inputs: ⌈(field−1)/(kernel−1)⌉ (F1).

    >>> layers_needed(300)
    150
    """
    field = whole_number(field, "Receptive field", 1, MAX_COUNT)
    kernel = whole_number(kernel, "Kernel size", 2)  # a kernel of 1 never grows the field
    return -(-(field - 1) // (kernel - 1))
