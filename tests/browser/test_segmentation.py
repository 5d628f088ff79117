"""Segmentation in a real browser: a short run, its scenes, the slider's moment, the address, and a drawing that is answered."""

NEAREST = "segmentation?networks=nearest"


def painted(page) -> str:
    return page.locator(".studio .panel.scenes canvas").evaluate("one => one.toDataURL()")


def test_a_run_is_watched_rewound_found_again_and_asked(open_page, settle):
    page = open_page(NEAREST)
    settle(page.get_by_role("button", name="Train", exact=True)).click()
    studio = page.locator(".studio")
    studio.locator(".badge").get_by_text("Training").wait_for()
    scenes = studio.locator(".panel.scenes canvas")
    scenes.wait_for()
    studio.locator(".legend").get_by_text("triangle").wait_for()
    studio.get_by_text("mean IoU, sampled").wait_for()
    page.wait_for_timeout(1500)
    studio.get_by_role("button", name="Stop").click()
    studio.locator(".badge").get_by_text("Stopped").wait_for()

    # a mask's pixel says what it is called and what it is
    settle(scenes).hover(position={"x": 60, "y": 60})
    tip = studio.locator(".tip")
    tip.get_by_text("said: ").wait_for()
    assert "row" in tip.inner_text()

    # another way to show them, and the first moment
    settle(studio.locator(".at"))
    page.wait_for_timeout(600)
    newest = painted(page)
    studio.get_by_role("button", name="Mistakes").click()
    page.wait_for_timeout(300)
    assert painted(page) != newest
    studio.get_by_role("button", name="Side by side").click()
    page.wait_for_timeout(300)
    assert painted(page) == newest
    studio.locator(".at").press("Home")
    page.wait_for_timeout(1500)
    assert painted(page) != newest
    page.get_by_role("tab", name="Ask them").click()
    page.get_by_text("Asked: Nearest step 0").wait_for()

    # the address brings it back, and a drawing is answered
    page.goto(f"{page.url}&scene=0")
    studio.locator(".badge").get_by_text("Stopped").wait_for()
    page.get_by_role("tab", name="Ask them").click()
    pad = settle(page.locator(".pad canvas"))
    pad.scroll_into_view_if_needed()
    place = settle(pad).bounding_box()
    middle, top = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(middle - 30, top)
    page.mouse.down()
    page.mouse.move(middle + 30, top, steps=4)
    page.mouse.up()
    page.get_by_text("Asked: Nearest step").wait_for()
