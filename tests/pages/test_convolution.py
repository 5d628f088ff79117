"""The Convolution page by itself: every exhibit, impossible settings, bad addresses."""

import base64
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.layers.algebra import commute
from explorer.layers.convolution import convolve
from explorer.settings.written import write_numbers
from explorer.ui.convolution.kernel import walk
from explorer.ui.exhibit import exhibits_of

EXHIBITS = exhibits_of("convolution")
KEY = "explorer.place convolution"


def open_page(**parts: str) -> AppTest:
    page = AppTest.from_file("../../pages/convolution.py", default_timeout=60)
    for name, value in parts.items():
        page.query_params[name] = value
    return page.run()


def steppers(page: AppTest) -> list:
    return [component for component in page.get("bidi_component") if component.key.endswith("stepper")]


def reveal(page: AppTest, exhibit: str) -> AppTest:
    """After “Reveal the answer” was opened."""
    page.session_state[f"answer convolution {exhibit}"] = True
    return page.run()


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_every_exhibit_opens_with_its_own_settings(exhibit):
    page = open_page(exhibit=exhibit)
    assert not page.exception
    assert not page.error
    assert page.session_state[KEY].settings == EXHIBITS[exhibit].settings


def values(exhibit: str, variant: str | None = None) -> list[list[float]]:
    """The feature map that the page shows for an exhibit or one of its variants."""
    settings = EXHIBITS[exhibit].variants[variant] if variant else EXHIBITS[exhibit].settings
    return walk(settings).output[0].tolist()


def test_C1_window_products():
    assert values("C1") == [[5, 5, 7]]


def test_C3_backslash_classifier():
    assert values("C3", "backslash \\") == [[0, 0, 0], [0, 1, 0], [0, 0, 2]]
    assert values("C3", "slash /") == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_C4_moved_pattern():
    assert values("C4", "top left") == [[2, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_C6_the_turn_makes_it_commute():
    settings = EXHIBITS["C6"].settings
    assert settings.flip
    assert commute(settings.input, settings.kernel, flipped=True).equal
    assert not commute(settings.input, settings.kernel, flipped=False).equal


def test_C7_valid_and_same_sizes():
    sizes = {name: np.shape(values("C7", name)) for name in EXHIBITS["C7"].variants}
    assert sizes == {"valid: padding 0": (6, 6), "same: padding 1": (8, 8)}


@pytest.mark.parametrize(
    ("address", "first", "apart"),
    [
        ({}, 2, 1),
        ({"dilation": "3"}, 6, 1),  # the mean of samples 0, 3, 6, 9 and 12
        ({"dilation": "2", "padding": "1", "stride": "3"}, 3, 3),
        ({"kernel": write_numbers(np.array(((0.5, 0.5),)))}, 0.5, 1),
    ],
)
def test_C5_the_smoothed_curve_lies_on_its_windows(address, first, apart):
    chart = open_page(exhibit="C5", **address).get("plotly_chart")[0]
    at = json.loads(chart.proto.spec)["data"][1]["x"]
    at = np.frombuffer(base64.b64decode(at["bdata"]), at["dtype"]) if isinstance(at, dict) else np.array(at)
    assert at[:2].tolist() == [first, first + apart]


def test_C8_symbolic_terms():
    made = walk(EXHIBITS["C8"].settings)
    assert [made.at(0).terms, made.at(1).terms] == ["w6 + w8 + w9 + b", "w5 + w7 + w8 + b"]
    assert (len(made), made.kernel.size + made.bias.size) == (9, 10)
    assert made.activation == "sigmoid"


def test_C9_stride():
    assert values("C9") == [[7, 9], [4, 6]]


def test_C12_formula_with_numbers():
    page = reveal(open_page(exhibit="C12"), "C12")
    assert any("⌊(7+2·1−1·(3−1)−1)/2⌋+1 = 4" in text.value for text in page.markdown)


@pytest.mark.parametrize("exhibit", ["C7", "C12"])
def test_where_the_size_is_asked_the_map_is_drawn_once_it_is_revealed(exhibit):
    page = open_page(exhibit=exhibit)
    assert not steppers(page)
    assert steppers(reveal(page, exhibit))
    assert steppers(open_page(exhibit=exhibit, stride="3"))  # something else than was asked


def test_C17_zeros_make_an_edge_and_the_others_do_not():
    assert np.any(values("C17", "zeros"))
    assert not np.any(values("C17", "reflect"))
    assert not np.any(values("C17", "replicate"))


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Stride", 0),
        ("Kernel rows", 9),
        ("Input rows", 10**9),
        ("Padding", -1),
        ("Dilation", 10**9),
        ("Kernel columns", 0),
    ],
)
def test_an_impossible_setting_gets_one_sentence_and_the_last_picture_stays(label, value):
    page = open_page(exhibit="C9")
    next(widget for widget in page.number_input if widget.label == label).set_value(value).run()
    assert not page.exception
    assert len(page.error) == 1
    assert "stays" in page.error[0].value
    kept = page.session_state[KEY].last_valid
    np.testing.assert_array_equal(walk(kept).output, convolve(kept.input, kept.kernel, stride=2).output)


def test_going_back_to_a_possible_setting_clears_the_sentence():
    page = open_page(exhibit="C9")
    stride = next(widget for widget in page.number_input if widget.label == "Stride")
    stride.set_value(0).run()
    next(widget for widget in page.number_input if widget.label == "Stride").set_value(1).run()
    assert not page.error
    assert page.session_state[KEY].last_valid.stride == 1


@pytest.mark.parametrize(
    "parts",
    [
        {"exhibit": "Z9"},
        {"stride": "0"},
        {"stride": "many"},
        {"kernel": "1_2~3"},
        {"input": "z9999.9999.AAAA"},
        {"mode": "<script>"},
        {"step": "-1"},
        {"bias": "nan"},
    ],
)
def test_a_bad_address_falls_back_with_a_note(parts):
    page = open_page(**parts)
    assert not page.exception
    assert len(page.warning) == 1


def test_a_step_beyond_the_last_is_the_last():
    page = open_page(exhibit="C9", step="999")
    assert not page.exception


def test_shift_buttons_move_the_pattern():
    page = open_page(exhibit="C4")
    next(button for button in page.button if "left" in button.label and "top" not in button.label).click().run()
    assert not page.exception
    assert page.session_state[KEY].settings.input[2] == (0, 1, 0, 0)


def test_a_drawing_is_taken_as_28_by_28():
    page = open_page(exhibit="C1")
    next(button for button in page.button if "28×28" in button.label).click().run()
    assert not page.exception
    assert np.shape(page.session_state[KEY].settings.input) == (28, 28)
    assert "".join(page.query_params["input"]).startswith("z28.28.")


def test_C4_a_shift_is_told_in_words():
    page = reveal(open_page(exhibit="C4"), "C4")
    assert any("Shift 1 row up and 1 column to the left, then convolve" in text.value for text in page.markdown)
