"""What the tests of this room share: torch as oracle in float64, and random layers for hypothesis."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import settings
from hypothesis import strategies as st

quick = settings(max_examples=40, deadline=None, derandomize=True)

TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


@dataclass(frozen=True)
class Layer:
    """One random convolution and its input."""

    image: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    stride: tuple[int, int]
    padding: tuple[int, int]
    padding_mode: str
    dilation: tuple[int, int]
    groups: int

    @property
    def settings(self):
        """Keyword arguments of `convolve` beside image and kernel."""
        names = ("bias", "stride", "padding", "padding_mode", "dilation", "groups")
        return {name: getattr(self, name) for name in names}


def pairs(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def layers(draw, modes=tuple(TORCH_MODES)):
    """Random layers whose settings fit together: any mode, stride, dilation, groups; sides up to about ten."""
    groups = draw(st.integers(1, 3))
    depth, per_group = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kernel, stride, dilation = draw(pairs(1, 3)), draw(pairs(1, 3)), draw(pairs(1, 2))
    padding, extra = draw(pairs(0, 2)), draw(pairs(0, 4))
    sides = [
        # Large enough for the kernel, and for reflection, which needs padding + 1 cells.
        max(d * (k - 1) + 1 - 2 * p, p + 1) + more
        for k, d, p, more in zip(kernel, dilation, padding, extra, strict=True)
    ]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return Layer(
        image=rng.standard_normal((groups * depth, *sides)),
        kernel=rng.standard_normal((groups * per_group, depth, *kernel)),
        bias=rng.standard_normal(groups * per_group),
        stride=stride,
        padding=padding,
        padding_mode=draw(st.sampled_from(modes)),
        dilation=dilation,
        groups=groups,
    )


@st.composite
def images(draw, channels=3, low=1, high=9, whole=False):
    """Random (C, H, W); whole numbers −3 … 3 where ties should be frequent."""
    shape = (draw(st.integers(1, channels)), draw(st.integers(low, high)), draw(st.integers(low, high)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng.integers(-3, 4, shape).astype(np.float64) if whole else rng.standard_normal(shape)


def tensor(array, grad=False):
    return torch.tensor(np.array(array), dtype=torch.float64, requires_grad=grad)


def torch_pad(image, padding, mode):
    """image: (1, C, H, W) tensor. padding: (down, across)."""
    down, across = padding
    return F.pad(image, (across, across, down, down), mode=TORCH_MODES[mode])


def torch_convolve(image, kernel, bias, stride, padding, padding_mode, dilation, groups):
    """image: (C, H, W), kernel: (Cout, C/groups, kh, kw) tensors → (Cout, rows, cols) tensor."""
    padded = torch_pad(image[None], padding, padding_mode)
    return F.conv2d(padded, kernel, bias, stride=stride, dilation=dilation, groups=groups)[0]
