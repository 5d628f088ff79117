"""Scanning by names: pictures from sets and folders, resuming, the process that does it, the patches cut out."""

import io
import os
import signal

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.errors import ExplorerError
from explorer.live import registry
from explorer.live import scans as scan_jobs
from explorer.models.own import own_spec
from explorer.models.registry import MODELS, find
from explorer.probe.patches_file import take_shipped
from explorer.scan.pictures import open_pictures, picture_files
from explorer.scan.scan import Scan, Wish
from explorer.scan.sheet import boxes_of, cut, framed, sheet_png, tile_size

DIGITS = Wish("lenet5", "digits", limit=60, batch_size=7)


@pytest.fixture
def folder(tmp_path):
    """Five pictures of different sizes, one of them in a sub-folder, and two files that are none."""
    inside = tmp_path / "pictures"
    (inside / "deeper").mkdir(parents=True)
    numbers = np.random.default_rng(0)
    for name, size in (
        ("a.png", (40, 30)),
        ("b.jpg", (31, 64)),
        ("c.bmp", (5, 5)),
        ("deeper/d.png", (200, 90)),
        ("e.gif", (8, 8)),
    ):
        Image.fromarray(numbers.integers(0, 255, (*size[::-1], 3), np.uint8)).save(inside / name)
    (inside / "bad.png").write_bytes(b"no picture")
    (inside / "note.txt").write_text("nor this")
    (inside / "link.png").symlink_to(inside / "nowhere.png")
    return inside


def finished(wish):
    scan = Scan(wish)
    assert list(scan.run())[-1].done
    return scan


def same(one, other):
    return all(
        np.array_equal(getattr(getattr(a, end), name), getattr(getattr(b, end), name), equal_nan=True)
        for a, b in zip(one.found.layers, other.found.layers, strict=True)
        for end in ("best", "least")
        for name in ("scores", "pictures", "rows", "columns")
    )


def test_a_scan_is_kept_and_found_again():
    scan = finished(DIGITS)
    assert scan.version
    again = Scan(DIGITS)
    assert next(again.run()).done
    assert same(scan, again)


def test_stopped_and_gone_on_with_is_the_same(monkeypatch, tmp_path):
    whole = finished(DIGITS)
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "elsewhere"))
    for _ in range(4):
        running = Scan(DIGITS).run()
        next(running), next(running)
        running.close()  # as when it is stopped
    part = Scan(DIGITS)
    assert part.state.seen == 28
    assert same(finished(DIGITS), whole)


def test_scores_are_the_network_s_own():
    scan = finished(DIGITS)
    layer = scan.found.layer("c3")
    inputs, _ = scan.pictures.read(layer.best.pictures[5].tolist())
    maps = torch.nn.Sequential(*list(scan.network.children())[:4])(inputs)[:, 5]
    places = range(9), layer.best.rows[5], layer.best.columns[5]
    np.testing.assert_allclose(maps[places].numpy(), layer.best.scores[5], rtol=1e-5)


def test_another_k_or_number_of_pictures_is_another_scan():
    finished(DIGITS)
    assert Scan(Wish("lenet5", "digits", limit=61)).state.seen == 0
    assert Scan(Wish("lenet5", "digits", limit=60, k=3)).state.seen == 0


@pytest.mark.parametrize("network", ["lenet5", "colour"])
@pytest.mark.parametrize("data", ["digits", "shapes", "corner"])
def test_every_offline_set_fits_every_small_network(network, data):
    feeding = find(network).feeding
    batch = next(open_pictures(data, None, feeding, 5).batches(3))
    assert batch.inputs.shape == (3, feeding.channels, 32, 32)
    assert (list(batch.pictures), batch.end) == ([0, 1, 2], 3)


def test_a_set_for_a_large_network_is_enlarged():
    batch = next(open_pictures("digits", None, find("resnet18").feeding, 2).batches(2))
    assert batch.inputs.shape == (2, 3, 224, 224)


def test_a_folder_s_files(folder):
    assert [path.name for path, _, _ in picture_files(folder)] == [
        "a.png",
        "b.jpg",
        "bad.png",
        "c.bmp",
        "d.png",
        "e.gif",
    ]
    pictures = open_pictures("folder", folder, find("colour").feeding)
    read = list(pictures.batches(4))
    assert [list(batch.pictures) for batch in read] == [[0, 1, 3], [4, 5]]
    assert [batch.end for batch in read] == [4, 6]
    assert sorted(pictures.look([0, 2, 5])) == [0, 5]
    assert pictures.name(4) == "d.png"


def test_unreadable_files_are_counted(folder):
    scan = finished(Wish("colour", "folder", str(folder), k=2))
    assert (scan.found.seen, scan.found.skipped) == (6, 1)
    assert 2 not in scan.found.layers[0].best.pictures


def test_a_changed_file_makes_another_set(folder):
    feeding = find("colour").feeding
    before = open_pictures("folder", folder, feeding).identity
    assert open_pictures("folder", folder, feeding).identity == before
    os.utime(folder / "a.png", ns=(1, 1))
    assert open_pictures("folder", folder, feeding).identity != before


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("nothing", "digits"), "no network"),
        (Wish("lenet5", "nothing"), "no data set"),
        (Wish("lenet5", "folder", "/nowhere/at/all"), "no folder"),
        (Wish("lenet5", "digits", limit=0), "choose 1 or more"),
        (Wish("lenet5", "digits", k=0), "choose 1 to 100"),
        (Wish("lenet5", "digits", batch_size=0), "choose 1 to 4,096"),
    ],
    ids=str,
)
def test_impossible_wishes(wish, said):
    with pytest.raises(ExplorerError, match=said):
        Scan(wish)


