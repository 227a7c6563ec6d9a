"""Questions about each element, and truth: NaN and infinities, closeness, logical functions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile.dtypes import finfo
from rutile.functions._operands import as_float, choose

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def isnan(x: Tensor, /) -> Tensor:
    """Whether each element is NaN.

    Example:
        >>> import rutile as rt
        >>> rt.isnan(rt.tensor([1.0, float("nan")])).tolist()
        [False, True]
    """
    return x != x


def isinf(x: Tensor, /) -> Tensor:
    """Whether each element is infinite.

    Example:
        >>> import rutile as rt
        >>> rt.isinf(rt.tensor([1.0, float("-inf")])).tolist()
        [False, True]
    """
    return abs(as_float(x)) == math.inf


def isfinite(x: Tensor, /) -> Tensor:
    """Whether each element is neither infinite nor NaN.

    Example:
        >>> import rutile as rt
        >>> rt.isfinite(rt.tensor([1.0, float("nan")])).tolist()
        [True, False]
    """
    return abs(as_float(x)) < math.inf


def isposinf(x: Tensor, /) -> Tensor:
    """Whether each element is positive infinity.

    Example:
        >>> import rutile as rt
        >>> rt.isposinf(rt.tensor([1.0, float("inf")])).tolist()
        [False, True]
    """
    return as_float(x) == math.inf


def isneginf(x: Tensor, /) -> Tensor:
    """Whether each element is negative infinity.

    Example:
        >>> import rutile as rt
        >>> rt.isneginf(rt.tensor([1.0, float("-inf")])).tolist()
        [False, True]
    """
    return as_float(x) == -math.inf


def isreal(x: Tensor, /) -> Tensor:
    """Whether each element is real: true, as rutile has no complex dtypes.

    Example:
        >>> import rutile as rt
        >>> rt.isreal(rt.tensor([1.0])).tolist()
        [True]
    """
    return _core.full(list(x.shape), True, "bool", x.device)


def isclose(x: Tensor, y: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Whether |x - y| <= atol + rtol · |y|, or both are the same infinity.

    Example:
        >>> import rutile as rt
        >>> rt.isclose(rt.tensor([1.0]), rt.tensor([1.0 + 1e-7])).tolist()
        [True]
    """
    near = (x == y) | (isfinite(y) & (abs(as_float(x) - y) <= atol + rtol * abs(as_float(y))))
    return near | (isnan(x) & isnan(y)) if equal_nan else near


def allclose(x: Tensor, y: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> bool:
    """Whether all elements are close; see `isclose`. The answer is read to the host.

    Example:
        >>> import rutile as rt
        >>> rt.allclose(rt.tensor([1.0]), rt.tensor([1.0]))
        True
    """
    return bool(isclose(x, y, rtol, atol, equal_nan).all().item())


def nan_to_num(x: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """NaN replaced by a number, and infinities by the greatest and least finite numbers, or as given.

    Example:
        >>> import rutile as rt
        >>> rt.nan_to_num(rt.tensor([float("nan"), 1.0])).tolist()
        [0.0, 1.0]
    """
    greatest = finfo(x.dtype).max if x.dtype.kind == "f" else math.inf
    x = choose(x == math.inf, greatest if posinf is None else posinf, x)
    x = choose(x == -math.inf, -greatest if neginf is None else neginf, x)
    return choose(x != x, nan, x)


def logical_not(x: Tensor, /) -> Tensor:
    """Whether each element is false (zero).

    Example:
        >>> import rutile as rt
        >>> rt.logical_not(rt.tensor([True, False])).tolist()
        [False, True]
    """
    return elementwise.bitwise_invert(_truth(x))


def logical_and(x: Any, y: Any, /) -> Tensor:
    """Whether both are true (not zero).

    Example:
        >>> import rutile as rt
        >>> rt.logical_and(rt.tensor([True, True]), rt.tensor([True, False])).tolist()
        [True, False]
    """
    return elementwise.bitwise_and(_truth(x), _truth(y))


def logical_or(x: Any, y: Any, /) -> Tensor:
    """Whether one is true (not zero).

    Example:
        >>> import rutile as rt
        >>> rt.logical_or(rt.tensor([True, False]), rt.tensor([False, False])).tolist()
        [True, False]
    """
    return elementwise.bitwise_or(_truth(x), _truth(y))


def logical_xor(x: Any, y: Any, /) -> Tensor:
    """Whether exactly one is true (not zero).

    Example:
        >>> import rutile as rt
        >>> rt.logical_xor(rt.tensor([True, True]), rt.tensor([True, False])).tolist()
        [False, True]
    """
    return elementwise.bitwise_xor(_truth(x), _truth(y))


def _truth(x: Any) -> Any:
    return x.astype("bool") if isinstance(x, _core.TensorBase) else bool(x)  # type: ignore[attr-defined]
