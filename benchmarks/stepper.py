"""The stepper in a browser: pointing, stepping and editing on a 28×28 input with a 5×5 kernel. `python -m benchmarks.stepper`.

"Handler" is the component's own work for one event; "painted" is the animation frame after it, "frame done" that frame's
end. An edit goes to Python and back; beside it, in turn, stands the least that Streamlit can do: a button in a fragment
that changes a text.
"""

import dataclasses
import urllib.parse

import numpy as np

from benchmarks import table
from benchmarks.home import QUIET, Tries, new_page
from benchmarks.serving import chromium, load, serve
from benchmarks.table import Times
from explorer.settings.written import as_matrix
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import write_address

EVENTS, EDITS = 120, 24
POINT = """async (events) => {
  const host = [...document.querySelectorAll("*")].find((element) => element.shadowRoot?.querySelector(".stepper"));
  const [base, stepper] = [".cells", ".stepper"].map((name) => host.shadowRoot.querySelector(name));
  const box = base.getBoundingClientRect();
  const after = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
  const measured = { point: [], step: [] };
  for (let i = 0; i < events; i++) {
    const [x, y] = [box.left + 4 + ((i * 0.618) % 1) * (box.width - 8), box.top + 4 + ((i * 0.414) % 1) * (box.height - 8)];
    for (const [kind, event, target] of [
      ["point", new PointerEvent("pointermove", { clientX: x, clientY: y, bubbles: true }), base],
      ["step", new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }), stepper],
    ]) {
      await new Promise((resolve) => setTimeout(resolve, 7 + ((i * 3.7) % 16)));  // not in step with the frames
      const began = performance.now();
      target.dispatchEvent(event);
      const worked = performance.now() - began;
      await new Promise(requestAnimationFrame);
      const painted = performance.now() - began;
      await after();
      measured[kind].push([worked, painted, performance.now() - began]);
    }
  }
  return measured;
}"""


def main() -> None:
    """Measure and print one table."""
    before = load()
    with chromium() as browser, serve("app.py") as app, serve("benchmarks/bare.py") as bare:
        page, least = new_page(browser), new_page(browser)
        page.goto(f"{app.address}/convolution?{_exhibit()}")
        page.locator(".stepper .count").wait_for()
        least.goto(bare.address)
        least.get_by_text("plain 0").wait_for()
        page.get_by_role("button", name="Show all results").click()
        page.wait_for_timeout(1000)
        measured = page.evaluate(POINT, EVENTS)
        edit, plain = Tries(), Tries()
        for number in range(EDITS):
            page.bring_to_front()
            page.wait_for_timeout(2 * QUIET)
            _edit(page, number)
            edit.add(page, "edit-sent", "stepper-painted")
            least.bring_to_front()
            least.wait_for_timeout(QUIET)
            least.get_by_role("button", name="plain").click()
            plain.add(least, "pointerup", "text-painted")
        print(f"{table.machine(browser.version)}; load before {before}, after {load()}\n")
    rows = []
    for kind, word in (("point", "pointing at a cell"), ("step", "one step by keyboard")):
        worked, painted, done = (Times(list(times)) for times in zip(*measured[kind], strict=True))
        rows.append(table.row(f"{word}: the handler's own work", worked, "≤ 4 ms", worked.median <= 4))
        rows.append(table.row(f"{word} → painted", painted, "≤ 20 ms", painted.median <= 20))
        rows.append(table.row(f"{word} → the frame's end", done))
    rows.append(table.row("an edit → Python → repainted", Times(edit.painted)))
    rows.append(table.row("empty fragment: Streamlit's button → text painted", Times(plain.painted)))
    rows.append(table.ratio("an edit, beside the empty fragment", Times(edit.painted), Times(plain.painted), 2.0))
    print(table.write(rows))
    if edit.lost or plain.lost:
        print(f"\nnever painted: {edit.lost} edits, {plain.lost} texts")


def _exhibit() -> str:
    """The address of a 28×28 input of whole numbers and a 5×5 kernel."""
    image = np.add.outer(np.arange(28) ** 2, np.arange(28) * 7) % 256
    exhibit = exhibits_of("convolution")["C1"]
    settings = dataclasses.replace(exhibit.settings, input=as_matrix(image), kernel=as_matrix(np.eye(5)))
    return urllib.parse.urlencode(write_address(exhibit, settings, 0))


def _edit(page, number: int) -> None:
    """Type another value into the kernel's first cell; the time starts at the Enter key."""
    box = page.locator(".stepper .cells").nth(1).bounding_box()
    page.mouse.click(box["x"] + 8, box["y"] + 8)
    page.keyboard.type(str(2 + number % 5))
    page.evaluate("performance.mark('edit-sent')")
    page.keyboard.press("Enter")


if __name__ == "__main__":
    main()
