"""The exhibits of the Regularisation page: what each opens with, asks and answers. Knows numbers and words; draws nothing."""

from dataclasses import dataclass, replace

from explorer.data.augment import compose
from explorer.data.variations import MOST_VERSIONS
from explorer.images.samples import SAMPLES
from explorer.layers.dropout import MOST_MASKS
from explorer.layers.normalisation import ALPHA, EPSILON, MOST_BATCHES
from explorer.models.activations import ACTIVATION_LAYERS
from explorer.models.initialise import INITIALISATIONS
from explorer.probe.spread import MOST_DEPTH, MOST_SEED, MOST_WIDTH
from explorer.ui.address import Codec, Matrix, choice_codec, matrix, matrix_codec, number_codec, whole_codec
from explorer.ui.exhibits import Exhibit

PAGE = "regularisation"
MOST_ROWS, MOST_UNITS = 20, 6  # of a batch that can be typed
MOST_OUTPUTS = 8  # of a layer that dropout thins out
WHEN = ("training", "use")


def _read_augmentation(text: str) -> str:
    compose(text)
    return text


CODECS = {
    "batch": matrix_codec,
    "when": choice_codec(*WHEN),
    "unit": whole_codec(0, MOST_OUTPUTS - 1),
    "gamma": number_codec,
    "beta": number_codec,
    "epsilon": number_codec,
    "alpha": number_codec,
    "batches": whole_codec(0, MOST_BATCHES),
    "noise": number_codec,
    "depth": whole_codec(1, MOST_DEPTH),
    "width": whole_codec(2, MOST_WIDTH),
    "activation": choice_codec(*ACTIVATION_LAYERS),
    "scheme": choice_codec(*INITIALISATIONS),
    "outputs": matrix_codec,
    "keep": number_codec,
    "masks": whole_codec(1, MOST_MASKS),
    "sample": choice_codec(*SAMPLES),
    "augmentation": Codec(_read_augmentation),
    "versions": whole_codec(1, MOST_VERSIONS),
    "seed": whole_codec(0, MOST_SEED),
}


@dataclass(frozen=True)
class Normalisation:
    """H4. batch: a row a picture, a column a unit. when: by the batch's own statistics, or by moving averages.

    gamma, beta: of every unit. unit: the one whose formulas are written out. batches, noise, seed: of the training before:
    batches like this one, with noise in each unit's standard deviations. depth to scheme: the deep stack with and without
    normalisation.
    """

    batch: Matrix
    when: str = "training"
    unit: int = 0
    gamma: float = 1.0
    beta: float = 0.0
    epsilon: float = EPSILON
    alpha: float = ALPHA
    batches: int = 60
    noise: float = 0.3
    seed: int = 0
    depth: int = 20
    width: int = 100
    activation: str = "tanh"
    scheme: str = "small"


@dataclass(frozen=True)
class Masks:
    """H5. outputs: one row, a number a unit. keep: p. masks: training steps that are averaged. unit: the one followed."""

    outputs: Matrix
    keep: float = 0.5
    masks: int = 2000
    unit: int = 0
    seed: int = 0


@dataclass(frozen=True)
class Versions:
    """H6. sample: the picture's key, None for whatever is chosen: only a sample can stand in an address.

    augmentation: as `compose` reads it."""

    augmentation: str = "flip+shift+rotate"
    versions: int = 24
    seed: int = 0
    sample: str | None = None


Settings = Normalisation | Masks | Versions

BATCH = matrix("2 120 0.1; 4 80 -0.1; 4 100 0; 4 110 0.2; 5 90 -0.2; 5 100 0; 7 60 0.1; 9 140 -0.1")
TRAINED = Normalisation(BATCH)
HALF = Masks(matrix("4 -2 1 3"))
PHOTO = Versions()

EXHIBITS: dict[str, Exhibit[Settings]] = {
    exhibit.id: exhibit
    for exhibit in (
        Exhibit(
            "H4",
            "Batch normalisation",
            "Three units answer eight pictures on very different scales. Unit 0 has mean 5 and variance 4: what becomes of "
            "its 9? And what would become of a picture that comes alone?",
            "(9 − 5)/√4 = 2: afterwards every unit has mean 0 and standard deviation 1 (a hair less, because of ε), then γ and "
            "β choose a scale and place anew. A value alone is its own mean: 0, whatever it was. So in use the mean and "
            "variance are not the batch's but moving averages from training. Try “in use” and change one number: the other "
            "rows stay. In training they all move.",
            TRAINED,
            {"in training": TRAINED, "in use": replace(TRAINED, when="use")},
        ),
        Exhibit(
            "H5",
            "Dropout",
            "In each training step each unit is kept with probability p = 0.5, otherwise it gives 0. What does a unit whose "
            "output is 4 hand on, on average over many steps? And what must happen in use, when all are kept?",
            "p · 4 = 2 on average. The next layer has learned with that, so in use every output is multiplied by p. Inverted "
            "dropout divides by p in training instead, and in use nothing is left to do. PyTorch inverts, and its p is the "
            "probability to drop: nn.Dropout(0.2) keeps with 0.8.",
            HALF,
            {"p = 0.5": HALF, "p = 0.8": replace(HALF, keep=0.8)},
        ),
        Exhibit(
            "H6",
            "Augmentation",
            "One picture, 24 versions. In which of them has the label stayed true? Would you flip a handwritten 2?",
            "All of these are still the cat. A flipped 2 is no 2: what may be varied depends on what is in the picture. "
            "Flips and shifts by up to 4 pixels alone make up to 2 · 81 = 162 pictures of one: a small set lasts longer.",
            PHOTO,
            {
                "the cat": replace(PHOTO, sample="cat"),
                "its colours": replace(PHOTO, augmentation="colour", sample="cat"),
                "a 2, flipped": replace(PHOTO, augmentation="flip", sample="digit-2"),
                "a 2, strokes": replace(PHOTO, augmentation="strokes", sample="digit-2"),
            },
        ),
    )
}
