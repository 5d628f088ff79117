"""The page Where a number comes from by itself: it adds up, goes down and back, and reads only addresses that make sense."""

import re

import pytest

from explorer.errors import ExplorerError
from explorer.probe.terms import Unit
from explorer.settings.record import kinds_of
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import write_address
from explorer.ui.provenance import taken_apart
from explorer.ui.provenance.run import Looking
from explorer.ui.provenance.taken_apart import MAP
from explorer.ui.provenance.units import read_unit, write_unit
from explorer.ui.unit_map import read_place

FILE, KEY, WIDGET = "pages/provenance.py", "explorer.place provenance", "provenance G2"
EXHIBITS = exhibits_of("provenance")


def settings(screen) -> Looking:
    assert screen.errors == []
    return screen.at.session_state[KEY].settings


def down(screen, index: int = 0):
    screen.at.button(key=f"{WIDGET} down {index}").click().run()
    return screen


def difference(screen) -> tuple[float, float]:
    found = re.search(r"Calculated \*\*(\S+)\*\*, recorded \*\*(\S+)\*\*", screen.words.replace("−", "-"))
    return float(found[1]), float(found[2])


@pytest.mark.parametrize("variant", EXHIBITS["G2"].variants)
def test_every_variant_opens_and_adds_up(open_screen, variant):
    screen = open_screen(FILE)
    screen.button(variant).click().run()
    assert settings(screen).network == EXHIBITS["G2"].variants[variant].network
    one, other = difference(screen)
    assert one == pytest.approx(other, abs=1e-4)
    assert "**Predict:**" in screen.words


def test_down_to_a_pixel_and_back(open_screen):
    screen = open_screen(FILE, address={"sample": "digit-3", "network": "lenet5"})
    assert settings(screen).unit == Unit("output", (3,))
    for _ in range(12):
        if "as the network was given it" in screen.words:
            break
        down(screen)
        one, other = difference(screen)
        assert one == pytest.approx(other, abs=1e-4)
    found = settings(screen)
    assert len(found.unit.at) == 3
    assert found.trail[0] == Unit("output", (3,))
    assert screen.address["unit"] == write_unit(found.unit)
    screen.at.button(key=f"{WIDGET} back 0").click().run()
    assert (settings(screen).unit, settings(screen).trail) == (Unit("output", (3,)), ())


def test_layer_channel_and_click(open_screen):
    screen = open_screen(FILE, address={"sample": "digit-3", "network": "lenet5"})
    screen.select(f"{WIDGET} layer", "c3")
    assert settings(screen).unit.node == "c3"
    assert "Then **relu3**" in screen.words
    screen.at.number_input(key=f"{WIDGET} channel").set_value(7).run()
    assert settings(screen).unit.channel == 7
    screen.trigger(MAP, "unit", {"node": "c3", "row": 9, "column": 0})
    assert settings(screen).unit == Unit("c3", (7, 9, 0))
    assert "Σ of 150 products" in screen.words
    for hostile in ({"node": "c1", "row": 1, "column": 1}, {"node": "c3", "row": 10, "column": 0}, "c3", None, [1]):
        screen.trigger(MAP, "unit", hostile)
        assert settings(screen).unit == Unit("c3", (7, 9, 0))


def test_the_free_cells_behind_a_list_are_no_units(open_screen):
    screen = open_screen(FILE, address={"sample": "digit-3", "network": "lenet5", "unit": "f6.0"})
    rows, columns = screen.header(MAP)["rows"], screen.header(MAP)["columns"]
    assert rows * columns > 84
    screen.trigger(MAP, "unit", {"node": "f6", "row": rows - 1, "column": columns - 1})
    assert settings(screen).unit == Unit("f6", (0,))
    screen.trigger(MAP, "unit", {"node": "f6", "row": 1, "column": 2})
    assert settings(screen).unit == Unit("f6", (columns + 2,))


def test_gradient_of_a_class(open_screen):
    screen = open_screen(
        FILE, address={"sample": "digit-3", "network": "lenet5", "unit": "output.5", "show": "gradient"}
    )
    assert "∂ logit “3” / ∂ this unit = 0.000000" in screen.words
    screen.select(f"{WIDGET} target", 5)
    assert "∂ logit “5” / ∂ this unit = 1.000000" in screen.words
    assert settings(screen).target == 5


