"""Random variations: shapes and ranges of every one, and what each is for."""

import pytest
import torch

from explorer.training import augment as augment_room
from explorer.training.augment import AUGMENTATIONS, crops, none, strokes


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def pictures(count=16, channels=1):
    return torch.randint(0, 256, (count, channels, 32, 32), generator=generator(9)).float()


def blob(count=200):
    """A white 8×8 square in the middle."""
    batch = torch.zeros(count, 1, 32, 32)
    batch[:, :, 12:20, 12:20] = 255
    return batch


@pytest.fixture(params=list(AUGMENTATIONS))
def augment(request):
    return AUGMENTATIONS[request.param]


@pytest.mark.parametrize("channels", [1, 3])
def test_shape_type_and_range(augment, channels):
    batch = pictures(channels=channels)
    varied = augment(batch, generator())
    assert (varied.shape, varied.dtype) == (batch.shape, torch.float32)
    assert varied.min() >= -1e-3
    assert varied.max() <= 255 + 1e-3


def test_the_batch_itself_is_left_alone(augment):
    batch = pictures()
    before = batch.clone()
    augment(batch, generator())
    assert torch.equal(batch, before)


def test_the_generator_decides(augment):
    batch = pictures()
    assert torch.equal(augment(batch, generator(1)), augment(batch, generator(1)))
    if augment is not none:
        assert not torch.equal(augment(batch, generator(1)), augment(batch, generator(2)))


def test_global_random_numbers_are_left_alone(augment):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    augment(pictures(), generator())
    assert torch.equal(torch.get_rng_state(), before)


def test_none_is_the_identity():
    batch = pictures()
    assert none(batch, generator()) is batch


def test_strokes_keep_a_blank_picture_blank():
    assert strokes(torch.zeros(50, 1, 32, 32), generator()).abs().max() == 0


def test_strokes_move_turn_and_thicken():
    varied = strokes(blob(), generator()) / 255
    mass = varied.sum(dim=(1, 2, 3))
    assert mass.min() < 40 < 64 < 90 < mass.max()  # thinner, smaller … thicker, larger than 8×8
    rows = (varied.sum(dim=3)[:, 0] * torch.arange(32)).sum(1) / mass
    columns = (varied.sum(dim=2)[:, 0] * torch.arange(32)).sum(1) / mass
    for centre in (rows, columns):
        assert (centre - 15.5).abs().max() <= 2.9  # two pixels, divided by the smallest scale
        assert centre.min() < 14.2
        assert centre.max() > 16.8


def test_a_third_each_becomes_thicker_thinner_and_neither(monkeypatch):
    monkeypatch.setattr(augment_room.F, "grid_sample", lambda batch, *args, **settings: batch)  # nothing moves
    change = strokes(blob(600), generator()).sum(dim=(1, 2, 3)) - blob(600).sum(dim=(1, 2, 3))
    for share in (change > 0, change < 0, change == 0):
        assert 0.27 < share.float().mean() < 0.4
    # a share of 0.35 to 0.7 of the way from 8×8 to 10×10 or to 6×6
    assert change[change > 0].min() >= 0.35 * 36 * 255
    assert change.max() <= 0.7 * 36 * 255 + 1
    assert change.min() >= -0.7 * 28 * 255 - 1


def test_half_of_the_crops_are_flipped():
    batch = torch.zeros(400, 1, 32, 32)
    batch[..., 16:] = 200  # bright on the right
    varied = crops(batch, generator())
    flipped = varied[..., :8].mean(dim=(1, 2, 3)) > varied[..., -8:].mean(dim=(1, 2, 3))
    assert 0.4 < flipped.float().mean() < 0.6


def test_crops_shift_up_to_the_margin():
    # light and contrast change values, not where the brightest row and column are
    batch = torch.zeros(600, 1, 32, 32)
    batch[:, :, 16, 10] = 255
    varied = crops(batch, generator()).reshape(600, -1).argmax(dim=1)
    assert set((varied // 32).tolist()) == set(range(12, 21))
    assert set((varied % 32).tolist()) == set(range(6, 15)) | {31 - column for column in range(6, 15)}


def test_crops_mirror_at_the_border():
    # row r of a picture whose values are 4 r: shifted by s it starts with the mirrored rows, s, s − 1, …, 1, 0
    rows = (4 * torch.arange(32)).float()
    varied = crops(rows.reshape(1, 1, 32, 1).expand(64, 1, 32, 32).contiguous(), generator())
    seen = 0
    for picture in varied[:, 0]:
        column = picture[:, 0]
        assert torch.equal(picture, column[:, None].expand(-1, 32))
        turning = int(column.argmin())
        if 0 < turning <= 4 and column.min() > 0:  # not cut off at black
            seen += 1
            assert torch.allclose(column[:turning].flip(0), column[turning + 1 : 2 * turning + 1], atol=1e-3)
    assert seen > 5


def test_crops_vary_light_and_contrast_a_picture_at_a_time():
    varied = crops(torch.full((300, 3, 32, 32), 128.0), generator())
    assert varied.std(dim=(1, 2, 3)).max() == 0  # the same for all pixels and channels of a picture
    light = varied[:, 0, 0, 0]
    assert 128 - 25 <= light.min() < 110 < 146 < light.max() <= 128 + 25
