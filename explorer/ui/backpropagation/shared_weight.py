"""D1: the gradient of a weight that is used at every position. Knows numbers and words."""

from dataclasses import dataclass, replace
from typing import Annotated

import streamlit as st

from explorer.figures.boards import Grid, gradient_board
from explorer.layers.backward import SharedWeight, shared_weight
from explorer.layers.gradients import sgd_step
from explorer.predictions import Number
from explorer.settings.fields import Real, Whole
from explorer.ui.backpropagation.convolution import KERNEL, THREE, UPSTREAM, Convolved, Gradients, fit, make
from explorer.ui.exhibit import Exhibit
from explorer.ui.shows import steps
from explorer.ui.stand import Stand
from explorer.words import counted

MOST_LISTED = 9  # copies of a weight that are written out


@dataclass(frozen=True)
class Shared(Convolved):
    """rate: γ."""

    weight: Annotated[int, Whole("Weight, counted from 1", 1, 4096)] = 4
    rate: Annotated[float, Real("Learning rate γ")] = 0.1


def _make(settings: Shared) -> tuple[Gradients, SharedWeight]:
    gradients = make(settings)
    return gradients, shared_weight(gradients[0], settings.weight, settings.rate)


def _show(made: tuple[Gradients, SharedWeight], stand: Stand[Shared]) -> None:
    (gradient, oracle), weight = made
    scene = gradient_board(gradient, oracle.kernel[0, 0])
    updated = sgd_step(gradient.walk.kernel, gradient.kernel, weight.rate)[0]
    grids = {
        "kernel": Grid("Kernel w", gradient.walk.kernel[0], editable=True),
        "updated": Grid("Kernel after one step", updated, late=True),
    }
    steps(stand, replace(scene, grids={**scene.grids, **grids}, extra=("kernel", "− γ · ∂L/∂w =", "updated")))
    st.markdown(weight.update[0])
    with st.expander(
        f"Reveal the {counted(len(weight.copies), 'term')} of {weight.name}, and its new value", key=stand.key("terms")
    ):
        more = f" … and {len(weight.copies) - MOST_LISTED} more" if len(weight.copies) > MOST_LISTED else ""
        st.markdown(" ;  ".join(weight.copies[:MOST_LISTED]) + more)
        st.markdown(f"{weight.name} ← {weight.update[1]}")


EXHIBITS = (
    Exhibit(
        "D1",
        "A shared weight",
        "The last weight, w4, lies on 5, 6, 8 and 9 in turn; ∂L/∂output is 1, 2, −1, 1 there. What is ∂L/∂w4?",
        "1·5 + 2·6 − 1·8 + 1·9 = 18: as if each position had its own copy of w4 (a, b, c, d), and the copies' gradients were "
        "added. With γ = 0.1 the weight goes from 4 to 4 − 0.1·18 = 2.2. Every weight of the kernel fills up in the same way.",
        Shared(THREE, KERNEL, UPSTREAM),
        _make,
        _show,
        fit=fit,
        predicted=Number("∂L/∂w4", lambda made: made[1].gradient),
    ),
)
