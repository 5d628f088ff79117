"""Losses and judgements of the three tasks: numbers worked by hand, slow twins, and what is refused."""

import itertools
import math

import pytest
import torch
from torch import nn

from explorer.data.labelled import DataSet, LabelledImages
from explorer.errors import ExplorerError
from explorer.models.trainable import TRAINABLE, Design
from explorer.training.config import TrainConfig
from explorer.training.control import Control, check_command
from explorer.training.evaluation import judge
from explorer.training.settings import RunSettings
from explorer.training.step import Training
from explorer.training.tasks import BETA, TASKS, box_ious, class_ious, count_pairs, mean_iou, task_of


def seeded():
    return torch.Generator().manual_seed(3)


def everything(count=12, classes=3):
    """Noise with labels, masks and boxes."""
    source = seeded()
    masks = torch.randint(0, classes, (count, 32, 32), generator=source, dtype=torch.uint8)
    boxes = torch.rand(count, 4, generator=source) * 0.5 + 0.2
    images = torch.randint(0, 256, (count, 1, 32, 32), generator=source, dtype=torch.uint8)
    half = LabelledImages(images, torch.arange(count) % classes, masks, boxes)
    return DataSet("noise", tuple("abcdefg"[:classes]), half, half)


# ── IoU ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_K1_iou_of_classes_by_hand():
    # truth 0 0 0 1 1 2, answer 0 0 1 1 1 1: class 0: 2 of 3; class 1: 2 of 4; class 2: 0 of 1; class 3 does not occur
    counts = count_pairs(torch.tensor([0, 0, 0, 1, 1, 2]), torch.tensor([0, 0, 1, 1, 1, 1]), 4).reshape(4, 4)
    assert counts.tolist() == [[2, 1, 0, 0], [0, 2, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert class_ious(counts) == (2 / 3, 1 / 2, 0.0, None)
    assert mean_iou(counts) == pytest.approx((2 / 3 + 1 / 2) / 3)


def test_a_class_that_only_the_answer_has_counts_as_wrong():
    assert class_ious(torch.tensor([[3, 1], [0, 0]])) == (3 / 4, 0.0)


def test_iou_of_nothing_is_zero():
    assert mean_iou(torch.zeros(3, 3)) == 0


@pytest.mark.parametrize(
    ("one", "other", "iou"),
    [
        ((0.5, 0.5, 0.2, 0.4), (0.5, 0.5, 0.2, 0.4), 1),
        ((0.25, 0.5, 0.5, 1.0), (0.5, 0.5, 0.5, 1.0), 1 / 3),  # half of each: 0.25 of 0.75
        ((0.25, 0.25, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5), 1 / 7),  # a quarter of each
        ((0.2, 0.2, 0.2, 0.2), (0.8, 0.8, 0.2, 0.2), 0),
        ((0.25, 0.5, 0.5, 1.0), (0.75, 0.5, 0.5, 1.0), 0),  # they touch
        ((0.5, 0.5, 0.0, 0.0), (0.5, 0.5, 0.0, 0.0), 0),
        ((0.5, 0.5, 1.0, 1.0), (0.5, 0.5, 0.5, 0.5), 1 / 4),
    ],
)
def test_K6_iou_of_boxes_by_hand(one, other, iou):
    for pair in ((one, other), (other, one)):
        assert box_ious(*(torch.tensor([box]) for box in pair)).tolist() == pytest.approx([iou], abs=1e-6)


def test_iou_of_boxes_against_counted_cells():
    """On a grid of 64 × 64 cells, boxes whose edges lie on the grid."""
    random = torch.randint(0, 64, (20, 2, 4), generator=seeded())
    for corners in random.sort(dim=-1).values:
        cells, boxes = [], []
        for left, top, right, bottom in corners[:, [0, 1, 2, 3]].tolist():
            cells.append(set(itertools.product(range(left, right), range(top, bottom))))
            boxes.append(torch.tensor([[(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]]) / 64)
        union = len(cells[0] | cells[1])
        expected = len(cells[0] & cells[1]) / union if union else 0
        assert box_ious(*boxes).item() == pytest.approx(expected, abs=1e-5)


# ── losses ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_loss_of_masks_against_a_slow_loop():
    output = torch.randn(2, 3, 4, 5, generator=seeded())
    masks = torch.randint(0, 3, (2, 4, 5), generator=seeded(), dtype=torch.uint8)
    total = 0.0
    for n, row, column in itertools.product(range(2), range(4), range(5)):
        logits = output[n, :, row, column].tolist()
        total += math.log(sum(map(math.exp, logits))) - logits[masks[n, row, column]]
    (mean,), (whole,) = (TASKS["masks"].losses(output, (masks,), how) for how in ("mean", "sum"))
    assert mean.item() == pytest.approx(total / 40, rel=1e-5)
    assert whole.item() == pytest.approx(total / 20, rel=1e-5)  # the sum over the pictures


def test_K6_the_losses_of_boxes_by_hand():
    # two classes, logits equal: ln 2. Errors 0.05 (below β: ½·0.05²/β), 0.5 (above: 0.5 − β/2), 0, 0
    output = torch.tensor([[0.0, 0.0, 0.55, 0.75, 0.5, 0.5]])
    named, box = TASKS["boxes"].losses(output, (torch.tensor([1]), torch.tensor([[0.5, 0.25, 0.5, 0.5]])), "mean")
    assert named.item() == pytest.approx(math.log(2))
    assert box.item() == pytest.approx(0.05**2 / 2 / BETA + 0.5 - BETA / 2, rel=1e-5)


@pytest.mark.parametrize("key", TASKS)
def test_sum_is_mean_times_pictures(key):
    task, data = TASKS[key], everything().train
    output = torch.rand(12, 7, *((32, 32) if key == "masks" else ()), generator=seeded())
    targets = task.targets(data)
    for mean, whole in zip(task.losses(output, targets, "mean"), task.losses(output, targets, "sum"), strict=True):
        assert whole.item() == pytest.approx(12 * mean.item(), rel=1e-5)
    assert len(task.losses(output, targets, "mean")) == len(task.parts)


# ── judging ─────────────────────────────────────────────────────────────────────────────────────────────────


class Fixed(nn.Module):
    """Puts out what it was made with, batch after batch."""

    def __init__(self, output):
        super().__init__()
        self.output, self.at = output, 0

    def forward(self, images):
        part = self.output[self.at : self.at + len(images)]
        self.at = (self.at + len(images)) % len(self.output)
        return part


@pytest.mark.parametrize("batch_size", [5, 12])
def test_masks_are_judged_by_their_pixels(batch_size):
    data = everything().test
    output = torch.randn(12, 3, 32, 32, generator=seeded())
    verdict = judge(Fixed(output), data, lambda x: x, task=TASKS["masks"], batch_size=batch_size)
    counts = [[0] * 3 for _ in range(3)]
    for truth, said in zip(data.masks.flatten().tolist(), output.argmax(1).flatten().tolist(), strict=True):
        counts[truth][said] += 1
    assert verdict.confusion.tolist() == counts
    ious = [counts[k][k] / (sum(counts[k]) + sum(row[k] for row in counts) - counts[k][k]) for k in range(3)]
    assert verdict.per_class == pytest.approx(ious)
    assert verdict.accuracy == pytest.approx(sum(ious) / 3)
    right = sum(counts[k][k] for k in range(3)) / (12 * 1024)
    assert verdict.extras == {"pixel accuracy": pytest.approx(right)}
    assert verdict.parts == {}


@pytest.mark.parametrize("batch_size", [5, 12])
def test_boxes_are_judged_by_class_and_place(batch_size):
    data = everything().test
    source = seeded()
    boxes = data.boxes + 0.1 * torch.randn(12, 4, generator=source)
    output = torch.cat([torch.randn(12, 3, generator=source), boxes.clamp(0.01, 1)], dim=1)
    asked = {"task": TASKS["boxes"], "weights": {"class": 0.5, "box": 3.0}, "batch_size": batch_size}
    verdict = judge(Fixed(output), data, lambda x: x, **asked)
    ious = [box_ious(output[n : n + 1, 3:], data.boxes[n : n + 1]).item() for n in range(12)]
    right = (output[:, :3].argmax(1) == data.labels).tolist()
    assert verdict.accuracy == pytest.approx(sum(ious) / 12)
    assert verdict.extras["accuracy"] == sum(right) / 12
    assert verdict.extras["found"] == sum(ok and iou >= 0.5 for ok, iou in zip(right, ious, strict=True)) / 12
    assert verdict.per_class == pytest.approx([sum(ious[k::3]) / 4 for k in range(3)], rel=1e-5)
    assert verdict.loss == pytest.approx(0.5 * verdict.parts["class"] + 3 * verdict.parts["box"])
    assert verdict.confusion.sum() == 12


# ── which task ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", list(TRAINABLE))
def test_every_network_has_a_task(name):
    expected = "masks" if name.startswith("seg_") else "boxes" if name == "locate" else "classes"
    assert task_of(Design(name)) is TASKS[expected]


@pytest.mark.parametrize(("name", "remedy"), [("seg_skip", "choose “scenes”"), ("locate", "choose “boxes”")])
def test_a_set_without_targets_is_refused(name, remedy):
    whole = everything()
    half = LabelledImages(whole.train.images, whole.train.labels)
    with pytest.raises(ExplorerError, match=f"“digits” has none: {remedy}"):
        Training(
            nn.Identity(), DataSet("digits", whole.classes, half, half), float, TrainConfig(), task_of(Design(name))
        )


@pytest.mark.parametrize("name", ["seg_full", "locate"])
def test_varied_pictures_are_refused(name):
    with pytest.raises(ExplorerError, match="choose the augmentation none"):
        RunSettings(Design(name), "scenes", TrainConfig(augmentation="flip"))


# ── weights of the loss ─────────────────────────────────────────────────────────────────────────────────────


class Guess(nn.Module):
    """The same answer for every picture: two logits and a box, all learned."""

    def __init__(self):
        super().__init__()
        self.logits, self.box = nn.Parameter(torch.zeros(1, 3)), nn.Parameter(torch.zeros(1, 4))

    def forward(self, images):
        return torch.cat([self.logits, self.box], dim=1).expand(len(images), -1)


def guessing(**config):
    settings = {"device": "cpu", "optimiser": "sgd", "schedule": "constant", "weight_decay": 0.0, "rate": 0.1, **config}
    whole = everything(4)
    first = whole.train.take([0, 1, 2, 3])
    data = DataSet("noise", whole.classes, first, first)
    return Training(Guess(), data, lambda x: x / 255, TrainConfig(**settings), TASKS["boxes"])


def test_K6_each_loss_moves_its_own_head_by_its_weight():
    plain, heavy, alone = guessing(), guessing(box_weight=3.0), guessing(class_weight=0.0)
    for one in (plain, heavy, alone):
        one.advance()
    torch.testing.assert_close(heavy.network.box, 3 * plain.network.box)
    torch.testing.assert_close(heavy.network.logits, plain.network.logits)
    assert not alone.network.logits.any()
    torch.testing.assert_close(alone.network.box, plain.network.box)


def test_the_parts_of_the_loss_are_told_unweighted():
    one = guessing(class_weight=2.0, box_weight=5.0)
    one.advance()
    named, box = one.total_parts()
    assert named == pytest.approx(math.log(3))
    assert one.total_loss() == pytest.approx(2 * named + 5 * box)
    one.advance()
    assert one.total_parts()[1] > box  # added up, as the loss is


@pytest.mark.parametrize(("name", "part"), [("class_weight", "class"), ("box_weight", "box")])
def test_a_command_changes_a_weight(name, part):
    one, told = guessing(), []
    control = Control(told.append, lambda training: None)
    kept = one._weights
    control.commands.put(check_command({"name": name, "value": 7}))
    control.stepped(one)
    assert one.loss_weights == {"class": 1.0, "box": 1.0, part: 7.0}
    assert told[0]["loss_weights"] == one.loss_weights
    assert kept is one._weights  # filled in place: a CUDA graph reads it there
    assert kept.tolist() == list(one.loss_weights.values())


def test_both_weights_cannot_be_0():
    with pytest.raises(ExplorerError, match="Both losses weigh 0"):
        TrainConfig(class_weight=0, box_weight=0)
    one, told = guessing(box_weight=0.0), []
    control = Control(told.append, lambda training: None)
    control.commands.put({"name": "class_weight", "value": 0.0})
    control.stepped(one)
    assert one.loss_weights == told[0]["loss_weights"] == {"class": 1.0, "box": 0.0}


@pytest.mark.parametrize("value", [-1, 1001, None, "1", math.nan, True])
def test_no_weight(value):
    with pytest.raises(ExplorerError, match=r"choose (a number from )?0 to 1,000"):
        check_command({"name": "box_weight", "value": value})


@pytest.mark.parametrize("value", [-0.1, math.inf, math.nan])
def test_no_weight_in_a_config(value):
    with pytest.raises(ExplorerError, match=r"choose (a number from )?0 to 1,000"):
        TrainConfig(box_weight=value)


def test_a_loss_with_one_part_has_no_weights():
    whole = everything()
    one = Training(nn.Flatten(), whole, float, TrainConfig(device="cpu"))
    assert (one.loss_weights, one.total_parts()) == ({}, ())
    with pytest.raises(ExplorerError, match="one part only"):
        one.set_loss_weight("class", 1.0)
