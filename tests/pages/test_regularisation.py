"""The Regularisation page by itself: every exhibit, its numbers against PyTorch's, impossible settings, bad addresses."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from explorer.probe.spread import SAMPLES
from explorer.settings.record import kinds_of
from explorer.settings.written import matrix
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import write_address
from explorer.ui.regularisation.batch import make as make_batch
from explorer.ui.regularisation.by_depth import spreads
from explorer.ui.regularisation.masks import make as make_masks
from explorer.ui.regularisation.versions import Versions
from tests.pages.conftest import read

PAGE = "regularisation"
EXHIBITS = exhibits_of(PAGE)
KEY = f"explorer.place {PAGE}"
EVERY = [
    (name, settings) for name, found in EXHIBITS.items() for settings in (found.settings, *found.variants.values())
]


def open_page(exhibit: str = "H4", settings: object = None, *, revealed: bool = True, **parts: str) -> AppTest:
    page = AppTest.from_file("../../pages/regularisation.py", default_timeout=60)
    page.session_state[f"answer regularisation {exhibit}"] = revealed
    parts = write_address(EXHIBITS[exhibit], settings or EXHIBITS[exhibit].settings, 0) | parts
    for name, value in parts.items():
        page.query_params[name] = value
    return page.run()


def words(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(text.value for text in (*page.markdown, *page.caption))


def set_number(page: AppTest, label: str, value: float) -> AppTest:
    return next(widget for widget in page.number_input if widget.label == label).set_value(value).run()


def errors(page: AppTest) -> list[str]:
    assert not page.exception
    return [read(error.value) for error in page.error]


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_every_exhibit_and_variant_opens(exhibit):
    page = open_page(exhibit, revealed=False)
    assert f"**Predict:** {EXHIBITS[exhibit].question}" in words(page)
    assert errors(page) == []
    assert not page.warning
    assert page.session_state[KEY].settings == EXHIBITS[exhibit].settings
    for name, settings in EXHIBITS[exhibit].variants.items():
        next(button for button in page.button if button.label == name).click().run()
        assert errors(page) == []
        assert page.session_state[KEY].settings == settings


@pytest.mark.parametrize(("exhibit", "settings"), EVERY)
def test_every_setting_survives_the_address(exhibit, settings):
    for name, kind in kinds_of(type(settings)).items():
        text = kind.write(getattr(settings, name))
        assert kind.read(text) == getattr(settings, name)
        assert len(text) < 300


def test_an_address_that_cannot_be_read_is_told_once():
    page = open_page("H6", augmentation="melt", versions="9999")
    assert "augmentation: There is no augmentation called “melt”" in read(page.warning[0].value)
    assert page.session_state[KEY].settings == Versions()


# ── H4 ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("when", ["training", "use"])
def test_H4_equals_torch(when):
    settings = replace(EXHIBITS["H4"].settings, when=when, gamma=2.0, beta=-1.0, alpha=0.2, batches=7)
    shown, before, averages = make_batch(settings)
    layer = nn.BatchNorm1d(3, momentum=0.2).double()
    nn.init.constant_(layer.weight, 2.0)
    nn.init.constant_(layer.bias, -1.0)
    for batch in before:
        layer(torch.tensor(batch.values))
    np.testing.assert_allclose(averages[-1].mean, layer.running_mean)
    np.testing.assert_allclose(averages[-1].variance, layer.running_var)
    layer.train(when == "training")
    np.testing.assert_allclose(shown.output, layer(torch.tensor(settings.batch, dtype=torch.float64)).detach())


def test_H4_formulas_and_the_stack():
    page = open_page()
    assert "μ = (2 + 4 + 4 + 4 + 5 + 5 + 7 + 9) / 8 = **5**,  σ² = mean of (x − μ)² = **4**" in words(page)
    assert "x̂ = (9 − 5) / √(4 + 10⁻⁵) = **2**" in words(page)
    assert f"over all units and {SAMPLES} inputs" in words(page)
    without, with_norm = spreads(EXHIBITS["H4"].settings)
    assert without.activations[-1] < 1e-9 < 0.5 < with_norm.activations[-1]
    assert without.gradients[0] < 1e-9 < 0.1 < with_norm.gradients[0]
    assert "over all units and 256 inputs" in words(page)  # as many as were measured
    page = set_number(set_number(set_number(page, "Unit shown", 1), "γ", 3), "β", -1)
    assert "y = 3 · 1.746 − 1 = **4.237**" in words(page)


def test_H4_the_formula_can_be_checked_by_a_reader():
    """Every number is there, ε too; a negative one that follows an operator stands in brackets, and a minus is no hyphen."""
    page = open_page(batch="-3.376_0~-1_1", epsilon="0.1", batches="1", noise="0", beta="-2")
    text = words(page)
    assert "μ = (−3.376 − 1) / 2 = **−2.188**" in text
    assert "x̂ = (−1 − (−2.188)) / √(1.411 + 0.1) = **0.9664**,  y = 1 · 0.9664 − 2 = **−1.034**" in text
    assert math.isclose((-1 + 2.188) / (1.411 + 0.1) ** 0.5, 0.9664, abs_tol=1e-3)
    assert "after 1 batch μ = −0.2188" in text
    assert "PyTorch calls momentum" in text
    assert not re.search(r"-\d", text)


def test_H4_a_batch_of_one_is_possible_in_use_only():
    page = set_number(open_page(), "Pictures", 1)
    assert errors(page)[0].startswith("A batch of one value has no spread to divide by")
    assert page.session_state[KEY].settings.batch == matrix("2 120 0.1")
    assert "= **5**" in words(page)  # the last valid picture stays
    page = page.button_group(key=f"{PAGE} H4 {page.session_state[KEY].token} when").set_value("use").run()
    assert "at least two in training" in errors(page)[0]  # the training before has batches of one, too
    page = set_number(page, "Batches", 0)
    assert errors(page) == []
    assert "μ = 0,  σ² = 1 from training" in words(page)


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Pictures", 0, "Pictures is 0"),
        ("Pictures", 21, "Pictures is 21"),
        ("Units", 7, "Units is 7"),
        ("Unit shown", 3, "Unit shown is 3"),
        ("ε", -1.0, "ε is −1"),
        ("α", 1.5, "α is 1.5"),
        ("Batches", 1001, "Batches is 1,001"),
        ("Noise, in σ of a unit", -1.0, "Noise is −1"),
        ("Layers", 0, "Layers is 0"),
        ("Units in each", 1000, "Units in each is 1,000"),
    ],
)
def test_H4_impossible_settings_are_told_in_one_sentence(label, value, sentence):
    page = set_number(open_page(), label, value)
    assert len(errors(page)) == 1
    assert errors(page)[0].startswith(sentence)


def test_H4_the_table_changes_its_shape():
    page = set_number(set_number(open_page(unit="2"), "Units", 2), "Pictures", 9)
    settings = page.session_state[KEY].settings
    assert np.shape(settings.batch) == (9, 2)
    assert settings.unit == 1
    assert errors(page) == []


# ── H5 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_H5_expectation_and_both_conventions():
    classic, inverted = make_masks(EXHIBITS["H5"].settings)
    assert classic.use.tolist() == [2, -1, 0.5, 1.5]
    assert inverted.use.tolist() == [4, -2, 1, 3]
    np.testing.assert_array_equal(classic.masks, inverted.masks)
    np.testing.assert_allclose(classic.means[-1], classic.use, atol=0.15)
    page = open_page("H5")
    assert "E = p·w = 0.5 · 4 = **2** for unit 0. Over 2,000 steps it was 1.972." in words(page)
    assert "nn.Dropout(p=0.5)" in words(page)
    assert "nn.Dropout(p=0.2)" in words(set_number(page, "Keep with p", 0.8))


def test_H5_redraws_and_resizes():
    page = open_page("H5")
    next(button for button in page.button if button.label == "Redraw masks").click().run()
    assert page.session_state[KEY].settings.seed == 1
    assert page.query_params["seed"] in ("1", ["1"])
    page = set_number(set_number(page, "Unit followed", 3), "Units", 2)
    assert page.session_state[KEY].settings.outputs == ((4.0, -2.0),)
    assert page.session_state[KEY].settings.unit == 1
    assert errors(page) == []


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Keep with p", 0.0, "Probability to keep p is 0"),
        ("Keep with p", 1.5, "Probability to keep p is 1.5"),
        ("Training steps", 0, "Training steps is 0"),
        ("Units", 9, "Units is 9"),
        ("Unit followed", 4, "Unit followed is 4"),
        ("Seed", -1, "Seed is −1"),
    ],
)
def test_H5_impossible_settings_are_told_in_one_sentence(label, value, sentence):
    page = set_number(open_page("H5"), label, value)
    assert len(errors(page)) == 1
    assert errors(page)[0].startswith(sentence)
    assert "E = p·w = 0.5 · 4" in words(page)


# ── H6 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_H6_the_address_decides_picture_and_order():
    page = open_page("H6", augmentation="rotate+flip", sample="digit-2", versions="9", seed="5")
    assert errors(page) == []
    assert "**9 versions:** rotate, then flip." in words(page)
    assert page.session_state["explorer.choice"].sample == "digit-2"
    page = page.multiselect[0].set_value([]).run()
    assert page.session_state[KEY].settings.augmentation == "none"
    assert errors(page) == []


def test_H6_impossible_settings_are_told_in_one_sentence():
    page = set_number(open_page("H6"), "Versions", 500)
    assert errors(page) == ["Versions is 500: choose a whole number from 1 to 200. The last valid picture stays."]
    assert "**24 versions:**" in words(page)


def test_H5_takes_a_single_row():
    page = open_page(exhibit="H5", outputs="1_2~3_4")
    assert not page.exception
    assert len(page.warning) == 1
