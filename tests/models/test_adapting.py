"""Pictures brought to a network of another size or number of channels."""

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.models.adapting import GREY, fit, fitted
from explorer.models.feeding import DIGITS, PHOTOS
from explorer.models.registry import MODELS


def test_what_fits_stays_as_it_is():
    images = torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8)
    assert torch.equal(fitted(PHOTOS).normalise(images), PHOTOS.normalise(images))
    assert torch.equal(fitted(DIGITS).normalise(images[:, :1]), DIGITS.normalise(images[:, :1]))


def test_grey_is_repeated_and_colours_become_grey():
    grey = torch.randint(0, 256, (2, 1, 32, 32), dtype=torch.uint8)
    assert torch.equal(fit(grey, 3, 32), grey.float().repeat(1, 3, 1, 1))
    assert sum(GREY) == pytest.approx(1)
    colours = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    wanted = np.asarray(Image.fromarray(colours).convert("L"), np.float32)
    found = fit(torch.from_numpy(colours).permute(2, 0, 1)[None], 1, 32)
    assert np.abs(found[0, 0].numpy() - wanted).max() <= 1  # Pillow rounds


@pytest.mark.parametrize("name", [name for name, spec in MODELS.items() if spec.adapt])
def test_small_pictures_are_enlarged_for_large_networks(name):
    feeding = MODELS[name].feeding
    images = torch.zeros(2, 1, 32, 32, dtype=torch.uint8)
    images[:, :, :, 16:] = 200
    fed = fitted(feeding).normalise(images)
    assert fed.shape == (2, 3, feeding.side, feeding.side)
    shown = feeding.display(fed[:1])
    assert shown[0, 0].tolist() == [0, 0, 0]
    assert shown[-1, -1].tolist() == [200, 200, 200]
    assert (np.diff(shown[5, :, 0].astype(int)) >= 0).all()  # bilinear: no overshoot


def test_large_pictures_are_averaged_not_skipped():
    images = torch.zeros(1, 1, 64, 64)
    images[..., ::2] = 255
    assert fit(images, 1, 32).sub(127.5).abs()[..., 2:-2].max() < 40
