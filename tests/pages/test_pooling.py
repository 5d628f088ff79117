"""The Pooling page by itself: every exhibit, impossible settings, bad addresses."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.settings.record import kinds_of
from explorer.settings.written import write_numbers
from explorer.ui.exhibit import exhibits_of
from explorer.ui.pooling.shifts import make
from explorer.ui.pooling.window import make_channels, make_steps

EXHIBITS = exhibits_of("pooling")
KEY = "explorer.place pooling"


def open_page(**parts: str) -> AppTest:
    page = AppTest.from_file("../../pages/pooling.py", default_timeout=60)
    for name, value in parts.items():
        page.query_params[name] = value
    return page.run()


def words(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(text.value for text in page.markdown)


def set_number(page: AppTest, label: str, value: int) -> AppTest:
    return next(widget for widget in page.number_input if widget.label == label).set_value(value).run()


def values(exhibit: str, variant: str) -> list:
    return make_steps(EXHIBITS[exhibit].variants[variant])[0].output.tolist()


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


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_every_setting_survives_the_address(exhibit):
    for settings in EXHIBITS[exhibit].variants.values():
        for name, codec in kinds_of(type(settings)).items():
            assert codec.read(codec.write(getattr(settings, name))) == getattr(settings, name)
            assert len(codec.write(getattr(settings, name))) < 300


def test_E1_max_and_average():
    assert values("E1", "max") == [[[6, 8], [3, 5]]]
    assert values("E1", "average") == [[[2.5, 4.5], [1.75, 2.25]]]
    assert "⌊(4+2·0−2)/2⌋+1 = 2" in words(open_page())


def test_E1_ceil_mode_and_padding_are_taken():
    page = set_number(set_number(open_page(), "Window size", 3), "Padding", 1)
    assert "⌊(4+2·1−3)/2⌋+1 = 2" in words(page)
    page.toggle[0].set_value(True).run()
    assert "⌈(4+2·1−3)/2⌉+1 = 3" in words(page)
    page.toggle[1].set_value(False).run()
    assert not page.error
    settings = page.session_state[KEY].settings
    assert (settings.size, settings.padding, settings.ceil, settings.count_pad) == (3, 1, True, False)
    assert page.query_params["ceil"] in ("True", ["True"])


def test_E2_each_channel_by_itself():
    assert values("E2", "max") == [[[9, 2], [3, 0]], [[1, 7], [5, 6]], [[1, 1], [1, 8]]]
    assert str(make_channels(EXHIBITS["E2"].settings)[2]) == "200×200×64 → 100×100×64"
    page = open_page(exhibit="E2")
    page.session_state["answer pooling E2"] = True
    page.run()
    assert "**200×200×64 → 100×100×64**, and 2,560,000 numbers become **640,000**" in words(page)
    assert "**30×200×64 → 15×100×64**" in words(set_number(page, "Volume rows", 30))


def test_E2_more_channels_in_the_grid_start_at_zero():
    page = set_number(open_page(exhibit="E2"), "Channels in the grid", 4)
    assert not page.error
    assert np.shape(page.session_state[KEY].settings.input) == (4, 4, 4)
    assert not np.any(page.session_state[KEY].settings.input[3])


def test_E3_the_answers_numbers_are_the_pages():
    inputs, responses = make(EXHIBITS["E3"].settings)
    changes = {response.layer: response.changes[1] for response in responses}
    assert round(changes["average pooling"], 2) == 0.39
    assert round(changes["max pooling"], 2) == 0.50
    assert min(changes["convolution"], changes["strided convolution"]) > 0.8
    assert inputs[1][0, :, 1:].tolist() == inputs[0][0, :, :-1].tolist()
    assert all(response.changes[4] > 1 for response in responses)
    page = open_page(exhibit="E3", shift="1")
    assert "max pooling **50%**, average pooling **39%**" in words(page)
    assert "not merely moved" in words(page)


def test_E3_the_dot_is_unnoticed_inside_its_window():
    _, responses = make(EXHIBITS["E3"].variants["dot"])
    pooled = [response for response in responses if "pooling" in response.layer]
    assert [response.changes[1] for response in pooled] == [0, 0]
    assert all(response.changes[2] > 1 for response in pooled)


def test_E3_unchanged_is_said_only_where_it_is_so():
    inside = words(open_page(exhibit="E3", shift="2", input=volume(4)))
    assert "moved on by 1 cell, unchanged." in inside
    assert "unchanged but at the border" in words(open_page(exhibit="E3", shift="2", input=volume(11)))


def volume(column: int) -> str:
    """The address of one bright cell in a column of 12."""
    values = np.zeros((12, 12))
    values[4, column] = 9
    return write_numbers(values[None])


def test_E3_the_slider_and_the_kernel_are_taken():
    page = open_page(exhibit="E3")
    page.slider[0].set_value(4).run()
    assert "moved on by 2 cells" in words(page)
    next(box for box in page.selectbox if box.label == "Kernel of the convolutions").set_value("edges").run()
    assert not page.error
    assert (page.session_state[KEY].settings.shift, page.session_state[KEY].settings.kernel) == (4, "edges")


@pytest.mark.parametrize(
    ("exhibit", "label", "value"),
    [
        ("E1", "Stride", 0),
        ("E1", "Window size", 9),
        ("E1", "Window size", 10**9),
        ("E1", "Input rows", 10**9),
        ("E1", "Padding", 2),
        ("E1", "Padding", -1),
        ("E2", "Volume rows", 0),
        ("E2", "Volume channels", 10**15),
        ("E2", "Channels in the grid", 10**9),
        ("E2", "Stride", 10**9),
        ("E3", "Window and stride", 0),
        ("E3", "Window and stride", 10**9),
    ],
)
def test_an_impossible_setting_gets_one_sentence_and_the_last_picture_stays(exhibit, label, value):
    page = set_number(open_page(exhibit=exhibit), label, value)
    assert not page.exception
    assert len(page.error) == 1
    assert "stays" in page.error[0].value
    assert page.session_state[KEY].last_valid == EXHIBITS[exhibit].settings


@pytest.mark.parametrize(
    "parts",
    [
        {"exhibit": "Z9"},
        {"stride": "0"},
        {"input": "1_2~3"},
        {"input": "1_2~~3"},
        {"input": "z9999.9999.AAAA"},
        {"kind": "<script>"},
        {"kernel": "nothing"},
        {"shift": "999"},
        {"ceil": "maybe"},
        {"rows": "1e9"},
    ],
)
def test_a_bad_address_falls_back_with_a_note(parts):
    page = open_page(**parts)
    assert not page.exception
    assert len(page.warning) == 1
    assert not page.error


def test_an_address_whose_parts_do_not_fit_together_shows_the_exhibit():
    page = open_page(exhibit="E1", size="9")
    assert not page.exception
    assert len(page.error) == 1
    page = open_page(exhibit="E1", step="999")
    assert not page.exception


def test_a_drawing_is_taken():
    page = open_page(exhibit="E3")
    next(button for button in page.button if "28×28" in button.label).click().run()
    assert not page.exception
    assert np.shape(page.session_state[KEY].settings.input) == (1, 28, 28)
