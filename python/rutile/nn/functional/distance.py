"""Distances and angles between vectors, and the losses made of them."""

from __future__ import annotations

from collections.abc import Callable

import rutile as rt
from rutile.functions.statistics import vector_norm
from rutile.nn.functional._arguments import check_same_shape, check_together, reduced


def cosine_similarity(x1: rt.Tensor, x2: rt.Tensor, dim: int = 1, eps: float = 1e-8) -> rt.Tensor:
    """Return the cosine of the angle between vectors along an axis; norms count as at least `eps`.

    >>> cosine_similarity(rt.tensor([[1.0, 0.0]]), rt.tensor([[2.0, 0.0]])).tolist()
    [1.0]
    """
    sizes = [vector_norm(x, axis=dim, keepdims=True) for x in (x1, x2)]
    first, second = (x / rt.where(size < eps, eps, size) for x, size in zip((x1, x2), sizes, strict=True))
    return (first * second).sum(dim)


def pairwise_distance(
    x1: rt.Tensor, x2: rt.Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> rt.Tensor:
    """Return the p-norm of x1 - x2 + eps along the last axis.

    >>> round(pairwise_distance(rt.tensor([[0.0, 0.0]]), rt.tensor([[3.0, 4.0]])).item(), 4)
    5.0
    """
    return vector_norm(x1 - x2 + eps, axis=-1, keepdims=keepdim, ord=p)


def pdist(input: rt.Tensor, p: float = 2.0) -> rt.Tensor:
    """Return the p-norms of the differences of all pairs of rows: (N, M) to (N · (N - 1) / 2,).

    >>> pdist(rt.tensor([[0.0, 0.0], [3.0, 4.0]])).tolist()
    [5.0]
    """
    first, second = rt.triu_indices(input.shape[0], input.shape[0], 1, device=input.device)
    return vector_norm(rt.index_select(input, 0, first) - rt.index_select(input, 0, second), axis=-1, ord=p)


def cosine_embedding_loss(
    input1: rt.Tensor, input2: rt.Tensor, target: rt.Tensor, margin: float = 0.0, reduction: str = "mean"
) -> rt.Tensor:
    """Return 1 - cosine where target is 1, max(0, cosine - margin) where it is -1: (N, D), (N, D), (N,).

    >>> cosine_embedding_loss(rt.tensor([[1.0, 0.0]]), rt.tensor([[1.0, 0.0]]), rt.tensor([1])).item()
    0.0
    """
    # PyTorch adds its constant to the squares here, and not to the norms.
    check_same_shape("cosine_embedding_loss", input1, input2)
    products = (input1 * input2).sum(-1)
    first, second = ((x * x).sum(-1) + 1e-12 for x in (input1, input2))
    cosine = products / (first * second).sqrt()
    losses = rt.where(target == 1, 1.0 - cosine, rt.where(target == -1, rt.relu(cosine - margin), 0.0))
    return reduced("cosine_embedding_loss", losses, reduction)


def triplet_margin_loss(
    anchor: rt.Tensor,
    positive: rt.Tensor,
    negative: rt.Tensor,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> rt.Tensor:
    """Return max(0, distance to positive - distance to negative + margin) (Balntas et al., 2016).

    >>> round(triplet_margin_loss(rt.tensor([[0.0]]), rt.tensor([[0.0]]), rt.tensor([[0.5]])).item(), 2)
    0.5
    """
    check_together("triplet_margin_loss", anchor, positive, negative)

    def distance(x: rt.Tensor, y: rt.Tensor) -> rt.Tensor:
        return pairwise_distance(x, y, p, eps)

    return triplet_margin_with_distance_loss(
        anchor, positive, negative, distance_function=distance, margin=margin, swap=swap, reduction=reduction
    )


def triplet_margin_with_distance_loss(
    anchor: rt.Tensor,
    positive: rt.Tensor,
    negative: rt.Tensor,
    *,
    distance_function: Callable[[rt.Tensor, rt.Tensor], rt.Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> rt.Tensor:
    """Return `triplet_margin_loss` for any distance.

    >>> x = rt.tensor([[0.0]])
    >>> round(triplet_margin_with_distance_loss(x, x, x).item(), 2)
    1.0
    """
    if distance_function is None:
        check_together("triplet_margin_loss", anchor, positive, negative)
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = rt.minimum(far, distance(positive, negative))
    return reduced("triplet_margin_loss", rt.relu(near - far + margin), reduction)
