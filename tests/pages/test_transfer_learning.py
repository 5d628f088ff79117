"""The page Transfer learning by itself: own classes are kept whatever happens, and hostile addresses."""

import base64

import numpy as np
import pytest

from explorer.data import collections
from explorer.data.collections import list_collections
from explorer.live import registry
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import read_address, write_address
from explorer.ui.transfer_learning.decision import Decided
from explorer.ui.transfer_learning.settings import Measured, Taught
from tests.pages.conftest import Screen
from tests.pages.own_classes import opened, png, scribble, two_classes

EXHIBITS = exhibits_of("transfer_learning")


@pytest.fixture(autouse=True)
def no_process_is_left(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))  # no MNIST here: the small digits
    yield
    registry.close_all()


@pytest.fixture
def collection():
    return two_classes()


def counts(screen: Screen) -> dict[str, int]:
    (kept, *_) = list_collections()
    return {facts.name: facts.count for facts in kept.classes()}


def upload(
    screen: Screen, files: list[tuple[str, bytes | None]], drop: int = 1, target: str = "", chosen: int = 0
) -> Screen:
    """What the browser sends of files that somebody chose, in one batch."""
    screen.pick("adding way", "files")
    (kept, *_) = list_collections()
    sent = [{"name": name, "image": data and base64.b64encode(data).decode()} for name, data in files]
    target = target or kept.classes()[0].id
    batch = {"drop": f"17-{drop}", "number": drop, "target": target, "chosen": chosen or len(files), "files": sent}
    screen.trigger("adding files", "batch", batch)
    assert not screen.at.exception, screen.at.exception
    return screen


# ── own classes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_looking_leaves_nothing_on_the_disk():
    screen = opened()
    assert not screen.errors
    assert list_collections() == []
    assert screen.button("Train three students").disabled
    assert "Add two classes first" in screen.at.info[0].value


def test_two_classes_at_a_press_and_the_address_names_them():
    screen = opened()
    screen.button("Begin with “thumbs up” and “thumbs down”").click().run()
    assert counts(screen) == {"thumbs up": 0, "thumbs down": 0}
    assert screen.address["collection"] == list_collections()[0].id
    assert "has no picture" in screen.at.info[0].value


def test_each_batch_of_files_is_taken_in_once(collection):
    screen = opened(collection=collection.id)
    before = counts(screen)
    files = [(f"{i}.png", png(np.full((12, 12), 10 * i, np.uint8))) for i in range(6)]
    upload(screen, [*files, ("bad.png", b"no picture")])
    assert counts(screen) == {**before, "upright": before["upright"] + 6}
    assert any("6 added" in error and "bad" in error for error in screen.errors)
    screen.at.run()
    assert counts(screen)["upright"] == before["upright"] + 6
    assert not screen.errors
    upload(screen, files, drop=2)  # the same again
    assert counts(screen)["upright"] == before["upright"] + 6
    assert "kept once" in screen.words


def test_batches_of_one_drop_are_told_together_and_go_where_they_were_meant(collection):
    screen = opened(collection=collection.id)
    across = collection.classes()[1].id
    files = [(f"{i}.png", png(np.full((12, 12), 10 * i, np.uint8))) for i in range(6)]
    upload(screen, files[:3], target=across)
    upload(screen, [*files[3:], ("large.png", None)], target=across)
    assert counts(screen) == {"upright": 8, "across": 14}
    assert any("6 added to “across”" in error and "“large" in error for error in screen.errors)
    upload(screen, files, drop=2, target="99-0000")  # a class that was removed meanwhile
    assert any("not there any more" in error for error in screen.errors)
    assert counts(screen) == {"upright": 8, "across": 14}


def test_more_than_a_class_holds_is_said_of_all_that_were_chosen(collection, monkeypatch):
    monkeypatch.setattr(collections, "MOST_PICTURES", 10)
    screen = opened(collection=collection.id)
    files = [(f"{i}.png", png(np.full((12, 12), 10 * i, np.uint8))) for i in range(6)]
    upload(screen, files, chosen=5000)
    assert counts(screen) == {"upright": 10, "across": 8}
    assert any("2 of 5,000 pictures were kept" in error for error in screen.errors)
    upload(screen, [], drop=2, chosen=1)
    assert counts(screen) == {"upright": 10, "across": 8}


