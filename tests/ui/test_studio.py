"""The studio's message, and what the browser may send back: known runs and commands, numbers in range, or nothing."""

import json
import struct

import pytest

from explorer.ui import server, studio
from explorer.ui.studio import message, read_branch, read_rest

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
    assert runs[1]["commands"] == "/explorer/runs/b2/commands"


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


def test_scenes_are_a_panel_and_classes_have_colours():
    sent = header(panels=["maps", "scenes"])
    assert sent["panels"] == ["scenes", "maps"]
    assert sent["awaits_scenes"]
    assert not header()["awaits_scenes"]  # all panels: of a run that learns classes there are none
    for colours in sent["classes"].values():
        assert len(colours) == len(set(colours)) == 6  # the background and five shapes
