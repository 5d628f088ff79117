"""Weights from strangers: what fits is read as PyTorch reads it, everything else is refused with a sentence."""

import argparse
import collections
import datetime
import io
import json
import pathlib
import pickle
import struct
import time
import warnings
import zipfile

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.lenet import lenet5
from explorer.models.matching import check_fit
from explorer.models.uploads import matching, most_bytes, read_state_dict


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(8, 2))


STATE = network().state_dict()


def saved(value, **settings):
    file = io.BytesIO()
    torch.save(value, file, **settings)
    return file.getvalue()


def read(data, expected=STATE, **settings):
    return read_state_dict(data, expected, file="“w.pt”", **settings)


def same(found, expected=STATE):
    assert found.keys() == expected.keys()
    assert all(
        torch.equal(found[name], tensor) and found[name].dtype == tensor.dtype for name, tensor in expected.items()
    )


ODD = network()
ODD[3].weight = nn.Parameter(torch.arange(16.0).reshape(8, 2).T)  # strided
GOOD = {
    "safetensors": (safetensors.torch.save(STATE), STATE),
    "state dict": (saved(STATE), STATE),
    "plain dict": (saved(dict(STATE)), STATE),
    "pickle protocol 4": (saved(STATE, pickle_protocol=4), STATE),
    "parameters": (saved({**STATE, **dict(network().named_parameters())}), STATE),
    "a checkpoint": (saved({"epoch": 3, "loss": 0.5, "best": None, "model": STATE, "log": [1, True]}), STATE),
    "with an optimiser": (
        saved({"state_dict": STATE, "optimizer": torch.optim.Adam(network().parameters()).state_dict()}),
        STATE,
    ),
    "data parallel": (saved({f"module.{name}": tensor for name, tensor in STATE.items()}), STATE),
    "strides": (saved(ODD.state_dict()), ODD.state_dict()),
    "shared storage": (saved({**STATE, "0.bias": torch.arange(9.0)[2:6], "1.bias": torch.arange(9.0)[1:5]}), None),
    "without counters": (saved({n: t for n, t in STATE.items() if "num" not in n}), STATE),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_fits_is_read(name):
    data, expected = GOOD[name]
    found = read(data)
    if expected:
        same(found, expected)
    network().load_state_dict(found)


@pytest.mark.parametrize("first", [b"\x80", b"PK"])
def test_safetensors_may_begin_as_other_files_do(first):
    """The first bytes are the header's length, so that it can be that of a pickle or of an archive."""
    data = safetensors.torch.save(STATE)
    length = struct.unpack_from("<Q", data)[0]
    wanted = next(n for n in range(length, 2**16) if struct.pack("<Q", n).startswith(first))
    padded = struct.pack("<Q", wanted) + data[8 : 8 + length] + b" " * (wanted - length) + data[8 + length :]
    same(read(padded))


@pytest.mark.parametrize("value", [float("nan"), float("-inf")])
@pytest.mark.parametrize("save", [safetensors.torch.save, saved])
def test_what_is_no_number_is_refused(save, value):
    state = {name: tensor.clone() for name, tensor in STATE.items()}
    state["0.weight"][1, 2, 0, 0] = value
    with pytest.raises(ExplorerError, match=r"“w\.pt”: “0\.weight” has values that are no numbers"):
        read(save(state))


def renamed(prefix, state=STATE):
    return {f"{prefix}{name}": tensor for name, tensor in state.items()}


WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "network", "weights", "params", "model_ema", "anything")
BESIDE = {
    "a tensor": torch.tensor(0.5),
    "a number of NumPy's": np.float64(0.5),
    "an array": np.arange(3),
    "a namespace": argparse.Namespace(rate=0.1, layers=[1, 2]),
    "a device": torch.device("cpu"),
    "a size": torch.Size([1, 2]),
    "a type": torch.bfloat16,
    "a path": pathlib.PurePosixPath("runs/3"),
    "a date": datetime.datetime(2026, 1, 1),
    "a dict of lists": collections.defaultdict(list, {"a": [1]}),
    "a set": {1, 2},
    "bytes": b"abc",
    "a version": torch.__version__,
    "an unknown number": torch.zeros(2, dtype=torch.complex64),
    "an eighth": torch.zeros(2).to(torch.float8_e4m3fn),
    "a random state": torch.get_rng_state(),
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_weights_are_found_beside_other_things(wrapper):
    same(read(saved({"loss": torch.tensor(1.0), "epoch": 3, wrapper: STATE})))
    same(read(saved({"checkpoint": {"inner": {wrapper: STATE}}})))


@pytest.mark.parametrize("prefix", ["module.", "model.", "_orig_mod.", "module._orig_mod.", "backbone.body."])
@pytest.mark.parametrize("save", [saved, safetensors.torch.save], ids=["pt", "safetensors"])
def test_what_stands_before_every_name_is_taken_off(save, prefix):
    same(read(save(renamed(prefix))))
    same(read(save({**renamed(prefix), "loss.weight": torch.zeros(2)})))  # beside the network


def test_of_the_network_and_its_average_the_network_is_taken():
    average = {name: torch.zeros_like(tensor) for name, tensor in STATE.items()}
    same(read(saved({"model": STATE, "model_ema": average})))


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("name", BESIDE)
def test_what_is_harmless_may_stand_beside_weights(name, protocol):
    same(read(saved({"weights": STATE, "more": BESIDE[name], "much": [BESIDE[name]] * 2}, pickle_protocol=protocol)))


@pytest.mark.parametrize("save", [saved, safetensors.torch.save], ids=["pt", "safetensors"])
@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_converted(save, kind):
    other = {name: tensor.to(kind) if tensor.is_floating_point() else tensor for name, tensor in STATE.items()}
    same(read(save(other)), {name: tensor.to(STATE[name].dtype) for name, tensor in other.items()})


def test_what_does_not_fit_into_the_precision_is_no_number():
    with pytest.raises(ExplorerError, match="no numbers"):
        read(saved({**STATE, "3.bias": torch.tensor([1e300, 0.0], dtype=torch.float64)}))


def test_one_missing_tensor_is_not_another_network():
    most = {name: tensor for name, tensor in STATE.items() if name != "3.bias"}
    with pytest.raises(
        ExplorerError, match=r"lacks the tensor “3\.bias” of this network's 8: save all of network"
    ) as caught:
        read(saved(renamed("module.", most)))
    assert "another" not in str(caught.value)
    with pytest.raises(ExplorerError, match=r"and 7 more of this network's 8: it belongs to another network"):
        read(saved({"conv.weight": torch.zeros(2)}))


def test_torchscript_is_called_so():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = io.BytesIO()
        torch.jit.save(torch.jit.script(network()), file)
    with pytest.raises(ExplorerError, match="is TorchScript"):
        read(file.getvalue())


def test_names_without_end_do_not_take_without_end():
    names = [f"{number}.weight" for number in range(20_000)]
    began = time.monotonic()
    assert matching(names, {"weight": None, "bias": None})["weight"].endswith(".weight")
    assert time.monotonic() - began < 2


def test_shared_storage_by_hand():
    found = read(GOOD["shared storage"][0])
    assert found["0.bias"].tolist() == [2, 3, 4, 5]
    assert found["1.bias"].tolist() == [1, 2, 3, 4]


def test_shapes_alone_are_enough_to_expect():
    with torch.device("meta"):
        expected = network().state_dict()
    same(read(saved(STATE), expected))


def test_ignored_names():
    extra = {**STATE, "aux.weight": torch.zeros(2)}
    for data in (saved(extra), safetensors.torch.save(extra)):
        same(read(data, ignored=("aux.",)))


@pytest.mark.parametrize("save", [saved, safetensors.torch.save], ids=["pt", "safetensors"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"0.weight": torch.zeros(4, 3, 5, 5)}, ["“0.weight”", "(4, 3, 5, 5)", "(4, 3, 3, 3)"]),
        ({"3.bias": torch.zeros(2, dtype=torch.int32)}, ["“3.bias”", "I32", "F32"]),
        ({"more": torch.zeros(1)}, ["“more”", "does not know"]),
        ({"3.bias": None}, ["lacks", "“3.bias”"]),
    ],
    ids=["shape", "type", "extra", "missing"],
)
def test_a_misfit_is_named(save, change, words):
    state = {name: tensor for name, tensor in {**STATE, **change}.items() if tensor is not None}
    with pytest.raises(ExplorerError) as caught:
        read(save(state))
    assert all(word in str(caught.value) for word in ["“w.pt”", *words])


