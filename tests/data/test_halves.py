"""Some classes of a set as a set of their own."""

import pytest
import torch

from explorer.data.datasets import describe_data_set, load_data_set
from explorer.data.halves import only
from explorer.data.labelled import DataSet, LabelledImages
from tests.data import sets


def test_only_by_hand():
    numbers = torch.tensor([2, 0, 1, 2, 0])
    images = torch.arange(5, dtype=torch.uint8).reshape(5, 1, 1, 1).expand(5, 1, 32, 32)
    half = LabelledImages(images, numbers, boxes=torch.arange(20.0).reshape(5, 4))
    kept = only(DataSet("all", tuple("abc"), half, half, "a note"), (2, 0), "some")
    assert (kept.name, kept.classes, kept.note) == ("some", ("c", "a"), "a note")
    assert kept.train.images[:, 0, 0, 0].tolist() == [0, 1, 3, 4]
    assert kept.train.labels.tolist() == [0, 1, 0, 1]
    assert kept.test.boxes[:, 0].tolist() == [0, 4, 12, 16]


@pytest.mark.parametrize("whole", ["digits", "mnist"])
def test_low_and_high_are_the_whole(tmp_path, whole):
    sets.write_mnist(tmp_path)
    data = load_data_set(whole, tmp_path)
    for part, digits in (("low", "01234"), ("high", "56789")):
        name = f"{whole}_{part}"
        some, facts = load_data_set(name, tmp_path), describe_data_set(name, tmp_path)
        assert (some.name, some.classes, facts.classes, facts.found) == (name, tuple(digits), 5, True)
        for half, expected in ((some.train, data.train), (some.test, data.test)):
            chosen = [i for i, label in enumerate(expected.labels.tolist()) if str(label) in digits]
            assert torch.equal(half.images, expected.images[chosen])
            assert [some.classes[label] for label in half.labels] == [str(int(expected.labels[i])) for i in chosen]


def test_titles_say_which_digits():
    titles = [describe_data_set(f"{whole}_{part}").title for whole in ("mnist", "digits") for part in ("low", "high")]
    assert titles == [
        "MNIST 0–4: handwritten digits",
        "MNIST 5–9: handwritten digits",
        "Small digits 0–4 (offline)",
        "Small digits 5–9 (offline)",
    ]
