"""What a person checks a gradient with: a shared weight's copies (D1), a nudge (D2), a full convolution (D3).

Knows the gradients' records; not how they are drawn, and nothing of automatic differentiation.
"""

from dataclasses import dataclass

import numpy as np

from explorer.layers.checks import frozen, number_array, real_number, whole_number
from explorer.layers.convolution import convolve
from explorer.layers.gradients import ConvolutionGradient, PoolingGradient, pooling_gradient, sgd_step
from explorer.layers.pooling import Pooling, pool
from explorer.words import added, bracketed, written

MOST_COPIES = 26  # positions that get a letter of their own


@dataclass(frozen=True, eq=False)
class SharedWeight:
    """One weight of the kernel (one channel in, one out) and a step of gradient descent on it (D1).

    name       w1, w2, … in reading order
    upstream   (rows, cols)  ∂L/∂output at each position
    values     (rows, cols)  the input value that the weight meets there
    terms      (rows, cols)  upstream × values: the gradient of that position's own copy of the weight
    gradient   their sum;  before, after: the weight and weight − rate · gradient
    """

    name: str
    upstream: np.ndarray
    values: np.ndarray
    terms: np.ndarray
    gradient: float
    rate: float
    before: float
    after: float

    @property
    def letters(self) -> tuple[str, ...]:
        """The copies' names a, b, c, …; the positions' numbers where the alphabet does not suffice."""
        count = self.terms.size
        return tuple(chr(ord("a") + i) if count <= MOST_COPIES else f"{self.name}({i})" for i in range(count))

    @property
    def copies(self) -> tuple[str, ...]:
        """Each copy's gradient with its numbers: '∂L/∂a = 1·5 = 5'."""
        parts = zip(self.letters, self.upstream.flat, self.values.flat, self.terms.flat, strict=True)
        return tuple(
            f"∂L/∂{letter} = {_sign(g)}·{bracketed(_sign(value))} = {_sign(term)}" for letter, g, value, term in parts
        )

    @property
    def update(self) -> tuple[str, str]:
        """The step of gradient descent in symbols, and with the numbers substituted."""
        letters = _shortened([f"∂L/∂{letter}" for letter in self.letters])
        terms = _shortened([_sign(term) for term in self.terms.flat])
        symbols = f"{self.name} ← {self.name} − γ·({letters})"
        return symbols, f"{_sign(self.before)} − {bracketed(_sign(self.rate))}·({terms}) = {_sign(self.after)}"


@dataclass(frozen=True, eq=False)
class Nudge:
    """One input cell of a pooling layer changed a little, and what the loss did: L = Σ g·output (D2).

    cell               (channel, row, col);  old, new: its value
    before, after      the layer with the cell's old and new value
    losses             L before and after
    slope              (L after − L before) / (new − old), or None where nothing was changed
    gradient           what backpropagation says of `before`, (C, H, W)
    """

    cell: tuple[int, int, int]
    old: float
    new: float
    before: Pooling
    after: Pooling
    losses: tuple[float, float]
    slope: float | None
    gradient: PoolingGradient

    @property
    def predicted(self) -> float:
        """The gradient at the nudged cell."""
        return float(self.gradient.image[self.cell])


def shared_weight(gradient: ConvolutionGradient, number: int, rate: float) -> SharedWeight:
    """Weight `number`, counted from 1 in reading order, of a kernel with one channel in and one out.

    >>> from explorer.layers.gradients import convolution_gradient
    >>> g = convolution_gradient(convolve([[1, 2, 3]], [[1, 1]]), [[1, 10]])
    >>> shared_weight(g, 2, 0.1).terms.tolist()
    [[2.0, 30.0]]
    """
    tall, wide = gradient.kernel.shape[2:]
    number = whole_number(number, "Weight", 1, tall * wide)
    y, x = divmod(number - 1, wide)
    terms = gradient.weight_terms(0, 0, y, x)
    before, total = float(gradient.walk.kernel[0, 0, y, x]), float(gradient.kernel[0, 0, y, x])
    return SharedWeight(
        name=f"w{number}",
        upstream=gradient.at_sums[0],
        values=gradient.walk.windows[0, :, :, y, x],
        terms=terms,
        gradient=total,
        rate=real_number(rate, "Learning rate"),
        before=before,
        after=float(sgd_step([before], [total], rate)[0]),
    )


def nudge(image: object, index: int, by: float, upstream: object, **settings: object) -> Nudge:
    """Pool an image before and after its cell number `index`, in reading order, has grown by `by`; settings as in `pool`.

    >>> n = nudge([[6, 8], [3, 5]], 1, 1, [[1.0]])
    >>> n.after.output.tolist(), n.slope, n.predicted
    ([[[9.0]]], 1.0, 1.0)
    """
    before = pool(image, **settings)
    gradient = pooling_gradient(before, upstream)
    index = whole_number(index, "Cell", 0, before.image.size - 1)
    cell = tuple(int(i) for i in np.unravel_index(index, before.image.shape))
    changed = before.image.copy()
    changed[cell] += real_number(by, "Nudge")
    after = pool(changed, **settings)
    losses = tuple(float((gradient.upstream * layer.output).sum()) for layer in (before, after))
    old, new = float(before.image[cell]), float(changed[cell])
    slope = (losses[1] - losses[0]) / (new - old) if new != old else None
    return Nudge(cell, old, new, before, after, losses, slope, gradient)


def last_nudge(base: object, old: object, new: object) -> tuple[np.ndarray, int, float]:
    """A grid went from `base` by one nudge to `old` and is now `new`: return (base, index, by) of the newest nudge.

    A further change of the same cell adds to its nudge; one of another cell starts from `old`; several changed at once
    are a new base without a nudge.

    >>> last_nudge([[6, 8]], [[7, 8]], [[8, 8]])[1:], last_nudge([[6, 8]], [[7, 8]], [[7, 9]])[1:]
    ((0, 2.0), (1, 1.0))
    """
    new = number_array(new, "Grid")
    for start in (base, old):
        start = number_array(start, "Grid")
        places = np.flatnonzero(start != new)
        if places.size == 1:
            index = int(places[0])
            return start, index, float(new.flat[index] - start.flat[index])
    return new, 0, 0.0


def raised(image: np.ndarray, cell: tuple[int, int, int], by: float) -> np.ndarray:
    """A copy of an image (C, H, W) with one cell larger by `by`."""
    new = np.array(image, np.float64)
    new[cell] += by
    return frozen(new)


def agrees_with_full_convolution(gradient: ConvolutionGradient) -> bool | None:
    """Whether one convolution makes the same ∂L/∂input (D3); None with a stride, which needs zeros in between.

    ∂L/∂output is padded by the kernel's span − 1 on every side, and the kernel is turned by 180°.
    """
    walk = gradient.walk
    if walk.window.stride != (1, 1):
        return None
    room = [span - 1 for span in walk.window.effective]
    full = convolve(gradient.at_sums, walk.weights, padding=room, dilation=walk.window.dilation, flip=True)
    return bool(np.allclose(full.output, gradient.stamping.output))


def _sign(value: float) -> str:
    return written(value, 6)


def _shortened(parts: list[str]) -> str:
    """Parts added up; of too many the first three and the last. 3, −4 → '3 − 4'."""
    if len(parts) > MOST_COPIES:
        parts = [*parts[:3], "…", parts[-1]]
    return added(parts)
