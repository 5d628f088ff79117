"""A run in other programs' formats: safetensors, ONNX, TensorBoard. Knows formats; not where a run is kept.

Everything comes back as the bytes of one file, so that a page can offer it and the command line can write it.
"""

import copy
import io
import struct
import warnings
from collections.abc import Iterable, Mapping, Sequence

import torch
from safetensors.torch import save
from torch import nn

from explorer.errors import ExplorerError

ONNX_BATCH = "batch"  # the name of the first axis, which any number of pictures may have
RATES = ("loss", "learning rate")
SCORES = ("{}/test", "{}/train", "loss/test")


def weights_bytes(state: Mapping[str, torch.Tensor], metadata: Mapping[str, str] | None = None) -> bytes:
    """A state dict as a safetensors file. metadata: any plain texts, kept in the file's header.

    Tensors that share memory are written out apart, as safetensors wants them.
    """
    tensors = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in state.items()}
    return save(tensors, {str(key): str(value) for key, value in (metadata or {}).items()})


def onnx_bytes(network: nn.Module, input_shape: tuple[int, int, int], notes: Mapping[str, str] | None = None) -> bytes:
    """The network in use (no dropout, batch normalisation by its moving averages) as an ONNX model, about two seconds.

    input_shape: (C, H, W) of one picture. The model takes "picture", float32 (batch, C, H, W), as the network does:
    normalised; and gives "logits", (batch, classes), or whatever the network puts out. notes: plain texts for the model's
    metadata, for example how pictures are normalised. The network that is handed in stays as it is.
    Raises ExplorerError where ONNX has no word for a layer, and for max unpooling.
    """
    if any(isinstance(layer, nn.MaxUnpool2d) for layer in network.modules()):
        # exported, its switches would be right for a batch of exactly two pictures
        raise ExplorerError(
            "Max unpooling cannot be written as ONNX for any number of pictures: take its weights as safetensors instead."
        )
    used = copy.deepcopy(network).to("cpu", torch.float32).eval()
    example = torch.zeros(2, *input_shape)  # two: a batch of one would be taken for a fixed size
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                used,
                (example,),
                dynamo=True,
                verbose=False,
                input_names=["picture"],
                output_names=["logits"],
                dynamic_shapes=({0: torch.export.Dim(ONNX_BATCH)},),
            )
    except ModuleNotFoundError as error:
        raise ExplorerError(
            f"ONNX files need the package {error.name}: install the project's requirements again."
        ) from error
    except torch.onnx.OnnxExporterError as error:
        raise ExplorerError(
            "This network has a layer that ONNX cannot express: take its weights as safetensors instead."
        ) from error
    program.model.metadata_props.update({str(key): str(value) for key, value in (notes or {}).items()})
    file = io.BytesIO()
    program.save(file)
    return file.getvalue()


def tensorboard_bytes(
    loss: Iterable[Sequence[float | None]],
    evaluations: Iterable[Sequence[float | None]],
    *,
    started: float = 0.0,
    metric: str = "accuracy",
    others: Mapping[str, Iterable[Sequence[float]]] | None = None,
) -> bytes:
    """The content of one events.out.tfevents… file, for TensorBoard's scalars.

    loss: (step, seconds, loss, learning rate) each; evaluations: (step, seconds, test accuracy, train accuracy, test loss)
    each; seconds since the run began; a value of None is left out. started: when that was, in seconds since 1970.
    metric: what the accuracies are called. others: tag → (step, seconds, value) of any other curve.
    """
    from tensorboardX.proto.event_pb2 import Event

    rows = [(*row[:2], dict(zip(RATES, row[2:], strict=True))) for row in loss]
    scores = [tag.format(metric) for tag in SCORES]
    rows += [(*row[:2], dict(zip(scores, row[2:], strict=True))) for row in evaluations]
    rows += [(step, seconds, {tag: value}) for tag, points in (others or {}).items() for step, seconds, value in points]
    events = [Event(wall_time=started, file_version="brain.Event:2")]
    for step, seconds, values in sorted(rows, key=lambda row: row[:2]):
        event = Event(wall_time=started + seconds, step=int(step))
        for tag, value in values.items():
            if value is not None:
                event.summary.value.add(tag=tag, simple_value=value)
        if event.summary.value:
            events.append(event)
    return b"".join(_record(event.SerializeToString()) for event in events)


def _record(data: bytes) -> bytes:
    """One TFRecord: length, its checksum, the data, their checksum, little-endian (tensorflow/core/lib/io/record_writer)."""
    from tensorboardX.record_writer import masked_crc32c

    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked_crc32c(length)) + data + struct.pack("<I", masked_crc32c(data))
