"""The training studio: server, worker process and real browsers. `python -m benchmarks.studio`; needs MNIST and Linux.

Runs of LeNet-5 on MNIST (batch 64, threads = cores − 1), begun by the page's own button, are watched by one browser or by 200
plain connections and, before or after in the same run, by nobody; their speed is read from what they record: steps over
training time, without evaluations. Then a run's buttons are pressed at full speed, it is stopped, and its slider is moved,
beside the button of an empty fragment. At last ten visitors press Train at the same moment.
"""

import argparse
import os
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks import stage, table
from benchmarks.home import QUIET, Tries, new_page
from benchmarks.rush import alive, children, crowd_rows
from benchmarks.serving import Server, chromium, load, serve
from benchmarks.stage import PAINTED, Stage
from benchmarks.table import Times
from benchmarks.viewers import watching
from explorer.data.datasets import default_data_dir, describe_data_set
from explorer.training.timeline import snapshot_steps

EPOCHS = 1000  # more than any measurement lasts: every long run here is stopped
SETTLE = 2.0  # seconds after a viewer has come or gone


def main() -> None:
    """Measure everything and print one table."""
    options = _options()
    if not describe_data_set("mnist").found:
        raise SystemExit("This benchmark needs MNIST: name the folder of a copy (MNIST/raw/…) in EXPLORER_DATA.")
    before, rows, faults = load(), [], []
    with tempfile.TemporaryDirectory(dir=options.runs, ignore_cleanup_errors=True) as folder, chromium() as browser:
        runs = Path(folder).absolute()
        os.environ |= {"EXPLORER_RUNS": str(runs), "EXPLORER_DATA": str(default_data_dir().absolute())}
        with serve("app.py") as app, serve("benchmarks/bare.py") as bare:
            parts = options.parts
            if "watching" in parts:
                rows += watching_rows(browser, app, runs, options)
            if "latency" in parts or "scrubbing" in parts:
                run = stage.begin(browser, app, runs, EPOCHS)
                found, lost = latency_rows(browser, app, runs, run, options.tries)
                rows, faults = rows + found, faults + lost
                if "scrubbing" in parts:
                    found, lost = scrub_rows(browser, app, bare, run, options.places)
                    rows, faults = rows + found, faults + lost
                run.close()
            if "crowd" in parts:
                rows += crowd_rows(browser, app, runs, EPOCHS)
            rows.append(table.amount("memory of the server, after all this", app.memory(), "MB"))
            workers = children(app.process.pid)
        if workers:
            left = alive(workers)
            rows.append(table.amount("training processes that outlived the server", left, f"of {len(workers)}"))
        print(f"{table.machine(browser.version)}; load before {before}, after {load()}\n")
    print(table.write(rows))
    for fault in faults:
        print(f"\n{fault}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studio", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6, help="rounds of watching (default: 6)")
    parser.add_argument("--seconds", type=float, default=6.0, help="of one window of a round (default: 6)")
    parser.add_argument("--viewers", type=int, default=200, help="plain connections (default: 200)")
    parser.add_argument("--tries", type=int, default=12, help="presses of each button (default: 12)")
    parser.add_argument("--places", type=int, default=24, help="places of the slider (default: 24)")
    parser.add_argument("--runs", help="a folder in which to record (default: the system's temporary one)")
    parts = ("watching", "latency", "scrubbing", "crowd")
    parser.add_argument("--parts", nargs="+", choices=parts, default=parts, help="only some (default: all)")
    return parser.parse_args()


# ── who watches ──────────────────────────────────────────────────────────────────────────────────────────────────────


