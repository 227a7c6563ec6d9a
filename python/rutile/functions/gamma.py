"""The gamma function's relatives, and Bessel functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rutile import elementwise
from rutile._core import grad_enabled, unary
from rutile.elementwise import NUMBERS, combine
from rutile.errors import ArgumentError, GradientError
from rutile.functions._operands import as_float, choose

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_LGAMMA, _DIGAMMA, _I0, _I1 = (NUMBERS[name] for name in ("lgamma", "digamma", "i0", "i1"))
_IGAMMA, _IGAMMAC = NUMBERS["igamma"], NUMBERS["igammac"]
# From where on the series of the scaled Bessel functions are precise.
_FAR = 25.0
# Bernoulli's numbers B2, B4, ... over (2j)!.
_BERNOULLI = tuple(
    number / math.factorial(2 * j)
    for j, number in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6), 1)
)


def lgamma(x: Tensor, /) -> Tensor:
    """Logarithm of the absolute value of the gamma function.

    Example:
        >>> import rutile as rt
        >>> round(rt.lgamma(rt.tensor([5.0])).item(), 3)
        3.178
    """
    return unary(_LGAMMA, x)


def digamma(x: Tensor, /) -> Tensor:
    """Derivative of the logarithm of the gamma function.

    Example:
        >>> import rutile as rt
        >>> round(rt.digamma(rt.tensor([1.0])).item(), 3)
        -0.577
    """
    return unary(_DIGAMMA, x)


def polygamma(n: int, x: Tensor, /) -> Tensor:
    """The n-th derivative of the digamma function, for x above zero: (-1)^(n + 1) n! times the sum of 1/(x + k)^(n + 1).

    Example:
        >>> import rutile as rt
        >>> round(rt.polygamma(1, rt.tensor([1.0])).item(), 3)
        1.645
    """
    if n < 0:
        raise ArgumentError(f"polygamma needs n of at least 0, got {n}")
    if n == 0:
        return digamma(x)
    return zeta(float(n + 1), as_float(x)) * float((-1) ** (n + 1) * math.factorial(n))


def zeta(x: Any, q: Any, /) -> Tensor:
    """Hurwitz's zeta function: the sum of 1 / (k + q)^x over k = 0, 1, 2, ..., for x above one and q above zero.

    Example:
        >>> import rutile as rt
        >>> round(rt.special.zeta(rt.tensor([2.0]), rt.tensor([1.0])).item(), 3)
        1.645
    """
    # Ten terms of the sum, and the rest by Euler's and Maclaurin's formula.
    total: Any = 0.0
    for k in range(10):
        total = total + (q + float(k)) ** -x
    far = q + 10.0
    power = far**-x
    total = total + far * power * (1.0 / (x - 1.0)) + power * 0.5
    rising, power = x, power / far
    for j, number in enumerate(_BERNOULLI, 1):
        total = total + power * rising * number
        rising, power = rising * (x + float(2 * j - 1)) * (x + float(2 * j)), power / (far * far)
    return total


def mvlgamma(x: Tensor, p: int) -> Tensor:
    """Logarithm of the multivariate gamma function of dimension p, for x above (p - 1) / 2.

    Example:
        >>> import rutile as rt
        >>> round(rt.mvlgamma(rt.tensor([3.0]), 2).item(), 3)
        1.55
    """
    if p < 1:
        raise ArgumentError(f"mvlgamma needs p of at least 1, got {p}")
    total: Any = 0.25 * p * (p - 1) * math.log(math.pi)
    for j in range(p):
        total = total + lgamma(as_float(x) - 0.5 * j)
    return total


def igamma(input: Any, other: Any, /) -> Tensor:
    """Regularised lower incomplete gamma function: the integral of t^(a - 1) exp(-t) from 0 to x over gamma(a).

    a is the first argument, x the second; both are at least zero, and as tensors broadcast together.

    Raises:
        GradientError: a requires a gradient, as only the one for x is known.

    Example:
        >>> import rutile as rt
        >>> round(rt.igamma(2.0, rt.tensor([1.0])).item(), 4)
        0.2642
    """
    _need_constant("igamma", input)
    return combine(_IGAMMA, input, other)


def igammac(input: Any, other: Any, /) -> Tensor:
    """Regularised upper incomplete gamma function: 1 - igamma(a, x), precise where it is small.

    Raises:
        GradientError: a requires a gradient, as only the one for x is known.

    Example:
        >>> import rutile as rt
        >>> round(rt.igammac(2.0, rt.tensor([1.0])).item(), 4)
        0.7358
    """
    _need_constant("igammac", input)
    return combine(_IGAMMAC, input, other)


def _need_constant(name: str, a: Any) -> None:
    if getattr(a, "requires_grad", False) and grad_enabled():
        raise GradientError(
            f"{name} needs a first argument that requires no gradient, as only the one for the second is known, "
            "got one with requires_grad=True: pass a.detach()"
        )


def i0(x: Tensor, /) -> Tensor:
    """Modified Bessel function of the first kind of order 0.

    Example:
        >>> import rutile as rt
        >>> rt.i0(rt.tensor([0.0])).tolist()
        [1.0]
    """
    return unary(_I0, x)


def i1(x: Tensor, /) -> Tensor:
    """Modified Bessel function of the first kind of order 1.

    Example:
        >>> import rutile as rt
        >>> rt.i1(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_I1, x)


def i0e(input: Tensor) -> Tensor:
    """i0(x) · exp(-|x|), which stays finite.

    Example:
        >>> import rutile as rt
        >>> rt.special.i0e(rt.tensor([0.0])).tolist()
        [1.0]
    """
    x = as_float(input)
    return _scaled(i0, x, 0.0)


def i1e(input: Tensor) -> Tensor:
    """i1(x) · exp(-|x|), which stays finite.

    Example:
        >>> import rutile as rt
        >>> rt.special.i1e(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = as_float(input)
    return _scaled(i1, x, 4.0) * choose((x < 0) & (elementwise.abs(x) > _FAR), -1.0, 1.0)


def _scaled(function: Callable[[Tensor], Tensor], x: Tensor, order: float) -> Tensor:
    """A Bessel function times exp(-|x|): beyond `_FAR` Hankel's series (Abramowitz and Stegun, 9.7.1) of 4 order²."""
    size = elementwise.abs(x)
    far = size > _FAR
    near = choose(far, 0.0, x)
    large = choose(far, size, _FAR)
    term: Any = 1.0
    series: Any = 1.0
    for k in range(1, 12):
        term = term * ((2 * k - 1) ** 2 - order) / (large * (8.0 * k))
        series = series + term
    return choose(
        far, series / elementwise.sqrt(large * math.tau), function(near) * elementwise.exp(-elementwise.abs(near))
    )
