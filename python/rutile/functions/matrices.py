"""Numbers that matrices (..., m, n) have: determinants, norms, ranks; and products and powers of them.

Determinants, singular values and the exponential are computed in float64 on the CPU: what another device holds goes there
and back. Integers give float32.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rutile import _core, elementwise, manipulation
from rutile.errors import ArgumentError, ShapeError
from rutile.functions._operands import as_float
from rutile.functions.arranging import moveaxis, normal_axis, tril
from rutile.functions.factors import svdvals
from rutile.functions.statistics import amax, amin, vector_norm

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_DIGITS = {"float64": 52, "float32": 23, "float16": 10, "bfloat16": 7}


class SignAndLogarithm(NamedTuple):
    """The sign of a determinant, and the logarithm of its size."""

    sign: Tensor
    logabsdet: Tensor


def det(x: Tensor, /) -> Tensor:
    """Determinants (...) of matrices x (..., n, n). A singular matrix has a gradient too, but no second one.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.det(rt.tensor([[1.0, 2.0], [3.0, 4.0]])).item()
        -2.0
    """
    return _core.linalg("det", [x])[0]


def slogdet(x: Tensor, /) -> SignAndLogarithm:
    """Sign and logarithm of the size of the determinants of matrices x (..., n, n); 0 and -inf of singular ones.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.slogdet(rt.tensor([[0.0, 1.0], [1.0, 0.0]])).sign.item()
        -1.0
    """
    sign, logarithm = _core.linalg("slogdet", [x])
    return SignAndLogarithm(sign.detach(), logarithm)


def logdet(x: Tensor, /) -> Tensor:
    """Logarithms (...) of the determinants of matrices x (..., n, n); NaN of negative ones.

    Example:
        >>> import rutile as rt
        >>> rt.logdet(rt.tensor([[1.0, 0.0], [0.0, 1.0]])).item()
        0.0
    """
    sign, logarithm = slogdet(x)
    return _core.select(sign < 0, math.nan, logarithm)


def matrix_rank(
    x: Tensor,
    /,
    tol: Any = None,
    hermitian: bool = False,
    *,
    atol: Tensor | float | None = None,
    rtol: Tensor | float | None = None,
) -> Tensor:
    """How many singular values of matrices x (..., m, n) are greater than `atol` and than `rtol` times the greatest; int32.

    Where neither is given, `rtol` is max(m, n) times the precision of the dtype; `tol` is another name of `atol`. `hermitian`:
    only the lower triangle is read.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.matrix_rank(rt.tensor([[1.0, 2.0], [2.0, 4.0]])).item()
        1
    """
    x = symmetric(x) if hermitian else x
    absolute, relative = tolerances("matrix_rank", x, tol if atol is None else atol, rtol)
    values = svdvals(x.detach())
    if not values.shape[-1]:
        return _core.full(list(values.shape[:-1]), 0, "int32", x.device)
    least = elementwise.maximum(absolute, relative * values[..., 0])
    return manipulation.sum(values > _core.unsqueeze(least, -1), -1)


def matrix_norm(
    x: Tensor,
    /,
    ord: float | str | None = "fro",
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    keepdims: bool = False,
) -> Tensor:
    """Norm of the matrices of two axes, by default the last two.

    `ord` "fro" is the root of the sum of squares, "nuc" the sum of the singular values, 2 and -2 their greatest and least,
    1 and -1 the greatest and least sum of a column's sizes, inf and -inf those of a row's.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.matrix_norm(rt.tensor([[3.0, 4.0]])).item()
        5.0
    """
    if x.ndim < 2 or len(dim) != 2:
        raise ShapeError(f"matrix_norm needs a tensor of at least 2 axes, two of them in dim, got {x.shape} and {dim}")
    rows, columns = (normal_axis("matrix_norm", axis, x.ndim) for axis in dim)
    if rows == columns:
        raise ArgumentError(f"matrix_norm needs two different axes, got dim={tuple(dim)}")
    result = _norm(moveaxis(as_float(x), (rows, columns), (-2, -1)), "fro" if ord is None else ord)
    for axis in sorted((rows, columns)) if keepdim or keepdims else ():
        result = _core.unsqueeze(result, axis)
    return result


def _norm(x: Tensor, ord: float | str) -> Tensor:
    if ord == "fro":
        return vector_norm(x, axis=(-2, -1))
    if ord == "nuc":
        return manipulation.sum(svdvals(x), -1)
    if ord not in (1, -1, 2, -2, math.inf, -math.inf):
        raise ArgumentError(f'matrix_norm needs ord "fro", "nuc", 1, -1, 2, -2, inf or -inf, got {ord!r}')
    if abs(float(ord)) == 2:
        values = svdvals(x)
    else:
        values = manipulation.sum(elementwise.abs(x), -2 if abs(float(ord)) == 1 else -1)
    return (amax if float(ord) > 0 else amin)(values, -1)


def norm(x: Tensor, ord: float | str | None = None, dim: Any = None, keepdim: bool = False) -> Tensor:
    """A norm of vectors if `dim` is one axis, of matrices if it is two: see `vector_norm` and `matrix_norm` for `ord`.

    Without `ord`, the root of the sum of squares over the axes of `dim`, or over all. Without `dim` alone, x is a vector or a
    matrix. `rutile.norm` is another function, with PyTorch's arguments.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.norm(rt.tensor([[3.0, 0.0], [0.0, 4.0]]), "nuc").item()
        7.0
    """
    if ord is None:
        return vector_norm(x, axis=dim, keepdims=keepdim)
    if dim is None and x.ndim not in (1, 2):
        raise ShapeError(f"norm needs a vector, a matrix or dim, got shape {x.shape}: pass the axes as dim")
    axes = tuple(range(x.ndim)) if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    if len(axes) == 2:
        return matrix_norm(x, ord, axes, keepdim)
    if isinstance(ord, str):
        raise ArgumentError(f"norm needs a number as ord for vectors, got {ord!r}")
    return vector_norm(x, axis=axes, keepdims=keepdim, ord=ord)


def cond(x: Tensor, p: float | str | None = None) -> Tensor:
    """Condition numbers (...) of matrices: the greatest singular value over the least, of p 2 and None; their quotient
    the other way round of -2; of others, the norm times that of the inverse, infinite where there is none.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.cond(rt.tensor([[2.0, 0.0], [0.0, 4.0]])).item()
        2.0
    """
    if p in (None, 2, -2):
        values = svdvals(x)
        greatest, least = values[..., 0], values[..., -1]
        return least / greatest if p == -2 else greatest / least
    return matrix_norm(x, p) * matrix_norm(_core.linalg("inv_ex", [x])[0], p)


def matrix_exp(x: Tensor, /) -> Tensor:
    """e to the power of matrices x (..., n, n), the sum of x^k / k! (Higham, 2005).

    Example:
        >>> import rutile as rt
        >>> rt.linalg.matrix_exp(rt.tensor([[0.0, 1.0], [0.0, 0.0]])).tolist()
        [[1.0, 1.0], [0.0, 1.0]]
    """
    return _core.linalg("matrix_exp", [x])[0]


def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of matrices: `linalg.multi_dot` of its arguments.

    Example:
        >>> import rutile as rt
        >>> rt.chain_matmul(rt.ones((1, 2)), rt.ones((2, 3))).tolist()
        [[2.0, 2.0, 2.0]]
    """
    return matrices[0] if len(matrices) == 1 else multi_dot(matrices)


