"""Every page in a real browser: where its stage is, that nothing sticks out, and what axe-core finds, in light and dark."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
DESKTOPS = ((1280, 800), (1366, 768), (1920, 1080))
PHONE = (390, 844)
STAGE = """() => {
  const box = document.querySelector('.st-key-stage').getBoundingClientRect();
  const wide = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
  const tall = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  return {top: box.top, share: (wide * tall) / innerWidth / innerHeight};
}"""
PLACES = """() => ['bar', 'stage', 'line'].map((name) => document.querySelector(`.st-key-${name}`)).filter(Boolean)
  .map((place) => place.getBoundingClientRect()).map(({top, bottom}) => [top, bottom])"""
STICKS_OUT = """() => [document.scrollingElement, ...document.querySelectorAll('[data-testid=stMain]')]
  .some((element) => element.scrollWidth > element.clientWidth + 1)"""
# What is pressed on the page, in components too: a box is pressed by its label, and a link beside a heading is no control.
SMALL = """() => {
  const small = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (!element.matches('button, input, select, [role=slider], [role=tab]')) continue;
      if (element.closest('[aria-hidden=true], [data-testid=stSidebar]') || element.type === 'file') continue;
      const box = (element.type === 'checkbox' && element.closest('label')) || element;
      const {width, height} = box.getBoundingClientRect();
      if (!width || !height || getComputedStyle(element).visibility === 'hidden') continue;
      if (height < 43.5 || width < 43.5) small.push([element.outerHTML.slice(0, 120), width, height]);
    }
  };
  look(document);
  return small;
}"""
# Text of charts, with what is raised or lowered in it.
FAINT = """() => [...document.querySelectorAll('.js-plotly-plot text, .js-plotly-plot tspan')]
  .filter((text) => text.textContent.trim() && text.checkVisibility() && parseFloat(getComputedStyle(text).fontSize) < 14)
  .map((text) => [text.textContent, getComputedStyle(text).fontSize])"""
# How far the sign beside a page's title is from the title's words, and how much of the row is left behind it.
SIGN = """() => {
  const [words, sign, row] = ['h2 > [data-heading-text]', 'h2 svg', 'h2']
    .map((part) => document.querySelector(`.st-key-bar ${part}`).getBoundingClientRect());
  return [sign.left - words.right, row.right - sign.right];
}"""
FOUND = """async () => (await axe.run()).violations.map(({id, nodes}) =>
  `${id}: ` + nodes.slice(0, 4).map(({target, any}) => `${target} ${any[0]?.message ?? ''}`).join(' | '))"""


@pytest.fixture(params=PAGES)
def page(request, open_page):
    name = request.param
    page = open_page("" if name == "home" else name, settings="closed")
    page.locator(".st-key-stage").wait_for()
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner]')")
    return page


def test_the_stage_fills_the_window_and_everybody_can_use_it(page, node_modules):
    for width, height in DESKTOPS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        stage = page.evaluate(STAGE)
        assert stage["top"] <= 140, (width, stage)
        assert stage["share"] >= 0.65, (width, stage)
        edges = [edge for place in page.evaluate(PLACES) for edge in place]
        assert edges == sorted(edges), (width, edges)  # one below the other, none over another
        assert edges[-1] <= height + 1, (width, edges)
        assert not page.evaluate(STICKS_OUT), width
    text = page.evaluate("() => document.querySelector('[data-testid=stMain]').innerText")
    assert not re.findall(r"\b[A-K]\d{1,2}\b", text), "ids of the curriculum are for tests and addresses"
    assert page.evaluate(FAINT) == [], "14 pixels at least"
    page.add_script_tag(path=str(node_modules / "axe-core" / "axe.min.js"))
    for width, height in (DESKTOPS[0], PHONE):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(500)
            assert page.evaluate(FOUND) == [], (width, scheme)
    assert not page.evaluate(STICKS_OUT), PHONE
    assert page.evaluate(STAGE)["top"] <= 260, "on a phone the stage comes first"
    assert min(page.evaluate(SIGN)) >= 0, "the title's sign is whole and touches nothing"
    assert page.evaluate(SMALL) == [], "a fingertip is 44 pixels wide"