def test_shots_of_the_webcam_go_to_the_chosen_class(collection):
    screen = opened(collection=collection.id)
    before = counts(screen)
    across = collection.classes()[1]
    pills = next(group for group in screen.at.button_group if group.label == "Add pictures to")
    pills.set_value(across.id).run()
    shots = [base64.b64encode(png(np.full((20, 20, 3), value, np.uint8))).decode() for value in (10, 90)]
    screen.trigger("adding webcam", "shots", {"images": shots})
    assert counts(screen) == {**before, "across": before["across"] + 2}
    screen.trigger("adding webcam", "shots", {"images": ["hostile"]})
    assert counts(screen) == {**before, "across": before["across"] + 2}
    assert "take it again" in screen.errors[0]


def test_a_drawing_is_added_and_the_pad_is_bare_again(collection):
    screen = opened(collection=collection.id)
    screen.pick("adding way", "draw")
    before = counts(screen)
    pixels = np.zeros((112, 112), np.uint8)
    pixels[20:80, 50:60] = 255
    stroke = {"size": 0.1, "erase": False, "points": [0.5, 0.2, 0.5, 0.7]}
    message = {"image": base64.b64encode(pixels.tobytes()).decode(), "side": 112, "strokes": [stroke], "nonce": 0}
    screen.send("adding pad", drawing=message)
    screen.at.button(key="adding drawn").click().run()
    assert counts(screen) == {**before, "upright": before["upright"] + 1}
    screen.at.button(key="adding drawn").click().run()
    assert counts(screen) == {**before, "upright": before["upright"] + 1}


def test_a_removed_class_comes_back_with_its_pictures(collection):
    screen = opened(collection=collection.id)
    upright = collection.classes()[0]
    collection.remove_class(upright.id)
    screen.at.run()
    assert "only one class" in screen.at.info[0].value
    assert screen.button("Train three students").disabled
    screen.at.button(key=f"restore {upright.id}").click().run()
    assert counts(screen) == {"upright": 8, "across": 8}
    assert not screen.button("Train three students").disabled


