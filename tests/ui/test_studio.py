"""The studio's message, and what the browser may send back: known runs and commands, numbers in range, or nothing."""

import json
import struct

import pytest

from explorer.ui import server, studio
from explorer.ui.studio import Command, message, read_branch, read_command, read_commands, read_rest

RUNS = ("a1", "b2")


def header(**changed: object) -> dict:
    settings = {"panels": studio.PANELS, "controls": True, "branches": True, "titles": {}, "rest": {}, **changed}
    sent = message(RUNS, **settings)
    (length,) = struct.unpack("<I", sent[:4])
    return json.loads(sent[4 : 4 + length])


def test_every_run_has_addresses_on_this_server_only():
    runs = header(titles={"a1": "Sigmoid"})["runs"]
    assert [run["id"] for run in runs] == ["a1", "b2"]
    assert [run["title"] for run in runs] == ["Sigmoid", "b2"]
    assert [run["named"] for run in runs] == [True, False]
    assert runs[0]["events"] == "/explorer/runs/a1/events"
    assert runs[1]["frames"] + "12" == "/explorer/runs/b2/frames/12"


def test_the_addresses_follow_the_base_path(monkeypatch):
    monkeypatch.setattr(server.st, "get_option", lambda name: "lab/cnn")
    assert header()["runs"][0]["events"] == "/lab/cnn/explorer/runs/a1/events"


@pytest.mark.parametrize(
    ("controls", "branches", "shown"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_going_on_is_offered_to_those_who_may_and_where_somebody_listens(controls, branches, shown):
    assert header(controls=controls, branches=branches)["branches"] is shown


def test_unknown_panels_are_left_out_and_the_order_is_the_house_s():
    assert header(panels=["maps", "fireworks", "kernels"])["panels"] == ["kernels", "maps"]


def test_there_are_three_colours_a_theme():
    assert {theme: len(colours) for theme, colours in header()["colours"].items()} == {"light": 3, "dark": 3}


@pytest.mark.parametrize("runs", [[], ["a", "a"], ["a", "b", "c", "d"]])
def test_no_or_too_many_or_the_same_runs_cannot_be_shown(runs):
    with pytest.raises(ValueError, match="runs can be shown"):
        studio.show(runs, key="studio")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a?b", "a b"])
def test_a_name_that_would_change_the_address_is_refused(name):
    with pytest.raises(ValueError, match="no run's name"):
        message([name], panels=(), controls=False, branches=False, titles={}, rest={})


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"run": "a1", "name": "pause"}, Command("a1", "pause")),
        ({"run": "b2", "name": "step", "value": 7}, Command("b2", "step")),
        ({"run": "a1", "name": "speed", "value": None}, Command("a1", "speed")),
        ({"run": "a1", "name": "speed", "value": 5}, Command("a1", "speed", 5.0)),
        ({"run": "a1", "name": "rate", "value": 0.01}, Command("a1", "rate", 0.01)),
    ],
)
def test_a_command_is_read(sent, expected):
    assert read_command(sent, RUNS) == expected


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "pause",
        [],
        {},
        {"run": "zz", "name": "pause"},
        {"run": ["a1"], "name": "pause"},
        {"run": "a1", "name": "explode"},
        {"run": "a1", "name": ["pause"]},
        {"run": "a1", "name": "speed", "value": 0},
        {"run": "a1", "name": "speed", "value": 1e9},
        {"run": "a1", "name": "rate", "value": None},
        {"run": "a1", "name": "rate", "value": True},
        {"run": "a1", "name": "rate", "value": "0.1"},
        {"run": "a1", "name": "rate", "value": -0.1},
        {"run": "a1", "name": "rate", "value": float("nan")},
        {"run": "a1", "name": "rate", "value": float("inf")},
        {"run": "a1", "name": "rate", "value": 10**400},
    ],
)
def test_anything_else_is_no_command(sent):
    assert read_command(sent, RUNS) is None


def test_a_branch_is_a_known_run_and_a_whole_step():
    assert read_branch({"run": "a1", "step": 0}, RUNS) == ("a1", 0)
    for hostile in (None, "a1", {"run": "zz", "step": 1}, {"run": "a1", "step": -1}, {"run": "a1", "step": 1.0}):
        assert read_branch(hostile, RUNS) is None
    assert read_branch({"run": "a1", "step": True}, RUNS) is None
    assert read_branch({"run": [], "step": 1}, RUNS) is None


def test_the_rest_keeps_known_runs_with_whole_steps():
    assert read_rest({"a1": 5, "b2": "6", "zz": 7}, RUNS) == {"a1": 5}
    assert read_rest({"a1": 5, "b2": 6}, RUNS) == {"a1": 5, "b2": 6}
    assert read_rest([("a1", 5)], RUNS) == {}
    assert read_rest({"a1": 2**60}, RUNS) == {}


@pytest.mark.parametrize("name", ["class_weight", "box_weight"])
def test_the_weight_of_a_loss_may_be_0_and_at_most_1000(name):
    assert read_command({"run": "a1", "name": name, "value": 0}, RUNS) == Command("a1", name, 0.0)
    assert read_command({"run": "a1", "name": name, "value": 1000}, RUNS) == Command("a1", name, 1000.0)
    for hostile in (-0.1, 1000.1, None, True, False, "1", float("nan"), 10**400, [1]):
        assert read_command({"run": "a1", "name": name, "value": hostile}, RUNS) is None


def test_scenes_are_a_panel_and_classes_have_colours():
    sent = header(panels=["maps", "scenes"])
    assert sent["panels"] == ["scenes", "maps"]
    assert sent["awaits_scenes"]
    assert not header()["awaits_scenes"]  # all panels: of a run that learns classes there are none
    for colours in sent["classes"].values():
        assert len(colours) == len(set(colours)) == 6  # the background and five shapes


def test_commands_that_overtook_each_other_are_all_heard_once():
    stops = [{"run": run, "name": "stop", "number": number} for number, run in enumerate(RUNS, start=10)]
    last = {**stops[-1], "earlier": stops[:-1]}
    assert read_commands(last, RUNS) == ([Command(run, "stop") for run in RUNS], stops[-1]["number"])
    assert read_commands(last, RUNS, heard=10) == ([Command(run, "stop") for run in RUNS[1:]], stops[-1]["number"])
    assert read_commands(last, RUNS, heard=stops[-1]["number"]) == ([], stops[-1]["number"])


@pytest.mark.parametrize(
    "sent", [None, "stop", {"earlier": "stop"}, {"earlier": [None, {"number": "1"}]}, {"number": float("nan")}]
)
def test_anything_else_is_no_commands(sent):
    assert read_commands(sent, RUNS, heard=3) == ([], 3)
