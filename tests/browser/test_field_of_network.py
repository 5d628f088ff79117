"""Any unit's field in a real browser: a clicked unit of a feature map sees the pixels that have a gradient."""

import re

import torch
from playwright.sync_api import expect

from explorer.models.registry import MODELS


def seen_by(layer, row, column):
    """First and last row and column with a gradient from the unit, with positive weights and averages for the maximum."""
    network = torch.nn.Sequential()
    for name, module in MODELS["lenet5"].build().named_children():
        pooled = torch.nn.AvgPool2d(2) if isinstance(module, torch.nn.MaxPool2d) else module
        for weight in pooled.parameters():
            torch.nn.init.ones_(weight)
        network.add_module(name, pooled)
        if name == layer:
            break
    inputs = torch.ones(1, 1, 32, 32, requires_grad=True)
    network(inputs)[0, :, row, column].sum().backward()
    rows, columns = inputs.grad[0, 0].nonzero(as_tuple=True)
    return int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())


def test_F3_a_clicked_unit_tells_the_pixels_it_sees(open_page, settle):
    page = open_page("receptive_field?exhibit=F3&node=s2")
    canvas = settle(page.get_by_role("img", name=re.compile("Channel 0 of s2")))
    expect(page.get_by_text(re.compile(r"row 6, column 6: "))).to_be_visible()  # what the map says of the middle unit
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.3)
    expect(page).to_have_url(re.compile("column="))
    row, column = (int(re.search(rf"{name}=(\d+)", page.url)[1]) for name in ("row", "column"))
    said = page.get_by_text(re.compile(f"Row {row}, column {column} sees"))
    expect(said).to_be_visible()
    found = re.search(r"sees rows (\d+)–(\d+) and columns (\d+)–(\d+)", said.inner_text())
    assert tuple(map(int, found.groups())) == seen_by("s2", row, column)


def test_F4_both_sides_are_drawn(open_page):
    page = open_page("receptive_field?exhibit=F4", scheme="dark")
    expect(page.get_by_text(re.compile("Middle half"))).to_have_count(2)
    expect(page.locator(".js-plotly-plot .hm")).to_have_count(2)
