"""Running folds along an axis, and differences of neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.errors import ArgumentError
from rutile.functions.arranging import along, concat, normal_axis
from rutile.functions.choosing import ValuesAndIndices
from rutile.functions.special import logaddexp

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def cumsum(x: Tensor, dim: int | None = None, *, axis: int | None = None, dtype: Any = None) -> Tensor:
    """Sums of the elements up to each one along an axis, named `dim` or `axis`, in `dtype` if it is given.

    Example:
        >>> import rutile as rt
        >>> rt.cumsum(rt.tensor([1, 2, 3]), 0).tolist()
        [1, 3, 6]
    """
    return _cumulative("sum", 0, x, dim if axis is None else axis, dtype)


def cumulative_sum(
    x: Tensor, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False
) -> Tensor:
    """`cumsum` under the array API's name, in `dtype` if it is given; `include_initial` puts a zero in front.

    Example:
        >>> import rutile as rt
        >>> rt.cumulative_sum(rt.tensor([1, 2]), include_initial=True).tolist()
        [0, 1, 3]
    """
    return _cumulative("sum", 0, x, axis, dtype, include_initial)


def cumprod(x: Tensor, dim: int | None = None, *, axis: int | None = None, dtype: Any = None) -> Tensor:
    """Products of the elements up to each one along an axis, named `dim` or `axis`, in `dtype` if it is given.

    Example:
        >>> import rutile as rt
        >>> rt.cumprod(rt.tensor([1, 2, 3]), 0).tolist()
        [1, 2, 6]
    """
    return _cumulative("prod", 1, x, dim if axis is None else axis, dtype)


def cumulative_prod(
    x: Tensor, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False
) -> Tensor:
    """`cumprod` under the array API's name, in `dtype` if it is given; `include_initial` puts a one in front.

    Example:
        >>> import rutile as rt
        >>> rt.cumulative_prod(rt.tensor([2, 3])).tolist()
        [2, 6]
    """
    return _cumulative("prod", 1, x, axis, dtype, include_initial)


def _cumulative(
    fold: str, neutral: int, x: Tensor, axis: int | None, dtype: Any, include_initial: bool = False
) -> Tensor:
    if axis is None:
        if x.ndim != 1:
            raise ArgumentError(f"a cumulative fold needs an axis for a tensor of {x.ndim} axes, got None")
        axis = 0
    axis = normal_axis("a cumulative fold", axis, x.ndim)
    result = _core.cumulate(fold, x if dtype is None else x.astype(dtype), axis)
    result = result if dtype is None else result.astype(dtype)
    if not include_initial:
        return result
    shape = list(x.shape)
    shape[axis] = 1
    return concat([_core.full(shape, neutral, result.dtype_name, x.device), result], axis=axis)


def logcumsumexp(x: Tensor, dim: int) -> Tensor:
    """Logarithms of the sums of exp of the elements up to each one along an axis, without overflow.

    Example:
        >>> import rutile as rt
        >>> rt.logcumsumexp(rt.tensor([5.0]), 0).tolist()
        [5.0]
    """
    axis, reach = normal_axis("logcumsumexp", dim, x.ndim), 1
    # In log2(n) steps, each of which joins every element with the one 1, 2, 4, ... before it.
    while reach < x.shape[axis]:
        padding = [(0, 0)] * x.ndim
        padding[axis] = (reach, -reach)
        x = logaddexp(_core.pad(x, padding, float("-inf")), x)
        reach *= 2
    return x


def cummax(x: Tensor, dim: int) -> ValuesAndIndices:
    """The greatest of the elements up to each one along an axis, and the last position of it.

    Example:
        >>> import rutile as rt
        >>> rt.cummax(rt.tensor([1.0, 3.0, 2.0]), 0).values.tolist()
        [1.0, 3.0, 3.0]
    """
    return _running("max", x, dim)


def cummin(x: Tensor, dim: int) -> ValuesAndIndices:
    """The least of the elements up to each one along an axis, and the last position of it.

    Example:
        >>> import rutile as rt
        >>> rt.cummin(rt.tensor([3.0, 1.0, 2.0]), 0).values.tolist()
        [3.0, 1.0, 1.0]
    """
    return _running("min", x, dim)


def _running(fold: str, x: Tensor, dim: int) -> ValuesAndIndices:
    axis = normal_axis(f"cum{fold}", dim, x.ndim)
    best, plain = _core.cumulate(fold, x, axis), x.detach()
    line = [1] * x.ndim
    line[axis] = x.shape[axis]
    numbers = _core.reshape(_core.iota(x.shape[axis], x.device), line)
    here = (plain == best.detach()) | (plain != plain)
    positions = _core.cumulate("max", _core.expand(_core.select(here, numbers, 0), list(x.shape)), axis)
    return ValuesAndIndices(best, positions)


def diff(
    x: Tensor,
    /,
    n: int = 1,
    axis: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    dim: int | None = None,
) -> Tensor:
    """Differences of neighbours along an axis (`dim` in PyTorch), n times over.

    Example:
        >>> import rutile as rt
        >>> rt.diff(rt.tensor([1, 4, 9])).tolist()
        [3, 5]
    """
    if n < 0:
        raise ArgumentError(f"diff needs n of at least 0, got {n}")
    axis = normal_axis("diff", axis if dim is None else dim, x.ndim)
    parts = [part for part in (prepend, x, append) if part is not None]
    x = concat(parts, axis=axis) if len(parts) > 1 else x
    for _ in range(n):
        after, before = x[along(axis, slice(1, None))], x[along(axis, slice(0, -1))]
        x = after != before if x.dtype_name == "bool" else after - before
    return x
