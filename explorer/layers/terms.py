"""An output cell in symbols: which weights it adds up, and how often each.

Knows text and numbers; not where the window lies.
"""

import numpy as np

from explorer.words import written


def symbolic_sum(values: np.ndarray, has_bias: bool, flip: bool = False) -> str:
    """Return the weighted sum of a window in symbols (C8).

    values: (C, kh, kw). Weights are numbered w1, w2, … row by row in the kernel as given; with several channels
    w{channel},{number}, both from 1. A value of 1 contributes 'w6', 0 contributes nothing, any other v 'v·w6'.
    flip: the kernel lies turned by 180° on the window, so its last weight meets the first value.

    >>> symbolic_sum(np.array([[[0, 1], [2, -1]]]), has_bias=True)
    'w2 + 2·w3 − w4 + b'
    """
    numbers = np.arange(1, values[0].size + 1)
    if flip:
        numbers = numbers[::-1]
    terms = [
        (value, f"w{number}" if len(values) == 1 else f"w{channel},{number}")
        for channel, plane in enumerate(values, start=1)
        for value, number in zip(plane.ravel(), numbers, strict=True)
        if value != 0
    ]
    if has_bias:
        terms.append((1.0, "b"))
    text = "".join(f" {'−' if value < 0 else '+'} {_factor(abs(value))}{symbol}" for value, symbol in terms)
    if not text:
        return "0"
    return text.removeprefix(" + ") if terms[0][0] > 0 else "−" + text.removeprefix(" − ")


def _factor(size: float) -> str:
    return "" if size == 1 else f"{written(size)}·"
