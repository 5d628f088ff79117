"""Convolution against hand-checked numbers, slow loops and torch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.convolution import convolve, convolve_signal
from explorer.layers.presets import find_preset, red_circle_finder
from explorer.layers.sizes import conv_parameters
from tests.layers import slow
from tests.layers.oracles import layers, quick, tensor, torch_convolve

C8_INPUT = [[0, 1, 0], [1, 1, 0], [1, 0, 1]]
C9_INPUT = [[1, 1, 1, 4], [2, 6, 5, 8], [3, 2, 1, 0], [1, 1, 3, 5]]


def test_C1_sliding_window():
    walk = convolve([[1, 0, 1, 1], [0, 1, 0, 1]], [[1, 2], [3, 4]])
    assert walk.output.tolist() == [[[5, 5, 7]]]
    first, last = walk.step(0, 0, 0), walk.step(0, 0, 2)
    assert first.values.tolist() == [[[1, 0], [0, 1]]]
    assert first.products.tolist() == [[[1, 0], [0, 4]]]
    assert first.value == first.sum == 5
    assert last.values.tolist() == [[[1, 1], [0, 1]]]
    assert (last.rows.tolist(), last.cols.tolist()) == ([0, 1], [2, 3])
    assert last.value == 7
    np.testing.assert_allclose(walk.output, slow.convolve(walk.image, walk.kernel, [0]))


def test_C8_layer_with_symbolic_terms():
    walk = convolve(C8_INPUT, np.arange(1, 10).reshape(3, 3), bias=-10, padding=1, activation="sigmoid")
    terms = [step.terms for step in walk]
    assert terms[:2] == ["w6 + w8 + w9 + b", "w5 + w7 + w8 + b"]
    assert len(walk) == walk.output.size == 9
    assert conv_parameters(3, 3, 1, 1) == walk.kernel.size + walk.bias.size == 10
    # Weights are 1 … 9, so each symbolic sum can be evaluated from its own text.
    for step in walk:
        numbers = [-10 if term == "b" else int(term.removeprefix("w")) for term in step.terms.split(" + ")]
        assert sum(numbers) == step.sum
        assert step.value == pytest.approx(1 / (1 + np.exp(-step.sum)))
    expected = torch.sigmoid(F.conv2d(tensor(walk.image)[None], tensor(walk.kernel), tensor([-10]), padding=1))
    np.testing.assert_allclose(walk.output, expected[0])


def test_C8_first_window_reaches_into_the_padding():
    step = convolve(C8_INPUT, np.ones((3, 3)), padding=1).step(0, 0, 0)
    assert step.rows.tolist() == step.cols.tolist() == [-1, 0, 1]
    assert step.border.tolist() == [[True, True, True], [True, False, False], [True, False, False]]
    assert step.source.tolist() == [[-1, -1, -1], [-1, 0, 1], [-1, 3, 4]]


def test_C9_stride():
    walk = convolve(C9_INPUT, [[1, 0], [0, 1]], stride=2)
    assert walk.output.tolist() == [[[7, 9], [4, 6]]]
    assert F.conv2d(tensor([[C9_INPUT]]), tensor([[[[1, 0], [0, 1]]]]), stride=2)[0].tolist() == walk.output.tolist()


def test_C10_dilation_widens_the_window_with_the_same_weights():
    image = np.arange(25.0).reshape(5, 5)
    walk = convolve(image, np.ones((2, 2)), dilation=3)
    step = walk.step(0, 1, 0)
    assert walk.window.effective == (4, 4)
    assert (step.rows.tolist(), step.cols.tolist()) == ([1, 4], [0, 3])
    assert step.value == 5 + 8 + 20 + 23
    np.testing.assert_allclose(
        walk.output, F.conv2d(tensor(image)[None, None], torch.ones(1, 1, 2, 2).double(), dilation=3)[0]
    )


def test_C11_volume_sums_per_channel():
    image = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    kernel = [[[[1, 0], [0, 1]], [[0, 1], [0, 0]]], [[[0, 0], [0, 0]], [[1, 1], [1, 1]]]]
    walk = convolve(image, kernel, bias=[0.5, -1])
    first, second = walk
    assert first.channel_sums.tolist() == [5, 6]
    assert (first.sum, second.sum) == (11.5, 25)
    assert first.terms == "w1,1 + 2·w1,2 + 3·w1,3 + 4·w1,4 + 5·w2,1 + 6·w2,2 + 7·w2,3 + 8·w2,4 + b"
    np.testing.assert_allclose(walk.output, slow.convolve(walk.image, walk.kernel, walk.bias))


def test_C11_red_circle_finder():
    kernel = red_circle_finder()
    ring = (kernel[0, 1] < 0).astype(float)
    # Red, green, blue and white circles side by side.
    image = np.zeros((3, 5, 20))
    for place, colour in enumerate([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)]):
        image[:, :, 5 * place : 5 * place + 5] = np.multiply.outer(colour, ring)
    walk = convolve(image, kernel, stride=(1, 5))
    assert walk.output.tolist() == [[[12, -12, -12, -12]]]
    np.testing.assert_allclose(walk.output, slow.convolve(image, kernel, [0], stride=(1, 5)))


def test_C16_one_by_one_mixes_the_channels_of_a_pixel():
    image = np.arange(12.0).reshape(3, 2, 2)
    walk = convolve(image, np.array([[1, 10, 100], [0, 1, 0]]).reshape(2, 3, 1, 1))
    assert walk.output[:, 0, 1].tolist() == [1 + 50 + 900, 5]
    np.testing.assert_allclose(walk.output, np.einsum("oi,ihw->ohw", walk.kernel[:, :, 0, 0], image))


def test_C17_zero_padding_makes_an_edge_and_the_others_do_not():
    flat, edges = np.full((4, 4), 7.0), find_preset("edges").kernel
    answers = {
        mode: convolve(flat, edges, padding=1, padding_mode=mode).output[0]
        for mode in ("zeros", "reflect", "replicate")
    }
    assert answers["zeros"][0, 0] == 7 * 8 - 7 * 3
    assert answers["zeros"][0, 1] == 7 * 8 - 7 * 5
    assert not answers["zeros"][1:-1, 1:-1].any()
    assert not answers["reflect"].any()
    assert not answers["replicate"].any()


@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("padding", [0, 1, 4])
def test_C5_a_value_stands_at_its_windows_middle(kernel, dilation, stride, padding):
    ramp = np.arange(20.0)
    walk = convolve_signal(ramp, np.full(kernel, 1 / kernel), dilation=dilation, stride=stride, padding=padding)
    middles = [walk.step(0, 0, col).cols.mean() for col in range(walk.output.shape[2])]
    np.testing.assert_allclose(walk.col_centres, middles)
    if not padding:  # a straight line averaged is that line: it must lie on itself
        np.testing.assert_allclose(walk.output[0, 0], walk.col_centres)


def test_C5_averaging_a_signal():
    walk = convolve_signal([0, 3, 0, 3, 6], np.full(3, 1 / 3))
    np.testing.assert_allclose(walk.output, [[[1, 2, 3]]])
    noisy = np.sin(np.arange(50) / 5) + np.random.default_rng(0).normal(0, 0.3, 50)
    smooth = convolve_signal(noisy, np.full(5, 0.2), padding="same")
    np.testing.assert_allclose(
        smooth.output[:, 0], F.conv1d(tensor(noisy)[None], tensor([[[0.2] * 5]]), padding="same")
    )
    assert np.abs(np.diff(smooth.output)).mean() < np.abs(np.diff(noisy)).mean() / 2


@pytest.mark.parametrize(("padding", "stride", "dilation", "groups"), [(0, 1, 1, 1), (2, 3, 1, 2), (3, 2, 2, 1)])
def test_A4_a_stack_of_signals_is_conv1d(padding, stride, dilation, groups):
    rng = np.random.default_rng(1)
    signal, kernel = rng.standard_normal((4, 17)), rng.standard_normal((6, 4 // groups, 3))
    walk = convolve_signal(signal, kernel, padding=padding, stride=stride, dilation=dilation, groups=groups)
    expected = F.conv1d(tensor(signal)[None], tensor(kernel), None, stride, padding, dilation, groups)
    np.testing.assert_allclose(walk.output[:, 0], expected[0])


@quick
@given(layers())
def test_output_equals_torch(layer):
    walk = convolve(layer.image, layer.kernel, **layer.settings)
    settings = layer.settings | {"bias": tensor(layer.bias)}
    expected = torch_convolve(tensor(layer.image), tensor(layer.kernel), **settings)
    np.testing.assert_allclose(walk.output, expected, atol=1e-12)


@quick
@given(layers(modes=("zeros",)))
def test_output_equals_slow_loops(layer):
    kernel = layer.kernel[: len(layer.kernel) // layer.groups]  # the first group only: the loops know no groups
    image = layer.image[: kernel.shape[1]]
    walk = convolve(image, kernel, layer.bias[: len(kernel)], layer.stride, layer.padding, dilation=layer.dilation)
    expected = slow.convolve(image, kernel, layer.bias, layer.stride, layer.padding, layer.dilation)
    np.testing.assert_allclose(walk.output, expected, atol=1e-12)


@quick
@given(layers(), st.booleans(), st.sampled_from([None, "sigmoid", "relu", "tanh"]))
def test_every_step_adds_up_to_its_output_cell(layer, flip, activation):
    walk = convolve(layer.image, layer.kernel, flip=flip, activation=activation, **layer.settings)
    after = {None: lambda x: x, "sigmoid": torch.sigmoid, "relu": torch.relu, "tanh": torch.tanh}[activation]
    flat_image = walk.image.reshape(len(walk.image), -1)
    for step, cell in zip(walk, np.ndindex(walk.output.shape), strict=True):
        assert (step.channel, step.row, step.col) == cell
        np.testing.assert_allclose(step.products, step.values * step.weights)
        np.testing.assert_allclose(step.products.sum() + step.bias, walk.sums[cell], atol=1e-12)
        np.testing.assert_allclose(step.channel_sums.sum() + step.bias, step.sum, atol=1e-12)
        np.testing.assert_allclose(after(tensor(step.sum)), walk.output[cell], atol=1e-12)
        # Provenance: each value is the input cell it says it is.
        known = step.source >= 0
        np.testing.assert_array_equal(step.values[:, known], flat_image[np.ix_(step.channels, step.source[known])])
        assert not step.values[:, ~known].any()


def test_flip_turns_the_kernel_and_keeps_its_numbering():
    walk = convolve([[0, 1], [0, 0]], [[1, 2], [3, 4]], flip=True)
    assert walk.output.tolist() == [[[3]]]  # the top right cell meets weight 3 of the turned kernel
    assert walk.step(0, 0, 0).terms == "w3"


def test_a_record_does_not_change_with_its_sources():
    image = np.ones((3, 3))
    walk = convolve(image, [[1.0]])
    image[:] = 9
    assert walk.image.max() == 1
    with pytest.raises(ValueError, match="read-only"):
        walk.output[0, 0, 0] = 5


@pytest.mark.parametrize(
    ("image", "kernel", "settings", "words"),
    [
        (
            np.ones((5, 5)),
            np.ones((7, 7)),
            {},
            "Kernel 7×7 does not fit a 5×5 input without padding: choose padding ≥ 1 or a kernel ≤ 5.",
        ),
        (np.ones((5, 5)), np.ones((3, 3)), {"stride": 0}, "Stride is 0"),
        (np.ones((5, 5)), np.ones((3, 3)), {"stride": 10**9}, "Stride is 1,000,000,000"),
        (np.ones((5, 5)), np.ones((3, 3)), {"padding": -1}, "Padding is −1"),
        (np.ones((5, 5)), np.ones((3, 3)), {"padding": 10**9}, "Padding is 1,000,000,000"),
        (np.ones((5, 5)), np.ones((3, 3)), {"padding": 4000}, "limit is 16,777,216"),
        (np.ones((5, 5)), np.ones((3, 3)), {"padding": "full"}, "Padding 'full' is unknown"),
        (np.ones((5, 5)), np.ones((3, 3)), {"padding": "same", "stride": 2}, "only at stride 1"),
        (np.ones((5, 5)), np.ones((3, 3)), {"padding": 5, "padding_mode": "reflect"}, "choose padding ≤ 4"),
        (np.ones((5, 5)), np.ones((3, 3)), {"padding_mode": "mirror"}, "'mirror' is unknown"),
        (np.ones((5, 5)), np.ones((3, 3)), {"dilation": 3}, "a kernel ≤ 2 or a smaller dilation"),
        (np.ones((5, 5)), np.ones((3, 3)), {"dilation": 1.5}, "Dilation is 1.5"),
        (np.ones((5, 5)), np.ones((3, 3)), {"activation": "swish"}, "'swish' is unknown"),
        (np.ones((5, 5)), np.ones((3, 3)), {"bias": float("nan")}, "Bias is nan"),
        (np.ones((5, 5)), np.ones((3, 3)), {"bias": [1, 2]}, "one number per output channel"),
        (np.ones((3, 5, 5)), np.ones((4, 1, 3, 3)), {"groups": 2}, "Groups 2 does not divide 3"),
        (np.ones((3, 5, 5)), np.ones((3, 3)), {}, "give a kernel of depth 3"),
        ([[1, float("inf")]], [[1]], {}, "infinite"),
        ([[1, "two"]], [[1]], {}, "not a number"),
        ([[1, 2], [3]], [[1]], {}, "rows of equal length"),
        ([], [[1]], {}, "empty"),
        ([1, 2, 3], [[1]], {}, "rows × columns"),
        (np.broadcast_to(np.float32(1), (10**5, 10**5)), [[1]], {}, "limit is 16,777,216"),
        (np.ones((256, 256)), np.ones((128, 128)), {}, "All windows together"),
    ],
)
def test_impossible_settings_say_what_to_do(image, kernel, settings, words):
    with pytest.raises(ExplorerError) as error:
        convolve(image, kernel, **settings)
    assert words in str(error.value)
    assert str(error.value).endswith(".")


def test_a_step_outside_the_output_is_refused():
    walk = convolve(np.ones((3, 3)), np.ones((2, 2)))
    for cell in [(0, 0, 2), (0, -1, 0), (1, 0, 0)]:
        with pytest.raises(ExplorerError, match="Output cell"):
            walk.step(*cell)
    with pytest.raises(ExplorerError, match="Step is 4"):
        walk.at(4)
