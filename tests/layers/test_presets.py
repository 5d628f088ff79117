"""The kernel presets, and the fast path for whole pictures."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.convolution import convolve
from explorer.layers.padding import MODES
from explorer.layers.presets import PRESETS, apply_to_picture, find_preset
from tests.layers.oracles import quick, tensor, torch_pad


def picture(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def test_C2_the_named_kernels():
    assert find_preset("edges").kernel.tolist() == [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]
    assert find_preset("sharpen").kernel.tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert find_preset("blur").kernel.tolist() == [[1 / 9] * 3] * 3
    np.testing.assert_array_equal(find_preset("horizontal").kernel, find_preset("vertical").kernel.T)


@pytest.mark.parametrize("key", PRESETS)
def test_C2_flat_areas(key):
    """Kernels that sum to 0 turn a flat area black, those that sum to 1 leave it."""
    kernel = find_preset(key).kernel
    total = 1 if key in ("identity", "sharpen", "blur", "gaussian", "emboss") else 0
    assert kernel.sum() == pytest.approx(total, abs=1e-12)
    flat = apply_to_picture(np.full((8, 8), 200, dtype=np.uint8), kernel, "replicate")
    np.testing.assert_allclose(flat, 200 * total, atol=1e-4)


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_is_complete(key):
    preset = find_preset(key)
    assert preset.key == key
    assert preset.kernel.dtype == np.float64
    assert not preset.kernel.flags.writeable
    assert preset.title
    assert preset.does.endswith(".")


def test_C2_edges_of_a_step():
    pixels = np.repeat(np.array([[0, 0, 10, 10]], dtype=np.uint8), 3, axis=0)
    assert apply_to_picture(pixels, find_preset("vertical").kernel, "replicate")[1].tolist() == [0, 30, 30, 0]
    assert not apply_to_picture(pixels, find_preset("horizontal").kernel, "replicate").any()
    assert apply_to_picture(pixels, find_preset("edges").kernel, "replicate")[1].tolist() == [0, -30, 30, 0]


@quick
@given(
    st.integers(3, 9),
    st.integers(3, 9),
    st.integers(1, 5),
    st.integers(1, 5),
    st.sampled_from(MODES),
    st.booleans(),
    st.integers(0, 99),
)
def test_C17_equals_torch_and_the_walkthrough(height, width, kh, kw, mode, colour, seed):
    pixels = picture(height, width, *([3] if colour else []), seed=seed)
    kernel = np.random.default_rng(seed).standard_normal((kh, kw))
    ours = apply_to_picture(pixels, kernel, mode)
    assert (ours.dtype, ours.shape) == (np.float32, pixels.shape)
    planes = np.moveaxis(pixels, -1, 0) if colour else pixels[np.newaxis]
    for plane, result in zip(planes, np.moveaxis(ours, -1, 0) if colour else ours[np.newaxis], strict=True):
        np.testing.assert_allclose(
            result, convolve(plane, kernel, padding="same", padding_mode=mode).output[0], atol=1e-3
        )
        if kh % 2 and kw % 2:
            padded = torch_pad(tensor(plane)[None, None], (kh // 2, kw // 2), mode)
            expected = torch.nn.functional.conv2d(padded, tensor([[kernel]]))[0, 0]
            np.testing.assert_allclose(result, expected, atol=1e-3)


def test_uint8_does_not_wrap():
    pixels = np.full((3, 3), 255, dtype=np.uint8)
    assert apply_to_picture(pixels, np.ones((3, 3)))[1, 1] == 255 * 9
    assert apply_to_picture(pixels, -np.ones((3, 3)))[1, 1] == -255 * 9


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: apply_to_picture(np.ones((4, 4)), [[1]]), "give uint8"),
        (lambda: apply_to_picture(picture(4), [[1]]), "give uint8"),
        (lambda: apply_to_picture(picture(4, 4), [1]), "give rows × columns"),
        (lambda: apply_to_picture(picture(4, 4), np.ones((200, 200))), "at most 16,384"),
        (lambda: apply_to_picture(picture(4, 4), np.ones((9, 9)), "reflect"), "choose padding ≤ 3"),
        (lambda: apply_to_picture(picture(4, 4), [[np.nan]]), "infinite, missing"),
        (lambda: apply_to_picture(picture(4, 4), [[1]], "mirror"), "'mirror' is unknown"),
        (lambda: apply_to_picture(np.broadcast_to(np.uint8(0), (10**5, 10**5)), [[1]]), "limit is"),
        (lambda: find_preset("magic"), "'magic' is unknown"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
