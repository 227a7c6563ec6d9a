"""Systems of linear equations and inverses, for matrices (..., m, n).

They are computed in float64 on the CPU: what another device holds goes there and back. Integers give float32.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rutile import _core, manipulation
from rutile.errors import ArgumentError, ShapeError
from rutile.functions.arranging import broadcast_shapes, moveaxis, normal_axis
from rutile.functions.factors import svdvals, transposed
from rutile.functions.matrices import matrix_rank, symmetric, tolerances

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class InverseAndInfo(NamedTuple):
    """An inverse, and where there is none: 0, or the number, from 1, of the pivot that is zero."""

    inverse: Tensor
    info: Tensor


class LeastSquares(NamedTuple):
    """The solution, sums of squared residuals, the rank and the singular values of the matrix."""

    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


def solve(x1: Tensor, x2: Tensor, /, *, left: bool = True) -> Tensor:
    """X of x1 @ X = x2, or of X @ x1 = x2 if not `left`; x1 (..., n, n), x2 (n) or (..., n, k).

    Raises:
        LinAlgError: a matrix of x1 is singular, when the values are computed; `lstsq` takes those too.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.solve(rt.tensor([[2.0, 1.0], [0.0, 4.0]]), rt.tensor([4.0, 8.0])).tolist()
        [1.0, 2.0]
    """
    return _solution(x1, x2, left, lambda a, b: _core.linalg("solve", [a, b])[0])


def solve_triangular(
    x1: Tensor, x2: Tensor, /, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    """X of x1 @ X = x2, or of X @ x1 = x2 if not `left`, for a triangle x1 (..., n, n); x2 (n) or (..., n, k).

    Of x1, the other triangle is not read, nor if `unitriangular` the diagonal, which then counts as ones. A zero on the
    diagonal gives infinite or NaN elements.

    Example:
        >>> import rutile as rt
        >>> triangle = rt.tensor([[2.0, 1.0], [0.0, 4.0]])
        >>> rt.linalg.solve_triangular(triangle, rt.tensor([[4.0], [8.0]]), upper=True).tolist()
        [[1.0], [2.0]]
    """
    upper = upper if left else not upper
    return _solution(x1, x2, left, lambda a, b: _core.linalg("solve_triangular", [a, b], upper, unitriangular)[0])


def lu_solve(LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False) -> Tensor:
    """X of A @ X = B, of A.mT @ X = B if `adjoint`, or of X @ A = B if not `left`, where `lu_factor(A)` gave LU and pivots.

    Raises:
        LinAlgError: the pivots name rows that there are not, when the values are computed.

    Example:
        >>> import rutile as rt
        >>> LU, pivots = rt.linalg.lu_factor(rt.tensor([[2.0, 1.0], [0.0, 4.0]]))
        >>> rt.linalg.lu_solve(LU, pivots, rt.tensor([[4.0], [8.0]])).tolist()
        [[1.0], [2.0]]
    """
    if not left:
        return lu_solve(LU, pivots, transposed(B), adjoint=not adjoint).mT
    if B.ndim < 2 or LU.ndim < 2 or LU.shape[-1] != LU.shape[-2] or B.shape[-2] != LU.shape[-1]:
        raise ShapeError(
            f"lu_solve needs factors (..., n, n) and a right side (..., n, k), got {LU.shape} and {B.shape}"
        )
    batch = broadcast_shapes(LU.shape[:-2], B.shape[:-2])
    order = _core.linalg("row_order", [pivots.detach()])[0]
    rows = _core.expand(_core.unsqueeze(order, -1), [*batch, B.shape[-2], 1])
    right = _core.expand(B, [*batch, *B.shape[-2:]])
    if not adjoint:
        permuted = _core.take_along_axis(right, rows, -2)
        lower = solve_triangular(LU, permuted, upper=False, unitriangular=True)
        return solve_triangular(LU, lower, upper=True)
    lower = solve_triangular(LU.mT, right, upper=False)
    permuted = solve_triangular(LU.mT, lower, upper=True, unitriangular=True)
    return _core.take_along_axis(permuted, _core.argsort(rows, -2, False), -2)


def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """X of A @ X = B, where A = L @ L.mT, or with `upper` A = L.mT @ L; B (..., n, k), L (..., n, n).

    Example:
        >>> import rutile as rt
        >>> rt.cholesky_solve(rt.tensor([[8.0], [9.0]]), rt.tensor([[2.0, 0.0], [1.0, 2.0]])).tolist()
        [[1.375], [1.25]]
    """
    lower, higher = (transposed(L), L) if upper else (L, transposed(L))
    return solve_triangular(higher, solve_triangular(lower, B, upper=False), upper=True)


def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """The inverse of L @ L.mT, or with `upper` of L.mT @ L, given L (..., n, n).

    Example:
        >>> import rutile as rt
        >>> rt.cholesky_inverse(rt.tensor([[2.0]])).tolist()
        [[0.25]]
    """
    numbers = _core.iota(L.shape[-1], L.device)
    return cholesky_solve((_core.unsqueeze(numbers, 1) == numbers).astype(L.dtype), L, upper)


def inv(x: Tensor, /) -> Tensor:
    """The inverses of matrices x (..., n, n). To solve a system, `solve` is faster and more precise.

    Raises:
        LinAlgError: a matrix is singular, when the values are computed; `inv_ex` goes on, and `pinv` takes those too.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.inv(rt.tensor([[2.0, 1.0], [0.0, 4.0]])).tolist()
        [[0.5, -0.125], [0.0, 0.25]]
    """
    return _core.linalg("inv", [x])[0]


def inv_ex(x: Tensor, /, *, check_errors: bool = False) -> InverseAndInfo:
    """As `inv`, with infinity and the number, from 1, of the first pivot that is zero where there is no inverse.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.inv_ex(rt.tensor([[1.0, 2.0], [2.0, 4.0]])).info.item()
        2
    """
    inverse, info = _core.linalg("inv" if check_errors else "inv_ex", [x])
    return InverseAndInfo(inverse, info.detach().astype("int32"))


def pinv(
    x: Tensor,
    /,
    rcond: Any = None,
    hermitian: bool = False,
    *,
    atol: Tensor | float | None = None,
    rtol: Tensor | float | None = None,
) -> Tensor:
    """The pseudo-inverses (..., n, m), by Moore and Penrose, of matrices x (..., m, n).

    Singular values count as zero up to the greater of `atol` and `rtol` times the greatest one. Where neither is given,
    `rtol` is max(m, n) times the precision of the dtype; `rcond` is another name of it. `hermitian`: only the lower triangle
    is read. The gradient is that for matrices of the same rank (Golub and Pereyra, 1973).

    Example:
        >>> import rutile as rt
        >>> rt.linalg.pinv(rt.tensor([[2.0, 0.0], [0.0, 4.0], [0.0, 0.0]])).tolist()
        [[0.5, 0.0, 0.0], [0.0, 0.25, 0.0]]
    """
    x = symmetric(x) if hermitian else x
    return _core.linalg("pinv", [x, *tolerances("pinv", x, atol, rcond if rtol is None else rtol)])[0]


def pinverse(x: Tensor, rcond: float = 1e-15) -> Tensor:
    """The pseudo-inverse; see `rutile.linalg.pinv`.

    Example:
        >>> import rutile as rt
        >>> rt.pinverse(rt.tensor([[2.0], [0.0]])).tolist()
        [[0.5, 0.0]]
    """
    return pinv(x, rcond)


def lstsq(A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None) -> LeastSquares:
    """The smallest X of the least sum of squares of A @ X - B; A (..., m, n), B (m) or (..., m, k).

    Singular values up to `rcond` times the greatest one count as zero, by default max(m, n) times the precision of the dtype.
    The residuals are the sums of squares, (..., k), of columns where m > n, else empty. Any `driver` of PyTorch's is taken:
    all mean this.

    Example:
        >>> import rutile as rt
        >>> points = rt.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
        >>> solution = rt.linalg.lstsq(points, rt.tensor([1.0, 3.0, 5.0])).solution
        >>> rt.allclose(solution, rt.tensor([1.0, 2.0]), atol=1e-5)
        True
    """
    if driver not in (None, "gels", "gelsy", "gelsd", "gelss"):
        raise ArgumentError(f'lstsq needs driver "gels", "gelsy", "gelsd" or "gelss", got {driver!r}')
    if A.ndim < 2 or B.ndim < 1 or B.shape[max(-2, -B.ndim)] != A.shape[-2]:
        raise ShapeError(f"lstsq needs matrices (..., m, n) and a right side of m rows, got {A.shape} and {B.shape}")
    vector = B.ndim == 1
    right = _core.unsqueeze(B, 1) if vector else B
    solution = _core.matmul(pinv(A, rcond), right)
    if A.shape[-2] > A.shape[-1]:
        rest = _core.matmul(A, solution) - right
        residuals = manipulation.sum(rest * rest, -2)
    else:
        residuals = _core.full([0], 0.0, solution.dtype_name, A.device)
    solution = solution.squeeze(-1) if vector else solution
    return LeastSquares(solution, residuals, matrix_rank(A, rtol=rcond), svdvals(A))


def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse of A under `tensordot(..., ind)`; the sizes of the first `ind` axes and of the others multiply to the same.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.tensorinv(rt.diag(rt.ones((4,))).reshape(2, 2, 4)).shape
        (4, 2, 2)
    """
    if not 0 < ind < A.ndim or math.prod(A.shape[:ind]) != math.prod(A.shape[ind:]):
        raise ShapeError(f"tensorinv needs axes of equal products before and after ind={ind}, got {A.shape}")
    n = math.prod(A.shape[:ind])
    return inv(A.reshape(n, n)).reshape(*A.shape[ind:], *A.shape[:ind])


