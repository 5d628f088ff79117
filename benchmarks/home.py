"""The home page in a browser: stroke end → painted, pointing, start-up, memory. `python -m benchmarks.home`.

Beside each of them, in the same run and in turn, what the least possible Streamlit app needs on the same machine.

How a stroke is timed. The pad sends while the mouse moves, so that paints of earlier sends may still arrive after the mouse
is up. Each stroke here is followed by quiet, and its time is that of the LAST paint before the quiet: every send is
answered in order and nothing is sent after the stroke's end, so that the last paint shows the final drawing. A paint for
any other reason could only make the time longer. A stroke that is followed by no paint at all counts as lost, and is
reported. "Painted" is the animation frame after the canvas was drawn; "frame done" is the end of that frame's own work.
"""

import argparse
import itertools
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import table
from benchmarks.serving import Server, chromium, load, serve
from benchmarks.table import Times

RECORDER = Path(__file__).with_name("recorder.js").read_text(encoding="utf-8")
WINDOW = {"width": 1280, "height": 900}
QUIET, PATIENCE = 400, 10_000  # ms without any paint that end a try; ms after which it is lost
HAND = 0.012  # seconds between two movements of the mouse, the driver's own few milliseconds not counted

# Digits of two strokes, in fractions of the pad's side, as one moves the mouse.
DIGITS = [
    [[(0.4, 0.2), (0.32, 0.55), (0.7, 0.55)], [(0.62, 0.25), (0.6, 0.85)]],  # 4
    [[(0.3, 0.22), (0.7, 0.22), (0.48, 0.8)], [(0.4, 0.52), (0.68, 0.52)]],  # 7 with a bar
    [[(0.36, 0.2), (0.34, 0.48), (0.6, 0.5), (0.66, 0.66), (0.5, 0.8), (0.32, 0.74)], [(0.36, 0.2), (0.68, 0.2)]],  # 5
]


@dataclass
class Tries:
    """One measured thing: ms to the animation frame after painting, ms to that frame's end, tries that never ended."""

    painted: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    lost: int = 0

    def add(self, page, start: str, painted: str) -> None:
        """Wait for quiet and take down what happened between the last `start` and the last `painted`."""
        names = {"start": start, "painted": painted, "quiet": QUIET, "patience": PATIENCE}
        found = page.evaluate("names => benchmark.settle(names)", names)
        if found is None:
            self.lost += 1
            return
        self.painted.append(found[1])
        self.done.append(found[2])


def main() -> None:
    """Measure everything and print one table."""
    options = _options()
    rows, faults = [], []
    before = load()
    with chromium() as browser:
        rows += start_rows(browser, options.starts)
        with serve("app.py") as app, serve("benchmarks/bare.py") as bare:
            stroke_rows, faults = answer_rows(browser, app, bare, options.strokes)
            rows += stroke_rows
            rows.append(table.amount("memory of the server, after all this", app.memory(), "MB"))
            rows.append(table.amount("memory of the bare server, torch imported", bare.memory(), "MB"))
        print(f"{table.machine(browser.version)}; load before {before}, after {load()}\n")
    print(table.write(rows))
    for fault in faults:
        print(f"\n{fault}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.home", description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=int, default=48, help="strokes to draw (default: 48)")
    parser.add_argument("--starts", type=int, default=9, help="starts of each app (default: 9)")
    return parser.parse_args()


# ── start-up ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def start_rows(browser, starts: int) -> list[table.Row]:
    """Command → first heading and → first prediction, beside an app of one title; in turn, after one unmeasured start."""
    app, bare, answers = [], [], []
    for attempt in range(starts + 1):
        title = _start(browser, "benchmarks/title.py", "heading-painted")
        explorer = _start(browser, "app.py", "network-painted")
        if attempt:
            bare.append(title["heading-painted"])
            app.append(explorer["heading-painted"])
            answers.append(explorer["network-painted"])
    first, least = Times(app, "s"), Times(bare, "s")
    return [
        table.row("start: command → first element painted", first),
        table.row("start of a bare app: command → its title painted", least),
        table.ratio("start: first element, beside the bare app", first, least, 1.05),
        table.row("start: command → first prediction painted", Times(answers, "s")),
    ]


def _start(browser, script: str, last: str) -> dict[str, float]:
    """Seconds from the command to each event's first time, up to the event `last`."""
    page = new_page(browser)  # before the command: opening a window is no part of the start
    with serve(script) as server:
        page.goto(server.address, wait_until="commit")
        page.wait_for_function("last => benchmark.events.some(([name]) => name === last)", arg=last, polling=50)
        origin, events = page.evaluate("[performance.timeOrigin, benchmark.events]")
        page.context.close()
    return {name: (origin + at) / 1000 - server.began for name, at in reversed(events)}


# ── drawing, beside an empty round trip ──────────────────────────────────────────────────────────────────────────────


