"""A recorded run as files: what is in them is what was recorded."""

import cv2
import numpy as np
import pytest
import torch
from safetensors import safe_open

from explorer.data.datasets import load_data_set
from explorer.errors import ExplorerError
from explorer.live.runs import story_of
from explorer.models.trainable import Design, build
from explorer.training.config import TrainConfig
from explorer.training.run import perform
from explorer.training.run_exports import film_file, onnx_file, tensorboard_file, weights_file
from explorer.training.settings import RunSettings
from explorer.training.timeline import read_run, read_snapshot

NAME = "20261121-120000-lenet5-0001"


def recorded(runs, design=None):
    settings = RunSettings(design or Design(), "digits", TrainConfig(epochs=1, batch_size=64, device="cpu"))
    perform(settings, load_data_set("digits"), folder=runs / NAME)
    return read_run(runs, NAME)


def test_weights_are_the_snapshots_and_say_how_they_were_trained(runs, tmp_path):
    run = recorded(runs)
    step = story_of(NAME).snapshots[-1]
    path = tmp_path / "weights.safetensors"
    path.write_bytes(weights_file(run, step))
    with safe_open(path, "pt") as file:
        assert file.metadata()["command"] == run.settings.command()
        assert file.metadata()["step"] == str(step)
        for name, tensor in read_snapshot(run.folder, step).items():
            assert torch.equal(file.get_tensor(name), tensor)
    with pytest.raises(ExplorerError, match="no snapshot of step 999"):
        weights_file(run, 999)


def test_onnx_gives_the_snapshots_logits(runs):
    onnx = pytest.importorskip("onnx")
    from onnx.reference import ReferenceEvaluator

    run = recorded(runs)
    step = story_of(NAME).snapshots[-1]
    model = onnx.load_from_string(onnx_file(run, step))
    network = build(run.settings.design, 1, 10).eval()
    network.load_state_dict(read_snapshot(run.folder, step))
    pictures = torch.randn(3, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    (logits,) = ReferenceEvaluator(model).run(None, {"picture": pictures.numpy()})
    np.testing.assert_allclose(logits, network(pictures).detach().numpy(), atol=1e-4)


def test_tensorboard_has_every_loss_and_accuracy(runs, tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run, story = recorded(runs), story_of(NAME)
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(tensorboard_file(run, story))
    events = EventAccumulator(str(tmp_path), size_guidance={"scalars": 0})
    events.Reload()
    assert [event.step for event in events.Scalars("loss")] == [point[0] for point in story.loss]
    assert [event.value for event in events.Scalars("accuracy/test")] == pytest.approx(
        [point[1] for point in story.evaluations]
    )


@pytest.mark.parametrize("kind", ["gif", "mp4"])
def test_a_film_has_a_picture_a_snapshot_on_one_scale(runs, tmp_path, kind):
    run, drawn = recorded(runs), []

    def draw(kernels, low, high):
        drawn.append((kernels.shape, low, high))
        return np.full((40, 60, 3), 8 * len(drawn), np.uint8)

    path = tmp_path / f"film.{kind}"
    path.write_bytes(film_file(run, kind, draw))
    assert len(drawn) == len(story_of(NAME).snapshots)
    assert {shape for shape, _, _ in drawn} == {(6, 1, 5, 5)}
    assert len({(low, high) for _, low, high in drawn}) == 1
    film = cv2.VideoCapture(str(path))
    assert film.read()[0]
    film.release()


def test_a_network_without_kernels_cannot_be_filmed(runs):
    with pytest.raises(ExplorerError, match="no kernels"):
        film_file(recorded(runs, Design("deep")), "gif", lambda *args: None)
