"""What was predicted, and how far it was."""

import pytest

from explorer.predictions import Cell, Choice, Number


def number(truth, **how):
    return Number("a number", lambda made: made["it"] if truth is None else truth, **how)


@pytest.mark.parametrize(
    ("truth", "guess", "text"),
    [
        (5, 5, "**Right.**"),
        (5, 6, "You predicted 6; it is **5**: 1 too large."),
        (5, 4.5, "You predicted 4.5; it is **5**: 0.5 too small."),
        (270_000, 90_000, "You predicted 90,000; it is **270,000**: 3 times too small."),
        (26, 8_100_090_000, "You predicted 8,100,090,000; it is **26**: 3.12·10⁸ times too large."),
        (-20, 4, "You predicted 4; it is **−20**: 24 too large."),
        (-4, -2, "You predicted −2; it is **−4**: 2 times too small."),
        (-4, -3, "You predicted −3; it is **−4**: 1 too large."),
        (0, 8, "You predicted 8; it is **0**: 8 too large."),
        (4, 0, "You predicted 0; it is **4**: 4 too small."),
    ],
)
def test_a_number_says_how_far_it_was(truth, guess, text):
    verdict = number(truth).judge(None, guess)
    assert verdict.text == text
    assert verdict.right == text.startswith("**Right")


def test_the_right_number_is_read_from_what_is_shown():
    assert number(None).judge({"it": 7.0}, 7).right
    assert not number(None).judge({"it": 7.0}, 8).right


def test_a_float_that_is_a_third_is_met_by_its_digits_only_where_that_is_near_enough():
    assert number(0.1 + 0.2).judge(None, 0.3).right
    assert not number(2.178511).judge(None, 2.18).right
    near = number(2.178511, near=0.01)
    assert near.judge(None, 2.18).text == "**Right**, it is 2.179."
    assert not near.judge(None, 2.3).right


def test_a_choice_is_right_or_not():
    choice = Choice("which", ("a", "b"), lambda made: made)
    assert choice.judge("b", "b").right
    assert choice.judge("b", "a").text == "You predicted “a”: not so."
    assert Choice("which", ("a", "b"), "a").judge(None, "a").right
    with pytest.raises(ValueError, match="none of"):
        choice.judge("b", "c")


def test_a_choice_tells_what_is_measured_of_it():
    choice = Choice(
        "which", ("a", "b"), lambda made: max(made, key=made.get), lambda made: {k: f"{v} dB" for k, v in made.items()}
    )
    assert choice.judge({"a": 3, "b": 2}, "a").text == "**Right**, 3 dB."
    wrong = choice.judge({"a": 3, "b": 2}, "b")
    assert not wrong.right
    assert wrong.text == "You predicted b, 2 dB; it is **a**, 3 dB."


def test_a_cell_tells_the_nearest_right_one():
    cell = Cell("click", "output", lambda made: {(0, 0), (3, 3)})
    assert cell.judge(None, (3, 3)).right
    wrong = cell.judge(None, (2, 3))
    assert not wrong.right
    assert wrong.text == "You clicked row 2, column 3; **row 3, column 3** is 1 cell away."
    assert cell.judge(None, (1, 1)).text.endswith("**row 0, column 0** is 2 cells away.")
