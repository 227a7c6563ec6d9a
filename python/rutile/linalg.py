"""Linear algebra: the array API's extension of that name, and PyTorch's further functions.

Factors, solutions and determinants are computed in float64 on the CPU: what another device holds goes there and back. A
matrix that has none raises `LinAlgError` when the values are computed, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rutile.errors import LinAlgError
from rutile.functions import arranging
from rutile.functions.arranging import trace
from rutile.functions.factors import (
    cholesky,
    cholesky_ex,
    eigh,
    eigvalsh,
    lu,
    lu_factor,
    qr,
    svd,
    svdvals,
)
from rutile.functions.matrices import (
    cond,
    det,
    matrix_exp,
    matrix_norm,
    matrix_rank,
    multi_dot,
    norm,
    slogdet,
)
from rutile.functions.products import cross, matrix_power, outer, tensordot, vecdot
from rutile.functions.statistics import vector_norm
from rutile.functions.systems import (
    inv,
    inv_ex,
    lstsq,
    lu_solve,
    pinv,
    solve,
    solve_triangular,
    tensorinv,
    tensorsolve,
)
from rutile.manipulation import matmul, matrix_transpose

if TYPE_CHECKING:
    from rutile.tensor import Tensor

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eigh",
    "eigvalsh",
    "inv",
    "inv_ex",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "multi_dot",
    "norm",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensordot",
    "tensorinv",
    "tensorsolve",
    "trace",
    "vecdot",
    "vector_norm",
]


def diagonal(x: Tensor, /, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The elements of matrices x (..., m, n) whose column and row numbers differ by `offset`: (..., k).

    `dim1` and `dim2` are the matrices' axes; `rutile.diagonal` is PyTorch's, of the first two axes.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.diagonal(rt.tensor([[[1, 2], [3, 4]]])).tolist()
        [[1, 4]]
    """
    return arranging.diagonal(x, offset, dim1, dim2)


def __getattr__(name: str) -> Any:
    if name in ("eig", "eigvals"):
        text = (
            f"rutile.linalg has no {name}, whose results are complex: use eigh or eigvalsh if the matrix is symmetric"
        )
        raise AttributeError(text)
    raise AttributeError(f"module 'rutile.linalg' has no attribute {name!r}")
