"""The Volumes page by itself: every exhibit with the curriculum's numbers, impossible settings, bad addresses."""

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch.nn import functional as F

from explorer.figures.boards import with_columns, with_matrix
from explorer.layers.matrix import columns_difference, convolution_matrix, im2col, matrix_difference
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import read_address, write_address
from explorer.ui.volumes.counts import Inputs
from explorer.ui.volumes.layer import Layer, board

PAGE = "volumes"
EXHIBITS = exhibits_of(PAGE)
KEY = f"explorer.place {PAGE}"
LAYERS = [key for key, exhibit in EXHIBITS.items() if isinstance(exhibit.settings, Layer)]
COUNTS = [key for key, exhibit in EXHIBITS.items() if isinstance(exhibit.settings, Inputs)]
EVERY = [(key, settings) for key, e in EXHIBITS.items() for settings in (e.settings, *e.variants.values())]


def open_page(**parts: str) -> AppTest:
    page = AppTest.from_file("../../pages/volumes.py", default_timeout=60)
    for name, value in parts.items():
        page.query_params[name] = value
    return page.run()


def settle(page: AppTest, label: str, value: float) -> AppTest:
    next(widget for widget in page.number_input if widget.label == label).set_value(value).run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(element.value for element in [*page.markdown, *page.metric])


def shown(page: AppTest) -> AppTest:
    """After “Show the numbers”."""
    next(button for button in page.button if button.label == "Show the numbers").click().run()
    return page


def walk_of(exhibit: str, variant: str | None = None):
    settings = EXHIBITS[exhibit].variants[variant] if variant else EXHIBITS[exhibit].settings
    return EXHIBITS[exhibit].make(settings)


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_every_exhibit_opens_with_its_own_settings(exhibit):
    page = open_page(exhibit=exhibit)
    assert not page.exception
    assert not page.error
    assert not page.warning
    assert page.session_state[KEY].settings == EXHIBITS[exhibit].settings


@pytest.mark.parametrize(("exhibit", "settings"), EVERY)
def test_every_state_comes_back_from_the_address_which_is_short(exhibit, settings):
    parts = write_address(EXHIBITS[exhibit], settings, 3)
    place, problem = read_address(parts, EXHIBITS)
    assert (problem, place.exhibit, place.settings, place.step) == ("", exhibit, settings, 3)
    assert len("&".join(f"{name}={value}" for name, value in parts.items())) < 250


@pytest.mark.parametrize(("exhibit", "settings"), [pair for pair in EVERY if isinstance(pair[1], Layer)])
def test_the_maps_are_those_of_torch(exhibit, settings):
    walk = EXHIBITS[exhibit].make(settings)
    grids = {"C13": with_columns, "B5": with_matrix}.get(exhibit, lambda plain, walk: plain)(board(walk), walk).grids
    bias = None if settings.bias is None else torch.tensor(settings.bias, dtype=torch.float64)
    image, kernel = (torch.tensor(values, dtype=torch.float64) for values in (settings.input, settings.kernel))
    expected = F.conv2d(image[None], kernel, bias, settings.stride, settings.padding)[0].numpy()
    np.testing.assert_array_equal(walk.output, expected)
    np.testing.assert_array_equal(grids["output"].values, expected)


def test_C11_colour_pattern_finder():
    walk = walk_of("C11")
    red, blue = (1, 1), (1, 7)  # where the whole circle lies under the window
    step = walk.step(0, *red)
    assert (step.channel_sums.tolist(), step.bias, step.value) == ([12, 0, 0], -8, 4)
    assert (walk.output[0] > 0).nonzero()[0].tolist() == [red[0]]
    assert (walk.output[0] > 0).nonzero()[1].tolist() == [red[1]]
    assert np.argwhere(walk.output[1] > 0).tolist() == [list(blue)]
    assert walk.output[0][blue] == -20  # twelve blue cells subtract
    assert walk.kernel.size + walk.bias.size == (5 * 5 * 3 + 1) * 2 == 152


def test_C11_not_green_not_white():
    walk = walk_of("C11", "green and white")
    assert (walk.output <= 0).all()
    assert walk.output[0, 1, 7] == 12 - 12 - 12 - 8


def test_C11_formula_with_numbers():
    assert "(Wk·Hk·Cin + 1)·Cout = (5·5·3+1)·2 = 152" in words(open_page(exhibit="C11"))


