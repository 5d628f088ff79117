"""The streaming ranking against sorting everything that was ever offered."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.probe.ranking import Ranking


def slow_ranked(offers, rows, k):
    """Keep everything; sort by score, then by the lower picture."""
    kept = [[] for _ in range(rows)]
    for row, score, picture, place in offers:
        kept[row].append((score, picture, place))
    return [sorted(line, key=lambda one: (-one[0], one[1]))[:k] for line in kept]


def as_lists(ranking):
    ranked = ranking.ranked()
    parts = (ranked.scores, ranked.pictures, ranked.places)
    return [
        [one for one in zip(*(part[row].tolist() for part in parts), strict=True) if one[1] >= 0]
        for row in range(len(ranked.scores))
    ]


def offer(ranking, offers):
    columns = list(zip(*offers, strict=True)) or [()] * 4
    rows, scores, pictures, places = (np.array(column) for column in columns)
    ranking.offer(rows.astype(int), scores.astype(np.float32), pictures.astype(int), places.astype(int))


def test_by_hand():
    ranking = Ranking(2, 2)
    assert ranking.bounds().tolist() == [-np.inf, -np.inf]
    offer(ranking, [(0, 3.0, 0, 7), (0, 5.0, 1, 8), (1, -1.0, 0, 9)])
    offer(ranking, [(0, 5.0, 2, 1), (0, 4.0, 3, 2)])
    assert as_lists(ranking) == [[(5.0, 1, 8), (5.0, 2, 1)], [(-1.0, 0, 9)]]
    assert ranking.bounds().tolist() == [5.0, -np.inf]


@settings(max_examples=150, deadline=None)
@given(
    k=st.integers(1, 5),
    scores=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([-3.5, -0.0, 0.0, 2.0**-130, 2.0, 2.0**127, -np.inf])), max_size=60
    ),
    cuts=st.lists(st.integers(0, 60), max_size=4),
    turn=st.randoms(use_true_random=False),
)
def test_equals_the_slow_twin_with_ties_in_any_order(k, scores, cuts, turn):
    offers = [(row, score, picture, picture * 3) for picture, (row, score) in enumerate(scores)]
    expected = slow_ranked(offers, 3, k)
    turn.shuffle(offers)
    ranking = Ranking(3, k)
    edges = [0, *sorted(cut for cut in cuts if cut < len(offers)), len(offers)]
    for start, end in itertools.pairwise(edges):
        offer(ranking, offers[start:end])
    assert as_lists(ranking) == expected


def test_nan_is_never_taken():
    ranking = Ranking(1, 2)
    offer(ranking, [(0, np.nan, 0, 0), (0, -1.0, 1, 0)])
    assert as_lists(ranking) == [[(-1.0, 1, 0)]]


@pytest.mark.parametrize(("place", "size"), [(65_535, 10), (65_536, 12)])
def test_bytes_an_entry(place, size):
    ranking = Ranking(4, 9)
    offer(ranking, [(0, 1.0, 0, place)])
    assert ranking.nbytes == 4 * 9 * size
    assert as_lists(ranking)[0] == [(1.0, 0, place)]
