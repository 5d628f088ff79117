"""The user's own classes as a data set, and the form that a network wants its pictures in."""

import dataclasses

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.data import read_files
from explorer.data.collections import new_collection
from explorer.data.datasets import describe_data_set, load_data_set
from explorer.data.read_files import Form
from explorer.errors import ExplorerError
from explorer.models.feeding import DIGITS
from explorer.training.config import TrainConfig
from explorer.training.run import perform
from explorer.training.settings import RunSettings


def plain(level, shape=(40, 40)):
    return np.full(shape, level, np.uint8)


@pytest.fixture
def own():
    """Zebras 0 to 6, then cats 100 to 102: in the order in which they were made, not of their names."""
    collection = new_collection()
    for name, levels in (("zebra", range(7)), ("cat", range(100, 103))):
        collection.add_pictures(collection.add_class(name), [plain(level) for level in levels])
    return collection


def levels(half):
    return half.images[:, 0, 16, 16].tolist()


def test_the_classes_are_the_users_and_every_fifth_is_for_the_test(own):
    data = load_data_set("own", own.folder)
    assert (data.name, data.classes, data.note) == ("own", ("zebra", "cat"), "")
    assert (levels(data.train), levels(data.test)) == ([0, 1, 2, 3, 5, 6, 100, 101], [4, 102])
    assert data.train.labels.tolist() == [0] * 6 + [1] * 2
    for half in (data.train, data.test):
        assert half.images.shape == (len(half), 1, 32, 32)
        assert (half.images.dtype, half.labels.dtype) == (torch.uint8, torch.int64)
        assert half.images.is_contiguous()


def test_more_pictures_leave_the_older_ones_halves(own):
    zebra = own.classes()[0].id
    own.add_pictures(zebra, [plain(level) for level in range(50, 54)])
    data = load_data_set("own", own.folder)
    assert levels(data.test) == [4, 52, 102]  # the fifth and the tenth zebra


def test_facts(own):
    facts = describe_data_set("own", own.folder)
    assert (facts.found, facts.classes, facts.channels) == (True, 2, None)
    own.add_class("horse")  # nothing in it yet
    facts = describe_data_set("own", own.folder)
    assert (facts.found, facts.classes) == (False, 3)


