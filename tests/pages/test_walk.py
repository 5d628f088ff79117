"""What was chosen stays chosen: a walk over all pages changes neither network nor picture, and only a person's act does."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.models.registry import MODELS

PAGES = sorted(f"pages/{path.name}" for path in (Path(__file__).parents[2] / "pages").glob("*.py"))
HOME = "pages/home.py"
NAME = "squeezenet1_1"  # neither the first of the list nor one that a picture's kind would choose


def sample(screen):
    screen.pick("source_widget", "sample").select("sample_widget", "coffee")


def upload(screen):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)).save(file, "PNG")
    screen.pick("source_widget", "upload")
    screen.at.file_uploader(key="upload_widget").set_value(("mine.png", file.getvalue(), "image/png")).run()


def go(screen, page):
    screen.at.query_params.clear()  # as the menu's links do
    screen.at.switch_page(page).run()
    assert screen.errors == [], page


def shown(screen):
    """What the widgets say, where the page has them."""
    boxes = {box.key: box.value for box in screen.at.selectbox}
    groups = {group.key: group.value for group in screen.at.button_group}
    found = {key: boxes[key] for key in ("network_widget", "sample_widget") if key in boxes}
    return found | {key: groups[key] for key in ("source_widget",) if key in groups}


@pytest.fixture
def home(open_screen):
    return open_screen("app.py")  # with the menu, through which one walks


@pytest.mark.parametrize("choose", [sample, upload])
def test_a_walk_over_all_pages_changes_nothing(home, choose, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    choose(home)
    home.select("network_widget", NAME)
    chosen, widgets = home.choice, shown(home)
    assert (chosen.network, widgets["network_widget"], widgets["source_widget"]) == (NAME, NAME, choose.__name__)
    with_network = set()
    for page in [page for other in PAGES if other != HOME for page in (other, HOME)]:
        go(home, page)
        assert home.choice == chosen, page
        assert shown(home).items() <= widgets.items(), page
        with_network |= {page} if "network_widget" in shown(home) else set()
    assert len(with_network) >= 4
    assert home.header("home_network")["title"] == MODELS[NAME].title
    assert home.header("home_network")["note"].startswith(chosen.photo.name)


def test_the_widgets_follow_the_record_and_not_what_they_showed_before(home):
    home.select("network_widget", "colour")
    go(home, "pages/feature_maps.py")
    home.select("feature_maps G4 layer", "conv4").pick("feature_maps G4 view", "after")
    home.select("network_widget", "lenet5")
    settings = home.at.session_state["explorer.place feature_maps"].settings
    assert (settings.layer, settings.channel) == ("", 0)
    go(home, HOME)
    assert home.at.selectbox(key="network_widget").value == "lenet5"
    go(home, "pages/feature_maps.py")
    assert home.at.selectbox(key="feature_maps G4 layer").value == "c1"
    assert home.at.button_group(key="feature_maps G4 view").value == "after"