def test_C11_more_channels_and_maps():
    page = settle(settle(open_page(exhibit="C11"), "Maps out, Cout", 5), "Channels in, Cin", 4)
    settings = page.session_state[KEY].settings
    assert np.shape(settings.kernel) == (5, 4, 5, 5)
    assert np.shape(settings.input) == (4, 7, 12)
    assert settings.bias == (-8, -8, 0, 0, 0)
    assert "(5·5·4+1)·5 = 505" in words(page)
    assert sum(widget.label.startswith("Bias of map") for widget in page.number_input) == 5


def test_C11_without_biases():
    page = open_page(exhibit="C11")
    page.toggle[0].set_value(False).run()
    assert page.session_state[KEY].settings.bias is None
    assert "Wk·Hk·Cin·Cout = (5·5·3)·2 = 150" in words(page)
    assert page.query_params["bias"] == "none"


def test_C11_biases_taken_away_and_given_again_are_those_of_all_maps():
    page = open_page(exhibit="C11", bias="none")
    page.toggle[0].set_value(True).run()
    assert page.session_state[KEY].settings.bias == (0, 0)
    assert sum(widget.label.startswith("Bias of map") for widget in page.number_input) == 2


def test_C11_a_bias_of_its_own_for_every_map():
    page = settle(open_page(exhibit="C11"), "Bias of map 1", 2.5)
    assert page.session_state[KEY].settings.bias == (-8, 2.5)


def test_C13_im2col():
    columns = im2col(walk_of("C13"))
    assert (columns.weights.shape, columns.columns.shape, columns.product.shape) == ((4, 27), (27, 9), (4, 9))
    wider = im2col(walk_of("C13", "8×8 input"))
    assert (wider.weights.shape, wider.columns.shape) == ((4, 27), (27, 36))
    assert columns_difference(walk_of("C13")) == 0
    page = open_page(exhibit="C13")
    page.session_state["answer volumes C13"] = True
    text = words(page.run())
    assert "4×27 times 27×9 gives 4×9" in text
    assert "maps (before the bias): **0**" in text


def test_C16_depth_is_reduced():
    walk = walk_of("C16")
    assert (walk.image.shape, walk.output.shape) == ((4, 4, 4), (2, 4, 4))
    np.testing.assert_array_equal(walk.output[0], walk.image.sum(axis=0))
    np.testing.assert_array_equal(walk.output[1], walk.image[0] - walk.image[1])
    assert "(1·1·4+1)·2 = 10" in words(open_page(exhibit="C16"))


def test_B5_the_matrix_of_a_convolution():
    walk = walk_of("B5")
    dense = convolution_matrix(walk)
    assert dense.matrix.shape == (9, 16)
    assert np.unique(dense.matrix[dense.matrix != 0]).size == dense.distinct == 4
    assert dense.filled == 36
    np.testing.assert_array_equal(dense.matrix @ walk.image.ravel(), walk.output.ravel())
    assert matrix_difference(walk) == 0
    text = words(open_page(exhibit="B5"))
    assert "A 9×16 matrix: 144 entries, 36 inside a window, **4** distinct values other than 0" in text


def test_B1_weights_of_one_neuron():
    page = open_page(exhibit="B1")
    assert [metric.value for metric in page.metric] == ["?"]  # predict first
    assert shown(page).metric[0].value == "270,000"


def test_B3_parameters_against_fully_connected():
    text = words(shown(open_page(exhibit="B3")))
    assert "(5·5·1+1)·1 = 26" in text
    assert "(90,000+1)·90,000 = 8,100,090,000" in text
    assert "8.1×10⁹" in text
    assert "300×300×1 to 300×300×1" in text


def test_B4_the_same_for_volumes():
    text = words(shown(open_page(exhibit="B4")))
    for part in ("32×32×3 to 28×28×64", "4,800 weights", "4,864", "3,072×50,176 = 154,140,672", "about 32,000 times"):
        assert part in text


def test_a_changed_size_shows_the_numbers():
    page = settle(open_page(exhibit="B1"), "Input channels", 1)
    assert "300·300·1 = **90,000**" in words(page)
    assert page.query_params["channels"] == "1"


IMPOSSIBLE = [
    *[
        ("C11", label, value)
        for label, value in [
            ("Stride", 0),
            ("Stride", 10**9),
            ("Padding", -1),
            ("Kernel rows", 8),
            ("Kernel columns", 0),
            ("Input rows", 10**9),
            ("Input rows", 3),
            ("Channels in, Cin", 0),
            ("Maps out, Cout", 10**9),
        ]
    ],
    ("B5", "Input rows", 64),  # a matrix too large to draw
    ("B1", "Input rows", 0),
    ("B1", "Input rows", 10**15),
    ("B3", "Kernel, k×k", 400),
    ("B3", "Padding", -1),
    ("B4", "Feature maps", 10**12),
    ("B4", "Kernel, k×k", 33),
]


