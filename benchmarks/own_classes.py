"""Own classes, from ten pictures each to a classifier. `python -m benchmarks.own_classes`.

Three classes of a data set that the extractor has not seen, put into a collection as a user's uploads are. Timed is from the
start of the processes to the end of each student's training, by the clock; the accuracy is that on 200 other pictures of each
class. The features of the frozen part are computed anew in every round.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from benchmarks import table
from benchmarks.serving import load
from benchmarks.table import Times
from explorer.data.collections import Collection, new_collection
from explorer.data.datasets import load_data_set
from explorer.data.labelled import LabelledImages
from explorer.live import runs as jobs
from explorer.training.evaluation import judge
from explorer.training.moments import network_at
from explorer.training.networks import feeding_of
from explorer.training.settings import STUDENTS
from explorer.training.sources import default_cut
from explorer.training.timeline import read_run, runs_root, snapshot_steps
from explorer.training.transfer import default_config, students

CLASSES, PICTURES, OTHERS = 3, 10, 200
MOST = 15.0  # seconds
CASES = (("lenet5", "faces"), ("colour", "shapes"))  # source, and pictures that it has not seen


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    rounds, before, rows = parser.parse_args().rounds, load(), []
    for source, name in CASES:
        data = load_data_set(name)
        for picked in (("last",), tuple(STUDENTS)):
            took, right = {key: [] for key in picked}, {key: [] for key in picked}
            for number in range(rounds):
                with tempfile.TemporaryDirectory() as folder:
                    for room in ("RUNS", "COLLECTIONS", "CACHE"):
                        os.environ[f"EXPLORER_{room}"] = f"{folder}/{room.lower()}"
                    collection = _collection(data.train, first=number * PICTURES)
                    for key, (seconds, accuracy) in _train(source, collection, data.test, picked).items():
                        took[key].append(seconds)
                        right[key].append(accuracy)
            for key in picked:
                what = f"{source}, {STUDENTS[key].lower()}{'' if len(picked) == 1 else ', three at once'}"
                times = Times(took[key], "s")
                rows.append(table.row(what, times, f"≤ {MOST:.0f} s", times.late <= MOST))
                rows.append(
                    table.row("its accuracy on other pictures", Times([100 * value for value in right[key]], "%"))
                )
    what = table.machine(packages=("torch", "torchvision"))
    print(f"{what}; load before {before}; {CLASSES} classes, {PICTURES} pictures each\n")
    print(table.write(rows))


def _collection(images: LabelledImages, first: int) -> Collection:
    made = new_collection()
    for label in range(CLASSES):
        chosen = torch.nonzero(images.labels == label).flatten()[first : first + PICTURES]
        made.add_pictures(made.add_class(f"class {label}"), (_pixels(images.images[i]) for i in chosen))
    return made


def _pixels(image: torch.Tensor) -> np.ndarray:
    return image.permute(1, 2, 0).squeeze(2).numpy() if len(image) == 1 else image.permute(1, 2, 0).numpy()


def _train(
    source: str, collection: Collection, test: LabelledImages, picked: tuple[str, ...]
) -> dict[str, tuple[float, float]]:
    """Each student's seconds and accuracy."""
    wanted = students(source, default_cut(source), "own", default_config(CLASSES * PICTURES * 4 // 5))
    began = time.perf_counter()
    begun = {key: jobs.start(wanted[key], data_dir=Path(collection.folder)) for key in picked}
    ended: dict[str, float] = {}
    while len(ended) < len(begun):
        time.sleep(0.02)
        for key in begun.keys() - ended.keys():
            if not jobs.find_job(begun[key]).live:
                ended[key] = time.perf_counter() - began
    return {key: (ended[key], _accuracy(begun[key], test)) for key in picked}


def _accuracy(identity: str, test: LabelledImages) -> float:
    run = read_run(runs_root(), identity)
    network = network_at(run, snapshot_steps(run.folder)[-1])
    feeding = feeding_of(run.settings, run.channels)
    chosen = torch.cat([torch.nonzero(test.labels == label).flatten()[:OTHERS] for label in range(CLASSES)])
    some = test.take(chosen)
    inputs = [
        torch.from_numpy(np.atleast_3d(feeding.arrange(_pixels(image)).image)).permute(2, 0, 1) for image in some.images
    ]
    return judge(network, LabelledImages(torch.stack(inputs), some.labels), feeding.normalise).accuracy


if __name__ == "__main__":
    main()
