"""Segmentation by itself: what it asks, which networks it trains, what its table and its answers say, and bad addresses."""

import base64
import shutil

import numpy as np
import pytest
import torch

from explorer.data.datasets import load_data_set
from explorer.live import registry
from explorer.live import runs as jobs
from explorer.live.channel import channel
from explorer.models.segmenters import SEGMENTERS
from explorer.ui.exhibit import exhibits_of
from explorer.ui.place import read_address, write_address
from explorer.ui.segmentation.networks import TITLES
from explorer.ui.segmentation.pixels import Trained
from explorer.ui.segmentation.table import COSTS
from tests.scene_runs import record

EXHIBITS = exhibits_of("segmentation")
PAGE = "pages/segmentation.py"
STUDIO = "studio K1"
FULL, SKIP = "20260101-000000-seg_full-aaaa", "20260102-000000-seg_skip-bbbb"


@pytest.fixture(autouse=True)
def no_process_is_left():
    yield
    registry.close_all()


@pytest.fixture
def begun(monkeypatch):
    """What the page wants to train; nothing is trained."""
    wishes = []

    def start(settings, **more):
        wishes.append(settings)
        return f"20260101-00000{len(wishes)}-{settings.design.network}-aaaa"

    monkeypatch.setattr(jobs, "start", start)
    return wishes


def studios(screen):
    return [element.key for element in screen.at.get("bidi_component") if element.key.startswith("studio")]


def test_it_asks_first_and_trains_nothing(open_screen):
    screen = open_screen(PAGE)
    assert not screen.errors
    assert EXHIBITS["K1"].question in screen.words
    assert "multiply-adds" not in screen.words  # what it costs is asked
    assert studios(screen) == []  # and what came of it
    assert [chart.key.split()[-1] for chart in screen.at.get("plotly_chart")] == ["hourglass"]
    screen.button("Show the cost").click().run()
    header = screen.header(STUDIO)
    assert [run["title"] for run in header["runs"]] == [
        "Recorded: Full size", "Recorded: Nearest", "Recorded: With skips"
    ]  # fmt: skip
    assert header["controls"] is False
    assert "Asked: Full size step 1,500" in screen.words
    for title in ("Max unpooling", "Transposed"):
        assert f"| {title.replace(' ', chr(0xA0))} | – | – |" in screen.words
    assert "30.9\u00a0M" in screen.words
    assert "6.1\u00a0M" in screen.words


def test_every_network_has_a_title():
    assert list(TITLES) == list(SEGMENTERS)


def test_the_chosen_networks_are_trained_alike(open_screen, begun, runs):
    screen = open_screen(PAGE)
    for wish in ("seg_full", "seg_nearest", "seg_skip"):
        assert wish in screen.at.session_state["explorer.place segmentation"].settings.networks
    screen.button("Train").click().run()
    assert [wish.design.network for wish in begun] == ["seg_full", "seg_nearest", "seg_skip"]
    assert len({wish.config for wish in begun}) == 1
    assert {wish.data for wish in begun} == {"scenes"}


def test_four_do_not_fit_and_none_is_too_few(open_screen):
    screen = open_screen(PAGE)
    key = next(group.key for group in screen.at.button_group if group.key.startswith("segmentation K1 networks"))
    for chosen, words in ((list(TITLES)[:4], "take one out"), ([], "Choose one network at least")):
        screen.at.button_group(key=key).set_value(chosen).run()
        assert not screen.errors
        assert words in screen.words
        assert screen.button("Train").disabled
    screen.at.button_group(key=key).set_value(["seg_unpool"]).run()
    assert not screen.button("Train").disabled
    assert screen.address["networks"] == "unpool"
    assert "(unpooling?exhibit=K3)" in screen.words


def test_recorded_runs_fill_table_chart_and_answers(open_screen, runs):
    record(runs, FULL, "seg_full", value=0.64)
    record(runs, SKIP, "seg_skip", value=0.824, ended="failed")
    screen = open_screen(PAGE, address={"runs": f"{FULL}.{SKIP}", "scene": "2"})
    assert not screen.errors
    assert not screen.at.warning
    header = screen.header(STUDIO)
    assert [run["id"] for run in header["runs"]] == [FULL, SKIP]
    assert [run["title"] for run in header["runs"]] == ["Full size", "With skips"]
    assert header["panels"] == ["scenes"]
    assert "| Full\u00a0size | 64.0% | 75.0% |" in screen.words
    assert "| **82.4%** |" in screen.words
    assert "| 200\u00a0ms | 10 |" in screen.words
    assert "Asked: Full size step 7, With skips step 7" in screen.words
    assert "this picture's mean IoU" in screen.words


@pytest.mark.parametrize("cost", COSTS)
def test_the_chart_is_over_any_cost(open_screen, runs, cost):
    record(runs, FULL, "seg_full", value=0.64)
    screen = open_screen(PAGE, address={"cost": cost})
    assert not screen.errors
    assert screen.address.get("cost", COSTS[0]) == cost
    assert len(screen.at.get("plotly_chart")) == 3  # networks, chart, answers


