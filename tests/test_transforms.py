"""Every public function, by the calls of its examples, through jvp, vmap, vmap of grad, grad of vmap and hessian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile.testing.operations import Call, weighted
from table import OPERATIONS
from test_operations import SYMMETRIC, beside

BATCH = 3
# The shapes of their results, or what they give, depend on values that they read.
READING = [
    "is_nonzero",
    "allclose",
    "argwhere",
    "masked_select",
    "nonzero",
    *(name for name in OPERATIONS if name.startswith("unique")),
]

DIFFERENTIABLE = [name for name, operation in OPERATIONS.items() if operation.order]
TAKING_FLOATS = [name for name, operation in OPERATIONS.items() if operation.in_floats]


def exact(name: str) -> list[Call]:
    """The calls of its examples in float64."""
    calls = [call for call in (call.cast("float64") for call in OPERATIONS[name].in_floats) if call]
    assert calls
    return calls


def differentiable(name: str) -> list[Call]:
    return [call for call in exact(name) if call.order]


def floats(results: list[rt.Tensor]) -> list[rt.Tensor]:
    return [y for y in results if y.dtype.kind == "f"]


def of_floats(call: Call, point: list[rt.Tensor]) -> Callable[..., list[rt.Tensor]]:
    """The call as a function of what it can be differentiated for."""

    def f(*inputs: rt.Tensor) -> list[rt.Tensor]:
        tensors = list(point)
        for place, x in zip(call.differentiable, inputs, strict=True):
            tensors[place] = x
        return floats(call.run(tensors))

    return f


def at(call: Call) -> tuple[list[rt.Tensor], list[rt.Tensor]]:
    """A point beside the example's, and those of its tensors that the call can be differentiated for."""

    def finite(tensors: list[rt.Tensor]) -> float:
        return sum(float(y.sum().item()) for y in floats(call.run(tensors)))

    point = beside(call, finite)
    return point, [point[place] for place in call.differentiable]


def batches(call: Call) -> list[tuple[rt.Tensor, ...]]:
    """The example's tensors several times over, the floats of each time a little larger."""
    rows = []
    for n in range(BATCH):
        rows.append(tuple(x * (1.0 + 0.01 * n) if x.dtype.kind == "f" else x for x in call.tensors))
    return rows


def directions(like: list[rt.Tensor]) -> list[rt.Tensor]:
    generator = np.random.default_rng(0)
    return [rt.tensor(generator.uniform(0.5, 1.5, x.shape), dtype=x.dtype) for x in like]


def close(got: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.asarray(got), np.asarray(expected), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_forward_mode_is_the_transpose_of_reverse_mode(name: str) -> None:
    for call in differentiable(name):
        point, inputs = at(call)
        f = of_floats(call, point)
        tangents = directions(inputs)
        results, slopes = rt.jvp(f, tuple(inputs), tuple(tangents))
        seeds = directions(results)
        gradients = rt.vjp(f, *inputs)[1](seeds)
        forward = sum((u * t).sum().item() for u, t in zip(seeds, slopes, strict=True))
        backward = sum((g * v).sum().item() for g, v in zip(gradients, tangents, strict=True))
        assert forward == pytest.approx(backward, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", [name for name in TAKING_FLOATS if name not in READING])
def test_vmap_does_what_a_loop_does(name: str) -> None:
    for call in exact(name):
        rows = batches(call)
        everything = range(len(call.tensors))
        for mapped in [everything, *([place] for place in everything if len(everything) > 1)]:
            alike = [tuple(x if place in mapped else rows[0][place] for place, x in enumerate(row)) for row in rows]
            expected = [call.run(row) for row in alike]
            columns = [
                rt.stack(column) if n in mapped else column[0] for n, column in enumerate(zip(*alike, strict=True))
            ]
            axes = tuple([0 if place in mapped else None for place in everything])
            got = rt.vmap(lambda *row, call=call: call.run(row), in_axes=axes, randomness="same")(*columns)
            for n, y in enumerate(got):
                close(y, rt.stack([results[n] for results in expected]))


@pytest.mark.parametrize("name", READING)
def test_vmap_refuses_what_reads_values(name: str) -> None:
    for call in exact(name):
        columns = [rt.stack(column) for column in zip(*batches(call), strict=True)]
        with pytest.raises(rt.TracingError, match="reading needs a tensor that has a value, got one inside vmap"):
            rt.vmap(lambda *row, call=call: call.run(row))(*columns)


@pytest.mark.parametrize("name", [name for name in DIFFERENTIABLE if name not in READING])
def test_gradients_of_each_element_of_a_batch(name: str) -> None:
    for call in differentiable(name):
        places = call.differentiable
        rows = batches(call)

        def value(*row: rt.Tensor, call: Call = call) -> rt.Tensor:
            return weighted(call.run(row))

        slopes = rt.grad(value, places)
        expected = list(zip(*[slopes(*row) for row in rows], strict=True))
        columns = [rt.stack(column) for column in zip(*rows, strict=True)]
        for got, each in zip(rt.vmap(slopes, randomness="same")(*columns), expected, strict=True):
            close(got, rt.stack(each))
        total = rt.grad(lambda *columns, value=value: rt.vmap(value, randomness="same")(*columns).sum(), places)
        for got, each in zip(total(*columns), expected, strict=True):
            close(got, rt.stack(each))


@pytest.mark.parametrize("name", [name for name in DIFFERENTIABLE if OPERATIONS[name].order > 1])
def test_the_hessian_times_a_vector(name: str) -> None:
    for call in differentiable(name):
        point, inputs = at(call)
        if call.order < 2 or sum(x.size for x in inputs) > 24:
            continue
        f = of_floats(call, point)

        def value(*inputs: rt.Tensor, f: Any = f) -> rt.Tensor:
            results = f(*((x + x.mT) / 2 for x in inputs)) if name in SYMMETRIC else f(*inputs)
            return weighted(results) + sum((x * 0.0).sum() for x in inputs)

        tangents = directions(inputs)
        places = range(len(inputs))
        rows = rt.hessian(value, places)(*inputs)
        product = rt.hvp(value, tuple(inputs), tuple(tangents))
        product = product if isinstance(product, tuple) else (product,)
        forward = rt.jvp(rt.grad(value, places), tuple(inputs), tuple(tangents))[1]
        for row, x, along, again in zip(rows, inputs, product, forward, strict=True):
            parts = zip(row, tangents, strict=True)
            expected = sum((h.reshape(x.size, -1) @ v.reshape(-1)).reshape(x.shape) for h, v in parts)
            close(along, expected)
            close(again, expected)
