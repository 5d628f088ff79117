"""Receptive field runs by itself: every exhibit with its curriculum numbers, layers edited, and its address."""

import pytest

from explorer.errors import ExplorerError
from explorer.layers.receptive import layers_needed
from explorer.layers.stacks import against_one_layer
from explorer.ui.exhibit import exhibits_of
from explorer.ui.receptive_field.layers import Layers, conv, layer_text, pool, read_layers
from explorer.ui.receptive_field.stack import Layered
from tests.pages.elements import box, open_page, press, run, words

PAGE = "pages/receptive_field.py"
PLACE = "explorer.place receptive_field"
EXHIBITS = exhibits_of("receptive_field")


def opened(**parts):
    """With the answer open: what is asked is shown."""
    name = parts.get("exhibit")
    return open_page(PAGE, parts, revealed=name if name in EXHIBITS else "F1")


def column(at, name):
    return [int(value) for value in at.table[0].value[name]]


def settings(at):
    return at.session_state[PLACE].settings


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_exhibit_opens_by_its_address(name):
    at = open_page(PAGE, {"exhibit": name})
    assert not at.error
    assert not at.warning
    assert EXHIBITS[name].question in words(at)
    first = next(iter(EXHIBITS))  # needs no words
    assert at.query_params.get("exhibit", "") == ("" if name == first else name)


@pytest.mark.parametrize(("name", "title"), [(name, title) for name, it in EXHIBITS.items() for title in it.variants])
def test_every_variant_loads(name, title):
    at = press(opened(exhibit=name), title)
    assert not at.error
    assert settings(at) == EXHIBITS[name].variants[title]


def test_F1_four_layers_of_3_see_9_and_n_see_2n_plus_1():
    at = opened(exhibit="F1")
    assert column(at, "field") == [1, 3, 5, 7, 9]
    assert "1 + (3−1)·1 + (3−1)·1 + (3−1)·1 + (3−1)·1 = 9 inputs" in words(at)
    for n in range(1, 8):
        assert Layered((conv(3),) * n, input=20).stack.fields[-1].size == 2 * n + 1


def test_F1_to_see_300_takes_150_layers():
    at = opened(exhibit="F1")
    assert "takes **150** layers" in words(at)
    assert layers_needed(settings(at).wanted) == 150
    box(at, "Field wanted").set_value(9)
    run(at)
    assert "takes **4** layers" in words(at)
    assert at.query_params["wanted"] == "9"
    box(at, "Field wanted").set_value(0)
    assert len(run(at).error) == 1


def test_F2_conv_pool_conv_sees_8():
    at = opened(exhibit="F2")
    assert column(at, "field") == [1, 3, 4, 8]
    assert column(at, "jump") == [1, 1, 2, 2]
    assert "1 + (3−1)·1 + (2−1)·1 + (3−1)·2 = 8 inputs" in words(at)


def test_F2_lenet_5_grows_5_6_14_16():
    at = press(opened(exhibit="F2"), "LeNet-5")
    assert column(at, "field") == [1, 5, 6, 14, 16]
    assert column(at, "units") == [32, 28, 14, 10, 5]


def test_C10_dilation_2_spans_5_with_the_same_weights():
    at = opened(exhibit="C10")
    assert column(at, "field") == [1, 5]
    assert "**9 weights** span 2·(3−1)+1 = **5** cells" in words(at)
    assert column(press(at, "1, 2, 4 stacked"), "field") == [1, 3, 7, 15]


def test_C14_18_weights_against_25():
    at = opened(exhibit="C14")
    costs = at.table[1].value
    assert list(costs["weights per channel pair"]) == ["18", "25"]
    assert list(costs["receptive field"]) == ["5×5", "5×5"]
    two, one = against_one_layer(settings(at).stack.stages, 28, 64)
    assert list(costs.iloc[:, -1]) == [f"{two.multiply_adds:,}", f"{one.multiply_adds:,}"]
    assert two.multiply_adds * 25 == one.multiply_adds * 18
    box(at, "Channels").set_value(3)
    run(at)
    assert at.table[1].value.iloc[0, -1] == f"{18 * 9 * 28 * 28:,}"
    box(at, "Channels").set_value(0)
    assert len(run(at).error) == 1