def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of two or more matrices, multiplied in the order that takes the fewest operations.

    The first may be a vector, a row, and the last one a column.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.multi_dot([rt.ones((1, 2)), rt.ones((2, 3)), rt.ones((3,))]).tolist()
        [6.0]
    """
    count = len(tensors)
    inner = all(x.ndim == 2 for x in tensors[1:-1])
    if count < 2 or not inner or any(x.ndim not in (1, 2) for x in tensors):
        shapes = ", ".join(str(x.shape) for x in tensors)
        raise ShapeError(f"multi_dot needs at least two matrices, the first and the last maybe vectors, got {shapes}")
    first, last = tensors[0], tensors[-1]
    matrices = list(tensors)
    matrices[0] = _core.unsqueeze(first, 0) if first.ndim == 1 else first
    matrices[-1] = _core.unsqueeze(last, 1) if last.ndim == 1 else last
    sizes = [x.shape[0] for x in matrices] + [matrices[-1].shape[1]]
    # The cheapest way to multiply matrices i to j, by the place of the last product.
    cost = {(i, i): (0, i) for i in range(count)}
    for span in range(1, count):
        for i in range(count - span):
            j = i + span
            ways = (
                (cost[i, k][0] + cost[k + 1, j][0] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)
            )
            cost[i, j] = min(ways)

    def product(i: int, j: int) -> Tensor:
        if i == j:
            return matrices[i]
        k = cost[i, j][1]
        return _core.matmul(product(i, k), product(k + 1, j))

    result = product(0, count - 1)
    result = result.squeeze(-1) if last.ndim == 1 else result
    return result.squeeze(0) if first.ndim == 1 else result


def symmetric(x: Tensor) -> Tensor:
    """The symmetric matrix whose lower triangle x has."""
    return tril(x) + tril(x, k=-1).mT


def tolerances(function: str, x: Tensor, atol: Any, rtol: Any) -> tuple[Tensor, Tensor]:
    """Both as tensors; relative by default to the sizes and precision of x unless an absolute one is given."""
    if x.ndim < 2:
        raise ShapeError(f"{function} needs matrices, (..., m, n), got {x.shape}")
    x = as_float(x)
    if rtol is None:
        rtol = max(x.shape[-2:]) * 2.0 ** -_DIGITS[x.dtype_name] if atol is None else 0.0

    def tensor(value: Any) -> Tensor:
        if isinstance(value, _core.TensorBase):
            return value.detach()  # pyright: ignore[reportAttributeAccessIssue]
        return _core.full([], value, x.dtype_name, x.device)

    return tensor(0.0 if atol is None else atol), tensor(rtol)
