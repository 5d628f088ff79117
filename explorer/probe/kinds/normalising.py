"""Normalisations and dropout. Knows words and rules' names."""

from explorer.probe.kinds.kind import COPY, DROPOUT, FUNCTION, NORMALISING, PASSES, Kind

_BATCH = {"sees": "place", "made": "normalised", "back": "scaled", "short": "batch norm"}
KINDS = (
    Kind("BatchNorm2d", "batch normalisation", NORMALISING, ("batch_norm",), also=("FrozenBatchNorm2d",), **_BATCH),
    *(Kind(name, "batch normalisation", NORMALISING, **_BATCH) for name in ("BatchNorm1d", "BatchNorm3d", "SyncBatchNorm")),
    Kind(
        "LayerNorm", "layer normalisation", NORMALISING, ("layer_norm", "native_layer_norm"),
        arguments=("input", "normalized_shape"), short="layer norm", sees="normalised", made=FUNCTION,
    ),
    Kind(
        "RMSNorm", "RMS normalisation", NORMALISING, ("rms_norm",), arguments=("input", "normalized_shape"),
        short="RMS norm", sees="normalised", made=FUNCTION,
    ),
    Kind(
        "GroupNorm", "group normalisation", NORMALISING, ("group_norm", "native_group_norm"), short="group norm",
        sees="normalised", made=FUNCTION,
    ),
    Kind(
        "InstanceNorm2d", "instance normalisation", NORMALISING, ("instance_norm",), short="instance norm",
        sees="normalised", made=FUNCTION,
    ),
    *(
        Kind(name, "instance normalisation", NORMALISING, short="instance norm", made=FUNCTION)
        for name in ("InstanceNorm1d", "InstanceNorm3d")
    ),
    Kind(
        "LocalResponseNorm", "local response normalisation", NORMALISING, ("local_response_norm",),
        short="response norm", sign=PASSES, sees="channels", made=FUNCTION,
    ),
    Kind(
        "CrossMapLRN2d", "local response normalisation", NORMALISING, short="response norm", sign=PASSES,
        sees="channels", made=FUNCTION,
    ),
    Kind("normalize", "normalisation to length 1", NORMALISING, sign=PASSES, sees="channels", made=FUNCTION),
    # in evaluation mode, in which everything here is looked at, they change nothing
    *(
        Kind(name, "dropout", DROPOUT, functions, also, sign=PASSES, sees="place", made=COPY, back="same")
        for name, functions, also in (
            ("Dropout", ("dropout", "native_dropout"), ()),
            ("Dropout1d", ("dropout1d",), ()),
            ("Dropout2d", ("dropout2d", "feature_dropout"), ()),
            ("Dropout3d", ("dropout3d",), ()),
            ("AlphaDropout", ("alpha_dropout",), ()),
            ("FeatureAlphaDropout", ("feature_alpha_dropout",), ()),
        )
    ),
    Kind(
        "StochasticDepth", "stochastic depth", DROPOUT, ("stochastic_depth",), also=("DropPath",), sign=PASSES,
        sees="place", made=COPY, back="same",
    ),
)  # fmt: skip
