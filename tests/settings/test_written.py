"""What stands in an address comes back as it was, and whatever else is typed there is refused in one sentence."""

import doctest
import zlib
from base64 import urlsafe_b64encode
from urllib.parse import quote_plus

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explorer.errors import ExplorerError
from explorer.settings import written
from explorer.settings.fields import Numbers, OneOf, Real, Whole
from explorer.settings.written import (
    MOST_CELLS,
    MOST_TEXT,
    as_matrix,
    as_plain,
    matrix,
    read_numbers,
    write_numbers,
)

quick = settings(max_examples=150, deadline=None, derandomize=True)
CODECS = {
    "row": Numbers("", 1),
    "matrix": Numbers("", 2),
    "volume": Numbers("", 3),
    "kernels": Numbers("", 4),
    "number": Real(""),
    "whole": Whole("", -3, 10**9),
    "choice": OneOf(
        "",
        (
            "zeros",
            "reflect",
        ),
    ),
}
# Six significant digits are kept: numbers that have no more come back exactly.
short_numbers = st.floats(-1e9, 1e9).map(lambda value: float(f"{value:.6g}"))
whole_numbers = st.integers(-128, 255).map(float)


def shapes(axes: int):
    return arrays.array_shapes(min_dims=axes, max_dims=axes, max_side=5)


def pack(sign: str, shape: object, data: bytes) -> str:
    """What `write_numbers` would write, with a shape and data of one's own choice."""
    return f"{sign}{shape}.{urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip('=')}"


def test_the_examples_in_the_docstrings():
    tested = doctest.testmod(written)
    assert tested.attempted
    assert not tested.failed


def test_a_matrix_as_the_curriculum_writes_it():
    assert matrix("1 0; 0 1") == ((1, 0), (0, 1)) == as_matrix(np.eye(2))
    assert Numbers("", 2).write(((1, 0), (0, 1))) == "1_0~0_1"
    assert Numbers("", 2).read("1_0~0_1") == ((1, 0), (0, 1))


def test_planes_and_kernels_have_separators_of_their_own():
    assert Numbers("", 3).write((((1, 2),), ((3, 4),))) == "1_2~~3_4"
    assert Numbers("", 3).read("1_2~3_4~~5_6~7_8") == (((1, 2), (3, 4)), ((5, 6), (7, 8)))
    assert Numbers("", 4).write(((((1,),), ((2,),)), (((3,),), ((4,),)))) == "1~~2~~~3~~4"
    assert np.shape(Numbers("", 4).read("1~~2~~~3~~4")) == (2, 2, 1, 1)


@pytest.mark.parametrize("axes", [1, 2, 3, 4])
def test_numbers_come_back_exactly(axes):
    @quick
    @given(arrays.arrays(np.float64, shapes(axes), elements=short_numbers))
    def check(values):
        text = write_numbers(values)
        assert len(text) <= MOST_TEXT * 2
        if len(text) <= MOST_TEXT:
            np.testing.assert_array_equal(read_numbers(text, axes), values)

    check()


@pytest.mark.parametrize("axes", [2, 3, 4])
def test_whole_numbers_come_back_exactly_packed_or_not(axes):
    @quick
    @given(arrays.arrays(np.float64, shapes(axes), elements=whole_numbers))
    def check(values):
        text = write_numbers(values)
        np.testing.assert_array_equal(read_numbers(text, axes), values)
        assert quote_plus(text) == text  # nothing in it has to be escaped in an address
        if values.size <= 64:
            assert text[0] in "-0123456789"

    check()


@pytest.mark.parametrize(("low", "high", "sign"), [(0, 256, "z"), (-128, 128, "i"), (0, 2, "z")])
def test_a_large_picture_of_whole_numbers_is_packed(low, high, sign):
    values = np.random.default_rng(3).integers(low, high, (3, 16, 16)).astype(float)
    text = Numbers("", 3).write(as_plain(values))
    assert text.startswith(f"{sign}3.16.16.")
    assert len(text) < 1100
    assert Numbers("", 3).read(text) == as_plain(values)