@pytest.mark.parametrize(("exhibit", "label", "value"), IMPOSSIBLE)
def test_an_impossible_setting_gets_one_sentence_and_the_last_picture_stays(exhibit, label, value):
    page = settle(open_page(exhibit=exhibit), label, value)
    assert len(page.error) == 1
    assert page.error[0].value.endswith("The last valid picture stays.")
    assert page.session_state[KEY].last_valid == EXHIBITS[exhibit].settings


def test_another_exhibit_after_an_impossible_setting():
    page = settle(open_page(exhibit="B4"), "Kernel, k×k", 33)
    page.selectbox(key=f"exhibit of {PAGE}").set_value("C11").run()
    assert not page.exception
    assert not page.error


@pytest.mark.parametrize(
    "parts",
    [
        {"exhibit": "C11", "input": "1~~2~~~3"},
        {"exhibit": "C11", "kernel": "z999999.999999.9.9.eJwDAAAAAAE"},
        {"exhibit": "C11", "bias": "x"},
        {"exhibit": "C16", "stride": "0"},
        {"exhibit": "B3", "rows": "²"},
        {"exhibit": "Z9"},
        {"exhibit": "B4", "step": "-1"},
    ],
)
def test_a_bad_address_falls_back_with_a_note(parts):
    page = open_page(**parts)
    assert not page.exception
    assert not page.error
    assert len(page.warning) == 1
    expected = EXHIBITS.get(parts["exhibit"], EXHIBITS["C11"])
    assert page.session_state[KEY].settings == expected.settings


@pytest.mark.parametrize(
    "parts",
    [
        {"exhibit": "C11", "kernel": "1~~2~~~3~~4"},  # depth 2 for an input of 3
        {"exhibit": "C11", "bias": "1_2_3"},  # three biases for two maps
        {"exhibit": "C16", "padding": "64", "stride": "1"},  # maps too large
        {"exhibit": "B3", "rows": "1000000000000"},
    ],
)
def test_an_address_that_does_not_fit_together_gets_a_sentence(parts):
    page = open_page(**parts)
    assert not page.exception
    assert len(page.error) <= 1


def test_an_edit_in_the_browser_changes_one_plane(open_screen):
    screen = open_screen("pages/volumes.py")
    edits = [
        {"serial": 1, "grid": "input", "cells": [[1, 2, 3, 7.0]]},
        {"serial": 2, "grid": "kernel", "cells": [[4, 0, 0, 9.0]]},  # kernel 1, plane 1
    ]
    screen.trigger("volumes_stepper", "edited", {"edits": edits})
    assert not screen.errors
    settings = screen.at.session_state[KEY].settings
    before = EXHIBITS["C11"].settings
    changes = np.argwhere(np.array(settings.input) != np.array(before.input))
    assert changes.tolist() == [[1, 2, 3]]
    assert settings.input[1][2][3] == 7
    assert np.argwhere(np.array(settings.kernel) != np.array(before.kernel)).tolist() == [[1, 1, 0, 0]]
    assert settings.kernel[1][1][0][0] == 9


def test_random_numbers_keep_the_sizes():
    page = open_page(exhibit="C16")
    for label in ("Random input", "Random kernels"):
        next(button for button in page.button if button.label == label).click().run()
        assert not page.exception
    settings, before = page.session_state[KEY].settings, EXHIBITS["C16"].settings
    assert np.shape(settings.input) == np.shape(before.input)
    assert np.shape(settings.kernel) == np.shape(before.kernel)
    assert settings.kernel != before.kernel


def test_a_convolution_that_has_more_weights_is_told_so():
    page = open_page(exhibit="B3", rows="1", cols="1", window="3", margin="1")
    found = {metric.label: metric.value for metric in page.metric}
    assert found["The convolution has more weights by"] == "about 9 times"
    page = shown(open_page(exhibit="B3"))
    assert {m.label: m.value for m in page.metric}["The convolution has fewer weights by"] == "about 3.2×10⁸ times"


def test_numbers_once_shown_are_in_the_address_and_covered_again_by_another_exhibit():
    page = shown(open_page(exhibit="B3"))
    assert page.query_params["step"] == "1"
    told = [metric.value for metric in open_page(exhibit="B3", step="1").metric]
    assert told
    assert "?" not in told
    page.selectbox(key=f"exhibit of {PAGE}").set_value("B4").run()
    assert {metric.value for metric in page.metric} == {"?"}
