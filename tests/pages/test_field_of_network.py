"""Receptive field, F3 and F4: any unit of any network by its address, the curriculum's numbers, what cannot be shown."""

import json
import re
import struct

import pytest

from explorer.models.registry import MODELS
from explorer.settings.record import kinds_of
from explorer.ui.exhibit import exhibits_of
from explorer.ui.receptive_field.any_unit import MAP
from explorer.ui.unit_map import read_place

PAGE = "pages/receptive_field.py"


@pytest.fixture
def look(open_screen):
    """look(**address) → a Screen of the page."""

    def opened(**parts):
        return open_screen(PAGE, address=parts)

    return opened


def box(screen, label):
    return next(element for element in screen.at.number_input if element.label == label)


def layer(screen):
    return next(element for element in screen.at.selectbox if element.label == "Layer")


@pytest.mark.parametrize(("node", "size", "stride"), [("c1", 5, 1), ("s2", 6, 2), ("c3", 14, 2), ("s4", 16, 4)])
def test_F3_lenet_5(look, node, size, stride):
    screen = look(exhibit="F3", node=node)
    assert screen.errors == []
    assert f"{size}×{size} pixels" in screen.words
    assert f"{stride}×{stride} pixels apart" in screen.words


def test_F3_opens_as_it_says(look):
    screen = look(exhibit="F3")
    assert screen.address == {"exhibit": "F3"}
    assert "sees rows 8–23 and columns 8–23 of the input: 16×16" in screen.words
    header = screen.header(MAP)
    assert (header["node"], header["rows"], header["columns"], header["row"], header["column"]) == ("s4", 5, 5, 2, 2)
    sizes = list(screen.at.dataframe[0].value["size"])
    assert sizes[:6] == ["5×5", "5×5", "6×6", "14×14", "14×14", "16×16"]
    assert "dense" in screen.at.dataframe[0].value["no box, because"].iloc[-1]


def test_F3_a_click_chooses_the_unit(look):
    screen = look(exhibit="F3").trigger(MAP, "unit", {"row": 0, "column": 4, "node": "s4"})
    assert "sees rows 0–15 and columns 16–31" in screen.words
    assert (screen.address["row"], screen.address["column"]) == ("0", "4")
    assert (box(screen, "Row").value, box(screen, "Column").value) == (0, 4)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        3,
        {},
        {"row": 5, "column": 0, "node": "s4"},
        {"row": 0, "column": True, "node": "s4"},
        {"row": 0, "column": 0},
    ],
)
def test_what_a_browser_sends_is_checked(sent):
    assert read_place(sent, "s4", (5, 5)) is None


def test_F3_a_border_unit_is_cut_and_the_whole_told(look):
    screen = look(exhibit="F3", network="colour", sample="cat", node="conv4", row="0", column="0")
    assert screen.errors == []
    assert re.search(r"sees rows 0–\d+ and .*cut from 16×16 by the border", screen.words)


def test_F3_another_layer_forgets_the_unit(look):
    screen = look(exhibit="F3", row="4", column="4")
    layer(screen).set_value("c1")
    screen.at.run()
    assert "sees rows 13–17" in screen.words
    assert screen.address == {"exhibit": "F3", "node": "c1"}


def test_F3_an_address_may_name_only_the_network(look):
    screen = look(exhibit="F3", network="colour", sample="cat")
    assert screen.errors == []
    assert screen.header(MAP)["node"] == layer(screen).value


def test_F3_a_dense_layer_has_no_map_and_no_box(look):
    screen = look(exhibit="F3", node="output")
    assert "no map to click" in screen.words
    assert "Every number** sees the whole input" in screen.words
    assert "(dense: every unit sees the whole input)" in screen.words
    assert "click a unit" not in screen.words
    assert [number.label for number in screen.at.number_input] == ["Row", "Column"]


def test_F3_a_large_network_with_random_weights(look, monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    screen = look(exhibit="F3", network="squeezenet1_1", sample="cat", node="cat_7", row="0", column="0")
    assert screen.errors == []
    assert "by the border" in screen.words
    assert screen.at.warning  # nobody has trained it


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"node": "nothing"}, "no layer “nothing”"),
        ({"row": "5"}, "choose 0 to 4"),
        ({"channel": "16"}, "choose 0 to 15"),
    ],
)
def test_what_is_not_there_gets_one_sentence(look, parts, word):
    screen = look(exhibit="F3", **parts)
    (error,) = screen.errors
    assert word in error


@pytest.mark.parametrize("parts", [{"node": "a b"}, {"row": "-1"}, {"network": "nothing"}, {"sample": "dog"}])
def test_an_address_that_cannot_be_read_is_noted(look, parts):
    screen = look(exhibit="F3", **parts)
    assert screen.errors == []
    assert len(screen.at.warning) == 1


def test_F4_trained_beside_random(look):
    screen = look(exhibit="F4")
    assert screen.errors == []
    shares = [int(share) for share in re.findall(r"Middle half: \*\*(\d+)%", screen.words)]
    assert len(shares) == 2
    assert min(shares) > 25
    assert "Trained" in screen.words
    assert "26×26" in screen.words


def test_F4_of_a_network_without_weights_has_one_side(look, monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    screen = look(exhibit="F4", network="squeezenet1_1", sample="cat", node="features_5")
    assert screen.errors == []
    assert len(re.findall("Middle half", screen.words)) == 1
    assert "random weights" in screen.at.info[0].value


@pytest.mark.parametrize("name", ["F3", "F4"])
def test_variants_name_networks_that_exist(name):
    for settings in exhibits_of("receptive_field")[name].variants.values():
        assert settings.network in MODELS
        assert kinds_of(type(settings))["node"].read(settings.node) == settings.node


def test_the_map_is_sent_as_numbers(look):
    data = look(exhibit="F3").component(MAP).bytes
    (length,) = struct.unpack_from("<I", data)
    assert json.loads(data[4 : 4 + length])["arrays"][0]["length"] == 25
