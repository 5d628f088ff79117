"""A network of the user's own: found, tried, added; every mistake one sentence."""

import sys

import numpy as np
import pytest
import torch

from explorer.errors import ExplorerError
from explorer.models import registry
from explorer.models.own import add_from, own_spec, read_shape

CODE = """
import torch
from torch import nn

def make():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(4 * 36, 3))
make.input_shape = (3, 8, 8)
make.labels = ("a", "b", "c")
make.mean = (0.5, 0.5, 0.5)

def bare():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 2))

def fails():
    raise RuntimeError("no such file\\nsecond line")

def leaves():
    raise SystemExit(3)

def number():
    return 3

def pair():
    class Pair(nn.Module):
        def forward(self, x):
            return x, x
    return Pair()

def grey():
    return bare()
grey.input_shape = (1, 8, 8)
grey.labels = ("only one",)

def flat():
    return bare()
flat.input_shape = (1, 8, 8)
flat.std = (0,)
thing = 3

def alone():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 1))
alone.input_shape = (1, 8, 8)
alone.labels = ("a", "b")
alone.mean = (0,)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "netsofmine.py").write_text(CODE)
    (tmp_path / "brokenofmine.py").write_text("import nothing_of_that_name")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(registry, "MODELS", registry.MODELS)
    yield
    sys.modules.pop("netsofmine", None)
    for name in [name for name in registry.MODELS if "ofmine" in name]:
        del registry.MODELS[name]


def test_it_becomes_a_spec():
    spec = own_spec("netsofmine:make")
    assert (spec.name, spec.title, spec.input_shape, spec.labels) == (
        "netsofmine:make",
        "make",
        (3, 8, 8),
        ("a", "b", "c"),
    )
    assert spec.own
    assert spec.has_weights()
    assert not spec.shipped
    assert spec.load()(torch.zeros(1, 3, 8, 8)).shape == (1, 3)
    inputs = spec.feeding.preprocess(np.full((20, 30, 3), 255, np.uint8))
    assert inputs.unique().tolist() == [0.5]  # 255 / 255 − 0.5
    assert spec.feeding.display(inputs).min() == 255


def test_the_shape_can_be_said_from_outside():
    spec = own_spec("netsofmine:bare", (1, 8, 8))
    assert spec.labels == ("0", "1")
    assert spec.feeding.preprocess(np.zeros((5, 5, 3), np.uint8)).shape == (1, 1, 8, 8)


def test_arguments_of_the_app():
    assert add_from(["--something"]) is None
    spec = add_from(["--model", "netsofmine:bare", "--input-shape=1,8,8"])
    assert registry.find("netsofmine:bare") is spec
    assert registry.opening() == "netsofmine:bare"
    with pytest.raises(ExplorerError, match="already"):
        add_from(["--model=netsofmine:bare", "--input-shape", "1,8,8"])


@pytest.mark.parametrize(
    ("target", "shape", "words"),
    [
        ("netsofmine", None, "package.module:factory"),
        (":make", None, "package.module:factory"),
        ("nothing_of_that_name:make", None, "cannot be imported (ModuleNotFoundError"),
        ("brokenofmine:make", None, "nothing_of_that_name"),
        ("netsofmine:other", None, "has no function “other”"),
        ("netsofmine:thing", None, "has no function “thing”"),
        ("netsofmine:bare", None, "--input-shape 3,224,224"),
        ("netsofmine:fails", (1, 8, 8), "fails when it is called (RuntimeError: no such file)"),
        ("netsofmine:leaves", (1, 8, 8), "SystemExit"),
        ("netsofmine:number", (1, 8, 8), "returns int and not an nn.Module"),
        ("netsofmine:make", (3, 9, 9), "fails on an input of shape (3, 9, 9)"),
        ("netsofmine:pair", (3, 9, 9), "returns no tensor"),
        ("netsofmine:grey", None, "2 numbers and has 1 label:"),
        ("netsofmine:flat", None, "std"),
        ("netsofmine:alone", None, "gives 1 number and has 2 labels"),
    ],
)
def test_every_mistake_is_one_sentence(target, shape, words):
    with pytest.raises(ExplorerError) as caught:
        own_spec(target, shape)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "3", "3,224", "3,224,224,1", "2,8,8", "3,8,9", "3,0,0", "3,99999,99999", "a,b,c", "3,8.0,8"]
)
def test_shapes_that_no_picture_can_take(text):
    with pytest.raises(ExplorerError, match="channels,height,width"):
        read_shape(text)


def test_a_shape():
    assert read_shape("3,224,224") == (3, 224, 224)


def test_what_was_assumed_is_told():
    bare = own_spec("netsofmine:bare", (1, 8, 8)).summary
    assert "a mean of 0 and a deviation of 1 for pixel values from 0 to 1, 2 classes called by number" in bare
    assert bare.endswith("(set factory.mean, factory.std, factory.labels).")
    half = own_spec("netsofmine:make").summary
    assert half.endswith("does not say: a deviation of 1 for pixel values from 0 to 1 (set factory.std).")
    sys.modules["netsofmine"].make.std = (0.5, 0.5, 0.5)
    assert own_spec("netsofmine:make").summary == "Your own network, netsofmine:make."


@pytest.mark.parametrize(
    ("name", "labels", "sigmoid"),
    [
        ("ONE_SIGMOID", ("0",), True),
        ("SIGMOIDS", ("0", "1", "2"), True),
        ("ONE_NUMBER", ("0",), False),
        ("SOFTMAX", ("0", "1", "2"), False),
        ("ADDED", ("0", "1", "2"), False),
        ("FINAL_CONVOLUTION", ("0", "1", "2"), False),
        ("MAP", (), False),
    ],
)
def test_what_its_numbers_are_is_seen(name, labels, sigmoid):
    spec = own_spec(f"tests.models.odd:{name}")
    assert (spec.labels, spec.sigmoid) == (labels, sigmoid)
