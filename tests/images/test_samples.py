"""Every sample of the registry gets the same tests; the digits and drawings some of their own."""

import socket

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES, checkerboard, digit, load_sample, ramp, red_among_others


@pytest.fixture
def offline(monkeypatch):
    def refuse(*_):
        raise AssertionError("a sample asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("key", SAMPLES)
def test_every_sample_loads_without_network(key, offline):
    made = load_sample(key)
    assert made.pixels.dtype == np.uint8
    assert made.pixels.ndim == 2 or made.pixels.shape[2] == 3
    assert min(made.pixels.shape[:2]) >= 8
    assert made.pixels.max() - made.pixels.min() > 100  # neither constant nor 0..1 taken for 0..255
    assert load_sample(key).digest == made.digest


@pytest.mark.parametrize("key", SAMPLES)
def test_every_sample_says_what_and_whose_it_is(key):
    sample = SAMPLES[key]
    assert sample.key == key
    assert sample.kind in ("photo", "digit", "drawing")
    assert sample.credit
    assert load_sample(key).name == sample.title


def test_the_registry_has_every_kind_and_no_title_twice():
    assert {sample.kind for sample in SAMPLES.values()} == {"photo", "digit", "drawing"}
    assert {f"digit-{label}" for label in range(10)} <= SAMPLES.keys()
    assert len({sample.title for sample in SAMPLES.values()}) == len(SAMPLES)


def test_an_unknown_sample_is_refused_with_the_known_ones():
    with pytest.raises(ExplorerError, match=r"no sample “dog”: choose one of cat, "):
        load_sample("dog")


def test_digit_is_white_on_black_and_full_range():
    zero = digit(0, 0).pixels
    assert zero.shape == (8, 8)
    assert zero[0, 0] == 0
    # The first row of scikit-learn's first digit is 0 0 5 13 9 1 0 0 of 16.
    assert zero[0].tolist() == [0, 0, 80, 207, 143, 16, 0, 0]


@pytest.mark.parametrize(("label", "index"), [(10, 0), (-1, 0), (3, 100_000), (3, -1)])
def test_digits_that_do_not_exist_are_refused(label, index):
    with pytest.raises(ExplorerError, match=r"There is no .* choose 0 to"):
        digit(label, index)


def test_checkerboard_by_hand():
    assert checkerboard(4, 2).tolist() == [[0, 0, 255, 255]] * 2 + [[255, 255, 0, 0]] * 2


def test_ramp_holds_every_grey_once():
    assert ramp(1, 256).tolist() == [list(range(256))]


def test_the_red_circle_stands_in_the_middle():
    pixels = red_among_others(90)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 100)
    rows, columns = np.nonzero(red)
    assert (rows.mean(), columns.mean()) == (44.5, 44.5)
    assert pixels[15, 15].tolist() == [60, 90, 230]
    assert pixels[0, 0].tolist() == [255, 255, 255]