def watching_rows(browser, app: Server, runs: Path, options: argparse.Namespace) -> list[table.Row]:
    """Speed of a run and CPU of the server while nobody watches and while a browser, one connection or many do.

    Each beside nobody in the same run, in turns that change their order: a run's first seconds are those with most frames.
    """
    speeds: dict[str, list[float]] = {name: [] for name in ("browser", "one", "crowd")}
    alone: dict[str, list[float]] = {name: [] for name in speeds}
    loads: dict[str, list[float]] = {name: [] for name in speeds}
    idle, frames, messages, volume = [], [], [], []

    def window(run: Stage) -> tuple[float, float]:
        """Steps a second, and the CPU of the server in percent of a core."""
        time.sleep(SETTLE)
        used, began = app.cpu(), time.perf_counter()
        steps = run.speed(options.seconds)
        return steps, 100 * (app.cpu() - used) / (time.perf_counter() - began)

    def unwatched(who: str, run: Stage) -> None:
        steps, busy = window(run)
        alone[who].append(steps)
        idle.append(busy)

    def watched(who: str, run: Stage) -> None:
        if who == "browser":
            viewer = stage.watch(browser, app, run.folder)
            before, began = _painted(viewer), time.perf_counter()
            steps, busy = window(run)
            frames.append((_painted(viewer) - before) / (time.perf_counter() - began))
            viewer.close()
        else:
            viewers = options.viewers if who == "crowd" else 1
            with watching(app.address, f"/explorer/runs/{run.id}/events", viewers) as audience:
                heard, volume_before, began = audience.messages, audience.bytes, time.perf_counter()
                steps, busy = window(run)
                passed = time.perf_counter() - began
            if who == "crowd":
                messages.append((audience.messages - heard) / passed / viewers)
                volume.append((audience.bytes - volume_before) / passed / 1e6)
        speeds[who].append(steps)
        loads[who].append(busy)

    for number in range(options.rounds):
        for who in speeds:
            run = stage.begin(browser, app, runs, EPOCHS)
            run.page.goto("about:blank")  # who began it watches no longer
            for act in (unwatched, watched) if number % 2 else (watched, unwatched):
                act(who, run)
            stage.stop(app, run)
    nobody = [speed for values in alone.values() for speed in values]
    crowd = f"{options.viewers} viewers"
    bottom = statistics.median(idle)
    each = statistics.median(messages)
    return [
        table.speed("speed, nobody watches", nobody, "steps/s"),
        table.speed("speed, one browser watches", speeds["browser"], "steps/s"),
        table.share("one browser watches, beside nobody", speeds["browser"], alone["browser"], 0.6),
        table.speed("repaints of the panels in that browser", frames, "a second"),
        table.speed(f"speed, {crowd}", speeds["crowd"], "steps/s"),
        table.share(f"{crowd}, beside nobody", speeds["crowd"], alone["crowd"], 0.95),
        _cpu("CPU of the server, nobody watches", bottom),
        _cpu("CPU of the server, one browser watches", statistics.median(loads["browser"])),
        _cpu("CPU of the server, one connection", statistics.median(loads["one"])),
        _cpu(f"CPU of the server, {crowd}", statistics.median(loads["crowd"])),
        table.most(f"{crowd}: CPU above idle", statistics.median(loads["crowd"]) - bottom, "% of a core", 10),
        (f"{crowd}: messages received by each", f"{each:.2f} a second", "", str(len(messages)), "", ""),
        (f"{crowd}: received by all", f"{statistics.median(volume):.1f} MB/s", "", str(len(volume)), "", ""),
    ]


def _cpu(what: str, value: float) -> table.Row:
    return (what, f"{value:.1f} % of a core", "", "", "", "")


