"""The signed scale as those see it who lack one kind of cones: blue is told from red, and both from zero."""

import numpy as np
import pytest

from explorer.figures.colours import DIVERGING

# Linear RGB as a dichromat sees it (severity 1.0): Machado, Oliveira and Fernandes, "A Physiologically-based Model for
# Simulation of Color Vision Deficiency", IEEE TVCG 15 (6), 2009.
VISION = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
# CIE 1976 ΔE. 2.3 is just noticeable side by side (Mahy et al., 1994); 20 is some nine times that: told apart at a glance.
APART = 20
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ.sum(axis=1)  # of sRGB, D65


def linear(colour: np.ndarray) -> np.ndarray:
    """sRGB from 0 to 1 → linear RGB (IEC 61966-2-1)."""
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Linear RGB → CIE L*a*b*, white D65."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def seen(theme: str, at: float, vision: str) -> np.ndarray:
    """L*a*b* of the scale at −1 … 1, between its anchors as it is painted."""
    anchors = np.array([[int(anchor[i : i + 2], 16) for i in (1, 3, 5)] for anchor in DIVERGING[theme]]) / 255
    place = (at + 1) / 2 * (len(anchors) - 1)
    colour = [np.interp(place, range(len(anchors)), anchors[:, channel]) for channel in range(3)]
    return lab(VISION[vision] @ linear(np.array(colour)))


def apart(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.linalg.norm(first - second))


def test_known_colours():
    """Green's L*a*b* as published; grey stays grey for everybody; pure red and green come close without red or green cones."""
    assert lab(np.array([0, 1, 0])) == pytest.approx([87.73, -86.18, 83.18], abs=0.05)
    for matrix in VISION.values():
        assert matrix @ np.full(3, 0.4) == pytest.approx(np.full(3, 0.4), abs=1e-4)
    darker_red, green = linear(np.array([0.8, 0.3, 0.2])), linear(np.array([0.5, 0.5, 0.2]))
    usual = apart(lab(darker_red), lab(green))
    assert apart(lab(VISION["deuteranopia"] @ darker_red), lab(VISION["deuteranopia"] @ green)) < usual / 2


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", DIVERGING)
@pytest.mark.parametrize("magnitude", [0.25, 0.5, 0.75, 1])
def test_a_sign_is_told_by_its_colour(theme, vision, magnitude):
    negative, neutral, positive = (seen(theme, at, vision) for at in (-magnitude, 0, magnitude))
    distances = {
        "negative and positive": apart(negative, positive),
        "negative and zero": apart(negative, neutral),
        "positive and zero": apart(positive, neutral),
    }
    wanted = APART if magnitude >= 0.5 else APART / 2  # a quarter of the reach is half as far from zero
    assert min(distances.values()) >= wanted, distances


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", DIVERGING)
def test_a_larger_magnitude_is_never_nearer_to_zero(theme, vision):
    for sign in (-1, 1):
        far = [apart(seen(theme, sign * part / 20, vision), seen(theme, 0, vision)) for part in range(21)]
        assert np.all(np.diff(far) > 0), (theme, vision, sign)
