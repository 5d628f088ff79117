"""The sheet's message, and what a browser may send back."""

import numpy as np
import pytest
import streamlit as st

from explorer.probe.patches import Extremes
from explorer.scan.sheet import Crop
from explorer.ui.top_patches.patches_view import chosen_patch, message


def test_the_message_holds_tiles_and_scores():
    scores = np.array([[2, np.nan]], np.float32)
    places = np.array([[3, -1]])
    made = Crop((0,), np.full((1, 2, 4, 5, 4), 7, np.uint8), (((0, 0, 4, 5), None),))
    sent = message(made, Extremes(scores, places, places, places), [["one", ""]], token="t", chosen=(0, 0), label="all")
    assert b'"present": [[true, false]]' in sent
    assert np.array([2, 0], np.float32).tobytes() in sent
    assert bytes([7]) * (2 * 4 * 5 * 4) in sent


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"channel": 3, "rank": 1, "token": "t"}, (3, 1)),
        ({"channel": 3, "rank": 1, "token": "old"}, None),
        ({"channel": 9, "rank": 1, "token": "t"}, None),
        ({"channel": 3, "rank": 9, "token": "t"}, None),
        ({"channel": True, "rank": 0, "token": "t"}, None),
        ({"channel": "3", "rank": 1, "token": "t"}, None),
        ("no", None),
        (None, None),
    ],
    ids=str,
)
def test_what_a_browser_sends_is_checked(monkeypatch, sent, taken):
    monkeypatch.setattr(st, "session_state", {"key": {"chosen": sent}})
    assert chosen_patch("key", "t", range(1, 5), 9) == taken
