"""The stepper's grids by keyboard alone: a cursor, an editor, and words for those who do not see them."""

import re

import pytest

FOCUS = "stepper => stepper.getRootNode().activeElement.className"


def inked(canvas) -> int:
    """How many pixels of the marks' canvas are not transparent."""
    return canvas.evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.reduce((n, v, i) => n + (i % 4 === 3 && v > 0), 0)"
    )


@pytest.fixture
def stepper(open_page, settle):
    """C9, 4×4 with a 2×2 kernel and stride 2, the keyboard on the stepper's first grid."""
    page = open_page("convolution?exhibit=C9")
    found = page.locator(".stepper")
    settle(found.locator(".panel"))
    found.locator(".cells").first.focus()
    return found


def test_arrows_move_a_cursor_that_is_seen_and_said(stepper):
    page, said = stepper.page, stepper.locator(".said")
    assert said.inner_text() == "Input, row 0, column 0: 1"
    marks = stepper.locator(".marks").nth(2)  # the output's: nothing but its own place and the cursor
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert re.fullmatch(r"Input, row 1, column 1: −?\d+", said.inner_text())
    assert (
        stepper.locator(".count").inner_text() == "1 of 4"
    )  # the cursor does not step; its cell lies in the first window
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert stepper.locator(".count").inner_text() == "2 of 4"  # as pointing there with the mouse does
    page.keyboard.press("ArrowRight")
    assert said.inner_text().startswith("Input, row 1, column 3: ")  # it stays at the edge
    before = inked(marks)
    stepper.locator(".cells").nth(2).focus()
    assert inked(marks) > before
    assert said.inner_text().startswith("Feature map, row 0, column 0: ")


@pytest.mark.parametrize("key", ["Enter", "F2"])
def test_a_cell_is_changed_and_the_keyboard_stays_there(stepper, key):
    page, editor = stepper.page, stepper.locator(".editor")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(key)
    assert editor.is_visible()
    page.keyboard.type("−7")
    page.keyboard.press("Enter")
    assert not editor.is_visible()
    assert stepper.locator(".said").inner_text() == "Input, row 0, column 1: −7"
    page.wait_for_url(re.compile(r"input=1_-7_"))
    assert stepper.evaluate(FOCUS) == "cells"
    page.keyboard.press("ArrowLeft")
    assert stepper.locator(".said").inner_text() == "Input, row 0, column 0: 1"


def test_escape_changes_nothing(stepper):
    page = stepper.page
    address = page.url
    page.keyboard.press("Enter")
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    assert not stepper.locator(".editor").is_visible()
    assert stepper.locator(".said").inner_text() == "Input, row 0, column 0: 1"
    assert stepper.evaluate(FOCUS) == "cells"
    page.keyboard.press("Escape")  # once more: back to the stepper, whose arrows step
    assert stepper.evaluate(FOCUS) == "stepper"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert stepper.locator(".count").inner_text() == "2 of 4"
    assert page.url.split("&step")[0] == address.split("&step")[0]


def test_results_open_no_editor_and_a_covered_one_is_not_told(stepper):
    page = stepper.page
    stepper.locator(".cells").nth(2).focus()
    assert stepper.locator(".said").inner_text() == "Feature map, row 0, column 0: covered"
    page.keyboard.press("Enter")
    assert not stepper.locator(".editor").is_visible()
