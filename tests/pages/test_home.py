"""The home page by itself: its sources, hostile files and messages, both networks, and the way to Feature maps."""

import base64
import io
import json
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES, example_digit, load_sample
from explorer.images.thumbnail import thumbnail
from explorer.models.registry import MODELS, SHIPPED
from explorer.ui import network_view

SIDE = 112
STROKE = {"size": 0.08, "erase": False, "points": [0.5, 0.2, 0.5, 0.8]}


def drawn(pixels: np.ndarray, **changes: object) -> dict:
    """The pad's message for uint8 (SIDE, SIDE)."""
    image = base64.b64encode(pixels.tobytes()).decode()
    return {"image": image, "side": SIDE, "strokes": [STROKE], "nonce": 0, **changes}


def a_one() -> np.ndarray:
    pixels = np.zeros((SIDE, SIDE), np.uint8)
    pixels[22:90, 52:60] = 255
    return pixels


def saved(image: Image.Image, kind: str, **settings: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **settings)
    return file.getvalue()


def noise(height: int = 40, width: int = 60) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8))


def png_header_of(width: int, height: int) -> bytes:
    """A tiny PNG that claims to be large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


# name → (bytes, a word that the sentence must say)
BAD_FILES = {
    "text.png": (b"this is no picture at all", "text"),
    "cut.jpg": (saved(noise(), "JPEG")[:900], "damaged"),
    "bomb.png": (png_header_of(30_000, 30_000), "pixels"),
    "one.png": (saved(Image.new("L", (1, 1)), "PNG"), "1×1"),
    "empty.png": (b"", "empty"),
    "nan.tif": (saved(Image.fromarray(np.full((20, 20), np.nan, np.float32)), "TIFF"), "NaN"),
    "<b>x</b>.png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
}


def upload(screen, name: str, data: bytes):
    screen.at.file_uploader[0].set_value((name, data, "image/png")).run()
    return screen


# ── as it opens ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", ["pages/home.py", "app.py"])
def test_it_opens_with_an_example_and_every_layer(open_screen, file):
    screen = open_screen(file)
    assert screen.errors == []
    header = screen.header("home_network")
    assert header["best"].startswith("3 · ")
    assert header["note"].startswith("an example")
    assert header["title"] == MODELS["lenet5"].title
    assert [layer["shapeText"] for layer in header["layers"][:3]] == ["6 @ 28×28", "6 @ 28×28", "6 @ 14×14"]
    assert [step["title"] for step in header["steps"]] == ["ink", "scaled", "centred", "input"]


# ── where a picture comes from ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", ["pages/home.py", "pages/feature_maps.py"])
def test_an_answer_that_is_no_number_is_said_and_the_maps_stay(open_screen, file, monkeypatch):
    def ill(output, labels, *, sigmoid):
        raise ExplorerError("The network's answer is not a number")

    monkeypatch.setattr(network_view, "answer", ill)
    screen = open_screen(file)
    assert screen.errors == ["The network's answer is not a number"]
    assert screen.at.get("bidi_component")


def test_every_source_can_be_switched_to_and_back(home):
    for source, widget in (("sample", "selectbox"), ("upload", "file_uploader"), ("webcam", "camera_input")):
        home.pick("source_widget", source)
        assert home.errors == []
        assert home.choice.source == source
        assert [one.key for one in home.at.get(widget)].count(f"{source}_widget") == 1
    assert home.choice.photo.name == SAMPLES["cat"].title  # until another picture is chosen
    home.pick("source_widget", "draw")
    assert home.choice.source == "draw"
    assert home.choice.network == "lenet5"
    assert home.component("pad")


def test_every_sample_is_answered(home):
    home.pick("source_widget", "sample")
    for key, sample in SAMPLES.items():
        home.select("sample_widget", key)
        assert home.errors == [], key
        assert home.choice.photo.name == sample.title
        assert home.choice.network == ("lenet5" if sample.kind == "digit" else "colour")
        assert home.header("home_network")["note"] == sample.title
        assert sample.credit in home.words


def test_handwritten_digits_are_read(home):
    home.pick("source_widget", "sample")
    right = 0
    for label in range(10):
        home.select("sample_widget", f"digit-{label}")
        right += home.header("home_network")["best"].startswith(f"{label} · ")
    assert right >= 9


def test_a_shot_of_the_webcam_is_shown(home):
    home.pick("source_widget", "webcam")
    home.at.camera_input[0].set_value(("shot 12.jpg", saved(noise(), "JPEG"), "image/jpeg")).run()
    assert home.errors == []
    assert home.choice.photo.pixels.shape == (40, 60, 3)
    assert "shot" not in home.header("home_network")["note"]  # the file's name is Streamlit's, and says nothing


@pytest.mark.parametrize("name", SHIPPED)
def test_both_networks_take_the_drawing_and_a_photo(home, name):
    home.send("pad", drawing=drawn(a_one()))
    home.select("network_widget", name)
    assert home.errors == []
    assert home.header("home_network")["title"] == MODELS[name].title
    home.pick("source_widget", "sample").select("network_widget", name)
    assert home.errors == []
    assert home.header("home_network")["title"] == MODELS[name].title
    assert home.header("home_network")["note"] == SAMPLES["cat"].title


# ── files ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_one_sentence_and_the_picture_stays(home, name):
    data, word = BAD_FILES[name]
    home.pick("source_widget", "sample").pick("source_widget", "upload")
    before = home.choice.photo, home.header("home_network")["best"]
    upload(home, name, data)
    (sentence,) = home.errors
    assert word in sentence
    assert "<" not in sentence
    assert f"“{before[0].name}” stays." in sentence
    assert (home.choice.photo, home.header("home_network")["best"]) == before
    home.at.run()  # the sentence stays as long as the file does
    assert home.errors == [sentence]
    upload(home, "good.png", saved(noise(), "PNG"))
    assert home.errors == []
    assert home.choice.photo.name == "good.png"
    assert home.header("home_network")["note"] == "good.png"


def test_a_bad_file_before_any_picture_leaves_the_example(home):
    home.pick("source_widget", "upload")
    upload(home, "text.png", b"no picture")
    (sentence,) = home.errors
    assert "stays" not in sentence
    assert home.header("home_network")["note"].startswith("an example")


def test_of_an_animation_the_first_frame_is_taken(home):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    home.pick("source_widget", "upload")
    upload(home, "two.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert home.errors == []
    assert home.choice.photo.pixels[0, 0].tolist() == [255, 0, 0]
    assert "first frame of 2" in home.words


def test_removing_the_file_keeps_its_picture(home):
    home.pick("source_widget", "upload")
    upload(home, "good.png", saved(noise(), "PNG"))
    home.at.file_uploader[0].set_value(None).run()
    assert home.errors == []
    assert home.choice.photo.name == "good.png"


def test_a_picture_without_contrast_is_refused_by_lenet_only(home):
    home.pick("source_widget", "upload")
    upload(home, "grey.png", saved(Image.new("L", (30, 30), 90), "PNG"))
    assert home.errors == []
    home.select("network_widget", "lenet5")
    (sentence,) = home.errors
    assert "contrast" in sentence
    assert home.header("home_network")["note"] == "an example"


# ── the drawing pad ──────────────────────────────────────────────────────────────────────────────────


def test_a_drawing_is_answered_and_kept(home):
    home.send("pad", drawing=drawn(a_one()))
    assert home.errors == []
    assert home.header("home_network")["best"].startswith("1 · ")
    assert home.header("home_network")["note"] == "your drawing"
    np.testing.assert_array_equal(home.choice.drawing.pixels, a_one())
    home.pick("source_widget", "sample").pick("source_widget", "draw")
    assert home.header("home_network")["best"].startswith("1 · ")
    assert '"points": [0.5, 0.2, 0.5, 0.8]' in home.component("pad").json  # given back to a new pad


def test_an_emptied_pad_shows_the_example_again(home):
    home.send("pad", drawing=drawn(a_one()))
    home.send("pad", drawing=drawn(np.zeros((SIDE, SIDE), np.uint8), strokes=[]))
    assert home.errors == []
    assert home.choice.drawing is None
    assert home.header("home_network")["note"].startswith("an example")


def test_the_empty_pad_shows_what_is_looked_at_meanwhile(home):
    def pad():
        return json.loads(home.component("pad").json)

    assert pad()["example"] == thumbnail(example_digit().pixels, SIDE)
    home.send("pad", drawing=drawn(a_one()))
    assert pad()["example"] == ""
    home.send("pad", drawing=drawn(np.zeros((SIDE, SIDE), np.uint8), strokes=[]))
    home.select("network_widget", "resnet18")
    assert pad()["example"] == thumbnail(load_sample("cat").pixels, SIDE)


def test_the_subject_shows_the_picture_beside_its_name(feature_maps):
    def title():
        return next(popover.proto.popover.label for popover in popovers(feature_maps.at._tree))

    assert title() == f"![]({thumbnail(example_digit().pixels, 64)}) an example · LeNet\\-5"
    feature_maps.send("pad", drawing=drawn(a_one()))
    assert title() == f"![]({thumbnail(a_one(), 64)}) your drawing · LeNet\\-5"


def popovers(block):
    """Every popover in what a page drew."""
    for child in getattr(block, "children", {}).values():
        if getattr(child, "type", "") == "popover":
            yield child
        yield from popovers(child)


HOSTILE_DRAWINGS = {
    "a string": "<script>",
    "a number": 10**400,
    "a list": [[[]]],
    "empty": {},
    "another side": drawn(a_one(), side=10**9),
    "no base64": drawn(a_one(), image="!" * len(drawn(a_one())["image"])),
    "an image too long": drawn(a_one(), image="A" * 10**6),
    "strokes of NaN": drawn(a_one(), strokes=[{**STROKE, "points": [float("nan"), 0.5]}]),
    "strokes without end": drawn(a_one(), strokes=[STROKE] * 501),
    "strokes of text": drawn(a_one(), strokes=[{**STROKE, "size": "8"}]),
    "a nonce of text": drawn(a_one(), nonce="0"),
}


def test_a_hostile_drawing_gets_one_sentence_and_the_last_one_stays(home):
    home.send("pad", drawing=drawn(a_one()))
    kept = home.choice.drawing
    for what, message in HOSTILE_DRAWINGS.items():
        home.send("pad", drawing=message)
        assert len(home.errors) == 1, what
        assert home.errors[0].startswith("The drawing could not be read"), what
        assert "<" not in home.errors[0], what
        assert home.choice.drawing is kept, what
        assert home.header("home_network")["best"].startswith("1 · "), what
        home.at.run()
        assert home.errors == [], what


# ── to Feature maps ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("layer", "opened", "view"), [("c3", "c3", "before"), ("relu3", "c3", "after"), ("s4", "s4", "before")]
)
def test_the_button_opens_the_map_on_its_page(open_screen, layer, opened, view):
    screen = open_screen("app.py").trigger("home_network", "followed", {"layer": layer, "channel": 4})
    assert f"How channel 4 of {opened} was made" in screen.words
    settings = screen.at.session_state["explorer.place feature_maps"].settings
    assert (settings.layer, settings.view, settings.channel) == (opened, view, 4)


HOSTILE_SPOTS = {
    "a string": "c1",
    "a number": 10**400,
    "a list": ["c1", 0],
    "true": True,
    "empty": {},
    "no channel": {"layer": "c1"},
    "no layer": {"channel": 0},
    "an unknown layer": {"layer": "c99", "channel": 0},
    "a layer without maps": {"layer": "flatten", "channel": 0},
    "a layer that is a list": {"layer": ["c1"], "channel": 0},
    "a layer that is a dict": {"layer": {"c1": 0}, "channel": 0},
    "a channel too large": {"layer": "c1", "channel": 6},
    "a huge channel": {"layer": "c1", "channel": 10**400},
    "a negative channel": {"layer": "c1", "channel": -1},
    "a channel of text": {"layer": "c1", "channel": "0"},
    "a fraction": {"layer": "c1", "channel": 1.0},
    "a truth": {"layer": "c1", "channel": True},
    "NaN": {"layer": "c1", "channel": float("nan")},
}


def test_a_hostile_click_changes_nothing(open_screen):
    screen = open_screen("app.py")
    before = screen.choice
    for what, message in HOSTILE_SPOTS.items():
        screen.trigger("home_network", "followed", message)
        assert screen.errors == [], what
        assert screen.choice == before, what
        screen.send("home_network", chosen=message, followed=message)
        assert screen.errors == [], what
        assert screen.choice == before, what
        assert "Draw a digit or choose" in screen.words, what  # still here
