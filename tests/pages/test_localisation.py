"""Localisation by itself: both weights, what is trained, what a picture's answer says, and bad addresses."""

import base64

import cv2
import numpy as np
import pytest

from explorer.live import runs as jobs
from explorer.ui.exhibit import exhibits_of
from explorer.ui.localisation import boxes as page_content
from explorer.ui.localisation.boxes import BOX_WEIGHT, VARIANTS, WEIGHTS, Weighed
from explorer.ui.place import read_address, write_address
from tests.scene_runs import record

EXHIBITS = exhibits_of("localisation")
PAGE = "pages/localisation.py"
STUDIO = "studio K6"
RUN, OTHER = "20260101-000000-locate-aaaa", "20260102-000000-locate-bbbb"


@pytest.fixture
def begun(monkeypatch):
    wishes = []

    def start(settings, **more):
        wishes.append(settings)
        return f"20260101-00000{len(wishes)}-locate-aaaa"

    monkeypatch.setattr(jobs, "start", start)
    monkeypatch.setattr(page_content, "runs", lambda *args: {})
    monkeypatch.setattr(page_content, "ask_about", lambda *args, **options: None)
    return wishes


def weights(begun):
    return [(wish.config.class_weight, wish.config.box_weight) for wish in begun]


def test_it_asks_first_and_shows_both_heads(open_screen):
    screen = open_screen(PAGE)
    assert not screen.errors
    assert EXHIBITS["K6"].question in screen.words
    header = screen.header("studio K6")
    assert [run["title"] for run in header["runs"]] == ["Recorded: class × 1, box × 10"]
    assert header["controls"] is False
    assert len(screen.at.get("plotly_chart")) == 2  # both heads, and the recorded run's answer
    assert not [button for button in screen.at.button if button.label == "Follow it through the training"]


def test_the_sliders_are_the_next_run_s_weights(open_screen, begun):
    screen = open_screen(PAGE, address={"box_weight": "20"})
    screen.at.select_slider[0].set_value(0.5).run()
    assert screen.address["class_weight"] == "0.5"
    screen.button("Train").click().run()
    assert not screen.errors
    assert weights(begun) == [(0.5, 20.0)]


def test_all_three_are_trained_from_the_same_weights(open_screen, begun):
    screen = open_screen(PAGE)
    screen.button("Train all three").click().run()
    assert weights(begun) == [(1.0, BOX_WEIGHT), (1.0, 0.0), (0.0, BOX_WEIGHT)]
    assert len({wish.config.seed for wish in begun}) == 1
    assert {wish.design.network for wish in begun} == {"locate"}


@pytest.mark.parametrize("name", list(VARIANTS))
def test_every_variant_moves_the_sliders(open_screen, begun, name):
    screen = open_screen(PAGE)
    screen.button(name).click().run()
    wanted = VARIANTS[name].class_weight, VARIANTS[name].box_weight
    assert tuple(slider.value for slider in screen.at.select_slider) == wanted


def test_nothing_is_learned_from_no_loss(open_screen):
    screen = open_screen(PAGE, address={"class_weight": "0", "box_weight": "0"})
    assert not screen.errors
    assert "nothing to learn from" in screen.words
    assert screen.button("Train").disabled
    assert not screen.button("Train all three").disabled


def test_recorded_runs_are_shown_and_asked(open_screen, runs):
    record(runs, RUN, "locate", "boxes")
    screen = open_screen(PAGE, address={"runs": RUN, "scene": "3"})
    assert not screen.errors
    assert not screen.at.warning
    header = screen.header(STUDIO)
    assert [run["title"] for run in header["runs"]] == [f"class × 1, box × {BOX_WEIGHT:g}"]
    assert header["panels"] == ["scenes", "maps"]
    assert "Dashed: the true box." in screen.words
    assert len(screen.at.get("plotly_chart")) == 2
    record(runs, OTHER, "locate", "boxes", ended="stopped")
    both = open_screen(PAGE, address={"runs": f"{RUN}.{OTHER}"})
    assert both.header(STUDIO)["panels"] == ["scenes"]


def test_the_newest_run_answers_where_none_is_shown(open_screen, runs):
    record(runs, RUN, "locate", "boxes")
    screen = open_screen(PAGE)
    assert len(screen.at.get("plotly_chart")) == 2
    assert "Dashed: the true box." in screen.words


def test_a_run_without_snapshots_says_one_sentence(open_screen, runs):
    record(runs, RUN, "locate", "boxes", steps=(), value=None, ended="failed")
    screen = open_screen(PAGE, address={"runs": RUN})
    assert not screen.errors
    assert "Nothing is recorded of this run: train it again." in screen.words


def test_a_drawing_has_no_true_box(open_screen, runs):
    record(runs, RUN, "locate", "boxes")
    screen = open_screen(PAGE, address={"scene": "0", "runs": RUN})
    ink = np.zeros((128, 128), np.uint8)
    ink[40:90, 40:90] = 255
    drawing = {"image": base64.b64encode(ink.tobytes()).decode(), "side": 128, "strokes": [], "nonce": 1}
    screen.send("localisation pad", drawing=drawing)
    assert not screen.errors
    assert "Solid: the network's." in screen.words
    assert "Dashed: the true box." not in screen.words


@pytest.mark.parametrize(
    "parts",
    [
        {"class_weight": "3"},
        {"class_weight": "-1"},
        {"box_weight": "nan"},
        {"box_weight": "1e400"},
        {"box_weight": "x" * 500},
        {"scene": "7"},
        {"exhibit": "Z1"},
    ],
)
def test_a_bad_address_falls_back_with_a_note(open_screen, parts):
    screen = open_screen(PAGE, address=parts)
    assert not screen.errors
    assert len(screen.at.warning) == 1
    assert screen.at.session_state["explorer.place localisation"].settings == Weighed()


@pytest.mark.parametrize("names", ["a.b", "../x", "x" * 3000, RUN])
def test_an_address_with_other_runs_says_so(open_screen, runs, names):
    record(runs, RUN, "seg_nearest")
    screen = open_screen(PAGE, address={"runs": names})
    assert not screen.errors
    assert len(screen.at.warning) == 1
    assert "runs" not in screen.address


def test_every_setting_survives_the_address():
    for weight in WEIGHTS:
        settings = Weighed(weight, 1.0, 6)
        parts = write_address(EXHIBITS["K6"], settings, 0)
        found, problem = read_address(parts, EXHIBITS)
        assert (found.settings, problem) == (settings, "")


def test_a_picture_is_uploaded_and_a_file_that_is_none_is_said(open_screen, runs):
    record(runs, RUN, "locate", "boxes")
    screen = open_screen(PAGE, address={"scene": "6"})
    assert len(screen.at.get("plotly_chart")) == 1  # the network's drawing only
    picture = np.full((60, 80, 3), 200, np.uint8)
    picture[20:40, 30:50] = 20
    png = cv2.imencode(".png", picture)[1].tobytes()
    screen.at.file_uploader[0].set_value(("one.png", png, "image/png")).run()
    assert not screen.errors
    assert "Solid: the network's." in screen.words
    screen.at.file_uploader[0].set_value(("two.png", b"nothing", "image/png")).run()
    assert "The last picture stays." in screen.errors[0]
    assert "Solid: the network's." in screen.words
