"""What a run's snapshot says of a picture, against the network itself."""

import numpy as np
import pytest
import torch

from explorer.data.labelled import LabelledImages
from explorer.errors import ExplorerError
from explorer.training.asking import ask, unknown
from explorer.training.settings import RunSettings
from explorer.training.timeline import Writer, read_run
from tests.scene_runs import pictures, record


def inputs(images: torch.Tensor) -> torch.Tensor:
    return (images.float() / 255 - 0.1307) / 0.3081


@pytest.mark.parametrize("network", ["seg_full", "seg_unpool", "seg_skip"])
def test_a_mask_is_the_largest_logit_of_every_pixel(runs, network):
    run, built = record(runs, "one", network)
    some = pictures("scenes").test.take([3, 4])
    scenes = ask(run, 7, some)
    with torch.no_grad():
        expected = built(inputs(some.images)).argmax(1)
    np.testing.assert_array_equal(scenes.predicted_masks, expected.numpy())
    np.testing.assert_array_equal(scenes.masks, some.masks.numpy())
    assert scenes.classes[0] == "background"
    assert scenes.ious.shape == (2,)


def test_a_box_and_a_class_are_the_two_heads(runs):
    run, built = record(runs, "one", "locate", "boxes")
    some = pictures("boxes").test.take([5])
    scenes = ask(run, 0, some)
    with torch.no_grad():
        output = built(inputs(some.images))[0]
    np.testing.assert_allclose(scenes.predicted_boxes[0], output[-4:].numpy(), atol=1e-6)
    assert scenes.predicted_labels[0] == output[:-4].argmax()
    assert scenes.labels[0] == some.labels[0]


def test_of_an_own_picture_nothing_is_known(runs):
    picture = np.random.default_rng(0).integers(0, 256, (32, 32), np.uint8)
    run, _ = record(runs, "one", "seg_nearest")
    scenes = ask(run, 7, unknown(picture))
    np.testing.assert_array_equal(scenes.images[0], picture)
    assert scenes.masks is None
    assert scenes.ious is None
    box, _ = record(runs, "two", "locate", "boxes")
    scenes = ask(box, 7, unknown(picture))
    assert scenes.boxes is None
    assert scenes.labels is None


def test_a_lost_snapshot_another_network_and_a_run_of_classes_say_so(runs):
    some = unknown(np.zeros((32, 32), np.uint8))
    run, _ = record(runs, "one", "seg_nearest")
    with pytest.raises(ExplorerError, match="no snapshot of step 8"):
        ask(run, 8, some)
    record(runs, "other", "seg_skip")
    (runs / "one" / "snapshots" / "7.safetensors").write_bytes(
        (runs / "other" / "snapshots" / "7.safetensors").read_bytes()
    )
    with pytest.raises(ExplorerError, match="another network"):
        ask(run, 7, some)
    settings = RunSettings(data="digits")
    half = LabelledImages(torch.zeros(4, 1, 32, 32, dtype=torch.uint8), torch.arange(4) % 2)
    from explorer.data.labelled import DataSet
    from explorer.models.trainable import build

    writer = Writer(runs / "three", settings, DataSet("d", ("a", "b"), half, half))
    writer.snapshot(1, build(settings.design, 1, 2).state_dict())
    with pytest.raises(ExplorerError, match="learns classes"):
        ask(read_run(runs, "three"), 1, some)
