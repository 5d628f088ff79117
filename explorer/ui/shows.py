"""What an exhibit's `show` draws with: the stepper, charts and live runs, wired to where they stand.

Knows boards, figures and the studio; not what is learned.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.data.datasets import describe_data_set
from explorer.data.labelled import LabelledImages
from explorer.figures.boards import Board
from explorer.settings.fields import Numbers
from explorer.settings.record import kinds_of
from explorer.settings.written import as_plain
from explorer.training.duels import DUELS, Duel
from explorer.training.recordings import is_recorded, recorded
from explorer.ui import stepper, studio
from explorer.ui.place import change, place, rest_at
from explorer.ui.predicting import asked_grid, clicked_cell, keep_cell
from explorer.ui.runs import OTHER, Rest, begin, pin, problem, settings_of, shown
from explorer.ui.stand import Stand

QUIET = {"displayModeBar": False}
PACE = 50.0  # steps a second of a duel at first: slow enough to be watched
OFFLINE = "digits"  # of a duel where there is no copy of its data set


def steps(
    stand: Stand,
    board: Board,
    fields: Mapping[str, str] | None = None,
    own: Mapping[str, Callable[[stepper.Edit], Mapping[str, Any]]] | None = None,
    *,
    covered: bool = True,
) -> None:
    """The stepper: it rests where the session rests, and an edited cell is an edited setting.

    fields: the setting that a grid shows, by the grid's name, where it has another one. own: grids whose edits mean
    something else: the edit → the settings that it changes. covered: the results are, until they were stepped to.
    """
    fields, own = fields or {}, own or {}

    def take(edit: stepper.Edit) -> None:
        if edit.grid in own:
            change(stand.page, **own[edit.grid](edit))
            return
        name = fields.get(edit.grid, edit.grid)
        now = place(stand.page).settings
        kind = kinds_of(type(now))[name]
        assert isinstance(kind, Numbers)
        values = np.array(getattr(now, name), np.float64)
        planes = values.reshape(-1, *values.shape[-2:]) if values.ndim > 1 else values[None, None]
        change(stand.page, **{name: as_plain(stepper.changed(planes, edit).reshape(values.shape))})

    last = board.grids[board.roles["place"]].values.size - 1
    asked = None if stand.revealed else asked_grid(stand.page, stand.exhibit)
    stepper.show(
        board,
        key=f"{stand.page}_stepper",
        token=f"{stand.exhibit.id} {stand.token}",
        step=min(stand.step, last),
        covered=covered and stand.step == 0,
        asked=asked,
        guess=clicked_cell(stand.page, stand.exhibit) if asked else None,
        on_guess=lambda cell: keep_cell(stand.page, stand.exhibit, cell),
        on_edit=take,
        on_step=lambda step: rest_at(stand.page, step),
    )


def covered(stand: Stand, label: str, hint: str, *, in_place: bool = False) -> bool:
    """Whether what is asked is still hidden: until the button is pressed, the answer open or a setting another one.

    in_place: the cover is as large as what it covers, so that nothing moves when that is shown.
    """
    if stand.revealed:
        return False
    how = {"height": "stretch", "horizontal_alignment": "center", "vertical_alignment": "center"} if in_place else {}
    with st.container(key=f"cover {stand.key(label)}" if in_place else None, **how):
        st.button(label, key=stand.key(label), on_click=rest_at, args=(stand.page, 1))
        st.caption(hint, width="content")
    return True


def side_by_side(stand: Stand, name: str = "row") -> DeltaGenerator:
    """A row that takes the height which the rest of the stage leaves; on a phone its parts stand below each other.

    A chart in it is drawn with height="stretch". name: of all that the exhibit draws.
    """
    return st.container(horizontal=True, height="stretch", gap="medium", key=f"side by side {stand.key(name)}")


def chart(
    stand: Stand,
    figure: object,
    name: str = "chart",
    at: DeltaGenerator | None = None,
    *,
    clicked: Callable[[object], None] | None = None,
    config: Mapping[str, object] = QUIET,
    **how: Any,
) -> None:
    """A figure without buttons, in the page's own colours. name: of all that the exhibit draws; how: Streamlit's own.

    clicked: is given a clicked point's customdata, unchecked: anyone can send anything. Where a click draws something
    else, the name tells what is drawn, so that what was clicked in one drawing is not clicked in the next.
    """
    key = stand.key(name)

    def hear() -> None:
        if (told := clicked_point(st.session_state.get(key))) is not None:
            clicked(told)

    how |= {"on_select": hear, "selection_mode": "points"} if clicked else {}
    (at or st).plotly_chart(figure, key=key, config=config, theme=None, **how)


def clicked_point(event: object) -> object:
    """The first point's customdata in what a browser sent of a click; None where there is none."""
    try:
        return event["selection"]["points"][0]["customdata"]
    except (KeyError, IndexError, TypeError):
        return None


def runs(stand: Stand, titles: Mapping[str, str], panels: Sequence[str]) -> Rest:
    """One to three runs, live, under one time slider; returns where it rests ({} at the newest). titles: by run.

    Those that come with the application are called recorded, and have no controls.
    """
    if why := problem(stand.page):
        st.error(why)
    if not titles:
        return {}
    key = f"studio {stand.exhibit.id}"
    return studio.show(list(titles), key=key, panels=panels, controls=True, titles=titles)


def duel(stand: Stand, panels: Sequence[str] = ("kernels", "distributions")) -> tuple[tuple[str, ...], Rest] | None:
    """The exhibit's two runs that differ in one thing: the button that trains both, and both, live, once they are begun.

    Before that those that come with the application. Returns their names and where the time slider rests; None for none.
    """
    one = _at_hand(DUELS[stand.exhibit.id])
    designs = [settings.design for settings in one.runs]

    def fits(name: str, before: Sequence[str]) -> str:
        return "" if designs[len(before) :][:1] == [settings_of(name).design] else OTHER

    own = shown(stand.page, fits)
    own = own if len(own) == len(designs) else ()
    names = own or recorded(stand.exhibit.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Train both again" if own else "Train both",
            type="primary",
            icon="▶",
            key=stand.key("begin"),
            on_click=begin,
            args=(stand.page, lambda: one.runs, None, ({"name": "speed", "value": PACE},)),
            help="The commands that train the same:\n\n" + "\n\n".join(f"`{run.command()}`" for run in one.runs),
        )
        words = f"{one.watch} {one.seen if stand.revealed else ''}"
        st.markdown(f"**See it in training: {one.names[0]} against {one.names[1]}.** {words}", width="stretch")
    rest = runs(stand, dict(zip(names, one.names, strict=False)), panels)
    return (names, rest) if names else None


def _at_hand(one: Duel) -> Duel:
    """The duel on the data set that it names, or on the small digits where there is no copy of that."""
    return one if describe_data_set(one.runs[0].data).found else one.with_data(OFFLINE)


def follow(stand: Stand, names: Sequence[str], pictures: LabelledImages) -> None:
    """A button that pins one picture (1, 1, 32, 32): the studio then shows it at every moment of the runs."""
    if names and not is_recorded(names[0]):  # what is pinned is pinned for everybody
        st.button(
            "Follow it through the training",
            key=stand.key("follow"),
            on_click=pin,
            args=(tuple(names), pictures),
            help="Everybody who watches these runs sees it as their pinned picture, at every moment of the time slider.",
            width="stretch",
        )
