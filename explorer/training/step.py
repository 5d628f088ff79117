"""A network that learns, batch by batch. Knows network, data and settings; not when to stop, not files, not screens.

The data lies on the device; batches are gathered and varied there, with no worker processes and no work per sample. On a GPU
the whole step (gather, vary, forward, backward, update) is one CUDA graph: small networks are bound by launches there.
"""

import contextlib
import math
from collections.abc import Callable

import torch
from torch import nn

from explorer.data.augment import compose
from explorer.data.labelled import DataSet
from explorer.errors import ExplorerError
from explorer.training.config import TrainConfig, check_loss_weights
from explorer.training.devices import choose_device, has_bfloat16
from explorer.training.learning import Learning, all_of
from explorer.training.optimisers import OPTIMISERS
from explorer.training.schedules import SCHEDULES
from explorer.training.stopwatch import Stopwatch
from explorer.training.tasks import TASKS, Task

EAGER_STEPS = (
    3  # on a GPU, before the step is captured: libraries choose their algorithms, the optimiser makes its state
)
Normalise = Callable[[torch.Tensor], torch.Tensor]


def as_it_is(images: torch.Tensor) -> torch.Tensor:
    """For features, which are normalised no more."""
    return images


class Training:
    """`network` learning from `data`, in place. `steps` are done, in `stopwatch.seconds` of training time.

    normalise: pixel values 0–255 (N, C, H, W) → the network's input, on the device of its argument.
    fixed_rate: a learning rate chosen while it runs, instead of the schedule's; None until then.
    task: what is learned; `data` has its targets, else ExplorerError.
    learning: what of the network learns and how fast, None for all of it. Where its frozen part's features are there, they
    stand in the pictures' place: `learner` is then the part above, `train_set` and `test_set` what that takes.
    """

    def __init__(
        self,
        network: nn.Module,
        data: DataSet,
        normalise: Normalise,
        config: TrainConfig,
        task: Task = TASKS["classes"],
        learning: Learning | None = None,
    ) -> None:
        task.check(data.train, data.name)
        self.config, self.task = config, task
        self.device = choose_device(config.device)
        self.generator = torch.Generator(self.device).manual_seed(config.seed)
        self.network = network.to(self.device, memory_format=torch.channels_last).train()
        learning = learning or all_of(self.network)
        self._below, self._above, self.learner = learning.below, learning.above, self.network
        if self._below is not None:
            self._below.eval()  # batch normalisation's averages are frozen too
        if learning.features is not None:
            data, normalise, self._below, self.learner = learning.features, as_it_is, None, self._above
        self.train_set, self.test_set = data.train.to(self.device), data.test.to(self.device)
        self._targets = task.targets(self.train_set)
        self.normalise, self._augment = normalise, compose(config.augmentation)
        self.batch_size = min(config.batch_size, len(self.train_set))
        self.steps_an_epoch = len(self.train_set) // self.batch_size  # the rest waits for the next shuffle
        self.total_steps = max(1, math.ceil(config.epochs * self.steps_an_epoch))
        self.steps = 0
        self.fixed_rate: float | None = None
        self.stopwatch = Stopwatch()

        self._on_gpu = self.device.type == "cuda"
        rate = torch.tensor(config.rate, device=self.device) if self._on_gpu else config.rate
        self._factors = [factor for factor, _ in learning.rates]
        groups = [{"params": list(weights), "lr": rate * factor} for factor, weights in learning.rates]
        self._optimiser = OPTIMISERS[config.optimiser](groups, rate, config.weight_decay)
        mixed = config.bfloat16 and has_bfloat16(self.device)
        # The cache of cast weights would outlive the graph's capture
        self._precision = (
            torch.autocast(self.device.type, torch.bfloat16, cache_enabled=not self._on_gpu)
            if mixed
            else contextlib.nullcontext()
        )
        self._order = torch.empty(0, dtype=torch.int64, device=self.device)
        self._chosen = torch.empty(self.batch_size, dtype=torch.int64, device=self.device)
        self._loss_sum = torch.zeros((), device=self.device)  # since it was last read; the rest is in _loss_read
        self._loss_read = 0.0
        weights = [getattr(config, f"{part}_weight") for part in task.parts] if len(task.parts) > 1 else []
        self.loss_weights: dict[str, float] = dict(zip(task.parts, weights, strict=False))  # {} where there is one part
        self._weights = torch.tensor(weights, device=self.device)
        self._part_sums = torch.zeros(len(weights), device=self.device)  # as _loss_sum, of each part, not weighted
        self._parts_read = [0.0] * len(weights)
        self._graph: torch.cuda.CUDAGraph | None = None

    @property
    def fraction(self) -> float:
        """How far the run is, in [0, 1]: the larger of steps done and, where they are limited, seconds used."""
        timed = self.stopwatch.seconds / self.config.seconds if self.config.seconds else 0.0
        return min(1.0, max(self.steps / self.total_steps, timed))

    @property
    def epochs(self) -> float:
        """Passes over the training set so far."""
        return self.steps / self.steps_an_epoch

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        if self.fixed_rate is not None:
            return self.fixed_rate
        return self.config.rate * SCHEDULES[self.config.schedule](self.fraction)

    def advance(self) -> None:
        """Learn from the next batch."""
        at = self.steps % self.steps_an_epoch * self.batch_size
        if at == 0:
            self._order = torch.randperm(len(self.train_set), device=self.device, generator=self.generator)
        self._chosen.copy_(self._order[at : at + self.batch_size])
        rate = self.rate
        for group, factor in zip(self._optimiser.param_groups, self._factors, strict=True):
            if self._on_gpu:
                group["lr"].fill_(rate * factor)  # in place: the graph reads it there
            else:
                group["lr"] = rate * factor
        if self._graph:
            self._graph.replay()
        elif self._on_gpu and self.steps >= EAGER_STEPS:
            self._capture()
            self._graph.replay()
        else:
            self._learn()
        self.steps += 1

    def total_loss(self) -> float:
        """The losses of all steps so far, added up. Waits for the device."""
        self._loss_read += self._loss_sum.item()
        self._loss_sum.zero_()
        return self._loss_read

    def total_parts(self) -> tuple[float, ...]:
        """The same of each part of the loss, not weighted, in the task's order; () where it has one part only."""
        sums = zip(self._parts_read, self._part_sums.tolist(), strict=True)
        self._parts_read = [read + new for read, new in sums]
        self._part_sums.zero_()
        return tuple(self._parts_read)

    def set_loss_weight(self, part: str, weight: float) -> None:
        """From the next step on. Raises ExplorerError for a part that the loss has not, and where all would weigh 0."""
        if part not in self.loss_weights:
            raise ExplorerError(
                "This network's loss has one part only: choose a network for boxes to weigh two of them."
            )
        weights = {**self.loss_weights, part: weight}
        check_loss_weights(*weights.values())
        self.loss_weights = weights
        self._weights.copy_(torch.tensor(list(weights.values())))  # in place: a CUDA graph reads it there

    def _learn(self) -> None:
        """One step from `_chosen` to new weights; everything stays on the device and nothing waits for it."""
        images = self.train_set.images.index_select(0, self._chosen).float()
        images = self.normalise(self._augment(images, self.generator))
        if images.dim() == 4:  # features of a dense layer have no rows and columns
            images = images.contiguous(memory_format=torch.channels_last)
        with self._precision:
            if self._below is not None:
                with torch.no_grad():
                    images = self._below(images)
            output = self._above(images)
        targets = tuple(whole.index_select(0, self._chosen) for whole in self._targets)
        losses = self.task.losses(output.float(), targets, "mean")
        loss = losses[0]
        if len(losses) > 1:
            parts = torch.stack(losses)
            loss = (self._weights * parts).sum()
            self._part_sums += parts.detach()
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        self._loss_sum += loss.detach()

    def _capture(self) -> None:
        """Record `_learn` as one CUDA graph; recording computes nothing."""
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self.generator)
        torch.cuda.synchronize(self.device)
        self._optimiser.zero_grad()  # so that backward writes gradients anew on every replay instead of adding to them
        with torch.cuda.graph(graph):
            self._learn()
        self._graph = graph
