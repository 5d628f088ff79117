"""What is compared, as settings: a side, one of its layers, a data set that is here. Knows what there is to choose from."""

from dataclasses import dataclass, replace

from explorer.data.datasets import DATA_SETS, default_data_dir, describe_data_set, with_targets
from explorer.errors import ExplorerError
from explorer.images.samples import SAMPLES
from explorer.models.registry import MODELS
from explorer.settings.fields import OneOf
from explorer.ui.compare_activations.sides import RANDOM, moments, networks, read_side, side
from explorer.ui.plain import whole
from explorer.ui.state import MINE
from explorer.ui.widgets import Columns
from explorer.words import shortened

COMPARED = tuple(name for name in with_targets("classes") if name not in ("folder", "own"))  # whose folders are known


@dataclass(frozen=True)
class SideOf:
    """A network, trained or random, or a moment of a run, as `read_side` has it. Asked: which, and of a run which moment."""

    label: str
    wide: float = 1.5
    boxes: int = 1

    def write(self, value: str) -> str:
        return value

    def read(self, text: str) -> str:
        return read_side(text)

    def check(self, value: str) -> None:
        read_side(value)

    def ask(self, columns: Columns, value: str, key: str) -> str:
        """A run that is gone stays chosen: what cannot be is answered where it is looked at."""
        offered = networks()
        if value not in offered and value + RANDOM in offered:  # an address from where the trained weights are
            value += RANDOM
        run, _, step = value.rpartition(".") if value.startswith("run.") else (value, "", "")
        options = list(offered) if run in offered else [run, *offered]  # an older run, from an address
        network = columns[0].selectbox(
            self.label, options, options.index(run), lambda name: offered.get(name, name), key=key
        )
        if not network.startswith("run."):
            return network
        return f"{network}.{_ask_moment(columns, network, step if network == run else 'last', f'{key} {network}')}"

    def drawn(self, st):
        """Any side, by Hypothesis' strategies."""
        networks = st.sampled_from([name + end for name in MODELS for end in ("", RANDOM)])
        return networks | st.from_regex(r"\Arun\.[0-9a-z_-]{1,30}\.(last|[0-9]{1,12})\Z").filter(_is_side)


def _is_side(text: str) -> bool:
    try:
        return bool(read_side(text))
    except ExplorerError:
        return False


def _ask_moment(columns: Columns, run: str, step: str, key: str) -> str:
    """Which moment of the run: its snapshots on a slider."""
    try:
        steps = moments(run)
    except ExplorerError:
        return step
    at = (steps or [0])[-1] if step == "last" else int(step)
    if not steps or at not in steps:
        return step
    return str(columns[0].select_slider("after step", steps, at, key=key) if len(steps) > 1 else at)


@dataclass(frozen=True)
class LayerOf:
    """A layer of the side that another setting names; one that this side does not have gives way to its first."""

    side: str
    wide: float = 1.5
    label: str = "Its layer"
    boxes: int = 1
    layers: tuple[str, ...] = ()
    network: str = ""

    def write(self, value: str) -> str:
        return value

    def read(self, text: str) -> str:
        self.check(text)
        return text

    def check(self, value: str) -> None:
        if len(value) > 400:
            raise ExplorerError("That is no layer's name")

    def within(self, settings: object) -> "LayerOf":
        """The same where it is known which layers there are; none of a side that cannot be looked at."""
        name = getattr(settings, self.side)
        try:
            layers = tuple(side(name).layers)
        except ExplorerError:
            layers = ()
        return replace(self, layers=layers, network=name.removesuffix(RANDOM))

    def ask(self, columns: Columns, value: str, key: str) -> str:
        layers = self.layers or (value,)
        at = layers.index(value) if value in layers else 0
        return columns[0].selectbox(
            self.label,
            layers,
            at,
            shortened,
            key=f"{key} {self.network}",
            help=whole(layers[at]),
            disabled=not self.layers,
        )

    def drawn(self, st):
        """Any name, by Hypothesis' strategies."""
        return st.text(max_size=100)


@dataclass(frozen=True)
class DataHere(OneOf):
    """A data set of which there is a copy here; the digits where there is none."""

    def ask(self, columns: Columns, value: str, key: str) -> str:
        here = [name for name in self.options if describe_data_set(name, default_data_dir()).found]
        if value not in here:
            columns[0].warning(f"There is no copy of {value} here: digits are taken instead.")
            value = "digits"
        return columns[0].pills(self.label, here, default=value, format_func=self.title, key=key, required=True)

    def drawn(self, st):
        """Any of them, by Hypothesis' strategies."""
        return st.sampled_from(self.options)


def _title(name: str) -> str:
    return DATA_SETS[name].title.partition(":")[0]


DATA = DataHere("Pictures of", COMPARED, _title, wide=6.0)
PICTURE = OneOf(
    "Its picture",
    (*SAMPLES, MINE),
    lambda key: SAMPLES[key].title if key in SAMPLES else "the one of the other pages",
)
