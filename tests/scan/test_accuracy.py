"""Photographs that say their class: found by name or folder, fed as the pages do, counted right."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from timm.data import create_transform, resolve_data_config

from explorer.errors import ExplorerError
from explorer.models.efficientnet import EFFICIENTNET
from explorer.models.registry import find
from explorer.scan.accuracy import Accuracy, measure
from explorer.scan.imagenet_files import Photograph, photographs

CAT, FISH = "n02123045", "n01440764"  # 281 tabby, 0 tench


def picture(path, shade=128):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((40, 50, 3), shade, np.uint8)).save(path)


def test_a_class_is_read_from_the_name_or_the_folder(tmp_path):
    for name in (f"{CAT}_tabby.jpg", f"{FISH}/one.png", "n99999999_nothing.jpg", "holiday.jpg"):
        picture(tmp_path / name)
    (tmp_path / f"{CAT}_words.txt").write_text("no picture")
    assert photographs(tmp_path) == [
        Photograph(tmp_path / f"{FISH}/one.png", 0),
        Photograph(tmp_path / f"{CAT}_tabby.jpg", 281),
    ]


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(ExplorerError, match="There is no folder"):
        photographs(tmp_path / "none")
    picture(tmp_path / "holiday.jpg")
    with pytest.raises(ExplorerError, match="Nothing tells the classes"):
        photographs(tmp_path)


def test_right_ones_are_counted_and_damaged_ones_told(tmp_path):
    picture(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes(b"no picture")
    row = find("efficientnet_lite0").load()(EFFICIENTNET.feeding.preprocess(np.full((40, 50, 3), 128, np.uint8)))[0]
    order = row.argsort(descending=True).tolist()
    asked = [Photograph(tmp_path / "a.jpg", order[place]) for place in (0, 1, 4, 5)]
    told = []
    assert measure(EFFICIENTNET, [*asked, Photograph(tmp_path / "b.jpg", 0)], told.append) == Accuracy(4, 1, 3)
    assert len(told) == 1
    assert "b.jpg" in told[0]
    with pytest.raises(ExplorerError, match="None of the photographs"):
        measure(EFFICIENTNET, [Photograph(tmp_path / "b.jpg", 0)])


def test_a_network_of_other_classes_is_refused(tmp_path, say):
    picture(tmp_path / f"{CAT}.jpg")
    assert say("accuracy", "colour", tmp_path)[2] == (
        "Colour network does not name ImageNet's 1,000 classes: choose one that does.\n"
    )


def test_the_command_says_both_shares(tmp_path, say):
    picture(tmp_path / f"{CAT}.jpg")
    status, out, _ = say("accuracy", "efficientnet_lite0", tmp_path, "--json")
    assert status == 0
    assert json.loads(out) | {"first": 0, "among_five": 0, "top1": 0, "top5": 0} == {
        **{"network": "efficientnet_lite0", "photographs": 1, "first": 0, "among_five": 0, "top1": 0, "top5": 0}
    }
    assert say("accuracy", "efficientnet_lite0", tmp_path)[1].startswith("EfficientNet-Lite0 on 1 photograph: top-1 ")


def test_as_right_as_under_timms_own_preprocessing():
    """On every tenth of 1,000 photographs, one a class: picture by picture the same answer."""
    folder = Path(os.environ.get("EXPLORER_DATA", ""), "photos")
    if "EXPLORER_DATA" not in os.environ or not folder.is_dir():
        pytest.skip("needs photographs named after their WordNet id: a folder photos in EXPLORER_DATA")
    every_tenth = photographs(folder)[::10]
    network = EFFICIENTNET.load()
    transform = create_transform(**resolve_data_config({}, model=network))
    with torch.inference_mode():
        five = (
            torch.cat([network(transform(Image.open(p.path).convert("RGB"))[None]) for p in every_tenth])
            .topk(5)
            .indices
        )
    right = five == torch.tensor([p.label for p in every_tenth])[:, None]
    found = measure(EFFICIENTNET, every_tenth)
    assert abs(found.first - int(right[:, 0].sum())) <= 1  # half a point of a hundred, and not less than one picture
    assert abs(found.among_five - int(right.sum())) <= 1
    assert found.top1 > 0.6