def test_what_it_feeds(open_screen):
    screen = open_screen(FILE, address={"sample": "digit-3", "network": "lenet5", "unit": "s2.0_5_5"})
    screen.at.toggle(key=f"{WIDGET} feeds").set_value(True).run()
    assert screen.address["feeds"] == "True"
    assert "**c3**, convolution: 400 units (channels 0–15, rows 1–5, columns 1–5)" in screen.words
    screen.at.button(key=f"{WIDGET} up c3 0").click().run()
    assert settings(screen).unit.node == "c3"
    assert settings(screen).trail == (Unit("s2", (0, 5, 5)),)


def test_a_large_network_is_taken_apart(open_screen):
    screen = open_screen(
        FILE, address={"sample": "cat", "network": "squeezenet1_1", "unit": "features_3_expand3x3.5_4_4"}
    )
    one, other = difference(screen)
    assert one == pytest.approx(other, abs=1e-4)
    assert screen.errors == []


def test_the_trail_holds_where_a_layer_runs_twice(open_screen):
    screen = open_screen(FILE, address={"sample": "cat", "network": "resnet18"})
    units = [settings(screen).unit]
    for _ in range(6):
        units.append(settings(down(screen)).unit)
    assert settings(screen).trail == tuple(units[:-1])
    layers = next(one for one in screen.at.selectbox if one.label == "Layer").options
    assert len(set(layers)) == len(layers)


@pytest.mark.parametrize(
    "parts",
    [{"unit": "c1"}, {"unit": "c1.1_2_3_4_5"}, {"trail": "x"}, {"show": "all"}, {"target": "1e9"}, {"network": "none"}],
)
def test_a_bad_address_falls_back_with_a_note(open_screen, parts):
    screen = open_screen(FILE, address=parts)
    assert screen.errors == []
    assert len(screen.at.warning) == 1


@pytest.mark.parametrize("unit", ["c1.99_0_0", "nothing.1", "c1.3"])
def test_a_unit_that_is_not_there_gets_one_sentence(open_screen, unit):
    screen = open_screen(FILE, address={"sample": "digit-3", "network": "lenet5", "unit": unit, "trail": "nothing.1"})
    assert len(screen.errors) == 1
    assert screen.at.session_state[KEY].settings.unit == Unit("output", (3,))


@pytest.mark.parametrize("trail", ["nothing.1", "c1.99_99_99"])
def test_a_trail_that_is_not_there_is_left_out(open_screen, trail):
    screen = open_screen(FILE, address={"sample": "digit-3", "network": "lenet5", "unit": "c3.1_2_3", "trail": trail})
    assert settings(screen).trail == ()


def test_units_survive_the_address():
    unit = Unit("layer1_0_conv1", (3, 0, 12))
    assert read_unit(write_unit(unit)) == unit
    parts = write_address(EXHIBITS["G2"], Looking(unit=unit, trail=(unit, unit)), 0)
    kinds = kinds_of(Looking)
    assert {name: kinds[name].read(parts[name]) for name in ("unit", "trail")} == {"unit": unit, "trail": (unit, unit)}


def test_a_spot_of_another_map_is_none():
    assert read_place({"node": "a", "row": 1, "column": 2}, "a", (2, 3)) == (1, 2)
    assert read_place({"node": "a", "row": True, "column": 2}, "a", (2, 3)) is None
    assert read_place({"node": "a", "row": 1, "column": 3}, "a", (2, 3)) is None


def test_a_step_that_cannot_be_taken_apart_gets_one_sentence_beside_its_map(open_screen, monkeypatch):
    def refuse(run, unit):
        raise ExplorerError(f"{unit.node} cannot be taken apart by itself: choose a step before or after it.")

    monkeypatch.setattr(taken_apart, "making", refuse)
    screen = open_screen(FILE, address={"sample": "digit-3", "network": "lenet5", "unit": "c3.7_9_0"})
    assert screen.errors == ["c3 cannot be taken apart by itself: choose a step before or after it."]
    assert screen.header(MAP)["rows"] == 10
