"""G3: the scan under way, and what it found. Knows the screen and words; the scan is a process."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.live import scans as scan_jobs
from explorer.models.registry import find
from explorer.scan.scan import Scan, Wish
from explorer.ui.exhibit import Exhibit
from explorer.ui.plain import plain
from explorer.ui.stand import Stand
from explorer.ui.top_patches.sheet import show_sheet
from explorer.ui.top_patches.what import Found, Scanned, look, look_again
from explorer.words import counted, duration, noun

EACH = 1.0  # seconds between two looks at a scan


def _show(found: Found, stand: Stand[Scanned]) -> None:
    """Progress while it runs; its result, and the button to begin or go on."""
    spec = find(stand.settings.network)
    if not spec.has_weights():
        st.warning(
            f"{plain(spec.title)} has random weights here: what excites its channels is chance. Its trained weights can be "
            f"fetched on the page Feature maps."
        )
    if found.wish is None:
        st.info("Name a folder: all pictures in it and below it are looked at, of any size.")
    elif found.scan is None:
        _watch(found.job)
    else:
        if found.scan.state.seen < found.scan.pictures.count:
            _offer(found.scan, found.job, stand)
        if found.scan.found.layers:
            show_sheet(found.scan, stand)


def _offer(scan: Scan, job: scan_jobs.ScanJob | None, stand: Stand) -> None:
    """The button that begins the scan or goes on with it, and why it ended where it failed."""
    seen, count = scan.state.seen, scan.pictures.count
    row = st.container(horizontal=True, vertical_alignment="center")
    word = "Go on" if seen else "Scan"
    if row.button(word, type="primary", key=stand.key(word)):
        _start(scan.wish)
    row.markdown(
        f"Stopped after {seen:,} of {counted(count, 'picture')}: this is what they show."
        if seen
        else f"{counted(count, 'picture')} {noun(count, 'waits', 'wait')}. The scan runs in a process of its own; it can "
        "be stopped and gone on with.",
        width="stretch",
    )
    if job and job.told.state == "failed":
        st.error(plain(job.told.message))


def _start(wish: Wish) -> None:
    try:
        scan_jobs.start(wish)
    except ExplorerError as error:
        st.error(plain(str(error)))
        return
    look_again()
    st.rerun()


def _watch(job: scan_jobs.ScanJob) -> None:
    """Progress once a second; at its end the whole page runs again."""

    @st.fragment(run_every=EACH)
    def follow() -> None:
        told = job.told
        if not told.live:
            look_again()
            st.rerun()
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        words = "Starting: PyTorch is loaded in a process of its own, some three seconds"
        if told.count:
            skipped = f", {told.skipped:,} unreadable" if told.skipped else ""
            words = f"{told.seen:,} of {counted(told.count, 'picture')}{skipped}, {duration(told.seconds)}{_remaining(told)}"
        left.progress(told.seen / told.count if told.count else 0.0, words)
        if right.button("Stop", key="scan stop", width="stretch", help="What has been found is kept."):
            job.stop()

    follow()


def _remaining(told: scan_jobs.Told) -> str:
    if told.seconds < 2 or not told.seen:
        return ""
    return f", about {duration((told.count - told.seen) * told.seconds / told.seen)} to go"


EXHIBITS = (
    Exhibit(
        "G3",
        "What excites a channel",
        "A channel of the first layer answers to some short stroke. What will the nine patches of a channel in the second "
        "layer have in common?",
        "The patches grow with the receptive field: 5×5 pixels in c1, 14×14 in c3, the whole picture in c5. A channel of c1 "
        "answers to an edge in one direction, or to plain darkness, whichever digit it belongs to; one of c3 to a corner or "
        "a bow that several digits share; one of c5 nearly to a digit. The patches of one channel resemble each other; where "
        "they do not, the channel has no single meaning. The least exciting ones show the opposite: often the same edge with "
        "dark and light exchanged.",
        Scanned(),
        look,
        _show,
        {
            "First layer": Scanned(),
            "Second": Scanned(layer="c3"),
            "Second, the least": Scanned(layer="c3", end="least"),
        },
        forgets={
            "network": ("layer", "first", "channel", "rank"),
            "layer": ("first", "channel", "rank"),
            "first": ("channel", "rank"),
        },
    ),
)
