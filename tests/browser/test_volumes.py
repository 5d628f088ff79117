"""Volumes in a real browser: planes, kernels and matrices are linked, and every number equals PyTorch's."""

import dataclasses
import re

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from explorer.settings.written import as_plain
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import write_address
from explorer.ui.volumes.layer import Layer

EXHIBITS = exhibits_of("volumes")
LAYERS = {key: exhibit.settings for key, exhibit in EXHIBITS.items() if isinstance(exhibit.settings, Layer)}


def oracle(settings: Layer) -> np.ndarray:
    """The feature maps by torch.nn.functional, (Cout, rows, cols), float64."""
    image, kernel = (torch.tensor(values, dtype=torch.float64) for values in (settings.input, settings.kernel))
    bias = None if settings.bias is None else torch.tensor(settings.bias, dtype=torch.float64)
    return F.conv2d(image[None], kernel, bias, settings.stride, settings.padding)[0].numpy()


def random_settings(seed: int) -> Layer:
    """A small volume and kernels that nobody chose."""
    random = np.random.default_rng(seed)
    depth, maps, side, tall, wide = random.integers([2, 2, 4, 1, 1], [5, 4, 6, 4, 4]).tolist()
    return Layer(
        as_plain(random.normal(0, 2, (depth, side, side + 1)).round(2)),
        as_plain(random.normal(0, 2, (maps, depth, tall, wide)).round(2)),
        bias=tuple(random.normal(0, 2, maps).round(2).tolist()),
        stride=int(random.integers(1, 3)),
        padding=int(random.integers(0, 2)),
    )


CASES = LAYERS | {f"random {seed}": random_settings(seed) for seed in range(3)}

SEEN = """stepper => ({
  count: stepper.querySelector('.count').textContent,
  result: Number(stepper.querySelector('.result').dataset.exact),
  sums: [...stepper.querySelectorAll('.plane')].map(plane =>
    [...plane.querySelectorAll('.term')].reduce((sum, t) => sum + t.dataset.value * t.dataset.weight, 0)),
  kernel: [...stepper.querySelectorAll('figcaption')].map(c => c.textContent).find(t => t.startsWith('Kernel')),
  pointed: [...stepper.querySelectorAll('.term')].findIndex(t => t.classList.contains('pointed')),
})"""


def open_stepper(open_page, exhibit: str, settings: Layer | None = None, **more):
    parts = write_address(EXHIBITS[exhibit], settings or EXHIBITS[exhibit].settings, 0)
    page = open_page("volumes?" + "&".join(f"{name}={value}" for name, value in parts.items()), **more)
    page.get_by_role("strong").get_by_text("Output", exact=True).wait_for()  # below the stepper: nothing moves any more
    page.get_by_label("Padding").wait_for()
    page.wait_for_timeout(300)
    return page


def point_at(page, grid: int, across: float, down: float) -> dict:
    """Move the pointer over one grid of the stepper (fractions of its canvas); what the panel then says."""
    cells = page.locator(".stepper .cells").nth(grid)
    cells.scroll_into_view_if_needed()
    box = cells.bounding_box()
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    return page.locator(".stepper").evaluate(SEEN)


