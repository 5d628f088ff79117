"""Activations and initialisation in a real browser: charts are drawn, settings reach them and the address."""

import re

import pytest


def test_H1_the_slider_moves_the_point_and_the_table(open_page):
    page = open_page("activations")
    page.get_by_role("button", name="Reveal").click()
    page.locator(".js-plotly-plot").nth(1).wait_for()
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"x=2\.05"))
    page.get_by_role("columnheader", name="f(2.05)").wait_for()


def test_H2_a_dying_stack_is_counted_and_drawn(open_page):
    page = open_page("activations?exhibit=H2", scheme="dark")
    page.get_by_role("button", name="Reveal").click()
    page.get_by_text("units dead").wait_for()
    before = page.get_by_text("units dead").inner_text()
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("button", name="bias −1").click()
    page.wait_for_url(re.compile("bias=-1"))
    page.wait_for_function("before => !document.body.innerText.includes(before)", arg=before)
    dead = int(page.get_by_text("units dead").inner_text().split()[0].replace(",", ""))
    assert dead > 1500
    heights = page.locator(".js-plotly-plot").evaluate_all("charts => charts.map(chart => chart.offsetHeight)")
    assert len(heights) == 2
    assert all(height > 250 for height in heights)


def test_H3_the_units_of_zeros_show_the_same_number(open_page):
    page = open_page("activations?exhibit=H3")
    tables = page.locator(".js-plotly-plot").filter(has_text="unit 4")
    tables.nth(1).wait_for()

    def numbers(at):
        texts = tables.nth(at).locator(".annotation-text").all_text_contents()
        return [texts[row * 4 : row * 4 + 4] for row in range(4)]

    assert all(numbers(0)[0])  # there is a text
    assert all(len(set(row)) == 1 for row in numbers(0))
    assert all(len(set(row)) == 4 for row in numbers(1))
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("tiny_steps=99"))
    page.get_by_text("after 99 updates").first.wait_for()


@pytest.mark.parametrize("address", ["activations?exhibit=H1", "activations?exhibit=H2", "regularisation?exhibit=H8"])
def test_charts_and_what_stands_beneath_them_fill_the_stage_and_no_more(open_page, address):
    page = open_page(address, settings="closed")
    charts = page.locator(".st-key-stage .js-plotly-plot")
    charts.first.wait_for()
    page.wait_for_function(
        "() => { const stage = document.querySelector('.st-key-stage');"
        " return stage.scrollHeight <= stage.clientHeight && stage.scrollWidth <= stage.clientWidth }"
    )
    stage = page.locator(".st-key-stage").bounding_box()
    for at in range(charts.count()):
        chart = charts.nth(at).bounding_box()
        assert chart["height"] >= 320
        assert stage["x"] <= chart["x"]
        assert chart["x"] + chart["width"] <= stage["x"] + stage["width"]


def test_a_chart_in_stage_mode_is_as_large_as_its_place(open_page):
    page = open_page("activations")
    page.get_by_role("button", name="Reveal").click()
    page.locator(".js-plotly-plot").nth(1).wait_for()
    page.evaluate("() => { document.documentElement.dataset.mode = 'stage';"
                  " document.documentElement.style.setProperty('--zoom', '1.5') }")  # fmt: skip
    page.wait_for_function(
        "() => [...document.querySelectorAll('.st-key-stage .stElementContainer:has(.js-plotly-plot)')].every(place => {"
        " const [own, drawn] = [place, place.querySelector('.main-svg')].map(one => one.getBoundingClientRect());"
        " return Math.abs(own.width - drawn.width) < 3 && Math.abs(own.height - drawn.height) < 3 })"
    )
