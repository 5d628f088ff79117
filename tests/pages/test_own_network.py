"""Networks of a user's own on the pages: everywhere the answer is what forward returned, or a word why there is none."""

import pytest

from explorer.models import registry
from explorer.models.own import own_spec
from explorer.models.registry import add
from explorer.probe.trial import tried
from tests.models import odd

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
