"""A unit's numbers in words: they are written so that they can be added up."""

import doctest

from explorer.ui.provenance import words as provenance_words
from explorer.ui.provenance.words import exact


def test_examples():
    assert doctest.testmod(provenance_words).failed == 0


def test_numbers_have_enough_digits():
    assert exact(0.0) == "0.000000"
    assert exact(-12.3456789) == "−12.345679"
    assert exact(3.2e-7) == "3.2·10⁻⁷"
    assert exact(120338160.0) == "120338160"
    assert exact(-1234.5678912) == "−1234.56789"
