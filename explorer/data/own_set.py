"""A collection of the user's own classes as a data set. Knows collections and files; not networks."""

from pathlib import Path

from explorer.data.collections import Collection
from explorer.data.labelled import DataSet
from explorer.data.read_files import AS_THEY_ARE, File, Form, read_set
from explorer.errors import ExplorerError


def load_own(folder: Path, _download: bool = False, form: Form = AS_THEY_ARE) -> DataSet:
    """The collection in that folder: its classes in the order in which they were made, each picture as `form` says.

    Raises ExplorerError, with what to do, where there is no collection, or one that cannot be learned from yet.
    """
    collection = Collection(folder.name, folder)
    classes = collection.classes()
    if not classes:
        raise ExplorerError(
            "There are no classes of your own here: make some on the page Transfer learning, "
            "and name their collection's folder as the data folder."
        )
    if problem := collection.problem():
        raise ExplorerError(problem)
    files = [
        File(picture.path, label)
        for label, facts in enumerate(classes)
        for picture in reversed(collection.pictures(facts.id))  # as they came: a new one leaves the older ones' halves
    ]
    return read_set("own", [facts.name for facts in classes], files, form, remedy="add some, or remove the class")


def count_own_classes(folder: Path) -> int | None:
    """How many classes the collection in that folder has; None where there is none."""
    return len(Collection(folder.name, folder).classes()) or None


def own_is_ready(folder: Path) -> bool:
    """Whether the collection in that folder can be learned from."""
    return not Collection(folder.name, folder).problem()
