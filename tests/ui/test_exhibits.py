"""Every page's exhibits: ids, questions, and an address that comes back as it went."""

import dataclasses

import pytest

from explorer.ui.convolution import exhibits as convolution_exhibits
from explorer.ui.exhibits import read_address, write_address

PAGES = {"convolution": convolution_exhibits}
CASES = [(page, name) for page, module in PAGES.items() for name in module.EXHIBITS]


@pytest.mark.parametrize(("page", "name"), CASES)
def test_an_exhibit_asks_and_answers(page, name):
    exhibit = PAGES[page].EXHIBITS[name]
    assert exhibit.id == name
    assert exhibit.question.rstrip().endswith("?") or "?" in exhibit.question
    assert exhibit.answer


@pytest.mark.parametrize(("page", "name"), CASES)
def test_every_setting_has_a_codec(page, name):
    fields = {field.name for field in dataclasses.fields(PAGES[page].EXHIBITS[name].settings)}
    assert fields == set(PAGES[page].CODECS)


@pytest.mark.parametrize(("page", "name"), CASES)
def test_the_address_comes_back_as_it_went(page, name):
    module = PAGES[page]
    exhibit = module.EXHIBITS[name]
    for settings in (exhibit.settings, *exhibit.variants.values()):
        parts = write_address(exhibit, settings, 3, module.CODECS)
        place, problem = read_address(parts, module.EXHIBITS, module.CODECS)
        assert problem == ""
        assert (place.exhibit, place.settings, place.step) == (name, settings, 3)


@pytest.mark.parametrize(("page", "name"), CASES)
def test_an_untouched_exhibit_has_a_short_address(page, name):
    module = PAGES[page]
    assert write_address(module.EXHIBITS[name], module.EXHIBITS[name].settings, 0, module.CODECS) == {"exhibit": name}
