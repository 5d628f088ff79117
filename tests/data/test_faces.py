"""Drawn faces: light on black, on the picture, told apart by what a short run learns."""

import numpy as np
import pytest
import torch

from explorer.data.datasets import load_data_set
from explorer.data.faces import EMOTIONS, draw_face
from explorer.models.feeding import DIGITS
from explorer.models.trainable import Design, build
from explorer.training.evaluation import judge


@pytest.fixture(scope="module")
def faces():
    return load_data_set("faces")


def test_five_emotions_as_often_and_repeated(faces):
    assert faces.classes == ("happy", "sad", "surprised", "angry", "neutral")
    assert torch.bincount(faces.train.labels).tolist() == [300] * 5
    assert torch.bincount(faces.test.labels).tolist() == [75] * 5
    assert torch.equal(faces.train.images, load_data_set("faces").train.images)
    assert not torch.equal(faces.train.images[:375], faces.test.images)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_face_is_light_on_black_and_wholly_on_the_picture(emotion):
    random = np.random.default_rng(1)
    for _ in range(100):
        face = draw_face(emotion, random)
        assert (face.shape, face.dtype) == ((32, 32), np.uint8)
        border = np.concatenate([face[0], face[-1], face[:, 0], face[:, -1]])
        assert np.median(border) == 0
        assert border.max() < 128
        rows, columns = np.nonzero(face > 60)
        assert 14 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 32
        assert 0.05 < (face > 60).mean() < 0.5


def mouth(emotion, random):
    return EMOTIONS[emotion](random)[0]


def test_mouths_by_what_they_say():
    random = np.random.default_rng(2)
    for _ in range(50):
        for emotion, direction in (("happy", 1), ("sad", -1)):
            points = mouth(emotion, random)
            middle, ends = points[len(points) // 2, 1], points[[0, -1], 1].mean()
            assert direction * (middle - ends) > 0.1  # y points down
        assert np.ptp(mouth("neutral", random)[:, 1]) == 0
        np.testing.assert_allclose(*mouth("surprised", random)[[0, -1]], atol=1e-9)  # round


def test_angry_brows_fall_towards_the_nose():
    left, right = EMOTIONS["angry"](np.random.default_rng(3))[-2:]
    for brow in (left, right):
        inner, outer = brow[np.argsort(np.abs(brow[:, 0]))[[0, -1]]]
        assert inner[1] > outer[1] + 0.2


def test_a_short_run_learns_them_and_knows_them_from_the_pad(faces):
    network, seed = build(Design(), 1, len(EMOTIONS), seed=0), torch.Generator().manual_seed(0)
    optimiser = torch.optim.Adam(network.parameters(), 2e-3)
    for _ in range(8):
        for chosen in torch.randperm(len(faces.train), generator=seed).split(50):
            batch = faces.train.take(chosen)
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(network(DIGITS.normalise(batch.images)), batch.labels).backward()
            optimiser.step()
    assert judge(network, faces.test, DIGITS.normalise).accuracy > 0.9
    random = np.random.default_rng(5)
    drawn = [np.kron(draw_face(name, random), np.ones((8, 8), np.uint8)) for name in EMOTIONS for _ in range(20)]
    with torch.inference_mode():
        named = network.eval()(torch.cat([DIGITS.preprocess(pad) for pad in drawn])).argmax(1)
    assert (named == torch.arange(5).repeat_interleave(20)).float().mean() > 0.85
