"""Receptive fields against the curriculum's numbers, a set-based twin and gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.layers.receptive import Sliding, field_formula, layers_needed, stack
from explorer.models.registry import find
from tests.layers import slow
from tests.layers.oracles import quick

CONV3 = Sliding("conv", 3)
POOL2 = Sliding("pool", 2, stride=2)


def test_F1_stacked_layers_of_three():
    for n in range(1, 12):
        assert stack([CONV3] * n, 64).fields[-1].size == 2 * n + 1
    assert stack([CONV3] * 4, 9).fields[-1].size == 9
    assert layers_needed(300) == 150
    assert stack([CONV3] * 149, 400).fields[-1].size < 300 <= stack([CONV3] * 150, 400).fields[-1].size


def test_F1_lines_from_a_unit_to_its_inputs():
    tower = stack([CONV3, CONV3], 5)
    assert tower.sizes == (5, 3, 1)
    assert tower.cone(2, 0) == ((0, 1, 2, 3, 4), (0, 1, 2), (0,))
    links = tower.links(2, 0)
    assert [(link.level, link.upper, link.lower) for link in links[:3]] == [(2, 0, 0), (2, 0, 1), (2, 0, 2)]
    assert len(links) == 3 + 9


def test_F2_stride_and_pooling_make_it_grow_faster():
    stages = [CONV3, POOL2, CONV3]
    assert [field.size for field in stack(stages, 16).fields] == [1, 3, 4, 8]
    assert field_formula(stages) == "1 + (3−1)·1 + (2−1)·1 + (3−1)·2 = 8"


def test_F3_lenet():
    conv5 = Sliding("conv", 5)
    fields = stack([conv5, POOL2, conv5, POOL2], 32).fields
    assert [field.size for field in fields[1:]] == [5, 6, 14, 16]
    assert [field.jump for field in fields[1:]] == [1, 2, 2, 4]


def test_F3_resnet_50_sees_427_and_its_variant_of_the_literature_483():
    """Only where a stage's stride stands differs: in its first 3×3 (torchvision), or in its last (Araujo et al. 2019)."""
    stem = [Sliding("conv", 7, 2, 3), Sliding("pool", 3, 2, 1)]
    blocks = (3, 4, 6, 3)
    first = [Sliding("conv", 3, 1 + (stage > 0 and i == 0), 1) for stage, n in enumerate(blocks) for i in range(n)]
    last = [Sliding("conv", 3, 1 + (stage < 3 and i == n - 1), 1) for stage, n in enumerate(blocks) for i in range(n)]
    assert stack([*stem, *first], 1000).fields[-1].size == 427
    assert stack([*stem, *last], 1000).fields[-1].size == 483
    assert "427×427" in find("resnet50").summary
    assert "483" in find("resnet50").summary


def test_C10_dilation_grows_the_field_with_holes():
    tower = stack([Sliding("conv", 3, dilation=4)], 9)
    assert tower.fields[-1].size == 9
    assert tower.cone(1, 0)[0] == (0, 4, 8)


def test_C14_two_threes_see_what_one_five_sees():
    assert stack([CONV3, CONV3], 9).fields[-1].size == stack([Sliding("conv", 5)], 9).fields[-1].size == 5


def test_border_units_are_clipped():
    tower = stack([Sliding("conv", 3, padding=1)] * 2, 6)
    assert (tower.fields[-1].size, tower.fields[-1].start) == (5, -2)
    bottom = tower.intervals(2, 0)[-1]
    assert (bottom.level, bottom.first, bottom.last, bottom.clipped) == (0, 0, 2, True)
    assert not tower.intervals(2, 3)[-1].clipped


@pytest.mark.parametrize(
    ("layers", "size", "level", "unit", "first", "last", "count"),
    [
        ([Sliding("conv", 5, dilation=3, padding=1)], 60, 1, 0, 2, 11, 4),  # taps at −1, 2, 5, 8, 11
        ([Sliding("conv", 5, dilation=3, padding=1)], 60, 1, 49, 48, 57, 4),  # … and 60
        ([Sliding("pool", 2, stride=3), Sliding("conv", 3, padding=1)], 12, 2, 3, 6, 10, 4),  # 6, 7, 9, 10: a gap at 8
    ],
)
def test_at_the_border_the_taps_decide_not_the_interval(layers, size, level, unit, first, last, count):
    bottom = stack(layers, size).intervals(level, unit)[-1]
    assert (bottom.first, bottom.last, bottom.count, bottom.clipped) == (first, last, count, True)
    assert bottom.has_gaps


