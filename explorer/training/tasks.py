"""What a network is asked for: a class, a mask or a box; its loss and how it is judged. Knows tensors; not steps, not files.

A network for masks puts out logits for every pixel, (N, classes, S, S); one for boxes (N, classes + 4): the class's logits,
then the box (cx, cy, w, h), each a fraction of the picture's side.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch.nn import functional as F

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.models.localiser import LOCALISERS
from explorer.models.segmenters import SEGMENTERS
from explorer.models.trainable import Design

Targets = tuple[torch.Tensor, ...]
# where smooth L1 turns from a parabola to a line: Faster R-CNN (Ren et al., 2015) in Girshick's own code, σ = 3
BETA = 1 / 9
FOUND = 0.5  # the IoU from which an object counts as found: ILSVRC's localisation task (Russakovsky et al., 2015)


@dataclass(frozen=True)
class Score:
    """A judged network. value: the task's metric, in [0, 1]. extras: other numbers by their names, in [0, 1].

    per_class: for masks each class's IoU, for boxes the mean IoU of each true class's boxes, None where there is none of it;
    () for classes.
    """

    value: float
    extras: dict[str, float] = field(default_factory=dict)
    per_class: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Task:
    """One kind of question.

    needs: attributes of LabelledImages that are its targets, in the order in which the functions take them.
    metric: the word for what it is judged by; extras: names of other numbers that are told beside it.
    parts: what its loss is the weighted sum of; a loss with one part only has no weights.
    losses: output (N, …), targets, "mean" or "sum" over the pictures → one number for each part.
    count: output, targets → cells int64 (k · k,), row = true class, column = answer; and sums float32 (m,), which add up over
    batches as the cells do. score: all cells (k, k), all sums, number of pictures → Score.
    answers: output → for each picture or pixel the logits (N, k, …).
    """

    key: str
    needs: tuple[str, ...]
    metric: str
    extras: tuple[str, ...]
    parts: tuple[str, ...]
    losses: Callable[[torch.Tensor, Targets, str], tuple[torch.Tensor, ...]]
    count: Callable[[torch.Tensor, Targets], tuple[torch.Tensor, torch.Tensor | None]]
    score: Callable[[torch.Tensor, torch.Tensor | None, int], Score]
    answers: Callable[[torch.Tensor], torch.Tensor] = lambda output: output

    def check(self, data: LabelledImages, name: str) -> None:
        """Raises ExplorerError where the data set `name` has no such targets."""
        if any(getattr(data, need) is None for need in self.needs):
            raise ExplorerError(
                f"This network learns {self.key} and the data set “{name}” has none: choose “{_SETS[self.key]}”."
            )

    def targets(self, data: LabelledImages) -> Targets:
        """All targets of a set, the pictures along the first axis."""
        return tuple(getattr(data, need) for need in self.needs)


def task_of(design: Design) -> Task:
    """What a network of this design is asked for."""
    if design.network in SEGMENTERS:
        return TASKS["masks"]
    return TASKS["boxes"] if design.network in LOCALISERS else TASKS["classes"]


def check_augmentation(design: Design, augmentation: str) -> None:
    """Raises ExplorerError where the pictures would be varied and their masks or boxes stayed where they are."""
    task = task_of(design)
    if task.key != "classes" and augmentation.strip() != "none":
        raise ExplorerError(
            f"Varied pictures would no longer fit their {task.key}: choose the augmentation none for this network."
        )


# ── what is counted ──────────────────────────────────────────────────────────────────────────────────────────────────


def count_pairs(truth: torch.Tensor, answer: torch.Tensor, classes: int) -> torch.Tensor:
    """Cells of a confusion matrix, int64 (classes²,): how often each pair of true class and answer occurs."""
    return torch.bincount((truth * classes + answer).flatten(), minlength=classes * classes)


def class_ious(confusion: torch.Tensor) -> tuple[float | None, ...]:
    """Each class's intersection over union from counted pixels (k, k); None for a class that neither truth nor answer has.

    IoU of class i = n_ii / (Σ_j n_ij + Σ_j n_ji − n_ii), Long, Shelhamer & Darrell (2015). The background is a class like any
    other, as there and in Pascal VOC.
    """
    counts = confusion.double()
    hits = counts.diagonal()
    unions = counts.sum(0) + counts.sum(1) - hits
    return tuple(hit / union if union else None for hit, union in zip(hits.tolist(), unions.tolist(), strict=True))


def mean_iou(confusion: torch.Tensor) -> float:
    """The mean of `class_ious` over the classes that occur; 0 where nothing was counted."""
    known = [value for value in class_ious(confusion) if value is not None]
    return sum(known) / len(known) if known else 0.0


def box_ious(boxes: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """Intersection over union of pairs of boxes (N, 4) as (cx, cy, w, h): (N,) in [0, 1]; 0 where both have no area."""
    low = torch.maximum(boxes[:, :2] - boxes[:, 2:] / 2, others[:, :2] - others[:, 2:] / 2)
    high = torch.minimum(boxes[:, :2] + boxes[:, 2:] / 2, others[:, :2] + others[:, 2:] / 2)
    common = (high - low).clamp(min=0).prod(1)
    union = boxes[:, 2:].prod(1) + others[:, 2:].prod(1) - common
    return torch.where(union > 0, common / union.clamp(min=1e-12), 0.0)


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _class_losses(output: torch.Tensor, targets: Targets, reduction: str) -> tuple[torch.Tensor, ...]:
    return (F.cross_entropy(output, targets[0], reduction=reduction),)


def _class_count(output: torch.Tensor, targets: Targets) -> tuple[torch.Tensor, None]:
    return count_pairs(targets[0], output.argmax(1), output.shape[1]), None


def _class_score(confusion: torch.Tensor, sums: None, pictures: int) -> Score:
    return Score(confusion.diagonal().sum().item() / pictures)


# ── masks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _mask_losses(output: torch.Tensor, targets: Targets, reduction: str) -> tuple[torch.Tensor, ...]:
    """Cross-entropy of every pixel, their mean."""
    mean = F.cross_entropy(output, targets[0].long())
    return (mean if reduction == "mean" else mean * len(output),)


def _mask_count(output: torch.Tensor, targets: Targets) -> tuple[torch.Tensor, None]:
    return count_pairs(targets[0].long(), output.argmax(1), output.shape[1]), None


def _mask_score(confusion: torch.Tensor, sums: None, pictures: int) -> Score:
    right = confusion.diagonal().sum().item() / max(1, confusion.sum().item())
    return Score(mean_iou(confusion), {"pixel accuracy": right}, class_ious(confusion))


# ── boxes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _box_losses(output: torch.Tensor, targets: Targets, reduction: str) -> tuple[torch.Tensor, ...]:
    """Cross-entropy, and smooth L1 summed over the box's four numbers (Girshick, Fast R-CNN, 2015)."""
    labels, boxes = targets
    box = F.smooth_l1_loss(output[:, -4:], boxes, reduction="sum", beta=BETA)
    named = F.cross_entropy(output[:, :-4], labels, reduction=reduction)
    return named, box / len(output) if reduction == "mean" else box


