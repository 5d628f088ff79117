"""Weights on disk: what is written is read back, and a file that does not fit says why."""

import json
import pickle
import zipfile

import pytest
import torch
from safetensors.torch import save_file

from explorer.errors import ExplorerError
from explorer.models.lenet import lenet5
from explorer.models.registry import MODELS, SHIPPED
from explorer.models.weights import check_writable, load_weights, read_card, save_weights


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.safetensors"


def changed(path, **tensors):
    """LeNet-5's weights with some tensors replaced; None takes one away."""
    state = {name.replace(".", "_"): (name, tensor) for name, tensor in lenet5().state_dict().items()}
    state |= {key: (state.get(key, (key,))[0], tensor) for key, tensor in tensors.items()}
    save_file({name: tensor for name, tensor in state.values() if tensor is not None}, path)


@pytest.mark.parametrize("spec", [MODELS[name] for name in SHIPPED], ids=lambda spec: spec.name)
def test_round_trip(spec, path):
    saved = spec.build().to(memory_format=torch.channels_last)  # as it comes from training
    save_weights(saved, path, {"seed": 0, "note": "×"})
    loaded = load_weights(spec.build(), path)
    for name, tensor in saved.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor), name
    assert read_card(path) == {"seed": 0, "note": "×"}


def test_save_makes_the_folder(tmp_path):
    target = tmp_path / "new" / "folder" / "net.safetensors"
    save_weights(lenet5(), target, {})
    assert {file.name for file in target.parent.iterdir()} == {"net.safetensors", "net.json"}
    assert json.loads(target.with_suffix(".json").read_text()) == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"c3_weight": torch.zeros(16, 1, 5, 5)}, ["c3.weight", "(16, 1, 5, 5)", "(16, 6, 5, 5)"]),
        ({"output_bias": torch.zeros(11)}, ["output.bias", "(11,)", "(10,)"]),
        ({"c1_bias": torch.zeros(6, dtype=torch.int8)}, ["c1.bias", "I8", "F32"]),
        ({"f6_bias": None}, ["lacks", "f6.bias"]),
        ({"extra": torch.zeros(1)}, ["“extra”", "does not know"]),
    ],
    ids=["shape", "length", "int8", "missing", "extra"],
)
def test_a_misfit_is_named_and_changes_nothing(path, change, words):
    changed(path, **change)
    network = lenet5()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with pytest.raises(ExplorerError) as caught:
        load_weights(network, path)
    assert all(word in str(caught.value) for word in [path.name, *words])
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())


def test_another_precision_is_converted(path):
    changed(path, c1_bias=torch.full((6,), 0.5, dtype=torch.float64))
    bias = load_weights(lenet5(), path).state_dict()["c1.bias"]
    assert (bias.dtype, bias.tolist()) == (torch.float32, [0.5] * 6)


def test_another_networks_weights(path):
    save_weights(MODELS["colour"].build(), path, {})
    with pytest.raises(ExplorerError, match=r"weights\.safetensors lacks the tensor"):
        load_weights(lenet5(), path)


def renamed_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", b"x" * 1000)


class Trap:
    """Unpickling it would end the tests."""

    def __reduce__(self):
        return pytest.exit, ("a pickle was run",)


def cut(path):
    changed(path)
    path.write_bytes(path.read_bytes()[:-1000])


def cut_header(path):
    changed(path)
    path.write_bytes(path.read_bytes()[:50])


UNREADABLE = {
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 20),
    "empty": lambda path: path.write_bytes(b""),
    "truncated": cut,
    "truncated header": cut_header,
    "enormous header": lambda path: path.write_bytes(b"\xff" * 8 + b"{}"),
    "zip": renamed_zip,
    "pickle": lambda path: path.write_bytes(pickle.dumps(Trap())),
    "torch.save": lambda path: torch.save(lenet5().state_dict(), path),
    "text": lambda path: path.write_text("weights"),
    "folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_safetensors_file_is_refused(path, make):
    make(path)
    with pytest.raises(ExplorerError, match=r"weights\.safetensors is not a readable safetensors file"):
        load_weights(lenet5(), path)


def test_missing_file(path):
    with pytest.raises(ExplorerError, match=r"weights\.safetensors is missing"):
        load_weights(lenet5(), path)


@pytest.mark.parametrize("content", [None, "{", "\xff"])
def test_bad_card(path, content):
    if content is not None:
        path.with_suffix(".json").write_bytes(content.encode("latin-1"))
    with pytest.raises(ExplorerError, match=r"weights\.json"):
        read_card(path)


def test_writable_leaves_no_trace(path):
    check_writable(path)
    assert not path.exists()
    path.write_bytes(b"kept")
    check_writable(path)
    assert path.read_bytes() == b"kept"


@pytest.mark.parametrize("below", ["file/net.safetensors", "folder.safetensors"])
def test_unwritable_is_a_sentence(tmp_path, below):
    (tmp_path / "file").write_text("a file, not a folder")
    (tmp_path / "folder.safetensors").mkdir()
    with pytest.raises(ExplorerError, match="cannot be written"):
        check_writable(tmp_path / below)
