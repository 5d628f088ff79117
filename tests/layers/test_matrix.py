"""The convolution's matrix and im2col against hand-checked numbers and torch."""

import numpy as np
import pytest
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.convolution import convolve
from explorer.layers.matrix import NO_WEIGHT, SEVERAL, convolution_matrix, im2col
from tests.layers.oracles import layers, quick, tensor


def test_B5_a_convolution_is_a_sparse_shared_matrix():
    image = np.random.default_rng(0).standard_normal((4, 4))
    walk = convolve(image, [[1, 2], [3, 4]])
    dense = convolution_matrix(walk)
    assert dense.matrix.shape == (9, 16)
    assert np.unique(dense.matrix).tolist() == [0, 1, 2, 3, 4]  # 4 distinct non-zero values
    assert dense.matrix[0].tolist() == [1, 2, 0, 0, 3, 4] + [0] * 10
    assert dense.matrix[8].tolist() == [0] * 10 + [1, 2, 0, 0, 3, 4]
    expected = F.conv2d(tensor([[image]]), tensor(walk.kernel))
    np.testing.assert_allclose(dense.matrix @ image.ravel(), expected.ravel())


def test_B5_each_weight_stands_once_per_row():
    dense = convolution_matrix(convolve(np.ones((4, 4)), [[1, 2], [3, 4]]))
    for weight in range(4):
        places = dense.places_of(weight)
        assert places[:, 0].tolist() == list(range(9))
        assert {dense.matrix[row, column] for row, column in places} == {weight + 1}
    assert (dense.row_of(0, 1, 2), dense.column_of(0, 3, 1)) == (5, 13)


@quick
@given(layers(), st.booleans())
def test_matrix_times_image_is_the_convolution(layer, flip):
    walk = convolve(layer.image, layer.kernel, flip=flip, **layer.settings)
    dense = convolution_matrix(walk)
    np.testing.assert_allclose(dense.matrix @ walk.image.ravel() + dense.bias, walk.sums.ravel(), atol=1e-12)
    # The map says which weight stands where; only padding that copies can add several up.
    single = dense.weight >= 0
    np.testing.assert_array_equal(dense.matrix[single], walk.kernel.ravel()[dense.weight[single]])
    assert not dense.matrix[dense.weight == NO_WEIGHT].any()
    assert layer.padding_mode != "zeros" or not (dense.weight == SEVERAL).any()


def test_several_weights_on_one_cell_are_marked():
    dense = convolution_matrix(convolve([[1, 2]], [[1, 10]], padding=(0, 1), padding_mode="replicate"))
    assert dense.matrix.tolist() == [[11, 0], [1, 10], [0, 11]]
    assert dense.weight.tolist() == [[SEVERAL, NO_WEIGHT], [0, 1], [NO_WEIGHT, SEVERAL]]


def test_C13_im2col():
    rng = np.random.default_rng(0)
    image, kernel = rng.standard_normal((3, 6, 5)), rng.standard_normal((4, 3, 3, 3))
    walk = convolve(image, kernel)
    unrolled = im2col(walk)
    assert unrolled.weights.shape == (4, 27)
    assert unrolled.columns.shape == (27, 12)
    np.testing.assert_array_equal(unrolled.columns, F.unfold(tensor(image)[None], 3)[0])
    np.testing.assert_allclose(unrolled.product.reshape(4, 4, 3), F.conv2d(tensor(image)[None], tensor(kernel))[0])


def test_C13_window_column_and_product_are_linked():
    walk = convolve(np.arange(16.0).reshape(4, 4), [[1, 2], [3, 4]])
    unrolled = im2col(walk)
    column = unrolled.column_of(1, 2)
    step = walk.step(0, 1, 2)
    assert column == 5
    assert unrolled.position_of(column) == (1, 2)
    assert unrolled.columns[:, column].tolist() == step.values.ravel().tolist() == [6, 7, 10, 11]
    assert unrolled.product[0, column] == step.sum == 6 + 14 + 30 + 44
    assert unrolled.source[unrolled.entry_of(0, 1, 0), column] == 10


@quick
@given(layers())
def test_im2col_for_any_setting(layer):
    walk = convolve(layer.image, layer.kernel, **layer.settings)
    unrolled = im2col(walk)
    outputs = unrolled.product + walk.bias[:, np.newaxis]
    np.testing.assert_allclose(outputs.reshape(walk.sums.shape), walk.sums, atol=1e-12)
    known = unrolled.source >= 0
    np.testing.assert_array_equal(unrolled.columns[known], walk.image.ravel()[unrolled.source[known]])
    assert not unrolled.columns[~known].any()
    for column in range(unrolled.columns.shape[1]):
        assert unrolled.column_of(*unrolled.position_of(column)) == column
    if layer.padding_mode == "zeros":
        settings = {"padding": layer.padding, "stride": layer.stride, "dilation": layer.dilation}
        expected = F.unfold(tensor(layer.image)[None], layer.kernel.shape[2:], **settings)
        np.testing.assert_array_equal(unrolled.columns, expected[0])


def test_a_matrix_too_large_to_draw_is_refused():
    walk = convolve(np.ones((100, 100)), np.ones((3, 3)))
    with pytest.raises(ExplorerError, match="The matrix would hold"):
        convolution_matrix(walk)
