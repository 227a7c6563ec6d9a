"""Linear algebra beyond the rows: factors of every shape, matrices that have none, dtypes, and how it is scheduled."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rutile as rt
from test_plans import kinds, plan_of

L = rt.linalg
SHAPES = [(1, 1), (3, 3), (5, 2), (2, 5), (2, 3, 4, 4), (0, 0), (0, 3), (3, 0), (0, 2, 2), (130, 130), (300, 20)]
SINGULAR = [[1.0, 2.0], [2.0, 4.0]]


def matrices(*shape: int, dtype: str = "float64") -> rt.Tensor:
    return rt.tensor(np.random.default_rng(3).standard_normal(shape), dtype=dtype)


def close(x: rt.Tensor, y: rt.Tensor, tolerance: float) -> None:
    assert x.shape == y.shape
    np.testing.assert_allclose(
        x.numpy(), y.numpy(), rtol=0, atol=tolerance * max(1.0, np.abs(y.numpy()).max(initial=0.0))
    )


def orthonormal(columns: rt.Tensor, tolerance: float) -> None:
    close(
        columns.mT @ columns,
        rt.diag(rt.ones((columns.shape[-1],), dtype=columns.dtype)) + (columns.mT @ columns) * 0.0,
        tolerance,
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_factors_multiply_to_the_matrix(shape: tuple[int, ...], dtype: str):
    x, tolerance = matrices(*shape, dtype=dtype), 1e-5 if dtype == "float32" else 1e-12
    m, n = shape[-2:]
    k = min(m, n)
    for mode, size in (("reduced", k), ("complete", m)):
        q, r = L.qr(x, mode=mode)
        assert (q.shape, r.shape) == ((*shape[:-1], size), (*shape[:-2], size, n))
        orthonormal(q, tolerance)
        close(q @ r, x, tolerance)
        close(rt.triu(r), r, 0.0)
    for full in (False, True):
        u, s, vt = L.svd(x, full_matrices=full)
        assert (u.shape[-1], vt.shape[-2]) == ((m, n) if full else (k, k))
        orthonormal(u, tolerance)
        orthonormal(vt.mT, tolerance)
        close(u[..., :k] * rt.expand_dims(s, -2) @ vt[..., :k, :], x, tolerance)
        assert (s.numpy() >= 0).all() and (np.diff(s.numpy(), axis=-1) <= 0).all()
        close(L.svdvals(x), s, tolerance)
    p, lower, upper = L.lu(x)
    close(p @ lower @ upper, x, tolerance)
    close(L.pinv(L.pinv(x)), x, tolerance)
    if m == n:
        symmetric = x + x.mT
        values, vectors = L.eigh(x + x.mT)
        orthonormal(vectors, tolerance)
        close(vectors * rt.expand_dims(values, -2) @ vectors.mT, symmetric, tolerance)
        close(L.eigvalsh(symmetric), values, tolerance)
        definite = x @ x.mT + rt.diag(rt.ones((n,), dtype=dtype))
        factor = L.cholesky(definite)
        close(factor @ factor.mT, definite, tolerance)
        close(definite @ L.inv(definite), definite @ definite.inverse(), 0.0)
        close(definite @ L.solve(definite, x), x, tolerance * 100)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e150, 1e300])
def test_factors_of_great_and_small_matrices(scale: float):
    x = rt.tensor(np.random.default_rng(4).standard_normal((5, 5)) * scale, dtype="float64")
    symmetric, one = (x + x.mT) / 2, x / scale
    q, r = L.qr(x)
    u, s, vt = L.svd(x)
    values, vectors = L.eigh(symmetric)
    p, lower, upper = L.lu(x)
    for product in (q @ (r / scale), u * (s / scale) @ vt, p @ lower @ (upper / scale)):
        close(product, one, 1e-13)
    close(vectors * (values / scale) @ vectors.mT, symmetric / scale, 1e-13)
    close(L.eigvalsh(symmetric) / scale, values / scale, 1e-13)
    close(L.svdvals(x) / scale, s / scale, 1e-13)
    close(L.inv(x) * scale, L.inv(one), 1e-12)
    close(L.pinv(x) * scale, L.inv(one), 1e-12)
    close(L.cholesky(x * 0.0 + rt.eye(5, dtype="float64") * scale) / scale**0.5, rt.eye(5, dtype="float64"), 1e-13)


# What is called, and what the error says when the values are computed.
FAILURES: dict[str, tuple[Callable[[], Any], str]] = {
    "cholesky": (
        lambda: L.cholesky(rt.tensor([[1.0, 2.0], [2.0, 1.0]])),
        "cholesky needs positive-definite matrices, got one whose leading minor of order 2 is not positive: add a small",
    ),
    "cholesky of NaN": (lambda: L.cholesky(rt.tensor([[float("nan")]])), "leading minor of order 1"),
    "cholesky_ex": (
        lambda: L.cholesky_ex(rt.tensor([[-1.0]]), check_errors=True).L,
        "cholesky needs positive-definite",
    ),
    "inv": (
        lambda: L.inv(rt.tensor(SINGULAR)),
        "inv needs matrices that have an inverse, got a singular one: its pivot 2 is zero: pinv and lstsq take",
    ),
    "inv_ex": (lambda: L.inv_ex(rt.tensor([[0.0]]), check_errors=True).inverse, "a singular one: its pivot 1 is zero"),
    "inverse of zeros": (lambda: rt.zeros((3, 3)).inverse(), "its pivot 1 is zero"),
    "matrix_power": (lambda: L.matrix_power(rt.tensor(SINGULAR), -1), "a singular one"),
    "solve": (lambda: L.solve(rt.tensor(SINGULAR), rt.ones((2,))), "solve needs matrices that have an inverse"),
    "one of a batch": (
        lambda: L.solve(rt.stack([rt.tensor([[1.0]]), rt.tensor([[0.0]])]).reshape(2, 1, 1, 1), rt.ones((1, 3, 1, 1))),
        "a singular one at (1, 0) of the batch",
    ),
    "lu_solve": (
        lambda: L.lu_solve(rt.ones((2, 2)), rt.tensor([2, 1]), rt.ones((2, 1))),
        "lu_solve needs pivots as lu_factor gives them: pivot i from i to n, got another one as pivot 2",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_matrix_without_a_result_is_an_error_when_it_is_computed(name: str):
    call, text = FAILURES[name]
    result = call()
    for _ in range(2):
        with pytest.raises(rt.LinAlgError, match=re.escape(text)):
            rt.eval(result)


def test_a_failure_on_a_gpu_is_the_same():
    with pytest.raises(rt.LinAlgError, match="a singular one"):
        L.inv(rt.zeros((2, 2), device="gpu")).numpy()
    assert (rt.ones((2,), device="gpu") + 1.0).tolist() == [2.0, 2.0]


def test_a_failed_evaluation_loses_nothing():
    x = rt.tensor([1.0, 2.0], device="cpu")
    rt.eval(x)
    kept = x * 3.0
    y = kept + L.inv(rt.zeros((2, 2), device="cpu"))[0]
    # Nobody but the graph holds x any more, so that an evaluation may overwrite it.
    del x
    with pytest.raises(rt.LinAlgError):
        rt.eval(kept, y)
    assert kept.tolist() == [3.0, 6.0]


@pytest.mark.parametrize("where", ["cpu", "gpu"])
def test_a_failed_step_leaves_the_parameters(where: str):
    parameter = rt.tensor([[1.0, 2.0], [2.0, 1.0]], device=where, requires_grad=True)
    optimizer = rt.optim.AdamW([parameter], lr=0.1)
    for jitter, fails in ((0.0, True), (3.0, False)):
        loss = L.cholesky(parameter + rt.diag(rt.full((2,), jitter, device=where))).sum()
        loss.backward()
        if fails:
            with pytest.raises(rt.LinAlgError):
                optimizer.step(also=(loss,))
            assert parameter.tolist() == [[1.0, 2.0], [2.0, 1.0]]
            optimizer.zero_grad()
        else:
            optimizer.step(also=(loss,))
            assert np.isfinite(parameter.numpy()).all() and parameter.tolist() != [[1.0, 2.0], [2.0, 1.0]]


WRONG: dict[str, tuple[Callable[[rt.Tensor], Any], type[Exception], str]] = {
    "vector": (lambda x: L.det(x[0]), rt.ShapeError, "det needs matrices, (…, m, n), got (3,)"),
    "not square": (lambda x: L.eigh(x), rt.ShapeError, "eigh needs square matrices, (…, n, n), got (2, 3)"),
    "solve not square": (
        lambda x: L.solve(x, x),
        rt.ShapeError,
        "got (2, 3): lstsq solves systems that are not square",
    ),
    "solve rows": (lambda x: L.solve(x @ x.mT, x.mT), rt.ShapeError, "as many rows on the right side as the matrices"),
    "solve batch of vectors": (
        lambda x: L.solve(rt.zeros((2, 3, 3)), x),
        rt.ShapeError,
        "got (2, 3, 3) and (2, 3): give a batch of vectors as b[..., None]",
    ),
    "solve batches": (
        lambda x: L.solve(rt.zeros((2, 1, 1)), rt.zeros((3, 1, 1))),
        rt.ShapeError,
        "solve needs shapes that broadcast together",
    ),
    "qr": (
        lambda x: L.qr(x, mode="full"),
        rt.ArgumentError,
        'qr needs mode="reduced", "complete" or "r", got \'full\'',
    ),
    "eigh": (lambda x: L.eigh(x @ x.mT, UPLO="l"), rt.ArgumentError, 'UPLO="L" or "U"'),
    "lu": (lambda x: L.lu(x, pivot=False), rt.ArgumentError, "lu needs pivot=True"),
    "lu_solve": (lambda x: L.lu_solve(x, x, x), rt.ShapeError, "lu_solve needs factors (..., n, n) and a right side"),
    "lstsq": (lambda x: L.lstsq(x, x.mT), rt.ShapeError, "lstsq needs matrices (..., m, n) and a right side of m rows"),
    "lstsq driver": (lambda x: L.lstsq(x, x, driver="gesv"), rt.ArgumentError, "lstsq needs driver"),
    "matrix_norm": (
        lambda x: L.matrix_norm(x, 3),
        rt.ArgumentError,
        'matrix_norm needs ord "fro", "nuc", 1, -1, 2, -2',
    ),
    "matrix_norm axes": (lambda x: L.matrix_norm(x, dim=(0, 0)), rt.ArgumentError, "two different axes"),
    "norm": (lambda x: L.norm(x[None], 2), rt.ShapeError, "norm needs a vector, a matrix or dim, got shape (1, 2, 3)"),
    "norm of vectors": (lambda x: L.norm(x[0], "nuc"), rt.ArgumentError, "a number as ord for vectors, got 'nuc'"),
    "matrix_rank": (lambda x: L.matrix_rank(x[0]), rt.ShapeError, "matrix_rank needs matrices, (..., m, n), got (3,)"),
    "multi_dot": (lambda x: L.multi_dot([x]), rt.ShapeError, "multi_dot needs at least two matrices"),
    "tensorinv": (lambda x: L.tensorinv(x, 1), rt.ShapeError, "tensorinv needs axes of equal products"),
    "tensorsolve": (
        lambda x: L.tensorsolve(x, x[:, 0]),
        rt.ShapeError,
        "tensorsolve needs A of shape B.shape + X.shape",
    ),
    "devices": (lambda x: L.solve(x @ x.mT, rt.ones((2, 1), device="gpu")), rt.DeviceError, "tensors on one device"),
    "eig": (lambda x: L.eig(x), AttributeError, "rutile.linalg has no eig, whose results are complex: use eigh"),
    "no such function": (lambda x: L.svdd(x), AttributeError, "module 'rutile.linalg' has no attribute 'svdd'"),
    "gradient of a complete Q": (
        lambda x: L.qr(x.mT.requires_grad_(), mode="complete").R.sum().backward(),
        rt.GradientError,
        'backward of qr needs mode="reduced" where there are more rows than columns, got "complete", (3, 2)',
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_calls(name: str):
    call, error, text = WRONG[name]
    with pytest.raises(error, match=re.escape(text)):
        call(rt.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]], device="cpu"))


def test_singular_matrices_have_determinants_and_pseudo_inverses():
    for x in (SINGULAR, np.zeros((3, 3)), np.arange(9.0).reshape(3, 3), np.diag([1e-310, 1.0, 0.0])):
        tensor = rt.tensor(x, dtype="float64")
        assert L.det(tensor).item() == 0.0
        assert (L.slogdet(tensor).sign.item(), L.slogdet(tensor).logabsdet.item()) == (0.0, -np.inf)
        assert L.matrix_rank(tensor).item() == np.linalg.matrix_rank(np.asarray(x))
        p, lower, upper = L.lu(tensor)
        close(p @ lower @ upper, tensor, 1e-15)
        np.testing.assert_allclose(L.pinv(tensor, rtol=1e-12).numpy(), np.linalg.pinv(x, rcond=1e-12), atol=1e-14)
    assert L.det(rt.zeros((0, 0))).item() == 1.0
    assert L.cond(rt.tensor(SINGULAR), 1).item() == np.inf
    assert rt.tensor([[0.0, 1.0], [1.0, 0.0]]).logdet().isnan().item()


def test_functions_that_go_on_say_where_they_stopped():
    x = rt.stack([rt.tensor([[4.0, 0.0], [0.0, 1.0]]), rt.tensor([[1.0, 2.0], [2.0, 4.0]])])
    inverse, info = L.inv_ex(x)
    assert (info.tolist(), inverse[0].tolist()) == ([0, 2], [[0.25, 0.0], [0.0, 1.0]])
    assert (inverse[1].numpy() == np.inf).all()
    factor, info = L.cholesky_ex(x)
    assert (info.tolist(), factor[0].tolist()) == ([0, 2], [[2.0, 0.0], [0.0, 1.0]])
    assert np.isnan(factor[1].numpy()).all()


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_infinite_and_nan_elements_end_in_no_hang(bad: float):
    for n in (1, 3, 40, 150):
        x = np.eye(n)
        x[-1, n // 2] = bad
        for name in (
            "qr",
            "svd",
            "svdvals",
            "eigh",
            "eigvalsh",
            "lu",
            "det",
            "slogdet",
            "inv_ex",
            "pinv",
            "matrix_exp",
        ):
            found = getattr(L, name)(rt.tensor(x, dtype="float64"))
            results = [result.numpy() for result in ([found] if isinstance(found, rt.Tensor) else found)]
            assert np.isinf(bad) or any(np.isnan(result).any() for result in results), name


# Functions that do not depend on vectors which are not unique, and their gradient.
DEGENERATE: dict[str, tuple[Callable[[rt.Tensor], rt.Tensor], Any, Any]] = {
    "eigenvalues": (lambda x: L.eigh(x).eigenvalues.sum(), np.eye(3), np.eye(3)),
    "singular values": (lambda x: L.svd(x).S.sum(), np.eye(3), np.eye(3)),
    "nuclear norm": (lambda x: L.matrix_norm(x, "nuc"), np.zeros((2, 3)), None),
    "det of a singular matrix": (L.det, SINGULAR, [[4.0, -2.0], [-2.0, 1.0]]),
    "det of rank one": (L.det, np.ones((3, 3)), np.zeros((3, 3))),
    "det of zeros": (L.det, np.zeros((3, 3)), np.zeros((3, 3))),
    "det of a number": (L.det, [[0.0]], [[1.0]]),
    "det of nothing": (L.det, np.zeros((0, 0)), np.zeros((0, 0))),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_gradients_where_factors_are_not_unique(name: str, device: str):
    f, x, expected = DEGENERATE[name]
    gradient = rt.grad(f)(rt.tensor(x, dtype="float32", device=device)).numpy()
    assert np.isfinite(gradient).all()
    if expected is not None:
        np.testing.assert_allclose(gradient, expected, atol=1e-5)


def test_vectors_of_equal_values_have_no_gradient():
    x = rt.tensor(np.eye(2), dtype="float32")
    assert not np.isfinite(
        rt.grad(lambda x: (L.eigh(x).eigenvectors * rt.tensor([[1.0, 2.0], [3.0, 4.0]])).sum())(x).numpy()
    ).all()


def test_results_have_the_dtype_of_their_operands():
    x = rt.tensor([[4.0, 1.0], [1.0, 3.0]])
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        assert [result.dtype for result in L.svd(x.astype(dtype))] == [dtype] * 3
        assert L.solve(x.astype(dtype), x.astype("float16")).dtype == ("float32" if dtype == "bfloat16" else dtype)
        close(L.cholesky(x.astype(dtype)).astype("float64"), L.cholesky(x.astype("float64")), 1e-2)
    for dtype in ("int8", "int64", "uint8"):
        assert (L.det(x.astype(dtype)).dtype, L.det(x.astype(dtype)).item()) == ("float32", 11.0)
    assert L.lu_factor(x).pivots.dtype == L.matrix_rank(x).dtype == L.inv_ex(x).info.dtype == "int32"


def test_a_batch_gives_what_its_matrices_give_on_any_number_of_threads():
    x = matrices(40, 50, 6, 6)
    for together, alone in zip(L.svd(x), L.svd(x[17, 3]), strict=True):
        assert together[17, 3].tolist() == alone.tolist()
    assert L.inv(x[:, ::-1].mT)[2, 4].tolist() == L.inv(x[2, 45].mT).tolist()


def test_tolerances_may_differ_within_a_batch():
    x = rt.stack([rt.diag(rt.tensor([4.0, 1.0, 0.1]))] * 2)
    limits = rt.tensor([0.01, 0.2])
    assert L.matrix_rank(x, rtol=limits).tolist() == [3, 2]
    assert L.matrix_rank(x, atol=2.0).tolist() == L.matrix_rank(x, 2.0).tolist() == [1, 1]
    assert L.matrix_rank(rt.tril(x * 1.0) + rt.triu(rt.ones((3, 3)), k=1), hermitian=True).tolist() == [3, 3]
    np.testing.assert_allclose(L.pinv(x, rtol=limits)[:, 2, 2].numpy(), [10.0, 0.0], rtol=1e-6)
    np.testing.assert_allclose(L.pinv(x, atol=2.0)[1].numpy(), np.diag([0.25, 0.0, 0.0]), rtol=1e-6)


def test_results_of_one_routine_are_one_kernel_that_reads_through_views():
    x = rt.zeros((4, 3, 2), device="null")
    rt.eval(x)
    assert kinds(plan_of(*L.svd(x.mT * 2.0, full_matrices=False)))[:1] == ["Linalg"]
    assert kinds(plan_of(L.det(x.astype("int32") @ x.astype("int32").mT))) == ["Contract", "Linalg"]


def test_a_gpu_tensor_goes_to_the_cpu_and_back():
    x = rt.tensor([[4.0, 1.0], [1.0, 3.0]], device="gpu", requires_grad=True)
    (L.inv(x * 2.0) @ x).sum().backward()
    assert x.grad is not None and x.grad.device == "gpu"
    rt.reset_stats("gpu")
    values, vectors = L.eigh(x.detach() * 3.0)
    rt.eval(values, vectors)
    assert values.device == vectors.device == "gpu"
    assert rt.stats("gpu")["readbacks"] == 1
