"""Predictions in a real browser: typed and revealed by Enter, and a cell clicked or chosen by the keyboard."""

from playwright.sync_api import expect


def line(page):
    return page.locator(".st-key-line")


def test_enter_reveals_how_far_a_number_was(open_page):
    page = open_page("convolution?exhibit=C1")
    line(page).get_by_role("spinbutton").fill("6")
    page.keyboard.press("Enter")
    expect(line(page)).to_contain_text("You predicted 6; it is 5: 1 too large.")
    expect(line(page)).to_contain_text("0 of 1 right")
    line(page).get_by_role("button", name="Question").click()
    expect(line(page)).to_contain_text("Predict:")
    expect(line(page).get_by_role("spinbutton")).to_have_count(0)


def test_a_clicked_cell_shows_no_result_and_is_judged(open_page, settle):
    page = open_page("convolution?exhibit=C17")
    output = page.locator(".stepper canvas.cells").last
    settle(output)
    box = output.bounding_box()
    output.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    page.wait_for_timeout(700)
    assert page.locator(".stepper input.at").input_value() == "0"
    expect(page.locator(".stepper .panel")).to_contain_text("Predict first")
    line(page).get_by_role("button", name="Reveal").click()
    expect(line(page)).to_contain_text("cells away")


def test_the_keyboard_chooses_a_cell_too(open_page, settle):
    page = open_page("convolution?exhibit=C17")
    output = page.locator(".stepper canvas.cells").last
    settle(output)
    output.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_timeout(700)
    line(page).get_by_role("button", name="Reveal").click()
    expect(line(page)).to_contain_text("Right.")


def test_in_stage_mode_the_question_stands_alone(open_page):
    page = open_page("convolution?exhibit=C1&stage=1", settings="closed")
    expect(line(page)).to_contain_text("Predict:")
    page.wait_for_function("() => document.documentElement.dataset.mode === 'stage'")
    page.locator(".st-key-reveal button").wait_for(state="attached")
    assert not line(page).locator("input").is_visible()
    page.keyboard.press("Space")
    expect(line(page)).to_contain_text("= 5.")
