"""Whether a network of the user's own can be looked into. Knows what the pages and commands will ask of it; not pages.

A network that runs may still be one that no page can show. Everything is tried once, before it is accepted.
"""

import inspect

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.models.spec import ModelSpec
from explorer.probe.facts import describe
from explorer.probe.maps import layer_maps
from explorer.probe.overview import overview
from explorer.probe.recording import record
from explorer.probe.stages import stages


def tried(spec: ModelSpec) -> ModelSpec:
    """The same spec, once its network was loaded, described and recorded. Raises ExplorerError where one of it fails."""
    try:
        network = spec.load()
        facts = describe(network, spec.input_shape)
        if not facts.layers:
            raise ExplorerError("no layer of it was heard while it ran")
        if not stages(facts):
            raise ExplorerError("it has no layer that changes a number")
        overview(facts)
        layer_maps(record(network, torch.zeros(1, *spec.input_shape)), facts)
    except Exception as error:  # its code is a stranger's, and so is what it makes of ours
        said = str(error).splitlines() or [""]
        reason = said[0].rstrip(". ")[:200] or type(error).__name__
        if not isinstance(error, ExplorerError):
            reason = f"{type(error).__name__}: {reason}"
        remedy = "make its layers nn.Modules that forward(self, x) calls"
        if not _names_input(spec.build()):
            remedy = "name its input, forward(self, x), instead of *args"
        raise ExplorerError(f"{spec.name} runs, but cannot be looked into ({reason}): {remedy}.") from error
    return spec


def _names_input(network: nn.Module) -> bool:
    kinds = {one.kind for one in inspect.signature(network.forward).parameters.values()}
    return bool(kinds & {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD})
