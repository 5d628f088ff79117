"""Why not an MLP in a real browser: it asks first, and nothing stands in the console."""

from explorer.ui.exhibit import exhibits_of

EXHIBITS = exhibits_of("why_not_an_mlp")


def test_B2_asks_before_it_answers(open_page):
    page = open_page("why_not_an_mlp")
    page.get_by_text(EXHIBITS["B2"].question).wait_for()
    answer = page.get_by_text("It has a weight of its own for every pixel")
    assert not answer.is_visible()
    page.get_by_role("button", name="Reveal").click()
    answer.wait_for()
