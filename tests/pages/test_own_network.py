"""Networks of a user's own on the pages: everywhere the answer is what forward returned, or a word why there is none."""

import re

import numpy as np
import pytest
import torch

from explorer.images.samples import load_sample
from explorer.models import registry
from explorer.models.own import own_spec
from explorer.models.registry import add
from explorer.probe.effective import measure
from explorer.probe.trial import tried
from explorer.ui.provenance.taken_apart import MAP as PROVENANCE_MAP
from explorer.ui.receptive_field.any_unit import MAP as FIELD_MAP
from tests.models import odd
from tests.pages.conftest import read

# factory → how its answer to any picture begins
ANSWERS = {
    "ADDED": "0 · > 99.9",  # [9, 0, 1]
    "AUXILIARY": "0 · > 99.9",  # [9, 0, 0], and not the second head's [0, 0, 1], which ran last
    "TIMES_TEN": "2 · > 99.9",  # ten times [0, 0, 1], and not 57.6 %
    "SOFTMAX": "0 · 100.0",  # [1, 0, 0], and not 57.6 %
    "LOG_SOFTMAX": "2 · 57.6",
    "ONE_SIGMOID": "0 · 4.7",
    "SIGMOIDS": "2 · 73.1",
    "ONE_NUMBER": "0 · 4.5",
    "MEAN_IN_FORWARD": "",
    "FINAL_CONVOLUTION": "",
    "MORE_THAN_NEEDED": "0 · > 99.9",
    "LAZY": "",
    "PARALLEL": "0 · > 99.9",
    "CHANNELS_LAST": "",
    "LONG_NAME": "",
}


@pytest.fixture
def network(request, monkeypatch):
    monkeypatch.setattr(registry, "MODELS", registry.MODELS)
    spec = tried(own_spec(f"tests.models.odd:{request.param}"))
    add(spec)
    yield request.param
    del registry.MODELS[spec.name]


def attribution_says(open_screen) -> str:
    screen = open_screen("pages/attribution.py")
    assert screen.errors == []
    box = next(one for one in screen.at.selectbox if one.label == "Which pixels speak for")
    return box.options[box.index].removesuffix(" · the network's answer").replace("%", " %")


@pytest.mark.parametrize("network", ANSWERS, indirect=True)
def test_every_page_tells_what_forward_returned(open_screen, network):
    assert set(ANSWERS) == set(odd.GOOD) - {"MAP"}
    home = open_screen("pages/home.py")
    assert home.errors == []
    best = home.header("home_network")["best"]
    assert best.startswith(ANSWERS[network])
    assert best
    maps = open_screen("pages/feature_maps.py")
    assert maps.errors == []
    assert maps.header("feature_maps")["best"] == best
    said = attribution_says(open_screen)
    assert said.split(" · ")[0] == best.split(" · ")[0]
    if network == "ONE_NUMBER":
        assert "no probability" in home.header("home_network")["note"]
        assert "%" not in said
    else:
        numbers = [float(text.rpartition("· ")[2].rstrip("\u00a0 %").removeprefix("> ")) for text in (said, best)]
        assert numbers[0] == pytest.approx(numbers[1], abs=0.1001)


@pytest.mark.parametrize("network", ["MAP"], indirect=True)
def test_a_map_is_not_taken_for_classes(open_screen, network):
    for file, canvas in (("pages/home.py", "home_network"), ("pages/feature_maps.py", "feature_maps")):
        screen = open_screen(file)
        assert screen.errors == []
        header = screen.header(canvas)
        assert (header["best"], header["answer"]) == ("", [])
        assert "it returns 2 @ 8×8, a map and no classes" in header["note"]
    (sentence,) = open_screen("pages/attribution.py").errors
    assert "no logits" in sentence


@pytest.mark.parametrize("network", ["ADDED"], indirect=True)
def test_what_was_assumed_stands_on_the_page(open_screen, network):
    assert "a mean of 0 and a deviation of 1 for pixel values from 0 to 1" in open_screen("pages/home.py").words


# ── channels that are last in memory ────────────────────────────────────────────────────────────────────────

LAST = {"sample": "cat", "network": "tests.models.odd:CHANNELS_LAST"}
last = pytest.mark.parametrize("network", ["CHANNELS_LAST"], indirect=True)


def mixed() -> tuple[torch.Tensor, torch.Tensor]:
    """The picture as an input, with a gradient, and what `mix` makes of it: (6, 7, 5)."""
    spec = registry.find(LAST["network"])
    inputs = spec.feeding.preprocess(load_sample("cat").pixels).requires_grad_()
    with torch.enable_grad():
        return inputs, spec.load()[:4](inputs)[0]


def put(screen, label, value):
    next(one for one in screen.at.number_input if one.label == label).set_value(value).run()
    assert screen.errors == []


