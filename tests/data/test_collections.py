"""The user's own classes on the disk: what is kept, what is moved aside and brought back, and every way it may be wrong."""

import json
import os

import numpy as np
import pytest
from PIL import Image

from explorer.data import collections
from explorer.data.collections import Added, ClassFacts, list_collections, new_collection, open_collection
from explorer.errors import ExplorerError


def plain(level, shape=(40, 40)):
    return np.full(shape, level, np.uint8)


@pytest.fixture
def own():
    return new_collection()


@pytest.fixture
def cats(own):
    """The collection, and a class of three pictures."""
    identity = own.add_class("cat")
    own.add_pictures(identity, [plain(level) for level in (1, 2, 3)])
    return own, identity


def names(facts):
    return [(each.name, each.count) for each in facts]


def test_where_collections_are_kept(monkeypatch, tmp_path):
    monkeypatch.delenv("EXPLORER_COLLECTIONS")
    assert str(collections.collections_root()) == "collections"
    monkeypatch.setenv("EXPLORER_COLLECTIONS", str(tmp_path / "here"))
    assert new_collection().folder.parent == tmp_path / "here"


def test_collections_are_listed_newest_first_and_opened(monkeypatch):
    assert list_collections() == []
    root = collections.collections_root()
    wanted = ["20261121-143005-0002", "20261120-143005-00ff", "20251231-235959-abcd"]
    for name in (*reversed(wanted), "notes", "20261121-143005-000G"):
        (root / name).mkdir(parents=True)
    (root / "20261121-143005-0003").symlink_to(root / wanted[0])
    (root / "20261121-143005-0004").write_text("a file")
    assert [each.id for each in list_collections()] == wanted
    assert open_collection(wanted[1]).folder == root / wanted[1]
    assert new_collection() in list_collections()


@pytest.mark.parametrize(
    "identity", ["", "..", "../20261121-143005-0002", "20261121-143005-0002/..", "20261121-143005-0002\n", None, 5]
)
def test_a_bad_collection_is_a_sentence_before_any_path(identity, monkeypatch):
    monkeypatch.setattr(collections, "collections_root", None)
    with pytest.raises(ExplorerError, match="no collection's name"):
        open_collection(identity)


def test_a_collection_that_is_gone_is_a_sentence():
    with pytest.raises(ExplorerError, match="is not there"):
        open_collection("20261121-143005-0002")


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_classes_keep_their_order(own):
    for name in ("zebra", " cat ", "dog"):
        own.add_class(name)
    assert names(own.classes()) == [("zebra", 0), ("cat", 0), ("dog", 0)]
    own.remove_class(own.classes()[0].id)
    own.add_class("ant")  # after a removal the numbers go on
    assert names(own.classes()) == [("cat", 0), ("dog", 0), ("ant", 0)]


def test_more_than_99_classes_stay_in_order(own, monkeypatch):
    for number in range(99):
        (own.folder / f"{number + 1:02}-0000").mkdir(parents=True)
    monkeypatch.setattr(collections, "MOST_CLASSES", 200)
    own.add_class("the hundredth")
    assert own.classes()[-1].name == "the hundredth"


def test_rename(cats):
    own, cat = cats
    own.add_class("dog")
    own.rename_class(cat, "CAT")  # its own name does not stand in its way
    assert names(own.classes()) == [("CAT", 3), ("dog", 0)]
    with pytest.raises(ExplorerError, match="“Dog” already"):
        own.rename_class(cat, "Dog")
    assert names(own.classes())[0] == ("CAT", 3)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "needs a name"),
        ("  \n", "needs a name"),
        (None, "needs a name"),
        ("a\nb", "cannot be shown"),
        ("a\x00", "cannot be shown"),
        ("x" * 41, "has 41 characters: use at most 40"),
        ("CAT", "“CAT” already"),
        (" cat", "“cat” already"),
        ("ｃａｔ", "already"),  # the same letters, full width
    ],
)
def test_names_that_will_not_do(cats, name, sentence):
    own, _ = cats
    with pytest.raises(ExplorerError, match=sentence):
        own.add_class(name)
    assert names(own.classes()) == [("cat", 3)]


