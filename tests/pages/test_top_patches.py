"""The page on top patches by itself: it scans its example, shows it, and takes what is chosen and clicked."""

import pytest

from explorer.live import registry
from explorer.live import scans as scan_jobs
from explorer.scan.scan import Scan, Wish
from explorer.settings.record import kinds_of
from explorer.ui.exhibit import exhibits_of

PAGE = "top_patches"
EXHIBITS = exhibits_of(PAGE)
EXAMPLE = Wish("lenet5", "digits")


@pytest.fixture
def scanned():
    """The example's result lies in the cache."""
    scan = Scan(EXAMPLE)
    list(scan.run())
    return scan


@pytest.fixture
def open_page(open_screen):
    return lambda **address: open_screen("pages/top_patches.py", address=address)


def settings(screen):
    return screen.at.session_state[f"explorer.place {PAGE}"].settings


def select(screen, label, value):
    next(box for box in screen.at.selectbox if box.label == label).set_value(value).run()


def test_the_example_is_there_without_a_scan(open_page):
    registry._JOBS.pop(("scan", EXAMPLE), None)
    screen = open_page()
    assert screen.errors == []
    assert scan_jobs.find_job(EXAMPLE) is None
    assert "Channel 0 of c1, number 1 of 9" in screen.words
    assert "Found among 1,437 pictures." in screen.words


@pytest.mark.parametrize("variant", EXHIBITS["G3"].variants)
def test_every_variant_opens(open_page, scanned, variant):
    screen = open_page()
    screen.button(variant).click().run()
    assert screen.errors == []
    assert settings(screen).end == EXHIBITS["G3"].variants[variant].end


def test_the_address_says_which_patch(open_page, scanned):
    screen = open_page(layer="c3", channel="4", rank="2", end="least")
    least = scanned.found.layer("c3").least
    assert "Channel 4 of c3, number 3 of 9" in screen.words
    assert f"digits {least.pictures[4, 2]}: {least.scores[4, 2]:.4f}".replace("-", "−") in screen.words


def test_layer_and_channels_are_chosen(open_page, scanned):
    screen = open_page()
    select(screen, "Layer", "c5")
    assert "Channel 0 of c5" in screen.words
    select(screen, "Channels", 16)
    assert screen.errors == []
    assert "Channel 16 of c5" in screen.words
    assert screen.address["layer"] == "c5"
    assert screen.address["first"] == "16"


def test_other_pictures_wait_for_the_button(open_page, scanned):
    screen = open_page(limit="30")
    assert "30 pictures wait." in screen.words
    wish = Wish("lenet5", "digits", limit=30)
    screen.button("Scan").click().run()
    assert scan_jobs.find_job(wish).wait(120)
    screen.at.run()
    assert "Found among 30 pictures." in screen.words


def test_a_stopped_scan_shows_what_it_has_and_goes_on(open_page):
    wish = Wish("lenet5", "digits", limit=600)
    running = Scan(Wish("lenet5", "digits", limit=600, batch_size=100)).run()
    next(running), next(running)
    running.close()
    assert Scan(wish).state.seen == 100
    screen = open_page(limit="600")
    assert "Stopped after 100 of 600 pictures" in screen.words
    assert "Found among 100 pictures." in screen.words
    assert screen.button("Go on")


def test_a_folder_is_asked_for(open_page, tmp_path):
    screen = open_page(data="folder")
    assert [info.value[:14] for info in screen.at.info] == ["Name a folder:"]
    screen.at.text_input[0].set_value(str(tmp_path / "nowhere")).run()
    assert "There is no folder" in screen.errors[0]


def test_random_weights_are_said_to_be(open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    screen = open_page(network="squeezenet1_1", limit="3")
    assert "random weights" in screen.at.warning[0].value


def test_every_setting_survives_the_address():
    settings = EXHIBITS["G3"].settings
    for name, kind in kinds_of(type(settings)).items():
        assert kind.read(kind.write(getattr(settings, name))) == getattr(settings, name)
