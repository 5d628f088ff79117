"""Films are read back by OpenCV and Pillow, frame by frame."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from explorer.errors import ExplorerError
from explorer.training.film import film


def pictures(count: int = 7, shape: tuple[int, int] = (48, 64)) -> list[np.ndarray]:
    """Left red, right blue, and a bar that moves on."""
    found = []
    for index in range(count):
        picture = np.zeros((*shape, 3), np.uint8)
        picture[:, : shape[1] // 2, 0] = 200
        picture[:, shape[1] // 2 :, 2] = 200
        picture[index * 6 : index * 6 + 6] = 255
        found.append(picture)
    return found


def read_back(data: bytes, kind: str, folder) -> tuple[list[np.ndarray], float]:
    path = folder / f"film.{kind}"
    path.write_bytes(data)
    capture = cv2.VideoCapture(str(path))
    found = []
    while (answer := capture.read())[0]:
        found.append(answer[1][:, :, ::-1])
    return found, capture.get(cv2.CAP_PROP_FPS)


@pytest.mark.parametrize("kind", ["gif", "mp4"])
def test_every_picture_comes_back_in_order(kind, tmp_path):
    expected = pictures()
    found, rate = read_back(film(iter(expected), kind=kind, rate=5), kind, tmp_path)
    assert rate == pytest.approx(5)
    assert len(found) == len(expected)
    for ours, theirs in zip(expected, found, strict=True):
        assert np.abs(ours.astype(int) - theirs).mean() < 12  # colours are coded at half the resolution
        bar = ours.min(axis=2).mean(axis=1).argmax()
        assert theirs.min(axis=2).mean(axis=1)[bar + 2] > 150


def test_mp4_with_odd_sides(tmp_path):
    found, _ = read_back(film(pictures(shape=(47, 63)), kind="mp4", rate=10), "mp4", tmp_path)
    assert [picture.shape for picture in found] == [(48, 64, 3)] * 7


def test_gif_loops_and_is_exact_in_few_colours():
    expected = pictures()
    with Image.open(io.BytesIO(film(expected, kind="gif", rate=4))) as gif:
        assert gif.n_frames == 7
        assert gif.info["loop"] == 0
        assert gif.info["duration"] == 250
        for index, picture in enumerate(expected):
            gif.seek(index)
            np.testing.assert_array_equal(np.asarray(gif.convert("RGB")), picture)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: film([], kind="gif", rate=5), "no pictures"),
        (lambda: film(pictures(), kind="avi", rate=5), "“avi” is unknown: choose one of gif, mp4"),
        (lambda: film(pictures(), kind="mp4", rate=0), "0 pictures a second"),
        (lambda: film(pictures(), kind="gif", rate=float("nan")), "pictures a second"),
        (lambda: film([*pictures(1), *pictures(1, (20, 20))], kind="mp4", rate=5), r"shape \(20, 20, 3\)"),
        (lambda: film([np.zeros((4, 4, 3))], kind="gif", rate=5), "float64"),
    ],
)
def test_impossible_films(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
