"""Activations and initialisation by itself: every exhibit with its curriculum numbers, every setting, bad ones, the address."""

import pytest

from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.probe.spread import measure_spread
from explorer.probe.symmetry import train_tiny
from explorer.ui.activations.stack import stack
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import read_address, write_address
from explorer.words import short
from tests.pages.elements import open_page, press, put, run, words

PAGE = "pages/activations.py"
PLACE = "explorer.place activations"
EXHIBITS = exhibits_of("activations")
SHOWN = tuple(ACTIVATION_LAYERS)


def opened(**parts):
    """With the answer open: what is asked is shown."""
    name = parts.get("exhibit")
    return open_page(PAGE, parts, revealed=name if name in EXHIBITS else "H1")


def column(at, name):
    return list(at.table[0].value[name])


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
def test_every_variant_loads_and_goes_through_the_address(name, title):
    at = press(opened(exhibit=name), title)
    assert not at.error
    wanted = EXHIBITS[name].variants[title]
    assert settings(at) == wanted
    place, problem = read_address(write_address(EXHIBITS[name], wanted, 0), EXHIBITS)
    assert problem == ""
    assert place.settings == wanted


def test_H1_values_slopes_and_their_largest():
    at = press(opened(), "x = 0")
    assert column(at, "f(0)") == ["0.5", "0", "0", "0"]
    assert column(at, "f′(0)") == ["0.25", "1", "0", "0.01"]
    assert column(at, "largest slope") == ["0.25", "1", "1", "1"]
    assert column(at, "mean output") == ["0.5", "0", "0.399", "0.395"]
    assert column(at, "zero-centred") == ["no", "yes", "no", "no"]
    assert column(at, "saturates") == ["on both sides", "on both sides", "below 0", "no"]
    assert column(press(at, "x = 5"), "f′(5)")[:2] == ["0.00665", "0.000182"]


def test_H1_the_point_and_the_leak_are_free():
    at = put(put(opened(), "Leaky slope a", 0.3), "Read the functions at x", -2.0)
    assert column(at, "f(−2)")[2:] == ["0", "−0.6"]
    assert column(at, "f′(−2)")[2:] == ["0", "0.3"]
    assert (at.query_params["x"], at.query_params["slope"]) == ("-2", "0.3")


def test_H1_a_leak_of_1_is_linear_and_gets_a_sentence():
    at = put(opened(), "Leaky slope a", 1.0)
    assert len(at.error) == 1
    assert "a straight line" in at.error[0].value
    assert column(at, "function")[3] == "leaky ReLU, a = 0.01"
    assert not put(at, "Leaky slope a", 0.5).error


def test_H2_every_activation_says_what_was_measured():
    at = opened(exhibit="H2")
    spreads = [measure_spread(stack(settings(at), key, "xavier", rate=0.1)) for key in SHOWN]
    assert column(at, "at the input") == [short(spread.gradients[0]) for spread in spreads]
    assert column(at, "a layer multiplies it by") == [short(spread.gradients[0] ** (1 / 20)) for spread in spreads]
    assert float(column(at, "a layer multiplies it by")[0]) < 0.25
    assert column(at, "dead or saturated")[2] == f"{spreads[2].dead.sum():,} of 2,000 units dead"
    assert column(at, "dead or saturated")[3] == "none can die"


def test_H2_dead_units_are_counted_live():
    def dead(at):
        return int(column(at, "dead or saturated")[2].split()[0].replace(",", ""))

    at = press(opened(exhibit="H2"), "He")
    before = dead(at)
    assert dead(put(at, "Added to every bias", -3.0)) > 1800 > before
    assert column(at, "at the input")[2] == "0"
    stepped = press(at, "big step")
    assert dead(stepped) > dead(put(stepped, "Updates before measuring", 0)) + 200


def test_H2_numbers_that_overflow_get_a_sentence_and_the_picture_stays():
    at = opened(exhibit="H2")
    shown = column(at, "at the input")
    put(at, "Learning rate of the updates", 1000.0)
    put(at, "Updates before measuring", 20)
    assert len(at.error) == 1
    assert "smaller learning rate" in at.error[0].value
    assert column(at, "at the input") == shown


def test_H3_every_initialisation_with_theory_beside_it():
    at = opened(exhibit="H3")
    assert column(at, "initialisation") == list(INITIALISATIONS.values())
    assert column(at, "n·Var(w)") == ["0.333", "0", "0.09", "1", "2"]
    he = measure_spread(stack(settings(at), "relu", "he"))
    assert column(at, "gradient at the input")[4] == f"{short(he.gradients[0])} (theory 1)"
    assert column(at, "sums of layer 1")[4] == f"{short(he.sums[0])} (theory 1.41)"
    assert column(at, "outputs of layer 20")[1] == "0 (theory 0)"


