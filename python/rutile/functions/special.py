"""Exponentials, logarithms, error functions and what is made of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import elementwise
from rutile._core import unary
from rutile.elementwise import NUMBERS, combine
from rutile.functions._operands import as_floats, choose

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_EXP2, _EXPM1, _LOG2, _LOG10, _LOG1P = (NUMBERS[name] for name in ("exp2", "expm1", "log2", "log10", "log1p"))
_ERFC, _ERFINV = NUMBERS["erfc"], NUMBERS["erfinv"]
_HYPOT, _LOGADDEXP = NUMBERS["hypot"], NUMBERS["logaddexp"]


def expm1(x: Tensor, /) -> Tensor:
    """exp(x) - 1, precise near zero.

    Example:
        >>> import rutile as rt
        >>> rt.expm1(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_EXPM1, x)


def log1p(x: Tensor, /) -> Tensor:
    """Natural logarithm of 1 + x, precise near zero.

    Example:
        >>> import rutile as rt
        >>> rt.log1p(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_LOG1P, x)


def exp2(x: Tensor, /) -> Tensor:
    """2 to the power of each element.

    Example:
        >>> import rutile as rt
        >>> rt.exp2(rt.tensor([3.0])).tolist()
        [8.0]
    """
    return unary(_EXP2, x)


def log2(x: Tensor, /) -> Tensor:
    """Logarithm to the base 2.

    Example:
        >>> import rutile as rt
        >>> rt.log2(rt.tensor([1.0])).tolist()
        [0.0]
    """
    return unary(_LOG2, x)


def log10(x: Tensor, /) -> Tensor:
    """Logarithm to the base 10.

    Example:
        >>> import rutile as rt
        >>> rt.log10(rt.tensor([1.0])).tolist()
        [0.0]
    """
    return unary(_LOG10, x)


def rsqrt(x: Tensor, /) -> Tensor:
    """One divided by the square root.

    Example:
        >>> import rutile as rt
        >>> rt.rsqrt(rt.tensor([4.0])).tolist()
        [0.5]
    """
    return 1.0 / elementwise.sqrt(x)


def erfc(x: Tensor, /) -> Tensor:
    """1 - erf(x), precise where it is small.

    Example:
        >>> import rutile as rt
        >>> rt.erfc(rt.tensor([0.0])).tolist()
        [1.0]
    """
    return unary(_ERFC, x)


def erfinv(x: Tensor, /) -> Tensor:
    """Inverse of the error function.

    Example:
        >>> import rutile as rt
        >>> rt.erfinv(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_ERFINV, x)


def logit(x: Tensor, eps: float | None = None) -> Tensor:
    """log(x / (1 - x)), with x first limited to [eps, 1 - eps] if eps is given.

    Example:
        >>> import rutile as rt
        >>> rt.logit(rt.tensor([0.5])).tolist()
        [0.0]
    """
    if eps is not None:
        x = elementwise.clip(x, eps, 1.0 - eps)
    return elementwise.log(x / (1.0 - x))


def hypot(x: Any, y: Any, /) -> Tensor:
    """Square root of x² + y², without overflow on the way.

    Example:
        >>> import rutile as rt
        >>> rt.hypot(rt.tensor([3.0]), rt.tensor([4.0])).tolist()
        [5.0]
    """
    return combine(_HYPOT, x, y)


def logaddexp(x: Any, y: Any, /) -> Tensor:
    """log(exp(x) + exp(y)) without overflow.

    Example:
        >>> import rutile as rt
        >>> round(rt.logaddexp(rt.tensor([0.0]), rt.tensor([0.0])).item(), 4)
        0.6931
    """
    return combine(_LOGADDEXP, x, y)


def logaddexp2(x: Any, y: Any, /) -> Tensor:
    """log2(2**x + 2**y) without overflow.

    Example:
        >>> import rutile as rt
        >>> rt.logaddexp2(rt.tensor([0.0]), rt.tensor([0.0])).tolist()
        [1.0]
    """
    x, y = as_floats(x, y)
    return logaddexp(x * math.log(2.0), y * math.log(2.0)) * (1.0 / math.log(2.0))


def xlog1py(x: Any, y: Any, /) -> Tensor:
    """x log(1 + y), zero where x is; precise near y = 0.

    Example:
        >>> import rutile as rt
        >>> rt.special.xlog1py(rt.tensor([0.0]), rt.tensor([-1.0])).tolist()
        [0.0]
    """
    x, y = as_floats(x, y)
    none = (x == 0) & (y == y)
    gone = none & (y <= -1)
    return choose(none, x * 0.0, x) * log1p(choose(gone, 0.0, y))


def xlogy(x: Any, y: Any, /) -> Tensor:
    """x log(y), zero where x is.

    Example:
        >>> import rutile as rt
        >>> rt.xlogy(rt.tensor([0.0]), rt.tensor([0.0])).tolist()
        [0.0]
    """
    x, y = as_floats(x, y)
    none = (x == 0) & (y == y)
    gone = none & (y <= 0)
    return choose(none, x * 0.0, x) * elementwise.log(choose(gone, 1.0, y))
