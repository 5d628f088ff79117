"""The Backpropagation page in a real browser: gradients fill up step by step and end equal to autograd's."""

import re
from dataclasses import replace

import numpy as np
import pytest

from explorer.probe.autograd import convolution_gradients
from explorer.settings.record import kinds_of
from explorer.ui.backpropagation.convolution import Convolved
from explorer.ui.backpropagation.shared_weight import Shared
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import write_address

EXHIBITS = exhibits_of("backpropagation")


def random_settings(seed: int) -> Shared:
    random = np.random.default_rng(seed)
    shape, (tall, wide) = random.integers(4, 6, 2), random.integers(1, 4, 2)
    stride, padding = int(random.integers(1, 3)), int(random.integers(0, 2))
    output = [(n + 2 * padding - k) // stride + 1 for n, k in zip(shape, (tall, wide), strict=True)]
    draw = lambda *sides: tuple(map(tuple, random.normal(0, 2, sides).round(1).tolist()))  # noqa: E731
    grids = {"input": draw(*shape), "upstream": draw(*output), "kernel": draw(tall, wide)}
    return Shared(**grids, stride=stride, padding=padding, weight=1)


CASES = {"opening": EXHIBITS["D1"].settings} | {f"random {seed}": random_settings(seed) for seed in range(3)}


def oracle(settings: Convolved):
    parts = [np.array([settings.input]), np.array([[settings.kernel]]), np.zeros(1), np.array([settings.upstream])]
    return convolution_gradients(*parts, settings.stride, settings.padding)


def open_exhibit(open_page, exhibit: str, settings: Convolved):
    record = type(EXHIBITS[exhibit].settings)
    settings = record(**{name: getattr(settings, name) for name in kinds_of(record)})
    parts = write_address(EXHIBITS[exhibit], settings, 0)
    page = open_page("backpropagation?" + "&".join(f"{name}={value}" for name, value in parts.items()))
    page.locator(".stepper .count").wait_for()
    return page


def terms(page) -> np.ndarray:
    """What the panel shows at this step: (taps, [value, weight, sum so far])."""
    return np.array(
        page.locator(".stepper").evaluate(
            "s => [...s.querySelectorAll('.term')].map(t => [t.dataset.value, t.dataset.weight, t.dataset.total].map(Number))"
        )
    )


@pytest.mark.parametrize("case", CASES)
def test_D1_the_kernels_gradient_fills_up_to_autograds(open_page, case):
    settings = CASES[case]
    expected = oracle(settings).kernel[0, 0].ravel()
    page = open_exhibit(open_page, "D1", settings)
    assert "Predict first" in page.locator(".stepper .sum").inner_text()
    total = np.zeros(expected.size)
    for _ in range(np.size(settings.upstream)):
        page.locator(".stepper").press("ArrowRight")  # without the mouse, which might come to lie on a cell
        shown = terms(page)
        total += shown[:, 0] * shown[:, 1]
        np.testing.assert_allclose(shown[:, 2], total, atol=1e-9)
    np.testing.assert_allclose(total, expected, atol=1e-9)
    assert "All positions added: equal to autograd's" in page.locator(".stepper .sum").inner_text()


def test_D1_going_back_takes_away_again(open_page):
    page = open_exhibit(open_page, "D1", EXHIBITS["D1"].settings)
    page.locator(".stepper .uncover").click()
    assert terms(page)[:, 2].tolist() == [6, 9, 15, 18]
    page.locator(".stepper [data-do=back]").click()
    assert terms(page)[:, 2].tolist() == [1 + 4 - 4, 2 + 6 - 5, 4 + 10 - 7, 5 + 12 - 8]
    page.locator(".stepper [data-do=first]").click()
    assert terms(page)[:, 2].tolist() == [1, 2, 4, 5]


def test_D1_editing_the_gradient_at_the_output(open_page):
    page = open_exhibit(open_page, "D1", EXHIBITS["D1"].settings)
    box = page.locator(".stepper .cells").nth(1).bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("upstream=5_2~-1_1"))
    page.locator(".stepper").press("End")
    edited = replace(EXHIBITS["D1"].settings, upstream=((5, 2), (-1, 1)))
    assert terms(page)[:, 2].tolist() == oracle(edited).kernel.ravel().tolist()
    assert "equal to autograd's" in page.locator(".stepper .sum").inner_text()


@pytest.mark.parametrize("case", CASES)
def test_D3_stamps_add_up_to_autograds(open_page, case):
    settings = CASES[case]
    page = open_exhibit(open_page, "D3", settings)
    tall, wide = np.shape(settings.kernel)
    rows, cols = np.shape(settings.upstream)
    padded = np.zeros(np.add(np.shape(settings.input), 2 * settings.padding))
    for step in range(rows * cols):
        page.locator(".stepper").press("ArrowRight")  # without the mouse, which might come to lie on a cell
        shown = terms(page)
        top, left = (settings.stride * at for at in divmod(step, cols))
        window = padded[top : top + tall, left : left + wide]
        window += (shown[:, 0] * shown[:, 1]).reshape(tall, wide)
        np.testing.assert_allclose(shown[:, 2].reshape(tall, wide), window, atol=1e-9)
    edge = slice(settings.padding, -settings.padding or None)
    np.testing.assert_allclose(padded[edge, edge], oracle(settings).image[0], atol=1e-9)
    assert "All stamps added: equal to autograd's" in page.locator(".stepper .sum").inner_text()


def test_D3_editing_the_kernel_stamps_anew(open_page):
    page = open_exhibit(open_page, "D3", EXHIBITS["D3"].settings)
    box = page.locator(".stepper .cells").nth(1).bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    page.keyboard.type("-2")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("kernel=-2_2~3_4"))
    page.locator(".stepper [data-do=forth]").click()
    page.wait_for_timeout(300)
    assert -2 in terms(page)[:, 1]


def test_D2_a_button_nudges_the_maximum(open_page):
    page = open_page("backpropagation?exhibit=D2")
    page.locator(".stepper .count").wait_for()
    page.get_by_role("button", name="+1").nth(1).click()
    page.get_by_text("8 → 9").wait_for()
    page.locator(".stepper [data-do=forth]").click()
    assert page.locator(".stepper .result").get_attribute("data-exact") == "9"
