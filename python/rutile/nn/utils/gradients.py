"""Gradients kept from being too large. Nothing is read: the work joins the optimizer's step."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import rutile as rt
from rutile.errors import ArgumentError
from rutile.tensor import Tensor

__all__ = ["clip_grad_norm_", "clip_grad_value_", "clip_grads_with_norm_", "get_total_norm"]

Tensors = Tensor | Iterable[Tensor]


def clip_grad_norm_(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> rt.Tensor:
    """Scale all gradients by one factor, so that the norm of all together is at most `max_norm`; return the norm before.

    `error_if_nonfinite` reads the norm, and waits for it. `foreach` may be given, and makes no difference.

    Raises ArgumentError when the norm is read and is infinite or NaN.

    >>> weight = rt.tensor([3.0, 4.0], requires_grad=True)
    >>> (weight * weight).sum().backward()
    >>> clip_grad_norm_([weight], 1.0).item()
    10.0
    >>> [round(g, 3) for g in weight.grad.tolist()]
    [0.6, 0.8]
    """
    listed = _listed(parameters)
    total = get_total_norm([x.grad for x in listed if x.grad is not None], norm_type, error_if_nonfinite)
    clip_grads_with_norm_(listed, max_norm, total)
    return total


def clip_grads_with_norm_(
    parameters: Tensors, max_norm: float, total_norm: rt.Tensor, foreach: bool | None = None
) -> None:
    """Scale all gradients as `clip_grad_norm_` does, by a norm that is known already.

    >>> weight = rt.tensor([3.0, 4.0], requires_grad=True)
    >>> (weight * weight).sum().backward()
    >>> clip_grads_with_norm_([weight], 5.0, rt.tensor(10.0))
    >>> [round(g, 3) for g in weight.grad.tolist()]
    [3.0, 4.0]
    """
    scale = rt.clip(float(max_norm) / (total_norm + 1e-6), None, 1.0)
    for x in _listed(parameters):
        if x.grad is not None:
            x.grad = x.grad * scale.astype(x.grad.dtype)


def clip_grad_value_(parameters: Tensors, clip_value: float, foreach: bool | None = None) -> None:
    """Limit every element of the gradients to [-clip_value, clip_value].

    >>> weight = rt.tensor([3.0, -4.0], requires_grad=True)
    >>> (weight * weight).sum().backward()
    >>> clip_grad_value_([weight], 7.0)
    >>> weight.grad.tolist()
    [6.0, -7.0]
    """
    if clip_value < 0:
        raise ArgumentError(f"clip_grad_value_ needs clip_value >= 0, got {clip_value}")
    for x in _listed(parameters):
        if x.grad is not None:
            x.grad = rt.clip(x.grad, -float(clip_value), float(clip_value))


def get_total_norm(
    tensors: Tensors, norm_type: float = 2.0, error_if_nonfinite: bool = False, foreach: bool | None = None
) -> rt.Tensor:
    """Return the norm of all elements of all tensors together, 0-d; `norm_type` may be infinite.

    Raises ArgumentError when `error_if_nonfinite` is set and the norm is infinite or NaN.

    >>> get_total_norm([rt.tensor([3.0]), rt.tensor([4.0])]).item()
    5.0
    """
    listed: list[Any] = _listed(tensors)
    if not listed:
        return rt.tensor(0.0)
    parts = [rt.vector_norm(x.detach(), ord=norm_type).astype("float32") for x in listed]
    total = rt.vector_norm(rt.stack([part.to(parts[0].device) for part in parts]), ord=norm_type)
    if error_if_nonfinite and not math.isfinite(total.item()):
        raise ArgumentError(
            f"get_total_norm needs a finite norm of order {norm_type}, got {total.item()}: look for NaN or infinities in "
            "the loss, or pass error_if_nonfinite=False"
        )
    return total


def _listed(tensors: Tensors) -> list[rt.Tensor]:
    return [tensors] if isinstance(tensors, rt.Tensor) else list(tensors)
