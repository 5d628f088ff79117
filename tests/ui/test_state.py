"""A session's choices: one frozen record, replaced whole."""

import dataclasses

import numpy as np
import pytest
import streamlit as st

from explorer.images.picture import picture
from explorer.images.strokes import Drawing
from explorer.ui import state
from explorer.ui.state import SOURCES, Choice, choice, choose

PHOTO = picture("photo", np.zeros((4, 5, 3), np.uint8))
DRAWING = Drawing(np.full((16, 16), 9, np.uint8), (), 0)


@pytest.fixture(autouse=True)
def session(monkeypatch) -> dict:
    """A session of this test's own."""
    own: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", own)
    return own


def test_a_new_session_draws_and_has_no_picture():
    assert choice() == Choice()
    assert choice().source == SOURCES[0] == "draw"
    assert choice().picture is None


def test_choosing_replaces_the_record_and_keeps_the_rest(session):
    before = choice()
    after = choose(network="colour", nonce=3)
    assert after == Choice(network="colour", nonce=3)
    assert choice() is after
    assert before == Choice()  # who holds the old record is not surprised
    assert list(session) == ["explorer.choice"]
    choose(sample="coffee")
    assert choice() == Choice(network="colour", nonce=3, sample="coffee")


def test_nobody_writes_into_it_and_no_new_names_appear():
    with pytest.raises(dataclasses.FrozenInstanceError):
        choice().network = "colour"
    with pytest.raises(TypeError):
        choose(colour="red")


@pytest.mark.parametrize("source", SOURCES)
def test_the_picture_is_that_of_the_source(source):
    chosen = Choice(source=source, photo=PHOTO, drawing=DRAWING)
    if source == "draw":
        assert chosen.picture.name == "your drawing"
        np.testing.assert_array_equal(chosen.picture.pixels, DRAWING.pixels)
    else:
        assert chosen.picture is PHOTO
    assert Choice(source=source).picture is None


def test_sessions_do_not_share(monkeypatch):
    choose(nonce=5)
    monkeypatch.setattr(state.st, "session_state", {})
    assert choice().nonce == 0


def test_a_drawn_digit_is_centred_and_a_faint_one_gives_way_to_the_example():
    example = state.drawn_digit()
    assert (example.shape, example.dtype, example.max()) == ((28, 28), np.uint8, 255)
    bar = np.zeros((16, 16), np.uint8)
    bar[3:9, 2] = 200
    choose(drawing=Drawing(bar, (), 0))
    assert np.flatnonzero(state.drawn_digit().any(axis=1)).tolist() == list(range(4, 24))
    choose(drawing=DRAWING)  # grey level 9 everywhere: no ink stands out
    assert np.array_equal(state.drawn_digit(), example)


def test_a_widget_is_drawn_from_the_record_and_writes_only_what_a_person_chose(session):
    session["box"] = "first"  # of a page that is being left
    taken = []
    widget = state.bound("box", "colour", taken.append)
    assert (widget["key"], session["box"], taken) == ("box", "colour", [])
    session["box"] = None  # a browser can empty a switch
    widget["on_change"]()
    assert taken == []
    session["box"] = "lenet5"
    widget["on_change"]()
    assert taken == ["lenet5"]
