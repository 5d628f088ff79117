"""How numbers, counts and names are written, and that nobody writes them by hand."""

import doctest

import pytest

from explorer import words
from explorer.words import about, count, duration, fixed, memory, minus, noun, number, share, shortened, times


def test_the_examples_are_true():
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("cell", "cells"), ("pass", "passes"), ("class", "classes"), ("switch", "switches"), ("study", "studies"),
        ("array", "arrays"), ("box", "boxes"), ("batch", "batches"), ("test picture", "test pictures"),
    ],
)  # fmt: skip
def test_plurals(one, many):
    assert [noun(n, one) for n in (0, 1, 2, 0.5)] == [many, one, many, many]
    assert count(1, one) == f"1 {one}"
    assert count(1000, one) == f"1,000 {many}"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 4, "0"),
        (-0.0, 4, "0"),
        (-1e-13, 4, "−10⁻¹³"),
        (1e6, 4, "10⁶"),
        (1e-5, 1, "10⁻⁵"),
        (-12.5, 4, "−12.5"),
        (9999.5, 4, "10⁴"),
        (float("inf"), 4, "∞"),
        (float("-inf"), 4, "−∞"),
        (float("nan"), 4, "nan"),
    ],
)
def test_significant_digits(value, digits, text):
    assert number(value, digits) == text


def test_a_zero_has_no_sign_and_a_negative_number_no_hyphen():
    assert [minus(text) for text in ("-0", "-0.00", "-0.01", "-1e-05")] == ["0", "0.00", "−0.01", "−1e-05"]
    assert [fixed(value, 1) for value in (-0.04, -0.06, 12345.67)] == ["0.0", "−0.1", "12,345.7"]
    assert share(-0.5) == "−50\u00a0%"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (4, "4 bytes"),
        (1999, "2.0 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (999_999, "1.0 MB"),
        (616_763_392, "617 MB"),
        (4 * 10**24, "4,000,000,000 PB"),
    ],
)
def test_memory(size, text):
    assert memory(size) == text


@pytest.mark.parametrize("power", range(3, 19))
def test_memory_never_needs_four_digits_before_the_largest_unit(power):
    for size in (10**power - 1, 10**power, 10**power + 1):
        digits = memory(size).split()[0]
        assert "e" not in digits
        assert len(digits.replace(".", "")) <= 3 or memory(size).endswith("PB")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (7.25, "7.2"),
        (99, "99"),
        (995, "1,000"),
        (311_541_923, "3.1×10⁸"),
        (999_999, "1.0×10⁶"),
        (1e12, "1.0×10¹²"),
    ],
)
def test_about(value, text):
    assert about(value) == text
    assert times(value) == f"{text} time{'s' * (value != 1)}"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"), (0.0994, "99 ms"), (0.0995, "0.1 s"), (1, "1 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min"),
        (119.7, "2 min"), (3599.6, "1 h"), (7260, "2 h 1 min"), (90_000, "25 h"),
    ],
)  # fmt: skip
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize("most", [3, 4, 20, 39])
def test_a_long_name_keeps_both_ends(most):
    name = "features.denseblock3.denselayer12.conv2"
    short = shortened(name, most)
    assert len(short) == min(most, len(name))
    assert short[0] == "f"
    assert short[-1] == "2"
    assert shortened("c1", most) == "c1"
