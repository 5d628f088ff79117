"""Training processes and their owner, with real processes on the small digits."""

import dataclasses
import errno
import os
import signal
import time

import pytest

from explorer.errors import ExplorerError
from explorer.live import registry
from explorer.live import runs as jobs
from explorer.models.trainable import Design
from explorer.process import threads_beside_a_server
from explorer.training.config import TrainConfig
from explorer.training.settings import RunSettings, Start
from explorer.training.story import tell
from explorer.training.timeline import list_runs, read_events, read_run, read_snapshot, run_folder, snapshot_steps

PATIENCE = 60  # seconds: only a broken test waits so long; a process imports torch first
ENDLESS = RunSettings(Design(), "digits", TrainConfig(epochs=1_000_000, batch_size=32, device="cpu", threads=1))
SHORT = dataclasses.replace(ENDLESS, config=dataclasses.replace(ENDLESS.config, epochs=0.5))


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    """An empty registry, and no process left at the end."""
    monkeypatch.setattr(registry, "_JOBS", {})
    yield
    registry.close_all()


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def begun(settings=ENDLESS, **more):
    """A run that has begun to learn."""
    job = jobs.find_job(jobs.start(settings, **more))
    until(lambda: job.story.loss or not job.live)
    assert job.live, job.story.message
    return job