def _box_count(output: torch.Tensor, targets: Targets) -> tuple[torch.Tensor, torch.Tensor]:
    """sums: the boxes' IoU by true class (k,), then how many objects are found: IoU ≥ 0.5 and the class right."""
    labels, boxes = targets
    classes = output.shape[1] - 4
    answer, ious = output[:, :-4].argmax(1), box_ious(output[:, -4:], boxes)
    by_class = torch.zeros(classes, device=ious.device).index_add_(0, labels, ious)
    found = ((ious >= FOUND) & (answer == labels)).sum().float()
    return count_pairs(labels, answer, classes), torch.cat([by_class, found[None]])


def _box_score(confusion: torch.Tensor, sums: torch.Tensor, pictures: int) -> Score:
    *by_class, found = sums.tolist()
    objects = confusion.sum(1).tolist()
    extras = {"accuracy": confusion.diagonal().sum().item() / pictures, "found": found / pictures}
    per_class = tuple(iou / many if many else None for iou, many in zip(by_class, objects, strict=True))
    return Score(sum(by_class) / pictures, extras, per_class)


TASKS: dict[str, Task] = {
    "classes": Task("classes", ("labels",), "accuracy", (), ("class",), _class_losses, _class_count, _class_score),
    "masks": Task(
        "masks", ("masks",), "mean IoU", ("pixel accuracy",), ("class",), _mask_losses, _mask_count, _mask_score
    ),
    "boxes": Task(
        *("boxes", ("labels", "boxes"), "mean IoU", ("accuracy", "found"), ("class", "box")),
        *(_box_losses, _box_count, _box_score, lambda output: output[:, :-4]),
    ),
}
_SETS = {"masks": "scenes", "boxes": "boxes", "classes": "digits"}
