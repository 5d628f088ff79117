"""What is said of a user's own classes: which names will do, why nothing can be learned yet, what will make it hard.

Knows names and counts; not files, not networks.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from explorer.errors import ExplorerError
from explorer.words import counted, noun

LONGEST_NAME = 40  # characters
FEW = 5  # pictures of a class below which its accuracy says little: one of them is for the test

Counts = Sequence[tuple[str, int]]  # each class's name and how many pictures it has


def check_name(name: str, taken: Sequence[str]) -> str:
    """The name as it is kept, without spaces round it. Raises ExplorerError for one that will not do.

    taken: the other classes' names; "Cat" and "cat" are one name.
    """
    stripped = name.strip() if isinstance(name, str) else ""
    if not stripped:
        raise ExplorerError("A class needs a name: type one, such as “cup”.")
    if not stripped.isprintable():
        raise ExplorerError("The name has characters that cannot be shown: type it anew, on one line.")
    if len(stripped) > LONGEST_NAME:
        raise ExplorerError(f"The name has {counted(len(stripped), 'character')}: use at most {LONGEST_NAME}.")
    if _folded(stripped) in map(_folded, taken):
        raise ExplorerError(f"There is a class called “{stripped}” already: choose another name for one of them.")
    return stripped


def shown_name(name: object) -> str:
    """A name from a file, fit to be shown: printable, at most 40 characters; "" for what is no name."""
    if not isinstance(name, str):
        return ""
    return "".join(character for character in name if character.isprintable()).strip()[:LONGEST_NAME]


def problem_of(counts: Counts) -> str:
    """Why a network cannot learn from these classes, and what to do; "" where it can."""
    if not counts:
        return "There is no class yet: add two, and some pictures to each."
    if len(counts) == 1:
        return f"There is only one class, “{counts[0][0]}”: add a second one, so that there is something to tell apart."
    for name, count in counts:
        if count == 0:
            return f"“{name}” has no picture: add some, or remove the class."
    for name, count in counts:
        if count == 1:
            return f"“{name}” has only one picture: add another, so that one can be learned and one tested."
    return ""


def warning_of(counts: Counts, doubled: Counter[tuple[str, str]]) -> str:
    """What will make learning hard. doubled: two classes → how many pictures lie in both."""
    said = []
    if doubled:
        (first, second), number = doubled.most_common(1)[0]
        word = f"{counted(number, 'picture')} {noun(number, 'is', 'are')}"
        others = ", as are others elsewhere" if len(doubled) > 1 else ""
        remedy = "remove it from one" if number == 1 else "remove them from one"
        said.append(f"{word} in both “{first}” and “{second}”{others}: nothing can tell them apart, so {remedy}.")
    fewest = min(((count, name) for name, count in counts if count), default=None)
    if fewest and fewest[0] < FEW:
        count, name = fewest
        word = counted(count, "picture")
        said.append(f"“{name}” has only {word}: with ten or more the result says more.")
    return " ".join(said)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
