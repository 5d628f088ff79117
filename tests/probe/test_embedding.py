"""Planes of points: PCA by hand and against scikit-learn, t-SNE's determinism, neighbours counted one by one."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from explorer.errors import ExplorerError
from explorer.probe.embedding import MOST_POINTS, embed, neighbour_accuracy, principal_components


def two_clouds(count=40, size=6):
    random = np.random.default_rng(3)
    labels = np.arange(count) % 2
    return (random.normal(0, 1, (count, size)) + 12 * labels[:, None]).astype(np.float32), labels


def test_PCA_by_hand():
    # On the line (3, 4)·t all the variance lies on one direction: scores are 5·(t − mean)
    t = np.array([0, 1, 2, 3, 4.0])
    plane = embed(np.outer(t, [3, 4]), "pca")
    np.testing.assert_allclose(plane.points, np.stack([5 * (t - 2), np.zeros(5)], axis=1), atol=1e-5)
    assert plane.kept == pytest.approx(1)


@pytest.mark.parametrize("shape", [(30, 5), (6, 50)])
def test_PCA_equals_scikit_learns_up_to_signs(shape):
    values = np.random.default_rng(0).normal(size=shape)
    scores, variances, total = principal_components(values, 3)
    other = PCA(3).fit(values)
    expected = other.transform(values)
    signs = np.sign((scores * expected).sum(axis=0))
    np.testing.assert_allclose(scores * signs, expected, atol=1e-8)
    np.testing.assert_allclose(variances, other.explained_variance_)
    np.testing.assert_allclose(variances / total, other.explained_variance_ratio_)


def test_PCA_has_no_sign_left_to_chance():
    values = np.random.default_rng(0).normal(size=(20, 4))
    centre = values.mean(axis=0)
    scores, _, _ = principal_components(values, 4)
    directions = np.linalg.lstsq(scores, values - centre, rcond=None)[0]
    assert all(row[np.abs(row).argmax()] > 0 for row in directions)


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_the_same_features_give_the_same_plane_and_clouds_stay_apart(method):
    values, labels = two_clouds()
    first, second = (embed(values.copy(), method) for _ in range(2))
    np.testing.assert_array_equal(first.points, second.points)
    assert first.points.shape == (40, 2)
    assert first.points.dtype == np.float32
    assert not first.points.flags.writeable
    assert neighbour_accuracy(first.points, labels) == 1


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("values", [np.ones((8, 3)), np.arange(8.0)[:, None]])
def test_poor_features_still_make_a_plane(method, values):
    assert np.isfinite(embed(values, method).points).all()


def slow_accuracy(points, labels):
    right = 0
    for i, point in enumerate(points):
        others = [j for j in range(len(points)) if j != i]
        nearest = min(others, key=lambda j: sum((a - b) ** 2 for a, b in zip(point, points[j], strict=True)))
        right += labels[i] == labels[nearest]
    return right / len(points)


def test_neighbours_by_hand():
    points = np.array([[0.0], [1.0], [3.0], [3.5]])
    assert neighbour_accuracy(points, np.array([0, 0, 1, 1])) == 1
    assert neighbour_accuracy(points, np.array([0, 1, 1, 1])) == 0.5  # 0 and 1 are each other's nearest


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_equal_their_slow_twin(seed):
    random = np.random.default_rng(seed)
    points, labels = random.normal(size=(25, 3)), random.integers(0, 3, 25)
    assert neighbour_accuracy(points, labels) == slow_accuracy(points.tolist(), labels.tolist())


@pytest.mark.parametrize(
    ("values", "method", "words"),
    [
        (np.ones((10, 2)), "umap", "choose one of pca, tsne"),
        (np.ones((4, 2)), "pca", "choose 5 to"),
        (np.ones((MOST_POINTS + 1, 2)), "tsne", "choose 5 to"),
        (np.full((10, 2), np.nan), "pca", "choose another moment"),
    ],
)
def test_what_is_impossible_gets_a_sentence(values, method, words):
    with pytest.raises(ExplorerError) as caught:
        embed(values, method)
    assert words in str(caught.value)
