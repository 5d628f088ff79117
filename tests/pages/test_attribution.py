"""Which pixels matter runs by itself: every class, picture and level, its address, and a check that tells the truth."""

import numpy as np
import pytest

from explorer.models.registry import find
from explorer.probe.attribution import ATTRIBUTIONS, HeatMap
from explorer.ui.attribution import check, maps
from explorer.ui.attribution.maps import ANSWER, Explained
from explorer.ui.exhibit import exhibits_of

EXHIBITS = exhibits_of("attribution")
PAGE = "pages/attribution.py"
PLACE = "explorer.place attribution"


def settings(screen):
    return screen.at.session_state[PLACE].settings


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine is, the check of a small network needs no button."""
    monkeypatch.setattr(check, "PATIENCE", 1e6)


def test_it_opens_with_the_example_and_every_map(open_screen):
    screen = open_screen(PAGE)
    assert screen.errors == []
    assert EXHIBITS["Check"].question in screen.words
    assert "With every weight random" not in screen.words  # it is asked
    assert len(screen.at.get("plotly_chart")) == 2  # what the network says, and the same until the slider is moved
    screen.button("Reveal").click().run()
    assert "With every weight random, on this picture" in screen.words
    for method in ATTRIBUTIONS.values():
        assert method.title in screen.words
    assert len(screen.at.get("plotly_chart")) == 3
    assert settings(screen) == Explained(network="lenet5")


@pytest.mark.parametrize(("title", "network"), [("a digit", "lenet5"), ("a photograph", "colour")])
def test_every_variant_chooses_its_picture_and_network(open_screen, title, network):
    screen = open_screen(PAGE)
    screen.button(title).click().run()
    assert screen.errors == []
    assert settings(screen) == EXHIBITS["Check"].variants[title]
    assert screen.choice.network == network
    assert screen.address["sample"] == settings(screen).sample


def test_on_a_digit_what_is_multiplied_by_the_pixel_does_not_notice(open_screen):
    words = open_screen(PAGE, address={"sample": "digit-3", "network": "lenet5"}).words
    assert "Integrated gradients" in words.split("stay much as before")[0].split("With every weight")[1]
    signs = open_screen(PAGE, address={"sample": "digit-3", "network": "lenet5", "ranks": "signs"}).words
    said = signs.split("With every weight")[1].split(" much as before")[0]
    assert "Integrated gradients" not in said


def test_class_and_level_are_chosen_and_in_the_address(open_screen):
    screen = open_screen(PAGE, address={"sample": "cat", "network": "colour", "target": "5", "level": "7"})
    assert screen.errors == []
    box = next(one for one in screen.at.selectbox if one.label == "Which pixels speak for")
    assert box.value == find("colour").labels.index("dog") == 5
    assert screen.at.select_slider[0].value == 7
    screen.at.select_slider[0].set_value(2).run()
    box = next(one for one in screen.at.selectbox if one.label == "Which pixels speak for")
    box.set_value(3).run()
    assert screen.errors == []
    assert screen.address["level"] == "2"
    assert settings(screen).target in (3, ANSWER)


@pytest.mark.parametrize(
    "parts", [{"network": "none"}, {"level": "13"}, {"target": "x"}, {"sample": "dodo"}, {"ranks": "both"}]
)
def test_a_bad_address_falls_back_with_a_note(open_screen, parts):
    screen = open_screen(PAGE, address=parts)
    assert len(screen.at.warning) == 1
    assert screen.errors == []


def test_a_class_that_the_network_does_not_have(open_screen):
    screen = open_screen(PAGE, address={"network": "lenet5", "target": "700"})
    assert screen.errors == ["There is no class 700 here: the network's answer is explained."]
    assert len(screen.at.get("plotly_chart")) == 3


def test_a_level_that_the_network_does_not_have_is_its_last(open_screen):
    screen = open_screen(PAGE, address={"network": "lenet5", "level": "12"})
    assert screen.errors == []
    assert screen.at.select_slider[0].value == 5


def test_the_slider_is_a_step_that_shows_what_stays(open_screen):
    screen = open_screen(PAGE)
    screen.at.select_slider[0].set_value(1).run()
    assert "With every weight random, on this picture" in screen.words


def test_a_long_check_is_asked_for(open_screen, monkeypatch):
    monkeypatch.setattr(check, "PATIENCE", -1.0)
    screen = open_screen(PAGE)
    assert "With every weight random" not in screen.words
    next(button for button in screen.at.button if button.label.startswith("Run the check")).click().run()
    assert screen.errors == []
    assert "With every weight random" in screen.words


def test_maps_of_a_slow_network_come_one_after_the_other(open_screen, monkeypatch):
    drawn = []
    monkeypatch.setattr(maps, "AT_ONCE", -1.0)
    made = maps.heat_figure
    monkeypatch.setattr(
        maps,
        "heat_figure",
        lambda found, **rest: drawn.append([title for title, one in found.items() if one]) or made(found, **rest),
    )
    screen = open_screen(PAGE, address={"step": "1"})
    assert screen.errors == []
    assert len(screen.at.get("plotly_chart")) == 3  # the last one stands where the others stood
    titles = [method.title for method in ATTRIBUTIONS.values()]
    assert drawn[:6] == [titles[:count] for count in range(6)]


def test_an_empty_map_is_explained(open_screen, monkeypatch):
    empty = HeatMap(np.zeros((32, 32), np.float32), False)
    monkeypatch.setattr(maps, "attribute", lambda *_, **__: empty)
    words = open_screen(PAGE, address={"sample": "digit-7", "network": "lenet5"}).words
    assert "Grad-CAM is empty: it finds nothing that speaks for this class." in words
