"""The initial values of weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import rutile as rt

__all__ = ["constant", "fan_in_uniform", "normal", "uniform"]


def fan_in_uniform(shape: Sequence[int], fan_in: int, device: str | None = None) -> rt.Tensor:
    """Return a trainable tensor drawn from U(-b, b), b = 1 / sqrt(fan_in): PyTorch's start for Linear and Conv layers.

    The draw is evaluated here, so that no later graph makes it again.

    >>> fan_in_uniform((3, 4), fan_in=4).shape
    (3, 4)
    """
    return uniform(shape, 1.0 / math.sqrt(fan_in) if fan_in > 0 else 0.0, device)


def uniform(shape: Sequence[int], bound: float, device: str | None = None) -> rt.Tensor:
    """Return a trainable tensor drawn from U(-bound, bound).

    >>> uniform((3, 4), 0.5).abs().max().item() <= 0.5
    True
    """
    return _trainable(rt.random.uniform(tuple(shape), low=-bound, high=bound, device=device))


def normal(shape: Sequence[int], device: str | None = None) -> rt.Tensor:
    """Return a trainable tensor drawn from the standard normal distribution.

    >>> normal((3, 4)).shape
    (3, 4)
    """
    return _trainable(rt.random.normal(tuple(shape), device=device))


def constant(shape: Sequence[int], value: float, device: str | None = None) -> rt.Tensor:
    """Return a trainable tensor of one value everywhere.

    >>> constant((2,), 1.0).tolist()
    [1.0, 1.0]
    """
    return _trainable(rt.full(tuple(shape), value, device=device))


def _trainable(values: rt.Tensor) -> rt.Tensor:
    values.requires_grad_(True)
    rt.eval(values)
    return values
