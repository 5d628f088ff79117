"""The exhibit of the page Localisation: what it asks, answers and opens with. Knows words; draws nothing."""

from dataclasses import dataclass, replace

from explorer.errors import ExplorerError
from explorer.training.recipes import find_recipe
from explorer.ui.address import Codec, whole_codec
from explorer.ui.exhibits import Exhibit
from explorer.words import written

PAGE = "localisation"
DATA = "boxes"
NETWORK = "locate"
CLASS_WEIGHT, BOX_WEIGHT = find_recipe(NETWORK).config.class_weight, find_recipe(NETWORK).config.box_weight
EXAMPLES = 5  # pictures to click; 0 is what the user drew, one more what was uploaded
WEIGHTS = tuple(sorted({0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, CLASS_WEIGHT, BOX_WEIGHT}))  # of a slider


def _read_weight(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if value not in WEIGHTS:
        raise ExplorerError(f"“{text[:20]}” is none of {', '.join(f'{written(weight, 6)}' for weight in WEIGHTS)}")
    return value


_weight = Codec(_read_weight, lambda value: f"{value:g}")
CODECS = {"class_weight": _weight, "box_weight": _weight, "scene": whole_codec(0, EXAMPLES + 1)}


@dataclass(frozen=True)
class Settings:
    """What both losses of the next run are multiplied by, and which picture is asked about (0: the drawing)."""

    class_weight: float = CLASS_WEIGHT
    box_weight: float = BOX_WEIGHT
    scene: int = 1


OPENING = Settings()
VARIANTS = {
    "both": OPENING,
    "box weight 0": replace(OPENING, box_weight=0.0),
    "class weight 0": replace(OPENING, class_weight=0.0),
}
EXHIBITS: dict[str, Exhibit[Settings]] = {
    "K6": Exhibit(
        "K6",
        "What is it, and where?",
        "One extractor, two heads: one names the shape, the other puts a box (middle, width, height) round it. Both losses "
        "are added, each times a weight. What happens to the box when its loss weighs nothing? And to the class, when only "
        "the box counts?",
        "With box weight 0 no gradient reaches the box's head. Its weights stay as chance made them, but the numbers that "
        "reach it do not: the extractor learns for the class alone, and the boxes drift off. Mean IoU fell from 28 % to 7 % "
        "while 97 % of the names came right. With class weight 0 the boxes fit (84 %) and the names are guesses, one in five. "
        "With both, one extractor serves both heads: 82 % and 94 %. Set a weight back while it trains, and the head that slept "
        "catches up. Smooth L1 on four numbers below 1 is small beside a cross-entropy; therefore the box's "
        f"weight opens at {written(BOX_WEIGHT, 6)}.",
        OPENING,
        VARIANTS,
    )
}
