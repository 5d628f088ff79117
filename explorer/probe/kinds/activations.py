"""Activation functions: each has a before and an after. Knows words, formulas and signs."""

from explorer.probe.kinds.kind import ACTIVATION, ANY, FUNCTION, NEVER, PASSES, Kind


def _bend(name: str, word: str, functions: str = "", *, sign: str = ANY, formula: str = "", **more: object) -> Kind:
    return Kind(
        name, word, ACTIVATION, tuple(functions.split()), activation=True, sign=sign, made=FUNCTION,
        formula=formula or f"{word}({{}})", **{"sees": "place", **more},
    )  # fmt: skip


KINDS = (
    _bend("ReLU", "ReLU", "relu", sign=NEVER, formula="max(0, {})", back="rectified"),
    _bend("ReLU6", "ReLU6", "relu6", sign=NEVER, formula="min(6, max(0, {}))"),
    _bend("LeakyReLU", "leaky ReLU", "leaky_relu", sign=PASSES),
    _bend("PReLU", "PReLU", "prelu", sign=PASSES),
    _bend("RReLU", "RReLU", "rrelu", sign=PASSES),
    _bend("ELU", "ELU", "elu", sign=PASSES),
    _bend("CELU", "CELU", "celu", sign=PASSES),
    _bend("SELU", "SELU", "selu", sign=PASSES),
    _bend("GELU", "GELU", "gelu", sign=PASSES),
    _bend("SiLU", "SiLU", "silu", sign=PASSES),
    _bend("Mish", "Mish", "mish", sign=PASSES),
    _bend("Softplus", "softplus", "softplus", sign=NEVER),
    _bend("Sigmoid", "sigmoid", "sigmoid", sign=NEVER, formula="σ({})"),
    _bend("LogSigmoid", "log sigmoid", "logsigmoid log_sigmoid", formula="log σ({})"),
    _bend("Tanh", "tanh", "tanh", sign=PASSES),
    _bend("Hardtanh", "hard tanh", "hardtanh"),
    _bend("Hardsigmoid", "hard sigmoid", "hardsigmoid", sign=NEVER),
    _bend("Hardswish", "hard swish", "hardswish", sign=PASSES),
    _bend("Hardshrink", "hard shrink", "hardshrink", sign=PASSES),
    _bend("Softshrink", "soft shrink", "softshrink", sign=PASSES),
    _bend("Tanhshrink", "tanh shrink", "tanhshrink", sign=PASSES),
    _bend("Softsign", "softsign", "softsign", sign=PASSES),
    _bend("Threshold", "threshold", "threshold"),
    _bend("Softmax", "softmax", "softmax", sign=NEVER, sees="softmax", arguments=("input", "dim")),
    _bend("Softmin", "softmin", "softmin", sign=NEVER, sees="softmax"),
    _bend("LogSoftmax", "log softmax", "log_softmax", sees="softmax", arguments=("input", "dim")),
    _bend("Softmax2d", "softmax over channels", sign=NEVER, sees="channels"),
    _bend("gumbel_softmax", "Gumbel softmax", sign=NEVER, sees=""),
    # half as many channels come out: there is no map before for a map after
    Kind("GLU", "GLU", ACTIVATION, ("glu",), made=FUNCTION),
)
