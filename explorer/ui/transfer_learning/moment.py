"""One student at the moment that the studio's slider shows. Knows runs, snapshots and the cache; draws nothing."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.live.runs import story_of
from explorer.models.feeding import Feeding
from explorer.training.moments import network_at
from explorer.training.networks import feeding_of
from explorer.training.story import Story
from explorer.training.timeline import Run, snapshot_steps
from explorer.ui import cache
from explorer.ui.transfer_learning.students import Student


@dataclass(frozen=True, eq=False)
class Moment:
    """A student after so many steps. first: its first snapshot, before it learned anything."""

    student: Student
    run: Run
    step: int
    first: int
    story: Story

    @property
    def title(self) -> str:
        """The student's name."""
        return self.student.title

    @property
    def feeding(self) -> Feeding:
        """How its network takes a picture."""
        return feeding_of(self.run.settings, self.run.channels)

    def network(self, step: int | None = None) -> nn.Module:
        """Its network at this moment, or after another number of steps; shared, to be looked at only."""
        at = self.step if step is None else step
        return cache.kept_network(f"run.{self.run.id}.{at}", _make=lambda: network_at(self.run, at))

    def evaluation(self) -> tuple[float, float, float] | None:
        """Test accuracy, training accuracy and seconds at the last evaluation until then; None before the first."""
        found = [one for one in list(self.story.evaluations) if one[0] <= self.step] or list(self.story.evaluations)[:1]
        return (found[-1][1], found[-1][2], found[-1][4]) if found else None

    def answer(self, pixels: np.ndarray, *, arranged: bool = False) -> list[float]:
        """Its probabilities for any picture uint8 (H, W) or (H, W, 3); arranged: for one in the form of its data set's.

        Raises ExplorerError for a picture that cannot be an input.
        """
        if arranged:
            inputs = self.feeding.normalise(torch.from_numpy(np.atleast_3d(pixels).copy()).permute(2, 0, 1)[None])
        else:
            inputs = self.feeding.preprocess(pixels)
        with torch.inference_mode():
            probabilities = self.network()(inputs)[0].double().softmax(0)
        if not probabilities.isfinite().all():
            raise ExplorerError(f"“{self.title}” no longer answers in numbers: choose an earlier moment.")
        return probabilities.tolist()


def moments(shown: list[Student], rest: dict[str, int]) -> list[Moment]:
    """Those students that have a snapshot by now, where the slider rests (else at the newest one)."""
    found = []
    for student in shown:
        try:
            run = student.run()
            kept = snapshot_steps(run.folder)
            story = story_of(student.id)
        except ExplorerError:  # it has just begun
            continue
        if kept:
            wanted = rest.get(student.id, kept[-1])
            step = min(kept, key=lambda at: abs(at - wanted))
            found.append(Moment(student, run, step, kept[0], story))
    return found
