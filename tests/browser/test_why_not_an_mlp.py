"""Why not an MLP in a real browser: it asks first, its recorded runs are scrubbed, and nothing stands in the console."""

from explorer.ui.exhibit import exhibits_of

EXHIBITS = exhibits_of("why_not_an_mlp")


def test_B2_asks_before_it_answers(open_page):
    page = open_page("why_not_an_mlp")
    page.get_by_text(EXHIBITS["B2"].question).wait_for()
    answer = page.get_by_text("It has a weight of its own for every pixel")
    assert not answer.is_visible()
    page.get_by_role("button", name="Reveal").click()
    answer.wait_for()


def test_the_recorded_runs_are_scrubbed(open_page, settle):
    page = open_page("why_not_an_mlp")
    studio = page.locator(".studio")
    studio.locator(".title").get_by_text("Recorded: CNN").wait_for()
    studio.locator(".when").get_by_text("step 310").wait_for()
    studio.locator(".at").press("Home")
    studio.locator(".when").get_by_text("step 0").wait_for()
    assert studio.get_by_role("button", name="Stop").count() == 0
