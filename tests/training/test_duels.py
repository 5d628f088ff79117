"""Every duel shows what it claims, with the settings that the pages train."""

import dataclasses

import pytest

from explorer.data.datasets import DATA_SETS, describe_data_set, load_data_set
from explorer.training.duels import DUELS
from explorer.training.run import perform
from explorer.training.settings import RunSettings


def final(name: str, data: str | None = None) -> tuple[float, float]:
    """Test accuracies of both runs."""
    results = []
    for settings in DUELS[name].runs:
        _, outcome = perform(settings, load_data_set(data or settings.data))
        results.append(outcome.test_accuracy)
    return tuple(results)


@pytest.mark.parametrize("name", DUELS)
def test_a_duel_differs_in_one_thing_and_can_be_typed(name):
    left, right = DUELS[name].runs
    assert left.data == right.data
    assert left.data in DATA_SETS
    assert left.config.seed == right.config.seed
    differences = [
        field.name
        for mine, other in ((left.design, right.design), (left.config, right.config))
        for field in dataclasses.fields(mine)
        if getattr(mine, field.name) != getattr(other, field.name)
    ]
    # H2 gives each activation the initialisation that is made for it
    assert differences == {"H2": ["activation", "initialisation"]}.get(name, differences[:1])
    assert left.command() != right.command()
    assert RunSettings.from_json(left.as_json()) == left


def test_H2_a_deep_sigmoid_does_not_learn_and_relu_does():
    sigmoid, relu = final("H2")
    assert sigmoid < 0.2
    assert relu > 0.85


def test_H3_zeros_stay_symmetric_and_he_learns():
    zeros, he = final("H3")
    assert zeros < 0.2
    assert he > 0.9


def test_H4_batch_normalisation_rescues_a_bad_beginning():
    without, with_it = final("H4")
    assert without < 0.2
    assert with_it > 0.7


@pytest.mark.parametrize("name", ["H5", "H6"])
def test_few_pictures_learn_more_with_regularisation(name):
    if not describe_data_set("mnist").found:
        pytest.skip("MNIST is not here: set EXPLORER_DATA to a folder with a copy")
    plain, regularised = final(name)
    assert regularised > plain + 0.03


def test_B2_both_learn_the_corner():
    cnn, mlp = final("B2")
    assert cnn > 0.95
    assert mlp > 0.85
