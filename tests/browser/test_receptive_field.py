"""Receptive field in a real browser: a clicked unit's field is what gradients say it is."""

import re

import pytest
import torch
from playwright.sync_api import expect
from torch import nn


def seen_by(layers, size, unit):
    """First and last input with a gradient from the unit, by autograd."""
    signal = torch.zeros(1, 1, size, requires_grad=True)
    out = signal
    for layer in layers:
        for weight in layer.parameters():
            nn.init.ones_(weight)
        out = layer(out)
    out[0, 0, unit].backward()
    inputs = signal.grad[0, 0].nonzero().flatten().tolist()
    return inputs[0], inputs[-1]


CONV = lambda: nn.Conv1d(1, 1, 3, bias=False)  # noqa: E731  a fresh layer for every stack
POOL = lambda: nn.AvgPool1d(2)  # noqa: E731


@pytest.mark.parametrize(
    ("address", "layers", "size", "top"),
    [("?exhibit=F1", [CONV] * 4, 17, 4), ("?exhibit=F2", [CONV, POOL, CONV], 16, 3)],
)
def test_F1_F2_a_clicked_unit_tells_the_inputs_it_sees(open_page, address, layers, size, top):
    page = open_page(f"receptive_field{address}")
    points = page.locator(".js-plotly-plot .scatterlayer .point")
    expect(points.last).to_be_visible()
    page.wait_for_timeout(800)
    box = points.last.bounding_box()  # the last unit of the top level
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    where = page.get_by_text(re.compile(r"It sees inputs \d+ to \d+"))
    expect(page).to_have_url(re.compile("unit="))
    expect(page.get_by_text(re.compile(rf"Receptive field of layer {top}, unit"))).to_be_visible()
    unit = int(re.search(r"unit=(\d+)", page.url)[1])
    first, last = map(int, re.search(r"inputs (\d+) to (\d+)", where.inner_text()).groups())
    assert (first, last) == seen_by([make() for make in layers], size, unit)
    assert last == size - 1 or "F2" in address


def test_layers_are_edited_in_place(open_page):
    page = open_page("receptive_field?exhibit=F2")
    page.get_by_role("button", name="Reveal").click()
    expect(page.get_by_text("= 8 inputs")).to_be_visible()
    page.get_by_role("button", name="Add conv 3").click()
    expect(page.get_by_text("= 12 inputs")).to_be_visible()
    stride = page.get_by_label("Stride of layer 1")
    stride.fill("0")
    stride.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The last valid picture stays")
    expect(page.get_by_text("= 12 inputs")).to_be_visible()
    stride.fill("1")
    stride.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_C10_the_stepper_leaves_holes(open_page):
    page = open_page("receptive_field?exhibit=C10")
    result = page.locator(".stepper .sum .result")
    expect(result.first).to_be_visible()
    terms = page.locator(".stepper .term").all()
    values = [float(term.get_attribute("data-value")) for term in terms]
    image = torch.tensor([[(row + column) % 5 for column in range(7)] for row in range(7)], dtype=torch.float64)
    window = nn.functional.unfold(image[None, None], 3, dilation=2)[0, :, 0]
    assert values == window.tolist()
    assert float(result.first.get_attribute("data-exact")) == float(window.sum())
