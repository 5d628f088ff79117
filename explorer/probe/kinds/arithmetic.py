"""Functions that have no layer of their own: sums, products, joins, means. Knows words and rules' names."""

from explorer.probe.kinds.kind import (
    ANY,
    ARITHMETIC,
    FUNCTION,
    JOINING,
    NEVER,
    PASSES,
    SINGLE,
    SUM,
    Kind,
)

_DIM = ("input", "dim", "keepdim")


def _curve(name: str, word: str = "", sign: str = ANY) -> Kind:
    """A function of each number."""
    return Kind(name, word or name, ARITHMETIC, sign=sign, sees="place", made=FUNCTION, formula=f"{name}({{}})")


def _joins(name: str, word: str, sign: str, made: str, functions: str = "", group: str = JOINING) -> Kind:
    return Kind(name, word, group, tuple(functions.split()), sign=sign, sees="combine", made=made)


def _over_axes(name: str, word: str, sign: str, made: str) -> Kind:
    return Kind(name, word, ARITHMETIC, arguments=_DIM, sign=sign, sees="reduce", made=made)


KINDS = (
    Kind("input", "input"),
    _joins("add", "addition", PASSES, SUM, "iadd"),
    _joins("sub", "difference", ANY, SUM, "isub subtract rsub", ARITHMETIC),
    _joins("mul", "product", PASSES, SINGLE, "imul multiply"),
    _joins("div", "quotient", PASSES, SINGLE, "itruediv truediv divide true_divide", ARITHMETIC),
    _joins("rdiv", "quotient", ANY, FUNCTION, "", ARITHMETIC),  # 3 / x: what the graph calls a div whose divisor it is
    _joins("maximum", "maximum", PASSES, FUNCTION, "", ARITHMETIC),
    _joins("minimum", "minimum", PASSES, FUNCTION, "", ARITHMETIC),
    _joins("pow", "power", ANY, FUNCTION, "", ARITHMETIC),
    _joins("where", "choice", ANY, FUNCTION, "", ARITHMETIC),
    _joins("lerp", "mixture", ANY, FUNCTION, "", ARITHMETIC),
    Kind(
        "cat", "concatenation", JOINING, ("concat", "concatenate"), also=("Concatenate",), arguments=("tensors", "dim"),
        short="join", sign=PASSES, sees="join", made=SUM,
    ),
    Kind("stack", "stack", JOINING, arguments=("tensors", "dim"), sign=PASSES, sees="join", made=SUM),
    _over_axes("mean", "mean", PASSES, SUM),
    _over_axes("sum", "sum", PASSES, SUM),
    *(_over_axes(name, word, PASSES, FUNCTION) for name, word in (("amax", "maximum"), ("amin", "minimum"))),
    *(_over_axes(name, word, PASSES, FUNCTION) for name, word in (("max", "maximum"), ("min", "minimum"))),
    *(_over_axes(name, word, NEVER, FUNCTION) for name, word in (("var", "variance"), ("std", "deviation"))),
    _over_axes("logsumexp", "log Σ exp", ANY, FUNCTION),
    _over_axes("norm", "length", NEVER, FUNCTION),
    *(Kind(name, "length", ARITHMETIC, sign=NEVER, made=FUNCTION) for name in ("linalg_norm", "linalg_vector_norm")),
    Kind("neg", "sign turned", ARITHMETIC, ("negative",), sees="place", made=SUM),
    *(_curve(name) for name in ("log", "sin", "cos", "round", "floor", "ceil", "sign", "erf")),
    *(_curve(name, sign=NEVER) for name in ("abs", "square", "exp", "sqrt", "rsqrt")),
    _curve("reciprocal", sign=PASSES),
    _curve("clamp", "clipped"),
    _curve("clip", "clipped"),
    Kind("CosineSimilarity", "cosine similarity", ARITHMETIC, ("cosine_similarity",), made=FUNCTION),
    Kind("PairwiseDistance", "distance", ARITHMETIC, ("pairwise_distance", "pdist"), sign=NEVER, made=FUNCTION),
    Kind("one_hot", "one-hot", ARITHMETIC, sign=NEVER, made=FUNCTION),
)  # fmt: skip
