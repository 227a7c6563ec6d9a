"""Every public function of tensors, found by itself: the calls in its examples on the GPU, differentiated, and refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import rutile as rt
from rutile.dtypes import BY_NAME
from rutile.testing.operations import Call, weighted
from table import OPERATIONS

_STENCIL = ((1, 2 / 3), (-1, -2 / 3), (2, -1 / 12), (-2, 1 / 12))
DIFFERENTIABLE = [name for name, operation in OPERATIONS.items() if operation.order]
# Functions of symmetric matrices, which read one half of them.
SYMMETRIC = {"cholesky", "linalg.cholesky_ex", "linalg.eigh", "linalg.eigvalsh"}
# Draws whose parameters' gradients are not the slopes of what was drawn, or that vary with the dtype.
DRAWN = {name for name, operation in OPERATIONS.items() if operation.kind == "random" or "dropout" in name}


@pytest.mark.parametrize("name", OPERATIONS)
def test_examples_call_the_function(name: str):
    assert OPERATIONS[name].calls, f"the examples of {name} never call it by one of its names"
    assert OPERATIONS[name].note


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_gpu_gives_what_the_cpu_gives(name: str):
    for call in [*OPERATIONS[name].calls, *OPERATIONS[name].in_floats]:
        same(call.on("gpu"), call.on("cpu"), 1e-4)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", [name for name in DIFFERENTIABLE if name not in DRAWN])
def test_gradients_match_finite_differences(name: str, order: int):
    for call in OPERATIONS[name].in_floats:
        exact = call.cast("float64")
        if call.order >= order and exact:
            check_slope(exact, order, (lambda x: (x + x.swapaxes(-1, -2)) / 2) if name in SYMMETRIC else lambda x: x)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_a_gpu_gives_the_gradients_that_the_cpu_gives(name: str, order: int):
    for call in OPERATIONS[name].in_floats:
        if call.order >= order:
            on_cpu = call.gradients(call.tensors, order)
            same(call.gradients([x.to("gpu") for x in call.tensors], order), on_cpu, 1e-3)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_refused_dtype_is_named(name: str):
    """What a function does not take raises DTypeError or another of rutile's errors, and changes nothing."""
    operation = OPERATIONS[name]
    for dtype in BY_NAME.keys() - set(operation.dtypes):
        for call in operation.calls:
            if call.tensors:
                with pytest.raises((rt.RutileError, TypeError), match="needs"):
                    rt.eval(*call.run([x.astype(dtype) for x in call.tensors]))


def same(got: list[rt.Tensor], expected: list[rt.Tensor], tolerance: float) -> None:
    assert [(x.shape, x.dtype) for x in got] == [(x.shape, x.dtype) for x in expected]
    for x, y in zip(got, expected, strict=True):
        finite = np.abs(y.numpy()[np.isfinite(y.numpy())], dtype=np.float64)
        scale = max(1.0, float(finite.max(initial=0.0)))
        np.testing.assert_allclose(x.numpy(), y.numpy(), rtol=tolerance, atol=tolerance * scale)


def check_slope(call: Call, order: int, within: Callable[..., np.ndarray]) -> None:
    """The derivative along a direction, at a point beside the example's, where there is no bend, in float64.

    `within` takes arrays to where the function is defined.
    """
    generator = np.random.default_rng(0)

    def value(tensors: list[rt.Tensor]) -> float:
        if order == 1:
            return weighted(y.requires_grad_() for y in call.run(tensors) if y.dtype.kind == "f").item()
        return weighted(x.requires_grad_() for x in call.gradients(tensors)).item()

    point = beside(call, value)
    point = [rt.tensor(within(x.numpy()), dtype="float64") if x.dtype.kind == "f" else x for x in point]
    directions = [within(generator.uniform(0.5, 1.5, x.shape)) for x in point]

    def moved(distance: float) -> list[rt.Tensor]:
        return [
            rt.tensor(x.numpy() + distance * direction, dtype="float64") if i in call.differentiable else x
            for i, (x, direction) in enumerate(zip(point, directions, strict=True))
        ]

    step = 1e-4
    expected = sum(weight * value(moved(multiple * step)) for multiple, weight in _STENCIL) / step
    gradients = zip(call.gradients(point, order), call.differentiable, strict=True)
    terms = np.concatenate([(x.numpy() * directions[i]).ravel() for x, i in gradients])
    assert abs(terms.sum() - expected) <= 1e-3 * max(1.0, np.abs(terms).sum())


def beside(call: Call, value: Callable[[list[rt.Tensor]], float]) -> list[rt.Tensor]:
    """The example's floats, each moved by an amount of its own, to where the function is finite."""
    for factor in (0.9, 1.1):
        point = []
        for place, x in enumerate(call.tensors):
            generator = np.random.default_rng(place)
            spread = (generator.permutation(x.size) + generator.random()).reshape(x.shape) / max(1, x.size)
            values = x.numpy() * factor + (factor - 0.8) * (0.2 + spread)
            point.append(rt.tensor(values, dtype="float64") if x.dtype.kind == "f" else x)
        with np.errstate(all="ignore"):
            if np.isfinite(value(point)):
                return point
    raise AssertionError("no finite value beside the example")
