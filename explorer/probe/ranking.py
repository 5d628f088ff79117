"""The k largest scores of many rows at once, from a stream. Knows numbers; not networks, not pictures' contents.

A score and its picture are one 64-bit key, so that a merge is a sort: the upper half is the float32 score in an order that
whole numbers keep, the lower half counts pictures backwards, so that of equal scores the earlier picture comes first.
"""

from dataclasses import dataclass

import numpy as np

NOTHING = np.iinfo(np.int64).min  # the key of an empty place
LAST_PICTURE = 2**32 - 2  # what the lower half of a key can hold


@dataclass(frozen=True, eq=False)
class Ranked:
    """The best of each row, from the best on: scores float32, pictures int64 and places int64, each (rows, k).

    places: where in the picture, counted by the caller. A place that nothing has taken has picture −1 and score NaN.
    """

    scores: np.ndarray
    pictures: np.ndarray
    places: np.ndarray


class Ranking:
    """The k largest of every row so far; rows · k · 10 bytes (12 where a place exceeds 65,535), whatever was offered."""

    def __init__(self, rows: int, k: int) -> None:
        self.keys = np.full((rows, k), NOTHING)
        self.places = np.zeros((rows, k), np.uint16)

    @property
    def nbytes(self) -> int:
        """What it holds in memory."""
        return self.keys.nbytes + self.places.nbytes

    def bounds(self) -> np.ndarray:
        """The scores that have to be exceeded, float32 (rows,): of each row its k-th largest, −∞ before it has k."""
        return _scores(self.keys[:, -1], -np.inf)

    def offer(self, rows: np.ndarray, scores: np.ndarray, pictures: np.ndarray, places: np.ndarray) -> None:
        """Take in candidates, four arrays (n,): whole numbers but for the scores, float32. NaN is never taken.

        The order in which candidates are offered changes nothing; a picture may be offered once to a row.
        """
        taken = ~np.isnan(scores)
        rows, keys, places = rows[taken], _keys(scores[taken], pictures[taken]), places[taken]
        if places.size and places.max() > np.iinfo(self.places.dtype).max:
            self.places = self.places.astype(np.uint32)
        offered = np.bincount(rows, minlength=len(self.keys)) > 0
        touched = np.flatnonzero(offered)  # most rows stay as they are once much has been seen
        own, k = (np.cumsum(offered) - 1)[rows], self.keys.shape[1]
        all_rows = np.concatenate([np.repeat(np.arange(len(touched)), k), own])
        all_keys = np.concatenate([self.keys[touched].ravel(), keys])
        all_places = np.concatenate([self.places[touched].ravel(), places.astype(self.places.dtype)])
        order = np.argsort(~all_keys)  # ~key = −key − 1: the largest first
        # then by row, the keys' order kept: of few bits, so that it is a radix sort (np.lexsort takes ten times as long)
        order = order[np.argsort(all_rows[order].astype(np.min_scalar_type(len(touched))), kind="stable")]
        counts = np.bincount(all_rows, minlength=len(touched))
        rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
        kept = order[rank < k]
        self.keys[touched] = all_keys[kept].reshape(-1, k)
        self.places[touched] = all_places[kept].reshape(-1, k)

    def ranked(self) -> Ranked:
        """What has been kept, as plain numbers."""
        empty = self.keys == NOTHING
        pictures = LAST_PICTURE - (self.keys & 0xFFFFFFFF)
        return Ranked(
            _scores(self.keys, np.nan), np.where(empty, -1, pictures), np.where(empty, 0, self.places.astype(np.int64))
        )


def _keys(scores: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    bits = (scores.astype(np.float32) + np.float32(0)).view(np.int32)  # + 0: −0 and 0 are the same score
    ordered = bits ^ ((bits >> 31) & 0x7FFFFFFF)
    return (ordered.astype(np.int64) << 32) | (LAST_PICTURE - pictures.astype(np.int64))


def _scores(keys: np.ndarray, nothing: float) -> np.ndarray:
    ordered = (keys >> 32).astype(np.int32)
    scores = (ordered ^ ((ordered >> 31) & 0x7FFFFFFF)).view(np.float32)
    return np.where(keys == NOTHING, np.float32(nothing), scores)
