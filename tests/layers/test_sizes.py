"""Sizes and costs against the curriculum's numbers and torch."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.sizes import (
    Window,
    conv_multiply_adds,
    conv_parameters,
    dense_multiply_adds,
    dense_parameters,
    effective_size,
    output_formula,
    output_size,
)
from tests.layers.oracles import quick


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def test_B1_weights_of_one_fully_connected_neuron():
    assert dense_parameters(300 * 300 * 3, 1, bias=False) == 270_000


def test_B3_convolution_against_fully_connected():
    assert conv_parameters(5, 5, 1, 1) == 26 == count(torch.nn.Conv2d(1, 1, 5))
    assert dense_parameters(300 * 300, 300 * 300) == 8_100_090_000 == 90_000 * 90_000 + 90_000


def test_B4_volumes():
    assert conv_parameters(5, 5, 3, 64, bias=False) == 4_800
    assert conv_parameters(5, 5, 3, 64) == 4_864 == count(torch.nn.Conv2d(3, 64, 5))
    assert output_size(32, 5) == 28
    dense = dense_parameters(32 * 32 * 3, 28 * 28 * 64, bias=False)
    assert dense == 154_140_672 == 3_072 * 50_176
    assert round(dense / 4_800, -3) == 32_000


def test_C7_sizes():
    assert output_size(8, 3) == 6
    assert output_size(8, 3, p=1) == 8


def test_C10_effective_size():
    assert [effective_size(3, d) for d in (1, 2, 4)] == [3, 5, 9]


def test_C11_parameters():
    assert conv_parameters(3, 3, 16, 32) == (3 * 3 * 16 + 1) * 32 == count(torch.nn.Conv2d(16, 32, 3))
    assert conv_parameters(3, 5, 8, 12, groups=4) == count(torch.nn.Conv2d(8, 12, (3, 5), groups=4))


def test_C12_formula_with_numbers():
    assert output_formula(8, 3) == "⌊(8+2·0−1·(3−1)−1)/1⌋+1 = 6"
    assert output_formula(32, 5, s=2, p=2, d=3) == "⌊(32+2·2−3·(5−1)−1)/2⌋+1 = 12"


def test_C14_two_3x3_against_one_5x5():
    assert 2 * conv_parameters(3, 3, 1, 1, bias=False) == 18
    assert conv_parameters(5, 5, 1, 1, bias=False) == 25
    assert 2 * conv_multiply_adds(3, 3, 64, 64, 28, 28) == 18 * 64 * 64 * 784
    assert conv_multiply_adds(5, 5, 64, 64, 28, 28) == 25 * 64 * 64 * 784


def test_G1_parameters_of_lenet():
    convolutions = [conv_parameters(5, 5, 1, 6), conv_parameters(5, 5, 6, 16), conv_parameters(5, 5, 16, 120)]
    assert convolutions == [156, 2_416, 48_120]
    assert [dense_parameters(120, 84), dense_parameters(84, 10)] == [10_164, 850]
    assert dense_multiply_adds(84, 10) == 840


@quick
@given(st.integers(1, 40), st.integers(1, 7), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3))
def test_output_size_equals_torch(n, k, s, p, d):
    if d * (k - 1) + 1 > n + 2 * p:
        with pytest.raises(ExplorerError, match="does not fit"):
            output_size(n, k, s, p, d)
        return
    signal = torch.zeros(1, 1, n)
    assert (
        output_size(n, k, s, p, d) == torch.nn.functional.conv1d(signal, torch.zeros(1, 1, k), None, s, p, d).shape[-1]
    )


@quick
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 16), st.integers(0, 2), st.integers(1, 3))
def test_the_remedy_of_a_misfit_works(height, width, k, p, d):
    try:
        Window(k, padding=p, dilation=d).output_size(height, width)
    except ExplorerError as error:
        words = str(error).replace(",", " ").replace(".", " ").split()
        padding, kernel = [int(words[i + 1]) for i, word in enumerate(words) if word == "≥" or word == "≤"]
        Window(k, padding=padding, dilation=d).output_size(height, width)
        Window(kernel, padding=p, dilation=d).output_size(height, width)
        # … and it is the smallest padding and the largest kernel that do.
        for misfit in [Window(k, padding=padding - 1, dilation=d), Window(kernel + 1, padding=p, dilation=d)]:
            with pytest.raises(ExplorerError):
                misfit.output_size(height, width)


def test_misfits_in_words():
    with pytest.raises(ExplorerError) as error:
        Window(9, padding=1).output_size(5, 5)
    assert str(error.value) == "Kernel 9×9 does not fit a 5×5 input with padding 1: choose padding ≥ 2 or a kernel ≤ 7."


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: output_size(0, 3), "Input size is 0"),
        (lambda: output_size(8, 0), "Kernel size is 0"),
        (lambda: output_size(8, 3, s=0), "Stride is 0"),
        (lambda: output_size(8, 3, p=-1), "Padding is −1"),
        (lambda: output_formula(8, 3, p="same"), "Padding is 'same'"),
        (lambda: output_size("8", 3), "Input size is '8'"),
        (lambda: output_size(float("nan"), 3), "Input size is nan"),
        (lambda: output_size(float("inf"), 3), "Input size is inf"),
        (lambda: output_size(8, 10**9), "Kernel size is 1,000,000,000"),
        (lambda: conv_parameters(3, 3, 4, 6, groups=4), "Groups 4 does not divide 4 input and 6 output"),
        (lambda: conv_parameters(3, 3, 4, 6, groups=0), "Groups is 0"),
        (lambda: dense_parameters(10**13, 1), "Number of inputs"),
    ],
)
def test_impossible_numbers(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
