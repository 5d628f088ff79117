"""Architectures by itself: every exhibit and variant, every network, unfolding, bad addresses and false clicks."""

import dataclasses

import pytest

from explorer.models.registry import MODELS
from explorer.settings.record import kinds_of
from explorer.ui.architectures.graph import folded_box
from explorer.ui.architectures.inception import BLOCKS
from explorer.ui.architectures.whole import layer_rows, short
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import read_address, write_address
from explorer.ui.shows import clicked_point

PAGE = "pages/architectures.py"
NETWORK = "architectures I1 network"
EXHIBITS = exhibits_of("architectures")


@pytest.fixture(autouse=True)
def no_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))


@pytest.fixture
def light(monkeypatch):
    """The table of four large networks is measured in one test only."""
    from explorer.ui.architectures import whole

    monkeypatch.setattr(whole, "_show_authors", lambda: None)


def opened(open_screen, **address):
    screen = open_screen(PAGE, address=address)
    assert screen.errors == []
    return screen


def place(screen):
    return screen.at.session_state["explorer.place architectures"]


def metrics(screen):
    return [metric.value for metric in screen.at.metric]


def test_it_opens_with_the_smallest_network_which_is_there_at_once(open_screen):
    screen = opened(open_screen)
    assert metrics(screen) == ["61.7 k", "416.5 k", "5"]
    assert not screen.at.table  # four large networks are measured once somebody wants to see it


def test_resnet_152_beside_what_the_authors_reported(open_screen):
    screen = open_screen(PAGE, address={"network": "resnet152"}, state={"architectures I1 reported": True})
    assert screen.errors == []
    assert metrics(screen) == ["60.2 M", "11.5 G", "156"]
    table = screen.at.table[0].value
    assert list(table["measured"]) == ["61.1 M", "138.4 M", "23.8 M", "60.2 M"]
    assert list(table["parameters"]) == ["60 M", "138 M", "25 M", "60 M"]
    assert "People: about 5 %" in screen.words


@pytest.mark.parametrize("name", ["lenet5", "squeezenet1_1", "mobilenet_v3_large", "googlenet"])
def test_networks_can_be_chosen_and_unfolded(open_screen, light, name):
    screen = opened(open_screen, network=name)
    assert screen.at.selectbox(key=NETWORK).value == name
    assert metrics(screen)[0] == short(sum(p.numel() for p in MODELS[name].build().parameters()))
    if name == "googlenet":
        screen = opened(open_screen, network=name, unfolded="inception3a,inception3a.branch2")
        assert place(screen).settings.unfolded == ("inception3a", "inception3a.branch2")
        screen.at.multiselect[0].set_value(["inception3a"]).run()
        assert screen.errors == []
        assert place(screen).settings.unfolded == ("inception3a",)
        screen.select(NETWORK, "lenet5")
        assert screen.errors == []
        assert place(screen).settings.unfolded == ()


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("inside", ["True", "False"])
def test_every_inception_block_joins_in_depth(open_screen, block, inside):
    screen = opened(open_screen, exhibit="I2", block=block, inside=inside)
    if (block, inside) == (next(iter(BLOCKS)), "False"):  # as it opens, when the answer is still to be guessed
        assert "Concatenated in depth" not in screen.words
        screen.at.button(key="reveal").click().run()
    wanted = {
        "GoogLeNet's first": "64 + 128 + 32 + 32 = **256**",
        "Inception v3's first": "64 + 64 + 96 + 32 = **256**",
    }
    assert wanted.get(block, "channels. All are ") in screen.words
    assert "**72%** of the parameters" in screen.words


def test_the_residual_sum_is_the_blocks_output(open_screen):
    screen = open_screen(PAGE, address={"exhibit": "I3"}, state={"answer architectures I3": True})
    assert "random weights" in screen.words
    assert "largest difference between sum and output is 0" in screen.words
    assert "with the skip" in screen.words


@pytest.mark.parametrize(
    ("exhibit", "variant"), [(name, one) for name in ("I2", "I3") for one in EXHIBITS[name].variants]
)
def test_every_variant(open_screen, exhibit, variant):
    screen = opened(open_screen, exhibit=exhibit)
    screen.button(variant).click().run()
    assert screen.errors == []
    assert place(screen).settings == EXHIBITS[exhibit].variants[variant]
    assert screen.address["exhibit"] == exhibit


@pytest.mark.parametrize(
    "address",
    [
        {"network": "nobody"},
        {"unfolded": "<b>"},
        {"unfolded": ",".join(["a"] * 99)},
        {"exhibit": "I2", "channels": "-1"},
        {"exhibit": "I3", "depth": "1e9", "seed": "x", "channel": "64"},
        {"exhibit": "I9"},
    ],
    ids=str,
)
def test_a_bad_address_is_one_note(open_screen, light, address):
    screen = open_screen(PAGE, address=address)
    assert screen.errors == []
    assert len(screen.at.warning) == 1


def test_unknown_blocks_in_the_address_do_no_harm(open_screen, light):
    screen = opened(open_screen, network="squeezenet1_1", unfolded="nobody,features.99")
    assert metrics(screen)[0] == "1.2 M"


@pytest.mark.parametrize("name", EXHIBITS)
def test_addresses_come_back(name):
    exhibit = EXHIBITS[name]
    assert "?" in exhibit.question
    for settings in (exhibit.settings, *exhibit.variants.values()):
        found, problem = read_address(write_address(exhibit, settings, 0), EXHIBITS)
        assert (found.settings, problem) == (settings, "")
        assert {field.name for field in dataclasses.fields(settings)} <= set(kinds_of(type(settings)))


def event(key):
    return {"selection": {"points": [{"customdata": [key, "tip"]}]}}


@pytest.mark.parametrize(
    "message",
    [None, {}, {"selection": {}}, {"selection": {"points": []}}, event(3), event(["layer1"]), event("x"), event("")],
)
def test_false_clicks(message):
    assert folded_box(clicked_point(message), ["layer1"]) is None


def test_a_click():
    assert folded_box(clicked_point(event("layer1")), ["layer1"]) == "layer1"


def test_numbers_in_short():
    assert [short(n) for n in (7, 61_706, 60_192_808, 11_513_624_576)] == ["7", "61.7 k", "60.2 M", "11.5 G"]


def test_the_table_has_a_row_for_every_layer():
    from explorer.probe.facts import describe

    rows = layer_rows(describe(MODELS["lenet5"].build(), (1, 32, 32)))
    assert rows[0]["layer"] == "c1"
    assert rows[0]["parameters"] == 156
    assert rows[0]["receptive field"] == "5×5"
    assert rows[2]["receptive field"] == "6×6"
