"""The oracle of receptive fields: where a linearised float64 copy of a network has a gradient. Knows autograd, not our graph.

Every weight is positive and every pooling an average, so that no path can cancel another or be switched off; inputs are 1.
"""

import contextlib
import copy
from unittest import mock

import torch
import torch.nn.functional as F
from torch import nn

EXACT = F.max_pool2d
PASSED = (
    *(nn.ReLU, nn.ReLU6, nn.Hardswish, nn.Hardsigmoid, nn.SiLU, nn.Sigmoid, nn.Tanh, nn.LeakyReLU),
    *(nn.BatchNorm2d, nn.Dropout, nn.Dropout2d, nn.Identity),
)


def averaged(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """The sum of what max pooling would choose from: a convolution with ones, cut to max pooling's output size."""
    k, s, p, d = (
        n if isinstance(n, tuple) else (n, n) for n in (kernel_size, stride or kernel_size, padding, dilation)
    )
    rows, columns = EXACT(x, k, s, p, d, ceil_mode).shape[2:]
    ones = torch.ones(x.shape[1], 1, *k, dtype=x.dtype) / (k[0] * k[1])
    spare = [s[axis] + d[axis] * k[axis] for axis in (0, 1)]
    padded = F.pad(x, (p[1], p[1] + spare[1], p[0], p[0] + spare[0]))
    return F.conv2d(padded, ones, None, s, 0, d, groups=x.shape[1])[:, :, :rows, :columns]


class Averaged(nn.Module):
    def __init__(self, pool):
        super().__init__()
        self.settings = (pool.kernel_size, pool.stride, pool.padding, pool.dilation, pool.ceil_mode)

    def forward(self, x):
        return averaged(x, *self.settings)


def linear_copy(network, thinner=1):
    """The network with positive weights, as float64. thinner: divides every number of channels but the input's."""

    def fewer(channels):
        return channels // thinner if channels % thinner == 0 else channels

    def plain(module):
        if isinstance(module, nn.MaxPool2d):
            return Averaged(module)
        if isinstance(module, nn.AdaptiveMaxPool2d):
            return nn.AdaptiveAvgPool2d(module.output_size)
        if isinstance(module, PASSED):
            return nn.Identity()
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            names = ("kernel_size", "stride", "padding", "dilation", "padding_mode")
            settings = {name: getattr(module, name) for name in names}
            if isinstance(module, nn.ConvTranspose2d):
                settings["output_padding"] = module.output_padding
            inputs, groups = fewer(module.in_channels), module.groups
            groups = inputs if groups == module.in_channels > 1 else groups
            module = type(module)(inputs, fewer(module.out_channels), groups=groups, bias=False, **settings)
            nn.init.constant_(module.weight, 1 / module.weight[0].numel())
        elif isinstance(module, nn.Linear):
            module = nn.Linear(fewer(module.in_features), fewer(module.out_features), bias=False)
            nn.init.constant_(module.weight, 1 / module.in_features)
        else:
            for name, child in module.named_children():
                setattr(module, name, plain(child))
        return module

    # a module that runs at several places is one module in the copy too
    return plain(copy.deepcopy(network)).eval().double()


@contextlib.contextmanager
def probed(network, shape, thinner=1, units=1):
    """(input (units, *shape), layer → its last output (units, …)): forward once, to be differentiated again and again."""
    linear = linear_copy(network, thinner)
    inputs = torch.ones(units, *shape, dtype=torch.float64, requires_grad=True)
    outputs, hooks = {}, []
    for name, module in linear.named_modules():
        if not list(module.children()):
            hooks.append(module.register_forward_hook(lambda m, a, out, n=name: outputs.__setitem__(n or "layer", out)))
    with mock.patch.object(F, "max_pool2d", averaged), torch.enable_grad():
        linear(inputs)
    for hook in hooks:
        hook.remove()
    yield inputs, outputs


def supports(inputs, output, places):
    """The box (top, left, bottom, right) with a gradient of the unit at each place, all channels together.

    places: (row, column) for each input of the batch; None for all numbers of the output.
    """
    chosen = [output[i] if place is None else output[i][:, place[0], place[1]] for i, place in enumerate(places)]
    (gradient,) = torch.autograd.grad(sum(part.sum() for part in chosen), inputs, retain_graph=True, allow_unused=True)
    return [box_of(part.abs().sum(0)) for part in gradient] if gradient is not None else [(0, 0, 0, 0)] * len(places)


def box_of(plane):
    rows, columns = plane.sum(1).nonzero().flatten().tolist(), plane.sum(0).nonzero().flatten().tolist()
    return (rows[0], columns[0], rows[-1] + 1, columns[-1] + 1) if rows else (0, 0, 0, 0)
