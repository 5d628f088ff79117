"""A folder of one's own pictures: what is read of it, what is held out, and every way in which it may be wrong."""

import os

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.data import folder_set, read_files
from explorer.data.datasets import describe_data_set, load_data_set
from explorer.errors import ExplorerError


def write(path, value, *, side=32, mode="L"):
    """A plain picture of one grey level, or of (value, 0, 255 − value)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    colour = value if mode == "L" else (value, 0, 255 - value)
    Image.new(mode, (side, side), colour).save(path)


@pytest.fixture
def cats_and_dogs(tmp_path):
    """Twelve cats, grey levels 0 to 11; three dogs, 100 to 102."""
    for i in range(12):
        write(tmp_path / "cat" / f"{i:02}.png", i)
    for i in range(3):
        write(tmp_path / "dog" / f"{i:02}.png", 100 + i)
    return tmp_path


def levels(half):
    return half.images[:, 0, 16, 16].tolist()


def test_every_fifth_is_held_out(cats_and_dogs):
    data = load_data_set("folder", cats_and_dogs)
    assert (data.name, data.classes, data.note) == ("folder", ("cat", "dog"), "")
    assert levels(data.test) == [4, 9, 102]  # the fifth and tenth cat; of three dogs the last
    assert levels(data.train) == [0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 100, 101]
    assert data.train.labels.tolist() == [0] * 10 + [1] * 2
    assert data.test.labels.tolist() == [0, 0, 1]
    for half in (data.train, data.test):
        assert half.images.shape == (len(half), 1, 32, 32)
        assert (half.images.dtype, half.labels.dtype) == (torch.uint8, torch.int64)
        assert half.images.is_contiguous()


def test_train_and_test_folders_are_taken_as_they_are(tmp_path):
    for i, name in enumerate(("cat", "dog")):
        write(tmp_path / "train" / name / "a.png", 10 + i)
        write(tmp_path / "test" / name / "a.png", 20 + i)
    data = load_data_set("folder", tmp_path)
    assert (levels(data.train), levels(data.test)) == ([10, 11], [20, 21])
    assert describe_data_set("folder", tmp_path).classes == 2


def test_a_train_folder_alone_is_split(cats_and_dogs, tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    cats_and_dogs.rename(root / "train")
    assert levels(load_data_set("folder", root).test) == [4, 9, 102]


def test_one_colour_picture_makes_three_channels(cats_and_dogs):
    write(cats_and_dogs / "dog" / "03.png", 50, mode="RGB")
    data = load_data_set("folder", cats_and_dogs)
    assert data.test.images.shape == (3, 3, 32, 32)
    assert data.test.images[-1, :, 5, 5].tolist() == [50, 0, 205]
    assert data.train.images[0].unique().tolist() == [0]


def test_grey_pictures_stored_in_colour_are_grey(tmp_path):
    for name, value in (("a", 7), ("b", 9)):
        for i in range(2):
            path = tmp_path / name / f"{i}.png"
            path.parent.mkdir(exist_ok=True)
            Image.new("RGB", (40, 40), (value,) * 3).save(path)
    assert load_data_set("folder", tmp_path).train.images.shape == (2, 1, 32, 32)


def test_the_centred_square_is_taken(tmp_path):
    wide = np.zeros((40, 120), np.uint8)
    wide[:, 40:80] = 200
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for i in range(2):
            Image.fromarray(wide).save(tmp_path / name / f"{i}.png")
    assert load_data_set("folder", tmp_path).train.images.unique().tolist() == [200]


def test_files_that_cannot_be_read_are_left_out_and_named(cats_and_dogs):
    bad = cats_and_dogs / "cat"
    (bad / "00a.png").write_text("no picture")
    (bad / "00b.jpg").write_bytes(b"")
    (bad / "00c.png").write_bytes((bad / "00.png").read_bytes()[:45])
    (bad / "00d.png").mkdir()
    (bad / "00e.gif").symlink_to(bad / "nowhere")
    (bad / "notes.txt").write_text("not even called a picture")
    (bad / ".hidden.png").write_text("nor looked at")
    data = load_data_set("folder", cats_and_dogs)
    assert levels(data.test) == [4, 9, 102]  # counted among those that can be read
    assert len(data.train) == 12
    assert data.note == "5 files could not be read and were left out: “00a.png”, “00b.jpg”, “00c.png” and others."


def test_a_file_of_too_many_bytes_or_pixels_is_not_decoded(cats_and_dogs, monkeypatch):
    write(cats_and_dogs / "dog" / "03.png", 50, side=6400)  # 41 million pixels
    with (cats_and_dogs / "dog" / "04.png").open("wb") as file:
        file.truncate(21 * 2**20)
    data = load_data_set("folder", cats_and_dogs)
    assert levels(data.test) == [4, 9, 102]
    assert data.note.startswith("2 files could not be read")


def test_a_pipe_does_not_hold_it_up(cats_and_dogs):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes on this system")
    os.mkfifo(cats_and_dogs / "dog" / "03.png")
    assert load_data_set("folder", cats_and_dogs).note == "1 file could not be read and was left out: “03.png”."


def only_cats(folder):
    write(folder / "cat" / "a.png", 1)


def nothing_readable(folder):
    only_cats(folder)
    (folder / "dog").mkdir()
    (folder / "dog" / "a.png").write_text("no picture")


def one_each(folder):
    only_cats(folder)
    write(folder / "dog" / "a.png", 1)


def strange_test_class(folder):
    for name in ("cat", "dog"):
        write(folder / "train" / name / "a.png", 1)
    write(folder / "test" / "horse" / "a.png", 1)


def empty_test(folder):
    strange_test_class(folder)
    (folder / "test" / "horse" / "a.png").unlink()


WRONG = {
    "empty": (lambda folder: None, "0 sub-folders with pictures.*at least 2"),
    "one class": (only_cats, "1 sub-folders with pictures.*at least 2"),
    "pictures without classes": (lambda folder: write(folder / "a.png", 1), "0 sub-folders with pictures"),
    "nothing readable": (nothing_readable, "“dog” has no readable picture"),
    "nothing to test with": (one_each, "left to test with: give each class at least two"),
    "a class to test only": (strange_test_class, "“horse” and none to learn from"),
    "an empty test folder": (empty_test, "left to test with"),
}


@pytest.mark.parametrize(("make", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_folder_is_a_sentence(tmp_path, make, sentence):
    make(tmp_path)
    with pytest.raises(ExplorerError, match=sentence):
        load_data_set("folder", tmp_path)


def test_no_folder_is_a_sentence(tmp_path):
    with pytest.raises(ExplorerError, match="No readable copy of folder"):
        load_data_set("folder", tmp_path / "nowhere")


def test_too_many_are_a_sentence(cats_and_dogs, monkeypatch):
    monkeypatch.setattr(folder_set, "MOST_PICTURES", 14)
    with pytest.raises(ExplorerError, match="more than 14 pictures"):
        load_data_set("folder", cats_and_dogs)
    monkeypatch.setattr(folder_set, "MOST_PICTURES", 15)
    assert len(load_data_set("folder", cats_and_dogs).train) == 12
    write(cats_and_dogs / "horse" / "a.png", 1)
    monkeypatch.setattr(folder_set, "MOST_PICTURES", 100)
    monkeypatch.setattr(folder_set, "MOST_CLASSES", 2)
    with pytest.raises(ExplorerError, match="more than 2 classes"):
        load_data_set("folder", cats_and_dogs)


def test_facts_count_the_classes_and_read_no_picture(cats_and_dogs, monkeypatch):
    monkeypatch.setattr(read_files, "decode", None)
    facts = describe_data_set("folder", cats_and_dogs)
    assert (facts.found, facts.classes, facts.channels, facts.download_bytes) == (True, 2, None, None)
    (cats_and_dogs / "empty").mkdir()
    assert describe_data_set("folder", cats_and_dogs).classes == 2


def test_names_are_fit_to_be_shown(tmp_path):
    for name in ("a\nb", "x" * 60):
        for i in range(2):
            write(tmp_path / name / f"{i}.png", 1)
    assert load_data_set("folder", tmp_path).classes == ("ab", "x" * 40)
