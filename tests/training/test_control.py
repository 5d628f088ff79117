"""Commands to a training: each does what it says between two steps, and nothing else is obeyed."""

import itertools
import threading

import pytest

from explorer.errors import ExplorerError
from explorer.training.config import TrainConfig
from explorer.training.control import COMMANDS, LOSS_WEIGHTS, Control, check_command
from explorer.training.loop import StopTraining, train
from explorer.training.step import Training
from tests.data.sets import stripes
from tests.training.test_loop import normalise, small

PATIENCE = 30  # seconds: only a broken test waits so long


def training(**settings):
    return Training(small(), stripes(), normalise, TrainConfig(**{"device": "cpu", "batch_size": 8, **settings}))


def controlled(*commands):
    """A Control that was sent these, what it tells, and at which steps it showed a single one."""
    told, shown = [], []
    control = Control(told.append, lambda training: shown.append(training.steps))
    for name, *value in commands:
        control.commands.put({"name": name, "value": value[0] if value else None})
    return control, told, shown


def test_without_commands_nothing_happens():
    one, (control, told, shown) = training(), controlled()
    for _ in range(3):
        control.stepped(one)
    assert (told, shown) == ([], [])


def test_stop():
    one, (control, _, _) = training(), controlled(("stop",))
    with pytest.raises(StopTraining):
        control.stepped(one)


def test_stop_while_paused():
    one, (control, _, _) = training(), controlled(("pause",), ("stop",))
    with pytest.raises(StopTraining):
        control.stepped(one)


def test_rate_is_that_of_the_next_step(monkeypatch):
    one, (control, told, _) = training(optimiser="sgd", rate=0.5), controlled(("rate", 0.125))
    rates = []
    update = one._optimiser.step
    monkeypatch.setattr(one._optimiser, "step", lambda: (rates.append(one._optimiser.param_groups[0]["lr"]), update()))
    one.advance()
    control.stepped(one)
    one.advance()
    one.advance()
    assert rates == [pytest.approx(0.025), 0.125, 0.125]  # first a twentieth of the peak: the warm-up
    assert told == [{"kind": "changed", "step": 1, "paused": False, "speed": None, "rate": 0.125, "loss_weights": {}}]


def test_pause_and_resume_in_one_go():
    one, (control, told, _) = training(), controlled(("pause",), ("resume",))
    control.stepped(one)
    assert [event["paused"] for event in told] == [True, False]


@pytest.fixture
def in_a_thread():
    """in_a_thread(commands …): a real training in a thread of its own that goes on until it is stopped, and its Control."""
    begun = []

    def begin(*commands):
        control, told, shown = controlled(*commands)
        counted, outcomes = [], []

        def stepped(training):
            counted.append(training.steps)
            control.stepped(training)

        def run():
            config = TrainConfig(device="cpu", batch_size=8, epochs=1_000_000, threads=1)
            callbacks = {"begun": control.stepped, "stepped": stepped, "judging": control.judging}
            outcomes.append(train(small(), stripes(), normalise, config, **callbacks))

        thread = threading.Thread(target=run, daemon=True)
        begun.append((thread, control))
        thread.start()
        return thread, control, told, shown, counted, outcomes

    yield begin
    for thread, control in begun:
        control.commands.put({"name": "stop"})
        thread.join(PATIENCE)
        assert not thread.is_alive()


def until(condition):
    for _ in range(PATIENCE * 100):
        if condition():
            return
        threading.Event().wait(0.01)
    pytest.fail("waited in vain")


def test_a_thread_pauses_steps_resumes_and_stops(in_a_thread):
    thread, control, told, shown, counted, outcomes = in_a_thread(("pause",))
    put = control.commands.put
    until(lambda: len(told) == 1)
    assert counted == []  # it was paused before its first step
    for number in range(1, 4):
        put({"name": "step"})
        until(lambda number=number: shown[-1] == number)
        thread.join(0.05)
        assert counted == list(range(1, number + 1))  # exactly one more
    assert shown == [0, 1, 2, 3]  # where it rested
    put({"name": "resume"})
    until(lambda: len(counted) > 50)
    put({"name": "pause"})
    until(lambda: told[-1]["paused"])
    at = told[-1]["step"]
    assert shown[-1] == at
    thread.join(0.1)
    assert counted[-1] == at
    put({"name": "stop"})
    thread.join(PATIENCE)
    assert not thread.is_alive()
    (outcome,) = outcomes
    assert (outcome.reason, outcome.steps) == ("stopped", at)


