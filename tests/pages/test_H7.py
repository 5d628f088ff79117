"""H7 by itself: a frozen layer that drifts in training mode and rests in evaluation mode."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from explorer.ui.exhibit import exhibits_of
from tests.pages.conftest import read
from tests.pages.elements import open_page, press, put, words

EXHIBIT = exhibits_of("regularisation")["H7"]


def page(**parts: str):
    return open_page("pages/regularisation.py", {"exhibit": "H7"} | parts)


def test_the_curriculums_numbers():
    drift = EXHIBIT.make(EXHIBIT.settings)
    assert (drift.averages[1].mean[0], drift.averages[1].variance[0]) == (0.25, pytest.approx(1.0667, abs=5e-5))
    assert (drift.before[0, 0], drift.watched[1].output[0, 0]) == pytest.approx((2.5, 2.1785), abs=5e-5)
    text = words(press(page(), "Let the batches pass"))
    assert "μ = 0.9·0 + 0.1·2.5 = 0.25, σ² = 0.9·1 + 0.1·1.667 = 1.067, **2.1785** comes out" in text
    assert f"Before: **2.5000**. After 30 batches in training mode: **{drift.after[0, 0]:.4f}**" in text


def test_it_is_torchs_frozen_layer():
    layer = nn.BatchNorm1d(1).double().requires_grad_(False)
    for _ in range(EXHIBIT.settings.batches):
        layer(torch.tensor(EXHIBIT.settings.batch, dtype=torch.float64))
    drift = EXHIBIT.make(EXHIBIT.settings)
    assert drift.after[0, 0] == pytest.approx(layer.eval()(torch.tensor([[2.5]], dtype=torch.float64)).item())
    assert drift.changes[-1] > 2


def test_in_evaluation_mode_nothing_moves_however_many_pass():
    drift = EXHIBIT.make(replace(EXHIBIT.variants["evaluation"], batch=((7.0,),)))  # one picture is enough there
    assert len(drift.averages) == len(drift.watched) == 31
    assert not drift.changes.any()
    assert "After 30 batches in evaluation mode: **2.5000**" in words(press(page(), "evaluation"))


def test_nothing_is_drawn_before_one_has_guessed():
    assert not page().get("plotly_chart")
    assert len(press(page(), "Let the batches pass").get("plotly_chart")) == 2


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Pictures", 1, "A batch of one value has no spread"),
        ("Batches", -1, "Batches is −1"),
        ("Momentum α", 1.5, "Momentum α is 1.5"),
    ],
)
def test_impossible_settings_are_told_in_one_sentence(label, value, sentence):
    at = put(page(), label, value)
    assert [read(error.value).startswith(sentence) for error in at.error] == [True]


def test_several_units_and_no_batch_at_all():
    at = put(put(page(), "Units", 3), "Batches", 0)
    assert not at.error
    assert "After 0 batches in training mode: **2.5000**" in words(at)
