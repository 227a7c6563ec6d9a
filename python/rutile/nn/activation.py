"""Elementwise activation layers: any shape to the same shape."""

from __future__ import annotations

import rutile as rt
from rutile.nn import functional
from rutile.nn.module import Module

__all__ = ["GELU", "ReLU", "Sigmoid", "Tanh"]


class ReLU(Module):
    """Compute `max(x, 0)`; `inplace` is accepted for PyTorch's sake and changes nothing.

    >>> ReLU()(rt.tensor([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.relu(input)


class GELU(Module):
    """Compute the Gaussian error linear unit, exact or with `approximate="tanh"`.

    >>> GELU()(rt.tensor([0.0])).tolist()
    [0.0]
    """

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.gelu(input, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class Tanh(Module):
    """Compute the hyperbolic tangent.

    >>> Tanh()(rt.tensor([0.0])).tolist()
    [0.0]
    """

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.tanh(input)


class Sigmoid(Module):
    """Compute `1 / (1 + exp(-x))`.

    >>> Sigmoid()(rt.tensor([0.0])).tolist()
    [0.5]
    """

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.sigmoid(input)
