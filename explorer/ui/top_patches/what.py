"""What is scanned and looked at, as settings; and where that scan stands. Knows the session's folder; draws only what asks."""

import time
from dataclasses import dataclass
from typing import Annotated

import streamlit as st

from explorer.data.datasets import DATA_SETS, describe_data_set, with_targets
from explorer.live import scans as scan_jobs
from explorer.models.registry import MODELS
from explorer.probe.patches_file import take_shipped
from explorer.scan.pictures import FOLDER
from explorer.scan.scan import Scan, Wish
from explorer.settings.fields import OneOf, Whole, Word
from explorer.ui import cache
from explorer.ui.widgets import Columns

MOST_PICTURES = 1_000_000
ENDS = {"best": "Most exciting", "least": "Least exciting"}
_FOLDER, _TOKEN = "explorer.scan_folder", "explorer.scan_token"


@dataclass(frozen=True)
class PicturesHere(OneOf):
    """A data set of which there is a copy here, or a folder, which no address carries."""

    def ask(self, columns: Columns, value: str, key: str) -> str:
        here = [name for name in self.options if name == FOLDER or describe_data_set(name).found]
        at = here.index(value if value in here else "digits")
        data = columns[0].selectbox(self.label, here, at, self.title, key=key, help=self.help)
        if data == FOLDER:
            kept = st.session_state.get(_FOLDER, "")
            st.session_state[_FOLDER] = columns[0].text_input("Its folder", kept, key=f"{key} folder")
        return data

    def drawn(self, st):
        """Any of them, by Hypothesis' strategies."""
        return st.sampled_from(self.options)


PICTURES = PicturesHere(
    "Pictures",
    with_targets("classes"),
    lambda name: "A folder of pictures" if name == FOLDER else DATA_SETS[name].title,
    "The training pictures of the data sets that are on this machine, or any folder of picture files.",
    wide=2.4,
)
AT_MOST = Whole(
    "At most",
    1,
    MOST_PICTURES,
    "So many pictures, evenly from the whole. A large network takes some 30 ms a picture.",
    optional=True,
    placeholder="all of them",
)


@dataclass(frozen=True)
class Scanned:
    """limit: None for all pictures. layer: "" is the network's first. end: a key of ENDS. first: the first channel on the
    sheet. channel, rank: the patch whose whole picture is shown."""

    network: Annotated[str, OneOf("Network", MODELS, lambda name: MODELS[name].title, wide=2.1)] = "lenet5"
    data: Annotated[str, PICTURES] = "digits"
    limit: Annotated[int | None, AT_MOST] = None
    layer: Annotated[str, Word("layer's name", r"[^\s~]{1,400}")] = ""
    end: Annotated[str, OneOf("", ENDS)] = "best"
    first: Annotated[int, Whole("", 0, 100_000)] = 0
    channel: Annotated[int, Whole("", 0, 100_000)] = 0
    rank: Annotated[int, Whole("", 0, 1_000)] = 0


@dataclass(frozen=True)
class Found:
    """wish: None while no folder is named. job: the last process that was started for it. scan: what is known by now; None
    while the process runs."""

    wish: Wish | None = None
    job: scan_jobs.ScanJob | None = None
    scan: Scan | None = None


def look(settings: Scanned) -> Found:
    """Where the scan stands. Raises ExplorerError for a folder without pictures."""
    folder = st.session_state.get(_FOLDER, "") if settings.data == FOLDER else ""
    if settings.data == FOLDER and not folder:
        return Found()
    wish = Wish(settings.network, settings.data, folder, limit=settings.limit)
    job = scan_jobs.find_job(wish)
    if job and job.live:
        return Found(wish, job)
    opened = cache.opened_scan(wish, token(wish))
    take_shipped(opened.identity)
    return Found(wish, job, cache.scan(wish, token(wish), opened.version, _opened=opened))


def token(wish: Wish) -> int:
    """Names the moment at which a folder was listed: its files may have changed since. Data sets do not."""
    return st.session_state.setdefault(_TOKEN, time.time_ns()) if wish.data == FOLDER else 0


def look_again() -> None:
    """The listing of a folder is old."""
    st.session_state.pop(_TOKEN, None)
