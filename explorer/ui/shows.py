"""What an exhibit's `show` draws with: the stepper and charts, wired to where they stand. Knows scenes and figures."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.ui import stepper
from explorer.ui.address import as_plain
from explorer.ui.fields import Numbers
from explorer.ui.place import change, place, rest_at
from explorer.ui.scenes import Scene
from explorer.ui.settings import kinds_of
from explorer.ui.staging import Stand

QUIET = {"displayModeBar": False}


def steps(
    stand: Stand,
    scene: Scene,
    fields: Mapping[str, str] | None = None,
    own: Mapping[str, Callable[[stepper.Edit], Mapping[str, Any]]] | None = None,
) -> None:
    """The stepper: it rests where the session rests, and an edited cell is an edited setting.

    fields: the setting that a grid shows, by the grid's name, where it has another one. own: grids whose edits mean
    something else: the edit → the settings that it changes.
    """
    fields, own = fields or {}, own or {}

    def take(edit: stepper.Edit) -> None:
        if edit.grid in own:
            return change(stand.page, **own[edit.grid](edit))
        name = fields.get(edit.grid, edit.grid)
        now = place(stand.page).settings
        kind = kinds_of(type(now))[name]
        assert isinstance(kind, Numbers)
        values = np.array(getattr(now, name), np.float64)
        planes = values.reshape(-1, *values.shape[-2:]) if values.ndim > 1 else values[None, None]
        return change(stand.page, **{name: as_plain(stepper.changed(planes, edit).reshape(values.shape))})

    last = scene.grids[scene.roles["place"]].values.size - 1
    stepper.show(
        scene,
        key=f"{stand.page}_stepper",
        token=f"{stand.exhibit.id} {stand.token}",
        step=min(stand.step, last),
        covered=stand.step == 0,
        on_edit=take,
        on_step=lambda step: rest_at(stand.page, step),
    )


def covered(stand: Stand, label: str, hint: str) -> bool:
    """Whether what is asked is still hidden: until the button is pressed, the answer open or a setting another one."""
    if stand.step or stand.revealed or stand.settings != stand.exhibit.settings:
        return False
    st.button(label, key=stand.key(label), on_click=rest_at, args=(stand.page, 1))
    st.caption(hint)
    return True


def guess(stand: Stand, label: str, titles: Mapping[str, str]) -> str | None:
    """One of the titles' keys, kept in the setting `guess`; None until somebody has guessed, which uncovers what is asked."""
    key, now = stand.key("guess"), stand.settings.guess
    st.session_state[key] = now if now in titles else None  # the settings lead; a person's guess changes them
    take = lambda: change(stand.page, guess=st.session_state[key] or "")  # noqa: E731
    st.pills(label, list(titles), format_func=titles.__getitem__, key=key, on_change=take)
    return st.session_state[key]


def chart(stand: Stand, figure: object, name: str = "chart", at: DeltaGenerator | None = None, **how: Any) -> None:
    """A figure without buttons, in the page's own colours. name: of all that the exhibit draws; how: Streamlit's own."""
    (at or st).plotly_chart(figure, key=stand.key(name), config=QUIET, theme=None, **how)
