"""The exhibits of Activations and initialisation: what each opens with, asks and answers. Knows words; draws nothing."""

from dataclasses import dataclass, replace

from explorer.errors import ExplorerError
from explorer.layers.activation import ACTIVATIONS, LEAKY_SLOPE
from explorer.layers.initialisation import SCHEMES
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.probe import symmetry
from explorer.probe.spread import MOST_DEPTH, MOST_SEED, MOST_STEPS, MOST_WIDTH, StackSettings
from explorer.ui.address import Codec, choice_codec, number_codec, truth_codec, whole_codec
from explorer.ui.exhibits import Exhibit
from explorer.words import written

REACH = 8.0  # the curves are drawn from −REACH to REACH
SHOWN = tuple(ACTIVATION_LAYERS)


def _read_point(text: str) -> float:
    x = number_codec.read(text)
    if abs(x) > REACH:
        raise ExplorerError(f"“{text[:20]}” is no number from −{written(REACH, 6)} to {written(REACH, 6)}")
    return x


CODECS = {
    "x": Codec(_read_point, number_codec.write),
    "slope": number_codec,
    "depth": whole_codec(1, MOST_DEPTH),
    "width": whole_codec(2, MOST_WIDTH),
    "activation": choice_codec(*ACTIVATIONS),
    "scheme": choice_codec(*INITIALISATIONS),
    "batch_norm": truth_codec,
    "seed": whole_codec(0, MOST_SEED),
    "deviation": number_codec,
    "bias": number_codec,
    "rate": number_codec,
    "steps": whole_codec(0, MOST_STEPS),
    "tiny_activation": choice_codec(*ACTIVATION_LAYERS),
    "tiny_scheme": choice_codec(*SCHEMES),
    "tiny_rate": number_codec,
    "tiny_steps": whole_codec(0, symmetry.MOST_STEPS),
}


@dataclass(frozen=True)
class Settings:
    """All that is on the page.

    x: the point that is read (H1). slope: leaky ReLU's a. depth to steps: as StackSettings; in H2 every activation is measured
    with `scheme`, in H3 every initialisation with `activation`. tiny_…: the network of four hidden units (H3).
    """

    x: float = 2.0
    slope: float = LEAKY_SLOPE
    depth: int = 20
    width: int = 100
    activation: str = "relu"
    scheme: str = "xavier"
    batch_norm: bool = False
    seed: int = 0
    deviation: float = 1.0
    bias: float = 0.0
    rate: float = 0.1
    steps: int = 0
    tiny_activation: str = "sigmoid"
    tiny_scheme: str = "xavier"
    tiny_rate: float = 0.5
    tiny_steps: int = 100

    def stack(self, activation: str, scheme: str) -> StackSettings:
        """The deep stack with that activation and initialisation and everything else as set."""
        return StackSettings(
            self.depth, self.width, activation, scheme, self.batch_norm, self.seed, self.slope, self.deviation,
            self.bias, self.rate, self.steps,
        )  # fmt: skip


READ = Settings()
DEEP = Settings()
FIRST = Settings()

_ALL = (
    Exhibit(
        "H1",
        "Functions and slopes",
        "Where is the slope of the sigmoid largest, and how large is it there? What is left of it at x = 5?",
        "At 0, where it is 0.25: σ′ = σ·(1 − σ). At 5 it is 0.0066: the sigmoid is saturated and lets hardly any gradient "
        "through; tanh, with slope 1 at 0, is saturated even sooner. ReLU has slope 1 for every positive x and 0 for every "
        "negative one; leaky ReLU keeps a little there (a = 1 would be a straight line). The sigmoid's and ReLU's outputs are "
        "never negative, so the next layer's inputs are not centred at zero.",
        READ,
        {
            "x = 0": replace(READ, x=0.0),
            "x = 2": READ,
            "x = 5": replace(READ, x=5.0),
            "a = 0.2": replace(READ, slope=0.2),
        },
    ),
    Exhibit(
        "H2",
        "Vanishing gradients",
        "A gradient goes back through 20 layers. Which activation leaves least of it, and by how much a layer? "
        "How does a ReLU die?",
        "The sigmoid: each layer multiplies by a slope of at most 0.25, so that 20 layers leave some 10⁻¹³ of the gradient, "
        "and the first layers do not learn. A ReLU dies when its sum is negative for every input: slope 0, no gradient, no way "
        "back. A bias of −1 does it, or one update that is too large. Leaky ReLUs do not die.",
        DEEP,
        {
            "Xavier": DEEP,
            "He": replace(DEEP, scheme="he"),
            "bias −1": replace(DEEP, scheme="he", bias=-1.0),
            "big step": replace(DEEP, scheme="he", depth=10, rate=0.1, steps=1),
        },
    ),
    Exhibit(
        "H3",
        "First weights",
        "Which first weights keep the numbers of 20 ReLU layers equally spread? What do weights that are all zero do?",
        "He: a sum of n has Var = Var(x)·[n·Var(w)], and ReLU throws half away, so n·Var(w) = 2 keeps the balance. "
        "Xavier's 1 suits tanh; 0.03·N(0,1) gives 100·0.03² = 0.09 and every layer shrinks. With zeros all units of a layer "
        "get the same update for ever: four units are worth one, and with ReLU or tanh not even that one learns.",
        FIRST,
        {
            "ReLU": FIRST,
            "tanh": replace(FIRST, activation="tanh"),
            "sigmoid": replace(FIRST, activation="sigmoid"),
            "linear": replace(FIRST, activation="identity"),
        },
    ),
)

EXHIBITS: dict[str, Exhibit[Settings]] = {exhibit.id: exhibit for exhibit in _ALL}
