"""Every exhibit of every page: what it asks and answers, and an address that comes back as it went."""

import dataclasses
import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.predictions import Cell, Choice, Number
from explorer.settings.record import check, kinds_of, read, write
from explorer.ui.exhibit import exhibits_of, pages
from explorer.ui.place import read_address, write_address
from explorer.words import about
from tests.ui.drawn import settings as drawn

ALL = [(page, name) for page in pages() for name in exhibits_of(page)]
RECORDS = sorted(
    {type(exhibits_of(page)[name].settings) for page, name in ALL},
    key=lambda record: (record.__module__, record.__qualname__),
)
OPENINGS = {type(exhibits_of(page)[name].settings): exhibits_of(page)[name].settings for page, name in ALL}
RUNS = ("20261121-143005-lenet5-3f2a", "20261121-143006-lenet5-3f2b")
each = pytest.mark.parametrize(("page", "name"), ALL)
each_record = pytest.mark.parametrize(
    "record", RECORDS, ids=lambda record: f"{record.__module__.split('.')[2]} {record.__qualname__}"
)
quick = how(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@each
def test_it_asks_and_answers(page, name):
    exhibit = exhibits_of(page)[name]
    assert exhibit.id == name
    assert "?" in exhibit.question
    assert exhibit.title
    assert exhibit.answer


@each
def test_what_it_asks_for_is_a_setting(page, name):
    exhibit = exhibits_of(page)[name]
    kinds = kinds_of(type(exhibit.settings))
    forgotten = {field for names in exhibit.forgets.values() for field in names}
    assert {*(exhibit.asked or ()), *exhibit.apart, *exhibit.forgets, *forgotten} <= set(kinds)
    assert all(kinds[field].label for field in (*(exhibit.asked or ()), *exhibit.apart))


@each
def test_what_it_opens_with_is_possible(page, name):
    exhibit = exhibits_of(page)[name]
    for settings in (exhibit.settings, *exhibit.variants.values()):
        check(settings)


@each
def test_the_address_comes_back_as_it_went(page, name):
    exhibit = exhibits_of(page)[name]
    for settings in (exhibit.settings, *exhibit.variants.values()):
        parts = write_address(exhibit, settings, 3, RUNS)
        place, problem = read_address(parts, exhibits_of(page))
        assert problem == ""
        assert (place.exhibit, place.settings, place.step, place.runs) == (name, settings, 3, {name: RUNS})


@each
def test_an_untouched_exhibit_has_a_short_address(page, name):
    exhibit = exhibits_of(page)[name]
    assert write_address(exhibit, exhibit.settings, 0) == {"exhibit": name}


@each_record
def test_every_setting_tells_its_kind(record):
    assert set(kinds_of(record)) == {field.name for field in dataclasses.fields(record)}


@each_record
def test_any_settings_survive_the_address(record):
    @quick
    @given(drawn(record))
    def hold(settings):
        parts = write(settings, OPENINGS[record])
        back, problems = read(parts, OPENINGS[record])
        assert problems == []
        assert write(back, OPENINGS[record]) == parts
        check(back)

    hold()


@each_record
def test_junk_in_an_address_is_a_note_and_never_a_traceback(record):
    junk = st.text(max_size=40) | st.sampled_from(["nan", "-1", "1e999", "z9.9.AAAA", "~~~", "<img>", "0", "None", ""])

    @quick
    @given(st.dictionaries(st.sampled_from(list(kinds_of(record))), junk))
    def hold(parts):
        settings, problems = read(parts, OPENINGS[record])
        assert len(problems) <= len(parts)
        try:
            check(settings)  # what was taken over is possible
        except ExplorerError as error:
            pytest.fail(str(error))

    hold()


def test_no_two_exhibits_share_an_id():
    ids = [name for _, name in ALL]
    assert len(ids) == len(set(ids))


def test_a_page_without_exhibits_has_none():
    assert exhibits_of("no_such_page") == {}


PREDICTED = [(page, name) for page, name in ALL if exhibits_of(page)[name].predicted]


@pytest.mark.parametrize(("page", "name"), PREDICTED)
def test_what_can_be_predicted_is_in_the_answer(page, name):
    """The right prediction, which is computed, is what the answer says in words."""
    exhibit = exhibits_of(page)[name]
    predicted = exhibit.predicted
    if isinstance(predicted, Choice) and isinstance(predicted.truth, str):
        assert predicted.truth in predicted.options
        return
    made = exhibit.make(exhibit.settings)
    truth = predicted.truth(made)
    if isinstance(predicted, Number):
        near = about(truth) if predicted.near >= 0.1 else f"{truth:,.4f}".rstrip("0").rstrip(".")
        near = near if predicted.near != 0.001 else f"{truth:.0f}"
        in_words = {"Three": "3"}
        answer = " ".join(in_words.get(word.rstrip(":"), word) for word in exhibit.answer.split())
        assert near in re.findall(r"\d[\d,.]*\d|\d", answer)
        assert predicted.judge(made, truth).right
        assert not predicted.judge(made, truth * 1.5 + 1).right
    elif isinstance(predicted, Choice):
        assert [option for option in predicted.options if predicted.judge(made, option).right] == [truth]
    else:
        assert truth
        assert all(predicted.judge(made, cell).right for cell in truth)


def test_numbers_cells_and_choices_are_predicted():
    kinds = [type(exhibits_of(page)[name].predicted) for page, name in PREDICTED]
    assert {Number, Choice, Cell} == set(kinds)
    assert len(kinds) >= 40
