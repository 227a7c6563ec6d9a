"""Checks of gradients against finite differences, for users who write their own functions of tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rutile.creation import tensor
from rutile.tensor import Tensor
from rutile.transforms.gradients import grad

__all__ = ["gradcheck"]

Array = np.ndarray[Any, Any]

# The four-point stencil for first derivatives: weights of f at these multiples of the step; its error is O(step^4).
_STENCIL = ((1, 2 / 3), (-1, -2 / 3), (2, -1 / 12), (-2, 1 / 12))


def gradcheck(
    f: Callable[..., Tensor],
    inputs: Sequence[Any],
    order: int = 1,
    *,
    reference: Callable[..., Any] | None = None,
    device: str | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    seed: int = 0,
) -> bool:
    """Compares the gradients of f with finite differences; True, so that it can be asserted.

    The result of f, of any shape, is weighted with fixed random numbers and summed. Keep the inputs away from points
    where f has a jump or a bend: they are moved by 0.001 (0.02 without a reference) of their size, at least of 1.

    Args:
        f: takes one tensor for each input and returns a float32 tensor.
        inputs: arrays or tensors, converted to float32; f's other arguments are bound beforehand.
        order: 1 for gradients, 2 to also check the gradient of the gradient along a random direction.
        reference: the same function of float64 NumPy arrays; without it, f itself is moved in float32.
        device: where f is run; the default device if None.
        rtol, atol: |difference| <= atol * max(1, greatest |gradient|) + rtol * |gradient|; 1e-4 for both with a
            reference, 5e-3 without.
        seed: of the random weights and directions.

    Raises:
        AssertionError: a gradient is off, or has another shape than its input; the message says where.

    Example:
        >>> import rutile as rt
        >>> from rutile.testing import gradcheck
        >>> gradcheck(lambda x: x.sin() * x, [[0.5, 1.0]], order=2)
        True
    """
    if order not in (1, 2):
        raise ValueError(f"gradcheck needs order 1 or 2, got {order}")
    default = 5e-3 if reference is None else 1e-4
    rtol, atol = default if rtol is None else rtol, default if atol is None else atol
    step = 1e-2 if reference is None else 5e-4
    arrays = [np.asarray(value, dtype=np.float32).astype(np.float64) for value in inputs]

    def on_device(points: Sequence[Array]) -> list[Tensor]:
        return [tensor(point, dtype="float32", device=device) for point in points]

    def run(*points: Array) -> Array:
        if reference is not None:
            return np.asarray(reference(*points), dtype=np.float64)
        return f(*on_device(points)).numpy().astype(np.float64)

    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.5, 1.5, run(*arrays).shape)
    numbers = tuple(range(len(arrays)))

    def weighted(*tensors: Tensor) -> Tensor:
        return (f(*tensors) * tensor(weights, dtype="float32", device=device)).sum()

    gradient = grad(weighted, numbers)

    def value(*points: Array) -> float:
        return float((run(*points) * weights).sum())

    actual = [result.numpy() for result in gradient(*on_device(arrays))]
    _compare("gradient", actual, _differences(value, arrays, step), rtol, atol)
    if order == 1:
        return True

    directions = [generator.uniform(0.5, 1.5, array.shape) for array in arrays]

    def slope(*tensors: Tensor) -> Tensor:
        # The zeros let functions of constant gradient pass, whose gradients depend on nothing.
        zeros = sum((x * 0.0).sum() for x in tensors)
        products = zip(gradient(*tensors), on_device(directions), strict=True)
        return sum(((slopes * direction).sum() for slopes, direction in products), zeros)  # type: ignore[return-value]

    def slope_value(*points: Array) -> float:
        if reference is None:
            slopes = gradient(*on_device(points))
            return sum(float((s.numpy() * d).sum()) for s, d in zip(slopes, directions, strict=True))
        moved = [(m, w, [p + m * step * d for p, d in zip(points, directions, strict=True)]) for m, w in _STENCIL]
        return sum(w * value(*point) for _, w, point in moved) / step

    actual = [result.numpy() for result in grad(slope, numbers)(*on_device(arrays))]
    _compare("second gradient", actual, _differences(slope_value, arrays, step), rtol, atol)
    return True


def _differences(value: Callable[..., float], arrays: list[Array], step: float) -> list[Array]:
    """The derivative of `value` for every element of every array."""
    results = []
    for number, array in enumerate(arrays):
        result = np.zeros(array.shape)
        for position in np.ndindex(array.shape):
            size = step * max(1.0, abs(float(array[position])))
            for multiple, weight in _STENCIL:
                moved = array.copy()
                moved[position] += multiple * size
                result[position] += weight * value(*arrays[:number], moved, *arrays[number + 1 :]) / size
        results.append(result)
    return results


def _compare(what: str, actual: list[Array], expected: list[Array], rtol: float, atol: float) -> None:
    for number, (got, want) in enumerate(zip(actual, expected, strict=True)):
        name = f"{what} for input {number}"
        if got.shape != want.shape:
            raise AssertionError(f"{name} needs shape {want.shape}, got {got.shape}")
        scale = max(1.0, float(np.abs(want).max(initial=0.0)))
        wrong = np.argwhere(~(np.abs(got - want) <= atol * scale + rtol * np.abs(want)))
        if len(wrong):
            at = tuple(int(i) for i in wrong[0])
            raise AssertionError(
                f"{name} needs {float(want[at]):.6g} at {at} by finite differences, got {float(got[at]):.6g}; "
                f"{len(wrong)} of {want.size} elements differ"
            )
