"""Steps that compute nothing: copies, views, slices, other orders of the axes. Knows words and rules' names."""

from explorer.probe.kinds.kind import ARRANGING, COPY, PASSES, SUM, Kind


def _copy(name: str, word: str, sees: str, functions: str = "", arguments: str = "", **more: object) -> Kind:
    return Kind(
        name, word, ARRANGING, tuple(functions.split()), arguments=tuple(arguments.split()), sees=sees,
        **{"sign": PASSES, "made": COPY, **more},
    )  # fmt: skip


KINDS = (
    _copy("Identity", "identity", "place", back="same"),
    *(_copy(name, "copy", "place") for name in ("contiguous", "clone", "detach", "alias", "lift_fresh")),
    *(_copy(name, "other type of number", "place", made=SUM) for name in ("to", "float", "type", "type_as")),
    _copy("Flatten", "Flatten", "view", "flatten", "input start_dim end_dim"),
    _copy("Unflatten", "unflatten", "view", "unflatten"),
    _copy("view", "new shape", "view", "reshape", gathers="size"),
    _copy("unsqueeze", "one axis more", "axes", "", "input dim"),
    _copy("squeeze", "one axis less", "axes", "", "input dim"),
    _copy("permute", "axes in another order", "order", gathers="dims"),
    _copy("transpose", "axes swapped", "order", "swapaxes", "input dim0 dim1"),
    _copy("getitem", "slice", "index", "", "input index", made=SUM),
    *(
        _copy(name, "slice", "narrow", "", arguments, made=SUM)
        for name, arguments in (("narrow", "input dim start length"), ("slice", ""), ("select", "input dim index"))
    ),
    *(
        _copy(name, "pieces", "split", "", arguments, made=SUM)
        for name, arguments in (
            ("chunk", "input chunks dim"),
            ("unsafe_chunk", "input chunks dim"),
            ("split", "input split_size dim"),
            ("unsafe_split", "input split_size dim"),
            ("split_with_sizes", "input split_sizes dim"),
        )
    ),
    _copy("flip", "flipped", "flip", gathers="dims", made=SUM),
    _copy("roll", "rolled", "", "", "input shifts dims", made=SUM),
    _copy("expand", "repeated", "", "expand_as", gathers="size", made=SUM),
    _copy("repeat", "repeated", "", gathers="size", made=SUM),
    _copy("repeat_interleave", "repeated", "", made=SUM),
    _copy("PixelShuffle", "pixel shuffle", "shuffle", "pixel_shuffle", "input upscale_factor", made=SUM),
    _copy("PixelUnshuffle", "pixel unshuffle", "shuffle", "pixel_unshuffle", "input downscale_factor", made=SUM),
    _copy("ChannelShuffle", "channel shuffle", "channels", "channel_shuffle native_channel_shuffle", made=SUM),
    Kind("Unfold", "windows as columns", ARRANGING, ("unfold", "im2col"), sign=PASSES, made=SUM),
    Kind("Fold", "columns as windows", ARRANGING, ("fold", "col2im"), sign=PASSES, made=SUM),
)
