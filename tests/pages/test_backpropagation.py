"""The Backpropagation page by itself: every exhibit, nudges, impossible settings, bad addresses."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.settings.record import kinds_of
from explorer.ui.backpropagation.convolution import make as _gradient
from explorer.ui.backpropagation.nudges import make as _nudged
from explorer.ui.exhibit import exhibits_of

EXHIBITS = exhibits_of("backpropagation")
KEY = "explorer.place backpropagation"
STEPPER = "backpropagation_stepper"


def open_page(**parts: str) -> AppTest:
    page = AppTest.from_file("../../pages/backpropagation.py", default_timeout=60)
    for name, value in parts.items():
        page.query_params[name] = value
    return page.run()


def words(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(text.value for text in page.markdown)


def set_number(page: AppTest, label: str, value: float) -> AppTest:
    return next(widget for widget in page.number_input if widget.label == label).set_value(value).run()


def nudge(page: AppTest, row: int, col: int, by: int) -> AppTest:
    return page.button(key=f"backpropagation D2 nudge {row} {col} {by}").click().run()


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_every_exhibit_and_variant_opens(exhibit):
    page = open_page(exhibit=exhibit)
    assert f"**Predict:** {EXHIBITS[exhibit].question}" in words(page)
    assert not page.error
    assert not page.warning
    assert page.session_state[KEY].settings == EXHIBITS[exhibit].settings
    for name, settings in EXHIBITS[exhibit].variants.items():
        next(button for button in page.button if button.label == name).click().run()
        assert not page.exception
        assert not page.error
        assert page.session_state[KEY].settings == settings
        for field, codec in kinds_of(type(settings)).items():
            assert codec.read(codec.write(getattr(settings, field))) == getattr(settings, field)


def test_D1_a_shared_weight_adds_four_terms():
    gradient, oracle = _gradient(EXHIBITS["D1"].settings)
    assert gradient.kernel[0, 0].tolist() == oracle.kernel[0, 0].tolist() == [[6, 9], [15, 18]]
    shown = words(open_page())
    assert "w4 ← w4 − γ·(∂L/∂a + ∂L/∂b + ∂L/∂c + ∂L/∂d)" in shown
    assert "∂L/∂a = 1·5 = 5 ;  ∂L/∂b = 2·6 = 12 ;  ∂L/∂c = −1·8 = −8 ;  ∂L/∂d = 1·9 = 9" in shown
    assert "w4 ← 4 − 0.1·(5 + 12 − 8 + 9) = 2.2" in shown


def test_D1_another_weight_and_learning_rate():
    page = set_number(set_number(open_page(), "Weight, counted from 1", 1), "Learning rate γ", 0.5)
    assert "w1 ← 1 − 0.5·(1 + 4 − 4 + 5) = −2" in words(page)


def test_D1_the_gradient_at_the_output_follows_the_outputs_size():
    page = set_number(open_page(), "Input rows", 4)
    assert not page.error
    assert page.session_state[KEY].settings.upstream == ((1, 2), (-1, 1), (1, 1))


def test_D2_the_curriculums_nudges():
    page = nudge(open_page(exhibit="D2"), 0, 0, 1)
    assert "**6 → 7**" in words(page)
    assert "Output before: **8**, after: **8**" in words(page)
    assert "= **0**" in words(page)
    page = nudge(page, 0, 1, 1)
    assert "**8 → 9**" in words(page)
    assert "after: **9**" in words(page)
    assert "(9 − 8) / (9 − 8) = **1**" in words(page)
    assert "**1**: they agree" in words(page)


def test_D2_nudges_add_up_until_another_cell_is_the_maximum():
    page = open_page(exhibit="D2")
    for _ in range(3):
        nudge(page, 0, 0, 1)
    assert "**6 → 9**" in words(page)
    assert "They differ" in words(page)
    settings = page.session_state[KEY].settings
    assert (settings.input, settings.cell, settings.by) == (EXHIBITS["D2"].settings.input, 0, 3)
    again = open_page(**{name: "".join(value) for name, value in page.query_params.items()})
    assert again.session_state[KEY].settings == settings


def test_D2_an_input_of_another_size_is_not_nudged_yet():
    page = set_number(nudge(open_page(exhibit="D2"), 1, 0, 1), "Input columns", 4)
    settings = page.session_state[KEY].settings
    assert (settings.cell, settings.by, settings.upstream) == (0, 0, ((1, 1),))


def test_D2_who_receives_the_gradient():
    done = _nudged(EXHIBITS["D2"].settings)
    assert done.gradient.image.tolist() == [[[0, 1], [0, 0]]]
    done = _nudged(EXHIBITS["D2"].variants["average"])
    assert done.gradient.image.tolist() == [[[0.25, 0.25], [0.25, 0.25]]]


def test_D3_the_inputs_gradient_is_autograds():
    for settings in EXHIBITS["D3"].variants.values():
        gradient, oracle = _gradient(settings)
        np.testing.assert_allclose(gradient.image, oracle.image)
    gradient, _ = _gradient(EXHIBITS["D3"].settings)
    assert gradient.image[0, 1, 1] == 9
    assert "The same: **yes**" in words(open_page(exhibit="D3"))
    assert "stamped that far apart" in words(set_number(open_page(exhibit="D3"), "Stride", 2))
    assert "dropped" in words(set_number(open_page(exhibit="D3"), "Padding", 1))


def test_an_edit_in_the_grid_is_a_nudge(open_screen):
    screen = open_screen("pages/backpropagation.py")
    screen.at.query_params["exhibit"] = "D2"
    screen.at.selectbox(key="exhibit of backpropagation").set_value("D2").run()
    screen.trigger(STEPPER, "edited", {"edits": [{"serial": 1, "grid": "input", "cells": [[0, 1, 1, 7.5]]}]})
    assert "**5 → 7.5**" in screen.words
    screen.trigger(STEPPER, "edited", {"edits": [{"serial": 2, "grid": "upstream", "cells": [[0, 0, 0, 3]]}]})
    assert screen.at.session_state[KEY].settings.upstream == ((3,),)


@pytest.mark.parametrize(("exhibit", "grid", "field"), [("D1", "upstream", "upstream"), ("D3", "input", "upstream"),
                                                        ("D1", "input", "input"), ("D3", "kernel", "kernel"),
                                                        ("D1", "kernel", "kernel")])  # fmt: skip
def test_an_edit_reaches_the_setting_that_the_grid_shows(open_screen, exhibit, grid, field):
    screen = open_screen("pages/backpropagation.py")
    screen.at.selectbox(key="exhibit of backpropagation").set_value(exhibit).run()
    screen.trigger(STEPPER, "edited", {"edits": [{"serial": 1, "grid": grid, "cells": [[0, 0, 1, 7]]}]})
    assert not screen.errors
    assert getattr(screen.at.session_state[KEY].settings, field)[0][1] == 7


@pytest.mark.parametrize(
    ("exhibit", "label", "value"),
    [
        ("D1", "Stride", 0),
        ("D1", "Kernel rows", 9),
        ("D1", "Input rows", 10**9),
        ("D1", "Padding", -1),
        ("D1", "Dilation", 10**9),
        ("D1", "Weight, counted from 1", 5),
        ("D1", "Weight, counted from 1", 0),
        ("D2", "Window size", 9),
        ("D2", "Stride", 0),
        ("D2", "Padding", 2),
        ("D2", "Input columns", 10**9),
        ("D3", "Kernel columns", 0),
        ("D3", "Padding", 10**9),
    ],
)
def test_an_impossible_setting_gets_one_sentence_and_the_last_picture_stays(exhibit, label, value):
    page = set_number(open_page(exhibit=exhibit), label, value)
    assert not page.exception
    assert len(page.error) == 1
    assert "stays" in page.error[0].value
    assert page.session_state[KEY].last_valid == EXHIBITS[exhibit].settings


def test_nudging_still_works_while_a_setting_is_impossible():
    page = nudge(set_number(open_page(exhibit="D2"), "Stride", 0), 0, 0, 1)
    assert not page.exception
    assert len(page.error) == 1
    assert "**6 → 7**" in words(set_number(page, "Stride", 2))


@pytest.mark.parametrize(
    "parts",
    [
        {"exhibit": "Z9"},
        {"stride": "0"},
        {"upstream": "1_2~3"},
        {"kernel": "many"},
        {"kind": "<script>"},
        {"rate": "nan"},
        {"by": "inf"},
        {"cell": "-1"},
        {"step": "-1"},
    ],
)
def test_a_bad_address_falls_back_with_a_note(parts):
    page = open_page(**parts)
    assert not page.exception
    assert len(page.warning) == 1
    assert not page.error


def test_parts_of_an_address_that_do_not_fit_together():
    page = open_page(exhibit="D2", cell="99")
    assert not page.exception
    assert len(page.error) == 1
    page = open_page(exhibit="D1", upstream="1_2_3", step="999")  # the gradient takes the output's size
    assert not page.exception
    assert np.shape(page.session_state[KEY].settings.upstream) == (2, 2)


def test_D2_a_negative_number_after_an_operator_stands_in_brackets():
    page = open_page(exhibit="D2", input="-4_-9~-9_-9", upstream="1.5")
    page = nudge(page, 0, 0, 1)
    text = words(page)
    assert "Row 0, column 0: **−4 → −3**" in text
    assert "(−4.5 − (−6)) / (−3 − (−4)) = **1.5**" in text
    assert "Output before: **−4**, after: **−3**" in text
