"""Angles: trigonometric and hyperbolic functions and their inverses, in radians."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import elementwise
from rutile.functions._operands import as_float, as_floats, choose, polynomial
from rutile.functions.special import expm1, log1p

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def tan(x: Tensor, /) -> Tensor:
    """Tangent, in radians.

    Example:
        >>> import rutile as rt
        >>> rt.tan(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return elementwise.sin(x) / elementwise.cos(x)


def sinh(x: Tensor, /) -> Tensor:
    """Hyperbolic sine.

    Example:
        >>> import rutile as rt
        >>> rt.sinh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = as_float(x)
    small = abs(x) < 1.0
    grown = expm1(choose(small, x, 0.0))
    # exp(|x| - ln 2) stays in range for as long as the result does.
    far = elementwise.exp(x - math.log(2.0)) - elementwise.exp(-x - math.log(2.0))
    return choose(small, 0.5 * (grown + grown / (grown + 1.0)), far)


def cosh(x: Tensor, /) -> Tensor:
    """Hyperbolic cosine.

    Example:
        >>> import rutile as rt
        >>> rt.cosh(rt.tensor([0.0])).tolist()
        [1.0]
    """
    x = as_float(x)
    return 0.5 * elementwise.exp(x) + 0.5 * elementwise.exp(-x)


def atan(x: Tensor, /) -> Tensor:
    """Angle in radians whose tangent is x.

    Example:
        >>> import rutile as rt
        >>> rt.atan(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = as_float(x)
    sign = choose(x < 0, -1.0, 1.0)
    size = x * sign
    # Cephes: three ranges, a polynomial of |z| <= tan(pi / 8).
    high, middle = size > 2.414213562373095, size > 0.4142135623730950
    turned = -1.0 / choose(high, size, 1.0)
    shifted = (choose(high, 1.0, size) - 1.0) / (choose(high, 1.0, size) + 1.0)
    z = choose(high, turned, choose(middle, shifted, size))
    base = choose(high, math.pi / 2, choose(middle, math.pi / 4, 0.0))
    square = z * z
    odd = polynomial(square, (8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1))
    return (base + (odd * square * z + z)) * sign


def atan2(y: Any, x: Any, /) -> Tensor:
    """Angle in radians, from -pi to pi, of the point (x, y).

    Example:
        >>> import rutile as rt
        >>> rt.atan2(rt.tensor([0.0]), rt.tensor([1.0])).tolist()
        [0.0]
    """
    x, y = as_floats(x, y)
    negative = (y < 0) | ((y == 0) & (1.0 / y < 0))
    backwards = (x < 0) | ((x == 0) & (1.0 / x < 0))
    steep = abs(y.detach()) > abs(x.detach())
    # The quotient is the one that does not exceed 1; of equal infinities it is 1.
    level = (abs(x) == math.inf) & (abs(y) == math.inf) | ((x == 0) & (y == 0))
    top, below = choose(steep, x, y), choose(steep, y, x)
    equals = choose(x == 0, 0.0, 1.0) * choose(negative, -1.0, 1.0) * choose(backwards, -1.0, 1.0)
    ratio = choose(level, equals, choose(level, 0.0, top) / choose(level, 1.0, below))
    angle = atan(ratio)
    upright = choose(negative, -math.pi / 2, math.pi / 2) - angle
    flat = choose(backwards, angle + choose(negative, -math.pi, math.pi), angle)
    signed_zero = (y == 0) & ~backwards
    return choose(steep, upright, choose(signed_zero & (x == 0), y, flat))


def asin(x: Tensor, /) -> Tensor:
    """Angle in radians whose sine is x.

    Example:
        >>> import rutile as rt
        >>> rt.asin(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = as_float(x)
    return 2.0 * atan(x / (1.0 + elementwise.sqrt((1.0 - x) * (1.0 + x))))


def acos(x: Tensor, /) -> Tensor:
    """Angle in radians whose cosine is x.

    Example:
        >>> import rutile as rt
        >>> rt.acos(rt.tensor([1.0])).tolist()
        [0.0]
    """
    x = as_float(x)
    return 2.0 * atan(elementwise.sqrt((1.0 - x) / (1.0 + x)))


def asinh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic sine.

    Example:
        >>> import rutile as rt
        >>> rt.asinh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = as_float(x)
    sign = choose(x < 0, -1.0, 1.0)
    size = x * sign
    far = size > 1e9
    near = choose(far, 0.0, size)
    square = near * near
    close = log1p(near + square / (1.0 + elementwise.sqrt(1.0 + square)))
    return sign * choose(far, elementwise.log(choose(far, size, 1.0)) + math.log(2.0), close)


def acosh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic cosine.

    Example:
        >>> import rutile as rt
        >>> rt.acosh(rt.tensor([1.0, 1.5])).round().tolist()
        [0.0, 1.0]
    """
    x = as_float(x)
    far = x > 1e9
    above = choose(far, 0.0, x - 1.0)
    close = log1p(above + elementwise.sqrt(above * 2.0 + above * above))
    return choose(far, elementwise.log(choose(far, x, 1.0)) + math.log(2.0), close)


def atanh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic tangent.

    Example:
        >>> import rutile as rt
        >>> rt.atanh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = as_float(x)
    sign = choose(x < 0, -1.0, 1.0)
    size = x * sign
    return sign * 0.5 * log1p(2.0 * size / (1.0 - size))


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