def test_layers_are_added_edited_and_removed():
    at = press(opened(exhibit="F1"), "Add pool 2, s 2")
    assert column(at, "field") == [1, 3, 5, 7, 9, 10]
    box(at, "Stride of layer 1").set_value(2)
    run(at)
    assert column(at, "jump")[1] == 2
    next(button for button in at.button if button.label == "✕").click()
    run(at)
    assert settings(at).layers == (conv(3),) * 3 + (pool(),)
    assert at.query_params["layers"] == "c3.1.0.1~c3.1.0.1~c3.1.0.1~p2.2.0.1"


def test_no_layer_is_an_answerable_state():
    at = opened(exhibit="C10")
    next(button for button in at.button if button.label == "✕").click()
    run(at)
    assert len(at.error) == 1
    assert not press(at, "Add conv 3").error


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Stride of layer 1", 0),
        ("Kernel of layer 1", 0),
        ("Kernel of layer 2", 100),
        ("Kernel of layer 2", 10**9),
        ("Padding of layer 1", 10**9),
        ("Padding of layer 1", -1),
        ("Padding of layer 1", 40),
        ("Dilation of layer 1", 0),
        ("Input units", 0),
        ("Input units", 65),
        ("Input units", 10**9),
        ("Level", 9),
        ("Unit", 99),
    ],
)
def test_what_is_impossible_gets_one_sentence_and_the_drawing_stays(label, value):
    at = opened(exhibit="F2")
    box(at, label).set_value(value)
    run(at)
    assert len(at.error) == 1
    assert "choose" in at.error[0].value
    assert column(at, "field") == [1, 3, 4, 8]
    next(button for button in at.button if button.label == "pooling").click()
    assert not run(at).error


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exhibit", "F9"),
        ("layers", "x3"),
        ("layers", "c3.1.0"),
        ("layers", "~".join(["c3.1.0.1"] * 11)),
        ("input", "many"),
        ("level", "-1"),
        ("wanted", "0"),
    ],
)
def test_a_bad_address_is_noted_and_the_page_opens(name, value):
    at = opened(**{name: value})
    assert len(at.warning) == 1
    assert not at.error
    assert column(at, "field") == [1, 3, 5, 7, 9]


def test_an_address_of_an_impossible_stack_is_answered():
    at = opened(layers="c9.1.0.1", input="5")
    assert len(at.error) == 1
    assert column(at, "field") == [1, 3, 5, 7, 9]


def test_an_address_names_the_unit():
    at = opened(exhibit="F2", level="2", unit="3")
    assert "layer 2, unit 3" in words(at)
    assert "sees inputs 6 to 9" in words(at)


@pytest.mark.parametrize(
    ("address", "sees"),
    [
        (
            {"exhibit": "C10", "layers": "c5.1.1.3", "input": "60", "level": "1", "unit": "0"},
            "inputs 2 to 11, 4 of them",
        ),
        (
            {"exhibit": "C10", "layers": "c5.1.1.3", "input": "60", "level": "1", "unit": "49"},
            "inputs 48 to 57, 4 of them",
        ),
        (
            {"exhibit": "F2", "layers": "p2.3.0.1~c3.1.1.1", "input": "12", "level": "2", "unit": "3"},
            "inputs 6 to 10, 4 of them",
        ),
        (
            {"exhibit": "F1", "layers": "c1.1.1.1", "input": "3", "level": "1", "unit": "0"},
            "no input; all of its field is padding",
        ),
    ],
)
def test_a_border_unit_sees_what_its_taps_reach(address, sees):
    assert f"It sees {sees}" in words(opened(**address))


def test_layers_go_through_the_address():
    layers = (conv(3, 2, 1, 2), pool(3, 1))
    assert read_layers("~".join(map(layer_text, layers))) == layers
    assert Layers().read(Layers().write(layers)) == layers
    with pytest.raises(ExplorerError):
        read_layers("")
