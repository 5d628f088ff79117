"""Compare activations in a real browser: planes with their numbers, another exhibit, and the address that follows."""

import re


def test_planes_and_then_maps(open_page, settle):
    page = open_page("compare_activations")
    page.get_by_text("Nearest neighbour of the same class").wait_for(timeout=60_000)
    page.locator(".js-plotly-plot .scatterlayer .trace").nth(29).wait_for()  # ten classes in three planes
    settle(page.get_by_label("Exhibit")).click()
    page.get_by_role("option", name="Maps of two sides").click()
    page.get_by_text("Mean difference").wait_for()
    page.wait_for_url(re.compile("exhibit=Maps"))
    page.locator(".js-plotly-plot .heatmaplayer image").nth(2).wait_for()
