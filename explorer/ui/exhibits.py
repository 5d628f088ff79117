"""Exhibits on a page: choosing one, predicting before it answers, and its whole state in the address.

Knows which exhibit stands where and with which settings; not what the settings mean.

A page's settings are one frozen record; its CODECS say how each field is written in the address. The session holds what
is on the screen; the address follows it, so that it can be kept or shared, and is read once, when the page is opened.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import streamlit as st

from explorer.errors import ExplorerError
from explorer.ui.address import Codec, whole_codec
from explorer.ui.plain import plain

S = TypeVar("S")
T = TypeVar("T")
STAYS = "The last valid picture stays."


@dataclass(frozen=True)
class Exhibit(Generic[S]):
    """One row of the curriculum.

    question: asked before anything is shown. answer: revealed. settings: what it opens with. variants: others to load.
    hidden: texts of the page that would give the answer away: not there until it is `revealed`.
    """

    id: str
    title: str
    question: str
    answer: str
    settings: S
    variants: Mapping[str, S] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place(Generic[S]):
    """Where a session stands on a page. token: raised whenever settings are loaded anew, so that widgets take them over.

    last_valid: the newest settings that could be computed; what they show stays while others cannot be.
    """

    exhibit: str
    settings: S
    step: int = 0
    token: int = 0
    last_valid: S | None = None


_STEP = whole_codec(0, 1_000_000)


def write_address(exhibit: Exhibit[S], settings: S, step: int, codecs: Mapping[str, Codec]) -> dict[str, str]:
    """The address's parameters: the exhibit, and only what differs from how it opens."""
    parts = {"exhibit": exhibit.id}
    for name in _fields(settings, codecs):
        value, codec = getattr(settings, name), codecs[name]
        if value != getattr(exhibit.settings, name):
            parts[name] = codec.write(value)
    return {**parts, "step": str(step)} if step else parts


def _fields(settings: object, codecs: Mapping[str, Codec]) -> list[str]:
    """A page may have settings of several kinds; its codecs are those of all of them."""
    return [name for name in codecs if hasattr(settings, name)]


def read_address(
    parts: Mapping[str, str], exhibits: Mapping[str, Exhibit[S]], codecs: Mapping[str, Codec]
) -> tuple[Place[S], str]:
    """The place that an address describes, and a note about what could not be read ("" where all could)."""
    first = next(iter(exhibits))
    problems = []
    exhibit = exhibits.get(parts.get("exhibit", first))
    if exhibit is None:
        problems.append(f"there is no exhibit “{parts['exhibit'][:20]}” on this page")
        exhibit = exhibits[first]
    changes, step = {}, 0
    for name in _fields(exhibit.settings, codecs):
        if name in parts:
            try:
                changes[name] = codecs[name].read(parts[name])
            except ExplorerError as error:
                problems.append(f"{name}: {error}")
    if "step" in parts:
        try:
            step = _STEP.read(parts["step"])
        except ExplorerError as error:
            problems.append(f"step: {error}")
    return Place(exhibit.id, dataclasses.replace(exhibit.settings, **changes), step), "; ".join(problems)


def _key(page: str) -> str:
    return f"explorer.place {page}"


def place(page: str) -> Place:
    """Where this session stands on the page; `choose_exhibit` has to have been there first."""
    return st.session_state[_key(page)]


def change(page: str, *, load: bool = False, **settings: object) -> None:
    """Change some settings; load=True makes the widgets take them over (an edit in the browser does not need that)."""
    now = place(page)
    new = dataclasses.replace(now.settings, **settings)
    st.session_state[_key(page)] = dataclasses.replace(now, settings=new, token=now.token + load)


def rest_at(page: str, step: int) -> None:
    """Remember the step that the browser rests at."""
    st.session_state[_key(page)] = dataclasses.replace(place(page), step=step)


def keep_valid(page: str) -> None:
    """The present settings could be computed: they are what is shown until others can be."""
    st.session_state[_key(page)] = dataclasses.replace(place(page), last_valid=place(page).settings)


def valid(page: str, exhibit: Exhibit[S], compute: Callable[[S], T]) -> tuple[S, T]:
    """The settings that are shown and what they give: the present ones, or, with one sentence on the screen, the last valid.

    compute: raises ExplorerError for settings that do not go together. Where the last valid ones are of another kind (a
    page may have several), the exhibit's own are shown.
    """
    shown = place(page).settings
    try:
        result = compute(shown)
        keep_valid(page)
    except ExplorerError as error:
        st.error(f"{error} {STAYS}")
        last = place(page).last_valid
        shown = last if isinstance(last, type(exhibit.settings)) else exhibit.settings
        result = compute(shown)
    return shown, result


def choose_exhibit(page: str, exhibits: Mapping[str, Exhibit[S]], codecs: Mapping[str, Codec]) -> Exhibit[S]:
    """Show the exhibits to choose from, the question, its answer on request, and the variants; returns the chosen one.

    The first call of a session reads the address; what could not be read is said in one note.
    """
    if _key(page) not in st.session_state:
        st.session_state[_key(page)], problem = read_address(st.query_params.to_dict(), exhibits, codecs)
        if problem:
            st.warning(
                f"Not everything in the address could be read ({plain(problem)}). The rest is shown as it opens."
            )
    now = place(page)
    widget = f"exhibit of {page}"
    if st.session_state.get(widget) not in exhibits:
        st.session_state[widget] = now.exhibit
    chosen = st.pills(
        "Exhibit",
        list(exhibits),
        format_func=lambda key: f"{key} {exhibits[key].title}",
        key=widget,
        required=True,
        label_visibility="collapsed",
    )
    exhibit = exhibits[chosen]
    if chosen != now.exhibit:
        _load(page, exhibit, exhibit.settings)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"**Predict:** {exhibit.question}")
    with right:
        if exhibit.variants:
            _choose_variant(page, exhibit)
    with st.expander("Reveal the answer", key=_answer_key(page, chosen), on_change="rerun"):
        st.markdown(exhibit.answer)
    return exhibit


def _answer_key(page: str, exhibit: str) -> str:
    return f"answer {page} {exhibit}"


def revealed(page: str, exhibit: Exhibit) -> bool:
    """Whether what is asked may be shown: the answer stands open, a step was taken, or something else than asked is shown."""
    now = place(page)
    opened = st.session_state.get(_answer_key(page, exhibit.id), False)
    return bool(opened) or now.step > 0 or now.settings != exhibit.settings


def _choose_variant(page: str, exhibit: Exhibit) -> None:
    for column, (name, settings) in zip(st.columns(len(exhibit.variants)), exhibit.variants.items(), strict=True):
        if column.button(name, key=f"variant {page} {exhibit.id} {name}", width="stretch"):
            _load(page, exhibit, settings)


def _load(page: str, exhibit: Exhibit, settings: object) -> None:
    token = place(page).token + 1
    st.session_state[_key(page)] = Place(exhibit.id, settings, 0, token, place(page).last_valid)


def mirror(page: str, exhibit: Exhibit, codecs: Mapping[str, Codec]) -> None:
    """Let the browser's address say what is on the screen."""
    parts = write_address(exhibit, place(page).settings, place(page).step, codecs)
    if runs := st.query_params.get("runs"):  # a duel's, which is on the screen beneath
        parts["runs"] = runs
    if parts != st.query_params.to_dict():
        st.query_params.from_dict(parts)