def _painted(viewer: Stage) -> int:
    """How many frames with new kernels and maps there were: several tiles of one frame are painted together."""
    return viewer.page.evaluate("benchmark.tiles.filter((at, i, all) => !i || at - all[i - 1] > 50).length")


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def latency_rows(browser, app: Server, runs: Path, run: Stage, tries: int) -> tuple[list[table.Row], list[str]]:
    """From the event in the browser to the frame that shows what it did, at full speed; ends with the run stopped."""
    said = 'find(".state").textContent'
    times: dict[str, list[float | None]] = {}

    def press(name: str, *what, who: Stage = run, **more) -> None:
        who.page.wait_for_timeout(700 + 61 * len(times.get(name, ())) % 400)  # not in step with the server's messages
        times.setdefault(name, []).append(who.seen(*what, **more))

    for number in range(tries):
        press("pause", ".go", lambda button: button.click(), f'{said} === "Paused"')
        step = 'find(".digit.step .number").textContent !== before'
        press("one step", "button.step", lambda button: button.click(), step)
        press("resume", ".go", lambda button: button.click(), f'{said} === "Training"')
        rate = (
            f"{(number % 8 + 1.5) / 1000:g}"  # the component writes the run's own rate into the field once it was told
        )
        settled = f'!find(".transport input").matches(".waiting") && Number(find(".transport input").value) === {rate}'

        def type_rate(field, rate=rate) -> None:
            field.fill(rate)
            field.press("Enter")

        press("learning rate", ".transport input", type_rate, settled, event="keydown")
        for speed in ("50", "full"):
            chosen = f'!find(".transport select").matches(".waiting") && find(".transport select").value === "{speed}"'
            press(
                "speed",
                ".transport select",
                lambda box, speed=speed: box.select_option(speed),
                chosen,
                event="change",
            )
    for number in range(max(1, tries // 4)):
        other = run if number == 0 else stage.begin(browser, app, runs, EPOCHS)
        press("stop", "button.stop", lambda button: button.click(), f'{said} === "Stopped"', who=other)
        if other is not run:
            other.close()
    rows, faults = [], []
    for name, values in times.items():
        found = Times([value for value in values if value is not None])
        if found.values:
            rows.append(table.row(f"{name}: pressed → shown", found, "95th ≤ 500 ms", found.late <= 500))
        if lost := values.count(None):
            faults.append(f"{lost} of {len(values)} were never shown: {name}")
    return rows, faults


# ── the slider ───────────────────────────────────────────────────────────────────────────────────────────────────────


def scrub_rows(browser, app: Server, bare: Server, run: Stage, places: int) -> tuple[list[table.Row], list[str]]:
    """Places of the slider that were never seen, and the one before again, beside an empty fragment's rerun, in turn."""
    page, least = run.page, new_page(browser)
    page.goto(f"{app.address}/train_live?run={run.id}")
    page.locator(".studio .at:not([disabled])").wait_for()
    page.wait_for_function("() => benchmark.tiles.length > 0")
    least.goto(bare.address)
    least.get_by_text("plain 0").wait_for()
    first, again, plain = [], [], Tries()

    def move(place: float) -> float | None:
        page.bring_to_front()
        page.wait_for_timeout(2 * QUIET)  # longer than the slider takes to tell Python where it rests
        slider = page.locator(".studio .at")
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        point = {"x": 10 + place * (box["width"] - 20), "y": box["height"] / 2}
        return run.seen(".at", lambda at: at.click(position=point), PAINTED, event="input")

    before = None
    for number in range(places):
        place = (0.31 + number * 0.618) % 1
        first.append(move(place))
        if before is not None:
            again.append(move(before))
        before = place
        least.bring_to_front()
        least.wait_for_timeout(QUIET)
        least.get_by_role("button", name="plain").click()
        plain.add(least, "pointerup", "text-painted")
    least.context.close()
    rows, faults, bottom = [], [], Times(plain.painted)
    rows.append(table.row("empty fragment: Streamlit's button → text painted", bottom))
    for what, values in (("first visit", first), ("second visit", again)):
        found = Times([value for value in values if value is not None])
        if found.values:
            rows.append(table.row(f"slider → panels painted, {what}", found))
            rows.append(table.ratio(f"the same, {what}, beside the empty fragment", found, bottom, 2.0))
        if lost := values.count(None):
            faults.append(f"{lost} of {len(values)} moves of the slider were never painted: {what}")
    return rows + _frame_rows(run, places), faults


def _frame_rows(run: Stage, places: int) -> list[table.Row]:
    """What a server that has never seen the run needs for one snapshot, by plain requests, and what the next request needs."""
    steps = snapshot_steps(run.folder)
    steps = steps[:: max(1, len(steps) // (places + 1))]
    new, made = [], []
    with serve("app.py") as fresh:
        for step in steps:
            for times in (new, made):
                asked = time.perf_counter()
                with urllib.request.urlopen(f"{fresh.address}/explorer/runs/{run.id}/frames/{step}") as answer:
                    answer.read()
                times.append(1000 * (time.perf_counter() - asked))
    return [
        table.row("one snapshot's frame from the server, made anew", Times(new[1:])),  # the first imports torch
        table.row("the same frame once more", Times(made[1:])),
    ]


if __name__ == "__main__":
    main()
