"""One module for each kind of layer that PyTorch has a class for, with an input that it takes. Knows torch.nn only."""

from collections.abc import Callable

from torch import nn

MAPS, LINE, VOLUME, LIST = (4, 6, 8), (4, 10), (4, 4, 6, 8), (6, 8)


class Twice(nn.Module):
    """Gives a layer of two inputs the same thing twice."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x, x)


class First(nn.Module):
    """Of several outputs the first."""

    def __init__(self, layer: nn.Module, *, times: int = 1) -> None:
        super().__init__()
        self.layer, self.times = layer, times

    def forward(self, x):
        return self.layer(*(x,) * self.times)[0]


class Cell(nn.Module):
    """The last row of a list into a cell."""

    def __init__(self, cell: nn.Module, *, several: bool) -> None:
        super().__init__()
        self.cell, self.several = cell, several

    def forward(self, x):
        found = self.cell(x[:, -1])
        return found[0] if self.several else found


class Unpooled(nn.Module):
    """A pooling and its opposite."""

    def __init__(self, axes: int) -> None:
        super().__init__()
        self.pool = getattr(nn, f"MaxPool{axes}d")(2, return_indices=True)
        self.back = getattr(nn, f"MaxUnpool{axes}d")(2)

    def forward(self, x):
        found = self.pool(x)
        return self.back(found[0], found[1])


class Looked(nn.Module):
    """An embedding of whole numbers."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer((x * 0).long() + 1)


Example = tuple[
    Callable[[], nn.Module], tuple[int, ...], bool
]  # how to make it, its input's shape, only positive inputs
SIZES = {1: LINE, 2: MAPS, 3: VOLUME}
EXAMPLES: dict[str, Example] = {}
for _axes, _shape in SIZES.items():
    for _name, _make in {
        "Conv": lambda kind: kind(4, 6, 3, padding=1, stride=2),
        "ConvTranspose": lambda kind: kind(4, 3, 3, stride=2, padding=1),
        "MaxPool": lambda kind: kind(2),
        "AvgPool": lambda kind: kind(2),
        "LPPool": lambda kind: kind(2, 2),
        "AdaptiveAvgPool": lambda kind: kind(3),
        "AdaptiveMaxPool": lambda kind: kind(3),
        "ZeroPad": lambda kind: kind(1),
        "ConstantPad": lambda kind: kind(1, 2.5),
        "ReflectionPad": lambda kind: kind(1),
        "ReplicationPad": lambda kind: kind(1),
        "CircularPad": lambda kind: kind(1),
        "BatchNorm": lambda kind: kind(4),
        "InstanceNorm": lambda kind: kind(4),
        "Dropout": lambda kind: kind(),
    }.items():
        _kind = getattr(nn, f"{_name}{_axes}d")
        EXAMPLES[_kind.__name__] = (lambda make=_make, kind=_kind: make(kind)), _shape, _name == "LPPool"
    EXAMPLES[f"MaxUnpool{_axes}d"] = (lambda axes=_axes: Unpooled(axes)), _shape, False
for _name in nn.modules.activation.__all__:
    EXAMPLES[_name] = getattr(nn, _name), MAPS, False
EXAMPLES |= {
    "Threshold": (lambda: nn.Threshold(0.1, -3.0), MAPS, False),
    "Softmax": (lambda: nn.Softmax(1), MAPS, False),
    "Softmin": (lambda: nn.Softmin(1), MAPS, False),
    "LogSoftmax": (lambda: nn.LogSoftmax(1), MAPS, False),
    "GLU": (lambda: nn.GLU(1), MAPS, False),
    "MultiheadAttention": (lambda: First(nn.MultiheadAttention(8, 2, batch_first=True), times=3), LIST, False),
    "Linear": (lambda: nn.Linear(8, 3), LIST, False),
    "Bilinear": (lambda: Twice(nn.Bilinear(8, 8, 3)), LIST, False),
    "Embedding": (lambda: Looked(nn.Embedding(5, 3)), (6,), False),
    "EmbeddingBag": (lambda: Looked(nn.EmbeddingBag(5, 3)), (6,), False),
    "TransformerEncoderLayer": (lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), LIST, False),
    "TransformerEncoder": (
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2),
        LIST,
        False,
    ),
    "TransformerDecoderLayer": (lambda: Twice(nn.TransformerDecoderLayer(8, 2, 16, batch_first=True)), LIST, False),
    "TransformerDecoder": (
        lambda: Twice(nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, batch_first=True), 1)),
        LIST,
        False,
    ),
    "Transformer": (lambda: Twice(nn.Transformer(8, 2, 1, 1, 16, batch_first=True)), LIST, False),
    "LSTM": (lambda: First(nn.LSTM(8, 3, batch_first=True)), LIST, False),
    "GRU": (lambda: First(nn.GRU(8, 3, batch_first=True)), LIST, False),
    "RNN": (lambda: First(nn.RNN(8, 3, batch_first=True)), LIST, False),
    "LSTMCell": (lambda: Cell(nn.LSTMCell(8, 3), several=True), LIST, False),
    "GRUCell": (lambda: Cell(nn.GRUCell(8, 3), several=False), LIST, False),
    "RNNCell": (lambda: Cell(nn.RNNCell(8, 3), several=False), LIST, False),
    "FractionalMaxPool2d": (lambda: nn.FractionalMaxPool2d(2, 3), MAPS, False),
    "FractionalMaxPool3d": (lambda: nn.FractionalMaxPool3d(2, 2), VOLUME, False),
    "Upsample": (lambda: nn.Upsample(scale_factor=2), MAPS, False),
    "UpsamplingNearest2d": (lambda: nn.UpsamplingNearest2d(scale_factor=2), MAPS, False),
    "UpsamplingBilinear2d": (lambda: nn.UpsamplingBilinear2d(scale_factor=2), MAPS, False),
    "SyncBatchNorm": (lambda: nn.SyncBatchNorm(4), MAPS, False),
    "LayerNorm": (lambda: nn.LayerNorm(8), MAPS, False),
    "RMSNorm": (lambda: nn.RMSNorm(8), MAPS, False),
    "GroupNorm": (lambda: nn.GroupNorm(2, 4), MAPS, False),
    "LocalResponseNorm": (lambda: nn.LocalResponseNorm(3), MAPS, False),
    "CrossMapLRN2d": (lambda: nn.CrossMapLRN2d(3), MAPS, False),
    "Dropout": (nn.Dropout, MAPS, False),
    "AlphaDropout": (nn.AlphaDropout, MAPS, False),
    "FeatureAlphaDropout": (nn.FeatureAlphaDropout, MAPS, False),
    "Identity": (nn.Identity, MAPS, False),
    "Flatten": (nn.Flatten, MAPS, False),
    "Unflatten": (lambda: nn.Unflatten(1, (2, 2)), MAPS, False),
    "PixelShuffle": (lambda: nn.PixelShuffle(2), MAPS, False),
    "PixelUnshuffle": (lambda: nn.PixelUnshuffle(2), MAPS, False),
    "ChannelShuffle": (lambda: nn.ChannelShuffle(2), MAPS, False),
    "Unfold": (lambda: nn.Unfold(2), MAPS, False),
    "Fold": (lambda: nn.Fold((3, 4), 2), (8, 6), False),
    "CosineSimilarity": (lambda: Twice(nn.CosineSimilarity()), MAPS, False),
    "PairwiseDistance": (lambda: Twice(nn.PairwiseDistance()), LIST, False),
}
