"""The page Train LeNet live by itself, with real training processes on the small digits."""

import dataclasses
import time

import pytest

from explorer.data.datasets import load_data_set
from explorer.live import registry
from explorer.live import runs as jobs
from explorer.models.trainable import Design
from explorer.process import threads_beside_a_server
from explorer.training.config import TrainConfig
from explorer.training.run import perform
from explorer.training.settings import RunSettings, Start
from explorer.training.timeline import read_run
from explorer.ui.train_live import settings as train_settings
from tests.pages.conftest import Screen

SETTINGS = "explorer.training settings"
QUICK = RunSettings(Design(), "digits", TrainConfig(epochs=0.3, batch_size=64, device="cpu", threads=1))


@pytest.fixture(autouse=True)
def no_process_is_left(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))  # no MNIST here: the small digits
    yield
    registry.close_all()


def opened(**address: str) -> Screen:
    screen = Screen("pages/train_live.py", address=address)
    assert not screen.at.exception
    return screen


def labelled(widgets, label: str):
    return next(widget for widget in widgets if widget.label == label)


def wish(screen: Screen) -> train_settings.Wish:
    return screen.at.session_state[SETTINGS].wish


def begin(screen: Screen) -> jobs.RunJob:
    """Press Train; the job of the run that the address then names."""
    screen.button("Train").click().run()
    assert not screen.errors
    return jobs.find_job(screen.address["run"])


