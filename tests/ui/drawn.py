"""Settings drawn at random from the same annotated fields that ask for them and write them in an address."""

import numpy as np
from hypothesis import strategies as st

from explorer.ui.address import as_plain
from explorer.ui.fields import Choice, Kind, Numbers, Real, Several, Switch, Whole, Word
from explorer.ui.settings import kinds_of

_DRAW = {
    Whole: lambda kind: st.integers(kind.low, kind.high) | (st.none() if kind.optional else st.nothing()),
    Real: lambda kind: st.floats(kind.low, kind.high) | (st.none() if kind.optional else st.nothing()),
    Choice: lambda kind: st.sampled_from(list(kind.options)),
    Several: lambda kind: st.lists(
        st.sampled_from(list(kind.options)), min_size=kind.least, max_size=kind.most, unique=True
    ).map(tuple),
    Switch: lambda kind: st.booleans(),
    Numbers: lambda kind: _grids(kind.axes),
    Word: lambda kind: (
        st.lists(_word(kind), max_size=kind.many, unique=True).map(tuple) if kind.many else _word(kind) | st.just("")
    ),
}


def settings(record: type) -> st.SearchStrategy:
    """Any settings of that record."""
    return st.builds(record, **{name: value(kind) for name, kind in kinds_of(record).items()})


def value(kind: Kind) -> st.SearchStrategy:
    """Any value that the kind allows. A kind that a page tells itself says so by `drawn()`."""
    return _DRAW[type(kind)](kind) if type(kind) in _DRAW else kind.drawn(st)


def _word(kind: Word) -> st.SearchStrategy:
    return st.from_regex(rf"\A(?:{kind.pattern})\Z", fullmatch=True)


@st.composite
def _grids(draw: st.DrawFn, axes: int) -> tuple:
    shape = draw(st.lists(st.integers(1, 5), min_size=axes, max_size=axes))
    whole = draw(st.booleans())
    number = st.integers(-130, 300) if whole else st.floats(-1e6, 1e6, width=32)
    count = int(np.prod(shape))
    cells = draw(st.lists(number, min_size=count, max_size=count))
    return as_plain(np.array(cells, np.float64).reshape(shape))
