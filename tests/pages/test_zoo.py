"""torchvision's networks on the two network pages: random weights are marked, weights come by download and by upload."""

import io
import time

import pytest
import safetensors.torch
import torch

from explorer.live import downloads, registry
from explorer.models import hub
from explorer.models.registry import find
from tests.pages.conftest import read

NAME = "squeezenet1_1"
UPLOADER = f"weights of {NAME}"
MARK = "Random weights"


@pytest.fixture(autouse=True)
def hub_home(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(registry, "_JOBS", {})
    monkeypatch.setattr(hub, "ADDRESS", "http://127.0.0.1:9/")  # nobody is there


def state(seed=1):
    torch.manual_seed(seed)
    return find(NAME).build().state_dict()


def upload(screen, name, data):
    screen.at.session_state[f"weights panel {NAME}"] = True  # opened
    screen.at.run()
    screen.at.file_uploader(key=UPLOADER).set_value((name, data, "application/octet-stream")).run()
    return screen


def expander(screen):
    return [read(one.label) for one in screen.at.expander if one.label.startswith("Weights")]


@pytest.mark.parametrize("name", [NAME, "resnet18"])
def test_the_blocks_are_shown_and_the_random_weights_marked(home, name):
    home.select("network_widget", name)
    assert home.errors == []
    assert any(warning.value.startswith(MARK) for warning in home.at.warning)
    header = home.header("home_network")
    assert header["title"] == find(name).title
    assert header["note"].endswith("random weights")
    assert header["answer"] == []
    assert 10 <= len(header["layers"]) <= 24
    assert all(len(layer["channels"]) <= 128 for layer in header["layers"])
    assert header["layers"][0]["shapeText"].endswith((", first 11", ", first 12"))
    assert len(home.component("home_network").bytes) < 8e6


def test_a_block_opens_its_last_layer_on_feature_maps(open_screen):
    screen = open_screen("app.py").select("network_widget", "resnet18")
    screen.trigger("home_network", "followed", {"layer": "layer2.0", "channel": 5})
    assert screen.errors == []
    assert screen.at.session_state["explorer.place feature_maps"].settings.layer == "layer2.0.relu"
    assert "How channel 5 of layer2.0.relu was made" in screen.words


def test_every_kind_of_layer_can_be_looked_at(feature_maps):
    feature_maps.select("network_widget", "googlenet")
    for layer in ("conv1.conv", "conv1.bn", "maxpool1", "inception3a.branch4.0", "avgpool", "fc"):
        feature_maps.select("feature_maps G4 layer", layer)
        assert feature_maps.errors == [], layer
        assert f"0 of {layer} was made" in feature_maps.words
        shown = feature_maps.header("feature_maps")["layers"]
        assert [one["name"] for one in shown] == [layer]
    feature_maps.select("feature_maps G4 layer", "conv2.conv")
    feature_maps.send("feature_maps", chosen={"layer": "conv2.conv", "channel": 30})
    assert "How channel 30 of conv2.conv was made" in feature_maps.words
    feature_maps.at.multiselect[0].set_value([63, 2]).run()
    assert feature_maps.errors == []
    assert feature_maps.header("feature_maps")["layers"][0]["channels"] == [63, 2]


def test_a_pool_inside_a_branch_shows_no_layer_that_it_does_not_take(feature_maps):
    feature_maps.select("network_widget", "googlenet").select("feature_maps G4 layer", "inception3b.branch4.0")
    assert "branch3" not in feature_maps.words  # ran before it, in another branch


def test_a_photo_keeps_the_large_network(home):
    home.select("network_widget", NAME).pick("source_widget", "sample")
    home.select("sample_widget", "coffee")
    assert home.errors == []
    assert home.choice.network == NAME


# ── weights ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_in_the_hub_folder_is_used(home):
    path = find(NAME).stored.path
    path.parent.mkdir(parents=True)
    torch.save(state(), path)
    home.select("network_widget", NAME)
    assert home.errors == []
    assert not home.at.warning
    assert len(home.header("home_network")["answer"]) == 10
    assert "not torchvision's own" in expander(home)[0]


def test_a_damaged_copy_is_said_and_random_weights_are_shown(home):
    path = find(NAME).stored.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no weights")
    home.select("network_widget", NAME)
    assert len(home.errors) == 1
    assert "damaged" in home.errors[0]
    assert home.header("home_network")["note"].endswith("random weights")


def test_a_download_that_fails_is_one_sentence(home):
    home.select("network_widget", NAME)
    button = next(one for one in home.at.button if one.label.startswith("Download"))
    assert "5 MB" in button.label
    button.click().run()
    running = downloads.find_download(find(NAME).stored)
    for _ in range(200):
        if not running.live:
            break
        time.sleep(0.05)
    home.at.run()
    assert any("could not be downloaded" in error for error in home.errors)


@pytest.mark.parametrize("kind", ["safetensors", "pt"])
def test_uploaded_weights_are_used_and_given_back(home, kind):
    data = safetensors.torch.save(state())
    if kind == "pt":
        file = io.BytesIO()
        torch.save(state(), file)
        data = file.getvalue()
    home.select("network_widget", NAME)
    upload(home, f"mine.{kind}", data)
    assert home.errors == []
    assert expander(home) == [f"Weights: your file mine.{kind}"]
    assert len(home.header("home_network")["answer"]) == 10
    assert home.header("home_network")["note"].endswith(f"mine.{kind}")
    first = home.header("home_network")["answer"]
    upload(home, "bad.pt", b"\x80\x02cos\nsystem\n.")
    assert len(home.errors) == 1
    assert "may run code" in home.errors[0]
    assert "The weights stay as they were." in home.errors[0]
    assert home.header("home_network")["answer"] == first  # the last valid ones
    home.at.button(key=f"forget {NAME}").click().run()
    assert expander(home) == ["Weights: random weights"]


def test_weights_of_another_network_say_which_tensor(home):
    home.select("network_widget", NAME)
    upload(home, "lenet.safetensors", safetensors.torch.save(find("lenet5").build().state_dict()))
    assert "lacks the tensor" in home.errors[0]
    assert "“lenet.safetensors”" in home.errors[0]
    assert home.header("home_network")["title"] == find(NAME).title


def test_small_networks_take_weights_too(home):
    home.at.session_state["weights panel lenet5"] = True
    home.at.run()
    home.at.file_uploader(key="weights of lenet5").set_value(
        ("mine.safetensors", safetensors.torch.save(find("lenet5").build().state_dict()), "")
    ).run()
    assert home.errors == []
    assert home.header("home_network")["note"].endswith("your file mine.safetensors")
