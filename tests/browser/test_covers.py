"""What is asked is covered where it will stand, in a real browser: nothing moves when it is shown."""

import pytest

COVERS = ("activations?exhibit=H1", "activations?exhibit=H2", "architectures?exhibit=I3")
CAPTION = 64  # pixels of two lines that may stand beneath what was covered


@pytest.mark.parametrize("where", COVERS)
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_a_cover_is_as_large_as_what_it_covers(open_page, settle, where, width, height):
    page = open_page(where)
    page.set_viewport_size({"width": width, "height": height})
    cover, charts = page.locator("[class*=st-key-cover]"), page.locator(".js-plotly-plot")
    cover.wait_for()
    idle = page.locator('[data-test-script-state="notRunning"]')
    idle.wait_for()  # tables and captions are there too
    settle(charts.last)
    before, beside, count = settle(cover).bounding_box(), charts.first.bounding_box(), charts.count()
    cover.get_by_role("button").click()
    cover.wait_for(state="detached")
    charts.nth(count).wait_for()
    idle.wait_for()
    boxes = [settle(chart).bounding_box() for chart in charts.all()]
    assert any(_near(box, before, CAPTION) for box in boxes), (before, boxes)
    assert any(_near(box, beside, 2) for box in boxes), (beside, boxes)


def _near(one, other, most):
    """Whether two boxes begin at the same place and are as large, but for `most` pixels at their lower end."""
    return all(abs(one[side] - other[side]) <= 2 for side in ("x", "y", "width")) and (
        abs(one["height"] - other["height"]) <= most
    )
