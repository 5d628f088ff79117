"""`accuracy`: how many photographs of ImageNet's classes a network names right, first or among its first five."""

import argparse
import dataclasses
import json
import sys

from explorer.models.own import own_spec, read_shape
from explorer.models.registry import find
from explorer.scan.accuracy import measure
from explorer.scan.imagenet_files import photographs
from explorer.words import counted, fixed


def run(options: argparse.Namespace) -> int:
    """Measure and print; a file that cannot be read is told and left out."""
    shape = read_shape(options.input_shape) if options.input_shape else None
    spec = own_spec(options.name, shape) if ":" in options.name else find(options.name)
    found = measure(spec, photographs(options.folder), lambda why: print(f"Left out: {why}", file=sys.stderr))
    if options.json:
        shares = {"top1": found.top1, "top5": found.top5}
        print(json.dumps({"network": spec.name, **dataclasses.asdict(found), **shares}))
        return 0
    shares = f"top-1 {fixed(100 * found.top1, 1)} %, top-5 {fixed(100 * found.top5, 1)} %"
    print(f"{spec.title} on {counted(found.photographs, 'photograph')}: {shares}")
    if spec.own:
        print(spec.summary)  # which says what is taken for granted
    return 0
