"""Numbers in words of the field."""

import pytest

from explorer.ui.numbers import short


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.25, "0.25"), (-1.5, "−1.5"), (2.571e-13, "2.57·10⁻¹³"), (-6.02e23, "−6.02·10²³"), (1024, "1.02·10³")],
)
def test_three_digits(value, text):
    assert short(value) == text
