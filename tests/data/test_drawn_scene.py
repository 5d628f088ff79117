"""A drawing becomes a scene: what a line encloses is filled, the rest is ground."""

import numpy as np
import pytest

from explorer.data.drawn_scene import GROUND, drawn_scene
from explorer.data.labelled import SIDE
from explorer.errors import ExplorerError


def ring(filled: bool) -> np.ndarray:
    pad = np.zeros((128, 128), np.uint8)
    pad[32:96, 32:96] = 255
    if not filled:
        pad[40:88, 40:88] = 0
    return pad


def test_an_outline_is_filled():
    scene = drawn_scene(ring(filled=False))
    assert scene.shape == (SIDE, SIDE)
    assert scene.dtype == np.uint8
    np.testing.assert_array_equal(scene, drawn_scene(ring(filled=True)))
    inside, outside = scene[9:23, 9:23].astype(float), scene[:7].astype(float)
    assert inside.mean() - outside.mean() == pytest.approx(77.5, abs=3)
    assert outside.mean() == pytest.approx(GROUND, abs=2)


def test_an_open_line_stays_a_line():
    pad = ring(filled=False)
    pad[48:80, 88:96] = 0  # a gap
    scene = drawn_scene(pad).astype(float)
    assert scene[12:20, 12:20].mean() == pytest.approx(GROUND, abs=4)
    assert scene[8:10, 9:22].mean() > GROUND + 60


def test_the_border_closes_nothing():
    pad = np.zeros((64, 64), np.uint8)
    pad[30:34] = 255  # from border to border: neither half is enclosed
    scene = drawn_scene(pad).astype(float)
    assert scene[:14].mean() == pytest.approx(GROUND, abs=3)
    assert scene[18:].mean() == pytest.approx(GROUND, abs=3)


def test_an_empty_pad_is_refused():
    with pytest.raises(ExplorerError, match="nothing on the pad"):
        drawn_scene(np.zeros((64, 64), np.uint8))