def exists(pid):
    """Whether there is such a process; also a dead one that nobody waited for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_from_start_to_finished(runs):
    began = time.monotonic()
    identity = jobs.start(SHORT)
    assert time.monotonic() - began < 2  # it did not wait for the process, which imports torch
    job = jobs.find_job(identity)
    assert job.live
    assert job in jobs.live_jobs()
    assert job.story.state == "starting"
    until(lambda: not job.live)
    story = jobs.story_of(identity)
    assert (story.state, story.step, story.fraction) == ("finished", 22, 1.0)
    assert jobs.live_jobs() == []
    assert jobs.find_job(identity) is job  # still there to be looked at
    assert story == tell(read_events(runs / identity))  # a server that starts later knows the same
    assert read_run(runs, identity).settings == SHORT
    assert job.wait(PATIENCE)
    assert (runs / identity / "log.txt").read_text() == ""


def test_pause_step_resume_and_stop(runs):
    job = begun(commands=({"name": "pause"}, {"name": "step"}))
    until(lambda: job.story.state == "paused" and job.story.step == 1)
    job.command({"name": "step"})
    until(lambda: job.story.step == 2)
    job.command({"name": "rate", "value": 0.125})
    job.command({"name": "resume"})
    until(lambda: job.story.state == "running" and job.story.step > 10)
    assert job.story.rate == 0.125
    asked = time.monotonic()
    job.command({"name": "stop"})
    until(lambda: not job.live)
    assert time.monotonic() - asked < 3
    assert job.story.state == "stopped"
    assert job.wait(PATIENCE)
    assert snapshot_steps(job.folder)[-1] == job.story.step
    job.command({"name": "resume"})  # too late, and no harm
    assert job.story.state == "stopped"
    assert jobs.story_of(job.id) == tell(read_events(job.folder))


def test_stop_while_it_starts():
    job = jobs.find_job(jobs.start(ENDLESS))
    job.command({"name": "stop"})
    until(lambda: not job.live)
    assert job.story.state == "stopped"


def test_a_killed_process_is_told_and_what_it_kept_is_kept():
    job = begun()
    until(lambda: len(job.story.snapshots) > 2)
    os.kill(job._process.pid, signal.SIGKILL)
    until(lambda: not job.live)
    assert job.story.state == "failed"
    assert "was ended by signal 9" in job.story.message
    assert f"Its {len(job.story.snapshots)} snapshots are kept" in job.story.message
    assert set(job.story.snapshots) <= set(snapshot_steps(job.folder))
    assert all(read_snapshot(job.folder, steps) for steps in job.story.snapshots)
    assert job.id in {run.id for run in list_runs(job.folder.parent)}
    kept = tell(read_events(job.folder))  # as a server that starts later reads it
    assert (kept.state, kept.message) == ("failed", job.story.message)
    until(lambda: not exists(job._process.pid))


def test_a_last_line_that_was_cut_off_does_not_hide_how_it_ended():
    job = begun()
    job.command({"name": "pause"})
    until(lambda: job.story.state == "paused")
    with (job.folder / "events.jsonl").open("a") as file:
        file.write('{"kind": "loss", "st')
    os.kill(job._process.pid, signal.SIGKILL)
    until(lambda: not job.live)
    assert tell(read_events(job.folder)).state == "failed"


def test_a_process_that_does_not_answer_a_stop_is_ended(monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", 0.3)
    job = begun()
    os.kill(job._process.pid, signal.SIGSTOP)
    job.command({"name": "stop"})
    until(lambda: not job.live)
    assert (job.story.state, "kept: continue" in job.story.message) == ("stopped", True)


def test_no_process_outlives_the_server(runs):
    running, paused, starting = begun(), begun(), jobs.find_job(jobs.start(ENDLESS))
    paused.command({"name": "pause"})
    until(lambda: paused.story.state == "paused")
    pids = {job._process.pid for job in (running, paused, starting)}
    assert all(map(exists, pids))
    registry.close_all()
    assert not any(map(exists, pids))
    until(lambda: not any(job.live for job in (running, paused, starting)))
    assert jobs.live_jobs() == []
    for job in (running, paused):
        assert (job.story.state, "want of memory" in job.story.message) == ("interrupted", False)
        assert tell(read_events(job.folder)).state == "interrupted"
        assert all(read_snapshot(job.folder, steps) for steps in snapshot_steps(job.folder))
    registry.close_all()  # twice does no harm


def test_too_many_at_once_are_refused(monkeypatch, runs):
    monkeypatch.setattr(jobs, "KIND", dataclasses.replace(jobs.KIND, most=2))
    first = jobs.start(ENDLESS)
    jobs.start(ENDLESS)
    with pytest.raises(ExplorerError, match="2 runs are training already: stop one of them first"):
        jobs.start(ENDLESS)
    assert len(list(runs.iterdir())) == 2
    jobs.find_job(first).command({"name": "stop"})
    until(lambda: len(jobs.live_jobs()) < 2)
    assert jobs.find_job(jobs.start(ENDLESS)).live


def test_runs_that_are_compared_take_the_place_of_the_last_ones(monkeypatch):
    monkeypatch.setattr(jobs, "KIND", dataclasses.replace(jobs.KIND, most=2))
    first = begun()
    second = jobs.begin_together([ENDLESS, ENDLESS], instead_of=[first.id, "gone"])
    assert first.story.state == "stopped"
    assert first.story.snapshots[-1] == first.story.step  # its last one was still written
    assert [job.id for job in jobs.live_jobs()] == list(reversed(second))


def test_too_many_to_compare_stop_nothing(monkeypatch, runs):
    monkeypatch.setattr(jobs, "KIND", dataclasses.replace(jobs.KIND, most=2))
    own, other = (jobs.start(ENDLESS) for _ in range(2))
    with pytest.raises(ExplorerError, match=r"1 other run .* stop some of them first"):
        jobs.begin_together([ENDLESS, ENDLESS], instead_of=[own])
    assert jobs.find_job(own).live
    assert jobs.find_job(other).live
    assert len(list(runs.iterdir())) == 2


def test_where_one_cannot_begin_none_goes_on(monkeypatch):
    start = jobs.start

    def full(settings, **more):
        if jobs.live_jobs():
            raise ExplorerError("The disk is full: make room.")
        return start(settings, **more)

    monkeypatch.setattr(jobs, "start", full)
    with pytest.raises(ExplorerError, match="make room"):
        jobs.begin_together([ENDLESS, ENDLESS])
    until(lambda: not jobs.live_jobs())


def test_after_waiting_nothing_is_left_to_be_told(monkeypatch):
    """Else the runs that take its place would be counted together with it."""
    job = begun()
    add = job.story.add

    def slowly(event):
        time.sleep(0.3 if event["kind"] == "ended" else 0)
        add(event)

    monkeypatch.setattr(job.story, "add", slowly)
    job.command({"name": "stop"})
    assert job.wait(PATIENCE)
    assert not job.live


def test_an_unreadable_data_set_fails_with_a_sentence(tmp_path, runs):
    identity = jobs.start(dataclasses.replace(SHORT, data="mnist"), data_dir=tmp_path / "nowhere")
    job = jobs.find_job(identity)
    until(lambda: not job.live)
    assert job.story.state == "failed"
    assert job.story.message.startswith("No readable copy of mnist under")
    assert list_runs(runs) == []


def test_going_on_from_a_snapshot(runs, monkeypatch, tmp_path):
    first = jobs.find_job(jobs.start(SHORT))
    until(lambda: not first.live)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_RUNS", runs.name)  # relative: this process's folder is meant, not the worker's
    second = jobs.find_job(jobs.start(dataclasses.replace(SHORT, start=Start(first.id, 22))))
    until(lambda: not second.live)
    assert second.story.state == "finished", second.story.message
    last, begin = read_snapshot(first.folder, 22), read_snapshot(second.folder, 0)
    assert all((last[name] == begin[name]).all() for name in last)
    wrong = jobs.find_job(jobs.start(dataclasses.replace(SHORT, design=Design("deep"), start=Start(first.id, 22))))
    until(lambda: not wrong.live)
    assert "“dense1.weight” is missing there" in wrong.story.message


def test_a_folder_of_runs_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "file"))
    with pytest.raises(ExplorerError, match=r"cannot be begun .*EXPLORER_RUNS"):
        jobs.start(SHORT)
    assert jobs.live_jobs() == []


@pytest.mark.parametrize("command", [None, {}, {"name": "explode"}, {"name": "rate", "value": 0}], ids=str)
def test_a_hostile_command_starts_and_changes_nothing(command, runs):
    with pytest.raises(ExplorerError):
        jobs.start(SHORT, commands=(command,))
    assert not runs.exists()


def test_a_run_of_another_server_is_read_from_its_folder(runs):
    assert jobs.find_job("somebody-elses") is None
    assert jobs.story_of("somebody-elses").state == "interrupted"
    with pytest.raises(ExplorerError, match="no run's name"):
        jobs.story_of("../x")
    assert run_folder(runs, "somebody-elses").exists() is False


def test_one_core_stays_free(monkeypatch):
    for cores, threads in ((None, 1), (1, 1), (2, 1), (8, 7)):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        assert threads_beside_a_server() == threads


@pytest.mark.parametrize(
    ("number", "helps"),
    [(errno.EROFS, "allow writing there"), (errno.EACCES, "allow writing"), (errno.ENOSPC, "free some")],
)
def test_a_folder_that_refuses_is_told_with_what_helps(monkeypatch, number, helps):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(jobs, "RunJob", refuse)
    with pytest.raises(ExplorerError, match=rf"cannot be begun in .*kept \({os.strerror(number)}\): {helps}"):
        jobs.start(SHORT)
