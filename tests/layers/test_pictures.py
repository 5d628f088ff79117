"""What a kernel does to a whole picture: against PyTorch, its sum, the views, and the two passes of C15."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from explorer.errors import ExplorerError
from explorer.layers.algebra import gaussian
from explorer.layers.pictures import VIEWS, apply, as_shown, in_two_passes, sum_of_cells
from explorer.layers.presets import PRESETS

COLOUR = np.random.default_rng(2).integers(0, 256, (13, 17, 3), dtype=np.uint8)
TORCH = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def by_torch(pixels, kernel, mode):
    (kh, kw), image = kernel.shape, torch.from_numpy(pixels.astype(np.float64)).permute(2, 0, 1)[:, None]
    padded = F.pad(image, ((kw - 1) // 2, kw // 2, (kh - 1) // 2, kh // 2), mode=TORCH[mode])
    return F.conv2d(padded, torch.from_numpy(kernel)[None, None])[:, 0].permute(1, 2, 0).numpy()


@pytest.mark.parametrize("mode", TORCH)
@pytest.mark.parametrize("shape", [(3, 3), (1, 5), (4, 2), (9, 9)])
def test_C2_every_size_and_padding_equals_pytorch(shape, mode):
    kernel = np.random.default_rng(3).normal(size=shape)
    applied = apply(COLOUR, kernel, mode)
    assert np.allclose(applied.values, by_torch(COLOUR, kernel, mode), atol=1e-2)
    assert applied.low == applied.values.min()
    assert applied.reach >= abs(applied.values).max()


@pytest.mark.parametrize("mode", TORCH)
def test_C2_the_sources_lead_back_to_every_number(mode):
    kernel = np.random.default_rng(4).normal(size=(4, 3))
    applied = apply(COLOUR, kernel, mode)
    for row, column in ((0, 0), (12, 16), (6, 0)):
        total = np.zeros(3)
        for (y, x), weight in np.ndenumerate(kernel):
            from_row, from_column = applied.row_sources[row + y], applied.column_sources[column + x]
            if from_row >= 0 and from_column >= 0:
                total += weight * COLOUR[from_row, from_column]
        assert np.allclose(total, applied.values[row, column], atol=1e-2)


@pytest.mark.parametrize(("preset", "total"), [("edges", 0), ("sharpen", 1), ("blur", 1), ("vertical", 0)])
def test_C2_the_sum_says_what_a_flat_area_becomes(preset, total):
    kernel = PRESETS[preset].kernel
    flat = np.full((9, 9), 77, np.uint8)
    assert sum_of_cells(kernel) == total
    assert np.allclose(apply(flat, kernel, "replicate").values, 77 * total, atol=1e-3)


def test_C2_the_views():
    values = np.array([-510.0, -100, 0, 100, 510])
    assert as_shown(values, "clip").tolist() == [0, 0, 0, 100, 255]
    assert as_shown(values, "absolute").tolist() == [255, 100, 0, 100, 255]
    assert as_shown(values, "stretched", 510).tolist() == [0, 102, 128, 152, 255]
    assert set(VIEWS) == {"clip", "absolute", "stretched"}
    with pytest.raises(ExplorerError, match="clip, absolute, stretched"):
        as_shown(values, "loud")


@pytest.mark.parametrize("mode", TORCH)
@pytest.mark.parametrize(("size", "one", "two"), [(3, 9, 6), (5, 25, 10), (9, 81, 18)])
def test_C15_a_gaussian_across_then_down_is_the_gaussian(size, one, two, mode):
    applied = apply(COLOUR, gaussian(size, size / 5), mode)
    found = in_two_passes(COLOUR, applied, mode)
    assert (found.rank, found.one_pass, found.two_passes) == (1, one, two)
    assert found.largest_difference < 1e-3
    assert np.allclose(found.separation.column @ found.separation.row, applied.kernel)


def test_C15_the_difference_is_measured_not_assumed():
    applied = apply(COLOUR, gaussian(5, 1.0), "zeros")
    assert in_two_passes(COLOUR, applied, "reflect").largest_difference > 1  # another padding: another result


def test_C15_edge_detection_is_no_product():
    found = in_two_passes(COLOUR, apply(COLOUR, PRESETS["edges"].kernel))
    assert found.separation is None
    assert found.rank == 2
    assert np.isnan(found.largest_difference)


@pytest.mark.parametrize("kernel", [np.ones((10, 3)), np.ones(3), np.ones((2, 2, 2))])
def test_a_kernel_too_large_for_a_page_is_refused(kernel):
    with pytest.raises(ExplorerError, match="choose 1 to 9"):
        apply(COLOUR, kernel)
