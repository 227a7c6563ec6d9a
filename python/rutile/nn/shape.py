"""Layers that only change the shape."""

from __future__ import annotations

from collections.abc import Sequence

import rutile as rt
from rutile.errors import ShapeError
from rutile.nn.module import Module

__all__ = ["Flatten", "Unflatten"]


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


class Unflatten(Module):
    """Split axis `dim` into axes of the sizes `unflattened_size`, of which one may be -1.

    Raises ShapeError when the sizes do not multiply to the axis.

    >>> Unflatten(1, (3, -1))(rt.zeros((2, 48))).shape
    (2, 3, 16)
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        self.dim = dim
        self.unflattened_size = tuple(unflattened_size)

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        shape = input.shape
        if not -len(shape) <= self.dim < len(shape):
            raise ShapeError(f"{self!r} needs an input with axis {self.dim}, got {shape}")
        dim = self.dim % len(shape)
        return input.reshape(*shape[:dim], *self.unflattened_size, *shape[dim + 1 :])

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
