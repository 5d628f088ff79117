"""Numbers as a reader likes them. Knows digits; not what is counted."""

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float) -> str:
    """Three significant digits, powers of ten written as such, with a true minus sign.

    >>> short(2.57e-13), short(0.25)
    ('2.57·10⁻¹³', '0.25')
    """
    mantissa, _, power = f"{value:.3g}".partition("e")
    text = mantissa.replace("-", "−")
    return f"{text}·10{str(int(power)).translate(_SUPERSCRIPT)}" if power else text
