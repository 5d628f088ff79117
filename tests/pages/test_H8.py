"""H8 by itself: batch normalisation's four traps with the curriculum's numbers."""

import numpy as np
import pytest

from explorer.ui.exhibit import exhibits_of
from tests.pages.conftest import read
from tests.pages.elements import open_page, press, put, words

EXHIBIT = exhibits_of("regularisation")["H8"]


def page(**parts: str):
    return open_page("pages/regularisation.py", {"exhibit": "H8"} | parts)


def test_the_curriculums_numbers():
    traps = EXHIBIT.make(EXHIBIT.settings)
    np.testing.assert_allclose(traps.batch.output.ravel(), [-1.3416, -0.4472, 0.4472, 1.3416], atol=5e-5)
    np.testing.assert_allclose([traps.after.mean[0], traps.after.variance[0]], [0.25, 1.0667], atol=5e-5)
    assert traps.answers[0][0] == pytest.approx(2.1785, abs=5e-5)


@pytest.mark.parametrize(
    "sentence",
    [
        "σ² = 1.2500, y = −1.3416, −0.4472, 0.4472, 1.3416. The averages become **0.2500** and **1.0667**",
        "The formula divides by 4, the average by 3: σ² ← 0.9·1 + 0.1·1.667 = 1.067. With the formula’s 1.2500: 1.0250.",
        "If 0.1 were the share that is kept, as in Keras, the averages would be 2.2500 and 1.6000.",
        "the formula leaves 0. PyTorch refuses it.",
        "2.5 becomes **2.1785** in evaluation mode, 0.0000 beside this batch in training mode",
    ],
)
def test_the_page_says_it_once_one_has_guessed(sentence):
    at = page()
    assert sentence not in words(at)
    assert sentence in words(press(at, "Show the numbers"))


def test_a_settled_layer_answers_as_the_batch_would():
    traps = EXHIBIT.make(EXHIBIT.variants["settled"])
    assert traps.answers[0][0] == traps.answers[1][0] == 0


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Pictures", 1, "A batch of one value has no spread"),
        ("σ² before", -1.0, "σ² before is −1"),
        ("Momentum α", 1.5, "Momentum α is 1.5"),
    ],
)
def test_impossible_settings_are_told_in_one_sentence(label, value, sentence):
    at = put(page(), label, value)
    assert [read(error.value).startswith(sentence) for error in at.error] == [True]
    assert "μ = 2.5000" in words(at)  # the last valid picture stays


def test_several_units():
    at = put(page(), "Units", 3)
    assert not at.error
    assert "μ = 2.5000" in words(at)
