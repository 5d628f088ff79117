"""The page runs by itself: every exhibit, as it is opened and after each main choice, for grey and colour pictures."""

import pytest

from explorer.images.samples import SAMPLES
from explorer.ui.exhibit import exhibits_of
from explorer.ui.images_are_tensors.other_grids import GRIDS, TITLES
from tests.pages.elements import open_page

PAGE = "pages/images_are_tensors.py"
PLACE = "explorer.place images_are_tensors"
EXHIBITS = exhibits_of("images_are_tensors")


@pytest.fixture
def page():
    return open_page(PAGE, {"exhibit": "A3"})


def take(page, sample):
    page.button_group(key="source_widget").set_value("sample").run()
    page.selectbox(key="sample_widget").set_value(sample).run()
    assert not page.exception
    return page


def words(page):
    return "\n".join(element.value for element in [*page.markdown, *page.caption])


@pytest.mark.parametrize("name", ["A1", "A2", "A3", "A4"])
def test_it_opens_with_the_cat_and_every_exhibit(open_screen, name):
    screen = open_screen(PAGE, address={"exhibit": name})
    assert screen.errors == []
    assert not screen.at.warning
    assert EXHIBITS[name].question in screen.words
    if name != "A4":
        assert screen.header("pixels")["title"] == "300×451×3: Cat (Chelsea)"


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_variant_loads(name):
    for title, settings in EXHIBITS[name].variants.items():
        page = open_page(PAGE, {"exhibit": name})
        next(button for button in page.button if button.label == title).click().run()
        assert not page.exception
        assert page.session_state[PLACE].settings == settings


@pytest.mark.parametrize("sample", ["cat", "cameraman", "horse", "digit-3", "checkerboard", "ramp", "red-circle"])
def test_it_runs_for_every_kind_of_sample(page, sample):
    take(page, sample)
    assert not page.error
    assert (":red[**R**]" in words(page)) == (SAMPLES[sample].load().pixels.ndim == 3)


def test_A3_the_formula_has_the_numbers_of_the_clicked_pixel(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "A3", "sample": "red-circle"})
    before = screen.component("pixels").bytes
    screen.send("pixels", pixel={"row": 64, "column": 60, "shape": "128×128×3 3"})
    assert "row 64, column 60" in screen.words
    assert screen.address["pixel"] == "64.60.128x128x3"
    # 220 / 255 = 0.8627
    assert "220/255 − 0.5 = 0.363" in screen.words
    assert "(220/255 − 0.4914)/0.2470 = 1.503" in screen.words
    assert screen.component("pixels").bytes == before  # the pixels are not sent again
    again = open_screen(PAGE, address=screen.address)
    assert "row 64, column 60" in again.words
    assert again.header("pixels")["chosen"] == {"row": 64, "column": 60}


def test_a_pixel_of_another_picture_is_forgotten_and_known_again(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "A3", "sample": "red-circle", "pixel": "3.4.128x128x3"})
    screen.select("sample_widget", "cat")
    assert "row 150, column 225" in screen.words
    assert screen.header("pixels")["chosen"] == {"row": 150, "column": 225}
    screen.select("sample_widget", "red-circle")
    assert "row 3, column 4" in screen.words
    assert screen.header("pixels")["chosen"] == {"row": 3, "column": 4}


def test_the_switches_are_in_the_address(open_screen):
    screen = open_screen(PAGE)
    before = screen.component("pixels").bytes
    screen.send("pixels", look={"plane": "G", "paint": "grey", "planes": "together"})
    assert screen.errors == []
    assert {name: screen.address[name] for name in ("plane", "paint", "planes")} == {
        "plane": "G", "paint": "grey", "planes": "together",
    }  # fmt: skip
    assert screen.component("pixels").bytes == before
    assert open_screen(PAGE, address=screen.address).header("pixels")["look"]["plane"] == "G"


@pytest.mark.parametrize("sent", [None, 7, {"plane": "X"}, {"plane": ["R"]}, {"colour": "R"}, {"plane": None}])
def test_switches_that_there_are_not_change_nothing(open_screen, sent):
    screen = open_screen(PAGE)
    screen.send("pixels", look=sent)
    assert screen.errors == []
    assert screen.address == {}


@pytest.mark.parametrize(
    "parts",
    [{"pixel": "middle"}, {"plane": "X"}, {"paint": ""}, {"sample": "dodo"}, {"exhibit": "A3", "scheme": "mine"},
     {"exhibit": "A4", "grid": "smell"}, {"exhibit": "A9"}],
)  # fmt: skip
def test_a_bad_address_falls_back_with_a_note(parts):
    page = open_page(PAGE, parts)
    assert len(page.warning) == 1
    assert not page.error


def test_A3_another_network_another_scheme(page):
    take(page, "red-circle")
    page.button_group(key="images_are_tensors A3 scheme").set_value("ImageNet").run()
    assert not page.exception
    assert "(220/255 − 0.4850)/0.2290 = 1.650" in words(page)
    assert "".join(page.query_params["scheme"]) == "ImageNet"


def test_A3_a_grey_picture_is_normalised_for_mnist(page):
    take(page, "ramp")  # 32×256: the middle column is 128
    assert "(128/255 − 0.1307)/0.3081 = 1.205" in words(page)


@pytest.mark.parametrize("name", GRIDS)
def test_A4_every_grid_is_shown_with_its_shape_and_its_kernel(open_screen, name):
    screen = open_screen(PAGE, address={"exhibit": "A4"})
    assert GRIDS["sound"]().what_a_kernel_is not in screen.words  # it is asked
    screen.button(TITLES[name]).click().run()
    if name == "sound":
        screen.button("Reveal").click().run()
    assert screen.errors == []
    assert str(GRIDS[name]().values.shape) in screen.words
    assert GRIDS[name]().what_a_kernel_is in screen.words


def test_A3_what_becomes_of_the_histogram_is_not_there_before_it_is_revealed(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "A3"})
    assert "Centred" not in screen.words
    screen.button("Reveal").click().run()
    assert "Centred" in screen.words
    assert "Standardised for CIFAR-10" in screen.words


def test_A2_predict_then_reveal():
    page = open_page(PAGE, {"exhibit": "A2"})
    assert "220" not in words(page)
    page.button_group(key="prediction images_are_tensors A2").set_value("the red one")
    next(button for button in page.button if button.label == "Reveal").click().run()
    assert "You predicted “the red one”: not so. The green and the blue ones" in words(page)
    assert "R is 220" in words(page)
    assert "0 of 1 right" in words(page)
    next(button for button in page.button if button.label == "Show that picture").click().run()
    assert not page.exception
    assert page.selectbox(key="sample_widget").value == "red-circle"


def test_the_stage_mode_in_the_address_is_the_browsers_own():
    page = open_page(PAGE, {"exhibit": "A4", "stage": "1"})
    assert not page.warning
    assert "".join(page.query_params["stage"]) == "1"  # nothing was written over it