def test_any_other_name_does(own):
    for name in ("x" * 40, "../../etc", "<b>", "🐈", "CON", "ß"):
        own.add_class(name)
        assert own.classes()[-1].name == name


def test_fifty_classes_are_enough(own, monkeypatch):
    monkeypatch.setattr(collections, "MOST_CLASSES", 2)
    first, _ = own.add_class("a"), own.add_class("b")
    with pytest.raises(ExplorerError, match="There are 2 classes, as many as a collection holds"):
        own.add_class("c")
    own.remove_class(first)
    own.add_class("c")
    with pytest.raises(ExplorerError, match="as many as a collection holds"):
        own.restore_class(first)
    assert names(own.removed()) == [("a", 0)]


def test_a_class_is_moved_aside_and_brought_back(cats):
    own, cat = cats
    own.add_class("dog")
    before = [path.path.read_bytes() for path in own.pictures(cat)]
    own.remove_class(cat)
    assert (names(own.classes()), names(own.removed())) == ([("dog", 0)], [("cat", 3)])
    own.restore_class(cat)
    assert (names(own.classes()), own.removed()) == ([("cat", 3), ("dog", 0)], ())
    assert [path.path.read_bytes() for path in own.pictures(cat)] == before


def test_a_class_whose_name_is_taken_stays_aside(cats):
    own, cat = cats
    own.remove_class(cat)
    other = own.add_class("Cat")
    with pytest.raises(ExplorerError, match="“cat” already"):
        own.restore_class(cat)
    own.rename_class(other, "lion")
    own.restore_class(cat)
    assert names(own.classes()) == [("cat", 3), ("lion", 0)]


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def stored(own, identity):
    return [np.asarray(Image.open(facts.path)) for facts in own.pictures(identity)]


def test_pictures_are_newest_first(cats):
    own, cat = cats
    assert [picture[0, 0] for picture in stored(own, cat)] == [3, 2, 1]
    assert [facts.id for facts in own.pictures(cat, most=2)] == [facts.id for facts in own.pictures(cat)][:2]
    assert own.pictures(cat, most=0) == ()


def test_a_picture_is_kept_as_it_is_or_shrunk(own):
    cat = own.add_class("cat")
    random = np.random.default_rng(0)
    small = random.integers(0, 256, (30, 50, 3), dtype=np.uint8)
    own.add_picture(cat, small)
    np.testing.assert_array_equal(stored(own, cat)[0], small)
    halves = np.repeat(np.repeat(random.integers(0, 256, (256, 100), dtype=np.uint8), 2, 0), 2, 1)
    own.add_picture(cat, halves)  # 512 × 200: each new pixel is the mean of four that are the same
    np.testing.assert_array_equal(stored(own, cat)[0], halves[::2, ::2])
    own.add_picture(cat, np.repeat(plain(9)[..., None], 3, 2))  # grey stored in colour
    assert stored(own, cat)[0].shape == (40, 40)
    own.add_picture(cat, plain(1, (4, 4000)))  # of a line the middle
    assert stored(own, cat)[0].shape == (4, 32)


def test_the_same_picture_is_kept_once(cats):
    own, cat = cats
    first = own.pictures(cat)[-1].id
    assert own.add_picture(cat, plain(1)) == first
    assert own.add_pictures(cat, [plain(1), plain(4), plain(4)]) == Added(1, 2, 0)
    assert own.classes() == (ClassFacts(cat, "cat", 4),)
    assert own.add_picture(own.add_class("dog"), plain(1))
    assert names(own.classes()) == [("cat", 4), ("dog", 1)]
    assert own.add_picture(cat, plain(1, (20, 80))) != first  # the same bytes in another shape


@pytest.mark.parametrize(
    "pixels",
    [plain(1, (3, 40)), plain(1, (0, 4)), np.ones((40, 40)), np.zeros((40, 40, 4), np.uint8), np.uint8(3), None],
)
def test_what_is_no_picture_is_a_sentence(cats, pixels):
    own, cat = cats
    with pytest.raises(ExplorerError, match=r"too small|not a picture"):
        own.add_picture(cat, pixels)
    assert names(own.classes()) == [("cat", 3)]


