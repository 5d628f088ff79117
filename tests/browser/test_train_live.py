"""Train LeNet live in a real browser: begin, steer, find the run again after a reload, and rewind it."""

import re

import pytest


@pytest.fixture
def studio(open_page, settle):
    """A page on which the small digits are trained without end; it is stopped at the end of the test."""
    page = open_page("train_live")
    settle(page.get_by_role("button", name="Train", exact=True))
    page.get_by_label("Data set").click()
    page.get_by_role("option", name="Small digits (offline)").click()
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("5000")
    epochs.press("Enter")
    page.wait_for_timeout(500)
    settle(page.get_by_role("button", name="Train", exact=True)).click()
    page.locator(".studio .badge").get_by_text("Training").wait_for()
    yield page
    stop = page.locator(".studio").get_by_role("button", name="Stop")
    if stop.is_visible() and stop.is_enabled():
        stop.click()
        page.locator(".studio .badge").get_by_text("Stopped").wait_for()


def wait_for_state(page, word: str) -> None:
    page.locator(".studio .badge").get_by_text(word).wait_for()


def press(page, name: str) -> None:
    page.locator(".studio").get_by_role("button", name=name).click()


def step_of(page) -> int:
    """The step whose frame the studio names beside its slider."""
    text = page.locator(".studio .when").inner_text()
    return int(re.sub(r"\D", "", re.search(r"step (.*?) ·", text)[1]))


def painted(page) -> list[str]:
    """Every picture of the panels, as it is on the screen."""
    return page.locator(".studio .runs canvas").evaluate_all("all => all.map(one => one.toDataURL())")


def test_it_is_steered_and_found_again(studio):
    page = studio
    press(page, "Pause")
    wait_for_state(page, "Paused")
    page.wait_for_timeout(700)
    before = step_of(page)
    press(page, "Step one batch")
    page.wait_for_timeout(1000)
    assert step_of(page) == before + 1

    rate = page.locator(".studio").get_by_label("Learning rate")
    rate.fill("0.0005")
    rate.press("Enter")
    page.wait_for_timeout(700)
    assert float(rate.input_value()) == 0.0005
    press(page, "Resume")
    wait_for_state(page, "Training")

    address = page.url
    page.reload()
    wait_for_state(page, "Training")
    assert page.url == address
    press(page, "Stop")
    wait_for_state(page, "Stopped")


def test_it_is_rewound_to_the_first_weights(studio):
    page = studio
    page.wait_for_timeout(2500)
    press(page, "Stop")
    wait_for_state(page, "Stopped")
    page.wait_for_timeout(1000)
    newest, last = painted(page), step_of(page)
    slider = page.locator(".studio input.at")
    slider.focus()
    slider.press("Home")
    page.wait_for_timeout(1500)
    first = painted(page)
    assert step_of(page) == 0 < last
    assert len(first) == len(newest) >= 4
    assert sum(one != other for one, other in zip(first, newest, strict=True)) >= 4
    slider.press("End")
    page.wait_for_timeout(1500)
    assert step_of(page) == last
    assert painted(page) == newest

    slider.press("Home")
    page.wait_for_timeout(1000)
    page.locator(".studio").get_by_role("button", name="Continue from here").click()
    page.get_by_text("Goes on from step 0 of").wait_for()
