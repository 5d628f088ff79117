"""Every canvas that shows numbers, by keyboard alone.

Tab reaches it, an arrow moves a cursor that is seen, and what is under it is said: its value and its place.
"""

import re
from pathlib import Path

import pytest

COMPONENTS = Path(__file__).parents[2] / "assets" / "components"
NO_VIEW = {"pad", "webcam", "pictures"}  # what is drawn, filmed and dropped there is looked at elsewhere

NUMBER = r"−?\d"
# Of each canvas: an address that has it, the canvas, its live region, where its cursor is drawn, a key, and what is said.
CELL = rf"[Rr]ow \d+, column \d+.*{NUMBER}"
VIEWS = {
    "stepper": (
        "convolution?exhibit=C9",
        ".stepper .cells",
        ".said",
        ".marks",
        "ArrowRight",
        rf"row 0, column 1: {NUMBER}",
    ),
    "network": ("", ".network .maps", ".reading", ".marks", "ArrowRight", CELL),
    "unit_map": ("provenance", ".unit-map .map", ".readout", ".marks", "ArrowRight", rf"unit \d+: {NUMBER}"),
    "compare": ("kernels_on_a_picture", ".compare .picture", ".reading", ".marks", "ArrowRight", CELL),
    "pixels": ("images_are_tensors", ".pixels .grids", ".told", ".grids-marks", "ArrowRight", CELL),
    "pixels, region": (
        "images_are_tensors",
        ".pixels .overview",
        ".hint",
        ".overview-marks",
        "ArrowDown",
        r"Rows \d+–\d+, col",
    ),
    "patches": (
        "top_patches",
        ".patches .sheet",
        ".told",
        ".sheet",
        "ArrowRight",
        rf"channel \d+, number 2 of \d+: {NUMBER}",
    ),
    "studio, loss": ("train_live", ".studio .loss .plot", ".said", ".loss .marks", "ArrowLeft", r"step \d+"),
    "studio, kernels": (
        "train_live",
        ".studio .kernels canvas",
        ".said",
        ".ring",
        "ArrowRight",
        rf"{NUMBER}.*kernel 0.*column 1",
    ),
    "studio, maps": (
        "train_live",
        ".studio .maps canvas",
        ".said",
        ".ring",
        "ArrowDown",
        rf"{NUMBER}.*channel 0, row 1",
    ),
    "studio, confusion": (
        "train_live",
        ".studio .confusion canvas",
        ".said",
        ".ring",
        "ArrowRight",
        r"\d+ of \d+ .*“0”.*“1”",
    ),
    "studio, answer": ("train_live", ".studio .answer canvas", ".said", ".ring", "ArrowDown", rf"1: {NUMBER}"),
    "studio, distributions": (
        "train_live",
        ".studio .distributions canvas",
        ".said",
        ".ring",
        "ArrowRight",
        rf"\d from {NUMBER}",
    ),
    "studio, scenes": (
        "segmentation?networks=nearest",
        ".studio .scenes canvas",
        ".said",
        ".ring",
        "ArrowRight",
        r"said: \w+.*row \d+, column \d+",
    ),
}
SEEN = "mark => mark.tagName === 'CANVAS' ? mark.toDataURL() : mark.hidden ? '' : mark.style.transform"
ACTIVE = "canvas => canvas.getRootNode().activeElement === canvas"


def test_no_canvas_is_forgotten():
    folders = {path.name for path in COMPONENTS.iterdir() if path.is_dir()} - {"shared"}
    with_canvas = {
        name for name in folders if any("canvas" in file.read_text("utf-8") for file in (COMPONENTS / name).glob("*.*"))
    }
    assert {name.split(",")[0] for name in VIEWS} == with_canvas - NO_VIEW


@pytest.mark.parametrize("name", VIEWS)
def test_the_keyboard_goes_there_and_is_told(open_page, settle, name):
    address, selector, region, mark, key, words = VIEWS[name]
    page = open_page(address, settings="closed")
    component = page.locator(selector.split()[0]).first
    canvas, said = page.locator(selector).first, component.locator(region).first
    seen = canvas if mark in selector else component.locator(mark).first
    settle(canvas)
    canvas.scroll_into_view_if_needed()
    canvas.focus()
    page.keyboard.press("Shift+Tab")
    assert not canvas.evaluate(ACTIVE)
    page.keyboard.press("Tab")  # there and back: it is one of the places that Tab leads to
    assert canvas.evaluate(ACTIVE)
    words_before, cursor_before = said.text_content(), seen.evaluate(SEEN)
    page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert said.get_attribute("aria-live") == "polite"
    told = said.text_content()
    assert told != words_before
    assert re.search(words, re.sub(r"\s+", " ", told)), told
    assert seen.evaluate(SEEN) != cursor_before  # the cursor is seen to move
    page.keyboard.press("Escape")


def test_a_mouse_says_nothing(open_page, settle):
    page = open_page("train_live", settings="closed")
    canvas = page.locator(".studio .kernels canvas")
    settle(canvas)
    canvas.scroll_into_view_if_needed()
    canvas.hover(position={"x": 12, "y": 30})
    page.locator(".studio .tip").get_by_text("kernel 0").wait_for()
    assert "kernel" not in page.locator(".studio .said").text_content()
    assert page.locator(".studio .ring").is_hidden()
