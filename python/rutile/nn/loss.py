"""Losses as modules; `rutile.nn.functional` has them as functions."""

from __future__ import annotations

import rutile as rt
from rutile.nn import functional
from rutile.nn.module import Module

__all__ = ["CrossEntropyLoss", "MSELoss"]


class CrossEntropyLoss(Module):
    """Cross entropy of logits (N, C, d...) and class indices (N, d...) or probabilities (N, C, d...), a 0-d tensor.

    >>> round(CrossEntropyLoss()(rt.tensor([[0.0, 0.0]]), rt.tensor([1])).item(), 4)
    0.6931
    """

    def __init__(
        self,
        weight: rt.Tensor | None = None,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing
        if weight is None:
            self.weight = None
        else:
            self.register_buffer("weight", weight)

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.cross_entropy(
            input, target, self.weight, self.ignore_index, self.reduction, self.label_smoothing
        )


class MSELoss(Module):
    """Mean of the squared differences of two tensors of one shape, a 0-d tensor; `reduction` as in `functional`.

    >>> MSELoss()(rt.tensor([1.0, 3.0]), rt.tensor([1.0, 1.0])).item()
    2.0
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.mse_loss(input, target, self.reduction)