def test_without_a_collection_it_says_what_to_do(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere", None):
        with pytest.raises(ExplorerError, match="no classes of your own here: make some on the page Transfer learning"):
            load_data_set("own", folder)


def test_what_cannot_be_learned_from_says_so(own):
    own.remove_class(own.classes()[0].id)
    with pytest.raises(ExplorerError, match="only one class, “cat”"):
        load_data_set("own", own.folder)


def test_broken_files_are_left_out_and_counted(own):
    zebra = own.classes()[0].id
    first, second, third = own.pictures(zebra)[-3:][::-1]
    first.path.write_bytes(b"")
    second.path.write_bytes(second.path.read_bytes()[:40])
    with third.path.open("wb") as file:
        file.truncate(21 * 2**20)
    data = load_data_set("own", own.folder)
    assert (levels(data.train), levels(data.test)) == ([3, 4, 5, 100, 101], [6, 102])  # of four zebras the last
    assert data.note.startswith("3 files could not be read and were left out: “000001-")
    for cat in own.pictures(own.classes()[1].id):
        cat.path.write_text("no picture")
    with pytest.raises(
        ExplorerError, match="“cat” has no readable picture to learn from: add some, or remove the class"
    ):
        load_data_set("own", own.folder)


def test_what_is_deleted_while_a_run_learns_does_not_break_it(own, tmp_path):
    settings = RunSettings(data="own", config=TrainConfig(epochs=2, batch_size=4, device="cpu", threads=1))
    data = load_data_set("own", own.folder)
    done = []

    def tell(event):
        if not done:
            own.remove_class(own.classes()[0].id)
            own.remove_picture(own.classes()[0].id, own.pictures(own.classes()[0].id)[0].id)
        done.append(event)

    _, outcome = perform(settings, data, folder=tmp_path / "run", tell=tell)
    assert 0 <= outcome.test_accuracy <= 1
    assert done[-1]["state"] == "finished"
    assert own.removed()[0].count == 7


# ── the form a network wants ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=["own", "folder"])
def coloured(request, tmp_path):
    """Two classes of two pictures 40 × 120, red but for a middle square of grey 50 + label: by name and folder."""
    collection = new_collection()
    for label, name in enumerate("ab"):
        identity = collection.add_class(name)
        (tmp_path / "tree" / name).mkdir(parents=True)
        for number in range(2):
            picture = np.zeros((40, 120, 3), np.uint8)
            picture[..., 0] = 200 + number
            picture[:, 40:80] = 50 + label
            collection.add_picture(identity, picture)
            Image.fromarray(picture).save(tmp_path / "tree" / name / f"{number}.png")
    return request.param, {"own": collection.folder, "folder": tmp_path / "tree"}[request.param]


def test_the_side_is_as_asked(coloured):
    name, folder = coloured
    data = load_data_set(name, folder, side=64)
    assert data.train.images.shape == data.test.images.shape == (2, 1, 64, 64)  # the squares are all grey
    assert data.train.images.reshape(2, -1).unique(dim=1).tolist() == [[50], [51]]


@pytest.mark.parametrize("channels", [1, 3])
def test_the_channels_are_as_asked(coloured, channels):
    name, folder = coloured
    data = load_data_set(name, folder, channels=channels)
    assert data.train.images.shape == (2, channels, 32, 32)
    assert data.train.images[1].unique().tolist() == [51]


def left_edge(pixels):
    """The picture's first column, as it is, all over 16 × 16."""
    return np.broadcast_to(pixels[0, 0], (16, 16, 3)).copy()


def test_the_arrangement_is_as_given(coloured):
    name, folder = coloured
    red = load_data_set(name, folder, side=16, arrange=left_edge)
    assert red.train.images.shape == (2, 3, 16, 16)
    assert red.train.images[0, :, 3, 3].tolist() == [200, 0, 0]
    grey = load_data_set(name, folder, side=16, arrange=left_edge, channels=1)
    assert grey.train.images.unique().tolist() == [60]  # 0.299 · 200 = 59.8


def test_a_drawing_looks_as_mnists_do():
    collection = new_collection()
    for name, row in (("above", 10), ("below", 150)):
        identity = collection.add_class(name)
        for column in (20, 60):
            pad = np.zeros((200, 200), np.uint8)
            pad[row : row + 40, column : column + 10] = 255
            collection.add_picture(identity, pad)
        collection.add_picture(identity, plain(0))  # an empty pad: nothing of a digit in it
    arranged = load_data_set("own", collection.folder, arrange=lambda pixels: DIGITS.arrange(pixels).image)
    assert arranged.train.images.shape == (2, 1, 32, 32)
    for image in arranged.train.images[:, 0]:  # 40 × 10 in a box of 20 × 5, whose mass lies in the middle
        rows, columns = torch.nonzero(image > 127, as_tuple=True)
        assert (len(rows.unique()), len(columns.unique())) == (20, 5)
        assert abs(rows.float().mean() - 15.5) <= 0.5
    assert arranged.note.startswith("2 files could not be read")


def test_other_sets_stay_as_they_are():
    data = load_data_set("digits", side=64, channels=3, arrange=left_edge)
    assert data.train.images.shape[1:] == (1, 32, 32)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"side": 7}, "Side of the pictures is 7: choose a whole number from 8 to 512"),
        ({"side": 513}, "from 8 to 512"),
        ({"side": 32.5}, "from 8 to 512"),
        ({"channels": 2}, "2 channels: choose 1"),
    ],
)
def test_a_form_that_cannot_be(own, form, sentence):
    with pytest.raises(ExplorerError, match=sentence):
        load_data_set("own", own.folder, **form)


def test_too_many_pixels_are_a_sentence_before_any_is_read(own, monkeypatch):
    monkeypatch.setattr(read_files, "MOST_VALUES", 10 * 64 * 64 * 3)
    assert len(load_data_set("own", own.folder, side=64).train) == 8
    monkeypatch.setattr(read_files, "decode", None)
    with pytest.raises(ExplorerError, match="10 pictures of 65×65 pixels do not fit into memory"):
        load_data_set("own", own.folder, side=65)


def test_a_form_is_a_value():
    assert Form() == Form(32, None, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        Form().side = 5
