"""From a picture to a network's input, and back to something to look at. Knows pictures and tensors; not networks."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from explorer.images.digits import centre_digit
from explorer.images.picture import fit_square, to_rgb

MNIST_MEAN, MNIST_STD = (0.1307,), (0.3081,)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CPU = torch.device("cpu")
CIFAR10_MEAN, CIFAR10_STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


@dataclass(frozen=True)
class Prepared:
    """One step on the way from a picture to an input, to be shown: pixels uint8, box (top, left, bottom, right) or None."""

    title: str
    caption: str
    pixels: np.ndarray
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True)
class Arrangement:
    """A picture brought to the network's size: image uint8 (side, side) or (side, side, 3), and the steps to it."""

    image: np.ndarray
    steps: tuple[Prepared, ...]


@dataclass(frozen=True)
class Feeding:
    """How one network is fed.

    channels, side: the network's input is (1, channels, side, side).
    mean, std: per channel, for pixel values in [0, 1].
    arrange: uint8 picture (H, W) or (H, W, 3) of any size → Arrangement: everything but the normalisation.
    """

    channels: int
    side: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    arrange: Callable[[np.ndarray], Arrangement]

    def preprocess(self, pixels: np.ndarray) -> torch.Tensor:
        """uint8 (H, W) or (H, W, 3) → float32 (1, channels, side, side), normalised."""
        return self.as_input(self.arrange(pixels))

    def as_input(self, arrangement: Arrangement) -> torch.Tensor:
        """The last step: an arranged picture → float32 (1, channels, side, side), normalised."""
        planes = torch.from_numpy(np.atleast_3d(arrangement.image)).permute(2, 0, 1)
        return self.normalise(planes[None])

    def normalise(self, images: torch.Tensor) -> torch.Tensor:
        """Values 0–255 of any type (N, channels, side, side) → float32 of the same shape: (x / 255 − mean) / std."""
        return (images.float() / 255 - _column(self.mean, images.device)) / _column(self.std, images.device)

    def display(self, inputs: torch.Tensor) -> np.ndarray:
        """The inverse of `normalise` for one input (1, channels, side, side): uint8 (side, side) or (side, side, 3)."""
        pixels = (inputs.detach().cpu() * _column(self.std) + _column(self.mean)) * 255
        image = pixels[0].round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy()
        return image[:, :, 0] if self.channels == 1 else image


@functools.lru_cache(maxsize=32)  # a CUDA graph may not copy from the CPU: the numbers have to be on the device before
def _column(values: tuple[float, ...], device: torch.device = CPU) -> torch.Tensor:
    with torch.inference_mode(False):
        return torch.tensor(values, device=device).reshape(1, -1, 1, 1)


def arrange_digit(pixels: np.ndarray) -> Arrangement:
    """A drawn or photographed digit the way MNIST's were prepared, on LeNet-5's field of 32×32."""
    digit = centre_digit(pixels)
    caption = "light and dark swapped" if digit.inverted else "and its box"
    return Arrangement(
        np.pad(digit.image, 2),
        (
            Prepared("ink", caption, digit.ink, digit.box),
            Prepared("scaled", "into 20×20", digit.scaled),
            Prepared("centred", "by its mass", digit.image),
        ),
    )


def arrange_photo(pixels: np.ndarray) -> Arrangement:
    """The largest centred square of a picture, shrunk to 32×32."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    rgb = to_rgb(pixels)
    return Arrangement(
        fit_square(rgb, 32), (Prepared("picture", "and its square", rgb, (top, left, top + side, left + side)),)
    )


def arrange_imagenet(pixels: np.ndarray, shorter: int, side: int, resample: str) -> Arrangement:
    """What ImageNet's weights were tested with: the shorter side brought to `shorter`, the middle `side` × `side` cut out.

    resample: how Pillow resizes, "bilinear" as torchvision's weights expect or "bicubic": so the pixels are the same ones.
    """
    from PIL import Image

    rgb = _not_too_long(to_rgb(pixels))
    height, width = rgb.shape[:2]
    scale = shorter / min(height, width)
    size = [
        shorter if length == min(height, width) else int(shorter * length / min(height, width))
        for length in rgb.shape[:2]
    ]
    how = Image.Resampling[resample.upper()]
    resized = np.asarray(Image.fromarray(np.ascontiguousarray(rgb)).resize(size[::-1], how))
    top, left = (round((length - side) / 2) for length in size)
    box = tuple(round(edge / scale) for edge in (top, left, top + side, left + side))
    return Arrangement(
        resized[top : top + side, left : left + side].copy(), (Prepared("picture", "and its middle", rgb, box),)
    )


def _not_too_long(rgb: np.ndarray) -> np.ndarray:
    """The middle of a picture that is more than eight times as long as wide: nothing else of it would be seen."""
    height, width = rgb.shape[:2]
    longest = 8 * min(height, width)
    top, left = max(0, (height - longest) // 2), max(0, (width - longest) // 2)
    return rgb[top : top + longest, left : left + longest]


def imagenet(
    shorter: int,
    side: int,
    mean: tuple[float, ...] = IMAGENET_MEAN,
    std: tuple[float, ...] = IMAGENET_STD,
    resample: str = "bilinear",
) -> Feeding:
    """The feeding of a network that was trained on ImageNet; what is not said is as torchvision's networks want it."""
    arrange = functools.partial(arrange_imagenet, shorter=shorter, side=side, resample=resample)
    return Feeding(3, side, mean, std, arrange)


DIGITS = Feeding(1, 32, MNIST_MEAN, MNIST_STD, arrange_digit)
PHOTOS = Feeding(3, 32, CIFAR10_MEAN, CIFAR10_STD, arrange_photo)
