"""`describe`: a network's layers, shapes and costs, as a table or JSON."""

import argparse
import json

from explorer.models.own import own_spec, read_shape
from explorer.models.registry import find
from explorer.probe.facts import describe, table
from explorer.probe.trial import tried


def run(options: argparse.Namespace) -> int:
    """Print the facts; a network of the user's own is built by their code."""
    own = ":" in options.name
    shape = read_shape(options.input_shape) if options.input_shape else None
    spec = tried(own_spec(options.name, shape)) if own else find(options.name)
    facts = describe(spec.build(), spec.input_shape)
    print(json.dumps({"name": spec.name, **facts.as_json()}, indent=2) if options.json else table(spec.title, facts))
    return 0
