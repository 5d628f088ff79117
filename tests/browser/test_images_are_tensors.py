"""Images are tensors in a real browser: read numbers, link the planes, move and resize the region, click a pixel."""

import re

import pytest
from playwright.sync_api import expect

from explorer.images.samples import load_sample

CAT = load_sample("cat").pixels


@pytest.fixture
def page(open_page):
    return ready(open_page("images_are_tensors"))


@pytest.fixture
def normalised(open_page):
    return ready(open_page("images_are_tensors?exhibit=A3"))


def ready(opened):
    expect(opened.locator(".pixels .values")).to_have_text(
        re.compile(r"R \d+"), timeout=60_000
    )  # torch is imported first
    opened.wait_for_timeout(800)  # until everything has taken its place
    return opened


def told(page):
    """What the panel says of the pointed-at pixel: row, column and its numbers."""
    row, column = map(int, re.findall(r"\d+", page.locator(".pixels .where").inner_text()))
    return row, column, [int(text) for text in re.findall(r"\d+", page.locator(".pixels .values").inner_text())]


def rows_shown(page):
    return tuple(map(int, re.findall(r"\d+", page.locator(".pixels .hint").inner_text())[:2]))


def digest(page, canvas):
    """The canvas's content as text, to see whether it changed."""
    return page.locator(canvas).evaluate("canvas => canvas.toDataURL()")


def inside(page, canvas, x, y):
    """A place in a canvas, in fractions of its sides, as a place on the screen."""
    box = page.locator(canvas).bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_A1_A2_pointing_tells_row_column_and_the_true_numbers(page):
    for place in ((0.1, 0.2), (0.6, 0.2), (0.3, 0.4)):
        page.mouse.move(*inside(page, ".grids", *place))
        row, column, values = told(page)
        assert values == CAT[row, column].tolist()


def test_A2_the_same_cell_is_outlined_in_every_grid_and_in_the_picture(page):
    grids, overview = digest(page, ".grids-marks"), digest(page, ".overview-marks")
    page.mouse.move(*inside(page, ".grids", 0.1, 0.2))
    in_first = told(page)
    outlined = digest(page, ".grids-marks")
    assert outlined != grids
    assert digest(page, ".overview-marks") != overview
    # The same cell of plane R, to the right: the same pixel, so the same outlines.
    width = page.locator(".grids").bounding_box()["width"]
    page.mouse.move(*inside(page, ".grids", 0.1 + (width + 18) / 2 / width, 0.2))
    assert told(page) == in_first
    assert digest(page, ".grids-marks") == outlined


def test_A1_the_region_is_dragged_and_moved_with_the_arrow_keys(page):
    first = rows_shown(page)
    page.mouse.move(*inside(page, ".overview", 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*inside(page, ".overview", 0.3, 0.2), steps=6)
    page.mouse.up()
    page.wait_for_timeout(100)
    dragged = rows_shown(page)
    assert dragged[0] < first[0] - 50
    page.locator(".overview").press("ArrowDown")
    page.wait_for_timeout(100)
    assert rows_shown(page) == (dragged[0] + 1, dragged[1] + 1)
    for _ in range(60):
        page.locator(".overview").press("Shift+ArrowUp")  # the picture's edge holds it
    page.wait_for_timeout(100)
    assert rows_shown(page) == (0, 11)


def test_A1_the_region_goes_from_4_to_48_pixels(page):
    output, overview = page.locator(".pixels output"), page.locator(".overview")
    for _ in range(40):
        overview.press("+")
    expect(output).to_have_text("48×48")
    expect(page.locator(".pixels .hint")).to_contain_text("smaller")
    page.get_by_role("button", name="Smaller region").click()
    expect(output).to_have_text("47×47")
    for _ in range(50):
        overview.press("-")
    expect(output).to_have_text("4×4")
    page.mouse.move(*inside(page, ".overview", 0.5, 0.5))
    page.mouse.wheel(0, 100)
    expect(output).to_have_text("5×5")


def test_A2_together_and_apart_without_a_jump(page):
    before, size = digest(page, ".grids"), page.locator(".grids").bounding_box()
    page.get_by_role("button", name="Together").click()
    page.wait_for_timeout(100)
    assert digest(page, ".grids") != before
    assert page.locator(".grids").bounding_box() == size
    page.get_by_role("button", name="Apart").click()
    page.wait_for_timeout(100)
    assert digest(page, ".grids") == before


def test_A2_one_plane_of_the_whole_picture(page):
    page.get_by_role("button", name="R", exact=True).click()
    painted = page.locator(".overview").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data]"
    )
    assert painted[0] > 50
    assert painted[1:] == [0, 0, 255]


def test_A3_a_clicked_pixel_goes_into_the_formulas(normalised):
    page = normalised
    page.mouse.click(*inside(page, ".grids", 0.1, 0.2))
    row, column, (red, *_) = told(page)
    expect(page.get_by_text(f"With the numbers of row {row}, column {column}")).to_be_visible()
    expect(page.get_by_text(f"({red}/255 − 0.4914)/0.2470 = {(red / 255 - 0.4914) / 0.2470:.3f}")).to_be_visible()


def test_the_keyboard_chooses_a_pixel(normalised):
    page = normalised
    grids = page.locator(".grids")
    row, column, _ = told(page)
    grids.press("ArrowRight")
    grids.press("ArrowDown")
    assert told(page)[:2] == (row + 1, column + 1)
    grids.press("Enter")
    expect(page.get_by_text(f"With the numbers of row {row + 1}, column {column + 1}")).to_be_visible()


