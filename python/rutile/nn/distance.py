"""Layers that compare vectors."""

from __future__ import annotations

import rutile as rt
from rutile.nn import functional
from rutile.nn.module import Module

__all__ = ["CosineSimilarity", "PairwiseDistance"]


class CosineSimilarity(Module):
    """Cosine of the angle between vectors along axis `dim`, which goes away; norms count as at least `eps`.

    >>> CosineSimilarity()(rt.tensor([[1.0, 0.0]]), rt.tensor([[2.0, 0.0]])).tolist()
    [1.0]
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        self.dim = dim
        self.eps = eps

    def forward(self, x1: rt.Tensor, x2: rt.Tensor) -> rt.Tensor:
        return functional.cosine_similarity(x1, x2, self.dim, self.eps)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, eps={self.eps}"


class PairwiseDistance(Module):
    """p-norm of x1 - x2 + eps along the last axis, which goes away unless `keepdim`.

    >>> round(PairwiseDistance()(rt.tensor([[0.0, 0.0]]), rt.tensor([[3.0, 4.0]])).item(), 4)
    5.0
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: rt.Tensor, x2: rt.Tensor) -> rt.Tensor:
        return functional.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)

    def extra_repr(self) -> str:
        return f"p={self.norm}, eps={self.eps}, keepdim={self.keepdim}"
