"""The page on top patches: what to scan, the scan under way, and what it found. Knows the screen; the scan is a process."""

import time
from collections.abc import Callable

import streamlit as st

from explorer.data.datasets import DATA_SETS, describe_data_set, with_targets
from explorer.errors import ExplorerError
from explorer.live import scans as scan_jobs
from explorer.models.registry import MODELS, find
from explorer.probe.patches import Extremes, LayerPatches
from explorer.scan.pictures import FOLDER
from explorer.scan.scan import Scan, Wish
from explorer.scan.sheet import Cut, framed
from explorer.ui import cache
from explorer.ui.exhibits import change, choose_exhibit, mirror, place
from explorer.ui.top_patches.exhibits import CODECS, ENDS, EXHIBITS, MOST_PICTURES, Settings
from explorer.ui.top_patches.patches_view import chosen_patch, show_patches

PAGE = "top_patches"
LINES = 8  # channels on the sheet
EACH = 1.0  # seconds between two looks at a scan
_FOLDER, _TOKEN = "explorer.scan_folder", "explorer.scan_token"
END_TITLES = {"best": "Most exciting", "least": "Least exciting"}


def explore() -> None:
    """The exhibit, what to scan, and below it the scan or its result."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    wish = _ask(place(PAGE).settings, place(PAGE).token)
    if wish:
        try:
            _scan_or_show(wish)
        except ExplorerError as error:
            st.error(str(error))
    mirror(PAGE, exhibit, CODECS)


def _ask(settings: Settings, token: int) -> Wish | None:
    """The network and the pictures; None where there are none yet."""
    own = st.session_state.get(f"scan data {token}", settings.data) == FOLDER
    columns = st.columns([1.2, 1.4, 1.6, 1] if own else [1.2, 1.4, 1], vertical_alignment="bottom")
    left, middle, right = columns[0], columns[1], columns[-1]
    networks = list(MODELS)
    network = left.selectbox(
        "Network",
        networks,
        index=networks.index(settings.network),
        format_func=lambda name: MODELS[name].title,
        key=f"scan network {token}",
    )
    known = [name for name in with_targets("classes") if name == FOLDER or describe_data_set(name).found]
    data = middle.selectbox(
        "Pictures",
        known,
        index=known.index(settings.data) if settings.data in known else known.index("digits"),
        format_func=lambda name: "A folder of pictures" if name == FOLDER else DATA_SETS[name].title,
        key=f"scan data {token}",
        help="The training pictures of the data sets that are on this machine, or any folder of picture files.",
    )
    folder = ""
    if data == FOLDER:
        folder = columns[-2].text_input("Its folder", st.session_state.get(_FOLDER, ""), key=f"scan folder {token}")
        st.session_state[_FOLDER] = folder
    limit = right.number_input(
        "At most",
        1,
        MOST_PICTURES,
        settings.limit or None,
        placeholder="all of them",
        key=f"scan limit {token}",
        help="So many pictures, evenly from the whole. A large network takes some 30 ms a picture.",
    )
    if (network, data, limit or 0) != (settings.network, settings.data, settings.limit):
        other = {"layer": "", "first": 0, "channel": 0, "rank": 0} if network != settings.network else {}
        change(PAGE, network=network, data=data, limit=limit or 0, **other)
    if not find(network).has_weights():
        st.warning(
            f"{find(network).title} has random weights here: what excites its channels is chance. Its trained weights can be "
            f"fetched on the page Feature maps."
        )
    if data == FOLDER and not folder:
        st.info("Name a folder: all pictures in it and below it are looked at, of any size.")
        return None
    return Wish(network, data, folder, limit=limit)


# ── the scan ─────────────────────────────────────────────────────────────────────────────────────────────────


def _scan_or_show(wish: Wish) -> None:
    """Progress while it runs; its result, and the button to begin or go on."""
    job = scan_jobs.find_job(wish)
    if job and job.live:
        _watch(job)
        return
    opened = cache.opened_scan(wish, _token(wish))
    scan = cache.scan(wish, _token(wish), opened.version, _opened=opened)
    seen, count = scan.state.seen, scan.pictures.count
    if not seen and not job and wish == Wish("lenet5", "digits"):  # the example needs no button: it takes seconds
        _start(wish)
        st.rerun()
    if seen < count:
        left, right = st.columns([1, 4], vertical_alignment="center")
        word = "Go on" if seen else "Scan"
        if left.button(word, type="primary", key=f"scan {word}", width="stretch"):
            _start(wish)
            st.rerun()
        right.markdown(
            f"Stopped after {seen:,} of {count:,} pictures: this is what they show."
            if seen
            else f"{count:,} pictures wait. The scan runs in a process of its own; it can be stopped and gone on with."
        )
        if job and job.told.state == "failed":
            st.error(job.told.message)
    if scan.found.layers:
        _show(scan)


def _start(wish: Wish) -> None:
    scan_jobs.start(wish)
    _look_again()


def _token(wish: Wish) -> int:
    """Names the moment at which a folder was listed: its files may have changed since. Data sets do not."""
    return st.session_state.setdefault(_TOKEN, time.time_ns()) if wish.data == FOLDER else 0


def _look_again() -> None:
    """The listing of a folder is old."""
    st.session_state.pop(_TOKEN, None)


def _watch(job: scan_jobs.ScanJob) -> None:
    """Progress once a second; at its end the whole page runs again."""

    @st.fragment(run_every=EACH)
    def follow() -> None:
        told = job.told
        if not told.live:
            _look_again()
            st.rerun()
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        words = "Starting: PyTorch is loaded in a process of its own, some three seconds"
        if told.count:
            skipped = f", {told.skipped:,} unreadable" if told.skipped else ""
            words = f"{told.seen:,} of {told.count:,} pictures{skipped}, {told.seconds:.0f} s{_remaining(told)}"
        left.progress(told.seen / told.count if told.count else 0.0, words)
        if right.button("Stop", key="scan stop", width="stretch", help="What has been found is kept."):
            job.stop()

    follow()


def _remaining(told: scan_jobs.Told) -> str:
    if told.seconds < 2 or not told.seen:
        return ""
    return f", about {(told.count - told.seen) * told.seconds / told.seen:.0f} s to go"


# ── what it found ────────────────────────────────────────────────────────────────────────────────────────────


def _show(scan: Scan) -> None:
    """The sheet of a layer on the left, the chosen patch's whole picture on the right."""
    layer, end, first = _choose_layer(scan)
    extremes = layer.least if end == "least" else layer.best
    channels = range(first, min(first + LINES, layer.channels))
    key = (scan.wish, _token(scan.wish), scan.version, layer.name, first, end)
    cut = cache.patches(*key, _scan=scan, _channels=channels)
    token = f"{place(PAGE).token} {scan.wish} {scan.state.seen} {layer.name} {end} {first}"
    if sent := chosen_patch("patches", token, channels, scan.wish.k):
        change(PAGE, channel=sent[0], rank=sent[1])
    settings = place(PAGE).settings
    chosen = (settings.channel, settings.rank) if settings.channel in channels else (first, 0)
    chosen = (chosen[0], min(chosen[1], scan.wish.k - 1))
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        show_patches(
            cut,
            extremes,
            _captions(extremes, channels, scan.pictures.name),
            key="patches",
            token=token,
            chosen=chosen,
            label=f"{END_TITLES[end]} patches of channels {first} to {channels[-1]} of {layer.name}, one line for each "
            f"channel. Arrow keys move, Enter chooses.",
        )
    with right:
        _show_whole(scan, layer, extremes, cut, chosen)


