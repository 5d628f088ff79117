"""Random variations of a whole batch at once, as tensor arithmetic on the batch's own device. Knows pictures, not networks.

Every function: float32 (N, C, H, W) with values 0–255, a generator on the same device → new tensor of the same shape, each
picture varied by random numbers of its own. No loop over pictures, no size that depends on a value and no wait for the
device: a CUDA graph can hold them.
"""

import math
from collections.abc import Callable

import torch
from torch.nn import functional as F

from explorer.errors import ExplorerError
from explorer.settings.fields import SomeOf

Augmentation = Callable[[torch.Tensor, torch.Generator], torch.Tensor]
MOST_STEPS = 8  # of one composition
LUMA = (0.299, 0.587, 0.114)  # how bright red, green and blue look: ITU-R BT.601


def compose(text: str) -> Augmentation:
    """The augmentation that a text such as "none", "strokes" or "flip+shift+rotate" names, applied from left to right.

    Raises ExplorerError for a name that is not known, a name said twice and an empty text.

    >>> compose("flip + shift")(torch.zeros(2, 1, 32, 32), torch.Generator()).shape
    torch.Size([2, 1, 32, 32])
    """
    names = [name.strip() for name in text.split("+", MOST_STEPS)]
    for name in names:
        if name not in AUGMENTATIONS:
            known = ", ".join(AUGMENTATIONS)
            raise ExplorerError(f"There is no augmentation called “{name[:40]}”: choose of {known}, joined with +.")
        if names.count(name) > 1:
            raise ExplorerError(f"The augmentation “{name}” stands twice in “{text[:80]}”: name it once.")
    steps = [AUGMENTATIONS[name] for name in names]
    if len(steps) == 1:
        return steps[0]

    def composed(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        for step in steps:
            batch = step(batch, generator)
        return batch

    return composed


def none(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """The batch as it is."""
    return batch


def flip(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Left and right exchanged in half of the pictures."""
    flipped = _uniform(batch, generator, 0, 1) < 0.5
    return torch.where(_column(flipped), batch.flip(-1), batch)


def shift(batch: torch.Tensor, generator: torch.Generator, *, margin: int = 4) -> torch.Tensor:
    """Moved by −margin to +margin whole pixels down and across; what comes in mirrors the border."""
    count, channels, height, width = batch.shape
    padded = F.pad(batch, (margin,) * 4, mode="reflect")

    def start() -> torch.Tensor:
        return torch.randint(2 * margin + 1, (count, 1), device=batch.device, generator=generator)

    rows = start() + torch.arange(height, device=batch.device)
    columns = start() + torch.arange(width, device=batch.device)
    pictures = torch.arange(count, device=batch.device).reshape(-1, 1, 1, 1)
    planes = torch.arange(channels, device=batch.device).reshape(1, -1, 1, 1)
    return padded[pictures, planes, rows[:, None, :, None], columns[:, None, None, :]]


def rotate(batch: torch.Tensor, generator: torch.Generator, *, degrees: float = 15) -> torch.Tensor:
    """Turned about the middle by −degrees to +degrees; what comes in at the corners mirrors the border."""
    angle = _uniform(batch, generator, -math.radians(degrees), math.radians(degrees))
    sine, cosine, still = angle.sin(), angle.cos(), torch.zeros_like(angle)
    return _moved(batch, [cosine, -sine, still], [sine, cosine, still], "reflection")


def scale(batch: torch.Tensor, generator: torch.Generator, *, low: float = 0.8, high: float = 1.2) -> torch.Tensor:
    """Enlarged by low to high about the middle; round a smaller picture its border is mirrored."""
    back = 1 / _uniform(batch, generator, low, high)
    still = torch.zeros_like(back)
    return _moved(batch, [back, still, still], [still, back, still], "reflection")


def light(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Contrast 0.8–1.2 about middle grey and −25 to +25 of light, cut to 0–255: the same for all of a picture."""
    contrast = _column(_uniform(batch, generator, 0.8, 1.2))
    more = _column(_uniform(batch, generator, -25, 25))
    return ((batch - 128) * contrast + 128 + more).clamp(0, 255)


def colour(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """The strength of the colours 0.5–1.5 (three channels only), then `light`."""
    strength = _column(_uniform(batch, generator, 0.5, 1.5))
    if batch.shape[1] == len(LUMA):  # known before any value is: a grey picture has no colours to vary
        grey = sum(share * batch[:, i : i + 1] for i, share in enumerate(LUMA))
        batch = grey + strength * (batch - grey)
    return light(batch, generator)


def crops(batch: torch.Tensor, generator: torch.Generator, *, margin: int = 4) -> torch.Tensor:
    """`shift` by up to `margin` pixels, `flip`, `light`: what is usual for small photographs."""
    return light(flip(shift(batch, generator, margin=margin), generator), generator)


def strokes(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """What differs between a mouse's digits and MNIST's: rotation, scale, shear, position, thickness of the stroke.

    Rotation ±15°, scale 0.8–1.15 (each axis ±8 % more), shear ±0.25, shift ±2 pixels; then, for two pictures in three, the
    stroke is mixed with its 3×3 dilation or erosion.
    """
    angle = torch.deg2rad(_uniform(batch, generator, -15, 15))
    size = _uniform(batch, generator, 0.8, 1.15)
    across, down = size * _uniform(batch, generator, 0.92, 1.08), size * _uniform(batch, generator, 0.92, 1.08)
    shear = _uniform(batch, generator, -0.25, 0.25)
    reach = 2 * 2 / batch.shape[-1]  # two pixels, in affine_grid's units of half the picture
    moved = _moved(
        batch,
        [angle.cos() / across, shear - angle.sin(), _uniform(batch, generator, -reach, reach)],
        [angle.sin(), angle.cos() / down, _uniform(batch, generator, -reach, reach)],
        "zeros",
    )
    thicker = F.max_pool2d(moved, kernel_size=3, stride=1, padding=1)
    thinner = -F.max_pool2d(-moved, kernel_size=3, stride=1, padding=1)
    choice = _uniform(batch, generator, -1.5, 1.5).clamp(-1, 1) * 0.7
    amount = _column(choice * (choice.abs() >= 0.35))
    return moved + amount.clamp(min=0) * (thicker - moved) + (-amount).clamp(min=0) * (thinner - moved)


def _uniform(batch: torch.Tensor, generator: torch.Generator, low: float, high: float) -> torch.Tensor:
    """One random number a picture: float32 (N,) in [low, high)."""
    return low + (high - low) * torch.rand(len(batch), device=batch.device, generator=generator)


def _column(values: torch.Tensor) -> torch.Tensor:
    """(N,) → (N, 1, 1, 1): one number for all of a picture."""
    return values.reshape(-1, 1, 1, 1)


def _moved(batch: torch.Tensor, across: list[torch.Tensor], down: list[torch.Tensor], border: str) -> torch.Tensor:
    """Every picture through an affine map of its own, bilinear.

    across, down: the map's two rows, three (N,) each, that say where in the old picture a new pixel is taken from:
    x_old = across · (x, y, 1), y_old = down · (x, y, 1), with −1 to 1 from border to border.
    """
    rows = torch.stack([torch.stack(across, dim=1), torch.stack(down, dim=1)], dim=1)
    grid = F.affine_grid(rows, list(batch.shape), align_corners=False)
    return F.grid_sample(batch, grid, mode="bilinear", padding_mode=border, align_corners=False)


AUGMENTATIONS: dict[str, Augmentation] = {
    "none": none,
    "flip": flip,
    "shift": shift,
    "rotate": rotate,
    "scale": scale,
    "colour": colour,
    "crops": crops,
    "strokes": strokes,
}


class Varied(SomeOf):
    """A setting: augmentations in their order, as `compose` reads them."""

    def read(self, text: str) -> str:
        self.check(text)
        return text

    def check(self, value: str) -> None:
        compose(value)


def varied(label: str, **how: object) -> Varied:
    """The kind of setting that asks for them. how: its help and width."""
    return Varied(label, AUGMENTATIONS, MOST_STEPS, joined="+", none="none", **how)
