"""The Unpooling page by itself: every exhibit, its numbers, impossible settings, bad addresses."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.layers.unpooling import away_from_border
from explorer.settings.record import kinds_of
from explorer.settings.written import matrix
from explorer.ui.exhibit import exhibits_of
from explorer.ui.unpooling.stamps import make as make_stamped
from explorer.ui.unpooling.switches import make as make_switched
from explorer.ui.unpooling.where import STRONGEST
from explorer.ui.unpooling.without_memory import make as make_fixed

EXHIBITS = exhibits_of("unpooling")
PAGE = "pages/unpooling.py"
PLACE = "explorer.place unpooling"
GRIDS = ("K2", "K3", "K4")


def settings(screen):
    return screen.at.session_state[PLACE].settings


def set_number(screen, label, value):
    next(one for one in screen.at.number_input if one.label == label).set_value(value).run()
    return screen


def predict(screen, title):
    """Predict, and reveal."""
    next(box for box in screen.at.selectbox if box.key.startswith("prediction")).set_value(title)
    screen.button("Reveal").click().run()
    return screen


def charts(screen):
    """What each chart on the stage is called by its exhibit."""
    return [chart.key.split()[-1] for chart in screen.at.get("plotly_chart")]


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_every_exhibit_and_variant_opens(open_screen, exhibit):
    screen = open_screen(PAGE, address={"exhibit": exhibit})
    assert screen.errors == []
    assert not screen.at.warning
    assert f"**Predict:** {EXHIBITS[exhibit].question}" in screen.words
    for name, wanted in EXHIBITS[exhibit].variants.items():
        screen.button(name).click().run()
        assert screen.errors == []
        assert settings(screen) == wanted


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_every_setting_survives_the_address(exhibit):
    for wanted in (EXHIBITS[exhibit].settings, *EXHIBITS[exhibit].variants.values()):
        for name, codec in kinds_of(type(wanted)).items():
            if getattr(wanted, name, ""):
                assert codec.read(codec.write(getattr(wanted, name))) == getattr(wanted, name)
                assert len(codec.write(getattr(wanted, name))) < 300


# ── the curriculum's numbers ────────────────────────────────────────────────────────────────────────────────


def test_K2_numbers():
    made = {name: make_fixed(one).stamping.output.tolist() for name, one in EXHIBITS["K2"].variants.items()}
    assert made["nearest"] == [[[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]]
    assert made["bilinear"][0][0] == [1, 1.25, 1.75, 2]
    assert made["sub-pixel"] == [[[1, 5, 2, 6], [0, 9, 0, 9], [3, 7, 4, 8], [0, 9, 0, 9]]]


def test_K3_numbers():
    made = make_switched(EXHIBITS["K3"].settings)
    assert made.pooling.output.tolist() == [[[5, 4], [7, 8]]]
    assert made.output.tolist() == [[[0, 0, 2, 0], [0, 1, 0, 0], [0, 0, 0, 0], [3, 0, 0, 4]]]
    maxima = make_switched(EXHIBITS["K3"].variants["the maxima"])
    assert maxima.values.tolist() == maxima.pooling.output.tolist()


def test_K4_numbers():
    made = {name: make_stamped(one)[:2] for name, one in EXHIBITS["K4"].variants.items()}
    assert {name: stamping.output.shape for name, (stamping, _) in made.items()} == dict.fromkeys(made, (1, 4, 4))
    assert made["3×3"][0].output[0, 1, 1] == 10
    assert made["3×3"][0].overlaps.tolist() == [[1, 2, 1, 1], [2, 4, 2, 2], [1, 2, 1, 1], [1, 2, 1, 1]]
    assert made["2×2"][0].overlaps.max() == 1
    assert {name: pattern.flat for name, (_, pattern) in made.items()} == {
        "3×3": False, "2×2": True, "4×4": True, "tent": True,
    }  # fmt: skip
    # The answer names the last three as those whose pattern vanishes: each comes out flat away from the border
    for name, one in EXHIBITS["K4"].variants.items():
        *_, flat = make_stamped(one)
        inner = flat.output[0][away_from_border(flat)]
        assert (np.ptp(inner) < 1e-9) == (name != "3×3"), name
    uneven = make_stamped(replace(EXHIBITS["K4"].variants["2×2"], kernel=matrix("1 2; 3 4")))[1]
    assert uneven.even_counts  # the stride divides the kernel,
    assert not uneven.flat  # yet without equal weights it is a checkerboard


def test_K4_says_the_size_and_whether_a_checkerboard_appears(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "K4"})
    assert "(2−1)·2 − 2·1 + 3 + 1 = 4" in screen.words
    assert "**1 to 4** stamps on a cell" in screen.words
    assert "**a checkerboard**" in screen.words
    screen.button("4×4").click().run()
    assert "**4** stamps on every cell" in screen.words
    assert "**no checkerboard**" in screen.words


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────


def choose_kind(screen, kind: str) -> None:
    next(box for box in screen.at.selectbox if box.label == "Kind").set_value(kind).run()


def test_K2_sub_pixel_gets_its_channels_and_gives_them_back(open_screen):
    screen = open_screen(PAGE)
    choose_kind(screen, "subpixel")
    assert screen.errors == []
    assert np.shape(settings(screen).input) == (4, 2, 2)
    set_number(screen, "Factor", 3)
    assert np.shape(settings(screen).input) == (9, 2, 2)
    choose_kind(screen, "bilinear")
    assert screen.errors == []
    assert np.shape(settings(screen).input) == (1, 2, 2)


def test_K3_the_values_follow_the_pooled_size_and_the_maxima_are_taken(open_screen):
    screen = set_number(open_screen(PAGE, address={"exhibit": "K3"}), "Input rows", 6)
    assert screen.errors == []
    assert np.shape(settings(screen).values) == (1, 3, 2)
    screen.button("Values: the maxima").click().run()
    assert settings(screen).values == (((5.0, 4.0), (7.0, 8.0), (0.0, 0.0)),)
    assert screen.address["values"] == "5_4~7_8~0_0"


def test_an_edit_in_the_browser_reaches_the_layer(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "K3"})
    screen.trigger("unpooling_stepper", "edited", {"edits": [{"serial": 7, "grid": "input", "cells": [[0, 0, 0, 9]]}]})
    assert screen.errors == []
    assert settings(screen).input[0][0][0] == 9
    screen = open_screen(PAGE, address={"exhibit": "K4"})
    screen.trigger("unpooling_stepper", "edited", {"edits": [{"serial": 7, "grid": "kernel", "cells": [[0, 1, 1, 5]]}]})
    assert settings(screen).kernel[1][1] == 5


@pytest.mark.parametrize(
    ("exhibit", "label", "value"),
    [
        ("K2", "Factor", 0),
        ("K2", "Factor", 10**9),
        ("K2", "Input rows", 10**9),
        ("K3", "Window and stride", 0),
        ("K3", "Window and stride", 9),
        ("K3", "Input columns", -1),
        ("K4", "Stride", 0),
        ("K4", "Stride", 10**9),
        ("K4", "Padding", 9),
        ("K4", "Output padding", 2),
        ("K4", "Kernel rows", 65),
    ],
)
def test_an_impossible_setting_gets_one_sentence_and_the_last_picture_stays(open_screen, exhibit, label, value):
    screen = set_number(open_screen(PAGE, address={"exhibit": exhibit}), label, value)
    assert len(screen.errors) == 1
    assert "stays" in screen.errors[0]
    assert screen.at.session_state[PLACE].last_valid == EXHIBITS[exhibit].settings


@pytest.mark.parametrize(
    "parts",
    [
        {"exhibit": "Z9"},
        {"factor": "0"},
        {"kind": "<script>"},
        {"input": "1_2~3"},
        {"input": "z9999.9999.AAAA"},
        {"exhibit": "K3", "values": "nan"},
        {"exhibit": "K4", "extra": "1e9"},
        {"exhibit": "K4", "kernel": ""},
        {"exhibit": "K5", "sample": "dodo"},
        {"exhibit": "K5", "window": "3"},
        {"exhibit": "K5", "pooling": "least"},
        {"exhibit": "K5b", "network": "none"},
        {"exhibit": "K5b", "channel": "-3"},
        {"exhibit": "K5b", "rectify": "maybe"},
        {"step": "-1"},
    ],
)
def test_a_bad_address_falls_back_with_a_note(open_screen, parts):
    screen = open_screen(PAGE, address=parts)
    assert len(screen.at.warning) == 1
    assert screen.errors == []


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"exhibit": "K2", "kind": "subpixel", "factor": "9"}, "1 channel cannot take turns"),
        ({"exhibit": "K3", "size": "9"}, "stays"),
        ({"exhibit": "K4", "padding": "9"}, "crops"),
        ({"exhibit": "K5b", "network": "lenet5", "layer": "f6"}, "no way back"),
        ({"exhibit": "K5b", "network": "lenet5", "layer": "s2", "channel": "700"}, "no channel 700"),
    ],
)
def test_an_address_whose_parts_do_not_fit_together_gets_a_sentence(open_screen, parts, words):
    screen = open_screen(PAGE, address=parts)
    assert len(screen.errors) >= 1
    assert words in " ".join(screen.errors)
    assert not open_screen(PAGE, address={"exhibit": "K4", "step": "999"}).errors


# ── K5 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_K5_answers_after_the_prediction(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "K5"})
    assert charts(screen) == ["pictures"]
    assert "picture 128×128: 49,152 numbers" in screen.words
    assert "pooled to 32×32: 3,072 numbers" in screen.words
    predict(screen, "Max unpooling")
    assert screen.errors == []
    assert charts(screen) == ["ways"]
    assert "Closest is **Bilinear**" in screen.words
    assert "You predicted Max unpooling, 6.9 dB; it is **Bilinear**, 20.0 dB." in screen.words
    other = open_screen(PAGE, address={"exhibit": "K5"})
    assert "**Right**, 20.0 dB." in predict(other, "Bilinear").words


def test_every_picture_of_K5_is_a_round_of_its_own(open_screen):
    screen = predict(open_screen(PAGE, address={"exhibit": "K5"}), "Nearest")
    assert "0 of 1 right" in screen.words
    screen.button("a checkerboard").click().run()
    assert f"**Predict:** {EXHIBITS['K5'].question}" in screen.words
    assert charts(screen) == ["pictures"]
    predict(screen, "Nearest")
    assert charts(screen) == ["ways"]
    assert "**Right**, exact, ∞ dB." in screen.words
    assert "1 of 2 right" in screen.words
    screen.button("a digit").click().run()
    assert charts(screen) == ["pictures"]
    screen.button("a checkerboard").click().run()
    assert charts(screen) == ["ways"]  # its answer is open still
    assert "1 of 2 right" in screen.words


def test_what_is_changed_on_the_way_belongs_to_its_round(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "K5"})
    screen.button("a digit").click().run()
    control = next(group for group in screen.at.button_group if group.key.endswith(" window"))
    control.set_value(2).run()
    assert charts(screen) == ["ways"]  # nobody is asked about that
    predict(screen, "Max unpooling")
    assert "You predicted Max unpooling, 8.1 dB" in screen.words  # of the digit in windows of 4×4


def test_whatever_the_session_looks_at_is_asked_about(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "K5", "sample": "astronaut"})
    assert screen.choice.sample == "astronaut"
    assert charts(screen) == ["pictures"]
    assert charts(open_screen(PAGE, address={"exhibit": "K5b", "network": "colour"})) == ["seen"]


def test_K5_pooling_and_window_are_taken(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "K5", "sample": "digit-3", "pooling": "average", "window": "8"})
    assert "pooled to 4×4: 16 numbers" in screen.words
    assert charts(screen) == ["ways"]
    assert screen.errors == []
    assert "Max unpooling" not in [note for note in screen.words.splitlines() if note.startswith("- **")]
    control = next(group for group in screen.at.button_group if group.key.endswith(" window"))
    control.set_value(2).run()
    assert "pooled to 16×16: 256 numbers" in screen.words
    assert screen.address["window"] == "2"


def test_K5b_switches_matter_after_three_poolings_and_not_after_one(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "K5b"})
    assert "An example digit is looked at until you draw" in screen.words
    screen.button("three poolings").click().run()
    assert charts(screen) == ["seen"]
    predict(screen, "Nearest")
    assert screen.errors == []
    assert "Closest is **Max unpooling**" in screen.words
    assert "From pool3, all channels: 2,048 numbers" in screen.words
    screen.button("one pooling").click().run()
    assert charts(screen) == ["seen"]
    predict(screen, "Nearest")
    assert "**Right**, r " in screen.words
    assert "Closest is **Nearest**" in screen.words


def test_K5b_layer_channel_and_relus_are_taken(open_screen):
    screen = open_screen(
        PAGE, address={"exhibit": "K5b", "network": "lenet5", "layer": "s2", "channel": str(STRONGEST)}
    )
    assert screen.errors == []
    assert "alone: 196 numbers" in screen.words
    next(box for box in screen.at.selectbox if box.label == "From layer").set_value("c3").run()
    screen.at.toggle[0].set_value(False).run()
    assert screen.errors == []
    assert (screen.address["layer"], screen.address["rectify"]) == ("c3", "False")


def test_K5b_another_network_has_other_layers(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "K5b", "network": "lenet5", "layer": "s2"})
    screen.select("network_widget", "colour")
    assert screen.errors == []
    assert (settings(screen).network, settings(screen).layer) == ("colour", "pool3")
