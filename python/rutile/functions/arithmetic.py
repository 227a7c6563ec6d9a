"""Arithmetic by PyTorch's names: products and quotients added, remainders, limits, whole numbers, steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from rutile import _core, elementwise
from rutile.elementwise import NUMBERS, combine
from rutile.functions._operands import as_float, choose

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_FMOD, _GCD, _COPYSIGN, _NEXTAFTER = (NUMBERS[name] for name in ("fmod", "gcd", "copysign", "nextafter"))


class MantissaAndExponent(NamedTuple):
    """Numbers as mantissa · 2^exponent."""

    mantissa: Tensor
    exponent: Tensor


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


def angle(x: Tensor, /) -> Tensor:
    """The angle of a number in the complex plane: pi of those below zero, else zero; NaN of NaN.

    Example:
        >>> import rutile as rt
        >>> rt.angle(rt.tensor([-2.0, 2.0])).round(decimals=2).tolist() == rt.tensor([3.14, 0.0]).tolist()
        True
    """
    x = as_float(x)
    return choose(x < 0, math.pi, choose(x != x, x, 0.0))


def nextafter(x: Any, y: Any, /) -> Tensor:
    """The next number after x in the direction of y.

    Example:
        >>> import rutile as rt
        >>> (rt.nextafter(rt.tensor([1.0]), rt.tensor([2.0])) - 1.0).tolist() == [rt.finfo("float32").eps]
        True
    """
    return combine(_NEXTAFTER, x, y)


def copysign(x: Any, y: Any, /) -> Tensor:
    """|x| with the sign of y, that of zeros and NaN included.

    Example:
        >>> import rutile as rt
        >>> rt.copysign(rt.tensor([1.0]), rt.tensor([-2.0])).tolist()
        [-1.0]
    """
    return combine(_COPYSIGN, x, y)


def signbit(x: Tensor, /) -> Tensor:
    """Whether the sign is negative, that of zeros and NaN included.

    Example:
        >>> import rutile as rt
        >>> rt.signbit(rt.tensor([-0.0, 1.0])).tolist()
        [True, False]
    """
    return copysign(1.0, x) < 0 if x.dtype.kind == "f" else x < 0


def fmod(x: Any, y: Any, /) -> Tensor:
    """Remainder of x / y with the sign of x; integers divided by zero give zero.

    Example:
        >>> import rutile as rt
        >>> rt.fmod(rt.tensor([-7.0]), rt.tensor([3.0])).tolist()
        [-1.0]
    """
    return combine(_FMOD, x, y)


def frac(x: Tensor) -> Tensor:
    """x less its integer part.

    Example:
        >>> import rutile as rt
        >>> rt.frac(rt.tensor([1.5])).tolist()
        [0.5]
    """
    return x - elementwise.trunc(x)


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


def fmax(x: Any, y: Any, /) -> Tensor:
    """The larger of x and y; of a number and NaN the number.

    Example:
        >>> import rutile as rt
        >>> rt.fmax(rt.tensor([1.0, float("nan")]), rt.tensor([2.0, 3.0])).tolist()
        [2.0, 3.0]
    """
    x, y = _pair(x, y)
    return choose(x != x, y, choose(y != y, x, elementwise.maximum(x, y)))


def fmin(x: Any, y: Any, /) -> Tensor:
    """The smaller of x and y; of a number and NaN the number.

    Example:
        >>> import rutile as rt
        >>> rt.fmin(rt.tensor([1.0, float("nan")]), rt.tensor([2.0, 3.0])).tolist()
        [1.0, 3.0]
    """
    x, y = _pair(x, y)
    return choose(x != x, y, choose(y != y, x, elementwise.minimum(x, y)))


def _pair(x: Any, y: Any) -> tuple[Any, Any]:
    """Two operands as tensors, numbers as 0-d ones of the dtype that they have beside the other."""
    if not isinstance(x, _core.TensorBase):
        x = _core.full([], x, _core.promote_number(y.dtype_name, x), y.device)
    if not isinstance(y, _core.TensorBase):
        y = _core.full([], y, _core.promote_number(x.dtype_name, y), x.device)  # pyright: ignore[reportAttributeAccessIssue]
    return x, y


def clamp_min(x: Tensor, min: Any) -> Tensor:
    """Each element, or `min` where it is less.

    Example:
        >>> import rutile as rt
        >>> rt.clamp_min(rt.tensor([-2.0, 2.0]), 0.0).tolist()
        [0.0, 2.0]
    """
    return elementwise.clip(x, min, None)


def clamp_max(x: Tensor, max: Any) -> Tensor:
    """Each element, or `max` where it is greater.

    Example:
        >>> import rutile as rt
        >>> rt.clamp_max(rt.tensor([-2.0, 2.0]), 0.0).tolist()
        [-2.0, 0.0]
    """
    return elementwise.clip(x, None, max)


def rsub(x: Tensor, other: Any, *, alpha: float = 1) -> Tensor:
    """other - alpha · x.

    Example:
        >>> import rutile as rt
        >>> rt.rsub(rt.tensor([1.0]), 3.0).tolist()
        [2.0]
    """
    return elementwise.subtract(other, x if alpha == 1 else x * alpha)


def float_power(input: Any, exponent: Any) -> Tensor:
    """input to the power of exponent, computed in and returned as float64.

    Raises:
        DTypeError: the device has no float64.

    Example:
        >>> import rutile as rt
        >>> rt.float_power(rt.tensor([2, 3]), 2).tolist()
        [4.0, 9.0]
    """
    wide = [x.astype("float64") if isinstance(x, _core.TensorBase) else x for x in (input, exponent)]  # pyright: ignore[reportAttributeAccessIssue]
    return elementwise.pow(*wide)


def gcd(x: Any, y: Any, /) -> Tensor:
    """Greatest common divisor of integers; that of zeros is zero.

    Example:
        >>> import rutile as rt
        >>> rt.gcd(rt.tensor([12, 7]), rt.tensor([18, 0])).tolist()
        [6, 7]
    """
    return combine(_GCD, x, y)


def lcm(x: Any, y: Any, /) -> Tensor:
    """Least common multiple of integers; zero if one of them is.

    Example:
        >>> import rutile as rt
        >>> rt.lcm(rt.tensor([4, 7]), rt.tensor([6, 0])).tolist()
        [12, 0]
    """
    x, y = _pair(x, y)
    return elementwise.abs(elementwise.floor_divide(x, gcd(x, y)) * y)


def heaviside(x: Tensor, values: Any, /) -> Tensor:
    """Zero below zero, one above it, and `values` at it.

    Example:
        >>> import rutile as rt
        >>> rt.heaviside(rt.tensor([-2.0, 0.0, 3.0]), rt.tensor(0.5)).tolist()
        [0.0, 0.5, 1.0]
    """
    step = choose(x < 0, 0, choose(x == 0, values, 1)).astype(x.dtype)
    return choose(x != x, x, step)


def ldexp(x: Any, other: Any, /) -> Tensor:
    """x · 2^other.

    Example:
        >>> import rutile as rt
        >>> rt.ldexp(rt.tensor([1.5]), rt.tensor([3])).tolist()
        [12.0]
    """
    x, other = _pair(x, other)
    return as_float(x) * elementwise.pow(2.0, as_float(other))


def frexp(x: Tensor, /) -> MantissaAndExponent:
    """Numbers as mantissa · 2^exponent, with mantissas from 1/2 to 1, or zero, and int32 exponents.

    Example:
        >>> import rutile as rt
        >>> [part.tolist() for part in rt.frexp(rt.tensor([12.0]))]
        [[0.75], [4]]
    """
    size = elementwise.abs(x.detach())
    plain = (size > 0) & (size < math.inf)
    size = choose(plain, size, 1.0)
    exponent = elementwise.floor(elementwise.log(size) * (1.0 / math.log(2.0))) + 1.0
    # The logarithm may be rounded across a power of two.
    for _ in range(2):
        part = _scaled(size, exponent)
        exponent = exponent + choose(part >= 1.0, 1.0, choose(part < 0.5, -1.0, 0.0))
    exponent = choose(plain, exponent, 0.0)
    return MantissaAndExponent(choose(plain, _scaled(x, exponent), x), exponent.astype("int32"))


def _scaled(x: Tensor, exponent: Tensor) -> Tensor:
    """x / 2^exponent, in two steps, as the power may overflow where the quotient does not."""
    half = elementwise.floor(exponent * 0.5)
    return x * elementwise.pow(2.0, -half) * elementwise.pow(2.0, half - exponent)
