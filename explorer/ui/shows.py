"""What an exhibit's `show` draws with: the stepper and charts, wired to where they stand. Knows scenes and figures."""

from collections.abc import Callable, Mapping

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


def steps(stand: Stand, scene: Scene, fields: Mapping[str, str] | None = None, *, covered: bool = True) -> None:
    """The stepper: it rests where the session rests, and an edited cell is an edited setting.

    fields: the setting that a grid shows, by the grid's name, where it has another one. covered: the results are, until
    they were stepped to.
    """
    fields = fields or {}

    def take(edit: stepper.Edit) -> None:
        name = fields.get(edit.grid, edit.grid)
        now = place(stand.page).settings
        kind = kinds_of(type(now))[name]
        assert isinstance(kind, Numbers)
        values = np.array(getattr(now, name), np.float64)
        planes = values.reshape(-1, *values.shape[-2:]) if values.ndim > 1 else values[None, None]
        change(stand.page, **{name: as_plain(stepper.changed(planes, edit).reshape(values.shape))})

    last = scene.grids[scene.roles["place"]].values.size - 1
    stepper.show(
        scene,
        key=f"{stand.page}_stepper",
        token=f"{stand.exhibit.id} {stand.token}",
        step=min(stand.step, last),
        covered=covered and stand.step == 0,
        on_edit=take,
        on_step=lambda step: rest_at(stand.page, step),
    )


def chart(
    stand: Stand,
    figure: object,
    name: str = "chart",
    at: DeltaGenerator | None = None,
    *,
    clicked: Callable[[object], None] | None = None,
    config: Mapping[str, object] = QUIET,
) -> None:
    """A figure without buttons, in the page's own colours. name: of all that the exhibit draws.

    clicked: is given a clicked point's customdata, unchecked: anyone can send anything. Where a click draws something
    else, the name tells what is drawn, so that what was clicked in one drawing is not clicked in the next.
    """
    key = stand.key(name)

    def hear() -> None:
        if (told := clicked_point(st.session_state.get(key))) is not None:
            clicked(told)

    how = {"on_select": hear, "selection_mode": "points"} if clicked else {}
    (at or st).plotly_chart(figure, key=key, config=config, theme=None, **how)


def clicked_point(event: object) -> object:
    """The first point's customdata in what a browser sent of a click; None where there is none."""
    try:
        return event["selection"]["points"][0]["customdata"]
    except (KeyError, IndexError, TypeError):
        return None
