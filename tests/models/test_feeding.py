"""From a picture to each network's input and back to something to look at."""

import warnings

import numpy as np
import pytest
import torch

from explorer.errors import ExplorerError
from explorer.models.feeding import CIFAR10_MEAN, CIFAR10_STD, DIGITS, MNIST_MEAN, MNIST_STD, PHOTOS
from explorer.models.registry import MODELS

random = np.random.default_rng(0)


def stroke(height=40, width=60):
    """A white bar on black."""
    pixels = np.zeros((height, width), np.uint8)
    pixels[height // 4 : 3 * height // 4, width // 3 : width // 2] = 255
    return pixels


PICTURES = {
    "grey": stroke(),
    "rgb": np.repeat(stroke()[:, :, None], 3, axis=2),
    "dark on light": 255 - stroke(),
    "wide": stroke(8, 300),
    "high": stroke(300, 8),
    "exact": stroke(32, 32),
    "tiny": np.array([[0, 0, 0], [0, 255, 0], [0, 0, 0]], np.uint8),
}


@pytest.fixture(params=list(MODELS))
def feeding(request):
    return MODELS[request.param].feeding


@pytest.mark.parametrize("name", list(PICTURES))
def test_any_picture_becomes_an_input(feeding, name):
    pixels = PICTURES[name].copy()
    pixels.setflags(write=False)  # as a Picture's are
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        inputs = feeding.preprocess(pixels)
    assert inputs.dtype == torch.float32
    assert inputs.shape == (1, feeding.channels, feeding.side, feeding.side)
    assert inputs.isfinite().all()
    low = [(0 - mean) / std for mean, std in zip(feeding.mean, feeding.std, strict=True)]
    high = [(1 - mean) / std for mean, std in zip(feeding.mean, feeding.std, strict=True)]
    for channel in range(feeding.channels):
        assert inputs[0, channel].min() >= low[channel] - 1e-6
        assert inputs[0, channel].max() <= high[channel] + 1e-6


@pytest.mark.parametrize("name", list(PICTURES))
def test_display_gives_the_arranged_picture_back(feeding, name):
    arranged = feeding.arrange(PICTURES[name]).image
    shown = feeding.display(feeding.preprocess(PICTURES[name]))
    assert shown.dtype == np.uint8
    assert np.array_equal(shown, arranged)


def test_display_inverts_every_level(feeding):
    planes = (
        torch.arange(256, dtype=torch.uint8)
        .repeat(feeding.side**2 // 256 + 1)[: feeding.side**2]
        .reshape(feeding.side, feeding.side)
    )
    images = planes.expand(1, feeding.channels, -1, -1)
    shown = feeding.display(feeding.normalise(images))
    expected = planes.numpy() if feeding.channels == 1 else np.repeat(planes.numpy()[:, :, None], 3, axis=2)
    assert np.array_equal(shown, expected)


def test_display_clips_what_no_picture_has(feeding):
    inputs = torch.full((1, feeding.channels, feeding.side, feeding.side), 50.0)
    assert feeding.display(inputs).min() == 255
    assert feeding.display(-inputs).max() == 0


def test_normalise_by_hand():
    # (51 / 255 − 0.1307) / 0.3081 = 0.2249…; (51 / 255 − 0.4914) / 0.2470 = −1.1798
    assert DIGITS.normalise(torch.full((1, 1, 1, 1), 51)).item() == pytest.approx(0.22493, abs=1e-5)
    assert PHOTOS.normalise(torch.full((2, 3, 1, 1), 51))[1, 0].item() == pytest.approx(-1.17976, abs=1e-5)
    assert (MNIST_MEAN, MNIST_STD) == ((0.1307,), (0.3081,))
    assert PHOTOS.normalise(torch.zeros(1, 3, 1, 1)).ravel().tolist() == pytest.approx(
        [-m / s for m, s in zip(CIFAR10_MEAN, CIFAR10_STD, strict=True)]
    )


def test_normalise_takes_uint8_and_float_alike(feeding):
    images = torch.from_numpy(random.integers(0, 256, (3, feeding.channels, 5, 5), dtype=np.uint8))
    assert torch.equal(feeding.normalise(images), feeding.normalise(images.float()))


def test_digit_lies_in_the_middle_20_of_32():
    for pixels in (stroke(), stroke(300, 8)):
        image = DIGITS.arrange(pixels).image
        assert image.shape == (32, 32)
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        assert np.average(rows, weights=image[rows, columns]) == pytest.approx(
            16, abs=0.5
        )  # MNIST's 14, and 2 of border


def test_digit_steps_lead_to_the_input():
    arrangement = DIGITS.arrange(255 - stroke())
    assert [step.title for step in arrangement.steps] == ["ink", "scaled", "centred"]
    assert "swapped" in arrangement.steps[0].caption
    assert arrangement.steps[0].box == (10, 20, 30, 30)
    assert np.array_equal(arrangement.steps[-1].pixels, arrangement.image[2:-2, 2:-2])


def test_empty_drawing_is_refused():
    with pytest.raises(ExplorerError, match="nothing drawn"):
        DIGITS.preprocess(np.zeros((112, 112), np.uint8))


def test_photo_is_its_middle_square():
    pixels = np.zeros((64, 128, 3), np.uint8)
    pixels[:, 32:96] = (10, 200, 30)
    arrangement = PHOTOS.arrange(pixels)
    assert arrangement.image.reshape(-1, 3).tolist() == [[10, 200, 30]] * 1024
    assert arrangement.steps[0].box == (0, 32, 64, 96)
    assert np.array_equal(arrangement.steps[0].pixels, pixels)


def test_a_photo_of_the_right_size_stays_as_it_is():
    pixels = random.integers(0, 256, (32, 32, 3), dtype=np.uint8)
    assert np.array_equal(PHOTOS.arrange(pixels).image, pixels)


def test_one_pixel_is_a_photo():
    inputs = PHOTOS.preprocess(np.full((1, 1), 51, np.uint8))
    assert inputs.shape == (1, 3, 32, 32)
    assert np.unique(PHOTOS.display(inputs)).tolist() == [51]