def test_a_step_on_its_own_pauses(in_a_thread):
    thread, _, told, shown, counted, _ = in_a_thread(("step",))
    until(lambda: shown == [0, 1])
    thread.join(0.05)
    assert counted == [1]
    assert told[-1]["paused"]


def test_pauses_are_no_training_time(in_a_thread):
    thread, control, _, shown, _, outcomes = in_a_thread(("pause",))
    thread.join(0.5)
    control.commands.put({"name": "step"})
    until(lambda: shown == [0, 1])
    thread.join(0.5)
    control.commands.put({"name": "stop"})
    thread.join(PATIENCE)
    assert 0 < outcomes[0].seconds < 0.5


def test_an_evaluation_obeys_at_once():
    one, (control, told, _) = training(), controlled(("speed", 0.01), ("rate", 0.5))
    control.judging(one)
    assert [(event["speed"], event["rate"]) for event in told] == [(0.01, pytest.approx(0.05 * 3e-3)), (0.01, 0.5)]
    control.judging(one)  # it does not wait for the speed: that is between two steps
    assert len(told) == 2
    control.commands.put({"name": "stop"})
    with pytest.raises(StopTraining):
        control.judging(one)


@pytest.mark.parametrize("command", ["resume", "step"])
def test_an_evaluation_rests_while_paused(command):
    """Otherwise one more step would be made after the word that it rests."""
    one, (control, _, shown) = training(), controlled(("pause",))
    thread = threading.Thread(target=control.judging, args=(one,), daemon=True)
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    assert shown == [0]
    control.commands.put({"name": command})
    thread.join(PATIENCE)
    assert not thread.is_alive()
    control.judging(one)  # the single step may begin
    assert shown == [0]


@pytest.fixture
def clock(monkeypatch):
    """A queue that lets time pass instead of waiting; `clock[0]` is now."""
    now = [0.0]
    monkeypatch.setattr("explorer.training.control.time.perf_counter", lambda: now[0])

    def wait_for(control):
        empty = control.commands.get

        class Queue:
            put, empty_now = control.commands.put, control.commands.empty

            def empty(self):
                return self.empty_now()

            def get(self, timeout):
                if self.empty_now():
                    now[0] += timeout
                return empty(timeout=0)

        control.commands = Queue()
        return control

    return now, wait_for


def test_speed_waits(clock):
    now, wait_for = clock
    one, (control, told, _) = training(), controlled(("speed", 4.0))
    control = wait_for(control)
    ends = []
    for _ in range(4):
        now[0] += 0.05  # the step itself
        control.stepped(one)
        ends.append(now[0])
    gaps = [after - before for before, after in itertools.pairwise(ends)]
    assert gaps == pytest.approx([0.25] * 3)  # the step's own time is a part of it
    assert [event["speed"] for event in told] == [4.0]
    control.commands.put({"name": "speed", "value": None})
    control.stepped(one)
    before = now[0]
    control.stepped(one)
    assert now[0] == before  # full speed again


def test_while_it_waits_for_its_speed_it_obeys(in_a_thread):
    thread, control, told, _, counted, outcomes = in_a_thread(("speed", 0.01))  # one step in 100 s
    until(lambda: told)
    control.commands.put({"name": "stop"})
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert counted == []
    assert outcomes[0].reason == "stopped"


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("speed", "rate", *LOSS_WEIGHTS)])
def test_plain_commands_carry_nothing(name):
    assert check_command({"name": name, "value": "x" * 1000, "more": 1}) == {"name": name, "value": None}


@pytest.mark.parametrize(
    "command",
    [
        {"name": "speed", "value": None},
        {"name": "speed", "value": 0.01},
        {"name": "speed", "value": 1},
        {"name": "speed", "value": 1e6},
        {"name": "rate", "value": 1e-30},
        {"name": "rate", "value": 1},
    ],
    ids=str,
)
def test_what_is_possible_stays_as_it_is(command):
    assert check_command(command) == command


HOSTILE = [
    None,
    "stop",
    [],
    ["stop"],
    {},
    {"name": "explode"},
    {"name": None},
    {"name": ["stop"]},
    {"name": {"stop": 1}},
    {"name": "STOP"},
    {"name": "rate"},
    *({"name": "rate", "value": value} for value in (0, -1, float("nan"), float("inf"), "1", True, [1], {}, 10**400)),
    *(
        {"name": "speed", "value": value}
        for value in (0, -1, float("nan"), float("inf"), "1", True, [], 1e-12, 10**400)
    ),
]


@pytest.mark.parametrize("command", HOSTILE, ids=lambda command: str(command)[:40])
def test_what_is_no_command_is_refused(command):
    with pytest.raises(ExplorerError, match="choose"):
        check_command(command)
