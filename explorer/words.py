"""Numbers, counts and names as a reader likes them: the one place that writes them.

Knows digits, signs, plurals and lengths; not what is counted or measured. Every text that leaves here has the minus sign −,
never a hyphen, and never a zero with a sign.
"""

import math
from collections.abc import Iterable
from numbers import Integral

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SPACE = "\u00a0"  # no line ends between a number and its sign
_SIBILANTS = ("s", "x", "z", "ch", "sh")
_HARD = ("epoch",)  # its ch is a k


# ── counts ──────────────────────────────────────────────────────────────────────────────────────────────────


def noun(number: float, one: str, many: str | None = None) -> str:
    """The word that goes with a number: `one` with 1, else `many`, or the plural of `one` by rule.

    >>> noun(1, "cell"), noun(0, "cell"), noun(2, "pass"), noun(3, "study"), noun(1, "was", "were")
    ('cell', 'cells', 'passes', 'studies', 'was')
    """
    if number == 1:
        return one
    if many is not None:
        return many
    if one.endswith("y") and one[-2:-1] not in "aeiou":
        return f"{one[:-1]}ies"
    return f"{one}es" if one.endswith(_SIBILANTS) and not one.endswith(_HARD) else f"{one}s"


def counted(number: float, one: str, many: str | None = None) -> str:
    """A number and what it counts.

    >>> counted(1, "cell"), counted(2, "cell"), counted(12_345, "training picture"), counted(0.5, "epoch")
    ('1 cell', '2 cells', '12,345 training pictures', '0.5 epochs')
    """
    text = minus(f"{number:,}") if isinstance(number, Integral) else written(number, 6)
    return f"{text} {noun(number, one, many)}"


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────


def minus(text: str) -> str:
    """A number that is already written, with the minus sign.

    >>> minus("-1.50"), minus("-0.00"), minus("+3")
    ('−1.50', '0.00', '+3')
    """
    negative = text.startswith("-") and any(digit in text for digit in "123456789in")  # −inf has no digits
    return ("−" if negative else "") + text.removeprefix("-")


def power(exponent: int) -> str:
    """A power of ten.

    >>> power(-13)
    '10⁻¹³'
    """
    return f"10{str(exponent).translate(_SUPERSCRIPT)}"


def written(value: float, digits: int = 4) -> str:
    """Up to so many significant digits; very large and small ones with a power of ten.

    >>> written(-0.25), written(1234.56), written(2.57e-13), written(-1e-13), written(6.02e23, 3)
    ('−0.25', '1,235', '2.57·10⁻¹³', '−10⁻¹³', '6.02·10²³')
    """
    if not math.isfinite(value):
        return minus(f"{value}").replace("inf", "∞")
    mantissa, _, exponent = f"{value:,.{digits}g}".partition("e")
    if not exponent:
        return minus(mantissa)
    ten = power(int(exponent))
    return minus(mantissa).removesuffix("1") + ten if mantissa in ("1", "-1") else f"{minus(mantissa)}·{ten}"


def short(value: float) -> str:
    """Three significant digits.

    >>> short(2.57e-13), short(0.25)
    ('2.57·10⁻¹³', '0.25')
    """
    return written(value, 3)


def fixed(value: float, places: int) -> str:
    """A number with so many decimal places.

    >>> fixed(-0.5, 2), fixed(-0.001, 2), fixed(1431.25, 1)
    ('−0.50', '0.00', '1,431.2')
    """
    return minus(f"{value:,.{places}f}")


def signed(value: float, digits: int = 4) -> str:
    """A change: with its sign in any case, 0 without.

    >>> signed(2), signed(-0.5), signed(0)
    ('+2', '−0.5', '0')
    """
    return ("+" if value > 0 else "") + written(value, digits)


def bracketed(text: str) -> str:
    """A number that follows an operator: in brackets if it is negative.

    >>> f"{written(4.5)} − {bracketed(written(3))}", f"{written(-4)} − {bracketed(written(-2))}"
    ('4.5 − 3', '−4 − (−2)')
    """
    return f"({text})" if text.startswith("−") else text


def added(texts: Iterable[str]) -> str:
    """Numbers in a sum.

    >>> added(["−1", "2", "−3"])
    '−1 + 2 − 3'
    """
    return " + ".join(texts).replace("+ −", "− ")


def about(value: float) -> str:
    """A large number as one says it: two significant digits, beyond a million as a power of ten.

    >>> about(32112.6), about(8100090000), about(26)
    ('32,000', '8.1×10⁹', '26')
    """
    rounded = float(f"{value:.2g}")
    if abs(rounded) < 1e6:
        return fixed(rounded, 0) if abs(rounded) >= 10 else written(rounded, 2)
    digits, exponent = f"{value:.1e}".split("e")
    return f"{minus(digits)}×{power(int(exponent))}"


def times(factor: float) -> str:
    """By how much one thing is larger, roughly.

    >>> times(32112.6), times(9.09), times(1.01)
    ('32,000 times', '9.1 times', '1 time')
    """
    text = about(factor)
    return f"{text} {noun(1 if text == '1' else 2, 'time')}"


def share(part: float, places: int = 0) -> str:
    """A part of 1 in per cent.

    >>> share(0.394), share(0.9951, 2)
    ('39\\xa0%', '99.51\\xa0%')
    """
    return f"{fixed(100 * part, places)}{_SPACE}%"


def memory(count: int) -> str:
    """Bytes in words: three significant digits.

    >>> memory(104), memory(999_999), memory(32_400_360_000), memory(1)
    ('104 bytes', '1.0 MB', '32.4 GB', '1 byte')
    """
    units = ("kB", "MB", "GB", "TB", "PB")
    if count < 1000:
        return f"{count} {noun(count, 'byte')}"
    at = 0
    while at < len(units) - 1 and float(f"{count / 1000 ** (at + 1):.3g}") >= 1000:  # 999,999 is a megabyte, rounded
        at += 1
    size = float(f"{count / 1000 ** (at + 1):.3g}")
    text = f"{size:,.0f}" if size >= 1000 else f"{size:.3g}"
    return f"{f'{text}.0' if len(text) == 1 else text} {units[at]}"


def duration(seconds: float) -> str:
    """A time as one says it.

    >>> duration(0.0123), duration(0.4), duration(12.3), duration(185), duration(3720)
    ('12 ms', '0.4 s', '12 s', '3 min 5 s', '1 h 2 min')
    """
    if seconds < 0.0995:
        return f"{written(1000 * seconds, 2)} ms"
    if seconds < 9.95:
        return f"{written(seconds, 2)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    large, small, words = (whole // 60, whole % 60, ("min", "s")) if whole < 3600 else _hours(whole)
    return f"{large:,} {words[0]} {small} {words[1]}" if small else f"{large:,} {words[0]}"


def _hours(seconds: int) -> tuple[int, int, tuple[str, str]]:
    minutes = round(seconds / 60)
    return minutes // 60, minutes % 60, ("h", "min")


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────


def shortened(name: str, most: int = 60) -> str:
    """A long name with its middle left out: what tells names apart stands at their ends.

    >>> shortened("features.denseblock3.denselayer12.conv2", 20)
    'features.d…r12.conv2'
    """
    if len(name) <= most:
        return name
    left = most // 2
    return f"{name[:left]}…{name[left + 1 - most :]}" if most > 2 else name[:most]
