"""C5: a signal and an averaging kernel. Knows numbers and words."""

import numpy as np

from explorer.figures.series import series_figure
from explorer.layers.convolution import Walkthrough
from explorer.settings.written import Matrix, as_matrix
from explorer.ui.convolution.kernel import OneKernel, exhibit, show_with
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand


def _noisy_signal() -> Matrix:
    """A slow wave with noise, 28 samples, always the same."""
    at = np.arange(28)
    noise = np.random.default_rng(5).normal(0, 0.35, at.size)
    return as_matrix(np.round(np.sin(at / 4)[None] + noise, 2))


def _show_signal(walk: Walkthrough, stand: Stand) -> None:
    curves = {
        "signal": (np.arange(walk.image.shape[2]), walk.image[0, 0]),
        "after the kernel": (walk.col_centres, walk.output[0, 0]),
    }
    chart(stand, series_figure(curves, dark=is_dark()), height=220)


EXHIBITS = (
    exhibit(
        "C5",
        "One dimension",
        "The kernel is five times one fifth. What does sliding it along a noisy signal do?",
        "It replaces every sample by the mean of five: the noise shrinks, the slow wave stays. Try a kernel of 1 and −1.",
        OneKernel(_noisy_signal(), as_matrix(np.full((1, 5), 0.2))),
        show=show_with(_show_signal),
    ),
)
