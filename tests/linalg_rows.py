"""Calls of linear algebra beside what NumPy and SciPy say: name, (rutile's, theirs, shapes).

Where vectors may be chosen in several ways, a row calls a function that does not depend on the choice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

import rutile as rt

Array = np.ndarray[Any, Any]
L = rt.linalg


def definite(x: Any) -> Any:
    """Symmetric positive-definite matrices of either library, made of any (..., n, n)."""
    return x @ x.mT + shifted(x * 0.0)


def shifted(x: Any) -> Any:
    """Matrices far from singular ones: 3, 4, ... are added to the diagonal."""
    n = x.shape[-1]
    ramp = np.diag(np.arange(3.0, 3.0 + n))
    return x + (rt.tensor(ramp, device=x.device) if isinstance(x, rt.Tensor) else ramp)


def chosen(vectors: Array) -> Array:
    """Eigenvectors as rutile signs them."""
    lower = vectors[..., 1:, :]
    greatest = np.take_along_axis(lower, np.abs(lower).argmax(-2)[..., None, :], -2)
    return vectors * np.sign(greatest)


def by_vectors(left: Any, values: Any, right: Any) -> Any:
    """What a spectral decomposition is made for: a function of the values, beside one that weights the vectors."""
    weights = np.arange(1.0, 1.0 + values.shape[-1])
    weight = rt.tensor(weights, device=values.device) if isinstance(values, rt.Tensor) else weights
    return (left * values[..., None, :] ** 2) @ right, (left * weight) @ left.mT, (right.mT * weight) @ right


def _svd(part: int, full: bool = False) -> tuple[Callable[..., rt.Tensor], Callable[..., Array]]:
    """A part of `by_vectors`, of singular vectors."""

    def call(x: rt.Tensor) -> rt.Tensor:
        u, s, vt = L.svd(x, full_matrices=full)
        k = s.shape[-1]
        return by_vectors(u[..., :k], s, vt[..., :k, :])[part]

    def reference(x: Array) -> Array:
        return by_vectors(*np.linalg.svd(x, full_matrices=False))[part]

    return call, reference


def _of_lu(part: int) -> tuple[Callable[..., rt.Tensor], Callable[..., Array]]:
    return lambda x: L.lu(x)[part], lambda x: scipy.linalg.lu(x)[part]


def _of_qr(part: int, mode: Any = "reduced") -> tuple[Callable[..., rt.Tensor], Callable[..., Array]]:
    return lambda x: L.qr(x, mode=mode)[part], lambda x: np.linalg.qr(x, mode)[part]


def _norm(order: Any) -> tuple[Callable[..., rt.Tensor], Callable[..., Array]]:
    return lambda x: L.matrix_norm(x, ord=order), lambda x: np.linalg.norm(x, order, (-2, -1))


def _lu_solve(**options: Any) -> Callable[..., rt.Tensor]:
    return lambda x, y: L.lu_solve(*L.lu_factor(shifted(x)), y, **options)


def _lower_solve(x: Array, y: Array) -> Array:
    return np.linalg.solve(np.tril(shifted(x)), y)


def _lstsq(x: Array, y: Array) -> Array:
    return np.linalg.lstsq(x, y, None)[0]


LINALG: dict[str, tuple[Callable[..., rt.Tensor], Callable[..., Any], list[tuple[int, ...]]]] = {
    "cholesky": (lambda x: L.cholesky(definite(x)), lambda x: np.linalg.cholesky(definite(x)), [(2, 3, 3)]),
    "cholesky-upper": (
        lambda x: L.cholesky(definite(x), upper=True),
        lambda x: np.linalg.cholesky(definite(x)).mT,
        [(3, 3)],
    ),
    "qr-q": (*_of_qr(0), [(2, 4, 3)]),
    "qr-r": (*_of_qr(1), [(4, 3)]),
    "qr-wide-q": (*_of_qr(0), [(2, 4)]),
    "qr-wide-r": (*_of_qr(1, "complete"), [(2, 4)]),
    "eigh-values": (
        lambda x: L.eigh(definite(x)).eigenvalues,
        lambda x: np.linalg.eigh(definite(x))[0],
        [(2, 3, 3)],
    ),
    "eigh-vectors": (
        lambda x: L.eigh(definite(x), UPLO="U").eigenvectors,
        lambda x: chosen(np.linalg.eigh(definite(x))[1]),
        [(2, 3, 3)],
    ),
    "eigvalsh": (lambda x: L.eigvalsh(definite(x)), lambda x: np.linalg.eigvalsh(definite(x)), [(3, 3)]),
    "svd-function": (*_svd(0), [(2, 3, 3)]),
    "svd-left": (*_svd(1), [(4, 2)]),
    "svd-right": (*_svd(2), [(2, 4)]),
    "svd-full": (*_svd(0, True), [(3, 2)]),
    "svdvals": (L.svdvals, lambda x: np.linalg.svd(x, compute_uv=False), [(2, 3, 4)]),
    "lu-lower": (*_of_lu(1), [(2, 3, 3)]),
    "lu-upper": (*_of_lu(2), [(3, 3)]),
    "lu-tall-lower": (*_of_lu(1), [(4, 2)]),
    "lu-tall-upper": (*_of_lu(2), [(4, 2)]),
    "lu-wide-lower": (*_of_lu(1), [(2, 4)]),
    "lu-wide-upper": (*_of_lu(2), [(2, 4)]),
    "lu-product": (lambda x: L.lu(x).P @ L.lu(x).L @ L.lu(x).U, lambda x: x, [(3, 3)]),
    "lu_solve": (_lu_solve(), lambda x, y: np.linalg.solve(shifted(x), y), [(3, 3), (2, 3, 1)]),
    "lu_solve-adjoint": (
        _lu_solve(adjoint=True),
        lambda x, y: np.linalg.solve(shifted(x).mT, y),
        [(3, 3), (3, 2)],
    ),
    "lu_solve-right": (
        _lu_solve(left=False),
        lambda x, y: np.linalg.solve(shifted(x).mT, y.mT).mT,
        [(3, 3), (2, 3)],
    ),
    "solve": (lambda x, y: L.solve(shifted(x), y), lambda x, y: np.linalg.solve(shifted(x), y), [(2, 3, 3), (3, 2)]),
    "solve-vector": (lambda x, y: L.solve(shifted(x), y), lambda x, y: np.linalg.solve(shifted(x), y), [(3, 3), (3,)]),
    "solve-columns": (
        lambda x, y: L.solve(shifted(x), y),
        lambda x, y: np.linalg.solve(shifted(x), y),
        [(3, 3), (2, 2, 3, 2)],
    ),
    "solve-right": (
        lambda x, y: L.solve(shifted(x), y, left=False),
        lambda x, y: np.linalg.solve(shifted(x).mT, y.mT).mT,
        [(3, 3), (2, 3)],
    ),
    "solve_triangular": (
        lambda x, y: L.solve_triangular(shifted(x), y, upper=False),
        _lower_solve,
        [(2, 3, 3), (3, 2)],
    ),
    "solve_triangular-upper": (
        lambda x, y: L.solve_triangular(shifted(x).mT, y, upper=True),
        lambda x, y: np.linalg.solve(np.tril(shifted(x)).mT, y),
        [(3, 3), (3, 1)],
    ),
    "solve_triangular-right": (
        lambda x, y: L.solve_triangular(shifted(x), y, upper=False, left=False),
        lambda x, y: np.linalg.solve(np.tril(shifted(x)).mT, y.mT).mT,
        [(3, 3), (2, 3)],
    ),
    "solve_triangular-unit": (
        lambda x, y: L.solve_triangular(x, y, upper=False, unitriangular=True),
        lambda x, y: np.linalg.solve(np.tril(x, -1) + np.eye(3), y),
        [(3, 3), (3, 1)],
    ),
    "cholesky_solve": (
        lambda x, y: rt.cholesky_solve(y, L.cholesky(definite(x))),
        lambda x, y: np.linalg.solve(definite(x), y),
        [(3, 3), (3, 2)],
    ),
    "cholesky_inverse": (
        lambda x: rt.cholesky_inverse(L.cholesky(definite(x), upper=True), upper=True),
        lambda x: np.linalg.inv(definite(x)),
        [(2, 3, 3)],
    ),
    "inv": (lambda x: L.inv(shifted(x)), lambda x: np.linalg.inv(shifted(x)), [(2, 3, 3)]),
    "pinv": (L.pinv, np.linalg.pinv, [(2, 4, 2)]),
    "pinv-wide": (lambda x: x.pinverse(), np.linalg.pinv, [(2, 3)]),
    "pinv-of-lower-rank": (
        lambda x, y: L.pinv(shifted(x)[:, :2] @ shifted(y)[:2], rtol=1e-3),
        lambda x, y: np.linalg.pinv(shifted(x)[:, :2] @ shifted(y)[:2], rcond=1e-3),
        [(4, 4), (3, 3)],
    ),
    "pinv-hermitian": (
        lambda x: L.pinv(definite(x), hermitian=True),
        lambda x: np.linalg.pinv(definite(x)),
        [(3, 3)],
    ),
    "lstsq": (lambda x, y: L.lstsq(x, y).solution, _lstsq, [(4, 2), (4, 3)]),
    "lstsq-vector": (lambda x, y: L.lstsq(x, y).solution, _lstsq, [(4, 2), (4,)]),
    "lstsq-residuals": (
        lambda x, y: L.lstsq(x, y).residuals,
        lambda x, y: np.linalg.lstsq(x, y, None)[1],
        [(4, 2), (4, 3)],
    ),
    "det": (L.det, np.linalg.det, [(2, 3, 3)]),
    "slogdet": (lambda x: L.slogdet(x).logabsdet, lambda x: np.linalg.slogdet(x)[1], [(2, 3, 3)]),
    "logdet": (lambda x: definite(x).logdet(), lambda x: np.linalg.slogdet(definite(x))[1], [(3, 3)]),
    "matrix_power": (
        lambda x: L.matrix_power(shifted(x), -2),
        lambda x: np.linalg.matrix_power(shifted(x), -2),
        [(3, 3)],
    ),
    "matrix_exp": (L.matrix_exp, scipy.linalg.expm, [(2, 3, 3)]),
    "matrix_exp-large": (lambda x: L.matrix_exp(x * 4.0), lambda x: scipy.linalg.expm(x * 4.0), [(2, 2)]),
    "matrix_norm-nuclear": (*_norm("nuc"), [(2, 3, 2)]),
    "matrix_norm-2": (*_norm(2), [(2, 3, 2)]),
    "matrix_norm-minus-2": (*_norm(-2), [(3, 2)]),
    "matrix_norm-axes": (
        lambda x: L.matrix_norm(x, "nuc", (2, 0), keepdim=True),
        lambda x: np.linalg.norm(x, "nuc", (2, 0), keepdims=True),
        [(2, 2, 3)],
    ),
    "norm-inf": (lambda x: L.norm(x, float("inf")), lambda x: np.linalg.norm(x, np.inf), [(3, 4)]),
    "norm-vector": (lambda x: L.norm(x, 3, 1), lambda x: np.linalg.norm(x, 3, 1), [(2, 3)]),
    "cond": (L.cond, np.linalg.cond, [(2, 3, 3)]),
    "cond-1": (lambda x: L.cond(shifted(x), 1), lambda x: np.linalg.cond(shifted(x), 1), [(3, 3)]),
    "multi_dot": (
        lambda x, y, z: L.multi_dot([x, y, z]),
        lambda x, y, z: x @ y @ z,
        [(2,), (2, 4), (4, 3)],
    ),
    "tensorinv": (
        lambda x: L.tensorinv(shifted(x).reshape(2, 2, 4)),
        lambda x: np.linalg.tensorinv(shifted(x).reshape(2, 2, 4)),
        [(4, 4)],
    ),
    "tensorsolve": (
        lambda x, y: L.tensorsolve(shifted(x).reshape(2, 2, 4), y),
        lambda x, y: np.linalg.tensorsolve(shifted(x).reshape(2, 2, 4), y),
        [(4, 4), (2, 2)],
    ),
    "diagonal": (lambda x: L.diagonal(x, offset=-1), lambda x: np.diagonal(x, -1, -2, -1), [(2, 3, 4)]),
    "trace": (lambda x: L.trace(x, offset=1), lambda x: np.trace(x, 1, -2, -1), [(2, 3, 4)]),
}