def _choose_layer(scan: Scan) -> tuple[LayerPatches, str, int]:
    """Layer, end of the scale and first channel, all kept in the settings."""
    settings, token = place(PAGE).settings, place(PAGE).token
    names = [layer.name for layer in scan.found.layers]
    left, middle, right = st.columns([1.4, 1.4, 1])  # labels at one height
    name = left.selectbox(
        "Layer",
        names,
        index=names.index(settings.layer) if settings.layer in names else 0,
        format_func=lambda name: _layer_title(scan, name),
        key=f"scan layer {scan.wish.network} {token}",
    )
    end = middle.segmented_control(
        "Patches",
        ENDS,
        default=settings.end,
        format_func=END_TITLES.__getitem__,
        key=f"scan end {token}",
        required=True,
        width="stretch",
    )
    layer, end = scan.found.layer(name), end or settings.end
    starts = range(0, layer.channels, LINES)
    first = settings.first // LINES * LINES
    first = first if name == settings.layer and first in starts else 0
    if len(starts) > 1:
        first = right.selectbox(
            "Channels",
            starts,
            index=starts.index(first),
            format_func=lambda first: f"{first} – {min(first + LINES, layer.channels) - 1}",
            key=f"scan channels {scan.wish.network} {name} {token}",
        )
    if (name, end, first) != (settings.layer, settings.end, settings.first):
        fresh = {"channel": first, "rank": 0} if (settings.layer or names[0], settings.first) != (name, first) else {}
        change(PAGE, layer=name if name != names[0] or settings.layer else "", end=end, first=first, **fresh)
    return layer, end, first


def _layer_title(scan: Scan, name: str) -> str:
    layer, field = scan.found.layer(name), scan.fields.get(name)
    seen = " sees {}×{}".format(*field.window.size) if field and field.window else ""
    return f"{name} · {layer.channels} @ {layer.map[0]}×{layer.map[1]} ·{seen}".rstrip(" ·")


def _captions(extremes: Extremes, channels: range, name: Callable[[int], str]) -> list[list[str]]:
    return [
        [
            f"at row {row}, column {column} of its map, in {name(picture)}" if picture >= 0 else ""
            for picture, row, column in zip(*(part[channel].tolist() for part in _places(extremes)), strict=True)
        ]
        for channel in channels
    ]


def _places(extremes: Extremes) -> tuple:
    return extremes.pictures, extremes.rows, extremes.columns


def _show_whole(scan: Scan, layer: LayerPatches, extremes: Extremes, cut: Cut, chosen: tuple[int, int]) -> None:
    """The chosen patch's picture as the network sees it, with the box."""
    channel, rank = chosen
    index, box = int(extremes.pictures[channel, rank]), cut.boxes[cut.channels.index(channel)][rank]
    st.markdown(f"**Channel {channel} of {layer.name}, number {rank + 1} of {scan.wish.k}**")
    picture = scan.pictures.look([index]).get(index) if box else None
    if picture is None:
        st.caption("There is no such picture, or it can no longer be read.")
        return
    st.image(framed(picture, box), width=400)
    top, left, bottom, right = box
    score, row, column = (part[channel, rank] for part in (extremes.scores, extremes.rows, extremes.columns))
    st.caption(
        f"{scan.pictures.name(index)}: {score:.4f} at row {row}, column {column} of the map of {layer.map[0]}×"
        f"{layer.map[1]}. That unit sees rows {top}–{bottom - 1} and columns {left}–{right - 1}. The score is the "
        f"convolution's output, before any activation function.".replace("-", "−")
    )
    skipped = f", {scan.found.skipped:,} of them unreadable" if scan.found.skipped else ""
    st.caption(f"Found among {scan.found.seen:,} pictures{skipped}.")
