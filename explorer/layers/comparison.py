"""One convolution against the fully connected layer that could do the same: what each has to learn and to compute.

Knows arithmetic on sizes; never allocates a layer. The figures are those of `sizes`, side by side.
"""

from dataclasses import dataclass

from explorer.layers.checks import MAX_COUNT, whole_number
from explorer.layers.sizes import (
    Window,
    conv_multiply_adds,
    conv_parameters,
    dense_multiply_adds,
    dense_parameters,
)


@dataclass(frozen=True)
class LayerCost:
    """weights; parameters = weights and biases; multiply_adds of one pass; bytes of the parameters as float32."""

    weights: int
    parameters: int
    multiply_adds: int
    bytes: int


@dataclass(frozen=True)
class Comparison:
    """The same input and output volume (rows, cols, channels), connected in two ways."""

    input_shape: tuple[int, int, int]
    output_shape: tuple[int, int, int]
    inputs: int
    outputs: int
    convolution: LayerCost
    dense: LayerCost

    @property
    def times_fewer(self) -> float:
        """How many weights of the fully connected layer come upon one of the convolution (B3, B4)."""
        return self.dense.weights / self.convolution.weights


def compare_layers(
    rows: object, cols: object, channels: object, kernel: object, maps: object, stride: object = 1, padding: object = 0
) -> Comparison:
    """Count both layers, from an input of rows × cols × channels to `maps` feature maps of a kernel × kernel convolution.

    Raises ExplorerError for sizes that are no whole numbers from 1 or a kernel that does not fit.

    >>> compare_layers(32, 32, 3, 5, 64).convolution.parameters
    4864
    """
    rows, cols, channels, maps = (
        whole_number(value, name, 1, MAX_COUNT)
        for value, name in ((rows, "Rows"), (cols, "Columns"), (channels, "Channels"), (maps, "Feature maps"))
    )
    window = Window(kernel, stride, padding)
    height, width = window.output_size(rows, cols)
    kh, kw = window.kernel
    inputs, outputs = rows * cols * channels, height * width * maps
    return Comparison(
        input_shape=(rows, cols, channels),
        output_shape=(height, width, maps),
        inputs=inputs,
        outputs=outputs,
        convolution=_cost(
            conv_parameters(kh, kw, channels, maps, bias=False),
            conv_parameters(kh, kw, channels, maps),
            conv_multiply_adds(kh, kw, channels, maps, height, width),
        ),
        dense=_cost(
            dense_parameters(inputs, outputs, bias=False),
            dense_parameters(inputs, outputs),
            dense_multiply_adds(inputs, outputs),
        ),
    )


def neuron_weights(rows: object, cols: object, channels: object) -> int:
    """Return the weights of one fully connected neuron that sees the whole input (B1).

    >>> neuron_weights(300, 300, 3)
    270000
    """
    named = zip((rows, cols, channels), ("Rows", "Columns", "Channels"), strict=True)
    rows, cols, channels = (whole_number(value, name, 1, MAX_COUNT) for value, name in named)
    return dense_parameters(rows * cols * channels, 1, bias=False)


def _cost(weights: int, parameters: int, multiply_adds: int) -> LayerCost:
    return LayerCost(weights, parameters, multiply_adds, 4 * parameters)
