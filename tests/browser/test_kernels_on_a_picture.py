"""Kernels on a picture in a real browser: numbers read from the page equal PyTorch's; divider, keyboard and cells work."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from torch.nn import functional as F

from explorer.images.samples import load_sample
from explorer.layers.presets import PRESETS

CAT = load_sample("cat").pixels


@pytest.fixture
def page(open_page):
    opened = open_page("kernels_on_a_picture?sample=cat")
    expect(opened.locator(".compare .sum")).to_contain_text("Sum of the products")
    opened.wait_for_timeout(500)
    return opened


def by_torch(kernel, mode="constant"):
    image = torch.from_numpy(CAT.astype(np.float64)).permute(2, 0, 1)[:, None]
    padded = F.pad(image, [kernel.shape[1] // 2] * 2 + [kernel.shape[0] // 2] * 2, mode=mode)
    return F.conv2d(padded, torch.from_numpy(kernel.copy())[None, None])[:, 0].permute(1, 2, 0).numpy()


def told(page):
    """The pointed-at pixel's row and column, and every plane's number before and after."""
    row, column = map(int, re.findall(r"\d+", page.locator(".compare .where").inner_text()))
    before = [int(text) for text in page.locator(".told .before").all_inner_texts()]
    after = [float(cell.get_attribute("data-exact")) for cell in page.locator(".told .after").all()]
    return row, column, before, after


def inside(page, x, y):
    box = page.locator(".compare .picture").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def products(page):
    cells = page.locator(".kernel .cell").all()
    return sum(float(cell.get_attribute("data-value")) * float(cell.get_attribute("data-weight")) for cell in cells)


@pytest.mark.parametrize(
    ("preset", "mode", "torch_mode"), [("edges", "zeros", "constant"), ("gaussian", "reflect", "reflect")]
)
def test_C2_every_number_on_the_page_is_pytorchs(open_page, preset, mode, torch_mode):
    page = open_page(f"kernels_on_a_picture?sample=cat&kernel={preset}&mode={mode}")
    expect(page.locator(".compare .sum")).to_contain_text("Sum of the products")
    page.wait_for_timeout(500)
    expected = by_torch(PRESETS[preset].kernel, torch_mode)
    for place in ((0.3, 0.4), (0.75, 0.6), (0.001, 0.001), (0.999, 0.999)):
        page.mouse.move(*inside(page, *place))
        row, column, before, after = told(page)
        assert before == CAT[row, column].tolist()
        assert np.allclose(after, expected[row, column], atol=1e-9)
        assert products(page) == pytest.approx(after[0])


def test_C2_the_divider_is_dragged_and_moved_with_the_keys(page):
    divider = page.get_by_role("slider", name="Divider between before and after")
    assert divider.get_attribute("aria-valuenow") == "50"
    box = divider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(*inside(page, 0.2, 0.3), steps=5)
    page.mouse.up()
    assert divider.get_attribute("aria-valuenow") == "20"
    divider.press("ArrowRight")
    assert divider.get_attribute("aria-valuenow") == "21"
    divider.press("End")
    # All before: the canvas shows the picture itself
    x, y = 0.9, 0.5
    colour = page.locator(".compare .picture").evaluate(
        "(canvas, [x, y]) => [...canvas.getContext('2d').getImageData(x * canvas.width, y * canvas.height, 1, 1).data]",
        [x, y],
    )
    true = CAT[int(y * CAT.shape[0]), int(x * CAT.shape[1])]
    assert np.abs(np.array(colour[:3], int) - true).max() < 12  # smoothed by the scaling
    divider.press("Home")
    assert divider.get_attribute("aria-valuenow") == "0"


def test_C2_a_cell_is_typed_and_the_sum_follows(page):
    middle = page.get_by_label("Kernel row 1, column 1", exact=True)
    middle.fill("9")
    middle.press("Enter")
    expect(page.get_by_text("add up to 1: flat areas stay")).to_be_visible()
    expect(page).to_have_url(re.compile("kernel="))
    kernel = np.where(PRESETS["edges"].kernel == 8, 9.0, -1.0)
    page.mouse.move(*inside(page, 0.3, 0.4))
    row, column, _, after = told(page)
    assert np.allclose(after, by_torch(kernel)[row, column], atol=1e-9)
    middle = page.get_by_label("Kernel row 1, column 1", exact=True)
    middle.fill("many")
    middle.press("Enter")
    expect(page.locator(".compare .note")).to_contain_text("is no number")
    assert middle.input_value() == "9"


def test_C2_the_keyboard_moves_from_pixel_to_pixel(page):
    row, column, *_ = told(page)
    picture = page.locator(".compare .picture")
    picture.press("ArrowRight")
    picture.press("ArrowDown")
    assert told(page)[:2] == (row + 1, column + 1)


@pytest.mark.parametrize("width", [700, 1920])
def test_it_fits_its_room(open_page, width):
    page = open_page("kernels_on_a_picture?exhibit=C15&sample=cat&kernel=g9s2", scheme="dark", width=width)
    expect(page.locator(".compare .sum")).to_contain_text("Sum of the products")
    page.wait_for_timeout(500)
    stage, panel = page.locator(".compare .stage").bounding_box(), page.locator(".compare .panel").bounding_box()
    grid = page.locator(".compare .kernel").bounding_box()
    assert panel["x"] + panel["width"] <= stage["x"] + stage["width"] + 1
    assert grid["width"] <= panel["width"] + 1


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_C2_the_picture_fills_the_stage(open_page, width, height):
    page = open_page("kernels_on_a_picture?sample=cat", width=width, height=height, settings="")
    expect(page.locator(".compare .sum")).to_contain_text("Sum of the products")
    page.wait_for_timeout(1000)
    outer, picture = page.locator(".st-key-stage").bounding_box(), page.locator(".compare .picture").bounding_box()
    assert picture["width"] / picture["height"] == pytest.approx(CAT.shape[1] / CAT.shape[0], rel=0.01)
    assert picture["height"] > 0.8 * outer["height"]
    for part in (".legend", ".note"):
        box = page.locator(f".compare {part}").bounding_box()
        assert box["y"] + box["height"] <= outer["y"] + outer["height"]
    assert page.locator(".st-key-stage").evaluate("stage => stage.scrollHeight - stage.clientHeight") == 0