@last
def test_F3_shows_the_channels_map(open_screen, network):
    screen = open_screen(
        "pages/receptive_field.py", address={**LAST, "exhibit": "F3", "node": "mix", "row": "5", "column": "6"}
    )
    assert screen.errors == []
    menu = next(one for one in screen.at.selectbox if one.label == "Layer")
    assert [option for option in menu.options if option.startswith("mix")] == ["mix · dense · 5 @ 6×7 · sees 3×2"]
    assert "rows 5–7 and columns 6–7" in screen.words
    put(screen, "Channel", 4)
    header = screen.header(FIELD_MAP)
    assert [header[part] for part in ("rows", "columns", "row", "column")] == [6, 7, 5, 6]
    shown = np.frombuffer(screen.component(FIELD_MAP).bytes[-4 * 42 :], np.float32).reshape(6, 7)
    np.testing.assert_allclose(shown, mixed()[1][:, :, 4].detach(), rtol=1e-5)
    assert list(screen.at.dataframe[0].value["output"])[1:4] == ["4 @ 6×7", "4 @ 6×7", "5 @ 6×7"]


@last
def test_F4_tells_the_units_own_gradient(open_screen, network):
    screen = open_screen(
        "pages/receptive_field.py", address={**LAST, "exhibit": "F4", "node": "mix", "row": "5", "column": "1"}
    )
    assert screen.errors == []
    inputs, output = mixed()
    output[5, 1].mean().backward()
    centre, side = measure(inputs.grad[0].abs().sum(0).double().numpy(), (5, 1, 8, 3))
    told = re.search(
        r"Middle half: \*\*(\d+)%\*\* of the gradient. 90 % of it lie within \*\*([\d.]+)×([\d.]+)", screen.words
    )
    assert told, screen.words
    assert int(told[1]) == round(100 * centre)
    assert (float(told[2]), float(told[3])) == pytest.approx((3 * side, 2 * side), abs=0.06)


@last
def test_provenance_counts_channels_rows_and_columns(open_screen, network):
    screen = open_screen("pages/provenance.py", address={**LAST, "unit": "mix.3_4_2"})
    assert screen.errors == []
    assert "mix · channel 2 (3, 4)" in screen.words
    assert "What each channel below adds" in screen.words
    header = screen.header(PROVENANCE_MAP)
    assert [header[part] for part in ("rows", "columns", "row", "column")] == [6, 7, 3, 4]
    shown = np.frombuffer(screen.component(PROVENANCE_MAP).bytes[-4 * 42 :], np.float32).reshape(6, 7)
    np.testing.assert_allclose(shown, mixed()[1][:, :, 2].detach(), rtol=1e-5)
    channel = next(one for one in screen.at.number_input if one.label == "Channel")
    assert (channel.value, channel.max) == (2, 4)
    put(screen, "Channel", 4)
    assert screen.address["unit"] == "mix.3_4_4"
    screen.trigger(PROVENANCE_MAP, "unit", {"node": "mix", "row": 5, "column": 6})
    assert screen.address["unit"] == "mix.5_6_4"


@last
def test_class_averages_are_those_of_channels(open_screen, network):
    parts = {"exhibit": "Averages", "a": LAST["network"], "a_layer": "mix", "b": LAST["network"], "b_layer": "conv"}
    screen = open_screen("pages/compare_activations.py", address=parts)
    assert screen.errors == []
    assert "Channel, 0 to 4" in [one.label for one in screen.at.number_input]
    assert "shapes do not agree" not in screen.words  # both are maps of 6×7


# ── names of 300 signs ──────────────────────────────────────────────────────────────────────────────────────

NAMED = {"sample": "cat", "network": "tests.models.odd:LONG_NAME"}
LONG_PAGES = {
    "receptive_field": {**NAMED, "exhibit": "F3", "node": odd.LONG},
    "provenance": {**NAMED, "unit": f"{odd.LONG}.3_4_2"},
    "feature_maps": {**NAMED, "layer": odd.LONG},
    "compare_activations": {"exhibit": "Maps", "a": NAMED["network"], "a_layer": odd.LONG},
}


@pytest.mark.parametrize("network", ["LONG_NAME"], indirect=True)
@pytest.mark.parametrize("page", LONG_PAGES)
def test_a_long_name_is_short_in_the_menu_and_whole_on_pointing(open_screen, network, page):
    screen = open_screen(f"pages/{page}.py", address=LONG_PAGES[page])
    assert screen.errors == []
    assert not screen.at.warning
    menus = [one for one in screen.at.selectbox if one.label in ("Layer", "Its layer")]
    assert max(len(option) for menu in menus for option in menu.options) < 120
    assert odd.LONG in [read(menu.help or "") for menu in menus]
    part = next(name for name, value in LONG_PAGES[page].items() if odd.LONG in value)
    assert screen.address[part] == LONG_PAGES[page][part]