def test_the_answers_are_those_of_the_slider_s_moment(open_screen, runs):
    record(runs, FULL, "seg_full")
    screen = open_screen(PAGE, address={"runs": FULL})
    screen.send(STUDIO, rest={FULL: 0})
    assert "Asked: Full size step 0" in screen.words
    screen.send(STUDIO, rest={FULL: 3})
    assert not screen.errors
    assert "Full size: There is no snapshot of step 3 any more" in screen.words
    screen.send(STUDIO, rest={})
    assert "Asked: Full size step 7" in screen.words


def test_a_run_without_snapshots_says_one_sentence(open_screen, runs):
    record(runs, FULL, "seg_full", steps=(), value=None, ended="failed")
    screen = open_screen(PAGE, address={"runs": FULL})
    assert not screen.errors
    assert "Full size: Nothing is recorded of this run: train it again." in screen.words


def test_a_drawing_is_answered(open_screen, runs):
    record(runs, SKIP, "seg_skip")
    screen = open_screen(PAGE, address={"scene": "0"})
    assert any("Draw circles" in info.value for info in screen.at.info)
    ink = np.zeros((128, 128), np.uint8)
    ink[40:90, 40:90] = 255
    drawing = {"image": base64.b64encode(ink.tobytes()).decode(), "side": 128, "strokes": [], "nonce": 1}
    screen.send("segmentation pad", drawing=drawing)
    assert not screen.errors
    assert "Asked: With skips step 7" in screen.words
    assert "this picture's mean IoU" not in screen.words  # nothing is known of a drawing
    screen.send("segmentation pad", drawing={"image": "!", "side": 3})
    assert screen.errors


def test_a_scene_is_followed_through_the_training(open_screen, runs):
    record(runs, FULL, "seg_full")
    screen = open_screen(PAGE, address={"runs": FULL, "scene": "2"})
    assert channel(FULL).frame(7).pinned.ious is not None  # the first test picture
    screen.button("Follow it through the training").click().run()
    assert not screen.errors
    image, label = channel(FULL).pinned()
    test = load_data_set("scenes", None).test
    (found,) = (test.images[:, 0] == torch.from_numpy(image)).all(1).all(1).nonzero().flatten().tolist()
    assert label == test.labels[found]
    np.testing.assert_array_equal(channel(FULL).frame(7).pinned.images[0], image)


@pytest.mark.parametrize(
    "parts",
    [
        {"networks": "full.full"},
        {"networks": "full.nearest.unpool.skip"},
        {"networks": ""},
        {"networks": "../x"},
        {"scene": "7"},
        {"scene": "-1"},
        {"cost": "beauty"},
        {"exhibit": "Z1"},
    ],
)
def test_a_bad_address_falls_back_with_a_note(open_screen, parts):
    screen = open_screen(PAGE, address=parts)
    assert not screen.errors
    assert len(screen.at.warning) == 1
    assert screen.at.session_state["explorer.place segmentation"].settings == Trained()


@pytest.mark.parametrize("names", ["a.b", "../x", "x" * 3000, ".", "<script>", FULL])
def test_an_address_with_other_runs_says_so(open_screen, runs, names):
    record(runs, FULL, "locate", "boxes")  # a run, but none of this page
    screen = open_screen(PAGE, address={"runs": names})
    assert not screen.errors
    assert len(screen.at.warning) == (names != ".")
    assert "runs" not in screen.address
    screen.button("Show the training").click().run()
    assert not screen.errors
    assert all(run["id"].startswith("recorded-") for run in screen.header(STUDIO)["runs"])


def test_one_lost_run_leaves_the_others(open_screen, runs):
    record(runs, SKIP, "seg_skip")
    screen = open_screen(PAGE, address={"runs": f"{FULL}.{SKIP}"})
    assert len(screen.at.warning) == 1
    assert [run["id"] for run in screen.header(STUDIO)["runs"]] == [SKIP]
    assert screen.address["runs"] == SKIP


def test_a_run_that_is_deleted_meanwhile_is_said_and_left_out(open_screen, runs):
    record(runs, FULL, "seg_full")
    record(runs, SKIP, "seg_skip")
    screen = open_screen(PAGE, address={"runs": f"{FULL}.{SKIP}"})
    assert not screen.at.warning
    shutil.rmtree(runs / FULL)
    screen.at.run()
    assert not screen.errors
    assert len(screen.at.warning) == 1
    assert [run["id"] for run in screen.header(STUDIO)["runs"]] == [SKIP]


def test_every_setting_survives_the_address():
    for settings in (Trained(), Trained(("seg_unpool",), 0, "time"), *EXHIBITS["K1"].variants.values()):
        parts = write_address(EXHIBITS["K1"], settings, 0)
        found, problem = read_address(parts, EXHIBITS)
        assert (found.settings, problem) == (settings, "")
