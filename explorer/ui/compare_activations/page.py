"""Compare activations: the two sides and what the exhibits have in common. Knows the screen; computes nothing itself."""

from collections.abc import Callable

import streamlit as st

from explorer.data.datasets import DATA_SETS, default_data_dir, describe_data_set
from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES
from explorer.probe.embedding import METHODS
from explorer.ui.compare_activations.exhibits import CODECS, COMPARED, EXHIBITS, Settings
from explorer.ui.compare_activations.sides import RANDOM, Side, moments, networks, side
from explorer.ui.compare_activations.views import show_averages, show_maps, show_plane, show_similarity
from explorer.ui.exhibits import change, choose_exhibit, mirror, place
from explorer.ui.plain import plain
from explorer.ui.state import MINE

PAGE = "compare_activations"
NEEDS = {
    "G5": ("layer", "data", "plane"),
    "Maps": ("layer", "picture"),
    "Averages": ("layer", "data"),
    "Similarity": ("data",),
}
VIEWS: dict[str, Callable[[tuple[Side, Side], Settings], None]] = {
    "G5": show_plane,
    "Maps": show_maps,
    "Averages": show_averages,
    "Similarity": show_similarity,
}


@st.fragment
def explore() -> None:
    """One exhibit: its question, both sides' choices, and what it shows of them."""
    exhibit = choose_exhibit(PAGE, EXHIBITS, CODECS)
    try:
        sides = _ask_sides(exhibit.id)
        if "data" in NEEDS[exhibit.id]:
            with st.container(horizontal=True):
                _ask_data()
                if "plane" in NEEDS[exhibit.id]:
                    _ask_plane()
        VIEWS[exhibit.id](sides, place(PAGE).settings)
    except ExplorerError as error:
        st.error(plain(str(error)))
    mirror(PAGE, exhibit, CODECS)


def _key(name: str) -> str:
    return f"{PAGE} {name} {place(PAGE).exhibit} {place(PAGE).token}"


def _ask_sides(exhibit: str) -> tuple[Side, Side]:
    """Both sides beside each other: network, moment, layer and picture."""
    offered = networks()
    found: list[Side] = []
    problem: ExplorerError | None = None
    for letter, column in zip(("a", "b"), st.columns(2, gap="medium"), strict=True):
        with column:
            try:
                found.append(_ask_side(letter, offered, NEEDS[exhibit]))
            except ExplorerError as error:
                problem = problem or error
    if problem:
        raise problem
    return found[0], found[1]


def _ask_side(letter: str, offered: dict[str, str], needs: tuple[str, ...]) -> Side:
    title = {"a": "First side", "b": "Second side"}[letter]
    settings = place(PAGE).settings
    wanted = getattr(settings, letter)
    if wanted not in offered and wanted + RANDOM in offered:  # an address from where the trained weights are
        wanted += RANDOM
    run, _, step = wanted.rpartition(".") if wanted.startswith("run.") else (wanted, "", "")
    options = list(offered) if run in offered else [run, *offered]  # an older run, from an address
    with st.container(horizontal=True, vertical_alignment="bottom"):
        network = st.selectbox(
            title, options, index=options.index(run), format_func=lambda key: offered.get(key, key), key=_key(letter)
        )
        if network.startswith("run."):
            wanted = f"{network}.{_ask_step(letter, network, step if network == run else 'last')}"
        else:
            wanted = network
        change(PAGE, **{letter: wanted})
        chosen = side(wanted)
        if "layer" in needs:
            layers = chosen.layers
            layer = getattr(settings, f"{letter}_layer")
            layer = layer if layer in layers else layers[0]
            picked = st.selectbox(
                "Its layer",
                layers,
                index=layers.index(layer),
                key=_key(f"{letter} layer {network.removesuffix(RANDOM)}"),
            )
            change(PAGE, **{f"{letter}_layer": picked})
        if "picture" in needs:
            pictures = [*SAMPLES, MINE]
            picture = st.selectbox(
                "Its picture",
                pictures,
                index=pictures.index(getattr(settings, f"{letter}_picture")),
                format_func=lambda key: SAMPLES[key].title if key in SAMPLES else "the one of the other pages",
                key=_key(f"{letter} picture"),
            )
            change(PAGE, **{f"{letter}_picture": picture})
    return chosen


def _ask_step(letter: str, run: str, step: str) -> int:
    """Which moment of the run: its snapshots on a slider."""
    steps = moments(run)
    if not steps:
        raise ExplorerError("This run has no snapshot yet: let it go on, or choose another.")
    if step not in ("last", "") and int(step) not in steps:
        raise ExplorerError(f"There is no snapshot of step {int(step):,} any more: choose the run again.")
    if len(steps) == 1:
        return steps[0]
    at = int(step) if step not in ("last", "") else steps[-1]
    return st.select_slider("after step", steps, value=at, key=_key(f"{letter} step {run}"))


def _ask_data() -> None:
    """Which data set, of those that are found here."""
    found = [name for name in COMPARED if describe_data_set(name, default_data_dir()).found]
    wanted = place(PAGE).settings.data
    if wanted not in found:
        st.warning(f"There is no copy of {wanted} here: digits are taken instead.")
        wanted = "digits"
    data = st.pills(
        "Pictures of",
        found,
        default=wanted,
        format_func=lambda name: DATA_SETS[name].title.partition(":")[0],
        key=_key("data"),
        required=True,
        width="content",
    )
    change(PAGE, data=data or wanted)


def _ask_plane() -> None:
    """By which method features become points."""
    wanted = place(PAGE).settings.plane
    titles = {"pca": "PCA", "tsne": "t-SNE"}
    plane = st.pills(
        "Plane",
        METHODS,
        default=wanted,
        format_func=titles.__getitem__,
        key=_key("plane"),
        required=True,
        width="content",
    )
    change(PAGE, plane=plane or wanted)
