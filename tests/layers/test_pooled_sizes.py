"""Sizes after pooling, against the curriculum and PyTorch's own pooling."""

import pytest
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers.equivariance import moved_cells
from explorer.layers.pooled_sizes import pooled_volume


def test_E2_the_depth_stays():
    volume = pooled_volume(200, 200, 64)
    assert str(volume) == "200×200×64 → 100×100×64"
    assert volume.numbers == (2_560_000, 640_000)
    assert volume.formulas == ("rows ⌊(200+2·0−2)/2⌋+1 = 100", "columns ⌊(200+2·0−2)/2⌋+1 = 100")


@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("size", [(2, 2, 0), (3, 2, 1), (2, 3, 1), (3, 1, 0), (2, 5, 1)])
@pytest.mark.parametrize("sides", [(4, 5), (7, 6), (9, 3)])
def test_sizes_are_torchs(sides, size, ceil_mode):
    kernel, stride, padding = size
    expected = F.max_pool2d(torch.zeros(1, 3, *sides), kernel, stride, padding, ceil_mode=ceil_mode).shape[2:]
    volume = pooled_volume(*sides, 3, kernel, stride, padding, ceil_mode)
    assert volume.after == (*expected, 3)
    for formula, side in zip(volume.formulas, expected, strict=True):
        assert formula.endswith(f"= {side}")


@pytest.mark.parametrize("wrong", [{"stride": 0}, {"kernel": 300}, {"padding": 2}, {"kernel": 10**9}])
def test_impossible_windows(wrong):
    with pytest.raises(ExplorerError):
        pooled_volume(200, 200, 64, **wrong)
    with pytest.raises(ExplorerError, match="Channels"):
        pooled_volume(200, 200, 0)


def test_E3_only_multiples_of_the_stride_move_whole_cells():
    assert [moved_cells(amount, 2) for amount in range(5)] == [0, None, 1, None, 2]
