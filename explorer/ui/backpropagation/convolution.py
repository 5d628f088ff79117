"""One step back through a convolution of one plane, beside autograd's: what D1 and D3 are about. Knows no exhibit."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from explorer.layers.convolution import convolve
from explorer.layers.gradients import ConvolutionGradient, convolution_gradient
from explorer.layers.grids import resized
from explorer.layers.sizes import Window
from explorer.probe.autograd import AutogradGradients, convolution_gradients
from explorer.settings.fields import Numbers, Whole
from explorer.settings.written import Matrix, as_matrix, matrix

THREE = matrix("1 2 3; 4 5 6; 7 8 9")
UPSTREAM = matrix("1 2; -1 1")
KERNEL = matrix("1 2; 3 4")
Gradients = tuple[ConvolutionGradient, AutogradGradients]


@dataclass(frozen=True)
class Convolved:
    """upstream: ∂L/∂output, as large as the output."""

    input: Annotated[Matrix, Numbers("Input")]
    kernel: Annotated[Matrix, Numbers("Kernel")]
    upstream: Annotated[Matrix, Numbers("")]
    stride: Annotated[int, Whole("Stride", 1, 64)] = 1
    padding: Annotated[int, Whole("Padding", 0, 64)] = 0
    dilation: Annotated[int, Whole("Dilation", 1, 64)] = 1


def make(settings: Convolved) -> Gradients:
    """Both gradients, each value with where it comes from, and the same by automatic differentiation."""
    geometry = {"stride": settings.stride, "padding": settings.padding, "dilation": settings.dilation}
    gradient = convolution_gradient(convolve(settings.input, settings.kernel, **geometry), settings.upstream)
    walk = gradient.walk
    return gradient, convolution_gradients(walk.image, walk.kernel, walk.bias, gradient.upstream, **geometry)


def fit(settings: Convolved, before: Convolved) -> Convolved:
    """The gradient at the output gets the output's size."""
    window = Window(np.shape(settings.kernel), settings.stride, settings.padding, settings.dilation)
    return replace(settings, upstream=of_size(settings.upstream, window.output_size(*np.shape(settings.input))))


def of_size(upstream: Matrix, shape: tuple[int, int]) -> Matrix:
    """A gradient at an output of that shape; new cells are 1."""
    if shape == np.shape(upstream):
        return upstream
    return as_matrix(resized(upstream, shape, "Gradient at the output", fill=1))
