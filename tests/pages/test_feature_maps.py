"""The Feature maps page by itself: every layer of every network, its controls, and what a browser may send."""

import numpy as np
import pytest

from explorer.images.picture import picture
from explorer.models.registry import MODELS, SHIPPED
from explorer.probe.facts import describe
from explorer.probe.stages import stages
from explorer.ui.state import Choice

CANVAS = "feature_maps"


def shown(screen) -> list[str]:
    """The layers on the canvas."""
    return [layer["name"] for layer in screen.header(CANVAS)["layers"]]


@pytest.mark.parametrize("file", ["pages/feature_maps.py", "app.py"])
def test_it_opens_with_the_first_layer_before_and_after(open_screen, file):
    screen = open_screen(file)
    if file == "app.py":
        screen.at.switch_page("pages/feature_maps.py").run()
    assert screen.errors == []
    assert shown(screen) == ["c1", "relu1"]
    assert "How channel 0 of c1 was made" in screen.words
    assert screen.header(CANVAS)["pinned"] == {"layer": "c1", "channel": 0}
    assert len(screen.at.get("plotly_chart")) == 4  # input, kernel, before, after
    assert len(screen.at.get("download_button")) == 3


@pytest.mark.parametrize("name", SHIPPED)
def test_every_layer_of_every_network_can_be_looked_at(feature_maps, name):
    spec = MODELS[name]
    feature_maps.select("network_widget", name)
    known = stages(describe(spec.load(), spec.input_shape))
    assert len(feature_maps.at.selectbox(key="feature_maps G4 layer").options) == len(known)
    for stage in known:
        feature_maps.select("feature_maps G4 layer", stage.layer.name)
        assert feature_maps.errors == []
        wanted = [stage.layer.name] + ([stage.activation.name] if stage.activation else [])
        assert shown(feature_maps) == wanted
        assert [entry["shape"][0] for entry in feature_maps.header(CANVAS)["layers"]] == [stage.layer.output[0]] * len(
            wanted
        )
        kind = "unit" if stage.layer.type == "Linear" else "channel"
        assert f"How {kind} 0 of {stage.layer.name} was made" in feature_maps.words
        has_kernel = stage.layer.parameters > 0
        assert has_kernel == (", bias " in feature_maps.words)
        assert has_kernel != ("the largest of a window there" in feature_maps.words)


@pytest.mark.parametrize(("view", "wanted"), [("before", ["c1"]), ("after", ["relu1"]), ("both", ["c1", "relu1"])])
def test_before_and_after_the_activation(feature_maps, view, wanted):
    feature_maps.pick("feature_maps G4 view", view)
    assert feature_maps.errors == []
    assert shown(feature_maps) == wanted
    assert len(feature_maps.at.get("download_button")) == len(wanted) + 1
    feature_maps.select(
        "feature_maps G4 layer", "s2"
    )  # has no activation; the view is kept for the next layer that has one
    assert not [group for group in feature_maps.at.button_group if group.key == "feature_maps G4 view"]
    feature_maps.select("feature_maps G4 layer", "c3")
    assert shown(feature_maps) == [name.replace("1", "3") for name in wanted]


def test_some_channels_only(feature_maps):
    feature_maps.at.multiselect[0].set_value([4, 2]).run()
    assert feature_maps.errors == []
    for layer in feature_maps.header(CANVAS)["layers"]:
        assert layer["channels"] == [4, 2]
        assert layer["shape"] == [2, 28, 28]
    assert "How channel 4 of c1 was made" in feature_maps.words  # channel 0, chosen before, is not among them
    feature_maps.at.multiselect[0].set_value([]).run()
    assert feature_maps.header(CANVAS)["layers"][0]["channels"] == list(range(6))


def test_a_click_shows_how_the_map_was_made(feature_maps):
    feature_maps.send(CANVAS, chosen={"layer": "relu1", "channel": 5})
    assert feature_maps.errors == []
    assert "How channel 5 of c1 was made" in feature_maps.words
    assert feature_maps.header(CANVAS)["pinned"] == {"layer": "c1", "channel": 5}


def test_a_click_counts_for_its_own_layer_only(feature_maps):
    feature_maps.send(CANVAS, chosen={"layer": "c1", "channel": 5})
    feature_maps.select("feature_maps G4 layer", "c3")
    assert "How channel 0 of c3 was made" in feature_maps.words
    assert feature_maps.header(CANVAS)["pinned"] == {"layer": "c3", "channel": 0}


