"""The normal distribution's functions: what is below a point, its logarithm and its inverse."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile.functions._operands import as_float, choose
from rutile.functions.special import erfc, log1p
from rutile.transforms.custom import custom_vjp

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_ROOT_2 = math.sqrt(2.0)
# erfcx(x) / t for t = 2 / (2 + x) and x from 0 on, as a polynomial of 2t - 1; within 4e-14.
_SCALED = (
    3.8900111164578584e-08, -1.6090565512918027e-08, -3.070509697437664e-07, 3.104837683712632e-07,
    9.873320705881955e-07, -2.156905254629284e-06, -5.329000040363034e-07, 8.292658944823517e-06,
    -1.0870025689384974e-05, -1.7179115092808777e-05, 7.224423409559642e-05, -1.7155587356598167e-05,
    -0.00033153884797513665, 0.00041864275213981516, 0.0015453063093305015, -0.0032395920212147603,
    -0.010755330963555914, 0.018221115730496194, 0.1397360462785188, 0.34358034220720773, 0.5107913526210097,
)  # fmt: skip
# Acklam's rational approximations of the inverse, within 1.2e-9: numerators and denominators, highest powers first.
_CENTRE = (
    (-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.383577518672690e2, -3.066479806614716e1,
     2.506628277459239),
    (-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1.0),
)  # fmt: skip
_TAIL = (
    (-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
     2.938163982698783),
    (7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0),
)  # fmt: skip


def erfcx(input: Tensor) -> Tensor:
    """exp(x²) · erfc(x), which is neither too small nor too great where the factors are.

    Example:
        >>> import rutile as rt
        >>> rt.special.erfcx(rt.tensor([0.0])).tolist()
        [1.0]
    """
    return _erfcx(as_float(input))


def ndtr(input: Tensor) -> Tensor:
    """The part of the standard normal distribution below each element.

    Example:
        >>> import rutile as rt
        >>> rt.special.ndtr(rt.tensor([0.0])).tolist()
        [0.5]
    """
    return erfc(as_float(input) * (-1.0 / _ROOT_2)) * 0.5


def log_ndtr(input: Tensor) -> Tensor:
    """Logarithm of `ndtr`, precise where that is small.

    Example:
        >>> import rutile as rt
        >>> round(rt.special.log_ndtr(rt.tensor([-20.0])).item(), 2)
        -203.92
    """
    x = as_float(input) * (1.0 / _ROOT_2)
    low = x < -0.7
    tail = choose(low, x, -1.0)
    body = choose(low, 0.0, x)
    return choose(low, elementwise.log(_erfcx(-tail) * 0.5) - tail * tail, log1p(erfc(body) * -0.5))


def ndtri(input: Tensor) -> Tensor:
    """The point below which a given part of the standard normal distribution lies: the inverse of `ndtr`, within 1e-8.

    Source: Acklam, An algorithm for computing the inverse normal cumulative distribution function (2003).

    Example:
        >>> import rutile as rt
        >>> rt.special.ndtri(rt.tensor([0.5])).tolist()
        [0.0]
    """
    return _ndtri(as_float(input))


def entr(input: Tensor) -> Tensor:
    """-x · log(x): zero at zero, -inf below it.

    Example:
        >>> import rutile as rt
        >>> rt.special.entr(rt.tensor([0.0, 1.0])).tolist()
        [0.0, -0.0]
    """
    x = as_float(input)
    plain = x > 0
    safe = choose(plain, x, 1.0)
    other = choose(x < 0, -math.inf, x)
    return choose(plain, -safe * elementwise.log(safe), other)


@custom_vjp
def _erfcx(x: Tensor) -> Tensor:
    size = elementwise.abs(x)
    t = 2.0 / (size + 2.0)
    right = _polynomial(_SCALED, t * 2.0 - 1.0) * t
    below = elementwise.minimum(x, 0.0)
    return choose(x < 0, elementwise.exp(below * below) * 2.0 - right, right)


def _erfcx_rule(x: Tensor, g: Tensor) -> tuple[Tensor]:
    return (g * (_erfcx(x) * x * 2.0 - 2.0 / math.sqrt(math.pi)),)


_erfcx.defvjp(lambda x: (_erfcx(x), x), _erfcx_rule)


@custom_vjp
def _ndtri(p: Tensor) -> Tensor:
    rest = elementwise.minimum(p, 1.0 - p)
    far = rest < 0.02425
    q = p - 0.5
    square = choose(far, 0.0, q * q)
    centre = q * _polynomial(_CENTRE[0], square) / _polynomial(_CENTRE[1], square)
    r = elementwise.sqrt(elementwise.log(choose(far & (rest > 0), rest, 0.01)) * -2.0)
    tail = _polynomial(_TAIL[0], r) / _polynomial(_TAIL[1], r)
    tail = choose(rest > 0, tail, choose(rest == 0, -math.inf, math.nan))
    return choose(far, choose(q > 0, -tail, tail), centre)


def _ndtri_rule(p: Tensor, g: Tensor) -> tuple[Tensor]:
    y = _ndtri(p)
    return (g * elementwise.exp(y * y * 0.5) * math.sqrt(2.0 * math.pi),)


_ndtri.defvjp(lambda p: (_ndtri(p), p), _ndtri_rule)


def _polynomial(coefficients: tuple[float, ...], x: Tensor) -> Tensor:
    total: Any = _core.full([], coefficients[0], x.dtype_name, x.device)
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total
