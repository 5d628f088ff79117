"""Ten visitors press Train at the same moment, and what is left after the server's end. Knows processes (Linux)."""

import time
import urllib.request
from pathlib import Path

from benchmarks import stage, table
from benchmarks.serving import Server
from benchmarks.stage import Stage
from benchmarks.table import Times

AT_ONCE = 10
SENTENCE = "runs are training already"


def crowd_rows(browser, app: Server, runs: Path, epochs: float) -> list[table.Row]:
    """Ten visitors press Train at the same moment: what becomes of each, and whether the server still answers."""
    known = {path.name for path in runs.glob("*")}
    pages = [stage.ready(browser, app, epochs) for _ in range(AT_ONCE)]
    moment = pages[0].evaluate("Date.now()") + 3000
    press = """moment => setTimeout(() => {
      const buttons = [...document.querySelectorAll("button")];
      buttons.find((button) => /\\bTrain$/.test(button.innerText.trim())).click();
    }, moment - Date.now())"""
    for page in pages:
        page.evaluate(press, moment)
    answers, until = [], time.monotonic() + 40
    begun: list[Stage] = []
    refused = 0
    while time.monotonic() < until and len(begun) + refused < AT_ONCE:
        asked = time.perf_counter()
        with urllib.request.urlopen(f"{app.address}/_stcore/health", timeout=30) as answer:
            answer.read()
        answers.append(1000 * (time.perf_counter() - asked))
        begun = [Stage(None, path) for path in runs.glob("*") if path.name not in known]
        begun = [one for one in begun if one.last("began")]
        refused = sum(page.get_by_text(SENTENCE).count() > 0 for page in pages)
        time.sleep(0.2)
    for page in pages:
        page.context.close()
    steps = [(one.last("loss") or {"step": 0})["step"] for one in begun]
    time.sleep(3)
    trained = sum((one.last("loss") or {"step": 0})["step"] > step for one, step in zip(begun, steps, strict=True))
    return [
        table.amount(f"{AT_ONCE} runs at once: began", len(begun), ""),
        table.amount(f"{AT_ONCE} runs at once: of these go on training", trained, ""),
        table.amount(f"{AT_ONCE} runs at once: refused with a sentence", refused, ""),
        table.row(f"{AT_ONCE} runs at once: the server answers a request in", Times(answers)),
    ]


def children(parent: int) -> list[int]:
    """The processes that this one has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
        except OSError:  # gone meanwhile
            continue
    return found


def alive(processes: list[int]) -> int:
    """How many still run, two seconds later; a process that waits to be collected does not."""
    time.sleep(2)
    left = 0
    for process in processes:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        left += state != "Z"
    return left