@pytest.mark.parametrize("case", CASES)
def test_every_number_equals_torch(open_page, case):
    settings = CASES[case]
    expected = oracle(settings).ravel()
    page = open_stepper(open_page, case if case in EXHIBITS else "C11", settings)
    steps = [*range(0, len(expected), max(1, len(expected) // 8))]
    for step in steps:
        page.locator(".stepper .at").evaluate(
            "(slider, step) => { slider.value = step; slider.dispatchEvent(new Event('input')); }", step
        )
        if step == 0:  # the first move answers the question
            page.locator(".stepper [data-do=first]").click()
        seen = page.locator(".stepper").evaluate(SEEN)
        assert seen["count"] == f"{step + 1} of {len(expected)}"
        np.testing.assert_allclose(seen["result"], expected[step], atol=1e-9)
        channel = step // oracle(settings)[0].size
        bias = settings.bias[channel] if settings.bias else 0
        np.testing.assert_allclose(sum(seen["sums"]) + bias, expected[step], atol=1e-9)
        assert len(seen["sums"]) == len(settings.input)


def test_C11_hovering_a_cell_of_any_map_shows_its_kernel(open_page):
    page = open_stepper(open_page, "C11")
    page.get_by_role("button", name="Show all results").click()
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(200)
    assert point_at(page, 2, 0.05, 0.3)["kernel"] == "Kernel 0"
    seen = point_at(page, 2, 0.95, 0.9)
    assert seen["kernel"] == "Kernel 1"
    assert seen["count"] == "48 of 48"


def spot(box: dict, shape: tuple[int, int, int], cell: tuple[int, int, int]) -> tuple[float, float]:
    """The middle of a cell (plane, row, column) in the box of a grid of named planes, however many stand side by side."""
    (planes, rows, cols), (plane, row, col) = shape, cell
    edge, aside, above = 3, 14, 20  # assets/components/stepper/sizes.js
    for across in range(1, planes + 1):
        size = (box["width"] - 2 * edge - (across - 1) * aside) / (across * cols)
        if abs(2 * edge + -(-planes // across) * (rows * size + above) - box["height"]) < 1:
            x = edge + plane % across * (cols * size + aside) + (col + 0.5) * size
            return x, edge + above + plane // across * (rows * size + above) + (row + 0.5) * size
    raise AssertionError(f"{box} holds no {shape}")


def test_C11_painting_a_plane_arrives_and_the_address_follows(open_page):
    settings = dataclasses.replace(LAYERS["C16"], bias=None)
    page = open_stepper(open_page, "C16", settings)
    box = page.locator(".stepper .cells").first.bounding_box()
    page.locator(".stepper .ink").fill("9")
    page.locator(".stepper [data-do=paint]").click()
    x, y = spot(box, (4, 4, 4), (3, 0, 3))
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile(r"input="))
    changed = np.array(settings.input)
    changed[3, 0, 3] = 9
    expected = oracle(dataclasses.replace(settings, input=as_plain(changed)))
    page.locator(".stepper [data-do=paint]").click()
    page.get_by_role("button", name="Show all results").click()
    page.wait_for_timeout(500)
    box = page.locator(".stepper .cells").nth(2).bounding_box()
    x, y = spot(box, (2, 4, 4), (0, 0, 3))  # map 0, row 0, last column
    seen = point_at(page, 2, x / box["width"], y / box["height"])
    assert seen["result"] == expected[0, 0, 3]


def test_C13_every_grid_leads_to_window_column_and_result(open_page):
    page = open_stepper(open_page, "C13")
    page.get_by_role("button", name="Show all results").click()
    kernel, output, weights, columns, product = range(1, 6)
    seen = point_at(page, columns, 4.5 / 9, 10.5 / 27)  # window 4, its 11th number
    assert (seen["count"], seen["pointed"]) == ("5 of 36", 10)
    seen = point_at(page, product, 7.5 / 9, 2.5 / 4)  # kernel 2, window 7
    assert (seen["count"], seen["kernel"]) == ("26 of 36", "Kernel 2")
    seen = point_at(page, weights, 20.5 / 27, 3.5 / 4)  # kernel 3, its 21st number; the window stays
    assert (seen["count"], seen["kernel"], seen["pointed"]) == ("35 of 36", "Kernel 3", 20)
    np.testing.assert_allclose(seen["result"], oracle(LAYERS["C13"]).ravel()[34])
    for grid, shape in ((kernel, (3, 3, 3)), (output, (4, 3, 3))):
        box = page.locator(".stepper .cells").nth(grid).bounding_box()
        x, y = spot(box, shape, (0, 0, 0))
        seen = point_at(page, grid, x / box["width"], y / box["height"])
        assert seen["pointed"] == 0 if grid == kernel else seen["count"] == "1 of 36"


def test_C13_results_of_the_product_are_covered_until_they_are_reached(open_page):
    page = open_stepper(open_page, "C13")
    product = page.locator(".stepper .cells").nth(5)
    before = product.evaluate("canvas => canvas.toDataURL()")
    page.locator(".stepper [data-do=forth]").click()
    one = product.evaluate("canvas => canvas.toDataURL()")
    page.get_by_role("button", name="Show all results").click()
    assert len({before, one, product.evaluate("canvas => canvas.toDataURL()")}) == 3


def test_C13_a_wide_matrix_shows_a_region_that_follows_and_can_be_moved(open_page):
    settings = EXHIBITS["C13"].variants["8×8 input"]
    page = open_stepper(open_page, "C13", settings)
    columns = page.locator(".stepper .grid").nth(4)
    overview = columns.locator(".overview")
    assert overview.is_visible()
    painted = "figure => figure.querySelector('.cells').toDataURL()"
    start = columns.evaluate(painted)
    overview.scroll_into_view_if_needed()
    box = overview.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + 20)
    moved = columns.evaluate(painted)
    assert moved != start
    page.wait_for_timeout(700)
    assert columns.evaluate(painted) == moved  # it stays where the reader put it
    page.locator(".stepper [data-do=first]").click()
    page.locator(".stepper [data-do=forth]").click()
    assert columns.evaluate(painted) == start


def test_B5_matrix_row_window_and_input_cell_belong_together(open_page):
    page = open_stepper(open_page, "B5")
    page.get_by_role("button", name="Show all results").click()
    matrix, flat_input, flat_output = 3, 4, 5
    seen = point_at(page, matrix, 5.5 / 16, 1.5 / 9)  # output 1, input 5 = row 1, column 1
    assert (seen["count"], seen["pointed"]) == ("2 of 9", 2)
    seen = point_at(page, matrix, 15.5 / 16, 0.5 / 9)  # a zero outside the window
    assert (seen["count"], seen["pointed"]) == ("1 of 9", -1)
    seen = point_at(page, flat_output, 0.5, 8.5 / 9)
    assert seen["count"] == "9 of 9"
    seen = point_at(page, flat_input, 0.5, 0.5 / 16)
    assert (seen["count"], seen["pointed"]) == ("1 of 9", 0)


def test_B3_predict_then_show_the_numbers(open_page):
    page = open_page("volumes?exhibit=B3")
    button = page.get_by_role("button", name="Show the numbers")
    button.wait_for()
    page.get_by_test_id("stMetricValue").nth(1).wait_for()
    assert {value.inner_text() for value in page.get_by_test_id("stMetricValue").all()} == {"?"}
    button.click()
    page.get_by_test_id("stMetricValue").nth(2).wait_for()
    assert [value.inner_text() for value in page.get_by_test_id("stMetricValue").all()][:2] == ["26", "8,100,090,000"]
    page.locator(".js-plotly-plot").wait_for()


def test_an_impossible_setting_gets_one_sentence_and_the_picture_stays(open_page):
    page = open_stepper(open_page, "C11")
    page.get_by_label("Kernel rows").fill("8")
    page.get_by_label("Kernel rows").press("Enter")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "does not fit" in alert.inner_text()
    assert page.locator(".stepper .count").inner_text() == "1 of 48"
