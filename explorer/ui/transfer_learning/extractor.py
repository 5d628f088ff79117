"""What is taken over: which trained network, and up to which layer. Knows widgets and the drawing; computes nothing itself."""

from dataclasses import dataclass

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.transfer import plan_figure
from explorer.probe.facts import shape_text
from explorer.training.plan import plan
from explorer.training.settings import STUDENTS
from explorer.training.sources import Cut, SourceFacts, cuts, source_of, sources
from explorer.ui.place import change, place
from explorer.ui.plain import plain
from explorer.ui.shell import is_dark
from explorer.ui.transfer_learning.keys import PAGE, QUIET, key
from explorer.ui.weights_panel import offer_download
from explorer.words import counted, noun

DEPTH_RATE = 0.3


@dataclass(frozen=True)
class Extractor:
    """The chosen source and where it is cut. problem: why nothing can be taken over yet, "" where it can."""

    source: SourceFacts
    cuts: tuple[Cut, ...]
    cut: str
    problem: str = ""


def ask_extractor() -> Extractor:
    """Source and cut. Raises ExplorerError where no source can be read at all."""
    left, right = st.columns([1, 1.6], gap="medium", vertical_alignment="top")
    with left:
        source = _ask_source()
    known = cuts(source.key)
    with right:
        cut = _ask_cut(source, known)
    if source.has_weights:
        return Extractor(source, known, cut)
    st.warning(
        f"{plain(source.title)} has no trained weights here: there is nothing to take over until they are fetched."
    )
    if ":" not in source.key:
        offer_download(source.key)
    return Extractor(source, known, cut, f"{source.title} has no trained weights yet: fetch them, or choose another.")


def _ask_source() -> SourceFacts:
    with st.spinner("Looking which trained networks there are …"):  # torchvision's labels are read once after the start
        offered = {facts.key: facts for facts in sources()}
    wanted = place(PAGE).settings.source
    if wanted not in offered:
        try:
            offered = {wanted: source_of(wanted), **offered}  # an older run, from an address
        except ExplorerError as error:
            st.warning(plain(str(error)))
            wanted = "colour"
    chosen = st.selectbox(
        "Taken over from",
        list(offered),
        index=list(offered).index(wanted),
        format_func=lambda name: _title(offered[name]),
        key=key("source"),
        help="Bundled networks, torchvision's, and your own finished runs.",
    )
    if chosen != place(PAGE).settings.source:
        change(PAGE, source=chosen, cut="")
    facts = offered[chosen]
    st.caption(
        f"Trained on {plain(facts.trained_on)}; takes {facts.side}×{facts.side} "
        f"{'grey' if facts.channels == 1 else 'colour'} pictures."
    )
    return facts


def _title(facts: SourceFacts) -> str:
    if ":" in facts.key:
        run, _, step = facts.key.rpartition(":")
        return f"your run {run[9:11]}:{run[11:13]}, step {step}: {facts.title}"
    return facts.title if facts.has_weights else f"{facts.title} (weights to be fetched)"


def _ask_cut(source: SourceFacts, known: tuple[Cut, ...]) -> str:
    """The last layer that is taken over; a slider, and the drawing's columns."""
    layers = {cut.layer: cut for cut in known}
    wanted = place(PAGE).settings.cut
    if wanted and wanted not in layers:
        st.warning(f"{plain(source.title)} cannot be cut at “{plain(wanted[:40])}”: the last place is shown.")
        wanted = ""
    wanted = wanted or known[-1].layer
    if len(known) == 1:
        chosen = wanted
    else:
        chosen = st.select_slider(
            "Taken over up to and with",
            list(layers),
            value=wanted,
            format_func=lambda layer: plain(layers[layer].title),
            key=f"{key('cut')} {source.key}",
            help="What lies above begins anew. The drawing can be clicked too.",
        )
    change(PAGE, cut="" if chosen == known[-1].layer else chosen)
    here = layers[chosen]
    st.caption(
        f"There the picture has become {shape_text(here.shape)}: {counted(here.kept, 'parameter')} "
        f"{noun(here.kept, 'makes', 'make')} that of it, and {noun(here.kept, 'is', 'are')} taken over."
    )
    return chosen


def show_plan(extractor: Extractor, classes: int) -> None:
    """Every layer of each student: frozen, learning on, or new. A click cuts there."""
    rows = plan(
        extractor.cuts,
        extractor.cut,
        source_classes=extractor.source.classes,
        classes=max(2, classes),
        depth_rate=DEPTH_RATE,
    )
    chart = key("plan")
    st.plotly_chart(
        plan_figure(rows, STUDENTS, dark=is_dark()),
        key=chart,
        on_select=lambda: _take_click(chart, {cut.layer for cut in extractor.cuts}),
        selection_mode="points",
        theme=None,
        config=QUIET,
    )
    st.caption(
        "❄ taken over and frozen; **×** taken over and learning, at that share of the rate; **new**: begins at random. "
        "The dashed line is the cut: click a layer to cut after it."
    )


def _take_click(chart: str, known: set[str]) -> None:
    """Cut after the clicked layer; what the browser sends is checked."""
    points = st.session_state[chart]["selection"]["points"]
    custom = points[0].get("customdata") if points else None
    layer = custom[0] if isinstance(custom, list | tuple) and custom else None
    if isinstance(layer, str) and layer in known:
        change(PAGE, load=True, cut=layer)
