"""`study`: accuracy against the number of examples, as a table or JSON."""

import argparse
import json
import sys

from explorer.study.report import read_counts, report, table
from explorer.study.study import Study
from explorer.study.study import run as measure
from explorer.training.run import load_data
from explorer.training.sources import default_cut
from explorer.training.timeline import new_identity, run_folder, runs_root


def run(options: argparse.Namespace) -> int:
    """Measure, with a line for each training on a terminal."""
    study = Study(
        source=options.source,
        cut=options.cut or default_cut(options.source),
        counts=read_counts(options.counts),
        students=tuple(options.students.split(",")),
        data_dir=str(options.data_dir) if options.data_dir else "",
        **{name: getattr(options, name) for name in ("data", "seeds", "steps", "batch_size", "rate", "depth_rate")},
    )
    data = load_data(study.settings(study.students[0]), options.data_dir)
    folder, points = None if options.no_record else run_folder(runs_root(), new_identity("study")), []
    for point in measure(study, data, folder):
        points.append(point)
        if sys.stderr.isatty():
            line = f"{len(points)} of {study.total}: {point.student}, {point.count} a class, {point.accuracy:.1%}"
            print(f"\r{line:<60}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(json.dumps(report(study, points)) if options.json else table(study, points))
    return 0
