"""Gradients by PyTorch's automatic differentiation, to hold our own beside. Knows torch; nothing of our layers."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F


@dataclass(frozen=True, eq=False)
class AutogradGradients:
    """What autograd says of one convolution, float64: kernel (Cout, Cin, kh, kw), bias (Cout,), image (Cin, H, W)."""

    kernel: np.ndarray
    bias: np.ndarray
    image: np.ndarray


def convolution_gradients(
    image: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray,
    upstream: np.ndarray,
    stride: tuple[int, int] | int = 1,
    padding: tuple[int, int] | int = 0,
    dilation: tuple[int, int] | int = 1,
) -> AutogradGradients:
    """Differentiate L = Σ upstream · conv2d(image, kernel, bias) with zero padding.

    image (Cin, H, W), kernel (Cout, Cin, kh, kw), bias (Cout,), upstream (Cout, rows, cols): ∂L/∂output.
    """
    x, weight, offset = (
        torch.tensor(np.array(part), dtype=torch.float64, requires_grad=True) for part in (image, kernel, bias)
    )
    with torch.enable_grad():
        output = F.conv2d(x[None], weight, offset, stride, padding, dilation)
        loss = (output[0] * torch.tensor(np.array(upstream), dtype=torch.float64)).sum()
        by_image, by_weight, by_offset = torch.autograd.grad(loss, (x, weight, offset))
    return AutogradGradients(by_weight.numpy(), by_offset.numpy(), by_image.numpy())
