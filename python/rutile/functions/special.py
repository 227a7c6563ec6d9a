"""Elementwise functions of numbers: rows of the op table with special functions, and formulas made of rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile._core import unary
from rutile.elementwise import NUMBERS, combine
from rutile.functions._operands import as_float, as_floats, choose

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_EXP2, _EXPM1, _LOG2, _LOG10, _LOG1P = (NUMBERS[name] for name in ("exp2", "expm1", "log2", "log10", "log1p"))
_ERFC, _ERFINV, _LGAMMA, _DIGAMMA = (NUMBERS[name] for name in ("erfc", "erfinv", "lgamma", "digamma"))
_HYPOT, _LOGADDEXP, _COPYSIGN = (NUMBERS[name] for name in ("hypot", "logaddexp", "copysign"))
_FMOD, _NEXTAFTER = NUMBERS["fmod"], NUMBERS["nextafter"]


def neg(x: Tensor) -> Tensor:
    """`negative` under PyTorch's name.

    Example:
        >>> import rutile as rt
        >>> rt.neg(rt.tensor([1.0])).tolist()
        [-1.0]
    """
    return elementwise.negative(x)


def positive(x: Tensor, /) -> Tensor:
    """x itself.

    Example:
        >>> import rutile as rt
        >>> rt.positive(rt.tensor([1.0])).tolist()
        [1.0]
    """
    return _core.alias(x)


def real(x: Tensor, /) -> Tensor:
    """The real part: x itself, as rutile has no complex dtypes.

    Example:
        >>> import rutile as rt
        >>> rt.real(rt.tensor([1.0])).tolist()
        [1.0]
    """
    return _core.alias(x)


def imag(x: Tensor, /) -> Tensor:
    """The imaginary part: zeros, as rutile has no complex dtypes.

    Example:
        >>> import rutile as rt
        >>> rt.imag(rt.tensor([1.0])).tolist()
        [0.0]
    """
    return _core.full(list(x.shape), 0, x.dtype_name, x.device)


def conj(x: Tensor, /) -> Tensor:
    """The complex conjugate: x itself, as rutile has no complex dtypes.

    Example:
        >>> import rutile as rt
        >>> rt.conj(rt.tensor([1.0])).tolist()
        [1.0]
    """
    return _core.alias(x)


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
    """NaN replaced by a number, and infinities by the greatest and least finite float32, or as given.

    Example:
        >>> import rutile as rt
        >>> rt.nan_to_num(rt.tensor([float("nan"), 1.0])).tolist()
        [0.0, 1.0]
    """
    greatest = 3.4028234663852886e38
    x = choose(x == math.inf, greatest if posinf is None else posinf, x)
    x = choose(x == -math.inf, -greatest if neginf is None else neginf, x)
    return choose(x != x, nan, x)


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


def signbit(x: Tensor, /) -> Tensor:
    """Whether the sign is negative, that of zeros and NaN included.

    Example:
        >>> import rutile as rt
        >>> rt.signbit(rt.tensor([-0.0, 1.0])).tolist()
        [True, False]
    """
    return copysign(1.0, x) < 0 if x.dtype.kind == "f" else x < 0


def frac(x: Tensor) -> Tensor:
    """x less its integer part.

    Example:
        >>> import rutile as rt
        >>> rt.frac(rt.tensor([1.5])).tolist()
        [0.5]
    """
    return x - elementwise.trunc(x)


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


def copysign(x: Any, y: Any, /) -> Tensor:
    """|x| with the sign of y, that of zeros and NaN included.

    Example:
        >>> import rutile as rt
        >>> rt.copysign(rt.tensor([1.0]), rt.tensor([-2.0])).tolist()
        [-1.0]
    """
    return combine(_COPYSIGN, x, y)


def nextafter(x: Any, y: Any, /) -> Tensor:
    """The next number after x in the direction of y.

    Example:
        >>> import rutile as rt
        >>> (rt.nextafter(rt.tensor([1.0]), rt.tensor([2.0])) - 1.0).tolist() == [rt.finfo("float32").eps]
        True
    """
    return combine(_NEXTAFTER, x, y)


def fmod(x: Any, y: Any, /) -> Tensor:
    """Remainder of x / y with the sign of x; integers divided by zero give zero.

    Example:
        >>> import rutile as rt
        >>> rt.fmod(rt.tensor([-7.0]), rt.tensor([3.0])).tolist()
        [-1.0]
    """
    return combine(_FMOD, x, y)


def lerp(start: Tensor, end: Tensor, weight: Any) -> Tensor:
    """start + weight · (end - start).

    Example:
        >>> import rutile as rt
        >>> rt.lerp(rt.tensor([0.0]), rt.tensor([2.0]), 0.5).tolist()
        [1.0]
    """
    return start + (end - start) * weight


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value · tensor1 · tensor2.

    Example:
        >>> import rutile as rt
        >>> rt.addcmul(rt.ones((1,)), rt.ones((1,)), rt.ones((1,)), value=2.0).tolist()
        [3.0]
    """
    return input + tensor1 * tensor2 * value


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value · tensor1 / tensor2.

    Example:
        >>> import rutile as rt
        >>> rt.addcdiv(rt.ones((1,)), rt.ones((1,)), rt.ones((1,)), value=2.0).tolist()
        [3.0]
    """
    return input + tensor1 / tensor2 * value


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