HOSTILE = {
    "a string": "c1",
    "a number": 10**400,
    "a list": ["c1", 0],
    "true": True,
    "empty": {},
    "no channel": {"layer": "c1"},
    "no layer": {"channel": 3},
    "an unknown layer": {"layer": "c99", "channel": 3},
    "a layer that is not shown": {"layer": "c3", "channel": 3},
    "a layer that is a list": {"layer": ["c1"], "channel": 3},
    "a channel too large": {"layer": "c1", "channel": 6},
    "a huge channel": {"layer": "c1", "channel": 10**400},
    "a negative channel": {"layer": "c1", "channel": -1},
    "a channel of text": {"layer": "c1", "channel": "3"},
    "a channel that is a list": {"layer": "c1", "channel": [3]},
    "a fraction": {"layer": "c1", "channel": 3.0},
    "a truth": {"layer": "c1", "channel": True},
    "infinity": {"layer": "c1", "channel": float("inf")},
}


def test_a_hostile_click_changes_nothing(feature_maps):
    feature_maps.send(CANVAS, chosen={"layer": "c1", "channel": 2})
    for what, message in HOSTILE.items():
        feature_maps.send(CANVAS, chosen=message)
        assert feature_maps.errors == [], what
        assert "How channel 2 of c1 was made" in feature_maps.words, what


def test_unexpected_keys_change_nothing(feature_maps):
    for state in ({}, {"other": 1}, {"chosen": None}, {"get": {"layer": "c1", "channel": 3}}):
        feature_maps.send(CANVAS, **state)
        assert feature_maps.errors == []
        assert "How channel 0 of c1 was made" in feature_maps.words


@pytest.mark.parametrize("channel", [6, 10**9, -1])
def test_a_chosen_channel_that_the_layer_lacks_is_ignored(open_screen, channel):
    screen = open_screen("pages/feature_maps.py", address={"layer": "c1", "channel": str(channel)})
    assert screen.errors == []
    assert "How channel 0 of c1 was made" in screen.words


def test_emptied_switches_keep_the_choice(feature_maps):
    """A browser can send nothing where one option is required."""
    for key in ("source_widget", "feature_maps G4 view"):
        control = feature_maps.at.button_group(key=key)
        states = feature_maps.at._tree.get_widget_states()
        for widget in states.widgets:
            if widget.id == control.proto.id:
                widget.string_array_value.ClearField("data")
                widget.int_array_value.ClearField("data")
        feature_maps.at._run(states)
        assert feature_maps.errors == [], key
        assert shown(feature_maps) == ["c1", "relu1"]


def test_a_chosen_layer_that_the_network_lacks_is_ignored(open_screen):
    screen = open_screen("pages/feature_maps.py", address={"layer": "conv4", "channel": "3"})
    assert screen.errors == []
    assert shown(screen) == ["c1", "relu1"]


def test_the_choice_made_at_home_is_carried_over(open_screen):
    home = open_screen("pages/home.py").pick("source_widget", "sample")
    home.select("sample_widget", "coffee").select("network_widget", "lenet5")
    there = open_screen("pages/feature_maps.py", {"explorer.choice": home.choice})
    assert there.errors == []
    assert there.choice == home.choice  # opening a page chooses nothing
    assert there.at.selectbox(key="sample_widget").value == "coffee"
    assert there.header(CANVAS)["title"] == MODELS["lenet5"].title
    assert there.header(CANVAS)["best"] == home.header("home_network")["best"]
    there.select("network_widget", "colour").select("feature_maps G4 layer", "conv4")
    again = open_screen("pages/home.py", {"explorer.choice": there.choice})
    assert again.header("home_network")["title"] == MODELS["colour"].title


def test_a_picture_that_the_network_cannot_take_gets_one_sentence(open_screen):
    plain = picture("plain.png", np.full((20, 20), 90, np.uint8))
    screen = open_screen("pages/feature_maps.py", {"explorer.choice": Choice(source="upload", photo=plain)})
    (sentence,) = screen.errors
    assert "contrast" in sentence
    assert screen.header(CANVAS)["note"] == "an example"