def answer_rows(browser, app: Server, bare: Server, strokes: int) -> tuple[list[table.Row], list[str]]:
    """Drawing and pointing on the home page, with the bare app's round trips in between; and what went wrong."""
    home, least = new_page(browser), new_page(browser)
    home.goto(app.address)
    home.locator(".network .best").wait_for()
    least.goto(bare.address)
    least.get_by_text("plain 0").wait_for()
    stroke, undo, echo, plain, sample = (Tries() for _ in range(5))

    for number in range(-1, -(-strokes // 2)):  # the first round is not measured
        if number == 0:
            stroke, undo, echo, plain = (Tries() for _ in range(4))
        home.bring_to_front()
        home.get_by_role("button", name="Clear").click()
        for line in DIGITS[number % len(DIGITS)]:
            home.bring_to_front()
            home.wait_for_timeout(QUIET)
            _draw(home, line, shift=0.002 * number)
            stroke.add(home, "stroke-end", "network-painted")
            least.bring_to_front()
            least.wait_for_timeout(QUIET)
            least.get_by_role("button", name="echo").click()
            echo.add(least, "echo-sent", "echo-painted")
        least.get_by_role("button", name="plain").click()
        plain.add(least, "pointerup", "text-painted")
        home.bring_to_front()
        home.wait_for_timeout(QUIET)
        home.get_by_role("button", name="Undo").click()
        undo.add(home, "pointerup", "network-painted")

    pointed, asked = _point(home)
    home.get_by_text("Samples", exact=True).click()
    for number in range(13):
        _next_sample(home, number)
        sample.add(home, "pointerup", "network-painted")

    drawn, bottom, hover = Times(stroke.painted), Times(echo.painted), Times([painted for painted, _ in pointed])
    two_frames = 2000 / 60
    rows = [
        table.row("stroke end → every map and probability painted, LeNet-5", drawn),
        table.row("empty component: pointer up → Python → painted", bottom),
        table.ratio("stroke end → painted, beside the empty component", drawn, bottom, 2.5),
        table.ratio("the same to the end of the frame", Times(stroke.done), Times(echo.done), 2.5),
        table.row("undo → painted: one message, none before it under way", Times(undo.painted)),
        table.ratio("undo → painted, beside the empty component", Times(undo.painted), bottom, 2.5),
        table.row("empty fragment: Streamlit's button → text painted", Times(plain.painted)),
        table.row("other sample → painted, colour network", Times(sample.painted[1:])),
        table.row("pointing → highlight and value painted", hover, "≤ two frames", hover.median <= two_frames),
        table.row("the same to the end of the frame", Times([done for _, done in pointed])),
    ]
    faults = [
        f"{tries.lost} of {tries.lost + len(tries.painted)} tries were never painted: {what}"
        for what, tries in (("strokes", stroke), ("undo", undo), ("empty component", echo), ("text", plain))
        if tries.lost
    ]
    return rows, faults + ([f"pointing sent {asked} messages to the server, goal 0"] if asked else [])


def _draw(page, line: list[tuple[float, float]], shift: float) -> None:
    """Move the mouse over the pad at a hand's pace; `shift` makes each drawing a new one."""
    box = page.locator(".pad canvas").bounding_box()
    points = [(box["x"] + (x + shift) * box["width"], box["y"] + (y + shift) * box["height"]) for x, y in line]
    page.mouse.move(*points[0])
    page.mouse.down()
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        for part in range(1, 9):
            page.mouse.move(x0 + (x1 - x0) * part / 8, y0 + (y1 - y0) * part / 8)
            time.sleep(HAND)
    page.mouse.up()


def _next_sample(page, number: int) -> None:
    """Choose another photograph from the list with the mouse; its last movement is the last pointer up."""
    page.get_by_role("combobox", name="Sample").click()
    options = page.get_by_role("option")
    options.nth(number % 2).click()


def _point(page) -> tuple[list[tuple[float, float]], int]:
    """Point at places all over the maps: ms to the animation frame and to its end, for each; and how much was sent."""
    box = page.locator(".network .maps").bounding_box()
    page.evaluate("benchmark.hovering = []; benchmark.sent = 0")
    for number in range(400):
        across, down = (number * 0.618) % 1, (number * 0.414) % 1  # spread evenly, never twice the same
        page.mouse.move(box["x"] + across * (box["width"] - 2) + 1, box["y"] + down * (box["height"] - 2) + 1)
        time.sleep(HAND + 0.03 * ((number * 0.37) % 1))  # not in step with the screen's frames
    page.wait_for_timeout(QUIET)
    times, sent = page.evaluate("[benchmark.hovering, benchmark.sent]")
    page.evaluate("benchmark.hovering = null")
    return times[5:], sent


def new_page(browser):
    page = browser.new_context(viewport=WINDOW).new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(RECORDER)
    return page


if __name__ == "__main__":
    main()
