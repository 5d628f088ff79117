"""Localisation in a real browser: boxes while it trains, a loss's weight that acts at once, and the address."""


def test_boxes_move_and_a_weight_acts_while_it_trains(open_page, settle):
    page = open_page("localisation")
    settle(page.get_by_role("button", name="Train", exact=True)).click()
    studio = page.locator(".studio")
    studio.locator(".badge").get_by_text("Training").wait_for()
    scenes = studio.locator(".panel.scenes canvas")
    scenes.wait_for()
    studio.locator(".legend").get_by_text("the network's box").wait_for()
    for word in ("Mean IoU", "Accuracy", "Found"):
        studio.get_by_role("button", name=word, exact=True).wait_for()

    weight = studio.get_by_label("Weight of the box loss")
    weight.press("Home")
    studio.locator(".weight").filter(has_text="box loss").locator("output").get_by_text("0", exact=True).wait_for()
    page.wait_for_timeout(1200)
    assert weight.input_value() == "0"  # the run has said so: else the slider would have gone back
    studio.get_by_role("button", name="Stop").click()
    studio.locator(".badge").get_by_text("Stopped").wait_for()

    settle(scenes).hover(position={"x": 60, "y": 60})
    studio.locator(".tip").get_by_text("said: middle").wait_for()
    address = page.url
    page.reload()
    studio.locator(".badge").get_by_text("Stopped").wait_for()
    assert page.url == address
    page.get_by_text("Dashed: the true box.").wait_for()