def test_a_unit_may_see_padding_only():
    tower = stack([Sliding("conv", 1, padding=1), Sliding("conv", 1)], 3)
    bottom = tower.intervals(2, 0)[-1]
    assert (bottom.first, bottom.last, bottom.count, bottom.clipped, bottom.has_gaps) == (None, None, 0, True, False)
    assert tower.outermost()[2] == (None, (0, 0), (1, 1), (2, 2), None)


def test_563_random_border_units_see_what_their_taps_reach():
    random = np.random.default_rng(4)
    tried = 0
    while tried < 563:
        layers = [
            Sliding("conv", *(int(random.integers(low, high)) for low, high in ((1, 6), (1, 4), (0, 4), (1, 4))))
            for _ in range(random.integers(1, 5))
        ]
        try:
            tower = stack(layers, int(random.integers(8, 61)))
        except ExplorerError:  # a kernel does not fit
            continue
        for unit in {0, tower.sizes[-1] - 1}:
            seen = slow.dependencies(layers, tower.sizes, len(layers), unit)
            told = tower.intervals(len(layers), unit)[-1]
            assert (told.first, told.last) == (min(seen, default=None), max(seen, default=None)), (layers, unit)
            tried += 1


stages_ = st.builds(
    Sliding,
    st.sampled_from(["conv", "pool"]),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(1, 2),
)


@quick
@given(st.lists(stages_, min_size=1, max_size=4), st.integers(40, 60), st.data())
def test_any_unit_of_any_stack(stages, size, data):
    try:
        tower = stack(stages, size)
    except ExplorerError:  # the strides ate the signal
        return
    level = data.draw(st.integers(1, len(stages)))
    unit = data.draw(st.integers(0, tower.sizes[level] - 1))
    seen = slow.dependencies(stages, tower.sizes, level, unit)
    cone = tower.cone(level, unit)
    assert set(cone[0]) == seen

    # Autograd: which inputs reach the unit through all-ones convolutions.
    signal = torch.ones(1, 1, size, dtype=torch.float64, requires_grad=True)
    activity = signal
    for stage in stages[:level]:
        ones = torch.ones(1, 1, stage.kernel, dtype=torch.float64)
        activity = torch.nn.functional.conv1d(activity, ones, None, stage.stride, stage.padding, stage.dilation)
    activity[0, 0, unit].backward()
    assert set(signal.grad[0, 0].nonzero().flatten().tolist()) == seen

    # The interval is what the taps reach; the field (size, jump, start) holds it, and away from the ends is as wide.
    field, interval = tower.fields[level], tower.intervals(level, unit)[-1]
    first = field.start + unit * field.jump
    last = first + field.size - 1
    assert (interval.first, interval.last, interval.count) == (
        min(seen, default=None),
        max(seen, default=None),
        len(seen),
    )
    assert seen <= set(range(first, last + 1))
    assert tower.outermost()[level][unit] == ((min(seen), max(seen)) if seen else None)
    if not interval.clipped:
        assert (interval.first, interval.last) == (first, last)
    if not any(stage.dilation > 1 or stage.stride > stage.kernel or stage.padding for stage in stages):
        assert seen == set(range(first, last + 1))
        assert not interval.has_gaps

    # Every link joins a unit of the cone to one below; every unit below the top hangs on some link.
    links = tower.links(level, unit)
    assert {(link.level - 1, link.lower) for link in links} == {(i, u) for i in range(level) for u in cone[i]}
    assert all(link.upper in cone[link.level] for link in links)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Sliding("dense", 3), "'dense' is unknown"),
        (lambda: Sliding("conv", 0), "Kernel is 0"),
        (lambda: Sliding("conv", 3, stride=0), "Stride is 0"),
        (lambda: Sliding("conv", 3, padding=-1), "Padding is −1"),
        (lambda: Sliding("conv", 10**9), "Kernel is 1,000,000,000"),
        (lambda: stack([CONV3] * 3, 6), "does not fit a 2"),
        (lambda: stack([], 10**9), "Input size is 1,000,000,000"),
        (lambda: stack([CONV3] * 2000, 9000), "at most 1,024"),
        (lambda: stack([CONV3], 5).cone(1, 3), "Unit is 3"),
        (lambda: stack([CONV3], 5).cone(2, 0), "Level is 2"),
        (lambda: stack([Sliding("conv", 1000, stride=1000)] * 2, 10**6).links(2, 0), "500,000 links"),
        (lambda: layers_needed(10, kernel=1), "Kernel size is 1"),
    ],
)
def test_impossible_settings(call, words):
    with pytest.raises(ExplorerError, match=words):
        call()
