"""The learning rate's course: by hand at a few places, and what holds for every schedule."""

import pytest

from explorer.training.schedules import SCHEDULES, constant, cosine, one_cycle, steps


def test_one_cycle_by_hand():
    assert one_cycle(0) == pytest.approx(0.05)
    assert one_cycle(0.1) == pytest.approx(0.525)  # half of the way up
    assert one_cycle(0.2) == 1
    assert one_cycle(0.6) == pytest.approx(0.5)  # half of the way down: cos 90° = 0
    assert one_cycle(0.2 + 0.8 / 3) == pytest.approx(0.75)  # cos 60° = 1/2
    assert one_cycle(1) == pytest.approx(0)
    assert one_cycle(1.7) == pytest.approx(0)
    assert one_cycle(0, warm_up=0) == 1


def test_cosine_by_hand():
    assert [cosine(fraction) for fraction in (0, 1 / 3, 0.5, 2 / 3, 1, 2)] == pytest.approx([1, 0.75, 0.5, 0.25, 0, 0])


def test_steps_by_hand():
    assert [steps(fraction) for fraction in (0, 0.49, 0.5, 0.74, 0.75, 1)] == [1, 1, 0.1, 0.1, 0.01, 0.01]


def test_constant_is_the_peak():
    assert {constant(number / 10) for number in range(11)} == {1.0}


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_every_schedule_is_a_share_and_reaches_the_peak(name):
    shares = [SCHEDULES[name](number / 1000) for number in range(1001)]
    assert min(shares) >= 0
    assert max(shares) == pytest.approx(1)
    peak = shares.index(max(shares))
    assert shares[peak:] == sorted(shares[peak:], reverse=True)  # never up again
