"""Why not an MLP by itself: before and after both networks are there, every choice, bad addresses and false clicks."""

from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from streamlit.testing.v1 import AppTest

from explorer.models.corner import corner_cnn, corner_mlp
from explorer.settings.record import kinds_of
from explorer.ui import place as places
from explorer.ui.exhibit import exhibits_of
from explorer.ui.why_not_an_mlp import corner as page_content
from explorer.ui.why_not_an_mlp.corner import Asked
from explorer.ui.why_not_an_mlp.knowledge import take_click

PAGE = Path(__file__).parents[2] / "pages" / "why_not_an_mlp.py"
EXHIBITS = exhibits_of("why_not_an_mlp")
SHAPES, KINDS = (tuple(kinds_of(Asked)[name].options) for name in ("shape", "kind"))
PLACE = "explorer.place why_not_an_mlp"


@pytest.fixture
def untrained(monkeypatch):
    """Two networks with random weights; the page does not care what they know."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        states = corner_cnn(1, 5).state_dict(), corner_mlp(1, 5).state_dict()
    monkeypatch.setattr(page_content, "duel", lambda stand, panels: (("cnn", "mlp"), {}))
    monkeypatch.setattr(page_content, "_state", lambda run, rest: states[("cnn", "mlp").index(run)])


@pytest.fixture
def nothing(monkeypatch):
    monkeypatch.setattr(page_content, "duel", lambda stand, panels: None)


def opened(**parts):
    at = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in parts.items():
        at.query_params[name] = value
    return run(at)


def run(at):
    at.run()
    assert not at.exception, at.exception
    return at


def words(at):
    return "\n".join(str(part.value) for part in [*at.markdown, *at.caption])


def settings(at):
    return at.session_state[PLACE].settings


def test_before_anything_is_trained(nothing):
    at = opened()
    assert EXHIBITS["B2"].question in words(at)
    assert not at.error


def test_it_opens_with_recorded_runs_and_gives_nothing_away():
    at = opened()
    assert "See it in training: CNN against MLP" in words(at)
    assert "Everywhere else" not in words(at)
    next(button for button in at.button if button.label == "Move the shapes").click()
    assert "Everywhere else: CNN **100.0%**" in words(run(at))
    assert not at.error


def test_it_opens_with_its_numbers(untrained):
    at = opened()
    assert not at.info
    assert not at.error
    assert not at.warning
    assert "In the trained corner (outlined): CNN " in words(at)
    assert "guessing gives 20%" in words(at)
    assert "In row 14, column 16: CNN **" in words(at)
    assert "100.0% of the gradient (its squares) lies in the outlined 12×12 of 32×32 weights" in words(at)
    assert len(at.get("plotly_chart")) == 4


def test_the_variants_move_the_shape(untrained):
    at = opened()
    next(button for button in at.button if button.label == "in the corner").click()
    assert "In row 2, column 2: CNN **" in words(run(at))


@pytest.mark.parametrize("kind", KINDS)
def test_every_gradient_is_shown_and_in_the_address(untrained, kind):
    at = opened(kind=kind, shape="cross")
    assert not at.warning
    assert settings(at) == Asked(shape="cross", kind=kind)
    assert "does a cross in training move?" in words(at)
    assert ("14×14" in words(at)) == (kind == KINDS[2])
    assert dict(at.query_params).get("kind", [KINDS[0]]) in (kind, [kind])


def test_shapes_and_gradients_are_chosen(untrained):
    at = opened()
    shape, kind = (group for group in at.button_group if group.key.startswith("why_not_an_mlp "))
    shape.set_value("circle")
    kind.set_value(KINDS[1])
    run(at)
    assert settings(at) == Asked(shape="circle", kind=KINDS[1])
    assert "does a circle in training move?" in words(at)


@pytest.mark.parametrize(
    ("customdata", "place"),
    [
        ([4, 18], (4, 18)),
        ([0, 20], (0, 20)),
        ([0, 21], (14, 16)),
        ([-1, 3], (14, 16)),
        (["4", 18], (14, 16)),
        ([True, 1], (14, 16)),
        ([1], (14, 16)),
        (None, (14, 16)),
        ([10**30, 0], (14, 16)),
    ],
)
def test_a_click_is_taken_and_a_false_one_is_not(untrained, monkeypatch, customdata, place):
    at = opened()
    state = {PLACE: at.session_state[PLACE]}
    monkeypatch.setattr(places.st, "session_state", state)
    take_click(
        SimpleNamespace(settings=state[PLACE].settings, change=partial(places.change, "why_not_an_mlp")), customdata
    )
    assert (state[PLACE].settings.row, state[PLACE].settings.column) == place


@pytest.mark.parametrize(
    "parts", [{"shape": "hexagon"}, {"row": "21"}, {"column": "-1"}, {"kind": "all"}, {"exhibit": "Z1"}]
)
def test_a_bad_address_falls_back_with_a_note(untrained, parts):
    at = opened(**parts)
    assert len(at.warning) == 1
    assert settings(at) == EXHIBITS["B2"].settings


def test_every_setting_survives_the_address():
    for shape in SHAPES:
        for kind in KINDS:
            made = Asked(shape, 3, 19, kind)
            for name, codec in kinds_of(Asked).items():
                assert codec.read(codec.write(getattr(made, name))) == getattr(made, name)
