"""The Regularisation page in a real browser: a typed number changes formulas and address; masks are redrawn."""

import re

import pytest


def test_H4_a_number_typed_into_the_table(open_page, settle):
    page = open_page("regularisation")
    page.get_by_role("button", name="Reveal").click()
    page.get_by_text("(2 + 4 + 4 + 4 + 5 + 5 + 7 + 9) / 8 = 5").wait_for()
    table = settle(page.get_by_test_id("stDataFrame").first)
    box = table.bounding_box()
    new = page.get_by_text("(2 + 4 + 4 + 4 + 5 + 5 + 7 + 17) / 8 = 6")
    for _ in range(5):  # on a busy machine Streamlit's table may not listen yet, or be drawn anew under the click
        page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + 35 * 8 + 18)  # the last row's unit 0
        page.wait_for_timeout(500)
        page.keyboard.type("17", delay=100)  # its editor opens at the first sign: as fast as a person
        page.keyboard.press("Enter")
        page.wait_for_timeout(2500)
        if new.count():
            break
    new.wait_for()
    page.wait_for_url(re.compile("batch=2_120_0.1~.*17_140"))
    page.get_by_role("button", name="in use", exact=True).first.click()
    page.wait_for_url(re.compile("when=use"))
    page.get_by_text("this batch is not asked").wait_for()


def test_H5_masks_are_redrawn(open_page):
    page = open_page("regularisation?exhibit=H5")
    page.get_by_role("button", name="Reveal").click()
    page.get_by_text("Over 2,000 steps it was 1.972").wait_for()
    page.get_by_role("button", name="Redraw masks").click()
    page.wait_for_url(re.compile("seed=1"))
    page.get_by_text("Over 2,000 steps it was 1.972").wait_for(state="detached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_H6_versions_are_pictures(open_page, scheme):
    page = open_page("regularisation?exhibit=H6&sample=cat&versions=12", scheme=scheme)
    page.get_by_text("12 versions:").wait_for()
    grid = page.get_by_test_id("stImage").locator("img").last
    grid.wait_for()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=grid.element_handle())
    assert grid.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [6 * 96 + 5 * 6, 2 * 96 + 6]
