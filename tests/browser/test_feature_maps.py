"""The Feature maps page in a real browser."""


def test_opened_by_its_address_it_has_the_navigation(open_page):
    page = open_page("feature_maps")
    page.get_by_role("link", name="CNN Explorer").wait_for()
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
    with page.expect_download() as download:
        page.get_by_role("button", name="c1 as PNG").click()
    assert download.value.suggested_filename == "lenet5_c1.png"
    with page.expect_download() as download:
        page.get_by_role("button", name="All layers as tensors").click()
    assert download.value.suggested_filename == "lenet5_activations.safetensors"
