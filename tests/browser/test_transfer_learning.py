"""Transfer learning in a real browser: from nothing to classes of one's own, trained students, and a picture that is tried."""

import io
import re

import numpy as np
from PIL import Image

WITH_SHADOWS = (
    """text => [...document.querySelectorAll('*')].some(host => host.shadowRoot?.textContent.includes(text))"""
)


def scribbles(kind: int, count: int = 8) -> list[dict]:
    """Strokes, upright or across, as files."""
    random, files = np.random.default_rng(kind), []
    for number in range(count):
        pixels = np.zeros((64, 64), np.uint8)
        at = 12 + 5 * number
        pixels[(slice(at, at + 7), slice(6, 58)) if kind else (slice(6, 58), slice(at, at + 7))] = random.integers(
            150, 255
        )
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        files.append({"name": f"{kind}-{number}.png", "mimeType": "image/png", "buffer": file.getvalue()})
    return files


def add_class(page, name: str) -> None:
    page.get_by_placeholder(re.compile("class")).fill(name)
    page.get_by_role("button", name="Add class").click()
    page.locator(".stMarkdown").get_by_text(f"{name} · 0 pictures").wait_for()


def test_from_nothing_to_a_tried_picture(open_page, settle):
    page = open_page("transfer_learning")
    page.get_by_role("tab", name="Your classes").click()
    add_class(page, "upright")
    add_class(page, "across")
    page.get_by_text("Files", exact=True).click()
    for kind, name in ((1, "across"), (0, "upright")):
        settle(page.get_by_role("radio", name=name).first).click()
        page.locator(".pictures").get_by_text(f"Pictures of {name}:").wait_for()
        page.locator(".pictures input[type=file]").set_input_files(scribbles(kind))
        page.get_by_text(f"{name} · 8 pictures").wait_for()
    page.get_by_role("tab", name="The students").click()
    for name in ("Fine-tuning", "From scratch"):  # one student is enough here, and quicker
        page.get_by_test_id("stCheckbox").get_by_text(name).click()
    page.get_by_role("button", name="Train one student").click()
    right = page.get_by_text(re.compile(r"of \d{1,2} test pictures right"))  # not a recorded one's
    right.wait_for(timeout=60_000)
    page.get_by_text("The plane of features").wait_for(timeout=60_000)
    page.wait_for_function(WITH_SHADOWS, arg="Finished")

    page.get_by_text("Draw", exact=True).last.click()
    pad = settle(page.locator(".pad canvas").last)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"], steps=8)
    page.mouse.up()
    page.get_by_text(re.compile(r"(upright|across) · \d+%")).wait_for()

    page.reload()  # the pictures and the student are named by the address
    right.wait_for()
    page.get_by_role("tab", name="Your classes").click()
    page.get_by_text("upright · 8 pictures").wait_for()


def test_the_webcam_takes_pictures_while_the_button_is_held(open_page, settle):
    page = open_page("transfer_learning")
    page.get_by_role("tab", name="Your classes").click()
    page.get_by_role("button", name="Begin with").click()
    settle(page.get_by_role("button", name="Start the camera")).click()
    take = page.get_by_role("button", name="Hold to take “thumbs up”")
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some(host => host.shadowRoot?.querySelector('video')?.videoWidth > 0)"
    )
    box = settle(take).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.wait_for_timeout(1000)
    page.mouse.up()
    page.get_by_text(re.compile(r"thumbs up · [3-9] pictures")).wait_for()
    page.get_by_test_id("stTabs").get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Start the camera").wait_for()
