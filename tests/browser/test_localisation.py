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
    page.get_by_role("tab", name="Ask it").click()
    page.get_by_text("Dashed: the true box.").wait_for()


def test_three_cards_side_by_side_say_what_they_differ_in(open_page, settle):
    page = open_page("localisation")
    page.set_viewport_size({"width": 1280, "height": 800})
    settle(page.get_by_role("button", name="Train all three")).click()
    studio = page.locator(".studio")
    for device in range(3):  # the longest words of a card's head come with its first numbers
        studio.locator(".device").nth(device).get_by_text("MB").wait_for()
    titles = studio.locator(".card .title")
    assert titles.all_inner_texts() == ["class × 1, box × 10", "class × 1, box × 0", "class × 0, box × 10"]
    assert titles.evaluate_all("all => all.map((title) => title.scrollWidth - title.clientWidth)") == [0, 0, 0]
    for card in studio.locator(".card").all():  # quicker than the page can run again: none is lost
        card.get_by_role("button", name="Stop").click()
    studio.locator(".badge").get_by_text("Stopped").nth(2).wait_for()
