"""What moves by itself keeps still for those who asked their system for less motion."""

import pytest


@pytest.mark.parametrize(("wanted", "moves"), [("no-preference", True), ("reduce", False)])
def test_the_demonstration_asks_before_it_moves(open_page, wanted, moves):
    page = open_page("pooling", settings="closed")
    page.emulate_media(reduced_motion=wanted)
    count = page.locator(".stepper .count")
    count.wait_for()
    shown = set()
    for _ in range(30):  # it would begin after four seconds
        shown.add(count.inner_text())
        page.wait_for_timeout(250)
    assert (len(shown) > 1) == moves, shown
