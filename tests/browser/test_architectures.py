"""Architectures and a large network in a real browser: clicks, and nothing cut off."""

import re


def click(page, words):
    box = page.locator(".js-plotly-plot text", has_text=words).first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_click_unfolds_a_block_and_its_equal_ones(open_page):
    page = open_page("architectures?network=resnet18")
    page.locator(".js-plotly-plot text", has_text="layer2").wait_for()
    click(page, "layer1")
    page.locator(".js-plotly-plot text", has_text="layer1.0").wait_for()
    page.wait_for_url(re.compile("unfolded=layer1"))
    click(page, "layer1.0")
    page.locator(".js-plotly-plot text", has_text="layer1.0.conv1").wait_for()
    page.get_by_role("button", name="Remove layer1.0").or_(page.get_by_label("Clear all")).first.wait_for()


def test_an_inception_block_unfolds(open_page):
    page = open_page("architectures?exhibit=I2")
    page.locator(".js-plotly-plot text", has_text="branch2").wait_for()
    click(page, "branch2")
    page.locator(".js-plotly-plot text", has_text="branch2.0.conv").wait_for()
    page.wait_for_url(re.compile("inside=True"))


def test_a_large_network_answers_and_is_whole(open_page):
    page = open_page("")
    page.locator(".network .best").wait_for()
    page.get_by_role("combobox", name="Network").click()
    page.get_by_role("option", name="SqueezeNet 1.1").click()
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some((host) =>
             (host.shadowRoot?.querySelector('.maps')?.getAttribute('aria-label') ?? '').startsWith('SqueezeNet'))"""
    )
    note = page.locator(".network .note").inner_text()
    if "random weights" in note:  # else this machine has torchvision's
        page.get_by_role("button", name="Download torchvision's weights (5 MB)").wait_for()
        page.get_by_text("Random weights: nobody has trained").wait_for()
    stage, head = page.locator(".network .stage").bounding_box(), page.locator(".network .controls").bounding_box()
    assert head["x"] + head["width"] <= stage["x"] + stage["width"] + 1
    box = page.locator(".network .maps").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 80)
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some((host) =>
             /channel \\d+ · row/.test(host.shadowRoot?.querySelector('.where')?.textContent ?? ''))"""
    )
