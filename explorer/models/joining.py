"""Channels of several maps laid side by side, as a layer with a name of its own. Knows tensors; not which networks join."""

import torch
from torch import nn


class Concatenate(nn.Module):
    """Tensors (N, c₁, …), (N, c₂, …), … → (N, c₁ + c₂ + …, …)."""

    def forward(self, *parts: torch.Tensor) -> torch.Tensor:
        """Everything that is given, along the channels."""
        return torch.cat(parts, dim=1)