def test_a_folder_s_pictures_are_taken_and_what_is_none_is_said(collection, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.png").write_bytes(png(np.full((9, 9), 30 * number + 5, np.uint8)))
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    (folder / "bad.jpg").write_bytes(b"no picture")
    screen = opened(collection=collection.id)
    screen.pick("adding way", "folder")

    def add(path: str) -> Screen:
        screen.at.text_input(key="adding path").set_value(path)
        next(button for button in screen.at.button if button.label.startswith("Add its pictures")).click().run()
        return screen

    assert any("“bad" in error for error in add(str(folder)).errors)
    assert counts(screen) == {"upright": 11, "across": 8}
    for path in ("", str(tmp_path / "none"), str(folder / "notes.txt"), "~nobody/x", "\0"):
        assert len(add(path).errors) == 1
    assert counts(screen) == {"upright": 11, "across": 8}


def test_a_class_is_renamed_and_a_picture_removed_and_brought_back(collection):
    screen = opened(collection=collection.id)
    upright = collection.classes()[0]
    screen.at.session_state[f"change {upright.id}"] = True  # the popover is open
    screen.at.run()
    screen.at.text_input(key=f"name {upright.id} upright").set_value("tall")
    next(button for button in screen.at.button if button.label == "Rename").click().run()
    assert counts(screen) == {"tall": 8, "across": 8}
    screen.at.button(key=f"remove {upright.id} {collection.pictures(upright.id)[0].id}").click().run()
    assert counts(screen) == {"tall": 7, "across": 8}
    screen.at.button(key=f"bring back {upright.id}").click().run()
    assert counts(screen) == {"tall": 8, "across": 8}
    assert not screen.errors


def test_an_older_collection_is_chosen_and_a_new_one_begun(collection):
    screen = opened()
    screen.at.session_state["transfer_learning collections"] = True
    screen.at.run()
    screen.at.button(key=f"open {collection.id}").click().run()
    assert screen.address["collection"] == collection.id
    assert "upright" in screen.words
    screen.at.session_state["transfer_learning collections"] = True
    screen.at.run()
    screen.at.button(key="transfer_learning new collection").click().run()
    assert "collection" not in screen.address
    assert len(list_collections()) == 1  # it is made with its first class


def test_names_are_shown_as_they_are_and_twice_the_same_is_refused(collection):
    screen = opened(collection=collection.id)

    def add(name: str) -> None:
        screen.at.text_input(key="transfer_learning new name").set_value(name)
        screen.button("Add class").click().run()

    add("**bold** [a](http://b) :red[x] $y$")
    assert any("\\*\\*bold\\*\\*" in part.value for part in screen.at.markdown)
    add("ACROSS")
    assert len([error for error in screen.errors if "already" in error]) == 1
    assert len(counts(screen)) == 3
    add("third")
    assert not screen.errors  # what was refused before is no longer said


def test_a_refused_first_name_is_forgotten_with_the_first_class():
    screen = opened()
    screen.button("Add class").click().run()
    assert len(screen.errors) == 1
    screen.at.text_input(key="transfer_learning new name").set_value("cup")
    screen.button("Add class").click().run()
    assert not screen.errors


def test_the_same_picture_in_two_classes_is_said(collection):
    twice = scribble(0)
    for facts in collection.classes():
        collection.add_picture(facts.id, twice)
    screen = opened(collection=collection.id)
    assert "nothing can tell them apart" in screen.at.warning[0].value
    assert not screen.button("Train three students").disabled


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        {"exhibit": "Z9"},
        {"source": "../../etc"},
        {"cut": "a b<script>"},
        {"data": "mnist;"},
        {"collection": "../x"},
        {"count": "-3"},
        {"students": "last.last"},
        {"plane": "tsne"},
        {"exhibit": "J1", "study": "../study"},
        {"exhibit": "J2", "own_domain": "cats"},
    ],
)
def test_a_hostile_address_falls_back_with_a_note(address):
    screen = opened(**address)
    assert not screen.errors
    assert "Not everything in the address" in screen.at.warning[0].value


@pytest.mark.parametrize(
    "address",
    [
        {"source": "nothing"},
        {"source": "20261121-110000-lenet5-aaaa:7"},
        {"source": "lenet5", "cut": "output"},
        {"collection": "20261121-110000-aaaa"},
        {"runs": "20261121-110000-lenet5-aaaa"},
        {"runs": "a.b.c.d"},
        {"runs": "../../x"},
        {"exhibit": "J1", "source": "lenet5", "study": "20261121-110000-study-aaaa"},
    ],
)
def test_what_is_gone_is_said_in_one_sentence(address):
    screen = opened(**address)
    said = [*screen.errors, *(warning.value for warning in screen.at.warning)]
    assert len(said) == 1
    assert screen.at.button(key="transfer_learning train")


def test_a_large_network_without_weights_offers_them(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    screen = opened(source="resnet18")
    assert "no trained weights" in screen.at.warning[0].value
    assert any("Download torchvision" in button.label for button in screen.at.button)
    assert screen.button("Train three students").disabled


@pytest.mark.parametrize("name", EXHIBITS)
def test_the_address_comes_back_as_it_went(name):
    exhibit = EXHIBITS[name]
    own = {"collection": "20261121-110000-aaaa", "varied": True}
    full = {
        "source": "a:3",
        "cut": "layer1.0",
        "data": "faces",
        "count": 7,
        "students": ("last",),
        "plane": "cut",
        **own,
    }
    made_by_hand = {
        Taught: Taught(**full),
        Measured: Measured(**full, study="2-a", seeds=7),
        Decided: Decided("drawings"),
    }
    runs = ("2-a", "2-b")
    assert "?" in exhibit.question
    for made in (exhibit.settings, *exhibit.variants.values(), made_by_hand[type(exhibit.settings)]):
        place, problem = read_address(write_address(exhibit, made, 0, runs), EXHIBITS)
        assert (problem, place.settings, place.exhibit, place.runs) == ("", made, name, {name: runs})
