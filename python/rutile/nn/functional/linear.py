"""Linear and bilinear maps, and dropout."""

from __future__ import annotations

from collections.abc import Sequence

import rutile as rt
from rutile import _core
from rutile.errors import ShapeError
from rutile.nn.functional._arguments import into


def linear(input: rt.Tensor, weight: rt.Tensor, bias: rt.Tensor | None = None) -> rt.Tensor:
    """Return `input @ weight.T + bias`: (..., in), (out, in), (out,) to (..., out).

    >>> linear(rt.tensor([[1.0, 2.0]]), rt.tensor([[3.0, 4.0]])).tolist()
    [[11.0]]
    """
    return _core.linear(input, weight, bias)


def bilinear(input1: rt.Tensor, input2: rt.Tensor, weight: rt.Tensor, bias: rt.Tensor | None = None) -> rt.Tensor:
    """Return input1 · weight · input2 + bias: (..., n), (..., m), (out, n, m), (out,) to (..., out).

    >>> bilinear(rt.ones((1, 2)), rt.ones((1, 3)), rt.ones((1, 2, 3))).tolist()
    [[6.0]]
    """
    if weight.ndim != 3 or (input1.shape[-1], input2.shape[-1]) != tuple(weight.shape[1:]):
        got = f"{input1.shape}, {input2.shape} and {weight.shape}"
        raise ShapeError(f"bilinear needs inputs (..., n), (..., m) and a weight (out, n, m), got {got}")
    out, n, m = weight.shape
    # (..., n) · (n, out · m) gives a row for each output, which the second input is multiplied with.
    rows = (input1 @ weight.permute(1, 0, 2).reshape(n, out * m)).reshape(*input1.shape[:-1], out, m)
    result = (rows * input2.unsqueeze(-2)).sum(-1)
    return result if bias is None else result + bias


def dropout(input: rt.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> rt.Tensor:
    """Set each element to 0 with probability `p` and divide the rest by `1 - p`; the identity unless `training`.

    >>> dropout(rt.tensor([1.0]), p=0.5, training=False).tolist()
    [1.0]
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout needs 0 <= p <= 1, got {p}")
    if not training or p == 0.0:
        return input
    return into(input, input * 0.0 if p == 1.0 else _core.dropout(input, p), inplace)


def dropout1d(input: rt.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> rt.Tensor:
    """Set whole channels of (N, C, L) to 0 with probability `p` and divide the rest by `1 - p`.

    >>> dropout1d(rt.ones((1, 1, 2)), training=False).tolist()
    [[[1.0, 1.0]]]
    """
    return into(input, _channel_dropout("dropout1d", 1, input, p, training), inplace)


def dropout2d(input: rt.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> rt.Tensor:
    """Set whole channels of (N, C, H, W) to 0 with probability `p` and divide the rest by `1 - p`.

    >>> dropout2d(rt.ones((1, 1, 1, 2)), training=False).tolist()
    [[[[1.0, 1.0]]]]
    """
    return into(input, _channel_dropout("dropout2d", 2, input, p, training), inplace)


def dropout3d(input: rt.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> rt.Tensor:
    """Set whole channels of (N, C, D, H, W) to 0 with probability `p` and divide the rest by `1 - p`.

    >>> dropout3d(rt.ones((1, 1, 1, 1, 2)), training=False).shape
    (1, 1, 1, 1, 2)
    """
    return into(input, _channel_dropout("dropout3d", 3, input, p, training), inplace)


def feature_alpha_dropout(input: rt.Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> rt.Tensor:
    """Set whole channels (N, C) of the input to selu's negative limit with probability `p`; see `alpha_dropout`.

    >>> feature_alpha_dropout(rt.ones((1, 1, 2))).tolist()
    [[[1.0, 1.0]]]
    """
    places = [*input.shape[:2], *[1] * (input.ndim - 2)]
    return into(input, _alpha_dropout("feature_alpha_dropout", input, places, p, training), inplace)


def _channel_dropout(function: str, rank: int, input: rt.Tensor, p: float, training: bool) -> rt.Tensor:
    if input.ndim not in (rank + 1, rank + 2):
        raise ShapeError(
            f"{function} needs an input of {rank + 2} axes, or {rank + 1} without the batch, got {input.shape}"
        )
    keep = rt.ones((*input.shape[: input.ndim - rank], *[1] * rank), dtype=input.dtype, device=input.device)
    return input * dropout(keep, p, training)


def alpha_dropout(input: rt.Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> rt.Tensor:
    """Set elements to selu's negative limit with probability `p`, keeping mean and variance (Klambauer et al., 2017).

    >>> alpha_dropout(rt.tensor([1.0])).tolist()
    [1.0]
    """
    return into(input, _alpha_dropout("alpha_dropout", input, input.shape, p, training), inplace)


def _alpha_dropout(function: str, input: rt.Tensor, places: Sequence[int], p: float, training: bool) -> rt.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"{function} needs 0 <= p <= 1, got {p}")
    if not training or p == 0.0:
        return input
    limit = -1.7580993408473766
    scale = ((1.0 - p) * (1.0 + p * limit * limit)) ** -0.5 if p < 1.0 else 0.0
    kept = rt.random.uniform(places, device=input.device) >= p
    return rt.where(kept, input, limit) * scale - scale * limit * p
