"""Compare activations runs by itself: every exhibit and variant, moments of a run, and what does not go together."""

import pytest
import torch

from explorer.data.labelled import DataSet, LabelledImages
from explorer.models.trainable import Design, build
from explorer.training.settings import RunSettings
from explorer.training.timeline import Writer
from explorer.ui.exhibit import exhibits_of

PAGE = "pages/compare_activations.py"
PLACE = "explorer.place compare_activations"
EXHIBITS = exhibits_of("compare_activations")


def settings(screen):
    return screen.at.session_state[PLACE].settings


def first_side(screen):
    return next(box for box in screen.at.selectbox if box.label == "First side")


def shares(words, after):
    """The percentages of a sentence, as numbers: pixels, first, second."""
    part = words.split(after)[1].split(";")[0].split(".\n")[0]
    return [float(text.split("%")[0]) for text in part.split("**")[1::2]]


@pytest.fixture
def run(runs):
    half = LabelledImages(torch.zeros(6, 1, 32, 32, dtype=torch.uint8), torch.arange(6) % 3)
    writer = Writer(runs / "one", RunSettings(Design(), "digits"), DataSet("noise", tuple("abc"), half, half))
    for steps in (0, 5):
        writer.snapshot(steps, build(Design(), 1, 3, seed=steps).state_dict())


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_exhibit_opens_by_its_address(open_screen, name):
    screen = open_screen(PAGE, address={"exhibit": name})
    assert screen.errors == []
    assert not screen.at.warning
    assert EXHIBITS[name].question in screen.words
    assert len(screen.at.get("plotly_chart")) == 1


@pytest.mark.parametrize(("name", "title"), [(name, title) for name, it in EXHIBITS.items() for title in it.variants])
def test_every_variant_loads(open_screen, name, title):
    screen = open_screen(PAGE, address={"exhibit": name})
    screen.button(title).click().run()
    assert screen.errors == []
    assert settings(screen) == EXHIBITS[name].variants[title]


def test_G5_trained_features_separate_better_than_pixels_and_random_ones_do_not(open_screen):
    words = open_screen(PAGE, address={"exhibit": "G5"}).words
    for after in ("in the plane: ", "in all their numbers: "):
        pixels, trained, random = shares(words, after)
        assert trained > pixels > random


def test_G5_tsne(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "G5", "plane": "tsne"})
    assert screen.errors == []
    assert shares(screen.words, "in the plane: ")[0] > 85  # tidy even for pixels


def test_maps_of_unlike_shapes_have_no_difference_and_say_so(open_screen):
    address = {"exhibit": "Maps", "b_layer": "relu1"}
    assert "the two layers' shapes do not agree" in open_screen(PAGE, address=address).words
    assert "Mean difference" in open_screen(PAGE, address={"exhibit": "Maps"}).words
    same = open_screen(PAGE, address={"exhibit": "Maps", "b": "lenet5"})
    assert "Mean difference |first − second|: 0.0000" in same.words


def test_a_network_without_weights_here_is_called_random(open_screen):
    address = {"exhibit": "Maps", "a": "squeezenet1_1", "b": "lenet5", "a_picture": "cat"}
    screen = open_screen(PAGE, address=address)
    assert screen.errors == []
    assert settings(screen).a == "squeezenet1_1.random"
    sides = first_side(screen)
    assert sides.options[sides.index] == "SqueezeNet 1.1, random"


@pytest.mark.parametrize("name", EXHIBITS)
def test_two_moments_of_a_run(open_screen, run, name):
    screen = open_screen(PAGE, address={"exhibit": name, "a": "run.one.0", "b": "run.one.last"})
    assert screen.errors == []
    assert settings(screen).b == "run.one.5"
    assert {slider.value for slider in screen.at.select_slider} == {0, 5}
    screen.at.select_slider[0].set_value(5).run()
    assert settings(screen).a == "run.one.5"
    assert screen.errors == []


@pytest.mark.parametrize("name", EXHIBITS)
def test_networks_of_different_kinds(open_screen, name):
    screen = open_screen(PAGE, address={"exhibit": name, "b": "colour", "b_layer": "relu4", "b_picture": "cat"})
    assert screen.errors == []
    assert settings(screen).b == "colour"


def test_a_layer_of_another_network_gives_way_to_the_first(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "Maps", "b": "colour", "b_layer": "s4"})
    assert screen.errors == []
    assert settings(screen).b_layer == "conv1"


def test_a_run_beside_a_network_says_that_pictures_are_given_otherwise(open_screen, run):
    screen = open_screen(PAGE, address={"exhibit": "Similarity", "a": "run.one.last", "b": "lenet5"})
    assert "First: pictures as they lie in the data set" in screen.words
    assert first_side(screen).options[-1].endswith("· run one")
    screen = open_screen(PAGE, address={"exhibit": "Similarity", "a": "run.one.0", "b": "run.one.last"})
    assert "as they lie" not in screen.words


@pytest.mark.parametrize("gone", ["run.gone.5", "run.one.77"])
def test_a_run_that_is_gone_gets_one_sentence(open_screen, run, gone):
    screen = open_screen(PAGE, address={"exhibit": "Maps", "a": gone})
    assert len(screen.errors) == 1
    assert "choose" in screen.errors[0]


def test_a_data_set_that_is_not_here_gives_way_to_the_digits(open_screen, monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    screen = open_screen(PAGE, address={"exhibit": "Similarity", "data": "mnist"})
    assert len(screen.at.warning) == 1
    assert settings(screen).data == "digits"
    assert screen.errors == []


@pytest.mark.parametrize(
    "parts",
    [
        {"a": "none"},
        {"b": "run.../..5"},
        {"data": "folder"},
        {"plane": "umap"},
        {"channel": "-1"},
        {"a_picture": "dodo"},
    ],
)
def test_a_bad_address_falls_back_with_a_note(open_screen, parts):
    screen = open_screen(PAGE, address={"exhibit": "Maps", **parts})
    assert len(screen.at.warning) == 1
    assert screen.errors == []
