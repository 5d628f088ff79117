"""Layers that multiply by weights: convolutions, dense layers, attention, recurrent layers. Knows words and rules' names."""

from explorer.probe import windows
from explorer.probe.kinds.kind import FUNCTION, SUM, WEIGHTS, Kind
from explorer.words import counted

_CONVOLVED = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
_TRANSPOSED = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")


def _convolution(axes: int) -> tuple[Kind, Kind]:
    flat = {} if axes != 2 else {"sees": "window", "made": "convolution", "back": "transposed"}
    spread = {} if axes != 2 else {"sees": "window", "made": "transposed"}
    size = "" if axes == 2 else f" along {counted(axes, 'axis', 'axes')}"
    return (
        Kind(
            f"Conv{axes}d", f"convolution{size}", WEIGHTS, (f"conv{axes}d",), arguments=_CONVOLVED, short="conv",
            carries_bias=True, window=windows.convolution if axes == 2 else None, **{"made": SUM, **flat},
        ),
        Kind(
            f"ConvTranspose{axes}d", f"transposed convolution{size}", WEIGHTS, (f"conv_transpose{axes}d",),
            arguments=_TRANSPOSED, short="transposed", carries_bias=True,
            window=windows.transposed if axes == 2 else None, **{"made": SUM, **spread},
        ),
    )  # fmt: skip


_ATTENTION = "multi_head_attention_forward", "native_multi_head_attention"
KINDS = (
    *(kind for axes in (1, 2, 3) for kind in _convolution(axes)),
    Kind(
        "Linear", "dense", WEIGHTS, ("linear",), also=("NonDynamicallyQuantizableLinear",),
        arguments=("input", "weight", "bias"), sees="dense", made="dense", carries_bias=True,
    ),
    # with a matrix of weights a sum, of two matrices that both depend on the picture none
    *(Kind(name, "matrix product", WEIGHTS, made="sum of one") for name in ("matmul", "mm", "bmm", "mv", "einsum")),
    *(Kind(name, "matrix product", WEIGHTS, made="sum of one") for name in ("addmm", "baddbmm")),
    Kind("conv_tbc", "convolution along time", WEIGHTS, made=SUM),
    Kind("Bilinear", "bilinear", WEIGHTS, ("bilinear",), made=FUNCTION),
    Kind("Embedding", "embedding", WEIGHTS, ("embedding",), made=FUNCTION),
    Kind("EmbeddingBag", "embedding bag", WEIGHTS, ("embedding_bag",), made=FUNCTION),
    Kind("MultiheadAttention", "attention", WEIGHTS, _ATTENTION, made=FUNCTION),
    Kind("scaled_dot_product_attention", "attention", "", made=FUNCTION),
    Kind("TransformerEncoderLayer", "transformer encoder layer", WEIGHTS, made=FUNCTION),
    Kind("TransformerEncoder", "transformer encoder", WEIGHTS, made=FUNCTION),
    Kind("TransformerDecoderLayer", "transformer decoder layer", WEIGHTS, made=FUNCTION),
    Kind("TransformerDecoder", "transformer decoder", WEIGHTS, made=FUNCTION),
    Kind("Transformer", "transformer", WEIGHTS, made=FUNCTION),
    Kind("LSTM", "LSTM", WEIGHTS, ("lstm",), made=FUNCTION),
    Kind("GRU", "GRU", WEIGHTS, ("gru",), made=FUNCTION),
    Kind("RNN", "recurrent", WEIGHTS, ("rnn_tanh", "rnn_relu"), made=FUNCTION),
    Kind("LSTMCell", "LSTM cell", WEIGHTS, ("lstm_cell",), made=FUNCTION),
    Kind("GRUCell", "GRU cell", WEIGHTS, ("gru_cell",), made=FUNCTION),
    Kind("RNNCell", "recurrent cell", WEIGHTS, ("rnn_tanh_cell", "rnn_relu_cell"), made=FUNCTION),
)  # fmt: skip