def test_H3_the_formula_with_its_numbers():
    at = put(put(opened(exhibit="H3"), "Units a layer", 50), "Spread of the input", 2.0)
    measured = measure_spread(stack(settings(at), "relu", "small")).sums[0] ** 2
    assert "**Var(sum) = Var(x)·[n·Var(w)]**" in words(at)
    assert f"4·[50·0.03²] = 4·0.045 = **0.18**, measured **{measured:.4g}**" in words(at)


def test_H3_zeros_stay_identical_and_the_others_do_not():
    at = opened(exhibit="H3")
    assert "**zeros**, after 100 updates: **all four identical**. Loss" in words(at)
    assert "**Xavier**, after 100 updates: **4 different units**" in words(at)
    put(at, "Updates", 7)
    put(at, "Beside zeros", "he")
    run_ = train_tiny("he", "sigmoid", 7, 0.5)
    assert (
        f"**He**, after 7 updates: **4 different units**. Loss {run_.losses[0]:.3g} → {run_.losses[-1]:.3g}"
        in words(at)
    )
    assert (at.query_params["tiny_steps"], at.query_params["tiny_scheme"]) == ("7", "he")
    put(at, "Hidden activation", "relu")
    assert "**all four identical**; no weight of theirs has moved" in words(at)


def test_H3_the_tiny_networks_errors_do_not_touch_the_stack():
    at = opened(exhibit="H3")
    shown = column(at, "gradient at the input")
    put(at, "Learning rate", 99.0)
    assert len(at.error) == 1
    assert "choose a number from 0 to 10" in at.error[0].value
    assert column(at, "gradient at the input") == shown
    put(at, "Units a layer", 0)
    assert len(at.error) == 2
    assert len(put(at, "Learning rate", 0.5).error) == 1
    assert not put(at, "Units a layer", 30).error


@pytest.mark.parametrize("name", ["H2", "H3"])
@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Layers", 0), ("Layers", 51), ("Layers", 10**9), ("Units a layer", 1), ("Units a layer", 257), ("Seed", -1),
        ("Leaky slope a", 1.0), ("Leaky slope a", 1e8), ("Spread of the input", -1.0), ("Spread of the input", 1e9),
    ],
)  # fmt: skip
def test_what_is_impossible_gets_one_sentence_and_the_picture_stays(name, label, value):
    at = opened(exhibit=name)
    shown = at.table[0].value.to_dict()
    put(at, label, value)
    if (name, label) == ("H3", "Leaky slope a"):
        assert not at.error  # there it is ReLU that is shown, and the leak means nothing
        put(at, "Activation", "leaky")
    assert len(at.error) == 1
    assert "choose" in at.error[0].value
    if label != "Leaky slope a":
        assert at.table[0].value.to_dict() == shown
    assert len(run(at).error) == 1  # and again: what is kept as valid is valid


@pytest.mark.parametrize("name", ["H2", "H3"])
def test_depth_width_seed_and_batch_norm_change_what_is_measured(name):
    at = opened(exhibit=name)
    toggle = next(element.label for element in at.toggle)
    seen = [at.table[0].value.to_dict()]
    for label, value in (("Layers", 5), ("Units a layer", 64), ("Seed", 7), (toggle, True)):
        put(at, label, value)
        assert not at.error
        assert at.table[0].value.to_dict() not in seen
        seen.append(at.table[0].value.to_dict())
    assert {name: at.query_params[name] for name in ("depth", "width", "seed", "batch_norm")} == {
        "depth": "5", "width": "64", "seed": "7", "batch_norm": "True",
    }  # fmt: skip


@pytest.mark.parametrize("scheme", INITIALISATIONS)
def test_one_layer_of_two_units_and_the_deepest_widest_stack_are_shown(scheme):
    for depth, width in (("1", "2"), ("50", "256")):
        at = opened(exhibit="H2", depth=depth, width=width, scheme=scheme)
        assert not at.error
        assert len(column(at, "at the input")) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exhibit", "H9"), ("x", "8.5"), ("x", "nan"), ("slope", "steep"), ("depth", "51"), ("width", "1"),
        ("activation", "swish"), ("scheme", "best"), ("batch_norm", "yes"), ("seed", "-1"), ("steps", "21"),
        ("tiny_scheme", "default"), ("tiny_activation", "identity"), ("tiny_steps", "999"), ("tiny_rate", "inf"),
    ],
)  # fmt: skip
def test_a_bad_address_is_noted_and_the_page_opens(name, value):
    at = opened(**{name: value})
    assert len(at.warning) == 1
    assert not at.error
    assert column(at, "largest slope") == ["0.25", "1", "1", "1"]


def test_an_address_of_an_impossible_setting_is_answered():
    at = opened(exhibit="H2", slope="1e8", bias="1e9")
    assert len(at.error) == 1
    assert len(column(at, "at the input")) == 4
