"""`scan`: what excites every channel most and least, as a table, JSON or a folder of pictures."""

import argparse
import json
import sys
from pathlib import Path

from explorer.data.datasets import DATA_SETS
from explorer.models.own import own_spec, read_shape
from explorer.models.registry import add
from explorer.probe.trial import tried
from explorer.scan.pictures import FOLDER
from explorer.scan.report import report, summary, write_all
from explorer.scan.scan import Scan, Wish
from explorer.words import counted


def run(options: argparse.Namespace) -> int:
    """Scan, with how far it is on a terminal."""
    if ":" in options.name:
        add(tried(own_spec(options.name, read_shape(options.input_shape) if options.input_shape else None)))
    data, folder = options.data, str(options.data_dir) if options.data_dir else ""
    if data not in DATA_SETS and not folder and Path(data).is_dir():
        data, folder = FOLDER, data
    wish = Wish(options.name, data, folder, options.k, options.limit, options.batch_size)
    scan, bar = Scan(wish), sys.stderr.isatty()
    for now in scan.run():
        line = f"{now.seen:,} of {counted(now.count, 'picture')}, {now.seconds:.1f} s"
        if bar or now.done:
            print(f"\r{line:<60}" if bar else line, end="" if bar else "\n", file=sys.stderr, flush=True)
    if bar:
        print(file=sys.stderr)
    if options.out:
        write_all(scan, options.out)
    print(json.dumps(report(scan)) if options.json else summary(scan))
    return 0
