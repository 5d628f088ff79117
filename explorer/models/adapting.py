"""Pictures of one kind for a network of another: size and channels brought to what it takes. Knows tensors; not data sets."""

import dataclasses
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from explorer.models.feeding import Feeding

GREY = (0.299, 0.587, 0.114)  # of red, green and blue: ITU-R BT.601, as Pillow's "L"


@dataclass(frozen=True)
class FittedFeeding(Feeding):
    """A feeding that takes pictures of any size and of one or three channels."""

    def normalise(self, images: torch.Tensor) -> torch.Tensor:
        """Values 0–255 (N, 1 or 3, H, W) → float32 (N, channels, side, side), normalised, on the device of the argument."""
        return super().normalise(fit(images, self.channels, self.side))


def fit(images: torch.Tensor, channels: int, side: int) -> torch.Tensor:
    """(N, 1 or 3, H, W) of any type → float32 (N, channels, side, side): bilinear; grey is repeated, colours become grey."""
    images = images.float()
    if images.shape[1] == 3 and channels == 1:  # one after another: a tensor of factors would have to be on the device
        images = sum(part * images[:, place : place + 1] for place, part in enumerate(GREY))
    if images.shape[-2:] != (side, side):
        smaller = images.shape[-1] > side
        images = F.interpolate(images, (side, side), mode="bilinear", align_corners=False, antialias=smaller)
    return images.expand(-1, channels, -1, -1)


def fitted(feeding: Feeding) -> FittedFeeding:
    """The same feeding, for pictures of any size and channels."""
    return FittedFeeding(**{field.name: getattr(feeding, field.name) for field in dataclasses.fields(feeding)})
