"""What each of some networks has reached in its newest run on this machine. Knows runs; not networks' layers, not screens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.training.story import Story, story_on_disk
from explorer.training.timeline import Run, list_runs

MOST_RUNS = 200  # the newest ones are looked through


@dataclass(frozen=True)
class Standing:
    """A run's last evaluation. value: what `metric` calls it, in [0, 1]; extras: other numbers by name, in [0, 1].

    per_class: each class's IoU, None where there is none of it. milliseconds: measured, a step of `batch_size` pictures.
    """

    run: Run
    state: str
    step: int
    epoch: float
    metric: str
    value: float
    extras: dict[str, float]
    per_class: tuple[float | None, ...]
    milliseconds: float | None
    batch_size: int


def standings(
    root: Path, networks: Sequence[str], data: str, live: Callable[[str], Story | None] = lambda identity: None
) -> dict[str, Standing]:
    """The newest run of each of these networks on that data set that has been judged at least once; others are left out.

    live: the story of a run that is training now, by its name; None for any other.
    """
    found: dict[str, Standing] = {}
    for run in list_runs(root, MOST_RUNS):
        network = run.settings.design.network
        if network not in networks or network in found or run.settings.data != data:
            continue
        try:
            standing = standing_of(run, live(run.id) or story_on_disk(run.folder))
        except ExplorerError:
            continue
        if standing:
            found[network] = standing
    return {network: found[network] for network in networks if network in found}


def standing_of(run: Run, story: Story) -> Standing | None:
    """The run's last evaluation; None before the first, and for one with nothing to look at."""
    evaluations, losses = list(story.evaluations), list(story.loss)
    if not evaluations or not story.snapshots:
        return None
    step, value, *_ = evaluations[-1]
    timed = [(at, seconds) for at, _, _, seconds in losses if at and seconds > 0]
    milliseconds = 1000 * timed[-1][1] / timed[-1][0] if timed else None
    extras = {name: points[-1][1] for name, points in dict(story.extras).items() if points}
    return Standing(
        run, story.state, step, story.epoch, story.metric, value, extras, tuple(story.per_class), milliseconds,
        run.settings.config.batch_size,
    )  # fmt: skip
