"""The home page in a real browser: draw with the mouse, upload, point, change theme, go offline."""

import io
import re

import numpy as np
import pytest
import skimage.data
from PIL import Image

ANSWER = ".network .best"

# Digits as one moves the mouse: polylines in fractions of the pad's side.
STROKES = {
    "0": [
        [(0.5, 0.2), (0.35, 0.3), (0.3, 0.5), (0.35, 0.7), (0.5, 0.8), (0.65, 0.7), (0.7, 0.5), (0.65, 0.3), (0.5, 0.2)]
    ],
    "1": [[(0.5, 0.2), (0.5, 0.8)]],
    "2": [[(0.33, 0.32), (0.42, 0.22), (0.58, 0.22), (0.66, 0.34), (0.6, 0.48), (0.33, 0.78), (0.7, 0.78)]],
    "4": [[(0.4, 0.2), (0.32, 0.55), (0.7, 0.55)], [(0.62, 0.25), (0.6, 0.85)]],
    "7": [[(0.3, 0.22), (0.7, 0.22), (0.48, 0.8)]],
}


def draw(page, strokes) -> None:
    """Move the mouse over the pad as a person does."""
    box = page.locator(".pad canvas").bounding_box()
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=8)
        page.mouse.up()


def wait_for_answer(page, wanted: str) -> None:
    page.wait_for_function(
        """wanted => [...document.querySelectorAll('*')].some(host => host.shadowRoot
             && (host.shadowRoot.querySelector('.best')?.textContent ?? '').startsWith(wanted))""",
        arg=wanted,
    )


@pytest.mark.parametrize("digit", STROKES)
def test_a_drawn_digit_is_read(open_page, digit):
    page = open_page()
    page.locator(ANSWER).wait_for()
    draw(page, STROKES[digit])
    wait_for_answer(page, f"{digit} ·")


def test_the_network_answers_during_the_stroke(open_page):
    page = open_page()
    page.locator(ANSWER).wait_for()
    assert "example" in page.locator(".network .note").inner_text()
    box = page.locator(".pad canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8, steps=20)
    page.wait_for_timeout(400)
    assert "example" not in page.locator(".network .note").inner_text()  # the button is still down
    page.mouse.up()


def test_undo_clear_and_eraser(open_page):
    page = open_page()
    page.locator(ANSWER).wait_for()
    draw(page, STROKES["7"])
    wait_for_answer(page, "7 ·")
    page.get_by_role("button", name="Clear").click()
    page.wait_for_timeout(500)
    assert "example" in page.locator(".network .note").inner_text()
    page.get_by_role("button", name="Undo").click()
    wait_for_answer(page, "7 ·")
    page.get_by_role("button", name="Eraser").click()
    draw(page, [[(0.2, 0.22), (0.8, 0.22)]])  # without its bar a 7 is a stroke
    wait_for_answer(page, "1 ·")


def test_strokes_survive_other_pages_and_sources(open_page):
    page = open_page()
    page.locator(ANSWER).wait_for()
    draw(page, STROKES["2"])
    wait_for_answer(page, "2 ·")
    page.get_by_text("Samples", exact=True).click()
    page.get_by_text("Cat (Chelsea)").first.wait_for()
    page.get_by_role("button", name="Layers").click()
    page.get_by_role("menuitem", name="Images are tensors").click()
    page.get_by_role("heading", name="Images are tensors").wait_for()
    page.get_by_role("button", name="Networks").click()
    page.get_by_role("menuitem", name="CNN Explorer").click()
    page.get_by_text("Draw", exact=True).click()
    wait_for_answer(page, "2 ·")
    ink = page.locator(".pad canvas").evaluate(
        """canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
             .data.filter((value, i) => i % 4 === 0 && value > 200).length"""
    )
    assert ink > 500


def test_pointing_shows_value_and_place_without_a_round_trip(open_page):
    page = open_page()
    page.locator(ANSWER).wait_for()
    page.wait_for_timeout(500)
    sent = []
    page.on("websocket", lambda socket: sent.append("a new connection"))
    box = page.locator(".network .maps").bounding_box()
    places = ((x, y) for y in range(60, int(box["height"]), 40) for x in range(20, int(box["width"]), 20))
    where = ""
    while not where.startswith("c1"):
        x, y = next(places)
        page.mouse.move(box["x"] + x, box["y"] + y)
        where = page.locator(".network .where").inner_text()
    assert re.fullmatch(r"c1 · channel \d · row \d+, column \d+", where)
    value = float(page.locator(".network .value").inner_text().replace("−", "-"))
    low, high = re.findall(r"−?[\d.]+", page.locator(".network .range").inner_text().removeprefix("this map:"))
    assert float(low.replace("−", "-")) <= value <= float(high.replace("−", "-"))
    assert not sent


def test_an_uploaded_photo_shows_its_maps(open_page, tmp_path):
    page = open_page()
    page.locator(ANSWER).wait_for()
    page.get_by_text("Upload", exact=True).click()
    photo = tmp_path / "my cat.jpg"
    Image.fromarray(skimage.data.chelsea()).save(photo)
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_text("my cat.jpg ·").wait_for()
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some(host =>
             (host.shadowRoot?.querySelector('.maps')?.getAttribute('aria-label') ?? '').startsWith('Colour network'))"""
    )


def bad_files() -> dict[str, bytes]:
    """Files that are not pictures one can use, by name."""
    jpeg = io.BytesIO()
    Image.fromarray(skimage.data.chelsea()).save(jpeg, "JPEG")
    tiff = io.BytesIO()
    Image.fromarray(np.full((20, 20), np.nan, np.float32)).save(tiff, "TIFF")
    tiny = io.BytesIO()
    Image.new("L", (1, 1)).save(tiny, "PNG")
    return {
        "text.png": b"this is no picture at all",
        "cut.jpg": jpeg.getvalue()[:3000],
        "nan.tif": tiff.getvalue(),
        "tiny.png": tiny.getvalue(),
    }


@pytest.mark.parametrize("name", bad_files())
def test_a_bad_file_gets_one_sentence_and_the_picture_stays(open_page, name):
    page = open_page()
    page.locator(ANSWER).wait_for()
    page.get_by_text("Samples", exact=True).click()
    page.get_by_text("Cat (Chelsea)").first.wait_for()
    page.get_by_text("Upload", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": bad_files()[name]}
    )
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "stays" in alert.inner_text()
    assert "Traceback" not in page.inner_text("body")
    assert "Cat" in page.locator(".network .note").inner_text()


def test_the_theme_changes_under_a_drawing(open_page):
    page = open_page()
    page.locator(ANSWER).wait_for()
    draw(page, STROKES["7"])
    wait_for_answer(page, "7 ·")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(800)
    wait_for_answer(page, "7 ·")
    page.locator(".pad canvas").wait_for()


def test_nothing_leaves_the_machine(open_page):
    """The fixture fails on any request to elsewhere; here the page works through its sources meanwhile."""
    page = open_page(scheme="dark", width=1920)
    page.locator(ANSWER).wait_for()
    for source in ("Samples", "Upload", "Draw"):
        page.get_by_text(source, exact=True).click()
        page.wait_for_timeout(400)


def test_a_click_opens_the_map_on_its_own_page(open_page):
    page = open_page()
    page.locator(ANSWER).wait_for()
    page.locator(".network .maps").press("PageDown")
    page.locator(".network .maps").press("Enter")
    page.locator(".network button.open").click()
    page.get_by_role("heading", name="Feature maps").wait_for()
    page.get_by_text("How channel 0 of c1 was made").wait_for()
