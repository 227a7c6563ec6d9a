"""Folds with PyTorch's names, norms and distances."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from rutile import _core, elementwise, manipulation
from rutile.errors import ShapeError
from rutile.manipulation import Axis, axes_of

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class MinAndMax(NamedTuple):
    """The least and the greatest element."""

    min: Tensor
    max: Tensor


def amax(x: Tensor, dim: Axis = None, keepdim: bool = False) -> Tensor:
    """Greatest element over axes; equals share the gradient.

    Example:
        >>> import rutile as rt
        >>> rt.amax(rt.tensor([[1.0, 5.0], [3.0, 4.0]]), dim=1).tolist()
        [5.0, 4.0]
    """
    return _core.reduce("max", x, axes_of(dim), keepdim)


def amin(x: Tensor, dim: Axis = None, keepdim: bool = False) -> Tensor:
    """Least element over axes; equals share the gradient.

    Example:
        >>> import rutile as rt
        >>> rt.amin(rt.tensor([[1.0, 5.0], [3.0, 4.0]]), dim=1).tolist()
        [1.0, 3.0]
    """
    return _core.reduce("min", x, axes_of(dim), keepdim)


def aminmax(x: Tensor, *, dim: int | None = None, keepdim: bool = False) -> MinAndMax:
    """The least and the greatest element, of all or of an axis.

    Example:
        >>> import rutile as rt
        >>> [bound.item() for bound in rt.aminmax(rt.tensor([1.0, 5.0]))]
        [1.0, 5.0]
    """
    return MinAndMax(amin(x, dim, keepdim), amax(x, dim, keepdim))


def count_nonzero(x: Tensor, /, axis: Axis = None, *, keepdims: bool = False, dim: Axis = None) -> Tensor:
    """Number of the elements that are not zero, over axes (`dim` in PyTorch); int32.

    Example:
        >>> import rutile as rt
        >>> rt.count_nonzero(rt.tensor([0.0, 2.0])).item()
        1
    """
    return manipulation.sum(x.astype("bool"), axis if dim is None else dim, keepdims=keepdims)


def logsumexp(x: Tensor, dim: Axis = None, keepdim: bool = False) -> Tensor:
    """Logarithm of the sum of exp over axes, without overflow.

    Example:
        >>> import rutile as rt
        >>> rt.logsumexp(rt.tensor([5.0])).item()
        5.0
    """
    return _core.logsumexp(x, axes_of(dim), keepdim)


def var_mean(x: Tensor, dim: Axis = None, *, correction: float = 1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """Variance, the sum of squares divided by (count - correction), and mean over axes.

    Example:
        >>> import rutile as rt
        >>> [value.item() for value in rt.var_mean(rt.tensor([1.0, 3.0]))]
        [2.0, 2.0]
    """
    variance = manipulation.var(x, dim, correction=correction, keepdims=keepdim)
    return variance, manipulation.mean(x, dim, keepdims=keepdim)


def std_mean(x: Tensor, dim: Axis = None, *, correction: float = 1, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """Standard deviation, of divisor (count - correction), and mean over axes.

    Example:
        >>> import rutile as rt
        >>> [value.item() for value in rt.std_mean(rt.tensor([1.0, 3.0]), correction=0)]
        [1.0, 2.0]
    """
    variance, mean = var_mean(x, dim, correction=correction, keepdim=keepdim)
    return elementwise.sqrt(variance), mean


def nansum(x: Tensor, dim: Axis = None, keepdim: bool = False) -> Tensor:
    """Sum over axes of the elements that are not NaN.

    Example:
        >>> import rutile as rt
        >>> rt.nansum(rt.tensor([1.0, float("nan")])).item()
        1.0
    """
    return manipulation.sum(_core.select(x == x, x, 0), dim, keepdims=keepdim)


def nanmean(x: Tensor, dim: Axis = None, keepdim: bool = False) -> Tensor:
    """Mean over axes of the elements that are not NaN.

    Example:
        >>> import rutile as rt
        >>> rt.nanmean(rt.tensor([1.0, float("nan")])).item()
        1.0
    """
    return nansum(x, dim, keepdim) / manipulation.sum(x == x, dim, keepdims=keepdim)


def vector_norm(
    x: Tensor,
    /,
    ord: float = 2,
    dim: Axis = None,
    keepdim: bool = False,
    *,
    axis: Axis = None,
    keepdims: bool = False,
) -> Tensor:
    """(Σ |x|^ord)^(1/ord) over axes; ord may be infinite (the greatest), -inf (the least) or 0 (how many).

    The gradient at zero is zero.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.vector_norm(rt.tensor([3.0, 4.0])).item()
        5.0
    """
    axis, keepdims = dim if axis is None else axis, keepdim or keepdims
    size = elementwise.abs(x if x.dtype.kind == "f" else x.astype("float32"))
    if ord == math.inf:
        return amax(size, axis, keepdims)
    if ord == -math.inf:
        return amin(size, axis, keepdims)
    if ord == 0:
        return manipulation.sum((size != 0).astype(size.dtype), axis, keepdims=keepdims)
    if ord == 1:
        return manipulation.sum(size, axis, keepdims=keepdims)
    if ord == 2:
        total = manipulation.sum(x * x, axis, keepdims=keepdims)
        return _root(total, elementwise.sqrt)
    # A power's slope at zero may be infinite: zeros take no part.
    powers = _core.select(size == 0, 0.0, elementwise.pow(_core.select(size == 0, 1.0, size), ord))
    if ord < 0:
        powers = _core.select(size == 0, math.inf, powers)
    return _root(manipulation.sum(powers, axis, keepdims=keepdims), lambda total: elementwise.pow(total, 1.0 / ord))


def _root(total: Tensor, root: object) -> Tensor:
    zero = total == 0
    return _core.select(zero, 0.0, root(_core.select(zero, 1.0, total)))  # type: ignore[operator]


def norm(x: Tensor, p: float | str = 2, dim: Axis = None, keepdim: bool = False) -> Tensor:
    """p-norm of the elements over axes; "fro" is 2, "inf" may be given as a number.

    Example:
        >>> import rutile as rt
        >>> rt.norm(rt.tensor([3.0, 4.0])).item()
        5.0
    """
    if isinstance(p, str):
        if p not in ("fro", "inf"):
            raise ValueError(f'norm needs a number, "fro" or "inf" as p, got {p!r}')
        p = 2 if p == "fro" else math.inf
    return vector_norm(x, axis=dim, keepdims=keepdim, ord=p)


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0) -> Tensor:
    """p-norm distances of the rows of x1 (..., P, M) and x2 (..., R, M): (..., P, R).

    Example:
        >>> import rutile as rt
        >>> rt.cdist(rt.tensor([[0.0, 0.0]]), rt.tensor([[3.0, 4.0]])).tolist()
        [[5.0]]
    """
    if x1.ndim < 2 or x2.ndim < 2 or x1.shape[-1] != x2.shape[-1]:
        raise ShapeError(f"cdist needs rows of one length, (…, P, M) and (…, R, M), got {x1.shape} and {x2.shape}")
    return vector_norm(_core.unsqueeze(x1, -2) - _core.unsqueeze(x2, -3), axis=-1, ord=p)
