"""Rows looked up by number, and numbers written as rows."""

from __future__ import annotations

from typing import Any

import rutile as rt
from rutile import _core
from rutile.errors import DTypeError, ShapeError
from rutile.functions.sorting import searchsorted
from rutile.functions.statistics import vector_norm


def embedding(
    input: rt.Tensor,
    weight: rt.Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
) -> rt.Tensor:
    """Return the rows of `weight` (V, D) numbered by `input` (integers of any shape): (..., D).

    The row `padding_idx` gets no gradient. With `max_norm`, those rows of `weight` that are looked up are first scaled
    down to this norm, in place. With `scale_grad_by_freq`, a row's gradient is divided by how often it is looked up.

    >>> embedding(rt.tensor([1, 0]), rt.tensor([[1.0], [2.0]])).tolist()
    [[2.0], [1.0]]
    """
    if weight.ndim != 2:
        raise ShapeError(f"embedding needs a weight of two axes, got {weight.shape}")
    if input.dtype.kind not in "iu":
        raise DTypeError(f"embedding needs integers, got {input.dtype}: use .astype(int32)")
    needs = f"numbers from 0 to {weight.shape[0] - 1} for a weight of {weight.shape[0]} rows"
    numbers = _core.checked(input.reshape(input.size), "embedding", needs, 0, weight.shape[0] - 1)
    counts: Any = None
    if scale_grad_by_freq or max_norm is not None:
        counts = _core.scatter_add(rt.ones_like(numbers, dtype="int32"), numbers, 0, weight.shape[0])
    if max_norm is not None:
        kept = weight.detach()
        norms = vector_norm(kept, axis=1, keepdims=True, ord=norm_type)
        long = (norms > max_norm) & (counts.unsqueeze(1) > 0)
        weight.assign_(rt.where(long, kept * (max_norm / (norms + 1e-7)), kept))
    rows = _core.take_along_axis(weight, numbers.unsqueeze(1), 0)
    if scale_grad_by_freq:
        shares = 1.0 / counts.index_select(0, numbers).unsqueeze(1)
        # The value as it is; the share shows in the gradient alone.
        rows = rows.detach() + (rows - rows.detach()) * shares
    if padding_idx is not None:
        row = padding_idx % weight.shape[0]
        rows = rt.where((numbers == row).unsqueeze(1), rows.detach(), rows)
    return rows.reshape(*input.shape, weight.shape[1])


def embedding_bag(
    input: rt.Tensor,
    weight: rt.Tensor,
    offsets: rt.Tensor | None = None,
    *,
    mode: str = "mean",
    per_sample_weights: rt.Tensor | None = None,
    padding_idx: int | None = None,
) -> rt.Tensor:
    """Return sums, means or maxima of the embeddings in each bag: (B, D).

    Bags are the rows of a 2-D input, or begin at `offsets` (B,) of a 1-D one. An empty bag gives zeros.

    >>> embedding_bag(rt.tensor([[0, 1]]), rt.tensor([[1.0], [3.0]]), mode="mean").tolist()
    [[2.0]]
    """
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f'embedding_bag needs mode="sum", "mean" or "max", got {mode!r}')
    if input.ndim == 2:
        bags = rt.arange(input.shape[0], device=input.device).unsqueeze(1).expand(*input.shape).reshape(input.size)
        count = input.shape[0]
    elif offsets is not None:
        count = offsets.size
        bags = searchsorted(offsets, rt.arange(input.size, device=input.device), right=True) - 1
    else:
        raise ShapeError("embedding_bag needs offsets for an input of one axis, got None")
    numbers = input.reshape(input.size)
    rows = embedding(numbers, weight, padding_idx)
    if per_sample_weights is not None:
        if mode != "sum":
            raise ValueError(f'embedding_bag needs mode="sum" for per_sample_weights, got {mode!r}')
        rows = rows * per_sample_weights.reshape(input.size, 1)
    member = rt.arange(count, device=input.device).unsqueeze(1) == bags
    if padding_idx is not None:
        member = member & (numbers != padding_idx % weight.shape[0])
    if mode == "max":
        chosen = rt.where(member.unsqueeze(2), rows, float("-inf")).amax(1)
        return rt.where(member.any(1).unsqueeze(1), chosen, 0.0)
    kept = member.any(0).unsqueeze(1)
    totals = _core.scatter_add(rt.where(kept, rows, 0.0), bags.unsqueeze(1).expand(*rows.shape), 0, count)
    if mode == "sum":
        return totals
    return totals / rt.maximum(member.sum(1), 1).astype(rows.dtype).unsqueeze(1)


def one_hot(tensor: rt.Tensor, num_classes: int = -1) -> rt.Tensor:
    """Return int32 rows that hold a 1 at the place of each number, zeros elsewhere: (..., num_classes).

    Without `num_classes`, the greatest number is read to the host.

    >>> one_hot(rt.tensor([0, 2]), 3).tolist()
    [[1, 0, 0], [0, 0, 1]]
    """
    classes = int(tensor.max().item()) + 1 if num_classes < 0 else num_classes
    tensor = _core.checked(tensor, "one_hot", f"numbers from 0 to {classes - 1}", 0, classes - 1)
    return (tensor.unsqueeze(-1) == rt.arange(classes, device=tensor.device)).astype("int32")
