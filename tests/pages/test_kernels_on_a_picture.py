"""Kernels on a picture runs by itself: every exhibit, every setting, impossible ones, and its address."""

import io
import json
import struct

import numpy as np
import pytest
from PIL import Image

from explorer.errors import ExplorerError
from explorer.images.samples import load_sample
from explorer.layers.pictures import apply, in_two_passes, sum_of_cells
from explorer.layers.presets import PRESETS
from explorer.ui.exhibit import exhibits_of
from explorer.ui.kernels_on_a_picture.compare import message, read_edit
from explorer.ui.kernels_on_a_picture.kernel import Kernel, cells_text, gaussian_text, kernel_of
from explorer.words import written
from tests.pages.elements import box, open_page, press, run, words

EXHIBITS = exhibits_of("kernels_on_a_picture")
PAGE = "pages/kernels_on_a_picture.py"
PLACE = "explorer.place kernels_on_a_picture"


def opened(**parts):
    return open_page(PAGE, parts)


def sent(at):
    """What the browser's component was given: header, before, shown, kernel."""
    data = next(element for element in at.get("bidi_component") if element.key == "compare").proto.bytes
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    arrays = [
        np.frombuffer(data, entry["type"], entry["length"], 4 + length + entry["offset"]) for entry in header["arrays"]
    ]
    return header, *arrays


def settings(at):
    return at.session_state[PLACE].settings


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_exhibit_opens_by_its_address(name):
    at = opened(exhibit=name)
    assert not at.error
    assert not at.warning
    assert EXHIBITS[name].question in words(at)
    header, before, _, kernel = sent(at)
    assert np.array_equal(before, load_sample("cat").pixels.ravel())
    assert np.array_equal(kernel, kernel_of(EXHIBITS[name].settings.kernel).ravel())
    first = next(iter(EXHIBITS))  # needs no words
    assert at.query_params.get("exhibit", "") == ("" if name == first else name)
    assert header["kernelRows"] == len(kernel_of(EXHIBITS[name].settings.kernel))


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_variant_loads(name):
    for title in EXHIBITS[name].variants:
        at = opened(exhibit=name)
        next(button for button in at.button if button.label == title).click()
        run(at)
        assert settings(at).kernel == EXHIBITS[name].variants[title].kernel


