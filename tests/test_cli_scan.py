"""`python -m explorer scan`: one answer on stdout, progress on stderr, files where they were asked for."""

import json

import pytest
from PIL import Image

from explorer import cli


@pytest.fixture
def say(capsys):
    def run(*words):
        status = cli.main([str(word) for word in words])
        return status, *capsys.readouterr()

    return run


def test_scan_as_json_and_again_from_the_cache(say):
    words = ("scan", "lenet5", "digits", "--limit", 40, "--k", 3, "--json")
    status, out, err = say(*words)
    assert status == 0
    found = json.loads(out)
    assert (found["network"], found["pictures"], found["k"], found["seen"]) == ("lenet5", 40, 3, 40)
    assert found["state_bytes"] == 142 * 2 * 3 * 10
    assert [(layer["name"], len(layer["best"]), layer["map"]) for layer in found["layers"]] == [
        ("c1", 6, [28, 28]),
        ("c3", 16, [10, 10]),
        ("c5", 120, [1, 1]),
    ]
    assert found["layers"][1]["receptive_field"] == {"size": [14, 14], "stride": [2, 2], "start": [0, 0]}
    patches = found["layers"][0]["least"][0]
    assert [list(patch) for patch in patches] == [["score", "picture", "row", "column"]] * 3
    assert patches[0]["score"] <= patches[2]["score"]
    assert "40 of 40 pictures" in err
    assert json.loads(say(*words)[1]) == found


def test_scan_in_words_and_into_a_folder(say, tmp_path):
    status, out, _ = say("scan", "lenet5", "digits", "--limit", 20, "--batch-size", 6, "--out", tmp_path / "out")
    assert status == 0
    assert out.startswith("LeNet-5 on Small digits (offline): 20 pictures.")
    assert out.count("highest: channel") == 3
    sheets = {f"{name}_{end}.png" for name in ("c1", "c3", "c5") for end in ("best", "least")}
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"top_patches.json", *sheets}


def test_scan_of_a_folder_by_its_path(say, tmp_path):
    for index in range(3):
        Image.new("L", (40, 40), 60 * index).save(tmp_path / f"{index}.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    status, out, _ = say("scan", "colour", tmp_path, "--k", 2, "--json")
    found = json.loads(out)
    assert (status, found["seen"], found["skipped"]) == (0, 4, 1)


@pytest.mark.parametrize("words", [("nothing", "digits"), ("lenet5", "nothing"), ("lenet5", "digits", "--k", "0")])
def test_scan_refuses_in_one_sentence(say, words):
    status, out, err = say("scan", *words)
    assert (status, out, err.count("\n")) == (1, "", 1)


def test_a_folder_that_cannot_be_written(say, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, err = say("scan", "lenet5", "digits", "--limit", 5, "--out", tmp_path / "file")
    assert status == 1
    assert "choose another folder" in err
