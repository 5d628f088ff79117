"""How strongly one unit of a network really depends on each pixel of one picture. Knows programs and gradients; not figures.

The receptive field says what a unit can see; the gradient says how much of it counts. Source: Luo, Li, Urtasun, Zemel:
Understanding the Effective Receptive Field in Deep Convolutional Neural Networks (2016).
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import fx

from explorer.errors import ExplorerError
from explorer.layers.checks import frozen
from explorer.probe.graph import Program
from explorer.probe.layouts import order
from explorer.probe.recording import cannot_take
from explorer.probe.spans import Box

MOST = 0.9  # the share of the gradient that the effective size is told for


@dataclass(frozen=True, eq=False)
class EffectiveField:
    """One unit's gradient.

    values: float64 (H, W), |∂unit/∂pixel| summed over the input's channels. box: the theoretical field, cut at the border.
    centre: the share of the gradient in the middle half of the box's rows and columns, a quarter of its pixels; None where no
    gradient is left. side: the side, as a share of the box's, of the least centred box that holds 90 % of it; None as well.
    More than 1 would say that the box is not the unit's.
    """

    values: np.ndarray
    box: Box
    centre: float | None
    side: float | None


class _Reached(Exception):
    """No error: the node's output is there, and the rest of the network need not run."""

    def __init__(self, output: object) -> None:
        super().__init__()
        self.output = output  # the interpreter writes into an exception's args


class _Until(fx.Interpreter):
    """Runs a program up to one node. Layers work on copies, so that an in-place ReLU does not overwrite what is asked for."""

    def __init__(self, program: Program, node: str) -> None:
        super().__init__(program.root, graph=program.steps)
        self.node = node

    def run_node(self, n: fx.Node) -> object:
        result = super().run_node(n)
        if n.name == self.node:
            raise _Reached(result)
        return result.clone() if isinstance(result, torch.Tensor) else result


def output_of(program: Program, inputs: torch.Tensor, node: str) -> torch.Tensor:
    """What the node puts out for inputs (1, C, H, W), without the batch; differentiable where gradients are on.

    Raises ExplorerError for a node that the network does not have or an input that does not fit.
    """
    places = [place for place in program.steps.nodes if place.op == "placeholder"]
    needed = [
        place.name for place in places if place.name in program.given or place.name == program.graph.nodes[0].name
    ]
    try:
        _Until(program, node).run(*(program.given.get(name, inputs) for name in needed))
    except _Reached as reached:
        if isinstance(reached.output, torch.Tensor):
            return reached.output[0]
    except (RuntimeError, ValueError) as error:
        raise cannot_take(inputs, error) from error
    raise ExplorerError(f"There is no step called “{node[:40]}” with one output: choose another layer.")


def effective_field(
    program: Program, inputs: torch.Tensor, node: str, row: int, column: int, box: Box, channel: int | None = None
) -> EffectiveField:
    """The gradient of the unit at that place with respect to inputs (1, C, H, W).

    channel: None takes the mean over all channels at the place. row, column: in the output's order of axes, wherever its
    channels stand; they mean nothing for a list of numbers. box: what the unit can see, from `FieldOf.box`.
    Raises ExplorerError as `output_of` does, and for a unit that is not there.
    """
    with torch.enable_grad():
        given = inputs.detach().clone().requires_grad_()
        output = output_of(program, given, node)
        try:
            layout = program.graph.layouts.get(node, "")
            maps = output.permute(order(layout)) if len(layout) == output.ndim == 3 else output  # channels first
            units = maps[:, row, column] if maps.ndim == 3 else maps.flatten()
            unit = units.mean() if channel is None else units[channel]
        except IndexError as error:
            raise ExplorerError(
                f"There is no unit at channel {channel}, row {row}, column {column} of {node}: its shape is "
                f"{tuple(output.shape)}."
            ) from error
        (slope,) = torch.autograd.grad(unit, given, allow_unused=True)
    values = np.zeros(inputs.shape[2:]) if slope is None else slope[0].abs().sum(0).double().cpu().numpy()
    return EffectiveField(frozen(values), box, *measure(values, box))


def measure(values: np.ndarray, box: Box) -> tuple[float | None, float | None]:
    """(centre, side) of `EffectiveField` for a map of sizes, ≥ 0."""
    top, left, bottom, right = box
    total = float(values.sum())
    if not total > 0 or not np.isfinite(total) or bottom <= top or right <= left:
        return None, None
    # how far each pixel's centre lies from the box's centre: 0 there, 1 at the box's edge
    rows = np.abs(np.arange(len(values)) + 0.5 - (top + bottom) / 2) / ((bottom - top) / 2)
    columns = np.abs(np.arange(values.shape[1]) + 0.5 - (left + right) / 2) / ((right - left) / 2)
    far = np.maximum.outer(rows, columns)
    order = np.argsort(far, axis=None)
    gathered = np.cumsum(values.ravel()[order]) / total
    side = float(far.ravel()[order[np.searchsorted(gathered, MOST - 1e-12)]])
    return float(values[far <= 0.5].sum() / total), side
