"""Poolings and what undoes them, up-sampling and padding. Knows words and rules' names."""

from explorer.probe import windows
from explorer.probe.kinds.kind import ENLARGING, FUNCTION, PADDING, PASSES, POOLING, SUM, Kind
from explorer.words import counted

_MAX = ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices")
_AVERAGE = ("input", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override")
_UNPOOL = ("input", "indices", "kernel_size", "stride", "padding", "output_size")


def _poolings(axes: int) -> tuple[Kind, ...]:
    """Of maps the windows are followed; of lines and volumes all that is given is taken to be seen."""
    slides = {"sees": "window", "window": windows.pooling} if axes == 2 else {}
    adapts = {"sees": "adaptive"} if axes == 2 else {}
    largest = {"made": "largest", "back": "unpooled"} if axes == 2 else {"made": FUNCTION}
    unpools = {"sees": "unpool"} if axes == 2 else {}
    size = "" if axes == 2 else f" along {counted(axes, 'axis', 'axes')}"
    return (
        Kind(
            f"MaxPool{axes}d", f"max pooling{size}", POOLING, (f"max_pool{axes}d", f"max_pool{axes}d_with_indices"),
            arguments=_MAX, short="max pool", sign=PASSES, of_window="the largest of a window there", **slides, **largest,
        ),
        Kind(
            f"AvgPool{axes}d", f"average pooling{size}", POOLING, (f"avg_pool{axes}d",), arguments=_AVERAGE,
            short="average pool", sign=PASSES, of_window="the mean of a window there", made=SUM, **slides,
        ),
        Kind(
            f"LPPool{axes}d", f"power-average pooling{size}", POOLING, (f"lp_pool{axes}d",), short="power pool",
            sign=PASSES, made=FUNCTION, **slides,
        ),
        Kind(
            f"AdaptiveAvgPool{axes}d", f"adaptive average{size}", POOLING, (f"adaptive_avg_pool{axes}d",),
            arguments=("input", "output_size"), sign=PASSES, made=SUM, **adapts,
        ),
        Kind(
            f"AdaptiveMaxPool{axes}d", f"adaptive max{size}", POOLING,
            (f"adaptive_max_pool{axes}d", f"adaptive_max_pool{axes}d_with_indices"),
            arguments=("input", "output_size", "return_indices"), sign=PASSES, made=FUNCTION, **adapts,
        ),
        Kind(
            f"MaxUnpool{axes}d", f"max unpooling{size}", ENLARGING, (f"max_unpool{axes}d",), arguments=_UNPOOL,
            short="unpool", sign=PASSES, made=SUM, **unpools,
        ),
    )  # fmt: skip


def _paddings(axes: int) -> tuple[Kind, ...]:
    slides = {"sees": "window", "window": windows.padding} if axes == 2 else {}
    modes = {"Reflection": "reflect", "Replication": "replicate", "Circular": "circular"}
    return (
        Kind(f"ZeroPad{axes}d", "zero padding", PADDING, sign=PASSES, made=SUM, **slides),
        Kind(f"ConstantPad{axes}d", "constant padding", PADDING, made=SUM, **slides),
        *(
            Kind(
                f"{word}Pad{axes}d", f"{word.lower()} padding", PADDING, (f"{word.lower()}_pad{axes}d",), sign=PASSES,
                fixed={"mode": mode}, made=SUM, **slides,
            )
            for word, mode in modes.items()
        ),
    )  # fmt: skip


_SIZES = ("input", "size", "scale_factor", "mode", "align_corners")
KINDS = (
    *(kind for axes in (1, 2, 3) for kind in _poolings(axes)),
    *(kind for axes in (1, 2, 3) for kind in _paddings(axes)),
    *(
        Kind(
            f"FractionalMaxPool{axes}d", "fractional max pooling", POOLING,
            (f"fractional_max_pool{axes}d", f"fractional_max_pool{axes}d_with_indices"), sign=PASSES, made=FUNCTION,
        )
        for axes in (2, 3)
    ),
    Kind(
        "Pad", "padding", PADDING, ("pad", "constant_pad_nd"), arguments=("input", "pad", "mode", "value"),
        sees="window", window=windows.padding, made=SUM,
    ),
    Kind(
        "Upsample", "upsampling", ENLARGING,
        ("interpolate", "upsample", "upsample_nearest", "upsample_bilinear", "upsample_nearest2d", "upsample_bilinear2d"),
        arguments=_SIZES, short="nearest", sign=PASSES, sees="window", window=windows.upsampling, made=SUM,
    ),
    Kind(
        "UpsamplingNearest2d", "upsampling", ENLARGING, short="nearest", sign=PASSES, sees="window",
        window=windows.upsampling, made=SUM,
    ),
    Kind(
        "UpsamplingBilinear2d", "upsampling", ENLARGING, short="bilinear", sign=PASSES, sees="window",
        window=windows.upsampling, fixed={"mode": "bilinear", "align_corners": True}, made=SUM,
    ),
    Kind("grid_sample", "sampling on a grid", ENLARGING, made=FUNCTION),
    Kind("affine_grid", "grid of places", "", made=SUM),
)  # fmt: skip
