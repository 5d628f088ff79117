"""Centring a digit as MNIST did: by hand, by invariance, and on MNIST itself where it is at hand."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_digits

from explorer.errors import ExplorerError
from explorer.images.digits import centre_digit, centre_of_mass


def a_seven(side: int = 100, scale: float = 1.0, shift: tuple[int, int] = (0, 0), thickness: int = 8) -> np.ndarray:
    """A 7 of two straight strokes, white on black, uint8 (side, side). shift: rows, columns."""
    canvas = np.zeros((side, side), dtype=np.uint8)
    corners = np.array([[30, 25], [70, 25], [45, 80]]) * scale + np.array(shift[::-1])
    cv2.polylines(canvas, [corners.astype(np.int32)], False, 255, round(thickness * scale), cv2.LINE_AA)
    return canvas


def mean_difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def test_a_rectangle_by_hand():
    # 40 rows × 20 columns shrink by 2 to 20 × 10. The centre of mass of that is (9.5, 4.5); to bring it to
    # (14, 14) it would move by (4.5, 9.5), and a half goes up and left: (4, 9).
    canvas = np.zeros((100, 100), dtype=np.uint8)
    canvas[10:50, 60:80] = 200
    result = centre_digit(canvas)
    assert not result.inverted
    assert result.box == (10, 60, 50, 80)
    assert result.ink.max() == 255
    assert result.scaled.shape == (20, 10)
    assert result.offset == (4, 9)
    expected = np.zeros((28, 28), dtype=np.uint8)
    expected[4:24, 9:19] = 255
    assert np.array_equal(result.image, expected)


def test_shrinking_is_anti_aliased():
    # Columns 0–29 and 30–59: the box is 60 wide, the right half has every second column: half the ink.
    canvas = np.zeros((60, 80), dtype=np.uint8)
    canvas[:, 10:40] = 255
    canvas[:, 41:70:2] = 255
    scaled = centre_digit(np.pad(canvas, 20)).scaled
    assert set(scaled[:, :10].ravel()) == {255}
    assert ((scaled[:, 10:] > 60) & (scaled[:, 10:] < 200)).all()


def test_dark_on_light_is_inverted():
    light, dark = centre_digit(a_seven()), centre_digit(255 - a_seven())
    assert dark.inverted
    assert np.array_equal(light.image, dark.image)


def test_grey_paper_and_faint_ink_count_for_nothing():
    # Paper of 180, ink of 100, in colour: the paper becomes exactly 0 and the ink 255.
    paper = (180 - a_seven().astype(np.float32) * (80 / 255)).astype(np.uint8)
    result = centre_digit(np.repeat(paper[:, :, np.newaxis], 3, axis=2))
    assert result.inverted
    assert result.ink[0, 0] == 0
    assert result.ink.max() == 255
    assert mean_difference(result.image, centre_digit(a_seven()).image) < 2


@pytest.mark.parametrize(("side", "scale", "shift"), [(100, 1, (12, -20)), (300, 2, (40, 90)), (280, 2.8, (0, 0))])
def test_size_and_place_do_not_matter(side, scale, shift):
    moved = centre_digit(a_seven(side, scale, shift)).image
    assert mean_difference(moved, centre_digit(a_seven()).image) < 4


def test_shifting_alone_changes_nothing():
    assert np.array_equal(centre_digit(a_seven(shift=(9, 15))).image, centre_digit(a_seven()).image)


def test_doing_it_twice_changes_little():
    once = centre_digit(a_seven()).image
    assert mean_difference(centre_digit(once).image, once) < 3


def check_format(result):
    assert result.image.shape == (28, 28)
    assert result.image.dtype == np.uint8
    assert result.image.max() == result.scaled.max() == 255
    assert max(result.scaled.shape) == 20
    assert result.image.sum(dtype=int) == result.scaled.sum(dtype=int)  # no ink cut off
    height, width = result.scaled.shape
    for centre, offset, length in zip(centre_of_mass(result.image), result.offset, (height, width), strict=True):
        assert offset in (0, 28 - length) or abs(centre - 14) <= 0.5 + 1e-9


def test_all_of_sklearns_digits_come_out_in_the_format():
    for image in load_digits().images[::9]:
        result = centre_digit(np.rint(image * (255 / 16)).astype(np.uint8))
        assert not result.inverted
        check_format(result)


@pytest.mark.parametrize("size", [(4, 4), (1, 300), (300, 1), (500, 37)])
def test_odd_canvases_come_out_in_the_format(size):
    canvas = np.zeros(size, dtype=np.uint8)
    canvas[-1, -1] = 90
    check_format(centre_digit(canvas))


def test_a_hair_line_keeps_its_ink():
    canvas = np.zeros((256, 256), dtype=np.uint8)
    canvas[20:230, 128] = 255
    result = centre_digit(canvas)
    assert result.scaled.shape == (20, 1)
    check_format(result)


@pytest.mark.parametrize("level", [0, 100, 255])
def test_a_blank_picture_is_refused(level):
    blank = np.full((50, 50), level, dtype=np.uint8)
    with pytest.raises(ExplorerError, match="There is nothing drawn"):
        centre_digit(blank)
    noisy = np.clip(blank + np.random.default_rng(0).integers(-3, 4, blank.shape), 0, 255).astype(np.uint8)
    with pytest.raises(ExplorerError, match="There is nothing drawn"):
        centre_digit(noisy)


def test_mnists_own_digits_come_back_nearly_unchanged():
    folder = os.environ.get("EXPLORER_DATA")
    path = Path(folder or ".") / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    if not folder or not path.exists():
        pytest.skip("EXPLORER_DATA names no folder with MNIST/raw/t10k-images-idx3-ubyte")
    digits = np.fromfile(path, dtype=np.uint8, count=16 + 200 * 784)[16:].reshape(200, 28, 28)
    differences = []
    for image in digits:
        result = centre_digit(image)
        check_format(result)
        differences.append(mean_difference(result.image, image))
    assert np.mean(differences) < 1  # of 255; measured 0.23
    assert np.median(differences) == 0  # most of them exactly: their box was 20 and their centre in place already
