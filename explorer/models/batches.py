"""A data set's pictures as a network's input. Knows tensors and how a network is fed; not data sets, not networks."""

import torch

from explorer.images.picture import to_grey, to_rgb
from explorer.models.feeding import Feeding


def feed(images: torch.Tensor, feeding: Feeding, *, arranged: bool = False) -> torch.Tensor:
    """uint8 (N, C, h, w) → float32 (N, channels, side, side), each picture fed as a user's own would be.

    arranged: the pictures have the network's size and form already; only their channels and values are brought to it.
    Raises ExplorerError for a picture that cannot be an input (an empty one).
    """
    pictures = (image.permute(1, 2, 0).numpy() for image in images)
    plain = [picture[:, :, 0] if picture.shape[2] == 1 else picture for picture in pictures]
    if not arranged:
        return torch.cat([feeding.preprocess(picture) for picture in plain])
    convert = to_grey if feeding.channels == 1 else to_rgb
    pixels = torch.stack([torch.from_numpy(convert(picture).copy()) for picture in plain])
    return feeding.normalise(pixels[:, None] if feeding.channels == 1 else pixels.permute(0, 3, 1, 2))
