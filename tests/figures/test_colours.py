"""Both scales in both themes: zero is neutral, and every colour is one."""

import re

import pytest

from explorer.figures.colours import DIVERGING, SEQUENTIAL, plotly_scale, scales

THEMES = ("light", "dark")


def brightness(colour: str) -> float:
    """Perceived brightness, 0 to 255 (ITU-R BT.601)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_the_browser_gets_both_kinds_for_both_themes():
    sent = scales()
    assert set(sent) == set(THEMES)
    for theme in THEMES:
        assert sent[theme] == {"sequential": SEQUENTIAL[theme], "diverging": DIVERGING[theme]}
        for anchors in sent[theme].values():
            assert all(re.fullmatch("#[0-9a-f]{6}", anchor) for anchor in anchors)


@pytest.mark.parametrize("theme", THEMES)
def test_an_unsigned_scale_walks_away_from_the_page(theme):
    light = [brightness(anchor) for anchor in SEQUENTIAL[theme]]
    assert light == sorted(light, reverse=theme == "light")
    assert light[0] > 250 if theme == "light" else light[0] < 30  # zero has the page's own colour
    assert abs(light[-1] - light[0]) > 150


@pytest.mark.parametrize("theme", THEMES)
def test_a_signed_scale_is_neutral_in_its_middle(theme):
    anchors = DIVERGING[theme]
    assert len(anchors) % 2 == 1
    middle = anchors[len(anchors) // 2]
    red, green, blue = (int(middle[i : i + 2], 16) for i in (1, 3, 5))
    assert max(red, green, blue) - min(red, green, blue) < 20  # no colour of its own
    assert brightness(middle) > 240 if theme == "light" else brightness(middle) < 40
    negative, positive = anchors[0], anchors[-1]
    assert int(negative[5:7], 16) > int(negative[1:3], 16)  # blue below zero
    assert int(positive[1:3], 16) > int(positive[5:7], 16)  # red above
    ends = [abs(brightness(end) - brightness(middle)) for end in (negative, positive)]
    assert min(ends) > 100
    assert max(ends) < 1.6 * min(ends)  # −1 and +1 look about equally strong


def test_plotly_gets_evenly_spread_anchors():
    assert plotly_scale(("#000000", "#777777", "#ffffff")) == [[0.0, "#000000"], [0.5, "#777777"], [1.0, "#ffffff"]]
    positions = [position for position, _ in plotly_scale(DIVERGING["dark"])]
    assert positions == [0, 0.25, 0.5, 0.75, 1]
