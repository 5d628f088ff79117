"""The exhibit of the page Segmentation: what it asks, answers and opens with. Knows words; draws nothing."""

from dataclasses import dataclass, replace

from explorer.errors import ExplorerError
from explorer.models.segmenters import SEGMENTERS
from explorer.ui.address import Codec, choice_codec, whole_codec
from explorer.ui.exhibits import Exhibit

PAGE = "segmentation"
DATA = "scenes"
# Short names, for a card's head and a table
TITLES = {
    "seg_full": "Full size",
    "seg_nearest": "Nearest",
    "seg_unpool": "Max unpooling",
    "seg_transposed": "Transposed",
    "seg_skip": "With skips",
}
MOST = 3  # that are trained at once
EXAMPLES = 6  # scenes to click; 0 is what the user drew
COSTS = ("multiply-adds", "memory", "time")


def _read_networks(text: str) -> tuple[str, ...]:
    names = tuple(f"seg_{name}" for name in text.split("."))
    if not all(name in SEGMENTERS for name in names) or len(set(names)) != len(names) or len(names) > MOST:
        known = ", ".join(name.removeprefix("seg_") for name in SEGMENTERS)
        raise ExplorerError(f"“{text[:40]}” are not one to three of {known}")
    return names


CODECS = {
    "networks": Codec(_read_networks, lambda names: ".".join(name.removeprefix("seg_") for name in names)),
    "scene": whole_codec(0, EXAMPLES),
    "cost": choice_codec(*COSTS),
}


@dataclass(frozen=True)
class Settings:
    """The networks to be trained, which scene is asked about (0: the drawing), and which cost the chart is over."""

    networks: tuple[str, ...] = ("seg_full", "seg_nearest", "seg_skip")
    scene: int = 1
    cost: str = COSTS[0]


OPENING = Settings()
EXHIBITS: dict[str, Exhibit[Settings]] = {
    "K1": Exhibit(
        "K1",
        "A class for every pixel",
        "The answer is as large as the picture: a class for each of 32×32 pixels. So why not simply keep full size all the "
        "way, and never pool? What will that cost, and what will it gain?",
        "It costs five times as much, 30.9 against 6.1 million multiply-adds a picture, and here it does worst: 75 % mean IoU "
        "against 79 % with nearest up-sampling (one run each). All five have six 3×3 convolutions. Without pooling "
        "the last of them sees 13×13 pixels, less than a large shape: inside a square it cannot know what it is in. After two "
        "poolings they see 34×34. What pooling loses is *where*: nearest up-sampling gives blocky borders. Max unpooling "
        "puts values back at remembered positions, transposed convolutions learn how to fill, and skips lay the fine maps "
        "beside the coarse ones: 82 %.",
        OPENING,
        {
            "full or hourglass": OPENING,
            "ways up": replace(OPENING, networks=("seg_nearest", "seg_unpool", "seg_transposed")),
            "skips or not": replace(OPENING, networks=("seg_transposed", "seg_skip")),
        },
    )
}