# ── hostile files ───────────────────────────────────────────────────────────────────────────────────────


class Trap:
    """Unpickling it would end the tests."""

    def __reduce__(self):
        return pytest.exit, ("a pickle was run",)


def archive(pickled, storages=(), compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as target:
        target.writestr("a/data.pkl", pickled)
        for key, data in storages:
            target.writestr(f"a/data/{key}", data)
    return file.getvalue()


def recompressed(data):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return file.getvalue()


def without_numbers():
    """Tensors that claim numbers which are not there."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(STATE))) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"" if "/data/" in name else source.read(name))
    return file.getvalue()


def nested(depth=200):
    """Tuples in tuples, each twice: as a dict's key it would take 2^200 steps to hash."""
    return b"\x80\x02}(" + b")q\x00" + b"h\x00\x86q\x00h\x00".join([b"h\x00"] * depth) + b"K\x01u."


def header(entries, length=None):
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text


BAD = {
    "a module": (saved(network()), "wants to run code"),
    "a trap": (saved({"0.weight": Trap()}), "wants to run code"),
    "a trap beside weights": (saved({"state_dict": STATE, "x": Trap()}), "wants to run code"),
    "os.system": (archive(b"cos\nsystem\n(S'true'\ntR."), "wants to run code"),
    "an instance": (archive(b"(S'true'\nios\nsystem\n."), "wants to run code"),
    "by stack": (archive(b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R."), "wants to run code"),
    "an extension": (archive(b"\x80\x02\x82\x01."), "wants to run code"),
    "a new object": (archive(b"\x80\x02ccollections\nOrderedDict\n)\x81."), "wants to run code"),
    "arguments for a dict": (archive(b"\x80\x02ccollections\nOrderedDict\nK\x05\x85R."), "wants to run code"),
    "bare pickle": (pickle.dumps(Trap()), "bare pickle"),
    "old format": (saved(STATE, _use_new_zipfile_serialization=False), "save what it gives with torch.save"),
    "compressed": (recompressed(saved(STATE)), "compressed"),
    "grows": (archive(b"\0" * 10**7, compression=zipfile.ZIP_DEFLATED), "compressed"),
    "an empty pickle": (archive(b""), "damaged"),
    "two pickles": (archive(b"N.", [("../../b/data.pkl", b"N.")]), "not of weights"),
    "no pickle": (recompressed(b"PK\x05\x06" + b"\0" * 18), "not of weights"),
    "numbers missing": (without_numbers(), "damaged"),
    "cut": (saved(STATE)[:-300], "damaged"),
    "huge memo": (archive(b"\x80\x02Nr\xff\xff\xff\x7f."), "no weights"),
    "nested": (archive(nested()), "w.pt"),
    "endless": (archive(b"\x80\x02}"), "damaged"),
    "empty stack": (archive(b"\x80\x02\x86."), "damaged"),
    "no mark": (archive(b"\x80\x02t."), "damaged"),
    "a long number": (archive(b"\x80\x02\x8b\xff\xff\xff\x7f\x01."), "damaged"),
    "a number": (saved(3), "no weights"),
    "a list": (saved([STATE["3.bias"]]), "no weights"),
    "an empty dict": (saved({}), "no weights"),
    "text": (b"weights", "neither"),
    "empty": (b"", "neither"),
    "garbage": (bytes(range(1, 128)) * 9, "neither"),
    "header too long": (header({}, 2**63), "neither"),
    "header no JSON": (struct.pack("<Q", 4) + b"\xff\xfe{}", "neither"),
    "header a list": (header([1]), "neither"),
    "header deep": (struct.pack("<Q", 100_000) + b"[" * 100_000, "neither"),
    "header of text": (header({"0.weight": "x"}), "neither"),
    "claims without numbers": (
        header(
            {
                n: {"dtype": "I64" if "num" in n else "F32", "shape": list(t.shape), "data_offsets": [0, 4]}
                for n, t in STATE.items()
            }
        ),
        "neither",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_hostile_file_is_refused_with_a_sentence(name):
    data, words = BAD[name]
    with pytest.raises(ExplorerError, match=words) as caught:
        read(data)
    assert "“w.pt”" in str(caught.value)
    assert len(str(caught.value)) < 400


def tensor_pickle(shape, stride, offset=0, count=4, key=b"0"):
    """A state dict of one tensor "w" as torch.save writes it, with any numbers."""

    class Writer(pickle._Pickler):
        def persistent_id(self, value):
            return value.text if isinstance(value, Identity) else None

    class Identity:
        text = ("storage", torch.FloatStorage, key.decode(), "cpu", count)

    class Claim:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (Identity(), offset, shape, stride, False, None)

    file = io.BytesIO()
    Writer(file, 2).dump({"w": Claim()})
    return file.getvalue()


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (((10**6, 10**6), (0, 0)), "(1000000, 1000000)"),
        (((4,), (1,), 1), "damaged"),
        (((4,), (2,)), "damaged"),
        (((4,), (1,), 0, 10**12), "damaged"),
        (((4,), (-1,), 3), "damaged"),
        (((4,), (1, 1)), "damaged"),
        (((4.0,), (1,)), "damaged"),
        (((True,), (1,)), "damaged"),
        (((1,) * 60, (1,) * 60), "damaged"),
        (((4,), (1,), 0, 4, b"../x"), "damaged"),
    ],
    ids=str,
)
def test_claims_are_compared_with_what_is_there(claim, words):
    expected = {"w": torch.zeros(4)}
    storages = [("0", struct.pack("<4f", 1, 2, 3, 4))]
    assert read(archive(tensor_pickle((4,), (1,)), storages), expected)["w"].tolist() == [1, 2, 3, 4]
    with pytest.raises(ExplorerError) as caught:
        read(archive(tensor_pickle(*claim), storages), expected)
    assert words in str(caught.value)


def test_a_file_larger_than_its_network_is_refused():
    with pytest.raises(ExplorerError, match="more than"):
        read(b"PK" + bytes(most_bytes(STATE)))


def test_names_of_any_length_stay_readable():
    with pytest.raises(ExplorerError) as caught:
        check_fit("x", {**dict.fromkeys(STATE), "a" * 10**6: None}, STATE)
    assert len(str(caught.value)) < 200


def test_lenet_round_trip():
    state = lenet5().state_dict()
    same(read_state_dict(saved(state), state), state)
