"""Where a window's cells lie, by hand; what is outside is padding."""

import numpy as np
import pytest

from explorer.probe.terms import PADDING, Unit, gathered, grid_places, transposed_places, window_places

P = PADDING


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((5, 0, 3, 1, 1, 1, 1, "zeros"), [P, 0, 1]),
        ((5, 2, 3, 2, 1, 1, 1, "zeros"), [3, 4, P]),
        ((5, 0, 3, 1, 2, 2, 2, "zeros"), [P, 0, 2]),
        ((5, 0, 3, 1, 2, 2, 1, "reflect"), [2, 1, 0]),
        ((5, 0, 3, 1, 2, 2, 1, "wrap"), [3, 4, 0]),
        ((5, 6, 3, 1, 2, 2, 1, "edge"), [4, 4, 4]),
        ((4, 2, 2, 2, 0, 0, 1, "zeros"), [P, P]),  # a window that ceil_mode adds hangs over the edge
        ((4, 0, 4, 1, 1, 2, 1, "zeros"), [P, 0, 1, 2]),
    ],
)
def test_a_window(arguments, expected):
    assert window_places(*arguments).tolist() == expected


def test_a_transposed_window():
    assert transposed_places(3, 3, 3, 2, 1, 1).tolist() == [2, P, 1]
    assert transposed_places(3, 0, 3, 2, 0, 1).tolist() == [0, P, P]


def test_gathered_and_strongest():
    at = grid_places(np.array([1]), np.array([P, 0]), np.array([0, 1]))
    found = gathered("a", np.array([[[1.0, 2.0]], [[3.0, -4.0]]]), at, np.array([[9.0, 9.0], [1.0, 2.0]]))
    assert found.products.tolist() == [[[0, 0], [3, -8]]]
    assert found.sums.tolist() == [-5]
    assert found.channels.tolist() == [1]
    assert found.strongest(5) == [(0, 1, 1), (0, 1, 0)]
    assert found.unit(0, 1, 1) == Unit("a", (1, 0, 1))
    assert found.unit(0, 0, 0) is None
