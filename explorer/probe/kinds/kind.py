"""What there is to know of one kind of layer. Knows words and the names of rules; neither the rules nor any layer.

A rule's name is looked up by the one file that carries it out: `sees` in probe/steps.py, `made` in probe/provenance.py,
`back` in probe/deconvnet.py. A test holds that each name used here has its rule there.

What a layer costs is told by no kind: probe/costs.py counts the products of weights themselves, whatever layer makes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from explorer.probe.plain import Plain

# groups, by which figures colour
WEIGHTS, POOLING, JOINING, ENLARGING = "weights", "pooling", "joining", "enlarging"
ACTIVATION, NORMALISING, DROPOUT = "activation", "normalising", "dropout"
ARRANGING, ARITHMETIC, PADDING = "arranging", "arithmetic", "padding"

# what of a sign comes out
ANY, PASSES, NEVER = "any", "passes", "never"

# how a number is taken apart, where no formula of its own does it
SUM, COPY, SINGLE, FUNCTION = "sum", "copy", "sum of one", "function"


@dataclass(frozen=True)
class Kind:
    """One kind of layer.

    name: as PyTorch's module is called, or the function that has none. word: on the screen; short: where there is little room.
    group: one of those above, "" for what belongs to none. functions: names of functions and methods that do the same.
    also: classes outside of torch.nn that do the same. arguments: what built-in functions are given, in order (they do not
    tell). gathers: the setting whose numbers may also be given one by one, x.permute(0, 2, 1).

    activation: bends number by number or over the channels without changing the shape: there is a before and an after.
    sign: whether its numbers can be negative: "never"; "passes": not where nothing negative goes in; "any".

    sees: what it does to what its input sees; "" takes it to see all that it is given. window: (settings, axis, rows or columns
    of the input, of the output) → Taps along that axis. fixed: settings that the kind itself decides.

    made: what a number is made of. "sum": Σ slope × input + bias for any input. "copy": the same, each number is one of the
    input's. "sum of one": a sum where it takes one node, else a product or a function. "function": no sum of terms. Others
    name a formula. "": not known, told as a function. formula: how a function of one number is written, {} for the number.
    carries_bias: a formula that ends with "+ bias". of_window: what it makes of a window, in words.

    back: how a signal goes back through it in a deconvnet; "" where that is not known.
    """

    name: str
    word: str
    group: str = ""
    functions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    gathers: str = ""
    short: str = ""
    activation: bool = False
    sign: str = ANY
    sees: str = ""
    window: Callable | None = None
    fixed: Mapping[str, Plain] = field(default_factory=dict)
    made: str = ""
    formula: str = ""
    carries_bias: bool = False
    of_window: str = ""
    back: str = ""

    @property
    def pointwise(self) -> bool:
        """Each number is made of the one at the same place, and of nothing else that depends on the input."""
        return self.sees == "place"

    @property
    def unchanged(self) -> bool:
        """Puts out the maps that it is given."""
        return self.pointwise and self.made == COPY

    @property
    def listing(self) -> bool:
        """Lays maps out as a list and changes no number: a picture of it would show the same again."""
        return self.name == "Flatten"

    @property
    def label(self) -> str:
        """Its shortest word."""
        return self.short or self.word


TAKEN_AS_IT_IS = "taken as it is"  # what is said of a kind that is not known