@pytest.mark.parametrize(
    ("preset", "meaning"), [("edges", "0: flat areas go black"), ("sharpen", "1: flat areas stay")]
)
def test_C2_the_sum_is_told(preset, meaning):
    at = opened(kernel=preset)
    if preset == EXHIBITS["C2"].settings.kernel:  # what is asked
        assert f"add up to {meaning}" not in words(at)
        press(at, "Reveal")
    assert f"add up to {meaning}" in words(at)
    assert (
        kernel_of(preset).tolist()
        == {
            "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
            "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        }[preset]
    )
    assert sum_of_cells(kernel_of(preset)) == float(meaning[0])


@pytest.mark.parametrize(
    ("centre", "view", "meaning"),
    [
        (4, "clip", "−4: flat areas go black"),
        (4, "absolute", "−4: flat areas become 4 times as bright"),
        (4, "stretched", "−4: flat areas become −4 times what they were, here darker than middle grey"),
        (7, "absolute", "−1: flat areas stay"),
        (7, "clip", "−1: flat areas go black"),
        (10, "clip", "2: flat areas become 2 times as bright"),
        (10, "stretched", "2: flat areas become 2 times what they were, here lighter than middle grey"),
    ],
)
def test_C2_what_a_sum_means_depends_on_the_view(centre, view, meaning):
    kernel = f"-1_-1_-1~-1_{centre}_-1~-1_-1_-1"
    assert f"add up to {meaning}" in words(opened(kernel=kernel, view=view))


def test_C2_every_preset_is_shown_on_the_chosen_sample():
    at = opened(sample="coins")
    pixels = load_sample("coins").pixels
    for preset in PRESETS:
        next(box for box in at.selectbox if box.label == "Kernel").set_value(preset)
        run(at)
        header, _, shown, kernel = sent(at)
        assert np.array_equal(kernel, PRESETS[preset].kernel.ravel())
        assert np.array_equal(shown, np.rint(apply(pixels, PRESETS[preset].kernel).values.clip(0, 255)).ravel())
        assert header["names"] == ["grey"]
    assert at.query_params["sample"] == "coins"


def test_C2_a_cell_changed_in_the_browser_changes_the_picture_and_the_address(open_screen):
    screen = open_screen("pages/kernels_on_a_picture.py")
    screen.trigger("compare", "edited", {"row": 1, "column": 1, "value": 9})
    assert not screen.errors
    assert "add up to 1: flat areas stay" in screen.words
    assert sent(screen.at)[3].tolist() == [-1, -1, -1, -1, 9, -1, -1, -1, -1]
    assert screen.at.query_params["kernel"] == "-1_-1_-1~-1_9_-1~-1_-1_-1"
    screen.trigger("compare", "edited", {"row": 1, "column": 1, "value": 8})
    assert settings(screen.at).kernel == "edges"  # the preset is known again
    screen.trigger("compare", "edited", {"row": 9, "column": 1, "value": 8})
    assert len(screen.errors) == 1
    assert sent(screen.at)[3][4] == 8


@pytest.mark.parametrize(
    "sent_edit", [{}, 7, {"row": 0, "column": 0, "value": None}, {"row": 0, "column": 0, "value": 1e9}]
)
def test_C2_what_the_browser_may_not_send(sent_edit):
    with pytest.raises(ExplorerError):
        read_edit(sent_edit, (3, 3))


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize("view", ["absolute", "stretched"])
def test_C2_padding_and_view_come_from_the_address(mode, view):
    at = opened(mode=mode, view=view)
    assert not at.error
    picture = load_sample("cat")
    applied = apply(picture.pixels, PRESETS["edges"].kernel, mode)
    assert np.array_equal(
        sent(at)[2],
        np.frombuffer(message(picture, applied, view)[-_padded(picture, applied) :], np.uint8)[: picture.pixels.size],
    )


def _padded(picture, applied):
    """Bytes from the shown picture to the message's end."""
    return picture.pixels.size + -picture.pixels.size % 4 + applied.kernel.size * 8


def test_C15_a_gaussian_is_a_column_times_a_row():
    at = opened(exhibit="C15")
    assert not at.metric  # what it saves is asked
    press(at, "Reveal")
    assert [metric.value for metric in at.metric] == ["25", "10"]
    assert "Separable" in words(at)
    pixels = load_sample("cat").pixels
    found = in_two_passes(pixels, apply(pixels, kernel_of("g5s1")))
    assert found.largest_difference < 1e-3
    assert written(found.largest_difference, 2) in words(at)
    box(at, "Gauss size").set_value(9)
    run(at)
    assert [metric.value for metric in at.metric] == ["81", "18"]
    assert settings(at).kernel == "g9s1"
    assert at.query_params["kernel"] == "g9s1"


def test_C15_edge_detection_is_not():
    at = opened(exhibit="C15", kernel="edges")
    assert "Not separable" in words(at)
    assert "rank 2" in words(at)
    assert not at.metric


def test_rows_and_columns_are_added():
    at = opened()
    box(at, "Rows").set_value(4)
    run(at)
    assert kernel_of(settings(at).kernel).shape == (4, 3)
    assert not at.error


@pytest.mark.parametrize(
    ("label", "value"),
    [("Rows", 0), ("Columns", 10), ("Rows", 10**9), ("Gauss size", 0), ("Gauss size", 10**9), ("Gauss σ", 0.0)],
)
def test_what_is_impossible_gets_one_sentence_and_the_picture_stays(label, value):
    at = opened(exhibit="C15")
    before = sent(at)[2]
    box(at, label).set_value(value)
    run(at)
    assert len(at.error) == 1
    assert "choose" in at.error[0].value
    assert np.array_equal(sent(at)[2], before)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exhibit", "C99"),
        ("kernel", "loudest"),
        ("kernel", "1_nan"),
        ("kernel", "g99s1"),
        ("kernel", "~".join(["_".join(["1"] * 12)] * 12)),
        ("mode", "mirror"),
        ("view", "loud"),
        ("sample", "nobody"),
    ],
)
def test_a_bad_address_is_noted_and_the_page_opens(name, value):
    at = opened(**{name: value})
    assert len(at.warning) == 1
    assert not at.error
    assert sent(at)[3].tolist() == PRESETS["edges"].kernel.ravel().tolist()


def test_a_large_picture_is_shown_whole():
    pixels = np.random.default_rng(1).integers(0, 256, (2048, 2048, 3), dtype=np.uint8)
    from explorer.images.picture import picture

    applied = apply(pixels, np.full((9, 9), 1 / 81))
    data = message(picture("large", pixels), applied, "clip")
    assert len(data) < 2 * pixels.size + 100_000  # each number is sent once, before and shown


@pytest.mark.parametrize("kernel", [PRESETS["gaussian"].kernel, np.eye(9), np.array([[0.25, -1e-3]])])
def test_the_address_gives_back_the_kernel(kernel):
    text = cells_text(kernel)
    assert Kernel().read(text) == text
    assert np.allclose(kernel_of(text), kernel, atol=1e-6)


def test_a_gaussians_text():
    assert gaussian_text(7, 1.5) == "g7s1.5"
    assert gaussian_text(5, 10.0) == "g5s10"
    assert np.array_equal(kernel_of("g5s1"), PRESETS["gaussian"].kernel)


def test_an_upload_is_not_in_the_address():
    at = opened(sample="coins", kernel="g9s1")
    at.button_group(key="source_widget").set_value("upload")
    run(at)
    file = io.BytesIO()
    Image.new("L", (4, 4), 90).save(file, "PNG")
    at.file_uploader[0].upload("dot.png", file.getvalue(), "image/png")
    run(at)
    assert "sample" not in at.query_params
    header, *_ = sent(at)
    assert (header["rows"], header["columns"]) == (4, 4)
    next(box for box in at.selectbox if box.label == "Padding").set_value("reflect")
    run(at)
    assert len(at.error) == 1  # four rows cannot be mirrored by 4
    assert sent(at)[0]["rows"] == 4


def test_C2_stretched_about_grey_a_flat_area_is_grey_not_black():
    assert "flat areas become 0, here middle grey" in words(opened(kernel="vertical", view="stretched"))
