"""The Unpooling page in a real browser: stepping gives PyTorch's numbers, and the answer uncovers the pictures."""

import re

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import write_address

EXHIBITS = exhibits_of("unpooling")


def oracle(settings) -> np.ndarray:
    """The output by torch.nn.functional."""
    image = torch.tensor(settings.input, dtype=torch.float64)[None]
    if hasattr(settings, "values"):
        _, at = F.max_pool2d(image, settings.size, return_indices=True)
        return F.max_unpool2d(torch.tensor(settings.values, dtype=torch.float64)[None], at, settings.size)[0].numpy()
    if hasattr(settings, "kernel"):
        kernel = torch.tensor(settings.kernel, dtype=torch.float64)[None, None]
        return F.conv_transpose2d(image, kernel, None, settings.stride, settings.padding, settings.extra)[0].numpy()
    if settings.kind == "subpixel":
        return F.pixel_shuffle(image, settings.factor)[0].numpy()
    return F.interpolate(image, scale_factor=settings.factor, mode=settings.kind)[0].numpy()


CASES = {f"{name} {title}": (name, s) for name in ("K2", "K3", "K4") for title, s in EXHIBITS[name].variants.items()}


@pytest.mark.parametrize("case", CASES)
def test_stepping_to_the_end_gives_torchs_output(open_page, case):
    exhibit, settings = CASES[case]
    parts = write_address(EXHIBITS[exhibit], settings, 0)
    page = open_page("unpooling?" + "&".join(f"{name}={value}" for name, value in parts.items()))
    page.locator(".stepper .count").wait_for()
    page.locator(".stepper").press("ArrowRight")  # the first move uncovers the first step
    page.locator(".stepper").press("End")
    said = page.locator(".stepper .sum").inner_text().split("Output: ")[1].rstrip(" .")
    rows = [[float(text) for text in row.replace("−", "-").split()] for row in said.split(";")]
    np.testing.assert_allclose([rows], oracle(settings), rtol=1e-3)
    # what the browser itself added up in the cells of the last stamp
    totals = [float(cell.get_attribute("data-total")) for cell in page.locator(".stepper .term").all()]
    if case in ("K3 1 2; 3 4", "K2 nearest"):
        np.testing.assert_allclose(np.reshape(totals, (2, 2)), oracle(settings)[0, 2:, 2:])
    if case == "K4 3×3":
        assert totals == [10, 6, 6, 7, 4, 4, 7, 4, 4]


def test_K3_step_by_step_covers_the_maxima_until_they_are_reached(open_page):
    page = open_page("unpooling?exhibit=K3")
    page.locator(".stepper .count").wait_for()
    page.get_by_text("Predict first. Then step").wait_for()
    page.locator(".stepper").press("ArrowRight")
    assert "1 returns to the cell that the switch names" in page.locator(".stepper .sum").inner_text()
    page.locator(".stepper").press("ArrowRight")
    page.wait_for_url(re.compile("step=1"))


def test_K5_the_answer_uncovers_the_pictures(open_page, settle):
    page = open_page("unpooling?exhibit=K5")
    options = settle(page.get_by_role("combobox", name="The closest"))
    assert page.locator(".st-key-unpooling-K5-ways").count() == 0
    options.click()
    page.get_by_role("option", name="Max unpooling").click()
    page.get_by_role("button", name="Reveal").click()
    page.locator(".st-key-unpooling-K5-ways .js-plotly-plot").wait_for()
    page.get_by_text(re.compile("You predicted Max unpooling, 6.9 dB")).wait_for()
    page.get_by_text(re.compile("Closest is Bilinear")).wait_for()
