"""J1, J3 and J4: students of a trained network, and what they are made of. Knows words and the screen."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.predictions import Choice
from explorer.ui.exhibit import Exhibit
from explorer.ui.plain import plain
from explorer.ui.stand import Stand
from explorer.ui.transfer_learning.cuts import show_cuts
from explorer.ui.transfer_learning.earlier import choose_earlier
from explorer.ui.transfer_learning.extractor import Extractor, ask_extractor, show_plan
from explorer.ui.transfer_learning.results import show_numbers, show_reasons
from explorer.ui.transfer_learning.settings import Measured, Taught
from explorer.ui.transfer_learning.students import ask_students, describe, recorded_students, trained, watch
from explorer.ui.transfer_learning.studies import show_study
from explorer.ui.transfer_learning.task import Task, ask_own, ask_task
from explorer.ui.transfer_learning.try_it import show_try_it


def make(settings: Taught) -> Taught:
    """Nothing is computed before it is asked for: each part looks for what it shows."""
    return settings


def _show(settings: Taught, stand: Stand[Taught]) -> None:
    try:
        _show_parts(stand)
    except ExplorerError as error:
        st.error(plain(str(error)))


def _show_parts(stand: Stand[Taught]) -> None:
    exhibit = stand.exhibit.id
    titles = ["Your classes", TAKEN] if exhibit == "J4" else [f"The task, and {TAKEN.lower()}"]
    titles += [STUDENTS_TAB, *([MORE[exhibit]] if exhibit in MORE else [])]
    tabs = iter(st.tabs(titles, default=STUDENTS_TAB, key=stand.key("tabs")))
    taken = first = next(tabs)
    with first:
        task = ask_own() if exhibit == "J4" else ask_task()
    if exhibit == "J4":
        taken = next(tabs)
    with taken:
        extractor = ask_extractor()
        show_plan(extractor, task.classes)
    with next(tabs):
        _show_students(stand, extractor, task)
    for tab in tabs:
        with tab:
            (show_study if exhibit == "J1" else show_cuts)(extractor, task)


def _show_students(stand: Stand[Taught], extractor: Extractor, task: Task) -> None:
    """Which students, their training, and what became of them."""
    own = trained()
    row = ask_students(extractor, task, again=bool(own))
    shown = own or recorded_students(stand)
    with row:
        choose_earlier()
        if shown:
            st.caption(f"Beneath: {describe(shown[0])}.")
    if not shown:
        return
    rest = watch(stand, shown)
    show_numbers(shown, rest)
    show_try_it(shown, rest)
    show_reasons(shown, rest)


STUDENTS_TAB, TAKEN = "The students", "What is taken over"
MORE = {"J1": "How many examples", "J3": "Where to cut"}
OWN = Taught()
DIGITS = Measured(source="lenet5_low", cut="c5", data="mnist_high", count=10)
OFFLINE = Measured(source="lenet5_low", cut="c5", data="digits_high", count=2)
ALL_BUT_ONE = Taught(source="lenet5_low", data="mnist_high", count=10)
EXHIBITS = (
    Exhibit(
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
        make,
        _show,
        {"for photos": OWN, "for drawings": Taught(source="lenet5")},
    ),
    Exhibit(
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
        make,
        _show,
        {"digits of MNIST": DIGITS, "small digits": OFFLINE, "drawn faces": Measured(data="faces", count=10)},
        order=1,
        predicted=Choice("Winner", ("last layers only", "fine-tuning", "from scratch"), "fine-tuning"),
    ),
    Exhibit(
        "J3",
        "Cut anywhere",
        "Digits 5–9 again, ten of each. The network of 0–4 can be cut after any layer: what lies below is taken over, what "
        "lies above begins anew. Is it best to take over as much as one can?",
        "No. With the last layers only, cut after C1 some 86 % are right, after C3 92 %, after C5 91 %, after F6 84 %: no more "
        "than from scratch. Early layers find edges and strokes, which serve any digit; F6 kept only what tells 0–4 apart. "
        "Take over too little, and ten pictures have to teach the rest. Shapes and faces are no digits: from LeNet-5 the best "
        "cut is C3 or C5 for shapes (54 %; C1 42 %, F6 52 %), C3 for faces (60 %; F6 43 %).",
        ALL_BUT_ONE,
        make,
        _show,
        {
            "digits 5–9": ALL_BUT_ONE,
            "shapes": Taught(source="lenet5", data="shapes", count=10),
            "faces": Taught(source="lenet5", data="faces", count=10),
        },
        order=2,
        predicted=Choice("Is it best", ("yes", "no"), "no"),
    ),
)
