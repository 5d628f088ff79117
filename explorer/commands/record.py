"""`record`: a short copy of a run, to come with the application. Knows what is printed; not what is kept of a run."""

import argparse

from explorer.training.recordings import keep
from explorer.training.timeline import read_run, runs_root


def run(options: argparse.Namespace) -> int:
    """Keep it; raises ExplorerError where there is no such run, or a recording of that name already."""
    folder = keep(read_run(runs_root(), options.source), options.name, options.snapshots, options.pictures)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{options.name}: {size / 1e3:,.0f} kB.")
    return 0
