"""Embeddings: rows looked up by number. V rows of D numbers."""

from __future__ import annotations

import rutile as rt
from rutile.nn import functional
from rutile.nn.initialise import normal
from rutile.nn.module import Module

__all__ = ["Embedding", "EmbeddingBag"]


class Embedding(Module):
    """Look up rows of a learned table: integers of any shape to (..., embedding_dim), float32.

    State: `weight` (num_embeddings, embedding_dim), from the standard normal distribution.
    The row `padding_idx` starts as zeros and gets no gradient. For `max_norm`, `norm_type` and `scale_grad_by_freq` see
    `rutile.nn.functional.embedding`.
    Raises DTypeError when the input does not hold integers.

    >>> Embedding(10, 4)(rt.tensor([[1, 2, 3]])).shape
    (1, 3, 4)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        *,
        device: str | None = None,
    ) -> None:
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = _row("Embedding", num_embeddings, padding_idx)
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.weight = _table(num_embeddings, embedding_dim, self.padding_idx, device)

    @classmethod
    def from_pretrained(cls, embeddings: rt.Tensor, freeze: bool = True, padding_idx: int | None = None) -> Embedding:
        """Return an embedding with these rows (V, D), not trained if `freeze`."""
        rows, width = embeddings.shape
        layer = cls(rows, width, padding_idx, device=embeddings.device)
        layer.weight.assign_(embeddings.detach())
        layer.weight.requires_grad_(not freeze)
        return layer

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        settings = (self.max_norm, self.norm_type, self.scale_grad_by_freq)
        return functional.embedding(input, self.weight, self.padding_idx, *settings)

    def extra_repr(self) -> str:
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"


class EmbeddingBag(Module):
    """Look up rows and take the sum, mean or maximum of each bag: (B, embedding_dim), float32.

    State: `weight` (num_embeddings, embedding_dim). Bags are the rows of a 2-D input, or begin at `offsets` of a 1-D one.

    >>> EmbeddingBag(10, 4, mode="sum")(rt.tensor([[1, 2, 3]])).shape
    (1, 4)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        mode: str = "mean",
        padding_idx: int | None = None,
        device: str | None = None,
    ) -> None:
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.mode = mode
        self.padding_idx = _row("EmbeddingBag", num_embeddings, padding_idx)
        self.weight = _table(num_embeddings, embedding_dim, self.padding_idx, device)

    def forward(
        self, input: rt.Tensor, offsets: rt.Tensor | None = None, per_sample_weights: rt.Tensor | None = None
    ) -> rt.Tensor:
        return functional.embedding_bag(
            input,
            self.weight,
            offsets,
            mode=self.mode,
            per_sample_weights=per_sample_weights,
            padding_idx=self.padding_idx,
        )

    def extra_repr(self) -> str:
        return f"{self.num_embeddings}, {self.embedding_dim}, mode={self.mode!r}"


def _row(layer: str, count: int, padding_idx: int | None) -> int | None:
    if padding_idx is None:
        return None
    if not -count <= padding_idx < count:
        raise ValueError(f"{layer} needs padding_idx within its {count} rows, got {padding_idx}")
    return padding_idx % count


def _table(count: int, width: int, padding_idx: int | None, device: str | None) -> rt.Tensor:
    weight = normal((count, width), device)
    if padding_idx is not None:
        with rt.no_grad():
            weight[padding_idx] = 0.0
        rt.eval(weight)
    return weight
