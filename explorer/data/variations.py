"""One picture in many random versions, as a run would meet it epoch after epoch. Knows pictures; not networks."""

import numpy as np
import torch

from explorer.data.augment import compose
from explorer.images.picture import check_pixels
from explorer.layers.checks import frozen, whole_number

MOST_VERSIONS = 200


def variations(pixels: np.ndarray, augmentation: str, count: int, seed: int) -> np.ndarray:
    """`count` versions of one picture, uint8 (H, W) or (H, W, 3) → uint8 (count, H, W) or (count, H, W, 3).

    augmentation: as `compose` reads it. The same seed and count give the same versions. Raises ExplorerError for an
    unknown augmentation, a count beyond 1–200 or a seed out of range.
    """
    check_pixels(pixels)
    step = compose(augmentation)
    count = whole_number(count, "Number of versions", 1, MOST_VERSIONS)
    generator = torch.Generator().manual_seed(whole_number(seed, "Seed", 0, 2**31 - 1))
    planes = torch.from_numpy(np.atleast_3d(pixels).astype(np.float32)).permute(2, 0, 1)
    with torch.inference_mode():
        batch = step(planes.expand(count, -1, -1, -1).contiguous(), generator)
    versions = batch.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy()
    return frozen(versions.reshape(count, *pixels.shape))
