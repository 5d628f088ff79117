"""The page on top patches in a real browser: the example is there, a patch is clicked, its whole picture comes."""

import re

import pytest


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_G3_a_click_shows_the_whole_picture(open_page, settle, scheme):
    page = open_page("top_patches", scheme=scheme)
    sheet = page.get_by_role("img", name=re.compile("^Most exciting patches of channels 0 to 5 of c1"))
    sheet.wait_for(timeout=60_000)  # PyTorch is imported first
    box = settle(sheet).bounding_box()
    page.get_by_text("Channel 0 of c1, number 1 of 9").wait_for()
    tile = (box["width"] - 40) / 9
    x, y = box["x"] + 40 + 2.4 * tile, box["y"] + box["height"] * 3.4 / 6
    page.mouse.move(x, y)
    page.get_by_text(re.compile("^channel 3, number 3 of 9: .* in digits")).wait_for()
    page.mouse.click(x, y)
    page.get_by_text("Channel 3 of c1, number 3 of 9").wait_for()
    page.wait_for_url(re.compile("channel=3&rank=2"))
    page.get_by_text("Least exciting", exact=True).click()
    page.get_by_role("img", name=re.compile("^Least exciting patches")).wait_for()
