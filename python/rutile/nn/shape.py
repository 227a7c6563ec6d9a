"""Layers that only change the shape."""

from __future__ import annotations

import rutile as rt
from rutile.nn.module import Module

__all__ = ["Flatten"]


class Flatten(Module):
    """Merge the axes from `start_dim` to `end_dim` into one: by default (N, C, H, W) to (N, C * H * W).

    >>> Flatten()(rt.zeros((2, 3, 4, 4))).shape
    (2, 48)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
