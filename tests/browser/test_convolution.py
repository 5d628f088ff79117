"""The stepper in a real browser: every number on the page equals PyTorch's."""

import dataclasses
import re

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from explorer.ui.convolution.kernel import SIZE, OneKernel
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import write_address

EXHIBITS = exhibits_of("convolution")
TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def _exact(values) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def oracle(settings: OneKernel) -> np.ndarray:
    """The feature map by torch.nn.functional, (rows, cols), float64."""
    image, kernel = _exact([[settings.input]]), _exact([[settings.kernel]])
    down = 0 if len(settings.input) == 1 else settings.padding
    padded = F.pad(image, (settings.padding, settings.padding, down, down), TORCH_MODES[settings.mode])
    bias = None if settings.bias is None else _exact([settings.bias])
    kernel = kernel.flip(2, 3) if settings.flip else kernel
    sums = F.conv2d(padded, kernel, bias, settings.stride, dilation=settings.dilation)
    activations = {"sigmoid": torch.sigmoid, "relu": torch.relu, "tanh": torch.tanh, "identity": lambda x: x}
    return activations[settings.activation](sums)[0, 0].numpy()


def random_settings(seed: int) -> OneKernel:
    """An input, a kernel and settings that nobody chose."""
    random = np.random.default_rng(seed)
    rows, cols, tall, wide = random.integers(5, 9, 2).tolist() + random.integers(1, 4, 2).tolist()
    draw = lambda *shape: tuple(map(tuple, random.normal(0, 2, shape).round(2).tolist()))  # noqa: E731
    return OneKernel(
        draw(rows, cols),
        draw(tall, wide),
        bias=float(random.normal().__round__(2)),
        stride=int(random.integers(1, 3)),
        padding=int(random.integers(0, 3)),
        mode=str(random.choice(list(TORCH_MODES))),
        dilation=int(random.integers(1, 3)),
        flip=bool(random.integers(2)),
        activation=str(random.choice(["identity", "relu", "sigmoid", "tanh"])),
    )


CASES = {name: (name, exhibit.settings) for name, exhibit in EXHIBITS.items()}
CASES |= {f"random {seed}": ("C1", random_settings(seed)) for seed in range(4)}


def address(exhibit: str, settings: OneKernel, step: int = 0) -> str:
    parts = write_address(EXHIBITS[exhibit], settings, step)
    return "convolution?" + "&".join(f"{name}={value}" for name, value in parts.items())


def step_through(page, most: int) -> list[tuple[str, float, float]]:
    """What the panel says at each step: the count, the result, and the sum of the products shown."""
    seen = []
    for _ in range(most):
        page.locator(".stepper [data-do=forth]").click()
        seen.append(
            page.locator(".stepper").evaluate(
                """stepper => [stepper.querySelector('.count').textContent,
                     Number(stepper.querySelector('.result').dataset.exact),
                     [...stepper.querySelectorAll('.term')].reduce((sum, t) => sum + t.dataset.value * t.dataset.weight, 0)]"""
            )
        )
    return seen


@pytest.mark.parametrize("case", CASES)
def test_every_step_equals_torch(open_page, settle, case):
    exhibit, settings = CASES[case]
    expected = oracle(settings)
    page = open_page(address(exhibit, settings))
    if EXHIBITS[exhibit].hidden == SIZE:  # the map is drawn once the answer is revealed
        page.get_by_role("button", name="Reveal").click()
    settle(page.locator(".stepper .panel"))
    most = min(expected.size, 24)
    seen = step_through(page, most)
    assert [count for count, _, _ in seen] == [f"{i + 1} of {expected.size}" for i in range(most)]
    np.testing.assert_allclose([result for _, result, _ in seen], expected.ravel()[:most], atol=1e-9)
    if settings.activation == "identity":
        products = np.array([products for _, _, products in seen]) + (settings.bias or 0)
        np.testing.assert_allclose(products, expected.ravel()[:most], atol=1e-9)


def test_results_are_covered_until_someone_steps(open_page, settle):
    page = open_page("convolution?exhibit=C9")
    settle(page.locator(".stepper .panel"))
    assert "Predict first" in page.locator(".stepper .sum").inner_text()
    assert page.locator(".stepper .result").count() == 0
    page.get_by_role("button", name="Show all results").click()
    assert page.locator(".stepper .result").inner_text() == "7"


def test_keyboard_steps_jumps_and_plays(open_page, settle):
    page = open_page("convolution?exhibit=C9")
    stepper = page.locator(".stepper")
    stepper.locator(".count").wait_for()
    stepper.focus()
    for key, count in (("ArrowRight", "1"), ("ArrowRight", "2"), ("End", "4"), ("Home", "1"), ("ArrowDown", "3")):
        page.keyboard.press(key)
        assert stepper.locator(".count").inner_text() == f"{count} of 4"
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some(h => h.shadowRoot?.querySelector('.count')?.textContent === '4 of 4')"
    )


def test_two_quick_edits_both_arrive_and_the_address_follows(open_page, settle):
    page = open_page("convolution?exhibit=C9")
    settle(page.locator(".stepper .panel"))
    box = page.locator(".stepper .cells").first.bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    page.keyboard.type("9")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"input=9_2_1_4~"))
    page.get_by_role("button", name="Show all results").click()
    edited = dataclasses.replace(EXHIBITS["C9"].settings, input=((9, 2, 1, 4), *EXHIBITS["C9"].settings.input[1:]))
    page.wait_for_timeout(500)
    assert float(page.locator(".stepper .result").get_attribute("data-exact")) == oracle(edited)[0, 0] == 15


def test_hovering_an_input_cell_finds_its_window(open_page, settle):
    page = open_page("convolution?exhibit=C17")
    settle(page.locator(".stepper .panel"))
    box = page.locator(".stepper .cells").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.56, box["y"] + box["height"] * 0.56)
    assert "row 3, column 3" in page.locator(".stepper .sum").inner_text()


def test_an_impossible_setting_gets_one_sentence_and_the_picture_stays(open_page, settle):
    page = open_page("convolution?exhibit=C9")
    settle(page.locator(".stepper .panel"))
    page.get_by_label("Stride").fill("0")
    page.get_by_label("Stride").press("Enter")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "Stride is 0" in alert.inner_text()
    assert page.locator(".stepper .count").inner_text() == "1 of 4"


def test_a_bad_address_falls_back_with_a_note(open_page, settle):
    page = open_page("convolution?exhibit=C9&stride=77&kernel=1_x")
    page.get_by_text("Not everything in the address could be read").wait_for()
    settle(page.locator(".stepper .panel"))
    assert page.locator(".stepper .count").inner_text() == "1 of 4"


def test_the_place_survives_a_reload(open_page, settle):
    page = open_page("convolution?exhibit=C8")
    settle(page.locator(".stepper .panel"))
    for _ in range(4):
        page.locator(".stepper [data-do=forth]").click()
    page.wait_for_url(re.compile(r"step=3"))
    page.reload()
    settle(page.locator(".stepper .panel"))
    assert page.locator(".stepper .count").inner_text() == "4 of 9"