def test_an_empty_folder(tmp_path):
    with pytest.raises(ExplorerError, match="has no pictures"):
        Scan(Wish("lenet5", "folder", str(tmp_path)))


# ── patches cut out ──────────────────────────────────────────────────────────────────────────────────────────


def test_lenets_fields_are_the_tiles():
    scan = finished(DIGITS)
    assert [tile_size(scan, name) for name in ("c1", "c3", "c5")] == [(5, 5), (14, 14), (32, 32)]
    best = scan.found.layer("c3").best
    row, column = int(best.rows[2, 0]), int(best.columns[2, 0])
    box, frame = boxes_of(scan, "c3", best, 2, 0)
    assert box == frame == (2 * row, 2 * column, 2 * row + 14, 2 * column + 14)
    made = cut(scan, "c3", [2, 7])
    assert made.tiles.shape == (2, 9, 14, 14, 4)
    whole = scan.pictures.look([int(best.pictures[2, 0])])[int(best.pictures[2, 0])]
    assert np.array_equal(made.tiles[0, 0, ..., 0], whole[box[0] : box[2], box[1] : box[3]])
    assert (made.tiles[..., 3] == 255).all()


def test_beyond_the_border_a_tile_is_transparent():
    scan = finished(Wish("colour", "shapes", limit=30))
    for layer in scan.found.layers:
        made = cut(scan, layer.name, range(layer.channels))
        for line, boxes in zip(made.tiles, made.boxes, strict=True):
            for tile, (top, left, bottom, right) in zip(line, boxes, strict=True):
                assert (tile[..., 3] > 0).sum() == (bottom - top) * (right - left)


def test_the_box_on_the_whole_picture():
    large = framed(np.zeros((32, 32), np.uint8), (4, 6, 9, 11), 320)
    assert large.shape == (320, 320, 3)
    red = (large == (255, 75, 75)).all(axis=2)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (40, 89, 60, 109)


def test_a_sheet_has_a_line_for_each_channel():
    scan = finished(DIGITS)
    sheet = Image.open(io.BytesIO(sheet_png(cut(scan, "c1", range(6)))))
    assert sheet.size == (9 * 32 - 2, 6 * 32 - 2)  # 5 pixels enlarged six times, and two between
    with pytest.raises(ExplorerError, match="choose 0 to 5"):
        cut(scan, "c1", [6])


# ── the process ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_process_scans_and_the_result_is_found():
    wish = Wish("lenet5", "digits", limit=50)
    job = scan_jobs.start(wish)
    assert job.wait(120)
    assert (job.told.state, job.told.seen, job.told.count) == ("finished", 50, 50)
    assert Scan(wish).state.seen == 50
    assert scan_jobs.find_job(wish) is job


def test_a_process_is_stopped_and_what_it_found_is_kept():
    wish = Wish("lenet5", "shapes", batch_size=1)
    job = scan_jobs.start(wish)
    assert scan_jobs.start(wish) is job
    while job.live and not job.told.seen:
        job.wait(0.05)
    job.stop()
    assert job.wait(60)
    assert job.told.state == "stopped"
    scan = Scan(wish)
    assert 0 < scan.state.seen < scan.pictures.count


def test_a_process_that_fails_says_why(tmp_path):
    job = scan_jobs.start(Wish("lenet5", "folder", str(tmp_path)))
    assert job.wait(120)
    assert job.told.state == "failed"
    assert "has no pictures" in job.told.message


def test_a_user_s_own_network_is_known_to_the_process(tmp_path, monkeypatch):
    (tmp_path / "made_for_scan.py").write_text(
        "from torch import nn\ndef factory():\n    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(392, 2))\n"
    )
    monkeypatch.chdir(tmp_path)
    target = "made_for_scan:factory"
    monkeypatch.setitem(MODELS, target, own_spec(target, (1, 16, 16)))
    job = scan_jobs.start(Wish(target, "digits", limit=5))
    assert job.wait(120)
    assert (job.told.state, job.told.message, job.told.seen) == ("finished", "", 5)


def test_a_killed_process_is_reported():
    job = scan_jobs.start(Wish("lenet5", "shapes", batch_size=2))
    os.kill(job._process.pid, signal.SIGKILL)
    assert job.wait(60)
    assert job.told.state == "failed"
    assert "ended without a word" in job.told.message


def test_the_server_s_end_is_theirs():
    job = scan_jobs.start(Wish("lenet5", "shapes", batch_size=3))
    registry.close_all()
    assert job._process.wait(0) is not None


def test_the_scan_that_comes_with_the_application_is_what_a_scan_finds(tmp_path, monkeypatch):
    scanned = finished(Wish("lenet5", "digits"))
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "another"))
    shipped = Scan(Wish("lenet5", "digits"))
    assert shipped.state.seen == 0
    take_shipped(shipped.identity)
    shipped = shipped.again()
    assert shipped.state.seen == scanned.state.seen == shipped.pictures.count
    for layer in ("c1", "c3", "c5"):
        mine, theirs = scanned.found.layer(layer), shipped.found.layer(layer)
        np.testing.assert_allclose(mine.best.scores, theirs.best.scores, rtol=1e-4)
        np.testing.assert_allclose(mine.least.scores, theirs.least.scores, rtol=1e-4)


def test_nothing_comes_with_the_application_for_other_pictures():
    scan = Scan(DIGITS)
    take_shipped(scan.identity)
    assert scan.again().state.seen == 0
