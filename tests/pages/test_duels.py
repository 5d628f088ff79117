"""Two live runs at the bottom of the pages that teach by comparison."""

import time

import pytest

from explorer.live import registry
from explorer.live import runs as jobs
from explorer.training.duels import DUELS
from explorer.training.timeline import snapshot_steps

PAGES = {
    "H2": "pages/activations.py",
    "H3": "pages/activations.py",
    "H4": "pages/regularisation.py",
    "H5": "pages/regularisation.py",
    "H6": "pages/regularisation.py",
    "B2": "pages/why_not_an_mlp.py",
}


@pytest.fixture(autouse=True)
def no_process_is_left():
    yield
    registry.close_all()


def test_every_duel_has_its_page():
    assert set(PAGES) == set(DUELS)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_trained_before_the_button_is_pressed(open_screen, name):
    screen = open_screen(PAGES[name], address={"exhibit": name})
    assert not screen.errors
    assert "See it in training" in screen.words
    assert "runs" not in screen.address
    assert not jobs.live_jobs()


@pytest.mark.parametrize("name", ["H3", "H5", "B2"])
def test_both_are_trained_shown_and_found_again(open_screen, name):
    screen = open_screen(PAGES[name], address={"exhibit": name})
    screen.button("Train both").click().run()
    assert not screen.errors
    both = screen.address["runs"].split(".")
    found = [jobs.find_job(one) for one in both]
    assert [job.settings.design for job in found] == [run.design for run in DUELS[name].runs]
    header = screen.header(f"studio {name}")
    assert [run["id"] for run in header["runs"]] == both
    assert [run["title"] for run in header["runs"]] == list(DUELS[name].names)

    until = time.monotonic() + 60
    while not all(snapshot_steps(job.folder) for job in found):
        assert time.monotonic() < until
        time.sleep(0.05)
    again = open_screen(PAGES[name], address={"exhibit": name, "runs": screen.address["runs"]})
    assert [run["id"] for run in again.header(f"studio {name}")["runs"]] == both
    screen.button("Train both again").click().run()
    assert not screen.errors
    assert screen.address["runs"].split(".") != both


@pytest.mark.parametrize("runs", ["", "a.b", "../x.y", ".", "a.b.c", "x" * 300])
def test_an_address_with_other_runs_shows_the_recorded_ones(open_screen, runs):
    screen = open_screen(PAGES["H5"], address={"exhibit": "H5", "runs": runs})
    assert not screen.errors
    header = screen.header("studio H5")
    assert [run["id"] for run in header["runs"]] == ["recorded-few-pictures", "recorded-dropout"]
    assert [run["title"] for run in header["runs"]] == [f"Recorded: {name}" for name in DUELS["H5"].names]
    assert header["controls"] is False
