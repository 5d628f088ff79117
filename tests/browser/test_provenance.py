"""Where a number comes from in a real browser: the numbers on the page are read and added up; clicks go down and back."""

import re

import pytest
import torch

from explorer.images.samples import load_sample
from explorer.models.registry import MODELS

NUMBER = r"(−?[0-9]+(?:\.[0-9]+)?(?:e[−+]?[0-9]+)?)"


def numbers(text: str) -> list[float]:
    return [float(part.replace("−", "-")) for part in re.findall(NUMBER, text)]


def line(page, start: str) -> str:
    found = page.get_by_text(re.compile(start)).first
    found.wait_for()
    return found.inner_text()


def test_the_page_adds_up_and_equals_the_network(open_page, settle):
    page = open_page("provenance?sample=digit-3&network=lenet5&unit=c3.5_4_4")
    made = numbers(line(page, r"^c3, convolution:").replace("c3", "").replace("150", ""))
    assert made[0] + made[1] == pytest.approx(made[2], abs=2e-6)
    recorded = numbers(line(page, "^Calculated"))[1]
    spec = MODELS["lenet5"]
    with torch.no_grad():
        output = spec.load()[:4](spec.feeding.preprocess(load_sample("digit-3").pixels))
    assert recorded == pytest.approx(float(output[0, 5, 4, 4]), abs=2e-6)
    # the shares of all six channels give the sum of the products
    page.locator(".js-plotly-plot .barlayer").first.wait_for()
    bars = page.locator(".js-plotly-plot").evaluate_all(
        "plots => plots.flatMap(plot => plot.data).filter(trace => trace.type === 'bar').map(trace => Array.from(trace.y))"
    )
    assert sum(bars[0]) == pytest.approx(made[0], abs=2e-6)
    # and a button's value × weight is its product
    button = page.get_by_role("button", name=re.compile(r"^relu1|^s2"))
    value, weight, product = numbers(settle(button.first).inner_text().split(": ")[1])
    assert value * weight == pytest.approx(product, abs=1e-5)


def test_a_cell_of_the_window_leads_down_and_the_trail_back(open_page, settle):
    page = open_page("provenance?sample=digit-3&network=lenet5&unit=s2.0_7_7")
    points = page.locator(".js-plotly-plot .scatterlayer .point")
    settle(points.first)
    page.locator(".js-plotly-plot").first.evaluate("plot => plot.scrollIntoView({ block: 'center' })")
    cell = settle(points.first).bounding_box()
    x, y = cell["x"] - 25, cell["y"] + cell["height"] / 2  # beside the number, still in its cell
    page.mouse.move(x, y)
    page.wait_for_timeout(200)  # Plotly finds what is pointed at once in a while
    page.mouse.click(x, y)
    page.wait_for_url(re.compile(r"unit=relu1\.0_14_14&trail=s2\.0_7_7"))
    settle(page.get_by_role("button", name="s2 · channel 0 (7, 7)")).click()
    page.wait_for_url(re.compile(r"unit=s2\.0_7_7$"))


def test_a_click_on_the_map_takes_that_unit(open_page, settle):
    page = open_page("provenance?sample=digit-3&network=lenet5&unit=c1.0_14_14", scheme="dark")
    canvas = settle(page.locator(".unit-map .map"))
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 2.5 / 28, "y": box["height"] * 20.5 / 28})
    page.wait_for_url(re.compile(r"unit=c1\.0_20_2"))
    canvas.focus()
    page.mouse.move(0, 0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"unit=c1\.0_21_2"))
    assert "c1 · channel 0 (21, 2)" in line(page, r"c1 · channel 0 \(21")
