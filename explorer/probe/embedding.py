"""Many features as points in the plane, and how well classes are apart. Knows numbers and labels; not networks."""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.words import counted, noun

MOST_POINTS = 1000  # t-SNE's time grows faster than their number
KEPT = 50  # principal components that t-SNE starts from, as its authors do (van der Maaten, Hinton 2008)
PERPLEXITY = 30.0
METHODS = ("pca", "tsne")


@dataclass(frozen=True, eq=False)
class Plane:
    """Points float32 (n, 2), read-only. kept: of PCA, the share of the variance that the plane keeps; else None."""

    points: np.ndarray
    kept: float | None = None


def embed(features: np.ndarray, method: str, *, seed: int = 0) -> Plane:
    """Features (n, p) in the plane by a method of METHODS; the same features give the same plane.

    Raises ExplorerError for an unknown method, for less than 5 or more than MOST_POINTS points, or for what is no number.
    """
    if method not in METHODS:
        raise ExplorerError(f"There is no plane called “{method[:20]}”: choose one of {', '.join(METHODS)}.")
    if not 5 <= len(features) <= MOST_POINTS:
        raise ExplorerError(
            f"{counted(len(features), 'picture')} {noun(len(features), 'makes', 'make')} no plane: choose 5 to {MOST_POINTS:,}."
        )
    if not np.isfinite(features).all():
        raise ExplorerError("The features are not numbers (NaN or infinite): choose another moment, network or layer.")
    scores, variances, total = principal_components(features, KEPT if method == "tsne" else 2)
    if method == "pca":
        plane = Plane(_two(scores), float(variances[:2].sum() / total) if total > 0 else 1.0)
    else:
        plane = Plane(_tsne(scores, seed))
    plane.points.setflags(write=False)
    return plane


def principal_components(features: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, float]:
    """The first `count` components by singular value decomposition of the centred features (n, p).

    Returns scores float64 (n, k), their variances (k,) and the variance of all. Each direction points to where its largest
    weight is positive, so that no sign is left to chance; k is less than count where there are fewer pictures or features.
    """
    centred = features.astype(np.float64) - features.mean(axis=0, dtype=np.float64)
    left, values, directions = np.linalg.svd(centred, full_matrices=False)
    largest = np.abs(directions).argmax(axis=1)
    signs = np.where(np.take_along_axis(directions, largest[:, None], axis=1)[:, 0] < 0, -1.0, 1.0)
    variances = values**2 / max(1, len(features) - 1)
    return (left * values * signs)[:, :count], variances[:count], float(variances.sum())


def neighbour_accuracy(points: np.ndarray, labels: np.ndarray) -> float:
    """The share of points (n, p) whose nearest other point is of their own class, in [0, 1]; of equally near ones the first."""
    squares = (points.astype(np.float64) ** 2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * points.astype(np.float64) @ points.T.astype(np.float64)
    np.fill_diagonal(distances, np.inf)
    return float((labels[distances.argmin(axis=1)] == labels).mean())


def _tsne(scores: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.manifold import TSNE  # a second to import

    if not scores.any():  # all the same: nothing to spread
        return _two(scores)
    perplexity = min(PERPLEXITY, (len(scores) - 1) / 3)
    start = _two(scores) / (scores[:, 0].std() or 1.0) * 1e-4  # as scikit-learn's own start from PCA, with our signs
    return (
        TSNE(2, perplexity=perplexity, init=start, random_state=seed, n_jobs=1).fit_transform(scores).astype(np.float32)
    )


def _two(scores: np.ndarray) -> np.ndarray:
    """The first two columns float32; a missing one is zero."""
    points = np.zeros((len(scores), 2), np.float32)
    points[:, : min(2, scores.shape[1])] = scores[:, :2]
    return points
