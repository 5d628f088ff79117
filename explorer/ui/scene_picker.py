"""A scene to ask trained networks about: an example, a drawing or an upload. Knows widgets; not networks, not answers."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from explorer.data.drawn_scene import drawn_scene
from explorer.data.labelled import SIDE, LabelledImages
from explorer.errors import ExplorerError
from explorer.images.decode import decode
from explorer.images.picture import fit_square, to_grey
from explorer.images.strokes import Drawing, read_drawing
from explorer.training.asking import unknown
from explorer.ui import cache, components
from explorer.ui.plain import plain
from explorer.ui.runs import refresh
from explorer.ui.shows import follow
from explorer.ui.stand import Stand

PAD_SIDE = 128  # pixels of the grey picture that the pad sends
DRAWN = 0  # examples are 1, 2, …
PREVIEW = 224  # pixels on the screen: seven for each of a scene's


def ask_about(
    stand: Stand,
    names: Sequence[str],
    show: Callable[[LabelledImages, Stand], None],
    *,
    data: str,
    examples: int,
    hint: str,
    empty: str,
    upload: bool = False,
) -> None:
    """A scene to choose or draw, and what is answered beside it.

    names: the runs that may follow it. show: draws the answers, again and again while one of those runs trains. data: of
    whose test set `examples` pictures are offered. hint: on the pad. empty: said while there is no picture. The settings
    have `scene`: 0 is the drawing, 1 to `examples` the examples, one more the upload.
    """
    left, right = st.columns([1, 3], gap="medium")
    with left:
        pictures = _pick(stand, data, examples, hint, upload)
        if pictures is not None:
            follow(stand, names, pictures)
    with right:
        if pictures is None:
            st.info(empty)
        else:
            stand.fragment(partial(show, pictures), refresh(names))


def _pick(stand: Stand, data: str, examples: int, hint: str, upload: bool) -> LabelledImages | None:
    """One picture, None while there is none; where it cannot be had, one sentence says why."""
    choices = [*range(1, examples + 1), DRAWN, *([examples + 1] if upload else [])]
    words = {DRAWN: "Draw", examples + 1: "Upload"}
    chosen = stand.choose(
        st.container(),
        "scene",
        "Scene",
        choices,
        lambda number: words.get(number, str(number)),
        few=True,
        help="The numbers are pictures of the test set: no network has learned from them.",
    )
    try:
        if chosen == DRAWN:
            return _draw(stand.page, hint)
        if chosen > examples:
            return _upload(stand.page)
        pictures = cache.data_set(data, None).test.take(_spread(examples, data)[chosen - 1 : chosen])
    except ExplorerError as error:
        st.error(plain(str(error)))
        return None
    _preview(pictures.images[0, 0].numpy())
    return pictures


def _spread(examples: int, data: str) -> Sequence[int]:
    """Examples with few and with many shapes, and of every class."""
    step = len(cache.data_set(data, None).test) // examples
    return [number * step + number for number in range(examples)]


def _draw(page: str, hint: str) -> LabelledImages | None:
    key = f"{page} pad"
    kept: Drawing | None = st.session_state.get(f"{key} drawing")

    def read() -> None:
        try:
            st.session_state[f"{key} drawing"] = read_drawing(st.session_state[key].get("drawing"))
        except ExplorerError as error:
            st.session_state[f"{key} problem"] = str(error)

    components.pad(
        key=key,
        data={
            "side": PAD_SIDE,
            "label": f"Drawing pad: {hint}",
            "hint": hint,
            "strokes": list(kept.strokes) if kept else [],
            "nonce": 0,
        },
        on_drawing_change=read,
    )
    if problem := st.session_state.pop(f"{key} problem", None):
        st.error(plain(problem))
    if kept is None:
        return None
    st.caption("What a line encloses is filled, like the shapes that were learned.")
    return unknown(drawn_scene(kept.pixels))


def _upload(page: str) -> LabelledImages | None:
    file = st.file_uploader(
        "A picture with one object", type=["png", "jpg", "jpeg", "webp", "bmp"], key=f"{page} upload"
    )
    key, seen = f"{page} uploaded", f"{page} uploaded seen"
    if file is None:
        st.session_state.pop(seen, None)
    elif st.session_state.get(seen, ("",))[0] != file.file_id:
        problem = ""
        try:
            st.session_state[key] = fit_square(to_grey(decode(file.getvalue(), file.name).pixels), SIDE)
        except ExplorerError as error:
            problem = str(error)
        st.session_state[seen] = (file.file_id, problem)
    picture: np.ndarray | None = st.session_state.get(key)
    if problem := st.session_state.get(seen, ("", ""))[1]:
        st.error(plain(problem) + (" The last picture stays." if picture is not None else ""))
    if picture is None:
        return None
    _preview(picture)
    return unknown(picture)


def _preview(picture: np.ndarray) -> None:
    large = picture.repeat(PREVIEW // SIDE, axis=0).repeat(PREVIEW // SIDE, axis=1)  # by hand: browsers would smooth it
    st.image(large, width=PREVIEW, alt="The scene that is asked about")
