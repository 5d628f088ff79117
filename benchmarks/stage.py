"""The page *Train LeNet live* as a benchmark drives it: begin a run, press its buttons, see what became of it.

Knows the page's names and the run's folder; measures the time of one click, and nothing else.
"""

import re
import time
from pathlib import Path

from benchmarks.home import RECORDER, WINDOW
from benchmarks.serving import Server
from explorer.training.timeline import read_events

TRAIN = re.compile(r"\bTrain$")
PATIENCE = 60.0  # seconds until a run that does not begin is given up
# Beside home's recorder: when kernels and maps were painted, and how long after an event something is seen.
WITNESS = """(() => {
  benchmark.tiles = [];
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...parts) {
    benchmark.tiles.push(performance.now());
    return put.apply(this, parts);
  };
  benchmark.studio = () => [...document.querySelectorAll("*")].map((each) => each.shadowRoot)
    .find((root) => root?.querySelector(".studio"));

  // Waits for the next `event` at `control`, then for `seen`: milliseconds between them, null after 10 s.
  benchmark.arm = ({ control, event, seen }) => {
    const root = benchmark.studio();
    const find = (selector) => root.querySelector(selector);
    const before = find(".digit.step .number")?.textContent;
    const done = new Function("find", "before", "benchmark", "begun", `return ${seen}`);
    benchmark.latency = new Promise((resolve) => {
      const hear = (happened) => {
        if (!happened.target.closest?.(control) || (event === "keydown" && happened.key !== "Enter")) return;
        root.removeEventListener(event, hear, true);
        const begun = performance.now();
        const look = () => {
          const found = done(find, before, benchmark, begun);
          const took = performance.now() - begun;
          if (found) resolve(typeof found === "number" ? found - begun : took);
          else if (took > 10000) resolve(null);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      };
      root.addEventListener(event, hear, true);
    });
  };
})();"""
# When the frame was over in which kernels and maps were painted for the first time after `begun`; false until then
PAINTED = """(() => {
  const tiles = benchmark.tiles.find((at) => at >= begun);
  return tiles !== undefined && (benchmark.events.find(([name, at]) => name === "studio-painted" && at >= tiles)?.[1] ?? false);
})()"""


class Stage:
    """One browser page on which one run is watched. Made by `begin` or `watch`."""

    def __init__(self, page, folder: Path) -> None:
        self.page, self.folder = page, folder

    @property
    def id(self) -> str:
        return self.folder.name

    def last(self, kind: str) -> dict[str, object] | None:
        """The newest event of that kind in the run's folder."""
        return next((event for event in reversed(read_events(self.folder)) if event.get("kind") == kind), None)

    def speed(self, seconds: float) -> float:
        """Steps a second of training time, without evaluations, over the next so many seconds."""
        first = self.last("loss")
        time.sleep(seconds)
        last = self.last("loss")
        if last["step"] == first["step"]:
            raise SystemExit("the run made no step while it was measured: choose longer windows or more epochs")
        return (last["step"] - first["step"]) / (last["seconds"] - first["seconds"])

    def seen(self, control: str, act, seen: str, event: str = "click") -> float | None:
        """Milliseconds from the browser's event at `control`, which `act` causes, to the frame in which `seen` is true."""
        self.page.evaluate("wanted => benchmark.arm(wanted)", {"control": control, "event": event, "seen": seen})
        act(self.page.locator(f".studio {control}"))
        return self.page.evaluate("benchmark.latency")

    def wait_until_trained(self) -> None:
        """Until at least two losses were told: torch is imported, the data read, and the first steps are done."""
        until = time.monotonic() + PATIENCE
        while (last := self.last("loss")) is None or last["step"] < 20:
            ended = self.last("ended")
            if ended or time.monotonic() > until:
                raise SystemExit(f"the run did not begin: {ended['message'] if ended else 'nothing was recorded'}")
            time.sleep(0.1)

    def close(self) -> None:
        self.page.context.close()


def open_page(browser):
    """A new visitor's page, with what measures in it; and without the browser's background throttling."""
    page = browser.new_context(viewport=WINDOW).new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(RECORDER)
    page.add_init_script(WITNESS)
    return page


def ready(browser, app: Server, epochs: float | None = None):
    """A page with the settings of the first preset, MNIST at batch 64, before the Train button is pressed."""
    page = open_page(browser)
    page.goto(f"{app.address}/train_live")
    page.get_by_role("button", name=TRAIN).wait_for()
    if epochs is not None:
        field = page.get_by_role("spinbutton", name="Epochs", exact=True)
        page.wait_for_timeout(1500)
        if not field.is_visible():  # the settings are closed until they are asked for
            page.get_by_role("button", name="Settings").click()
        field.fill(f"{epochs:g}")
        field.press("Enter")
        page.wait_for_timeout(1000)  # the fragment runs again
    return page


def begin(browser, app: Server, runs: Path, epochs: float) -> Stage:
    """Start a run as a visitor does, and wait until it trains; the page shows it, with its controls."""
    known = {path.name for path in runs.glob("*")}
    page = ready(browser, app, epochs)
    page.get_by_role("button", name=TRAIN).click()
    until = time.monotonic() + PATIENCE
    while not (new := {path.name for path in runs.glob("*")} - known):
        if time.monotonic() > until:
            raise SystemExit("the page began no run")
        page.wait_for_timeout(50)
    stage = Stage(page, runs / new.pop())
    stage.wait_until_trained()
    page.locator(".studio .state[data-state=running]").wait_for()
    return stage


def watch(browser, app: Server, folder: Path) -> Stage:
    """Another visitor of a run, with every panel live."""
    page = open_page(browser)
    page.goto(f"{app.address}/train_live?run={folder.name}")
    page.locator(".studio .cards .digit").first.wait_for()
    page.wait_for_function("() => benchmark.tiles.length > 0")
    return Stage(page, folder)


def stop(app: Server, run: Stage) -> None:
    """Stop a run by its button, and leave its page."""
    run.page.goto(f"{app.address}/train_live?run={run.id}")
    run.page.locator(".studio button.stop:enabled").click()
    run.page.locator(".studio .state[data-state=stopped]").wait_for()
    run.close()
