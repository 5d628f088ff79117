"""Who learns what: hand-counted for LeNet-5, and against the networks and learning rates of the real students."""

import pytest

from explorer.training.config import TrainConfig
from explorer.training.learning import learning_of
from explorer.training.networks import feeding_of
from explorer.training.plan import plan
from explorer.training.settings import STUDENTS
from explorer.training.sources import Cut, cuts, source_of
from explorer.training.transfer import new_student, students

SOURCES = ("lenet5", "lenet5_low", "colour")
CASES = [(source, cut.layer) for source in SOURCES for cut in cuts(source)]


def test_LeNet_5_by_hand():
    rows = plan(cuts("lenet5"), "c5", source_classes=10, classes=2, depth_rate=0.5)
    # c1 5·5·1·6+6, c3 5·5·6·16+16, c5 5·5·16·120+120; f6 120·84+84, output 84·2+2
    assert [cell.parameters for cell in rows["last"].cells] == [156, 2416, 48120, 10164, 170]
    assert [cell.state for cell in rows["last"].cells] == ["frozen"] * 3 + ["new"] * 2
    assert (rows["last"].stay, rows["last"].learn) == (50692, 10334)
    assert [cell.rate for cell in rows["fine_tune"].cells] == [0.125, 0.25, 0.5, 1, 1]
    assert [cell.state for cell in rows["scratch"].cells] == ["new"] * 5
    assert [cell.below for cell in rows["scratch"].cells] == [True, True, True, False, False]
    assert rows["last"].cells[-1].shape == (2,)
    assert rows["last"].cells[-1].cut == ""


@pytest.mark.parametrize(("source", "cut"), CASES)
def test_it_is_what_the_students_are(source, cut):
    facts = source_of(source)
    rows = plan(cuts(source), cut, source_classes=facts.classes, classes=3, depth_rate=0.3)
    for name, settings in students(source, cut, "own", TrainConfig()).items():
        network = new_student(settings, facts.channels, 3)
        fed = feeding_of(settings, facts.channels)
        learning = learning_of(network, settings.transfer, (fed.channels, fed.side, fed.side))
        learns = {rate: sum(weights.numel() for weights in group) for rate, group in learning.rates}
        expected: dict[float, int] = {}
        for cell in rows[name].cells:
            if cell.state != "frozen":
                expected[cell.rate] = expected.get(cell.rate, 0) + cell.parameters
        assert learns == pytest.approx(expected)
        assert rows[name].learn + rows[name].stay == sum(weights.numel() for weights in network.parameters())


def test_one_cut_only():
    rows = plan([Cut("c", "c", (4,), 10, 50)], "c", source_classes=10, classes=3)
    assert set(rows) == set(STUDENTS)
    assert [cell.parameters for cell in rows["last"].cells] == [10, 15]
