"""The user's own classes on the screen: their names, pictures and counts, and how to change them. Knows collections."""

import contextlib

import numpy as np
import streamlit as st
from PIL import Image, UnidentifiedImageError

from explorer.data.collections import ClassFacts, Collection, PictureFacts, list_collections
from explorer.errors import ExplorerError
from explorer.figures.tiles import laid_out
from explorer.images.picture import fit_square
from explorer.ui.plain import plain
from explorer.ui.transfer_learning import collection as own
from explorer.ui.transfer_learning.adding import show_adding
from explorer.ui.transfer_learning.keys import PAGE
from explorer.words import counted

THUMB, COLUMNS, SHEET = 48, 12, 24  # pixels a side; thumbnails a row and on a sheet
A_PAGE = 24  # pictures of a class to remove from, at a time
SUGGESTED = ("thumbs up", "thumbs down")
_OPEN = "explorer.pictures of"  # which page of a class's pictures is shown


def show_classes() -> Collection | None:
    """Add pictures on the left, the classes on the right; returns the collection, None while there is none."""
    try:
        collection = own.current()
    except ExplorerError as error:
        st.error(plain(str(error)))
        own.choose("")
        collection = None
    classes = collection.classes() if collection else ()
    left, right = st.columns([1, 1.25], gap="medium")
    with right:
        for facts in classes:
            _show_class(collection, facts)
        _ask_name(classes)
        with st.container(horizontal=True):
            _show_removed(collection)
            _show_collections(collection)
    with left:
        if classes:
            show_adding(collection)
        else:
            st.markdown("**Which two things shall it tell apart?** Name them, then give each ten pictures.")
            words = " and ".join(f"“{name}”" for name in SUGGESTED)
            if st.button(f"Begin with {words}", type="primary", key=f"{PAGE} suggested"):
                _do(lambda: [own.begin().add_class(name) for name in SUGGESTED])
    return collection


def _do(action) -> None:
    """Change something and run the page again; a sentence where it is refused."""
    try:
        action()
    except ExplorerError as error:
        st.session_state[f"{PAGE} refused"] = str(error)
    st.rerun(scope="app")


def _ask_name(classes: tuple[ClassFacts, ...]) -> None:
    """One more class."""
    with st.form(f"{PAGE} new class", border=False, clear_on_submit=True), st.container(horizontal=True):
        name = st.text_input(
            "New class",
            placeholder="another class" if classes else "the first class: “cup”",
            label_visibility="collapsed",
            key=f"{PAGE} new name",
        )
        pressed = st.form_submit_button("Add class", width="content")
    if refused := st.session_state.pop(f"{PAGE} refused", None):
        st.error(plain(refused))
    if pressed:
        _do(lambda: own.aim(own.begin().add_class(name)))


def _show_class(collection: Collection, facts: ClassFacts) -> None:
    with st.container(border=True, key=f"class {facts.id}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(facts.name)}** · {counted(facts.count, 'picture')}", width="content")
            edit = st.popover("Change", key=f"change {facts.id}", on_change="rerun")
        if edit.open:
            with edit:
                _edit(collection, facts)
        sheet = _sheet(collection.pictures(facts.id, SHEET))
        if sheet is not None:
            st.image(sheet, alt=f"Pictures of {facts.name}")


def _edit(collection: Collection, facts: ClassFacts) -> None:
    """Another name, remove the class, remove single pictures."""
    with st.form(f"rename {facts.id}", border=False), st.container(horizontal=True):
        name = st.text_input("Name", facts.name, label_visibility="collapsed", key=f"name {facts.id} {facts.name}")
        if st.form_submit_button("Rename", width="content"):
            _do(lambda: collection.rename_class(facts.id, name))
    if st.button(
        "Remove the class", key=f"remove {facts.id}", help="It is put aside with its pictures and can be brought back."
    ):
        _do(lambda: collection.remove_class(facts.id))
    pictures = collection.pictures(facts.id)
    pages = -(-len(pictures) // A_PAGE)
    shown = min(st.session_state.get(f"{_OPEN} {facts.id}", 0), max(0, pages - 1))
    if pages > 1:
        shown = st.number_input(f"Pictures, page 1 to {pages}", 1, pages, shown + 1, key=f"page {facts.id} {pages}") - 1
        st.session_state[f"{_OPEN} {facts.id}"] = shown
    for start in range(shown * A_PAGE, min(len(pictures), (shown + 1) * A_PAGE), 4):
        for column, picture in zip(st.columns(4), pictures[start : start + 4], strict=False):
            with column:
                _show_picture(collection, facts.id, picture)
    aside = collection.removed_pictures(facts.id)
    if aside and st.button(f"Bring back the {counted(len(aside), 'removed picture')}", key=f"bring back {facts.id}"):
        _do(lambda: [collection.restore_picture(facts.id, picture.id) for picture in aside])


def _show_picture(collection: Collection, class_id: str, picture: PictureFacts) -> None:
    thumb = _thumb(picture)
    if thumb is not None:
        st.image(thumb, width=THUMB, alt="One picture of the class")
    if st.button("✕", key=f"remove {class_id} {picture.id}", help="Remove this picture"):
        _do(lambda: collection.remove_picture(class_id, picture.id))


def _show_removed(collection: Collection | None) -> None:
    """Classes that were put aside, to be brought back."""
    removed = collection.removed() if collection else ()
    if not removed:
        return
    with st.popover(f"Removed classes ({len(removed)})"):
        for facts in removed:
            if st.button(
                f"Bring back “{plain(facts.name)}”, {counted(facts.count, 'picture')}",
                key=f"restore {facts.id}",
                width="stretch",
            ):
                _do(lambda facts=facts: collection.restore_class(facts.id))


def _show_collections(collection: Collection | None) -> None:
    """Older collections of this machine, and a new one."""
    others = [one for one in list_collections()[:20] if collection is None or one.id != collection.id]
    if not others and collection is None:
        return
    popover = st.popover("Other collections", on_change="rerun", key=f"{PAGE} collections")
    if not popover.open:
        return
    with popover:
        if collection and st.button("Begin a new one", key=f"{PAGE} new collection", width="stretch"):
            _do(lambda: own.choose(""))
        for one in others:
            names = ", ".join(f"{facts.name} ({facts.count:,})" for facts in one.classes()) or "no class"
            when = f"{one.id[6:8]}.{one.id[4:6]}. {one.id[9:11]}:{one.id[11:13]}"
            if st.button(f"{when}  {plain(names[:80])}", key=f"open {one.id}", width="stretch"):
                _do(lambda one=one: own.choose(one.id))


def _sheet(pictures: tuple[PictureFacts, ...]) -> np.ndarray | None:
    """The newest pictures side by side, uint8 (H, W, 4), nothing between them: one image is sent instead of two dozen."""
    thumbs = [thumb for picture in pictures if (thumb := _thumb(picture)) is not None]
    if not thumbs:
        return None
    seen = np.pad(np.stack(thumbs), ((0, 0), (0, 0), (0, 0), (0, 1)), constant_values=255)
    return laid_out(seen, min(COLUMNS, len(thumbs)), gap=3, fill=0)


def _thumb(picture: PictureFacts) -> np.ndarray | None:
    """uint8 (48, 48, 3); None where the file has gone or was damaged meanwhile."""
    with contextlib.suppress(OSError, UnidentifiedImageError, ValueError, SyntaxError, ExplorerError):
        image = np.asarray(Image.open(picture.path, formats=["PNG"]).convert("RGB"))
        return fit_square(image, THUMB)
    return None