def test_a_grey_picture_has_one_grid(normalised):
    page = normalised
    page.locator(".st-key-subject button").click()
    page.get_by_text("Samples", exact=True).click()
    page.get_by_test_id("stPopoverBody").get_by_role("combobox").fill("Cameraman")
    page.keyboard.press("Enter")
    expect(page.locator(".pixels .values")).to_have_text(re.compile(r"Grey \d+"))
    expect(page.locator(".pixels .switches")).to_be_hidden()
    expect(page.get_by_text("− 0.1307)/0.3081")).to_be_visible()


@pytest.mark.parametrize("width", [700, 1920])
def test_it_fits_its_room_and_follows_the_theme(open_page, width):
    page = open_page("images_are_tensors", scheme="dark", width=width)
    expect(page.locator(".pixels .values")).to_have_text(re.compile(r"R \d+"))
    stage, grids = page.locator(".pixels .stage").bounding_box(), page.locator(".grids").bounding_box()
    assert grids["x"] + grids["width"] <= stage["x"] + stage["width"] + 1
    dark = digest(page, ".grids")
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(1000)
    assert digest(page, ".grids") != dark  # the titles' ink


@pytest.mark.parametrize("title", ["Brain waves", "Video", "Sound"])
def test_A4_every_grid_draws_its_figure(open_page, settle, title):
    page = open_page("images_are_tensors?exhibit=A4")
    settle(page.get_by_role("button", name=title, exact=True)).click()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator(".js-plotly-plot")).to_have_count(1)


def test_what_was_looked_at_is_there_again_from_the_address_and_from_another_page(page, open_page):
    page.mouse.click(*inside(page, ".grids", 0.1, 0.2))
    row, column, _ = told(page)
    page.get_by_role("button", name="R", exact=True).click()
    page.wait_for_url(re.compile(rf"pixel={row}\.{column}\.300x451x3.*plane=R"))
    kept = page.url.split("/")[-1]
    page.mouse.move(5, 5)
    for title in ("Pooling", "Images are tensors"):
        page.get_by_role("button", name="Layers").click()
        page.get_by_role("menuitem", name=title, exact=True).click()
        page.get_by_role("heading", name=title, exact=True).wait_for()
    again = open_page(kept)
    for opened in (page, again):
        expect(opened.locator(".pixels .where")).to_have_text(f"Chosen: row {row}, column {column}", timeout=20_000)
        expect(opened.get_by_role("button", name="R", exact=True)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("exhibit", "part"), [("A1", ".pixels .stage"), ("A4", ".js-plotly-plot")])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_it_fills_the_stage(open_page, exhibit, part, width, height):
    page = open_page(f"images_are_tensors?exhibit={exhibit}", width=width, height=height, settings="")
    stage, found = page.locator(".st-key-stage"), page.locator(part)
    found.wait_for()
    page.wait_for_timeout(1500)
    outer, inner = stage.bounding_box(), found.bounding_box()
    assert inner["width"] * inner["height"] > 0.85 * outer["width"] * outer["height"]
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]
    assert stage.evaluate("stage => stage.scrollHeight - stage.clientHeight") == 0
    if exhibit == "A1":  # the grids take the height there is, and leave their panel in sight
        grids, hint = page.locator(".grids").bounding_box(), page.locator(".pixels .hint").bounding_box()
        assert grids["height"] > 0.9 * inner["height"]
        assert hint["y"] + hint["height"] <= outer["y"] + outer["height"]


def touch(page, canvas, kind, *fingers):
    """Pointer events of fingers at (id, x, y), in fractions of the canvas's sides."""
    page.locator(canvas).evaluate(
        """(canvas, [kind, fingers]) => {
            const box = canvas.getBoundingClientRect();
            for (const [id, x, y] of fingers) {
                canvas.dispatchEvent(new PointerEvent(kind, {
                    pointerId: id, pointerType: "touch", isPrimary: id === 1, bubbles: true, button: 0,
                    clientX: box.x + x * box.width, clientY: box.y + y * box.height,
                }));
            }
        }""",
        [kind, fingers],
    )
    page.wait_for_timeout(100)


def test_fingers_move_the_region_and_pinch_it(page):
    page.evaluate("Element.prototype.setPointerCapture = () => {}")  # these fingers are made up
    side = lambda: int(page.locator(".pixels output").inner_text().split("×")[0])  # noqa: E731
    first, before = rows_shown(page), side()
    touch(page, ".grids", "pointerdown", (1, 0.3, 0.3))
    touch(page, ".grids", "pointermove", (1, 0.3, 0.15))
    assert rows_shown(page)[0] > first[0]  # pushed up: rows further down are seen
    touch(page, ".grids", "pointerdown", (2, 0.35, 0.15))
    touch(page, ".grids", "pointermove", (2, 0.5, 0.15))
    assert side() == 4 < before  # apart: fewer pixels, larger
    touch(page, ".grids", "pointerup", (1, 0.3, 0.15), (2, 0.5, 0.15))
    touch(page, ".overview", "pointerdown", (1, 0.5, 0.5), (2, 0.55, 0.5))
    touch(page, ".overview", "pointermove", (2, 0.6, 0.5))
    assert side() == 8  # on the whole picture the region itself is drawn larger
    touch(page, ".overview", "pointerup", (1, 0.5, 0.5), (2, 0.6, 0.5))
    assert page.locator(".grids").evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
