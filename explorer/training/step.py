"""A network that learns, batch by batch. Knows network, data and settings; not when to stop, not files, not screens.

The data lies on the device; batches are gathered and varied there, with no worker processes and no work per sample. On a GPU
the whole step (gather, vary, forward, backward, update) is one CUDA graph: small networks are bound by launches there.
"""

import contextlib
import math
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F

from explorer.data.augment import compose
from explorer.data.labelled import DataSet
from explorer.training.config import TrainConfig
from explorer.training.devices import choose_device, has_bfloat16
from explorer.training.optimisers import OPTIMISERS
from explorer.training.schedules import SCHEDULES
from explorer.training.stopwatch import Stopwatch

EAGER_STEPS = (
    3  # on a GPU, before the step is captured: libraries choose their algorithms, the optimiser makes its state
)
Normalise = Callable[[torch.Tensor], torch.Tensor]


class Training:
    """`network` learning from `data`, in place. `steps` are done, in `stopwatch.seconds` of training time.

    normalise: pixel values 0–255 (N, C, H, W) → the network's input, on the device of its argument.
    fixed_rate: a learning rate chosen while it runs, instead of the schedule's; None until then.
    """

    def __init__(self, network: nn.Module, data: DataSet, normalise: Normalise, config: TrainConfig) -> None:
        self.config = config
        self.device = choose_device(config.device)
        self.generator = torch.Generator(self.device).manual_seed(config.seed)
        self.network = network.to(self.device, memory_format=torch.channels_last).train()
        self.train_set, self.test_set = data.train.to(self.device), data.test.to(self.device)
        self.normalise, self._augment = normalise, compose(config.augmentation)
        self.batch_size = min(config.batch_size, len(self.train_set))
        self.steps_an_epoch = len(self.train_set) // self.batch_size  # the rest waits for the next shuffle
        self.total_steps = max(1, math.ceil(config.epochs * self.steps_an_epoch))
        self.steps = 0
        self.fixed_rate: float | None = None
        self.stopwatch = Stopwatch()

        self._on_gpu = self.device.type == "cuda"
        rate = torch.tensor(config.rate, device=self.device) if self._on_gpu else config.rate
        self._optimiser = OPTIMISERS[config.optimiser](self.network.parameters(), rate, config.weight_decay)
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
        for group in self._optimiser.param_groups:
            if self._on_gpu:
                group["lr"].fill_(self.rate)  # in place: the graph reads it there
            else:
                group["lr"] = self.rate
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

    def _learn(self) -> None:
        """One step from `_chosen` to new weights; everything stays on the device and nothing waits for it."""
        images = self.train_set.images.index_select(0, self._chosen).float()
        images = self.normalise(self._augment(images, self.generator))
        with self._precision:
            logits = self.network(images.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(logits.float(), self.train_set.labels.index_select(0, self._chosen))
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
