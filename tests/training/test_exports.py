"""Exports are read back by the programs they are made for: safetensors, ONNX's reference, TensorBoard."""

import json
import struct
from collections import OrderedDict

import numpy as np
import onnx
import pytest
import torch
from onnx.reference import ReferenceEvaluator
from safetensors.torch import load
from torch import nn

from explorer.errors import ExplorerError
from explorer.training.exports import onnx_bytes, tensorboard_bytes, weights_bytes


def small_network() -> nn.Sequential:
    """Every kind of layer that a trainable network may have, with moving averages that are not the first ones."""
    torch.manual_seed(0)
    network = nn.Sequential(
        OrderedDict(
            c1=nn.Conv2d(1, 4, 5),
            norm1=nn.BatchNorm2d(4),
            relu1=nn.LeakyReLU(0.01),
            s2=nn.AvgPool2d(2),
            c3=nn.Conv2d(4, 8, 5),
            relu3=nn.Tanh(),
            s4=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            drop=nn.Dropout(0.5),
            f5=nn.Linear(200, 16),
            norm5=nn.BatchNorm1d(16),
            relu5=nn.Sigmoid(),
            output=nn.Linear(16, 10),
        )
    )
    network(torch.randn(20, 1, 32, 32) * 3 + 1)  # moves the averages
    return network


@pytest.fixture(scope="module")
def exported() -> tuple[nn.Sequential, onnx.ModelProto]:
    network = small_network()
    return network, onnx.load_from_string(onnx_bytes(network, (1, 32, 32), {"normalised": "(x/255 − 0.13)/0.31"}))


@pytest.mark.parametrize("count", [1, 3])
def test_onnx_gives_the_networks_logits_for_any_batch(exported, count):
    _, model = exported
    onnx.checker.check_model(model)
    pictures = torch.randn(count, 1, 32, 32)
    (logits,) = ReferenceEvaluator(model).run(["logits"], {"picture": pictures.numpy()})
    with torch.no_grad():
        expected = small_network().eval()(pictures)
        in_training = small_network().train()(torch.cat([pictures, pictures]))
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    assert not np.allclose(logits, in_training[:count], atol=1e-2)  # dropout and batch statistics would differ


def test_onnx_leaves_the_network_and_keeps_the_notes(exported):
    network, model = exported
    assert all(part.training for part in network.modules())
    first = model.graph.input[0].type.tensor_type.shape.dim
    assert first[0].dim_param
    assert [axis.dim_value for axis in first[1:]] == [1, 32, 32]
    assert {prop.key: prop.value for prop in model.metadata_props}["normalised"] == "(x/255 − 0.13)/0.31"


def test_onnx_says_what_it_cannot_express():
    class Odd(nn.Module):
        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            return batch * 2 if batch.sum().item() > 0 else batch

    with pytest.raises(ExplorerError, match="safetensors instead"):
        onnx_bytes(Odd(), (1, 8, 8))


def test_weights_come_back_bit_by_bit():
    state = small_network().state_dict()
    state["shared"] = state["c1.weight"].transpose(2, 3)  # same memory, and not contiguous
    data = weights_bytes(state, {"run": "7", "accuracy": 0.99})
    found = load(data)
    assert found.keys() == state.keys()
    for name, tensor in state.items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor)
    (length,) = struct.unpack_from("<Q", data)
    assert json.loads(data[8 : 8 + length])["__metadata__"] == {"run": "7", "accuracy": "0.99"}


def test_tensorboard_reads_every_number(tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    loss = [(0, 0.0, 2.25, 0.5), (10, 1.5, 1.125, 0.25), (20, 3.0, float("nan"), 0.125)]
    evaluations = [(10, 1.6, 0.75, None, 0.5), (20, 3.1, 0.875, 1.0, 0.25)]
    started = 1_700_000_000.0
    data = tensorboard_bytes(loss, evaluations, started=started)
    (tmp_path / "events.out.tfevents.1700000000.run").write_bytes(data)
    events = accumulator.EventAccumulator(str(tmp_path)).Reload()
    assert set(events.Tags()["scalars"]) == {"loss", "learning rate", "accuracy/test", "accuracy/train", "loss/test"}

    def rows(tag: str) -> list[tuple[float, int, float]]:
        return [(event.wall_time - started, event.step, event.value) for event in events.Scalars(tag)]

    assert rows("learning rate") == [(0, 0, 0.5), (1.5, 10, 0.25), (3, 20, 0.125)]
    np.testing.assert_equal([value for *_, value in rows("loss")], [2.25, 1.125, np.nan])
    assert [value for *_, value in rows("accuracy/train")] == [1.0]
    assert [value for *_, value in rows("accuracy/test")] == [0.75, 0.875]
    assert [value for *_, value in rows("loss/test")] == [0.5, 0.25]


def test_tensorboard_is_the_same_file_twice_and_records_are_framed():
    rows = [(1, 0.5, 2.0, 0.1)]
    data = tensorboard_bytes(rows, [])
    assert data == tensorboard_bytes(rows, [])
    at, count = 0, 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        assert struct.unpack_from("<I", data, at + 8) == (masked_checksum(data[at : at + 8]),)
        body = data[at + 12 : at + 12 + length]
        assert struct.unpack_from("<I", data, at + 12 + length) == (masked_checksum(body),)
        at, count = at + 16 + length, count + 1
    assert (at, count) == (len(data), 2)  # the version, the step


def masked_checksum(data: bytes) -> int:
    """CRC-32C bit by bit (polynomial 0x82F63B78, reflected), masked as TFRecord does."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
