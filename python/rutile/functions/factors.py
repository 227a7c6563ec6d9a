"""Factors of matrices (..., m, n): triangles, orthonormal columns, eigenvalues and singular values.

They are computed in float64 on the CPU: what another device holds goes there and back. Integers give float32. Gradients
follow PyTorch's conventions, and exist to any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rutile import _core
from rutile.errors import ArgumentError
from rutile.functions.arranging import tril, triu

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class CholeskyAndInfo(NamedTuple):
    """A Cholesky factor, and where it could not be made: 0, or the order of the leading minor that is not positive."""

    L: Tensor
    info: Tensor


class QR(NamedTuple):
    """Orthonormal columns and an upper triangle."""

    Q: Tensor
    R: Tensor


class Eigen(NamedTuple):
    """Eigenvalues in ascending order, and eigenvectors as columns."""

    eigenvalues: Tensor
    eigenvectors: Tensor


class SVD(NamedTuple):
    """Left singular vectors as columns, singular values in descending order, right singular vectors as rows."""

    U: Tensor
    S: Tensor
    Vh: Tensor


class PackedLU(NamedTuple):
    """L below the diagonal, where it has ones, and U; and the row, from 1, that each row was exchanged with in turn."""

    LU: Tensor
    pivots: Tensor


class LU(NamedTuple):
    """A permutation matrix, a lower triangle with ones on its diagonal, and an upper triangle."""

    P: Tensor
    L: Tensor
    U: Tensor


def cholesky(x: Tensor, /, upper: bool = False) -> Tensor:
    """The lower triangle L of x = L @ L.mT, or with `upper` the upper one U of x = U.mT @ U.

    x (..., n, n) is symmetric and positive definite; the other triangle of it is not read.

    Raises:
        LinAlgError: x is not positive definite, when the values are computed; `cholesky_ex` goes on.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.cholesky(rt.tensor([[4.0, 2.0], [2.0, 5.0]])).tolist()
        [[2.0, 0.0], [1.0, 2.0]]
    """
    return _factored("cholesky", x, upper).L


def cholesky_ex(x: Tensor, /, *, upper: bool = False, check_errors: bool = False) -> CholeskyAndInfo:
    """As `cholesky`, with NaN and the order of the first leading minor that is not positive where there is no factor.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.cholesky_ex(rt.tensor([[4.0, 2.0], [2.0, 5.0]])).info.item()
        0
    """
    return _factored("cholesky" if check_errors else "cholesky_ex", x, upper)


def _factored(routine: str, x: Tensor, upper: bool) -> CholeskyAndInfo:
    factor, info = _core.linalg(routine, [transposed(x) if upper else x])
    return CholeskyAndInfo(factor.mT if upper else factor, info.detach().astype("int32"))


def qr(x: Tensor, /, mode: str = "reduced") -> QR:
    """Q with orthonormal columns and the upper triangle R of x = Q @ R, x (..., m, n).

    Q is (..., m, k) and R (..., k, n), with k = min(m, n), or m with mode "complete"; mode "r" gives an empty Q.
    There is a gradient where the first k columns of x are independent; not of "complete" with m > n.

    Example:
        >>> import rutile as rt
        >>> Q, R = rt.linalg.qr(rt.tensor([[3.0, 1.0], [4.0, 2.0], [0.0, 2.0]]))
        >>> rt.allclose(Q @ R, rt.tensor([[3.0, 1.0], [4.0, 2.0], [0.0, 2.0]]), atol=1e-6)
        True
    """
    if mode not in ("reduced", "complete", "r"):
        raise ArgumentError(f'qr needs mode="reduced", "complete" or "r", got {mode!r}')
    q, r = _core.linalg("qr", [x], mode == "complete")
    return QR(q[..., :0, :0], r) if mode == "r" else QR(q, r)


def eigh(x: Tensor, /, UPLO: str = "L") -> Eigen:
    """Eigenvalues (..., n), ascending, and eigenvectors (..., n, n), as columns, of symmetric matrices x (..., n, n).

    One triangle of x is read: the lower one with UPLO "L", the upper one with "U". Of each vector's elements after the
    first, the greatest in size is positive. The gradient of the vectors is that of functions of them which do not depend
    on how they are chosen; it needs eigenvalues that differ.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.eigh(rt.tensor([[2.0, 1.0], [1.0, 2.0]])).eigenvalues.tolist()
        [1.0, 3.0]
    """
    return Eigen(*_core.linalg("eigh", [_half(x, UPLO)]))


def eigvalsh(x: Tensor, /, UPLO: str = "L") -> Tensor:
    """Eigenvalues (..., n), ascending, of symmetric matrices x (..., n, n), of which one triangle is read; see `eigh`.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.eigvalsh(rt.tensor([[2.0, 1.0], [1.0, 2.0]])).tolist()
        [1.0, 3.0]
    """
    return _core.linalg("eigvalsh", [_half(x, UPLO)])[0]


def _half(x: Tensor, triangle: str) -> Tensor:
    if triangle not in ("L", "U"):
        raise ArgumentError(f'eigh needs UPLO="L" or "U", got {triangle!r}')
    return x if triangle == "L" else transposed(x)


def svd(x: Tensor, /, full_matrices: bool = True) -> SVD:
    """Singular values S (..., k), descending, and vectors U and Vh of x = U @ diag(S) @ Vh, x (..., m, n), k = min(m, n).

    U is (..., m, m) and Vh (..., n, n), or without `full_matrices` (..., m, k) and (..., k, n). The gradient needs singular
    values that differ; vectors beyond the first k have none.

    Example:
        >>> import rutile as rt
        >>> U, S, Vh = rt.linalg.svd(rt.tensor([[3.0, 0.5], [1.0, 2.0]]))
        >>> rt.allclose(U * S @ Vh, rt.tensor([[3.0, 0.5], [1.0, 2.0]]), atol=1e-6)
        True
    """
    return SVD(*_core.linalg("svd", [x], full_matrices))


def svdvals(x: Tensor, /) -> Tensor:
    """Singular values (..., k), descending, of matrices x (..., m, n), k = min(m, n).

    Example:
        >>> import rutile as rt
        >>> rt.linalg.svdvals(rt.tensor([[0.0, 2.0], [3.0, 0.0]])).tolist()
        [3.0, 2.0]
    """
    return _core.linalg("svdvals", [x])[0]


def lu_factor(x: Tensor, /, *, pivot: bool = True) -> PackedLU:
    """L and U of P.mT @ x = L @ U in one matrix, and LAPACK's pivots, for `lu_solve`; x (..., m, n).

    Example:
        >>> import rutile as rt
        >>> rt.linalg.lu_factor(rt.tensor([[1.0, 2.0], [2.0, 2.0]])).LU.tolist()
        [[2.0, 2.0], [0.5, 1.0]]
    """
    packed, pivots, _ = _packed("lu_factor", x, pivot)
    return PackedLU(packed, pivots.detach().astype("int32"))


def lu(x: Tensor, /, *, pivot: bool = True) -> LU:
    """P, a permutation of rows, L with ones on its diagonal, and U of x = P @ L @ U, found with partial pivoting.

    x (..., m, n) gives P (..., m, m), L (..., m, k) and U (..., k, n), k = min(m, n).

    Example:
        >>> import rutile as rt
        >>> [factor.tolist() for factor in rt.linalg.lu(rt.tensor([[1.0, 2.0], [2.0, 2.0]]))]
        [[[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.5, 1.0]], [[2.0, 2.0], [0.0, 1.0]]]
    """
    packed, _, order = _packed("lu", x, pivot)
    m, n = packed.shape[-2:]
    k = min(m, n)
    rows = _core.unsqueeze(_core.iota(m, x.device), 1)
    permutation = _core.unsqueeze(order.detach(), -2) == rows
    lower = _core.select(_core.iota(k, x.device) == rows, 1.0, tril(packed[..., :k], k=-1))
    return LU(permutation.astype(packed.dtype), lower, triu(packed[..., :k, :]))


def _packed(function: str, x: Tensor, pivot: bool) -> list[Tensor]:
    if not pivot:
        raise ArgumentError(f"{function} needs pivot=True, got False: without pivoting, small pivots spoil the result")
    return _core.linalg("lu", [x])


def transposed(x: Tensor) -> Tensor:
    """x with its last two axes exchanged, if it has two."""
    return x.mT if x.ndim > 1 else x