def test_a_colour_picture_of_zeros_and_ones_is_short():
    values = np.random.default_rng(3).integers(0, 2, (3, 7, 12))
    assert len(write_numbers(values)) < 120


def test_numbers_beyond_one_byte_are_written_out():
    values = np.arange(400.0).reshape(20, 20)
    assert write_numbers(values).startswith("0_1_2_")
    np.testing.assert_array_equal(read_numbers(write_numbers(values), 2), values)


@pytest.mark.parametrize("name", CODECS)
@quick
@given(text=st.text(max_size=60) | st.text("_~.-0123456789zie", max_size=60))
@example(text="²")
@example(text="--5")
@example(text="١")
@example(text="")
@example(text="z")
@example(text="z..")
@example(text="z-2.-2.eJwDAAAAAAE")
@example(text="z2.2.é")
@example(text="z" + "9" * 5000 + ".1.eJwDAAAAAAE")
@example(text="nan_1")
@example(text="1e999")
@example(text="1_2~3")
@example(text="~~~~~~~")
@example(text="\0")
@example(text="\ud800")
def test_hostile_text_raises_nothing_but_our_own_error(name, text):
    try:
        value = CODECS[name].read(text)
    except ExplorerError:
        return
    assert np.ndim(value) == {"row": 1, "matrix": 2, "volume": 3, "kernels": 4}.get(name, 0)
    assert name == "choice" or np.isfinite(value).all()


@pytest.mark.parametrize(
    "text",
    [
        pack("z", "2.2", b"\1" * 3),  # too little
        pack("z", "2.2", b"\1" * 5),  # too much
        pack("z", "-2.-2", b"\1" * 4),
        pack("z", "0.4", b""),
        pack("z", "4", b"\1" * 4),  # one axis is no matrix
        pack("z", "1.2.2", b"\1" * 4),  # nor are three
        pack("z", "1.1.1.2.2", b"\1" * 4),
        pack("z", "64.65", b"\1" * 64 * 65),
        pack("z", f"{10**9}.{10**9}", b"\1"),
        "z2.2." + "A" * MOST_TEXT,
        "_".join("1" * MOST_TEXT),
        "nan_1~1_1",
        "inf_1~1_1",
        "1_2~3",
    ],
)
def test_no_matrix(text):
    with pytest.raises(ExplorerError):
        Numbers("", 2).read(text)


def test_a_bomb_is_not_inflated(monkeypatch):
    inflated, unpacker = [], zlib.decompressobj

    class Watched:
        def decompress(self, data, most):
            inflated.append(unpacker().decompress(data, most))
            return inflated[-1]

    bomb = pack("z", "64.64", b"\0" * 4_000_000)
    assert len(bomb) <= MOST_TEXT
    monkeypatch.setattr(written.zlib, "decompressobj", Watched)
    with pytest.raises(ExplorerError):
        Numbers("", 2).read(bomb)
    assert [len(data) for data in inflated] == [MOST_CELLS + 1]


def test_whole_numbers_keep_their_bounds():
    codec = Whole("", 1, 64)
    assert codec.read(codec.write(64)) == 64
    for text in ("0", "65", "-1", "1.0", "1e1", " 1", "1_0", "10" * 50, "two"):
        with pytest.raises(ExplorerError, match="no whole number from 1 to 64"):
            codec.read(text)


@quick
@given(short_numbers)
def test_a_number_comes_back(value):
    assert Real("").read(Real("").write(value)) == value


def test_a_choice_is_one_of_the_choices():
    codec = OneOf(
        "",
        (
            "zeros",
            "reflect",
        ),
    )
    assert codec.read(codec.write("reflect")) == "reflect"
    with pytest.raises(ExplorerError, match="none of zeros, reflect"):
        codec.read("Zeros")
