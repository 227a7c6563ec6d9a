"""The initial values of weights."""

from __future__ import annotations

import math

import rutile as rt

__all__ = ["fan_in_uniform"]


def fan_in_uniform(shape: tuple[int, ...], fan_in: int, device: str | None = None) -> rt.Tensor:
    """Return a trainable tensor drawn from U(-b, b), b = 1 / sqrt(fan_in): PyTorch's start for Linear and Conv layers.

    The draw is evaluated here, so that no later graph makes it again.

    >>> fan_in_uniform((3, 4), fan_in=4).shape
    (3, 4)
    """
    bound = 1.0 / math.sqrt(fan_in) if fan_in > 0 else 0.0
    values = rt.random.uniform(shape, low=-bound, high=bound, device=device)
    values.requires_grad_(True)
    rt.eval(values)
    return values
