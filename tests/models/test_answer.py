"""Logits as labels with probabilities."""

import math

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.models.answer import answer, class_row


def test_softmax_by_hand():
    # e⁰ : e^(ln 3) = 1 : 3
    found = answer(torch.tensor([[0.0, math.log(3)]]), ("a", "b"))
    assert (found.best, found.probability) == ("b", pytest.approx(0.75))
    assert found.rows == (("a", pytest.approx(0.25)), ("b", pytest.approx(0.75)))


def test_ten_labels_keep_their_order():
    labels = tuple("0123456789")
    logits = torch.randn(1, 10, generator=torch.Generator().manual_seed(0))
    found = answer(logits, labels)
    assert tuple(label for label, _ in found.rows) == labels
    assert [share for _, share in found.rows] == pytest.approx(torch.softmax(logits[0], 0).tolist(), abs=1e-6)
    assert found.best == labels[logits.argmax()]


def test_of_more_labels_the_ten_most_probable_come_sorted():
    labels = tuple(f"class {number}" for number in range(1000))
    logits = torch.randn(1, 1000, generator=torch.Generator().manual_seed(1))
    found = answer(logits, labels)
    values, places = torch.softmax(logits[0], 0).topk(10)
    assert [label for label, _ in found.rows] == [labels[place] for place in places]
    assert [share for _, share in found.rows] == pytest.approx(values.tolist(), rel=1e-4)
    assert (found.best, found.probability) == found.rows[0]


def test_huge_logits_do_not_overflow():
    assert answer(torch.tensor([[1e30, -1e30, 0.0]]), ("a", "b", "c")).rows == (("a", 1.0), ("b", 0.0), ("c", 0.0))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_no_number_is_no_answer(bad):
    with pytest.raises(ExplorerError, match="not a number"):
        answer(torch.tensor([[bad, 0.0]]), ("a", "b"))


def test_labels_must_fit():
    with pytest.raises(ValueError, match="argument 2"):
        answer(torch.zeros(1, 3), ("a", "b"))


def test_probabilities_are_not_made_probabilities_again():
    assert answer(torch.tensor([[1.0, 0.0, 0.0]]), ("a", "b", "c")).rows == (("a", 1.0), ("b", 0.0), ("c", 0.0))
    halves = torch.tensor([[0.2, 0.5, 0.3]]).half()
    assert answer(halves, ("a", "b", "c")).probability == 0.5
    logs = torch.tensor([[0.2, 0.5, 0.3]]).log()  # the softmax of log-probabilities is what they were
    assert answer(logs, ("a", "b", "c")).rows == tuple(zip("abc", map(pytest.approx, (0.2, 0.5, 0.3)), strict=True))
    assert answer(torch.tensor([[2.0, -1.0, 0.0]]), ("a", "b", "c")).probability < 1  # adds up to 1 and is none
    assert answer(torch.tensor([[0.4, 0.4, 0.4]]), ("a", "b", "c")).probability == pytest.approx(1 / 3)


def test_a_sigmoid_says_its_own_share():
    found = answer(torch.tensor([[0.047]]), ("tumour",), sigmoid=True)
    assert (found.best, found.probability) == ("tumour", pytest.approx(0.047))
    found = answer(torch.tensor([[0.9, 0.2, 0.8]]), ("a", "b", "c"), sigmoid=True)
    assert found.rows == (("a", pytest.approx(0.9)), ("b", pytest.approx(0.2)), ("c", pytest.approx(0.8)))


def test_a_single_number_is_no_probability():
    found = answer(torch.tensor([[4.5]]), ("0",))
    assert (found.best, found.probability, found.rows, found.value) == ("0", None, (), 4.5)
    with pytest.raises(ExplorerError, match="not a number"):
        answer(torch.tensor([[math.nan]]), ("0",))


@pytest.mark.parametrize(
    ("shape", "classes"),
    [
        ((2, 3), 3),
        ((2, 3, 1, 1), 3),
        ((2,), 1),
        ((2, 1), 1),
        ((2, 3, 4, 4), None),
        ((2, 1, 5, 1), None),
        ((2, 5, 3), None),
    ],
)
def test_a_map_is_not_classes(shape, classes):
    row = class_row(torch.zeros(shape))
    assert (None if row is None else tuple(row.shape)) == (None if classes is None else (2, classes))