def wait_until(true, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def recorded(runs):
    """A run that is over, by its id."""
    perform(QUICK, load_data_set("digits"), folder=runs / "20261121-120000-lenet5-0001")
    return "20261121-120000-lenet5-0001"


def test_it_opens_with_settings_that_can_be_trained():
    screen = opened()
    assert not screen.at.error
    assert wish(screen).settings.data == "digits"
    assert wish(screen).settings.config.augmentation == "none"
    assert not screen.button("Train").disabled


def test_it_opens_with_a_recorded_run_that_nobody_commands():
    screen = opened()
    header = screen.header("studio")
    (shown,) = header["runs"]
    assert shown["id"] == "recorded-lenet5"
    assert shown["title"].startswith("Recorded: LeNet-5")
    assert (header["controls"], header["branches"]) == (False, False)
    assert "run" not in screen.address
    assert not [box for box in screen.at.selectbox if box.label in ("Run", "Compare with")]  # it is none of one's own


def test_recorded_runs_are_never_among_the_user_s(recorded):
    screen = opened()
    assert screen.header("studio")["runs"][0]["id"] == "recorded-lenet5"
    labels = labelled(screen.at.selectbox, "Run").options
    assert len(labels) == 2
    labelled(screen.at.selectbox, "Run").set_value(recorded).run()
    assert screen.address["run"] == recorded
    assert [run["id"] for run in screen.header("studio")["runs"]] == [recorded]


def test_train_begins_a_run_and_stop_ends_it(runs):
    screen = opened()
    job = begin(screen)
    wait_until(lambda: job.story.snapshots)
    assert read_run(runs, job.id).settings == wish(screen).settings == job.settings
    assert labelled(screen.at.selectbox, "Run").value == job.id

    (shown,) = screen.header("studio")["runs"]
    assert (shown["id"], shown["commands"]) == (job.id, f"/explorer/runs/{job.id}/commands")
    job.command({"name": "pause"})
    wait_until(lambda: job.story.state == "paused")
    job.stop()
    wait_until(lambda: job.story.state == "stopped")
    assert not screen.at.exception


def test_files_are_offered_at_once_and_made_when_they_are_asked_for():
    screen = opened()
    job = begin(screen)  # the page is not drawn again on its own: what it offers now has to hold later
    assert job.settings.command() in [code.value for code in screen.at.code]
    labels = [element.proto.label for element in screen.at.get("download_button")]
    assert {"Weights (safetensors)", "Network (ONNX)", "Curves (TensorBoard)", "Kernels learning (GIF)"} <= set(labels)


def test_a_run_that_trains_is_found_by_the_next_session():
    job = begin(opened())
    assert opened().address["run"] == job.id


def test_what_the_widgets_say_is_what_is_trained():
    screen = opened()
    labelled(screen.at.selectbox, "Activation").set_value("tanh")
    labelled(screen.at.selectbox, "Pooling").set_value("average")
    labelled(screen.at.selectbox, "Initialisation").set_value("he")
    labelled(screen.at.number_input, "Dropout").set_value(0.3)
    labelled(screen.at.toggle, "Batch norm").set_value(True)
    labelled(screen.at.selectbox, "Optimiser").set_value("momentum")
    labelled(screen.at.selectbox, "Schedule").set_value("constant")
    labelled(screen.at.number_input, "Learning rate").set_value(0.02)
    labelled(screen.at.number_input, "Batch size").set_value(32)
    labelled(screen.at.number_input, "Weight decay").set_value(0.0)
    labelled(screen.at.multiselect, "Augmentation").set_value(["flip", "shift"])
    labelled(screen.at.number_input, "Epochs").set_value(2.0)
    labelled(screen.at.number_input, "Stop at accuracy, %").set_value(90.0)
    labelled(screen.at.number_input, "Seed").set_value(7)
    labelled(screen.at.number_input, "Training pictures").set_value(100)
    screen.at.run()
    assert not screen.at.error
    settings = wish(screen).settings
    assert settings.design == Design("lenet5", "tanh", "average", "he", True, 0.3)
    assert settings.config == TrainConfig(
        epochs=2,
        until_accuracy=0.9,
        batch_size=32,
        optimiser="momentum",
        rate=0.02,
        schedule="constant",
        weight_decay=0.0,
        augmentation="flip+shift",
        seed=7,
        threads=threads_beside_a_server(),
    )
    assert settings.train_pictures == 100
    assert "--activation tanh" in settings.command()


@pytest.mark.parametrize(
    ("label", "value", "said"),
    [
        ("Learning rate", 0.0, "learning rate"),
        ("Epochs", 0.0, "epochs"),
        ("Batch size", 0, "batch"),
        ("Seed", -1, "seed"),
        ("Stop at accuracy, %", 200.0, "accuracy"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence_and_keeps_the_rest(label, value, said):
    screen = opened()
    before = wish(screen)
    labelled(screen.at.number_input, label).set_value(value).run()
    assert len(screen.at.error) == 1
    assert said in screen.at.error[0].value.lower()
    assert labelled(screen.at.number_input, "Seed")  # what stands below is still asked
    assert labelled(screen.at.selectbox, "Device")
    assert screen.button("Train").disabled
    assert wish(screen) == before


def test_a_data_set_that_is_not_here_asks_for_a_folder_or_leave():
    screen = opened()
    labelled(screen.at.selectbox, "Data set").set_value("fashion_mnist").run()
    assert "Fashion-MNIST" in screen.at.error[0].value
    assert screen.button("Train").disabled
    screen.at.checkbox[0].set_value(True).run()
    assert not screen.at.error
    assert wish(screen).download


@pytest.mark.parametrize("name", ["Slow motion", "Fast to 99 %", "Too high a rate"])
def test_a_beginning_is_taken_over_by_the_widgets(name):
    screen = opened()
    screen.button(name).click().run()
    assert not screen.at.error
    offered = train_settings.presets()[name]
    assert wish(screen) == offered
    assert labelled(screen.at.number_input, "Batch size").value == offered.settings.config.batch_size


@pytest.mark.parametrize("run", ["nope", "../../etc", "x" * 500, "<b>"])
def test_an_address_of_no_run_is_one_sentence(run):
    screen = opened(run=run)
    assert len(screen.at.warning) == 1
    assert [run["id"] for run in screen.header("studio")["runs"]] == ["recorded-lenet5"]


def test_a_finished_run_is_shown_and_gone_on_from(recorded):
    screen = opened(run=recorded)
    step = jobs.story_of(recorded).snapshots[-1]
    screen.trigger("studio", "branch", {"run": recorded, "step": step})
    assert wish(screen).settings == dataclasses.replace(QUICK, start=Start(recorded, step))
    assert f"Goes on from step {step} of {recorded}" in screen.words
    job = begin(screen)
    wait_until(lambda: not job.live)
    assert job.story.state == "finished"
    assert job.settings.start == Start(recorded, step)

    screen.button("Begin afresh instead").click().run()
    assert wish(screen).settings.start is None


def test_two_runs_side_by_side(recorded, runs):
    other = "20261121-120001-lenet5-0002"
    perform(dataclasses.replace(QUICK, design=Design(activation="tanh")), load_data_set("digits"), folder=runs / other)
    screen = opened(run=recorded)
    labelled(screen.at.selectbox, "Compare with").set_value(other).run()
    assert screen.address["with"] == other
    assert [run["id"] for run in screen.header("studio")["runs"]] == [recorded, other]
    again = opened(run=recorded, **{"with": other})
    assert labelled(again.at.selectbox, "Compare with").value == other


def test_the_audience_has_no_buttons(recorded):
    screen = opened(run=recorded, watch="1")
    header = screen.header("studio of the audience")
    assert header["controls"] is False
    assert not screen.at.button
