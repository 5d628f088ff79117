"""Stage mode with a clicker alone: a whole page, step by step, exhibit by exhibit."""

import re

from explorer.ui.exhibit import exhibits_of

EXHIBITS = exhibits_of("convolution")
MOST_PRESSES = 150
AT_END = """() => {
  const host = [...document.querySelectorAll("*")].find((element) => element.shadowRoot?.querySelector(".stepper"));
  const at = host?.shadowRoot.querySelector("input.at");
  return !at || at.value === at.max;
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