def test_five_thousand_uploads(cats, monkeypatch):
    own, cat = cats
    monkeypatch.setattr(collections, "MOST_PICTURES", 20)
    monkeypatch.setattr(collections, "AT_ONCE", 7)
    many = [plain(level % 10, (8, 8 + level // 10)) for level in range(50)]
    added = own.add_pictures(cat, (each for each in [plain(1), *many]))
    assert added == Added(kept=17, doubled=1, refused=33)
    assert added.message.startswith("17 of 51 pictures were kept: a class holds at most 20")
    assert names(own.classes()) == [("cat", 20)]
    with pytest.raises(ExplorerError, match="“cat” has 20 pictures"):
        own.add_picture(cat, plain(200))
    assert own.add_picture(cat, plain(2)) == own.pictures(cat)[-2].id  # it is there already
    assert Added(3, 0, 0).message == ""
    assert Added(3, 1, 0).message == "1 picture was in the class already and kept once."


def test_a_picture_is_moved_aside_and_brought_back(cats):
    own, cat = cats
    newest = own.pictures(cat)[0]
    content = newest.path.read_bytes()
    own.remove_picture(cat, newest.id)
    assert names(own.classes()) == [("cat", 2)]
    assert [facts.id for facts in own.removed_pictures(cat)] == [newest.id]
    own.restore_picture(cat, newest.id)
    assert (own.pictures(cat)[0], own.removed_pictures(cat)) == (newest, ())
    assert newest.path.read_bytes() == content


def test_a_picture_that_came_again_stays_aside(cats):
    own, cat = cats
    newest = own.pictures(cat)[0].id
    own.remove_picture(cat, newest)
    again = own.add_picture(cat, plain(3))
    assert again > newest  # numbers rise: no file of the past is written over
    own.restore_picture(cat, newest)
    assert names(own.classes()) == [("cat", 3)]
    assert [facts.id for facts in own.removed_pictures(cat)] == [newest]


BAD = ["", "..", "../01-0000", "01-0000/..", "01-000", "/etc", None, 1, "01-0000\n", "000001-0123456789abcdef/../x"]


@pytest.mark.parametrize("identity", BAD)
def test_bad_ids_are_sentences_and_touch_nothing(cats, identity):
    own, cat = cats
    before = sorted(own.folder.rglob("*"))
    for call in (
        own.remove_class,
        own.restore_class,
        own.pictures,
        own.removed_pictures,
        lambda bad: own.rename_class(bad, "x"),
        lambda bad: own.add_picture(bad, plain(9)),
        lambda bad: own.add_pictures(bad, [plain(9)]),
        lambda bad: own.remove_picture(cat, bad),
        lambda bad: own.restore_picture(cat, bad),
    ):
        with pytest.raises(ExplorerError, match="is no "):
            call(identity)
    assert sorted(own.folder.rglob("*")) == before


def test_what_is_gone_is_a_sentence(cats):
    own, cat = cats
    for call in (own.pictures, own.remove_class, lambda gone: own.add_picture(gone, plain(1))):
        with pytest.raises(ExplorerError, match="not there any more"):
            call("77-abcd")
    with pytest.raises(ExplorerError, match="not there any more"):
        own.remove_picture(cat, "000001-0123456789abcdef")


# ── whole writes, full disks, strangers' files ───────────────────────────────────────────────────────────────────────


def test_a_write_that_breaks_off_leaves_nothing_half(cats, monkeypatch):
    own, cat = cats
    files = sorted(own.folder.rglob("*"))

    def full(image, path, *args, **kwargs):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(ExplorerError, match="No space left on device"):
        own.add_picture(cat, plain(9))
    assert sorted(own.folder.rglob("*")) == files


def test_a_folder_that_refuses_is_a_sentence(own):
    own.folder.rmdir()
    own.folder.write_text("in the way")
    with pytest.raises(ExplorerError, match="could not be written"):
        own.add_class("cat")
    assert own.classes() == own.removed() == ()


@pytest.mark.parametrize(
    "about",
    ["", "{", "[]", "5", '{"name": 5}', '{"name": ""}', '{"n": 1}', "[" * 5000, '"\\ud800"', "\x00" * 10_000],
)
def test_a_damaged_name_is_the_classs_id(cats, about):
    own, cat = cats
    (own.folder / cat / "class.json").write_text(about)
    assert names(own.classes()) == [(cat, 3)]
    own.rename_class(cat, "cat")
    assert names(own.classes()) == [("cat", 3)]


def test_a_strangers_name_is_made_fit_to_be_shown(cats):
    own, cat = cats
    (own.folder / cat / "class.json").write_text(json.dumps({"name": " a\nb\u202e" + "x" * 99}))
    assert own.classes()[0].name == "ab" + "x" * 38


def test_strangers_files_are_not_looked_at(cats, tmp_path):
    own, cat = cats
    folder, elsewhere = own.folder / cat, tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.png").write_bytes(own.pictures(cat)[0].path.read_bytes())
    (folder / "000009-0123456789abcdef.png").symlink_to(elsewhere / "secret.png")
    (folder / "000008-0123456789abcdef.png").mkdir()
    (folder / "photo.png").write_bytes(b"")
    (folder / ".000001-0123456789abcdef.png.part").write_bytes(b"half")
    (own.folder / "02-beef").symlink_to(elsewhere)
    (own.folder / "03-beef").write_text("a file")
    (own.folder / "notes").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "000007-0123456789abcdef.png")
        (own.folder / "04-beef").mkdir()
        os.mkfifo(own.folder / "04-beef" / "class.json")
        assert names(own.classes()) == [("cat", 3), ("04-beef", 0)]
        own.remove_class("04-beef")
    assert names(own.classes()) == [("cat", 3)]
    assert len(own.pictures(cat)) == 3
    for call in (own.pictures, own.remove_class):
        with pytest.raises(ExplorerError, match="not there any more"):
            call("02-beef")
    with pytest.raises(ExplorerError, match="not there any more"):
        own.remove_picture(cat, "000009-0123456789abcdef")
    assert (elsewhere / "secret.png").exists()


# ── what it is good for ──────────────────────────────────────────────────────────────────────────────────────────────


def filled(own, **counts):
    """Classes with so many pictures each, all of them different."""
    level = 0
    for name, count in counts.items():
        identity = own.add_class(name)
        own.add_pictures(identity, [plain(level + i) for i in range(count)])
        level += count
    return own


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "There is no class yet: add two"),
        ({"cat": 5}, "only one class, “cat”: add a second"),
        ({"cat": 5, "dog": 0}, "“dog” has no picture: add some, or remove the class."),
        ({"cat": 1, "dog": 0}, "“dog” has no picture"),
        ({"cat": 1, "dog": 5}, "“cat” has only one picture: add another"),
        ({"cat": 2, "dog": 2}, ""),
    ],
)
def test_problems(own, counts, sentence):
    problem = filled(own, **counts).problem()
    assert problem.startswith(sentence) if sentence.startswith("There") or not sentence else sentence in problem
    assert bool(problem) == bool(sentence)


def test_warnings(own):
    filled(own, cat=5, dog=5, cow=5)
    assert own.warning() == ""
    cat, dog, cow = (facts.id for facts in own.classes())
    own.add_picture(dog, plain(0))  # the first cat
    assert own.warning() == (
        "1 picture is in both “cat” and “dog”: nothing can tell them apart, so remove it from one."
    )
    own.add_pictures(cow, [plain(5), plain(6)])  # two dogs
    assert own.warning().startswith("2 pictures are in both “dog” and “cow”, as are others elsewhere: ")
    own.remove_class(dog)
    own.remove_picture(cat, own.pictures(cat)[0].id)
    assert own.warning() == "“cat” has only 4 pictures: with ten or more the result says more."
