"""The page runs by itself, as it is opened and after each main choice, for grey and colour pictures."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.images.samples import SAMPLES
from explorer.ui.images_are_tensors.page import EXHIBITS, GRIDS

PAGE = Path(__file__).parents[2] / "pages" / "images_are_tensors.py"
WAIT = 60  # seconds: the first run imports torch


@pytest.fixture
def page():
    return AppTest.from_file(PAGE, default_timeout=WAIT).run()


def take(page, sample):
    page.button_group(key="source_widget").set_value("sample").run()
    page.selectbox(key="sample_widget").set_value(sample).run()
    assert not page.exception
    return page


def words(page):
    return "\n".join(element.value for element in [*page.markdown, *page.caption])


def test_it_opens_with_the_cat_and_every_exhibit(page):
    assert not page.exception
    assert "The cat is shown" in words(page)
    for name in EXHIBITS:
        assert f":gray-badge[{name}]" in words(page)


@pytest.mark.parametrize("sample", ["cat", "cameraman", "horse", "digit-3", "checkerboard", "ramp", "red-circle"])
def test_it_runs_for_every_kind_of_sample(page, sample):
    take(page, sample)
    assert not page.error
    assert (":red[**R**]" in words(page)) == (SAMPLES[sample].load().pixels.ndim == 3)


def test_A3_the_formula_has_the_numbers_of_the_clicked_pixel(page):
    take(page, "red-circle")
    page.session_state["pixels"] = {"pixel": {"row": 64, "column": 64, "shape": "128×128×3 3"}}
    page.run()
    assert not page.exception
    assert "row 64, column 64" in words(page)
    # 220 / 255 = 0.8627
    assert "220/255 − 0.5 = 0.363" in words(page)
    assert "(220/255 − 0.4914)/0.2470 = 1.503" in words(page)


def test_A3_another_network_another_scheme(page):
    take(page, "red-circle")
    page.button_group(key="scheme_widget").set_value("ImageNet").run()
    assert not page.exception
    assert "(220/255 − 0.4850)/0.2290 = 1.650" in words(page)


def test_A3_a_grey_picture_is_normalised_for_mnist(page):
    take(page, "ramp")  # 32×256: the middle column is 128
    assert "(128/255 − 0.1307)/0.3081 = 1.205" in words(page)


@pytest.mark.parametrize("title", GRIDS)
def test_A4_every_grid_is_shown_with_its_shape_and_its_kernel(page, title):
    page.button_group(key="grid_widget").set_value(title).run()
    assert not page.exception
    assert str(GRIDS[title]().values.shape) in words(page)
    assert GRIDS[title]().what_a_kernel_is in words(page)


def test_A2_predict_then_reveal(page):
    assert "220" not in words(page)
    page.radio(key="circles_guess").set_value("the red one").run()
    assert "No: R is 220" in words(page)
    page.button[0].click().run()
    assert not page.exception
    assert page.selectbox(key="sample_widget").value == "red-circle"
    assert "Show that picture" not in [button.label for button in page.button]
