"""Activation functions: each has a before and an after. Knows words, formulas and signs.

One that can be negative for some input is drawn as one that can, also where it is only given what is not.
"""

from explorer.probe.kinds.kind import ACTIVATION, ANY, FUNCTION, NEVER, Kind


def _bend(name: str, word: str, functions: str = "", *, sign: str = ANY, formula: str = "", **more: object) -> Kind:
    return Kind(
        name, word, ACTIVATION, tuple(functions.split()), activation=True, sign=sign, made=FUNCTION,
        formula=formula or f"{word}({{}})", **{"sees": "place", **more},
    )  # fmt: skip


KINDS = (
    _bend("ReLU", "ReLU", "relu", sign=NEVER, formula="max(0, {})", back="rectified"),
    _bend("ReLU6", "ReLU6", "relu6", sign=NEVER, formula="min(6, max(0, {}))"),
    _bend("LeakyReLU", "leaky ReLU", "leaky_relu"),
    _bend("PReLU", "PReLU", "prelu"),
    _bend("RReLU", "RReLU", "rrelu"),
    _bend("ELU", "ELU", "elu"),
    _bend("CELU", "CELU", "celu"),
    _bend("SELU", "SELU", "selu"),
    _bend("GELU", "GELU", "gelu"),
    _bend("SiLU", "SiLU", "silu"),
    _bend("Mish", "Mish", "mish"),
    _bend("Softplus", "softplus", "softplus", sign=NEVER),
    _bend("Sigmoid", "sigmoid", "sigmoid", sign=NEVER, formula="σ({})"),
    _bend("LogSigmoid", "log sigmoid", "logsigmoid log_sigmoid", formula="log σ({})"),
    _bend("Tanh", "tanh", "tanh"),
    _bend("Hardtanh", "hard tanh", "hardtanh"),
    _bend("Hardsigmoid", "hard sigmoid", "hardsigmoid", sign=NEVER),
    _bend("Hardswish", "hard swish", "hardswish"),
    _bend("Hardshrink", "hard shrink", "hardshrink"),
    _bend("Softshrink", "soft shrink", "softshrink"),
    _bend("Tanhshrink", "tanh shrink", "tanhshrink"),
    _bend("Softsign", "softsign", "softsign"),
    _bend("Threshold", "threshold", "threshold"),
    _bend("Softmax", "softmax", "softmax", sign=NEVER, sees="softmax", arguments=("input", "dim")),
    _bend("Softmin", "softmin", "softmin", sign=NEVER, sees="softmax"),
    _bend("LogSoftmax", "log softmax", "log_softmax", sees="softmax", arguments=("input", "dim")),
    _bend("Softmax2d", "softmax over channels", sign=NEVER, sees="channels"),
    _bend("gumbel_softmax", "Gumbel softmax", sign=NEVER, sees=""),
    # half as many channels come out: there is no map before for a map after
    Kind("GLU", "GLU", ACTIVATION, ("glu",), made=FUNCTION),
)
