"""Random variations: shapes and ranges of every one, a slow twin or torchvision's own, and their composition."""

import math

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torchvision.transforms import functional as pictures_one_by_one
from torchvision.transforms.functional import InterpolationMode

from explorer.data import augment as augment_room
from explorer.data.augment import (
    AUGMENTATIONS,
    colour,
    compose,
    crops,
    flip,
    light,
    none,
    rotate,
    scale,
    shift,
    strokes,
)
from explorer.errors import ExplorerError


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


# ── slow twins: the same random numbers, one picture at a time ──────────────────────────────────────────────


def drawn(count, low, high, source):
    """What the augmentation draws, one number a picture."""
    return (low + (high - low) * torch.rand(count, generator=source)).tolist()


@pytest.mark.parametrize("channels", [1, 3])
def test_flip_turns_whole_pictures(channels):
    batch = pictures(40, channels)
    varied, seen = flip(batch, generator()), set()
    for before, after, number in zip(batch, varied, drawn(40, 0, 1, generator()), strict=True):
        expected = np.flip(before.numpy(), axis=2) if number < 0.5 else before.numpy()
        np.testing.assert_array_equal(after.numpy(), expected)
        seen.add(number < 0.5)
    assert seen == {True, False}


@pytest.mark.parametrize("margin", [1, 4])
def test_shift_is_padding_and_cutting(margin):
    batch, source = pictures(20, 3), generator()
    varied = shift(batch, generator(), margin=margin)
    rows, columns = (torch.randint(2 * margin + 1, (20, 1), generator=source)[:, 0].tolist() for _ in range(2))
    for before, after, row, column in zip(batch.numpy(), varied.numpy(), rows, columns, strict=True):
        padded = np.pad(before, ((0, 0), (margin, margin), (margin, margin)), mode="reflect")
        np.testing.assert_array_equal(after, padded[:, row : row + 32, column : column + 32])
    assert len(set(zip(rows, columns, strict=True))) > 5


def disc(radius):
    """Pixels so near the middle that nothing from beyond the border comes in."""
    rows, columns = np.mgrid[:32, :32] - 15.5
    return np.hypot(rows, columns) < radius


def test_rotate_is_torchvisions():
    batch = pictures(12, 3)
    varied = rotate(batch, generator())
    for before, after, angle in zip(batch, varied, drawn(12, -15, 15, generator()), strict=True):
        expected = pictures_one_by_one.rotate(before, angle, InterpolationMode.BILINEAR)
        torch.testing.assert_close(after[:, disc(14)], expected[:, disc(14)], atol=0.02, rtol=0)


def test_scale_is_torchvisions():
    batch = pictures(12, 3)
    varied = scale(batch, generator())
    for before, after, size in zip(batch, varied, drawn(12, 0.8, 1.2, generator()), strict=True):
        expected = pictures_one_by_one.affine(before, 0, [0, 0], size, [0, 0], InterpolationMode.BILINEAR)
        torch.testing.assert_close(after[:, disc(12)], expected[:, disc(12)], atol=0.02, rtol=0)


@pytest.mark.parametrize("augment", [rotate, scale])
def test_no_black_corners_come_in(augment):
    assert augment(torch.full((50, 1, 32, 32), 200.0), generator()).min() >= 199.9


def test_colour_by_hand():
    batch, source = pictures(6, 3), generator()
    varied = colour(batch, generator())
    strength, contrast, more = (drawn(6, *span, source) for span in ((0.5, 1.5), (0.8, 1.2), (-25, 25)))
    for picture in range(6):
        for row, column in ((0, 0), (5, 17), (31, 31)):
            r, g, b = batch[picture, :, row, column].tolist()
            grey = 0.299 * r + 0.587 * g + 0.114 * b
            for plane, value in enumerate((r, g, b)):
                stronger = grey + strength[picture] * (value - grey)
                expected = min(255, max(0, (stronger - 128) * contrast[picture] + 128 + more[picture]))
                assert varied[picture, plane, row, column].item() == pytest.approx(expected, abs=1e-2)


def test_a_grey_picture_has_only_light_to_vary():
    # middle grey stays grey in three channels, and one channel has no colours
    assert colour(torch.full((50, 3, 32, 32), 128.0), generator()).std(dim=1).max() < 1e-4
    source = generator()
    torch.rand(16, generator=source)  # the strength that is drawn and not used
    assert torch.equal(colour(pictures(), generator()), light(pictures(), source))


# ── composition ─────────────────────────────────────────────────────────────────────────────────────────────


def test_compose_of_one_is_itself():
    for name, augment in AUGMENTATIONS.items():
        assert compose(f" {name} ") is augment


def test_compose_goes_from_left_to_right_with_one_generator():
    source = generator(4)
    expected = rotate(shift(flip(pictures(), source), source), source)
    assert torch.equal(compose("flip + shift+rotate")(pictures(), generator(4)), expected)
    assert not torch.equal(compose("rotate+shift+flip")(pictures(), generator(4)), expected)


@pytest.mark.parametrize(
    "text", ["", "flip+", "+", "mirror", "flip+mirror", "Flip", "flip,shift", "+".join("a" * 9999)]
)
def test_compose_names_the_known(text):
    with pytest.raises(ExplorerError, match="choose of none, flip, shift, rotate, scale, colour, crops, strokes"):
        compose(text)


def test_compose_refuses_a_name_said_twice():
    with pytest.raises(ExplorerError, match="“flip” stands twice"):
        compose("flip+shift+flip")


class Capture(TorchDispatchMode):
    """Refuses what a CUDA graph cannot hold: numbers fetched to Python or brought from it, sizes that depend on values."""

    REFUSED = ("_local_scalar_dense", "nonzero", "masked_select", "lift_fresh", "_unique", "bincount", "equal")

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function.__name__.split(".")[0]
        assert name not in self.REFUSED, name
        if name == "index":
            assert all(where is None or where.dtype != torch.bool for where in args[1]), "a mask"
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("channels", [1, 3])
def test_a_cuda_graph_can_hold_it(augment, channels):
    batch, source = pictures(channels=channels), generator()
    with Capture():
        augment(batch, source)


@pytest.mark.parametrize(
    "slip",
    [
        lambda batch: batch.max().item(),
        lambda batch: batch[batch > 3],
        lambda batch: batch * torch.tensor([1.0]),
    ],
)
def test_the_check_for_cuda_graphs_can_fail(slip):
    with pytest.raises(AssertionError), Capture():
        slip(pictures())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
def test_a_cuda_graph_does_hold_all_of_them():
    batch = pictures().cuda()
    source = torch.Generator("cuda").manual_seed(1)
    everything = compose("+".join(list(AUGMENTATIONS)[1:]))
    everything(batch, source)
    graph = torch.cuda.CUDAGraph()
    graph.register_generator_state(source)
    with torch.cuda.graph(graph):
        varied = everything(batch, source)
    graph.replay()
    first = varied.clone()
    graph.replay()
    assert not torch.equal(first, varied)
    assert math.isfinite(varied.sum().item())
