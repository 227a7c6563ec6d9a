"""Linear algebra: norms, products and powers of matrices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rutile import elementwise, manipulation
from rutile.errors import ArgumentError, ShapeError
from rutile.functions import arranging
from rutile.functions.arranging import trace
from rutile.functions.products import cross, matrix_power, outer, tensordot, vecdot
from rutile.functions.statistics import vector_norm
from rutile.manipulation import matmul, matrix_transpose

if TYPE_CHECKING:
    from rutile.tensor import Tensor

__all__ = [
    "cross",
    "diagonal",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_transpose",
    "outer",
    "tensordot",
    "trace",
    "vecdot",
    "vector_norm",
]


def matrix_norm(x: Tensor, /, *, keepdims: bool = False, ord: float | str | None = "fro") -> Tensor:
    """Norm of the matrices of the last two axes: "fro" (root of the sum of squares), 1, -1, inf or -inf.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.matrix_norm(rt.tensor([[3.0, 4.0]])).item()
        5.0
    """
    if x.ndim < 2:
        raise ShapeError(f"matrix_norm needs a tensor of at least 2 axes, got {x.shape}")
    if ord in ("fro", None):
        return vector_norm(x, axis=(-2, -1), keepdims=keepdims)
    if ord not in (1, -1, math.inf, -math.inf):
        raise ArgumentError(f'matrix_norm needs ord "fro", 1, -1, inf or -inf, got {ord!r}')
    sums = manipulation.sum(elementwise.abs(x), -2 if abs(float(ord)) == 1 else -1, keepdims=True)
    fold = manipulation.max if float(ord) > 0 else manipulation.min
    return fold(sums, (-2, -1), keepdims=keepdims)


def diagonal(x: Tensor, /, *, offset: int = 0) -> Tensor:
    """A diagonal of the matrices of the last two axes, counted upwards.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.diagonal(rt.tensor([[1, 2], [3, 4]])).tolist()
        [1, 4]
    """
    return arranging.diagonal(x, offset, -2, -1)
