"""Stage mode with a clicker alone: a whole page, step by step, exhibit by exhibit."""

import re
from pathlib import Path

import pytest

from explorer.ui.exhibit import exhibits_of

PAGES = sorted(path.stem for path in (Path(__file__).parents[2] / "pages").glob("*.py"))
WINDOWS = ((1280, 800), (1366, 768), (1920, 1080))

EXHIBITS = exhibits_of("convolution")
MOST_PRESSES = 150
AT_END = """() => {
  const host = [...document.querySelectorAll("*")].find((element) => element.shadowRoot?.querySelector(".stepper"));
  const at = host?.shadowRoot.querySelector("input.at");
  return !at || at.value === at.max;
}"""
# What is seen of the stage, in components too, and reaches out of it or of a part of it that scrolls; and what is for hands.
# What is taller than its place is scrolled: it has to begin at its top.
CUT = """() => {
  const [stage, cut, seen] = [document.querySelector('.st-key-stage'), [], []];
  if (!stage) return {cut: ['no stage yet'], seen: 0, pressed: 0};
  const up = (element) => element.parentElement ?? element.getRootNode().host;
  const judge = (element) => {
    const {top, bottom, width, height} = element.getBoundingClientRect();
    if (width < 2 || height < 2 || !element.checkVisibility({visibilityProperty: true, opacityProperty: true})) return;
    seen.push(element);
    for (let at = up(element); at; at = up(at)) {
      const box = at.getBoundingClientRect();
      const out = top < box.top - 2 || (height <= box.height + 2 ? bottom > box.bottom + 2 : at.scrollTop);
      if (out && getComputedStyle(at).overflowY !== 'visible')
        return cut.push([element.outerHTML.slice(0, 120), top, bottom, box.top, box.bottom]);
      if (at === stage) return;
    }
  };
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      const drawn = element.matches('canvas, img, .js-plotly-plot');
      if (drawn || (text && !element.closest('.js-plotly-plot, select, style'))) judge(element);
    }
  };
  look(stage);
  const line = document.querySelector('.st-key-line').getBoundingClientRect();
  if (line.bottom > innerHeight + 1 || line.top < stage.getBoundingClientRect().bottom) cut.push(['the line', line.top]);
  const pressed = [...stage.querySelectorAll('.stSelectbox, .stPopover, .stFileUploader, [role=tablist]')];
  return {cut, seen: seen.length, pressed: pressed.filter((element) => element.checkVisibility()).length};
}"""
TITLED = "title => document.title.startsWith(title)"


def test_a_clicker_goes_through_the_whole_page(open_page, settle):
    page = open_page("convolution?stage=1", width=1280, height=800, settings="closed")
    titles = [exhibit.title for exhibit in EXHIBITS.values()]
    seen, presses = [], 0
    for title in titles:
        page.wait_for_function(TITLED, arg=title)
        settle(page.locator(".st-key-stage"))
        page.wait_for_timeout(300)
        assert not page.locator(".stAppHeader").is_visible()
        assert not page.locator(".st-key-bar").is_visible()
        seen.append(title)
        while not page.evaluate(AT_END):
            page.keyboard.press("PageDown")
            presses += 1
            assert presses < MOST_PRESSES
        if title != titles[-1]:
            page.keyboard.press("PageDown")
    assert seen == titles
    assert presses >= len(titles)
    line = page.locator(".st-key-line")
    assert EXHIBITS["C19"].question[:30] in line.inner_text()
    page.keyboard.press("Space")
    line.get_by_text(EXHIBITS["C19"].answer[:30]).wait_for()
    page.keyboard.press("PageUp")
    page.wait_for_function(f"() => !({AT_END})()")
    assert "stage=1" in page.url
    page.keyboard.press("Escape")
    page.locator(".stAppHeader").wait_for()
    page.wait_for_url(lambda url: "stage" not in re.sub(r"^\w+://[^/]*", "", url))


def test_a_step_back_at_the_beginning_leads_to_the_exhibit_before(open_page, settle):
    page = open_page("convolution?exhibit=C3&stage=1", width=1280, height=800, settings="closed")
    page.wait_for_function("() => document.documentElement.dataset.mode === 'stage'")
    settle(page.locator(".stepper .panel"))
    page.keyboard.press("PageUp")
    page.wait_for_function(TITLED, arg=EXHIBITS["C1"].title)
    assert "stage=1" in page.url


def test_a_resize_keeps_the_step_and_makes_the_cells_as_large_as_they_can_be(open_page, settle):
    page = open_page("convolution", width=1280, height=800, settings="closed")
    settle(page.locator(".stepper .panel"))
    for _ in range(2):
        page.locator(".stepper [data-do=forth]").click()
    cells = page.locator(".stepper .cells").first
    large = cells.bounding_box()["width"]
    assert large / 4 >= 95  # pixels a cell
    page.set_viewport_size({"width": 820, "height": 700})
    page.wait_for_function(
        "width => [...document.querySelectorAll('*')].some(h => h.shadowRoot?.querySelector('.cells')?.clientWidth < width)",
        arg=large,
    )
    assert page.locator(".stepper .count").inner_text() == "2 of 3"
    stepper = page.locator(".stepper")
    assert stepper.evaluate("s => [s.scrollWidth - s.clientWidth, s.scrollHeight - s.clientHeight]") == [0, 0]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_the_stage_is_cut(open_page, name):
    path = "" if name == "home" else name
    page = open_page(f"{path}?stage=1", width=1280, height=800, settings="closed")
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner]')")
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        for _ in range(20):  # until all of it is there, and was looked at
            page.wait_for_timeout(500)
            found = page.evaluate(CUT)
            if found["seen"] and not found["cut"] and not found["pressed"]:
                break
        assert found["cut"] == [], (width, height)
        assert found["seen"], "something is shown"
        assert not found["pressed"], "there is nobody to press it"


@pytest.mark.parametrize("path", ["", "feature_maps"])
def test_the_network_s_canvas_is_whole(open_page, path):
    page = open_page(f"{path}?stage=1", width=1280, height=800, settings="closed")
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(1200)
        maps, stage = page.locator(".network .maps"), page.locator(".st-key-stage").bounding_box()
        box = maps.bounding_box()
        assert maps.is_visible()
        assert stage["y"] <= box["y"], (width, height)
        assert box["y"] + box["height"] <= stage["y"] + stage["height"] + 1, (width, height)