def tensorsolve(A: Tensor, B: Tensor, dims: Sequence[int] | None = None) -> Tensor:
    """X of tensordot(A, X, X.ndim) = B; the axes `dims` of A are first moved to its end.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.tensorsolve(rt.diag(rt.ones((4,))).reshape(2, 2, 4), rt.ones((2, 2))).tolist()
        [1.0, 1.0, 1.0, 1.0]
    """
    if dims is not None:
        axes = [normal_axis("tensorsolve", axis, A.ndim) for axis in dims]
        A = moveaxis(A, axes, list(range(A.ndim - len(axes), A.ndim)))
    shape = A.shape[B.ndim :]
    if A.shape[: B.ndim] != B.shape or math.prod(shape) != B.size:
        raise ShapeError(
            f"tensorsolve needs A of shape B.shape + X.shape, both of as many elements, got {A.shape}, {B.shape}"
        )
    return solve(A.reshape(B.size, B.size), B.reshape(B.size)).reshape(*shape)


def _solution(a: Tensor, b: Tensor, left: bool, routine: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """What the routine gives for a right side that may be a vector; many right sides of one matrix are columns of one."""
    if not left:
        return transposed(_solution(transposed(a), transposed(b), True, routine))
    if b.ndim == 1:
        return routine(a, _core.unsqueeze(b, 1)).squeeze(-1)
    if a.ndim != 2 or b.ndim < 3:
        return routine(a, b)
    rows = moveaxis(b, -2, 0)
    return moveaxis(routine(a, rows.reshape(rows.shape[0], math.prod(rows.shape[1:]))).reshape(*rows.shape), 0, -2)
