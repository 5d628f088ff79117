"""A data set's pictures become a network's input exactly as one picture of a user's would."""

import numpy as np
import pytest
import torch

from explorer.models.batches import feed
from explorer.models.feeding import DIGITS, PHOTOS, imagenet

GREY = torch.zeros(3, 1, 32, 32, dtype=torch.uint8)
GREY[:, 0, 8:20, 10:14] = 200
COLOUR = torch.randint(0, 256, (3, 3, 32, 32), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)


@pytest.mark.parametrize("feeding", [DIGITS, PHOTOS, imagenet(64, 48)], ids=["digits", "photos", "imagenet"])
@pytest.mark.parametrize("images", [GREY, COLOUR], ids=["grey", "colour"])
def test_each_picture_is_fed_by_itself(feeding, images):
    found = feed(images, feeding)
    assert found.shape == (3, feeding.channels, feeding.side, feeding.side)
    for picture, row in zip(images, found, strict=True):
        pixels = picture.permute(1, 2, 0).numpy()
        assert torch.equal(row[None], feeding.preprocess(pixels[:, :, 0] if len(picture) == 1 else pixels))


def test_arranged_pictures_are_only_normalised():
    assert torch.equal(feed(GREY, DIGITS, arranged=True), DIGITS.normalise(GREY))
    assert torch.equal(feed(COLOUR, PHOTOS, arranged=True), PHOTOS.normalise(COLOUR))
    assert torch.equal(feed(GREY, PHOTOS, arranged=True), PHOTOS.normalise(GREY.expand(-1, 3, -1, -1)))
    grey = feed(COLOUR, DIGITS, arranged=True)
    expected = (COLOUR.float() * torch.tensor([0.299, 0.587, 0.114]).reshape(1, 3, 1, 1)).sum(1, keepdim=True)
    np.testing.assert_allclose(grey, DIGITS.normalise(expected), atol=0.02)  # rounded to whole greys
