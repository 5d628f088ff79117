"""What every page has from its frame: the browser's history and tab."""

import re
from pathlib import Path

import pytest

TITLES = re.findall(r'"pages/(\w+)\.py", title="([^"]+)"', (Path(__file__).parents[2] / "app.py").read_text("utf-8"))


def here(page) -> str:
    return page.evaluate("location.pathname + location.search")


def choose(page, title: str, question: str) -> None:
    page.get_by_label("Exhibit").click()
    page.get_by_role("option", name=title).click()
    page.get_by_text(question).wait_for()


def test_back_and_forward_step_through_exhibits_and_pages(open_page):
    page = open_page("")
    page.get_by_role("button", name="Layers").click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Convolution").click()
    page.get_by_text("What comes out?").wait_for()
    choose(page, "A slash classifier", "the larger maximum")
    choose(page, "Shift the pattern", "Move the pattern")
    page.get_by_label("Stride").fill("2")
    page.get_by_label("Stride").press("Enter")
    page.wait_for_url("**/convolution?exhibit=C4&stride=2")
    for address, question in (("/convolution?exhibit=C3", "the larger maximum"), ("/convolution", "What comes out?")):
        page.go_back()
        page.get_by_text(question).wait_for()
        assert here(page) == address
    page.go_back()
    page.get_by_role("heading", name="CNN Explorer").wait_for()
    assert here(page) == "/"
    for address, question in (
        ("/convolution", "What comes out?"),
        ("/convolution?exhibit=C3", "the larger maximum"),
        ("/convolution?exhibit=C4&stride=2", "Move the pattern"),
    ):
        page.go_forward()
        page.get_by_text(question).wait_for()
        assert here(page) == address
    assert page.get_by_label("Stride").input_value() == "2"


def test_opening_a_page_adds_no_entry(open_page):
    page = open_page("convolution")
    page.get_by_text("What comes out?").wait_for()
    page.locator(".stepper .panel").wait_for()
    assert page.evaluate("history.length") == 2  # the empty page of a new tab, and this one


@pytest.mark.parametrize(("file", "title"), TITLES)
def test_the_tab_names_the_page(open_page, file, title):
    page = open_page("" if file == "home" else file)
    page.wait_for_function("name => document.title.split(' · ').includes(name)", arg=title)
    assert page.title().endswith("CNN Explorer")


def test_the_tab_names_the_exhibit(open_page):
    page = open_page("convolution?exhibit=C9")
    page.wait_for_function("() => document.title === 'Stride · Convolution · CNN Explorer'")
