"""Which pixels matter in a real browser: the maps are drawn, the slider moves them, the address follows."""

import re


def test_the_slider_loses_the_weights(open_page, settle):
    page = open_page("attribution?sample=digit-3&network=lenet5")
    page.get_by_text("With every weight random, on this picture").wait_for(
        timeout=60_000
    )  # thirty maps, on a busy machine
    page.locator(".js-plotly-plot").nth(2).wait_for(timeout=60_000)
    page.locator(".js-plotly-plot").nth(0).locator(".heatmaplayer image").nth(4).wait_for()
    settle(page.get_by_role("slider")).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("level=1"))
