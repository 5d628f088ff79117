"""Random variations of a whole batch at once, as tensor arithmetic on the batch's own device. Knows pictures, not networks.

Every function: float32 (N, C, H, W) with values 0–255, a generator on the same device → new tensor of the same shape.
"""

from collections.abc import Callable

import torch
from torch.nn import functional as F

Augmentation = Callable[[torch.Tensor, torch.Generator], torch.Tensor]


def _uniform(batch: torch.Tensor, generator: torch.Generator, low: float, high: float) -> torch.Tensor:
    """One random number a picture: float32 (N,) in [low, high)."""
    return low + (high - low) * torch.rand(len(batch), device=batch.device, generator=generator)


def none(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """The batch as it is."""
    return batch


def strokes(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """What differs between a mouse's digits and MNIST's: rotation, scale, shear, position, thickness of the stroke.

    Rotation ±15°, scale 0.8–1.15 (each axis ±8 % more), shear ±0.25, shift ±2 pixels; then, for two pictures in three, the
    stroke is mixed with its 3×3 dilation or erosion.
    """
    angle = torch.deg2rad(_uniform(batch, generator, -15, 15))
    scale = _uniform(batch, generator, 0.8, 1.15)
    across, down = scale * _uniform(batch, generator, 0.92, 1.08), scale * _uniform(batch, generator, 0.92, 1.08)
    shear = _uniform(batch, generator, -0.25, 0.25)
    shift = 2 * 2 / batch.shape[-1]  # two pixels, in affine_grid's units of half the picture
    # affine_grid wants the way back: from where in the old picture each new pixel is taken
    rows = [
        torch.stack([angle.cos() / across, shear - angle.sin(), _uniform(batch, generator, -shift, shift)], dim=1),
        torch.stack([angle.sin(), angle.cos() / down, _uniform(batch, generator, -shift, shift)], dim=1),
    ]
    grid = F.affine_grid(torch.stack(rows, dim=1), list(batch.shape), align_corners=False)
    moved = F.grid_sample(batch, grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    thicker = F.max_pool2d(moved, kernel_size=3, stride=1, padding=1)
    thinner = -F.max_pool2d(-moved, kernel_size=3, stride=1, padding=1)
    choice = _uniform(batch, generator, -1.5, 1.5).clamp(-1, 1) * 0.7
    amount = torch.where(choice.abs() < 0.35, 0.0, choice).reshape(-1, 1, 1, 1)
    return moved + amount.clamp(min=0) * (thicker - moved) + (-amount).clamp(min=0) * (thinner - moved)


def crops(batch: torch.Tensor, generator: torch.Generator, *, margin: int = 4) -> torch.Tensor:
    """Shift by up to `margin` pixels over a mirrored border, flip left–right half of the time, vary light and contrast."""
    count, channels, height, width = batch.shape
    padded = F.pad(batch, (margin,) * 4, mode="reflect")

    def start() -> torch.Tensor:
        return torch.randint(2 * margin + 1, (count, 1), device=batch.device, generator=generator)

    rows = start() + torch.arange(height, device=batch.device)
    columns = start() + torch.arange(width, device=batch.device)
    flipped = _uniform(batch, generator, 0, 1)[:, None] < 0.5
    columns = torch.where(flipped, columns.flip(1), columns)
    pictures = torch.arange(count, device=batch.device).reshape(-1, 1, 1, 1)
    planes = torch.arange(channels, device=batch.device).reshape(1, -1, 1, 1)
    cropped = padded[pictures, planes, rows[:, None, :, None], columns[:, None, None, :]]

    contrast = _uniform(batch, generator, 0.8, 1.2).reshape(-1, 1, 1, 1)
    light = _uniform(batch, generator, -25, 25).reshape(-1, 1, 1, 1)
    return ((cropped - 128) * contrast + 128 + light).clamp(0, 255)


AUGMENTATIONS: dict[str, Augmentation] = {"none": none, "strokes": strokes, "crops": crops}
