"""The Pooling page in a real browser: every number on the page equals PyTorch's."""

import re
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import write_address
from explorer.ui.pooling.window import Pooled

EXHIBITS = exhibits_of("pooling")


def oracle(settings: Pooled) -> np.ndarray:
    """The pooled planes by torch.nn.functional."""
    image = torch.tensor(settings.input, dtype=torch.float64)[None]
    window = (settings.size, settings.stride, settings.padding)
    if settings.kind == "max":
        return F.max_pool2d(image, *window, ceil_mode=settings.ceil)[0].numpy()
    return F.avg_pool2d(image, *window, settings.ceil, settings.count_pad)[0].numpy()


def random_settings(seed: int) -> Pooled:
    random = np.random.default_rng(seed)
    shape = (int(random.integers(1, 3)), *random.integers(5, 8, 2).tolist())
    planes = random.normal(0, 3, shape).round(1)
    return Pooled(
        tuple(tuple(map(tuple, plane)) for plane in planes.tolist()),
        kind=("max", "average")[seed % 2],
        size=int(random.integers(2, 4)),
        stride=int(random.integers(1, 4)),
        padding=int(random.integers(0, 2)),
        ceil=bool(random.integers(2)),
        count_pad=bool(random.integers(2)),
    )


CASES = {f"{name} {variant}": (name, s) for name in ("E1", "E2") for variant, s in EXHIBITS[name].variants.items()}
CASES |= {f"random {seed}": ("E1", random_settings(seed)) for seed in range(6)}


@pytest.mark.parametrize("case", CASES)
def test_every_step_equals_torch(open_page, case):
    exhibit, settings = CASES[case]
    expected = oracle(settings)
    parts = write_address(EXHIBITS[exhibit], settings, 0)
    page = open_page("pooling?" + "&".join(f"{name}={value}" for name, value in parts.items()))
    page.locator(".stepper .count").wait_for()
    seen, shown = [], []
    for _ in range(min(expected.size, 20)):
        page.locator(".stepper").press("ArrowRight")  # without the mouse, which might come to lie on a cell
        seen.append(float(page.locator(".stepper .result").get_attribute("data-exact")))
        shown.append(page.locator(".stepper .term .p").all_inner_texts())
    np.testing.assert_allclose(seen, expected.ravel()[:20], atol=1e-9)
    if settings.kind == "max":  # what hangs over the edge is never chosen, and says so
        numbers = [[float(text.replace("−∞", "-inf").replace("−", "-")) for text in step] for step in shown]
        np.testing.assert_allclose([max(step) for step in numbers], seen, atol=1e-3)


def test_E1_variants_switch_and_cover_the_results_again(open_page):
    page = open_page("pooling")
    page.locator(".stepper .count").wait_for()
    page.locator(".stepper .uncover").click()
    assert page.locator(".stepper .result").inner_text() == "6"
    page.get_by_role("button", name="average", exact=True).click()
    page.wait_for_url(re.compile("kind=average"))
    page.get_by_text("Predict first. Then step").wait_for()
    page.locator(".stepper [data-do=forth]").click()
    assert "10 ÷ 4 = 2.5" in page.locator(".stepper .sum").inner_text()


def test_E3_the_slider_moves_the_maps_and_the_address(open_page):
    page = open_page("pooling?exhibit=E3")
    page.locator(".js-plotly-plot").wait_for()  # the maps; the curve comes with the first shift
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("shift=1"))
    page.locator(".js-plotly-plot").nth(1).wait_for()
    page.get_by_text("not merely moved").wait_for()


def test_E3_titles_stand_apart_on_a_phone(open_page):
    page = open_page("pooling?exhibit=E3", width=390, height=844, settings="closed")
    titles = page.locator(".js-plotly-plot .annotation-text")
    titles.nth(4).wait_for()
    boxes = sorted((box["x"], box["x"] + box["width"]) for box in (title.bounding_box() for title in titles.all()))
    assert all(left[1] + 4 <= right[0] for left, right in pairwise(boxes)), boxes
