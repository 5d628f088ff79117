"""Sign marks: one switch in every page's row, which all canvases of signed values follow without Python."""

import pytest

# The canvas of each component that paints signed values, and an address that has some.
SIGNED = {
    "stepper": ("convolution?exhibit=C9", ".stepper .cells"),
    "network": ("", ".network .maps"),
    "unit map": ("provenance", ".unit-map .map"),
    "studio": ("train_live", ".studio .panel.kernels canvas"),
}
PAINTED = "canvas => canvas.toDataURL()"
# How many pixels of the grey picture differ from the one before: marks must be seen without colours.
GREY = """canvas => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({length: data.length / 4}, (_, i) =>
    Math.round(0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]));
}"""


def switch(page):
    return page.get_by_role("button", name="Sign marks")


@pytest.mark.parametrize("name", SIGNED)
def test_marks_are_seen_in_grey_and_go_again(open_page, settle, name):
    address, selector = SIGNED[name]
    page = open_page(address, settings="closed")
    canvas = page.locator(selector).first
    settle(canvas)
    assert switch(page).get_attribute("aria-pressed") == "false"
    before, plain = canvas.evaluate(GREY), canvas.evaluate(PAINTED)
    switch(page).click()
    page.wait_for_function("() => document.documentElement.dataset.signs === 'on'")
    page.wait_for_timeout(200)
    after = canvas.evaluate(GREY)
    assert len(after) == len(before)
    strong = sum(abs(a - b) > 60 for a, b in zip(before, after, strict=True))
    assert strong > 100
    assert strong < 0.25 * len(after)  # the colours are still there
    switch(page).click()
    page.wait_for_timeout(200)
    assert canvas.evaluate(PAINTED) == plain


def test_the_switch_is_kept_from_page_to_page_and_runs_nothing_in_python(open_page, settle):
    page = open_page("convolution?exhibit=C9", settings="closed")
    settle(page.locator(".stepper .cells").first)
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settle(page.locator(".stepper .cells").first)
    page.wait_for_timeout(1500)  # what a new page sends
    before = len(sent)
    assert before  # the socket is heard
    switch(page).click()
    page.wait_for_timeout(800)
    assert len(sent) == before
    home = page.url.split("convolution")[0]
    for address in ("convolution?exhibit=C9", "pooling", ""):
        page.goto(home + address)
        switch(page).wait_for()
        page.wait_for_function("() => document.documentElement.dataset.signs === 'on'")
        assert switch(page).get_attribute("aria-pressed") == "true"


def test_a_sign_stands_in_each_cell_that_has_one(open_page, settle):
    """4×4 with a 2×2 kernel: an input cell changed to −7 gets other pixels in its corner than its neighbour of +7."""
    page = open_page("convolution?exhibit=C9&input=-7_7_0_0~0_0_0_0~0_0_0_0~0_0_0_0", settings="closed")
    found = page.locator(".stepper")
    settle(found.locator(".panel"))
    switch(page).click()
    page.wait_for_timeout(200)
    upright = """canvas => {
      const context = canvas.getContext('2d');
      const side = (canvas.width - 6) / 4;
      const corner = (k) => {
        const {data, width} = context.getImageData(3 + k * side, 3, Math.round(side / 3), Math.round(side / 3));
        const dark = [];
        for (let i = 0; i < data.length; i += 4) if (Math.max(data[i], data[i + 1], data[i + 2]) < 90) dark.push(i / 4);
        const rows = new Set(dark.map((at) => Math.floor(at / width)));
        return rows.size;
      };
      return [corner(0), corner(1), corner(2)];
    }"""
    minus, plus, zero = found.locator(".cells").first.evaluate(upright)
    assert 0 < minus < plus  # a line, and one with another across
    assert zero == 0
