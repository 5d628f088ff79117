"""Try the students: one picture, and what each says of it. Knows widgets and moments; trains nothing.

A part of the page by itself: a stroke or the webcam's next picture runs nothing else.
"""

import contextlib

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.dress import TEXT
from explorer.figures.positions import answers_figure
from explorer.images.decode import decode
from explorer.images.shots import read_shot
from explorer.images.strokes import read_drawing
from explorer.training.timeline import read_watched
from explorer.ui import components
from explorer.ui.pickers import PAD_SIDE
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.transfer_learning.adding import TYPES, way_of_adding
from explorer.ui.transfer_learning.keys import PAGE, QUIET
from explorer.ui.transfer_learning.moment import Moment, moments
from explorer.ui.transfer_learning.students import Student

WAYS = {"webcam": "Webcam", "draw": "Draw", "files": "File", "test": "Test picture"}
MOST_BARS = 10  # classes that are drawn
_WAY, _FRAME, _DRAWING, _FILE = (f"explorer.trying {name}" for name in ("way", "frame", "drawing", "file"))


@st.fragment
def show_try_it(shown: list[Student], rest: dict[str, int]) -> None:
    """A picture on the left, three answers on the right."""
    found = moments(shown, rest)
    if not found:
        return
    st.markdown("**Try them**")
    left, right = st.columns([1, 2], gap="medium")
    with left:
        way = _ask_way(found[0])
        pixels = {"webcam": _webcam, "draw": _draw, "files": _file}.get(way, lambda: _test_picture(found[0]))()
    with right:
        if pixels is None:
            st.info("Show them something.")
            return
        try:
            _show_answers(found, pixels, arranged=way == "test")
        except ExplorerError as error:
            st.error(plain(str(error)))


def _ask_way(moment: Moment) -> str:
    if _WAY not in st.session_state:
        st.session_state[_WAY] = way_of_adding() if moment.run.settings.data == "own" else "test"
    way = st.segmented_control(
        "Picture",
        list(WAYS),
        default=st.session_state[_WAY],
        format_func=WAYS.__getitem__,
        key="trying way",
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    st.session_state[_WAY] = way or st.session_state[_WAY]
    return st.session_state[_WAY]


def _webcam() -> np.ndarray | None:
    key = "trying webcam"

    def take() -> None:
        with contextlib.suppress(ExplorerError):  # the next one comes at once
            if shot := read_shot(st.session_state[key].get("frame")):
                st.session_state[_FRAME] = shot.pixels

    components.webcam(
        key=key,
        data={
            "label": "Webcam: what the students look at",
            "hint": "They answer three times a second.",
            "take": "",
            "live": True,
        },
        on_frame_change=take,
    )
    return st.session_state.get(_FRAME)


def _draw() -> np.ndarray | None:
    key = "trying pad"
    drawing = st.session_state.get(_DRAWING)

    def take() -> None:
        with contextlib.suppress(ExplorerError):  # what cannot be read is no drawing
            st.session_state[_DRAWING] = read_drawing(st.session_state[key].get("drawing"))

    components.pad(
        key=key,
        data={
            "side": PAD_SIDE,
            "label": "Drawing pad: draw something for the students",
            "hint": "Draw here",
            "strokes": list(drawing.strokes) if drawing else [],
            "nonce": 0,
        },
        on_drawing_change=take,
    )
    return drawing.pixels if drawing else None


def _file() -> np.ndarray | None:
    file = st.file_uploader("A picture", type=TYPES, key="trying file", label_visibility="collapsed")
    if file is not None and st.session_state.get(f"{_FILE} seen") != file.file_id:
        st.session_state[f"{_FILE} seen"] = file.file_id
        try:
            st.session_state[_FILE] = decode(file.getvalue(), file.name).pixels
        except ExplorerError as error:
            st.session_state[_FILE] = None  # the one before would be taken for it
            st.error(plain(str(error)))
    pixels = st.session_state.get(_FILE)
    if pixels is not None:
        st.image(pixels, width=240, alt="Your picture")
    return pixels


def _test_picture(moment: Moment) -> np.ndarray:
    watched = read_watched(moment.run.folder)
    count = len(watched)
    number = 0
    if count > 1:
        number = st.number_input(f"Number, 0 to {count - 1:,}", 0, count - 1, 0, key=f"{PAGE} test {count}")
    image = watched.images[number].permute(1, 2, 0).numpy()
    pixels = image[:, :, 0] if image.shape[2] == 1 else image
    side = max(1, 200 // len(pixels))
    st.image(pixels.repeat(side, axis=0).repeat(side, axis=1), width=200, alt="The test picture")
    st.caption(f"It is: **{plain(moment.run.classes[int(watched.labels[number])])}**")
    return pixels


def _show_answers(found: list[Moment], pixels: np.ndarray, *, arranged: bool) -> None:
    classes = found[0].run.classes
    answers = {one.title: one.answer(pixels, arranged=arranged) for one in found}
    for column, (title, values) in zip(st.columns(len(answers)), answers.items(), strict=True):
        best = int(np.argmax(values))
        with column:
            st.markdown(title)
            st.markdown(
                f"### {plain(classes[best])} · {values[best]:.0%}"
            )  # to be read from the last row of a lecture hall
    shown = sorted(np.argsort([-max(rows) for rows in zip(*answers.values(), strict=True)])[:MOST_BARS].tolist())
    names = [classes[index] for index in shown]
    rows = {title: [values[index] for index in shown] for title, values in answers.items()}
    figure = answers_figure(rows, names, dark=is_dark())
    each = 26 if len(names) <= 4 else 15  # pixels of a bar: few classes leave room for large ones
    figure.update_layout(
        height=60 + (14 + each * len(rows)) * len(names), font={"size": 16 if len(names) <= 4 else TEXT}
    )
    st.plotly_chart(figure, key=f"{PAGE} answers", theme=None, config=QUIET)
