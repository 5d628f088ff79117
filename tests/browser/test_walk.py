"""All pages through the menu: network and picture are still those that were chosen, at the end and on every way home."""

import io

import numpy as np
from PIL import Image
from playwright.sync_api import expect

CHOSEN = "Colour network"  # not the first of the list


def menu(page) -> dict[str, list[str]]:
    """The menu's groups and their pages, as they stand in the header."""
    found = {}
    for group in page.locator("header").get_by_role("button").all():
        if (name := group.inner_text().strip()) and group.get_attribute("aria-haspopup"):
            group.click()
            page.get_by_role("menuitem").first.wait_for()
            found[name] = [item.inner_text().strip() for item in page.get_by_role("menuitem").all()]
            page.keyboard.press("Escape")
            page.get_by_role("menuitem").first.wait_for(state="hidden")
    return found


def go(page, group: str, title: str) -> None:
    page.get_by_role("button", name=group, exact=True).click()
    page.get_by_role("menuitem", name=title, exact=True).click()
    page.get_by_role("heading", name=title, level=2).wait_for()


def choose(page, title: str) -> None:
    """A network in the box of networks."""
    page.get_by_role("combobox", name="Network").click()
    page.get_by_role("option", name=title, exact=True).click()
    expect(page.get_by_role("combobox", name="Network")).to_have_value(title)


def keeps(page, source: str) -> None:
    """The boxes say what was chosen; except at home they stand behind the picture in the row."""
    subject = page.locator(".st-key-subject button")
    if subject.count():
        subject.click()
    expect(page.get_by_role("combobox", name="Network")).to_have_value(CHOSEN)
    expect(page.get_by_role("radio", name=source)).to_be_checked()
    page.keyboard.press("Escape")


def test_a_walk_through_the_menu_keeps_network_and_picture(open_page):
    page = open_page()
    page.locator(".network .best").wait_for()
    page.get_by_text("Upload", exact=True).click()
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)).save(file, "PNG")
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    page.get_by_text("mine.png ·").wait_for()
    choose(page, "LeNet-5")
    choose(page, CHOSEN)
    pages = menu(page)
    assert sum(map(len, pages.values())) > 20
    for group, titles in pages.items():
        for title in titles:
            go(page, group, title)
            if title in ("Feature maps", "Which pixels matter", "Where a number comes from"):
                keeps(page, "Upload")
    go(page, "Networks", "CNN Explorer")
    keeps(page, "Upload")
    page.get_by_text("mine.png ·").wait_for()
    # and by the link on the page
    page.locator(".network .maps").press("PageDown")
    page.locator(".network .maps").press("Enter")
    page.locator(".network button.open").click()
    page.get_by_role("heading", name="Feature maps").wait_for()
    keeps(page, "Upload")


def test_back_and_forth_without_waiting(open_page):
    """Whoever leaves before a page stands must not lose the choice either: timing decided it."""
    page = open_page()
    page.locator(".network .best").wait_for()
    page.get_by_text("Samples", exact=True).click()
    page.get_by_text("Cat (Chelsea)").first.wait_for()
    choose(page, CHOSEN)
    for _ in range(6):
        go(page, "Networks", "Feature maps")
        go(page, "Networks", "CNN Explorer")
    keeps(page, "Samples")
    page.get_by_text("Cat (Chelsea)").first.wait_for()
