"""Dropout."""

from __future__ import annotations

import rutile as rt
from rutile.nn import functional
from rutile.nn.module import Module

__all__ = ["Dropout"]


class Dropout(Module):
    """While training, set each element to 0 with probability `p` and divide the rest by `1 - p` (Srivastava, 2014).

    The random numbers come from `rutile.random`'s generator.

    >>> Dropout(0.5).eval()(rt.tensor([1.0])).tolist()
    [1.0]
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"Dropout needs 0 <= p <= 1, got {p}")
        self.p = p
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.dropout(input, self.p, self.training)

    def extra_repr(self) -> str:
        return f"p={self.p}"
