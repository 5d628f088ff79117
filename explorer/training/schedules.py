"""How the learning rate goes over a run. Knows how far a run is; not networks, not optimisers.

Every schedule: the fraction of the run that is done, in [0, 1] → the learning rate as a share of its peak, in [0, 1].
"""

import math
from collections.abc import Callable


def one_cycle(fraction: float, *, warm_up: float = 0.2) -> float:
    """Up in a line, down in a half cosine. one_cycle(0.2) == 1, one_cycle(1) == 0.

    Source: Smith, Topin: Super-Convergence (2018).
    """
    if fraction < warm_up:
        return 0.05 + 0.95 * fraction / warm_up
    return cosine((fraction - warm_up) / (1 - warm_up))


def constant(fraction: float) -> float:
    """The peak, all the time."""
    return 1.0


def cosine(fraction: float) -> float:
    """Down in a half cosine, from 1 to 0. Source: Loshchilov, Hutter: SGDR (2017)."""
    return 0.5 * (1 + math.cos(math.pi * min(1.0, fraction)))


def steps(fraction: float) -> float:
    """A tenth after half of the run, a hundredth after three quarters."""
    return 1.0 if fraction < 0.5 else 0.1 if fraction < 0.75 else 0.01


SCHEDULES: dict[str, Callable[[float], float]] = {
    "one_cycle": one_cycle,
    "constant": constant,
    "cosine": cosine,
    "steps": steps,
}
SCHEDULE_TITLES = {
    "one_cycle": "One cycle: up, then down",
    "constant": "Constant",
    "cosine": "Cosine: down to 0",
    "steps": "Steps: ÷ 10 at ½ and ¾",
}
