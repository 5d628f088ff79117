"""A prediction is made beside the question, judged when it is revealed, and counted on its page."""

import pytest

from explorer.typed import cell
from tests.pages.elements import press

CONVOLUTION = "pages/convolution.py"


def number(screen):
    return next(box for box in screen.at.number_input if "prediction" in box.key)


def reveal(screen, label="Reveal"):
    press(screen.at, label)
    return screen.words


def test_a_typed_number_is_judged_with_the_answer(open_screen):
    screen = open_screen(CONVOLUTION, address={"exhibit": "C1"})
    number(screen).set_value(6)
    words = reveal(screen)
    assert "You predicted 6; it is **5**: 1 too large. 1·1 + 0·2" in words
    assert "0 of 1 right" in words


def test_the_tally_counts_the_page_and_the_first_prediction_only(open_screen):
    screen = open_screen(CONVOLUTION, address={"exhibit": "C1"})
    number(screen).set_value(5)
    assert "**Right.** 1·1 + 0·2" in reveal(screen)
    reveal(screen, "Question")
    assert not [box for box in screen.at.number_input if "prediction" in box.key]
    screen.at.selectbox[0].set_value("C9")
    screen.at.run()
    number(screen).set_value(8)
    assert "1 of 2 right" in reveal(screen)


def test_without_a_prediction_the_answer_is_what_it_was(open_screen):
    screen = open_screen(CONVOLUTION, address={"exhibit": "C1"})
    words = reveal(screen)
    assert "predicted" not in words
    assert "right" not in words.lower()
    reveal(screen, "Question")
    assert number(screen)


@pytest.mark.parametrize(
    ("chosen", "said"), [("both", "**Right.**"), ("0 + 1 + 2", "You predicted “0 + 1 + 2”: not so.")]
)
def test_a_choice_is_judged(open_screen, chosen, said):
    screen = open_screen(CONVOLUTION, address={"exhibit": "C19"})
    next(group for group in screen.at.button_group if "prediction" in group.key).set_value(chosen)
    assert said in reveal(screen)


def test_a_clicked_cell_is_kept_and_judged(open_screen):
    screen = open_screen(CONVOLUTION, address={"exhibit": "C17"})
    assert screen.header("convolution_stepper")["asked"] == "output"
    assert screen.header("convolution_stepper")["guess"] is None
    screen.send("convolution_stepper", guess=[2, 2])
    assert screen.header("convolution_stepper")["guess"] == [2, 2]
    screen.send("convolution_stepper", guess=[1, 2])
    assert "You clicked row 1, column 2; **row 0, column 2** is 1 cell away." in reveal(screen)
    assert screen.header("convolution_stepper")["asked"] is None


def test_a_cell_is_asked_only_where_the_question_stands(open_screen):
    assert open_screen(CONVOLUTION, address={"exhibit": "C1"}).header("convolution_stepper")["asked"] is None
    other = open_screen(CONVOLUTION, address={"exhibit": "C17", "mode": "reflect"})
    assert other.header("convolution_stepper")["asked"] is None


@pytest.mark.parametrize(
    "message", [None, 7, "0,0", [0], [0, 0, 0], [-1, 0], [0, 3], [2, 0], [0.0, 1], [True, 0], {"0": 1}]
)
def test_what_is_no_cell_of_the_grid_is_not_taken(message):
    assert cell(message, (2, 3)) is None
    assert cell([1, 2], (2, 3)) == (1, 2)


def test_nobody_elses_predictions_are_seen(open_screen):
    one = open_screen(CONVOLUTION, address={"exhibit": "C1"})
    number(one).set_value(5)
    reveal(one)
    assert "1 of 1 right" in one.words
    assert "prediction" not in str(one.address)
    other = open_screen(CONVOLUTION, address=one.address)
    assert "1 of 1 right" not in other.words
