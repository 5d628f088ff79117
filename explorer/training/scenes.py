"""Pictures with their masks or boxes, true and predicted, ready to be drawn. Knows tasks; not networks, not runs."""

from dataclasses import dataclass

import numpy as np
import torch

from explorer.data.labelled import LabelledImages
from explorer.training.tasks import Task, box_ious, count_pairs, mean_iou


@dataclass(frozen=True)
class Scenes:
    """A few pictures with what is true of them and what the network says: of a run that learns masks or boxes.

    images: uint8 (n, 32, 32) or (n, 32, 32, 3). classes: the names, in the order of the numbers below.
    masks, predicted_masks: uint8 (n, 32, 32), the class of every pixel; None for boxes.
    boxes, predicted_boxes: float32 (n, 4), (cx, cy, w, h) as fractions of the side; None for masks.
    labels, predicted_labels: int64 (n,), the class of the picture's one object; None for masks.
    ious: float32 (n,): of a mask the mean IoU over the classes that this picture has or is said to have, of a box its IoU.
    masks or boxes and labels, and with them ious, are None for a picture of which the truth is not known.
    """

    images: np.ndarray
    classes: tuple[str, ...]
    masks: np.ndarray | None = None
    predicted_masks: np.ndarray | None = None
    boxes: np.ndarray | None = None
    predicted_boxes: np.ndarray | None = None
    labels: np.ndarray | None = None
    predicted_labels: np.ndarray | None = None
    ious: np.ndarray | None = None


def scenes_of(task: Task, data: LabelledImages, output: torch.Tensor, classes: tuple[str, ...]) -> Scenes | None:
    """What a network of that task put out for these pictures, beside what is true of them; None for classes."""
    if task.key == "classes":
        return None
    images = data.images.permute(0, 2, 3, 1).numpy()
    images = images[..., 0] if images.shape[-1] == 1 else images
    images = np.ascontiguousarray(images)
    answers = task.answers(output).argmax(1)
    if task.key == "masks":
        ious = None
        if data.masks is not None:
            pairs = zip(data.masks.long(), answers, strict=True)
            counts = (count_pairs(truth, answer, len(classes)) for truth, answer in pairs)
            ious = np.float32([mean_iou(cells.reshape(len(classes), -1)) for cells in counts])
        masks = None if data.masks is None else data.masks.numpy()
        return Scenes(images, classes, masks=masks, predicted_masks=answers.to(torch.uint8).numpy(), ious=ious)
    boxes, known = output[:, -4:].float().numpy(), data.boxes is not None
    return Scenes(
        images,
        classes,
        boxes=data.boxes.numpy() if known else None,
        predicted_boxes=boxes,
        labels=data.labels.numpy() if known else None,
        predicted_labels=answers.numpy(),
        ious=box_ious(output[:, -4:].float(), data.boxes).numpy() if known else None,
    )
