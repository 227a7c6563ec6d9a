"""Gradients: first and second of every op against finite differences in float64, and the rules of backward()."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rows import ELEMENTWISE, STRUCTURED, TABLE, Row, elementwise_row, inputs, sample
from rutile.nn import functional as F
from rutile.testing import gradcheck

DIFFERENTIABLE = [elementwise_row(name) for name in ELEMENTWISE if TABLE[name]["differentiable"]]
ROWS = [*DIFFERENTIABLE, *(row for row in STRUCTURED if row.order)]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_gradients_match_finite_differences(row: Row, device: str):
    gradcheck(row.call, inputs(row), row.order, reference=row.reference, device=device)


# The condition of `where` has the shape of the other rows.
@pytest.mark.parametrize("row", [row for row in DIFFERENTIABLE if row.name != "where"], ids=str)
def test_gradients_of_broadcast_operands(row: Row, device: str):
    shapes = [(2, 3), (3,)][: len(row.shapes)]
    arrays = [sample(shape, row.domain, 10 + seed) for seed, shape in enumerate(shapes)]
    gradcheck(row.call, arrays, 1, reference=row.reference, device=device)


@pytest.mark.parametrize("row", [row for row in DIFFERENTIABLE if row.name != "where"], ids=str)
def test_gradients_of_numbers_and_of_nothing(row: Row, device: str):
    for shape in [(), (0,), (2, 0)]:
        arrays = [sample(shape, row.domain, 20 + seed) for seed in range(len(row.shapes))]
        gradcheck(row.call, arrays, 1, reference=row.reference, device=device)


def gradients(f: Callable[..., rt.Tensor], device: str, *arrays: Any) -> list[Any]:
    results = rt.grad(f, range(len(arrays)))(*(rt.tensor(array, device=device) for array in arrays))
    return [result.tolist() for result in results]


# At ties and bends: what the documentation promises.
BENDS: dict[str, tuple[Callable[..., rt.Tensor], list[Any], list[Any]]] = {
    "relu": (lambda x: x.relu().sum(), [[-1.0, 0.0, 1.0]], [[0, 0, 1]]),
    "abs": (lambda x: x.abs().sum(), [[-1.0, 0.0, 1.0]], [[-1, 0, 1]]),
    "maximum": (lambda x, y: rt.maximum(x, y).sum(), [[1.0, 2.0, 3.0], [2.0, 2.0, 2.0]], [[0, 0.5, 1], [1, 0.5, 0]]),
    "minimum": (lambda x, y: rt.minimum(x, y).sum(), [[1.0, 2.0, 3.0], [2.0, 2.0, 2.0]], [[1, 0.5, 0], [0, 0.5, 1]]),
    "max": (lambda x: x.max(), [[1.0, 3.0, 3.0]], [[0, 0.5, 0.5]]),
    "min-axis": (lambda x: x.min(axis=0).sum(), [[[1.0, 4.0], [1.0, 5.0]]], [[[0.5, 1], [0.5, 0]]]),
    "max_pool2d": (lambda x: F.max_pool2d(x, 2).sum(), [[[[[5.0, 5.0], [1.0, 5.0]]]]], [[[[[1, 0], [0, 0]]]]]),
    "prod-one-zero": (lambda x: x.prod(), [[2.0, 0.0, 3.0]], [[0, 6, 0]]),
    "prod-two-zeros": (lambda x: x.prod(), [[0.0, 0.0, 3.0]], [[0, 0, 0]]),
    "cumprod-zeros": (lambda x: rt.cumprod(x, 0).sum(), [[2.0, 0.0, 3.0, 0.0, 5.0]], [[1, 8, 0, 0, 0]]),
    "cummax": (lambda x: rt.cummax(x, 0).values.sum(), [[1.0, 3.0, 3.0, 2.0]], [[1, 1, 2, 0]]),
    "cummin": (lambda x: rt.cummin(x, 0).values.sum(), [[1.0, 3.0, 0.0, 2.0]], [[2, 0, 2, 0]]),
    "logcumsumexp-inf": (lambda x: rt.logcumsumexp(x, 0)[1:].sum(), [[-float("inf"), 0.0, 0.0]], [[0, 1.5, 0.5]]),
    "prod-zero-second": (lambda x: rt.hessian(rt.prod)(x)[0].sum(), [[0.0, 2.0, 3.0]], [[0, 1, 1]]),
    "cumprod-zero-second": (
        lambda x: rt.hessian(lambda x: rt.cumprod(x, 0).sum())(x)[0].sum(),
        [[2.0, 0.0, 3.0]],
        [[0, 1, 1]],
    ),
    "where-nan": (lambda x: rt.where(x > 0, x, 0.0).sum(), [[1.0, float("nan")]], [[1, 0]]),
    "pow-0": (lambda x: (x**0).sum(), [[0.0, 2.0]], [[0, 0]]),
    "pow-base-0": (lambda x, y: (x**y).sum(), [[0.0, 0.0], [2.0, 1.0]], [[0, 1], [0, 0]]),
    "square-at-0": (lambda x: (x**2).sum(), [[0.0, -3.0]], [[0, -6]]),
    "ignored": (
        lambda x: F.cross_entropy(x, rt.tensor([-100, 1], device=x.device), reduction="sum"),
        [[[1.0, 1.0], [0.0, 0.0]]],
        [[[0, 0], [0.5, -0.5]]],
    ),
    "unused": (lambda x, y: (x * 2.0).sum(), [[1.0], [5.0]], [[2], [0]]),
    "twice": (lambda x: (x * x + x).sum(), [[3.0]], [[7]]),
    "constant part": (lambda x: (x.detach() * x).sum(), [[3.0]], [[3]]),
    "integers between": (lambda x: (x.astype("int32").astype("float32") + x).sum(), [[1.5]], [[1]]),
}


@pytest.mark.parametrize("name", BENDS)
def test_gradients_at_ties_and_bends(name: str, device: str):
    f, arrays, expected = BENDS[name]
    assert gradients(f, device, *arrays) == expected


def test_third_derivative(device: str):
    f = rt.grad(rt.grad(rt.grad(lambda x: x.sin() * x)))
    assert f(rt.tensor(0.7, device=device)).item() == pytest.approx(-3 * np.sin(0.7) - 0.7 * np.cos(0.7), rel=1e-5)


# backward()


def leaf(values: Any, device: str) -> rt.Tensor:
    return rt.tensor(values, device=device, requires_grad=True)


def grad_of(x: rt.Tensor) -> Any:
    assert x.grad is not None
    return x.grad.tolist()


def test_gradients_add_up_until_cleared(device: str):
    x = leaf([1.0, 2.0], device)
    for _ in range(2):
        (x * x).sum().backward()
    assert grad_of(x) == [4, 8]
    x.grad = None
    (x * 3.0).sum().backward()
    assert grad_of(x) == [3, 3]
    x.grad = rt.zeros_like(x)
    assert grad_of(x) == [0, 0]


def test_backward_with_a_gradient(device: str):
    x = leaf([1.0, 2.0], device)
    (x * x).backward(rt.tensor([1.0, 10.0], device=device))
    assert grad_of(x) == [2, 40]


def test_reading_the_loss_before_backward(device: str):
    x = leaf([1.0, 2.0], device)
    loss = (x * x).sum()
    assert loss.item() == 5
    loss.backward()
    assert grad_of(x) == [2, 4]


def test_a_retained_graph_is_used_again(device: str):
    x = leaf([1.0], device)
    loss = x.exp().sum()
    loss.backward(retain_graph=True)
    rt.eval(loss)
    loss.backward()
    np.testing.assert_allclose(grad_of(x), [2 * np.e], rtol=1e-6)


def test_two_losses_share_a_part(device: str):
    x = leaf([2.0], device)
    shared = x * x
    (shared * 3.0).sum().backward(retain_graph=True)
    (shared * 4.0).sum().backward()
    assert grad_of(x) == [28]


def test_gradients_that_backward_collects_have_no_history(device: str):
    x = leaf([2.0], device)
    (x**3).sum().backward()
    assert x.grad is not None and not x.grad.requires_grad


def test_value_and_grad_gives_both_and_what_else_f_returns(device: str):
    x, y = rt.tensor([1.0, 2.0], device=device), rt.tensor([3.0, 4.0], device=device)
    (value, more), (dx, dy) = rt.value_and_grad(lambda x, y: ((x * y).sum(), x + y), argnums=(0, 1))(x, y)
    assert (value.item(), more.tolist(), dx.tolist(), dy.tolist()) == (11, [4, 6], [3, 4], [1, 2])
    assert not x.requires_grad
    assert rt.grad(lambda x, y: (x * y).sum(), 1)(x, y).tolist() == [1, 2]
    assert rt.grad(lambda x, scale: (x * scale).sum())(x, scale=5.0).tolist() == [5, 5]


def test_no_grad_and_enable_grad(device: str):
    x = leaf([1.0], device)

    @rt.no_grad()
    def without() -> rt.Tensor:
        return x * 2.0

    assert not without().requires_grad
    assert not rt.no_grad(lambda: x * 2.0)().requires_grad
    with rt.no_grad():
        with rt.enable_grad():
            assert (x * 2.0).requires_grad
        assert not (x * 2.0).requires_grad
        # A gradient function records what it needs itself.
        assert rt.grad(lambda x: (x * x).sum())(x).tolist() == [2]
    with pytest.raises(KeyError), rt.no_grad():
        raise KeyError
    assert (x * 2.0).requires_grad
    assert not (x > 0).requires_grad
    assert not x.astype("int32").requires_grad


def test_a_long_chain_does_not_overflow_the_stack():
    x = leaf([1.0], "cpu")
    y = x
    for _ in range(20_000):
        y = y + 0.0
    y.sum().backward()
    assert grad_of(x) == [1]


# gradcheck itself


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("row", ROWS[:12], ids=str)
def test_gradcheck_needs_no_reference(row: Row, order: int):
    if row.name not in ("ceil", "floor", "round", "trunc", "sign", "floor_divide", "remainder"):
        assert gradcheck(row.call, inputs(row), order)


WRONG: dict[str, tuple[Callable[..., rt.Tensor], str]] = {
    "half": (lambda x: x * x.detach(), "gradient for input 0 needs 2.27392 at (0,) by finite differences, got 1.13696"),
    "lost": (lambda x: rt.tensor(x.numpy()) * x, "1 of 2 elements differ"),
}


@pytest.mark.parametrize("name", WRONG)
def test_gradcheck_finds_wrong_gradients(name: str):
    f, text = WRONG[name]
    with pytest.raises(AssertionError, match=re.escape(text)):
        gradcheck(f, [[1.0, 0.0]])


def test_gradcheck_finds_a_wrong_second_gradient():
    # x^2 with the right slope, whose own slope is hidden.
    with pytest.raises(AssertionError, match="second gradient for input 0 needs"):
        gradcheck(lambda x: (x - x.detach()) * x.detach() * 2.0 + x.detach() ** 2, [[1.0, 3.0]], 2, reference=np.square)


def test_gradcheck_refuses_other_orders():
    with pytest.raises(ValueError, match="order 1 or 2, got 3"):
        gradcheck(lambda x: x, [[1.0]], 3)
