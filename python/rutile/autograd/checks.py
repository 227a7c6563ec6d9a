"""Checks of gradients under PyTorch's names; `rutile.testing.gradcheck` takes references and devices too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rutile.tensor import Tensor

__all__ = ["gradcheck", "gradgradcheck"]


def gradcheck(
    func: Callable[..., Tensor],
    inputs: Tensor | Sequence[Tensor],
    *,
    atol: float | None = None,
    rtol: float | None = None,
    raise_exception: bool = True,
) -> bool:
    """Compares the gradients of func with finite differences in float32; True if they agree.

    Raises:
        AssertionError: they differ, unless raise_exception is False, which gives False.

    Example:
        >>> import rutile as rt
        >>> rt.autograd.gradcheck(rt.sin, rt.tensor([0.5, 1.0]))
        True
    """
    return _checked(func, inputs, 1, atol, rtol, raise_exception)


def gradgradcheck(
    func: Callable[..., Tensor],
    inputs: Tensor | Sequence[Tensor],
    *,
    atol: float | None = None,
    rtol: float | None = None,
    raise_exception: bool = True,
) -> bool:
    """Compares gradients, and gradients of gradients, with finite differences; True if they agree.

    Raises:
        AssertionError: they differ, unless raise_exception is False, which gives False.

    Example:
        >>> import rutile as rt
        >>> rt.autograd.gradgradcheck(rt.sin, rt.tensor([0.5, 1.0]))
        True
    """
    return _checked(func, inputs, 2, atol, rtol, raise_exception)


def _checked(func: Any, inputs: Any, order: int, atol: Any, rtol: Any, raise_exception: bool) -> bool:
    from rutile.testing import gradcheck as check

    listed = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    try:
        return check(func, listed, order, device=listed[0].device, atol=atol, rtol=rtol)
    except AssertionError:
        if raise_exception:
            raise
        return False
