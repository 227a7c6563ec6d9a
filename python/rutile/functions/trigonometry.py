"""Angles: trigonometric and hyperbolic functions and their inverses, in radians."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import elementwise
from rutile._core import unary
from rutile.elementwise import NUMBERS, combine
from rutile.functions._operands import as_float, choose

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_TAN, _ASIN, _ACOS, _ATAN, _ATAN2 = (NUMBERS[name] for name in ("tan", "asin", "acos", "atan", "atan2"))
_SINH, _COSH, _ASINH, _ACOSH, _ATANH = (NUMBERS[name] for name in ("sinh", "cosh", "asinh", "acosh", "atanh"))


def tan(x: Tensor, /) -> Tensor:
    """Tangent, in radians.

    Example:
        >>> import rutile as rt
        >>> rt.tan(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_TAN, x)


def sinh(x: Tensor, /) -> Tensor:
    """Hyperbolic sine.

    Example:
        >>> import rutile as rt
        >>> rt.sinh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_SINH, x)


def cosh(x: Tensor, /) -> Tensor:
    """Hyperbolic cosine.

    Example:
        >>> import rutile as rt
        >>> rt.cosh(rt.tensor([0.0])).tolist()
        [1.0]
    """
    return unary(_COSH, x)


def atan(x: Tensor, /) -> Tensor:
    """Angle in radians whose tangent is x.

    Example:
        >>> import rutile as rt
        >>> rt.atan(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_ATAN, x)


def atan2(y: Any, x: Any, /) -> Tensor:
    """Angle in radians, from -pi to pi, of the point (x, y).

    Example:
        >>> import rutile as rt
        >>> rt.atan2(rt.tensor([0.0]), rt.tensor([1.0])).tolist()
        [0.0]
    """
    return combine(_ATAN2, y, x)


def asin(x: Tensor, /) -> Tensor:
    """Angle in radians whose sine is x.

    Example:
        >>> import rutile as rt
        >>> rt.asin(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_ASIN, x)


def acos(x: Tensor, /) -> Tensor:
    """Angle in radians whose cosine is x.

    Example:
        >>> import rutile as rt
        >>> rt.acos(rt.tensor([1.0])).tolist()
        [0.0]
    """
    return unary(_ACOS, x)


def asinh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic sine.

    Example:
        >>> import rutile as rt
        >>> rt.asinh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_ASINH, x)


def acosh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic cosine.

    Example:
        >>> import rutile as rt
        >>> rt.acosh(rt.tensor([1.5])).round().tolist()
        [1.0]
    """
    return unary(_ACOSH, x)


def atanh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic tangent.

    Example:
        >>> import rutile as rt
        >>> rt.atanh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_ATANH, x)


def sinc(x: Tensor, /) -> Tensor:
    """sin(pi x) / (pi x), one at zero.

    Example:
        >>> import rutile as rt
        >>> rt.sinc(rt.tensor([0.0])).tolist()
        [1.0]
    """
    scaled = as_float(x) * math.pi
    zero = scaled == 0
    safe = choose(zero, 1.0, scaled)
    return choose(zero, 1.0, elementwise.sin(safe) / safe)


def deg2rad(x: Tensor) -> Tensor:
    """Degrees as radians.

    Example:
        >>> import rutile as rt
        >>> rt.deg2rad(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return x * (math.pi / 180.0)


def rad2deg(x: Tensor) -> Tensor:
    """Radians as degrees.

    Example:
        >>> import rutile as rt
        >>> rt.rad2deg(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return x * (180.0 / math.pi)
