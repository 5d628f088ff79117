"""What an exhibit's `show` draws with: the stepper and charts, wired to where they stand. Knows scenes and figures."""

from collections.abc import Mapping

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.settings.fields import Numbers
from explorer.settings.record import kinds_of
from explorer.settings.written import as_plain
from explorer.ui import stepper
from explorer.ui.place import change, place, rest_at
from explorer.ui.scenes import Scene
from explorer.ui.staging import Stand

QUIET = {"displayModeBar": False}


def steps(stand: Stand, scene: Scene, fields: Mapping[str, str] | None = None) -> None:
    """The stepper: it rests where the session rests, and an edited cell is an edited setting.

    fields: the setting that a grid shows, by the grid's name, where it has another one.
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
        covered=stand.step == 0,
        on_edit=take,
        on_step=lambda step: rest_at(stand.page, step),
    )


def chart(stand: Stand, figure: object, name: str = "chart", at: DeltaGenerator | None = None) -> None:
    """A figure without buttons, in the page's own colours. name: of all that the exhibit draws."""
    (at or st).plotly_chart(figure, key=stand.key(name), config=QUIET, theme=None)
