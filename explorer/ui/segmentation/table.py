"""What the five networks cost, and what those that were trained here have reached. Knows the table and its chart."""

from collections.abc import Mapping

import streamlit as st

from explorer.figures.standings import standings_figure
from explorer.training.costs import Cost, cost_of_recipe
from explorer.training.recordings import is_recorded
from explorer.training.standings import Standing
from explorer.ui import cache
from explorer.ui.segmentation.networks import TITLES, reached
from explorer.ui.shell import is_dark
from explorer.ui.shows import chart
from explorer.ui.stand import Stand
from explorer.words import fixed

COSTS = ("multiply-adds", "memory", "time")
UNITS = {"multiply-adds": "million a picture", "memory": "kB of maps a picture", "time": "ms a picture, measured"}
PIXELS = "pixel accuracy"
HEADS = ("network", "mean IoU", "pixels right", "multiply-adds", "maps kept", "parameters", "a step", "after steps")
NOTHING, HARD = "–", "\u00a0"  # a space at which no line breaks


def show_standings(stand: Stand) -> None:
    """A row for each network, and its mean IoU over its cost, the setting `cost`, once it was trained."""
    bills = {
        name: cache.kept("segmenter's cost", (name,), _make=lambda name=name: cost_of_recipe(name)) for name in TITLES
    }
    came = reached()
    recorded = all(is_recorded(one.run.id) for one in came.values())
    st.markdown(
        f"**Cost, and what came of it** in {'the recorded runs' if recorded else 'the newest run of each here'}"
    )
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        _table(bills, came)
    with right:
        _chart(bills, came, stand)


def costs(bill: Cost, standing: Standing | None) -> dict[str, float | None]:
    """Each of COSTS in the unit that is shown; the time is None before a training has measured it."""
    each = standing.milliseconds / standing.batch_size if standing and standing.milliseconds else None
    return dict(zip(COSTS, (bill.macs / 1e6, bill.activation_bytes / 1e3, each), strict=True))


def _table(bills: Mapping[str, Cost], came: Mapping[str, Standing]) -> None:
    lines = [f"| {' | '.join(HEADS)} |", "|:--|" + "--:|" * (len(HEADS) - 1)]
    best = max((one.value for one in came.values()), default=None)
    for name, words in TITLES.items():
        standing = came.get(name)
        cost = costs(bills[name], standing)
        cells = [words, NOTHING, NOTHING, f"{fixed(cost['multiply-adds'], 1)} M", f"{fixed(cost['memory'], 0)} kB"]
        cells += [f"{bills[name].parameters:,}", NOTHING, NOTHING]
        if standing:
            mark = "**" if standing.value == best else ""
            cells[1] = f"{mark}{standing.value:.1%}{mark}"
            cells[2] = f"{standing.extras[PIXELS]:.1%}" if PIXELS in standing.extras else NOTHING
            cells[6] = f"{fixed(standing.milliseconds, 0)} ms" if standing.milliseconds else NOTHING
            cells[7] = f"{standing.step:,}"
        lines.append(f"| {' | '.join(cell.replace(' ', HARD) for cell in cells)} |")
    st.markdown("\n".join(lines))
    st.caption(
        "Multiply-adds and maps are of one picture; training keeps all maps (float32). A step is a batch of 16 forward, "
        "back and update, measured here: runs that train at the same time slow each other."
    )


def _chart(bills: Mapping[str, Cost], came: Mapping[str, Standing], stand: Stand) -> None:
    chosen = stand.choose(st.container(), "cost", "Cost", COSTS, few=True, label_visibility="collapsed")
    all_costs = {name: costs(bills[name], came.get(name))[chosen] for name in TITLES}
    points = {TITLES[name]: (all_costs[name], one.value) for name, one in came.items() if all_costs[name]}
    if not points:
        st.caption("Each trained network becomes a point here: high is good, left is cheap.")
        return
    most = max(cost for cost in all_costs.values() if cost)
    figure = standings_figure(points, x=chosen, y="mean IoU", unit=UNITS[chosen], most=most, dark=is_dark())
    chart(stand, figure, "standings")
