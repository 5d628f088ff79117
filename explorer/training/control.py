"""Commands to a training that runs: pause, go on, one step, speed, learning rate, stop. Knows training; not who commands.

A command is a dict: {"name": "pause" | "resume" | "step" | "stop"}, {"name": "speed", "value": steps a second or None},
{"name": "rate", "value": learning rate}, {"name": "class_weight" | "box_weight", "value": of that part of the loss}.
"""

import contextlib
import math
import queue
import time
from collections.abc import Callable

from explorer.errors import ExplorerError
from explorer.training.config import check_loss_weights, check_rate
from explorer.training.loop import StopTraining
from explorer.training.step import Training

LOSS_WEIGHTS = {"class_weight": "class", "box_weight": "box"}  # command → part of the loss
COMMANDS = ("pause", "resume", "step", "stop", "speed", "rate", *LOSS_WEIGHTS)
LEAST_SPEED, MOST_SPEED = 0.01, 1e6  # steps a second
Command = dict[str, object]


def check_command(command: object) -> Command:
    """Return the command; raises ExplorerError for what is none, whoever sent it."""
    if not isinstance(command, dict) or command.get("name") not in COMMANDS:
        raise ExplorerError(f"That is no command to a run: choose one of {', '.join(COMMANDS)}.")
    name, value = command["name"], command.get("value")
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    if name == "rate":
        check_rate(value if number else math.nan)
    elif name == "speed" and value is not None and not (number and LEAST_SPEED <= value <= MOST_SPEED):
        raise ExplorerError("That is no speed: choose 0.01 to 1,000,000 steps a second, or full speed.")
    elif name in LOSS_WEIGHTS:
        check_loss_weights(value if number else math.nan, 1)
    return {"name": name, "value": value if name in ("rate", "speed", *LOSS_WEIGHTS) else None}


class Control:
    """Obeys commands between two steps. tell: hears what changed, as an event. by_hand: called where it rests.

    Where a training rests, after a pause and after each single step, what is seen has to be where it stands.
    """

    def __init__(self, tell: Callable[[dict[str, object]], None], by_hand: Callable[[Training], None]) -> None:
        self.commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._tell, self._by_hand = tell, by_hand
        self._paused = self._single = False
        self._speed: float | None = None
        self._went_on = time.perf_counter()  # when the last step was let begin

    def stepped(self, training: Training) -> None:
        """After a step: obey, and wait as long as the commands say. Raises StopTraining."""
        if self._single:
            self._single = False
            self._by_hand(training)
        if self._paused or self._speed is not None or not self.commands.empty():
            with training.stopwatch.stopped(), contextlib.suppress(queue.Empty):
                while not self._single:
                    self._obey(self.commands.get(timeout=self._patience()), training)
        self._went_on = time.perf_counter()

    def judging(self, training: Training) -> None:
        """Between two parts of an evaluation: obey, so that a stop need not wait for its end, and rest where paused."""
        while not self.commands.empty() or (self._paused and not self._single):
            self._obey(self.commands.get(), training)

    def _patience(self) -> float | None:
        """Seconds until the next step may begin; None while paused."""
        if self._paused:
            return None
        return max(0.0, self._went_on + 1 / self._speed - time.perf_counter()) if self._speed else 0.0

    def _obey(self, command: Command, training: Training) -> None:
        name, value = command["name"], command.get("value")
        if name == "stop":
            raise StopTraining
        if name in ("pause", "resume", "step"):
            if not self._paused and name != "resume":
                self._by_hand(training)
            self._paused, self._single = name != "resume", name == "step"
        elif name == "speed":
            self._speed = value
        elif name == "rate":
            training.fixed_rate = float(value)
        elif name in LOSS_WEIGHTS:
            # a loss without parts, or the last weight above 0: nothing changes
            with contextlib.suppress(ExplorerError):
                training.set_loss_weight(LOSS_WEIGHTS[name], float(value))
        self._tell(
            {
                "kind": "changed",
                "step": training.steps,
                "paused": self._paused,
                "speed": self._speed,
                "rate": training.rate,
                "loss_weights": training.loss_weights,
            }
        )
