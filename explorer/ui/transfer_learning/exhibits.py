"""The exhibits of the page Transfer learning: what each asks, answers and opens with. Knows words; draws nothing."""

import re
from dataclasses import dataclass

from explorer.data.collections import COLLECTION
from explorer.errors import ExplorerError
from explorer.training.settings import SOURCE, STUDENTS
from explorer.training.timeline import IDENTITY
from explorer.ui.address import Codec, choice_codec, truth_codec, whole_codec
from explorer.ui.exhibits import Exhibit

# What can be learned, by data set; "own" is the collection of the session
TASKS = {
    "own": "Your own classes",
    "mnist_high": "Digits 5–9 (MNIST)",
    "digits_high": "Digits 5–9 (small)",
    "digits": "Digits 0–9 (small)",
    "shapes": "Drawn shapes",
    "faces": "Drawn faces",
    "folder": "A folder of pictures",
}
DOMAINS = ("handwriting", "photographs", "drawings")
MOST_COUNT = 1000  # training pictures a class
PLANES = ("cut", "last")


@dataclass(frozen=True)
class Settings:
    """What is taken over, for which task, and what is looked at.

    source, cut: as Transfer's; a cut of "" is the last one. count: training pictures a class, 0 takes all. students: those to
    be trained. varied: each batch's pictures are newly shifted, turned and scaled. trained: the runs that are looked at.
    plane: the layer whose features are drawn. study: the one that is shown. own_domain: what the user says the own classes
    show, "" while nothing was said.
    """

    source: str = "colour"
    cut: str = ""
    data: str = "own"
    collection: str = ""
    count: int = 0
    students: tuple[str, ...] = tuple(STUDENTS)
    varied: bool = False
    trained: tuple[str, ...] = ()
    plane: str = "last"
    study: str = ""
    own_domain: str = ""


def _pattern(pattern: re.Pattern, what: str) -> Codec:
    def read(text: str) -> str:
        if text and not pattern.fullmatch(text):
            raise ExplorerError(f"“{text[:20]}” is no {what}")
        return text

    return Codec(read)


def _list_codec(one: Codec, most: int) -> Codec:
    def read(text: str) -> tuple[str, ...]:
        parts = tuple(one.read(part) for part in text.split(".") if part)
        if len(parts) > most or len(set(parts)) != len(parts):
            raise ExplorerError(f"more than {most}, or one of them twice")
        return parts

    return Codec(read, ".".join)


CODECS = {
    "source": _pattern(SOURCE, "network's name"),
    "cut": _pattern(re.compile(r"[\w.-]{1,200}"), "layer's name"),
    "data": choice_codec(*TASKS),
    "collection": _pattern(COLLECTION, "collection's name"),
    "count": whole_codec(0, MOST_COUNT),
    "students": _list_codec(choice_codec(*STUDENTS), len(STUDENTS)),
    "varied": truth_codec,
    "trained": _list_codec(_pattern(IDENTITY, "run's name"), len(STUDENTS)),
    "plane": choice_codec(*PLANES),
    "study": _pattern(IDENTITY, "study's name"),
    "own_domain": choice_codec("", *DOMAINS),
}

OWN = Settings()
DIGITS = Settings(source="lenet5_low", cut="c5", data="mnist_high", count=10)
OFFLINE = Settings(source="lenet5_low", cut="c5", data="digits_high", count=2)
ALL_BUT_ONE = Settings(source="lenet5_low", data="mnist_high", count=10)

EXHIBITS: dict[str, Exhibit[Settings]] = {
    "J4": Exhibit(
        "J4",
        "Your own classes",
        "Ten pictures a class are very few. Three students learn them: one keeps a trained network and learns new last layers "
        "only, one goes on training all of it, one begins from nothing. Which will know your next picture?",
        "Mostly the first two. The trained layers turn a picture into a few numbers in which edges and strokes are already "
        "found; to tell your classes apart by those takes few weights more, and ten pictures a class are enough for that. "
        "From scratch, all weights have to be found from the same pictures: they are learned by heart instead. If your "
        "classes differ in something the network never had to look at, all three fail: collect more pictures. And mind what "
        "else differs: a network that learned your background knows nothing of your thumb.",
        OWN,
        {"for photos": OWN, "for drawings": Settings(source="lenet5")},
    ),
    "J1": Exhibit(
        "J1",
        "Three students side by side",
        "LeNet-5 has learned the digits 0–4 from 30,000 pictures. Now it gets ten of each digit from 5 to 9. Which student "
        "wins, by how much, and how many examples does it take until it no longer matters?",
        "Cut after C5 and with ten examples, the last layers only reach some 91 %, fine-tuning 92 %, from scratch 84 %, and "
        "from scratch varies most from one draw of examples to the next: strokes and bends of 0–4 serve 5–9 as well. With a "
        "hundred examples from scratch has caught up, and what is frozen holds the first student back. One layer more taken "
        "over (F6), and its lead is gone: F6 had learned what tells 0–4 apart. Those are means over "
        "draws at random, as you can measure beneath. A single run takes the first ten of each digit, and on those all three "
        "do worse: some 84, 87 and 78 %. Which ten pictures one has matters as much as the student.",
        DIGITS,
        {"digits of MNIST": DIGITS, "small digits": OFFLINE, "drawn faces": Settings(data="faces", count=10)},
    ),
    "J3": Exhibit(
        "J3",
        "Cut anywhere",
        "Digits 5–9 again, ten of each. The network of 0–4 can be cut after any layer: what lies below is taken over, what "
        "lies above begins anew. Is it best to take over as much as one can?",
        "No. With the last layers only, cut after C1 some 86 % are right, after C3 92 %, after C5 91 %, after F6 84 %: no more "
        "than from scratch. Early layers find edges and strokes, which serve any digit; F6 kept only what tells 0–4 apart. "
        "Take over too little, and ten pictures have to teach the rest. Shapes and faces are no digits: from LeNet-5 the best "
        "cut is C3 or C5 for shapes (54 %; C1 42 %, F6 52 %), C3 for faces (60 %; F6 43 %).",
        ALL_BUT_ONE,
        {
            "digits 5–9": ALL_BUT_ONE,
            "shapes": Settings(source="lenet5", data="shapes", count=10),
            "faces": Settings(source="lenet5", data="faces", count=10),
        },
    ),
    "J2": Exhibit(
        "J2",
        "Which one when",
        "Few or many pictures, like or unlike what the network was trained on: which student would you choose in each of the "
        "four cases?",
        "Few and alike: last layers only. Many and alike: fine-tune deeper. Many and different: from scratch is worth it. Few "
        "and different: nothing is good, collect more. That is a rule of thumb; the table beside it is what was measured here.",
        DIGITS,
    ),
}
