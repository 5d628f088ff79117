"""Pooling and unpooling of pictures: the PSNR by hand, and every way against torch."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers.restoring import SIZES, WAYS, psnr, restored, round_trip
from explorer.layers.unpooling import bilinear_kernel, equal_kernel

RANDOM = np.random.default_rng(3)
PICTURES = {
    "grey": RANDOM.integers(0, 256, (16, 24), np.uint8),
    "colour": RANDOM.integers(0, 256, (16, 8, 3), np.uint8),
}


def test_psnr_by_hand():
    assert psnr(np.zeros((2, 2)), np.full((2, 2), 25.5)) == pytest.approx(20)
    assert psnr(np.zeros((2, 2)), np.full((2, 2), 2.55)) == pytest.approx(40)
    assert psnr([[0, 0]], [[0, 255]]) == pytest.approx(10 * math.log10(2))
    assert psnr([[7]], [[7]]) == math.inf
    assert psnr(np.array([[255]], np.uint8), np.array([[0]], np.uint8)) == 0  # no wrapping round
    with pytest.raises(ExplorerError, match="equal sizes"):
        psnr([[1]], [[1, 2]])


def by_torch(way, pixels, size, kind):
    planes = torch.tensor(np.atleast_3d(pixels).transpose(2, 0, 1).copy(), dtype=torch.float64)[None]
    if kind == "max":
        down, at = F.max_pool2d(planes, size, return_indices=True)
    else:
        down, at = F.avg_pool2d(planes, size), None

    def transposed(kernel, crop, extra):
        kernels = torch.tensor(kernel.copy()).expand(planes.shape[1], 1, *kernel.shape)
        return F.conv_transpose2d(down, kernels, None, size, crop, extra, groups=planes.shape[1])

    return (
        {
            "nearest": lambda: F.interpolate(down, scale_factor=size),
            "bilinear": lambda: F.interpolate(down, scale_factor=size, mode="bilinear"),
            "switches": lambda: F.max_unpool2d(down, at, size),
            "tent": lambda: transposed(bilinear_kernel(size), size // 2, 0),
            "equal": lambda: transposed(equal_kernel(size), size // 2, 1),
            "subpixel": lambda: F.pixel_shuffle(F.pixel_unshuffle(planes, size), size),
        }[way]()[0]
        .permute(1, 2, 0)
        .reshape(pixels.shape)
        .numpy()
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize("name", PICTURES)
def test_every_way_equals_torch(name, kind, size):
    pixels = PICTURES[name]
    trip = round_trip(pixels, size, kind)
    assert set(trip.ways) == {key for key in WAYS if kind == "max" or key != "switches"}
    assert trip.pooled.shape[:2] == (16 // size, pixels.shape[1] // size)
    for key, found in trip.ways.items():
        expected = by_torch(key, pixels, size, kind)
        np.testing.assert_allclose(found.pixels, expected, atol=1e-9)
        assert found.psnr == pytest.approx(psnr(pixels, expected), abs=1e-6) or found.psnr == math.inf
        np.testing.assert_allclose(found.difference, np.atleast_3d(expected - pixels).mean(axis=2), atol=1e-9)
        assert found.numbers == (pixels.size if key == "subpixel" else pixels.size / size**2)
    assert trip.ways["subpixel"].psnr == math.inf


def test_with_switches_every_maximum_is_back_in_its_place():
    pixels = PICTURES["grey"]
    back = round_trip(pixels, 4).ways["switches"].pixels
    blocks = pixels.reshape(4, 4, 6, 4).max(axis=(1, 3))
    np.testing.assert_array_equal(back.reshape(4, 4, 6, 4).max(axis=(1, 3)), blocks)
    assert set(back[back > 0]) <= set(pixels[back > 0])
    assert (back > 0).sum() <= blocks.size


def test_ways_can_be_chosen_and_a_record_compares():
    assert list(round_trip(PICTURES["grey"], 2, ways=("tent", "nearest")).ways) == ["nearest", "tent"]
    found = restored("t", np.zeros((1, 1, 3)), np.array([[[3.0, 6, 0]]]), 1)
    assert found.difference.tolist() == [[3]]


@pytest.mark.parametrize(
    ("size", "kind", "words"),
    [(3, "max", "multiples of 3"), (0, "max", "multiples of 0"), (2, "least", "choose one of")],
)
def test_impossible_settings(size, kind, words):
    with pytest.raises(ExplorerError, match=words):
        round_trip(PICTURES["grey"], size, kind)
