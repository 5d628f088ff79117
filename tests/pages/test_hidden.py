"""No page gives away what it asks: every exhibit's `hidden` texts come with its answer, not before."""

import pytest

from explorer.ui.exhibit import exhibits_of, pages
from tests.pages.elements import open_page, press, run

EXHIBITS = {(page, name): exhibit for page in pages() for name, exhibit in exhibits_of(page).items()}
HIDING = [key for key, exhibit in EXHIBITS.items() if exhibit.hidden]


def words(at) -> str:
    parts = [*at.markdown, *at.caption, *at.metric, *at.table]
    return "\n".join(str(part.value) for part in parts)


def test_the_exhibits_are_found():
    assert {page for page, _ in EXHIBITS} >= {"convolution", "pooling"}
    assert {("convolution", "C12"), ("pooling", "E3")} <= set(HIDING)


@pytest.mark.parametrize(("page", "name"), EXHIBITS)
def test_a_question_does_not_hold_its_answer(page, name):
    exhibit = EXHIBITS[page, name]
    assert exhibit.answer not in exhibit.question
    assert len(set(exhibit.hidden)) == len(exhibit.hidden)


@pytest.mark.parametrize(("page", "name"), HIDING)
def test_what_is_asked_is_covered_until_it_is_revealed(page, name):
    exhibit = EXHIBITS[page, name]
    at = open_page(f"pages/{page}.py", {"exhibit": name})
    assert [text for text in exhibit.hidden if text in words(at)] == []
    at.session_state[f"answer {page} {name}"] = True
    run(at)
    assert [text for text in exhibit.hidden if text not in words(at)] == []


@pytest.mark.parametrize(
    ("page", "name"),
    [
        key
        for key in HIDING
        if not EXHIBITS[key].rounds and any(v != EXHIBITS[key].settings for v in EXHIBITS[key].variants.values())
    ],
)
def test_another_variant_is_no_longer_what_was_asked(page, name):
    exhibit = EXHIBITS[page, name]
    title = next(title for title, settings in exhibit.variants.items() if settings != exhibit.settings)
    at = press(open_page(f"pages/{page}.py", {"exhibit": name}), title)
    assert [text for text in exhibit.hidden if text not in words(at)] == []


@pytest.mark.parametrize(("page", "name"), [key for key in HIDING if EXHIBITS[key].rounds])
def test_in_rounds_every_variant_is_covered_again(page, name):
    exhibit = EXHIBITS[page, name]
    at = press(open_page(f"pages/{page}.py", {"exhibit": name}), "Reveal")
    for title, settings in exhibit.variants.items():
        if settings != exhibit.settings:
            press(at, title)
            assert [text for text in exhibit.hidden if text in words(at)] == []
            press(at, "Reveal")
            assert [text for text in exhibit.hidden if text not in words(at)] == []


def test_E3_has_no_curve_before_one_has_guessed():
    at = open_page("pages/pooling.py", {"exhibit": "E3"})
    assert [chart.key for chart in at.get("plotly_chart")] == ["pooling E3 maps"]
    at.slider[0].set_value(1)
    assert [chart.key for chart in run(at).get("plotly_chart")] == ["pooling E3 maps", "pooling E3 lines"]
