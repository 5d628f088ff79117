"""The Feature maps page in a real browser."""


def test_opened_by_its_address_it_has_the_navigation(open_page):
    page = open_page("feature_maps")
    page.get_by_role("button", name="Networks").wait_for()
    page.locator(".network .best").wait_for()


def test_clicking_a_map_shows_its_kernel(open_page):
    page = open_page("feature_maps")
    page.locator(".network .best").wait_for()
    page.get_by_text("How channel 0 of c1 was made").wait_for()
    box = page.locator(".network .maps").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + 80)
    page.get_by_text("How channel 2 of c1 was made").wait_for()
    page.locator(".js-plotly-plot").nth(3).wait_for()


def test_maps_can_be_downloaded(open_page):
    page = open_page("feature_maps")
    page.locator(".network .best").wait_for()
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="c1 as PNG").click()
    assert download.value.suggested_filename == "lenet5_c1.png"
    with page.expect_download() as download:
        page.get_by_role("button", name="All layers as tensors").click()
    assert download.value.suggested_filename == "lenet5_activations.safetensors"


def test_pointing_moves_nothing(open_page):
    """The lens, the answer and the maps stay where they are and as large as they are."""
    page = open_page("feature_maps", width=1280)
    page.locator(".network .best").wait_for()
    page.locator(".js-plotly-plot").nth(3).wait_for()  # the whole page stands
    places = [".network .zoom", ".network .bars", ".network .maps", ".network select"]
    before = [page.locator(place).bounding_box() for place in places]
    box = page.locator(".network .maps").bounding_box()
    for step in range(12):
        page.mouse.move(box["x"] + 20 + 9 * step, box["y"] + 60 + 3 * step)
    assert page.locator(".network .where").inner_text().startswith("c1 · channel 0 · row")
    assert [page.locator(place).bounding_box() for place in places] == before


def test_another_layer_takes_the_mark_along(open_page):
    page = open_page("feature_maps")
    page.locator(".network .best").wait_for()
    page.mouse.move(5, 5)
    page.get_by_role("combobox", name="Layer").click()
    page.get_by_role("option", name="c3 ·").click()
    page.get_by_text("How channel 0 of c3 was made").wait_for()
    page.locator(".network .where", has_text="c3 · channel 0").wait_for()


def test_a_narrow_window_cuts_nothing(open_page):
    page = open_page("feature_maps", width=1024)
    page.locator(".network .best").wait_for()
    for place in (".network .controls", ".network .facts", ".network .bars", ".network .maps"):
        box = page.locator(place).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1024
    page.locator(".st-key-subject button").first.click()
    webcam = page.get_by_text("Webcam", exact=True)
    webcam.wait_for()
    box = webcam.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1024


def test_a_drawing_in_the_popover_feeds_the_page_behind_it(open_page, settle):
    page = open_page("feature_maps")
    page.locator(".network .best").wait_for()
    page.locator(".st-key-subject button").first.click()
    box = settle(page.locator(".pad canvas")).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8, steps=8)
    page.mouse.up()
    page.locator(".network .best", has_text="1 ·").wait_for()
    page.locator(".st-key-subject button", has_text="your drawing").first.wait_for()
    assert page.locator(".pad canvas").is_visible()
    assert page.locator(".st-key-subject button img").evaluate("image => image.naturalWidth") > 0


def test_everything_stands_in_the_window(open_page):
    """At 1280×800 nothing of LeNet-5 is below the fold, at home and here."""
    for path in ("", "feature_maps"):
        page = open_page(path, height=800, settings="closed")
        page.locator(".network .best").wait_for()
        page.wait_for_timeout(1500)
        line = page.locator(".st-key-line").bounding_box()
        box = page.locator(".network .maps").bounding_box()
        assert box["height"] > 380
        assert box["y"] + box["height"] <= line["y"]
        stage = page.locator(".st-key-stage")
        assert stage.evaluate("stage => stage.scrollHeight - stage.clientHeight") <= 1
