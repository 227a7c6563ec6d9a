"""Elementwise functions made of the op table's rows: exact formulas, or approximations to float32's precision."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def _where(condition: Tensor, x: Any, y: Any) -> Tensor:
    return _core.select(condition, x, y)


def _polynomial(x: Tensor, coefficients: tuple[float, ...]) -> Tensor:
    """Horner's rule, highest power first."""
    result: Any = coefficients[0]
    for coefficient in coefficients[1:]:
        result = result * x + coefficient
    return result


def _float(x: Tensor) -> Tensor:
    return x if x.dtype.kind == "f" else x.astype("float32")


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
    return x


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
    return abs(_float(x)) == math.inf


def isfinite(x: Tensor, /) -> Tensor:
    """Whether each element is neither infinite nor NaN.

    Example:
        >>> import rutile as rt
        >>> rt.isfinite(rt.tensor([1.0, float("nan")])).tolist()
        [True, False]
    """
    return abs(_float(x)) < math.inf


def isclose(x: Tensor, y: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Whether |x - y| <= atol + rtol · |y|, or both are the same infinity.

    Example:
        >>> import rutile as rt
        >>> rt.isclose(rt.tensor([1.0]), rt.tensor([1.0 + 1e-7])).tolist()
        [True]
    """
    near = (x == y) | (isfinite(y) & (abs(_float(x) - y) <= atol + rtol * abs(_float(y))))
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
    x = _where(x == math.inf, greatest if posinf is None else posinf, x)
    x = _where(x == -math.inf, -greatest if neginf is None else neginf, x)
    return _where(x != x, nan, x)


def expm1(x: Tensor, /) -> Tensor:
    """exp(x) - 1, precise near zero.

    Example:
        >>> import rutile as rt
        >>> rt.expm1(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = _float(x)
    small = abs(x) < 1.0
    half = elementwise.tanh(_where(small, x, 0.0) * 0.5)
    return _where(small, 2.0 * half / (1.0 - half), elementwise.exp(x) - 1.0)


def log1p(x: Tensor, /) -> Tensor:
    """Natural logarithm of 1 + x, precise near zero.

    Example:
        >>> import rutile as rt
        >>> rt.log1p(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = _float(x)
    small = abs(x) < 0.5
    near = _where(small, x, 0.0)
    # 2 atanh(z) for z = x / (2 + x), which is at most a third.
    z = near / (near + 2.0)
    square = z * z
    series = _polynomial(square, (2 / 15, 2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2.0))
    return _where(small, z * series, elementwise.log(_where(small, 0.0, x) + 1.0))


def exp2(x: Tensor, /) -> Tensor:
    """2 to the power of each element.

    Example:
        >>> import rutile as rt
        >>> rt.exp2(rt.tensor([3.0])).tolist()
        [8.0]
    """
    x = _float(x)
    whole = elementwise.round(x)
    return elementwise.pow(2.0, whole.detach()) * elementwise.exp((x - whole.detach()) * math.log(2.0))


def log2(x: Tensor, /) -> Tensor:
    """Logarithm to the base 2.

    Example:
        >>> import rutile as rt
        >>> rt.log2(rt.tensor([1.0])).tolist()
        [0.0]
    """
    return elementwise.log(x) * (1.0 / math.log(2.0))


def log10(x: Tensor, /) -> Tensor:
    """Logarithm to the base 10.

    Example:
        >>> import rutile as rt
        >>> rt.log10(rt.tensor([1.0])).tolist()
        [0.0]
    """
    return elementwise.log(x) * (1.0 / math.log(10.0))


def rsqrt(x: Tensor, /) -> Tensor:
    """One divided by the square root.

    Example:
        >>> import rutile as rt
        >>> rt.rsqrt(rt.tensor([4.0])).tolist()
        [0.5]
    """
    return 1.0 / elementwise.sqrt(x)


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
    x = _float(x)
    small = abs(x) < 1.0
    grown = expm1(_where(small, x, 0.0))
    # exp(|x| - ln 2) stays in range for as long as the result does.
    far = elementwise.exp(x - math.log(2.0)) - elementwise.exp(-x - math.log(2.0))
    return _where(small, 0.5 * (grown + grown / (grown + 1.0)), far)


def cosh(x: Tensor, /) -> Tensor:
    """Hyperbolic cosine.

    Example:
        >>> import rutile as rt
        >>> rt.cosh(rt.tensor([0.0])).tolist()
        [1.0]
    """
    x = _float(x)
    return 0.5 * elementwise.exp(x) + 0.5 * elementwise.exp(-x)


def atan(x: Tensor, /) -> Tensor:
    """Angle in radians whose tangent is x.

    Example:
        >>> import rutile as rt
        >>> rt.atan(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = _float(x)
    sign = _where(x < 0, -1.0, 1.0)
    size = x * sign
    # Cephes: three ranges, a polynomial of |z| <= tan(pi / 8).
    high, middle = size > 2.414213562373095, size > 0.4142135623730950
    turned = -1.0 / _where(high, size, 1.0)
    shifted = (_where(high, 1.0, size) - 1.0) / (_where(high, 1.0, size) + 1.0)
    z = _where(high, turned, _where(middle, shifted, size))
    base = _where(high, math.pi / 2, _where(middle, math.pi / 4, 0.0))
    square = z * z
    odd = _polynomial(square, (8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1))
    return (base + (odd * square * z + z)) * sign


def atan2(y: Any, x: Any, /) -> Tensor:
    """Angle in radians, from -pi to pi, of the point (x, y).

    Example:
        >>> import rutile as rt
        >>> rt.atan2(rt.tensor([0.0]), rt.tensor([1.0])).tolist()
        [0.0]
    """
    x, y = _pair(x, y)
    negative = (y < 0) | ((y == 0) & (1.0 / y < 0))
    backwards = (x < 0) | ((x == 0) & (1.0 / x < 0))
    steep = abs(y.detach()) > abs(x.detach())
    # The quotient is the one that does not exceed 1; of equal infinities it is 1.
    level = (abs(x) == math.inf) & (abs(y) == math.inf) | ((x == 0) & (y == 0))
    top, below = _where(steep, x, y), _where(steep, y, x)
    equals = _where(x == 0, 0.0, 1.0) * _where(negative, -1.0, 1.0) * _where(backwards, -1.0, 1.0)
    ratio = _where(level, equals, _where(level, 0.0, top) / _where(level, 1.0, below))
    angle = atan(ratio)
    upright = _where(negative, -math.pi / 2, math.pi / 2) - angle
    flat = _where(backwards, angle + _where(negative, -math.pi, math.pi), angle)
    signed_zero = (y == 0) & ~backwards
    return _where(steep, upright, _where(signed_zero & (x == 0), y, flat))


def asin(x: Tensor, /) -> Tensor:
    """Angle in radians whose sine is x.

    Example:
        >>> import rutile as rt
        >>> rt.asin(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = _float(x)
    return 2.0 * atan(x / (1.0 + elementwise.sqrt((1.0 - x) * (1.0 + x))))


def acos(x: Tensor, /) -> Tensor:
    """Angle in radians whose cosine is x.

    Example:
        >>> import rutile as rt
        >>> rt.acos(rt.tensor([1.0])).tolist()
        [0.0]
    """
    x = _float(x)
    return 2.0 * atan(elementwise.sqrt((1.0 - x) / (1.0 + x)))


def asinh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic sine.

    Example:
        >>> import rutile as rt
        >>> rt.asinh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = _float(x)
    sign = _where(x < 0, -1.0, 1.0)
    size = x * sign
    far = size > 1e9
    near = _where(far, 0.0, size)
    square = near * near
    close = log1p(near + square / (1.0 + elementwise.sqrt(1.0 + square)))
    return sign * _where(far, elementwise.log(_where(far, size, 1.0)) + math.log(2.0), close)


def acosh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic cosine.

    Example:
        >>> import rutile as rt
        >>> rt.acosh(rt.tensor([1.0])).tolist()
        [0.0]
    """
    x = _float(x)
    far = x > 1e9
    above = _where(far, 0.0, x - 1.0)
    close = log1p(above + elementwise.sqrt(above * 2.0 + above * above))
    return _where(far, elementwise.log(_where(far, x, 1.0)) + math.log(2.0), close)


def atanh(x: Tensor, /) -> Tensor:
    """Inverse of the hyperbolic tangent.

    Example:
        >>> import rutile as rt
        >>> rt.atanh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = _float(x)
    sign = _where(x < 0, -1.0, 1.0)
    size = x * sign
    return sign * 0.5 * log1p(2.0 * size / (1.0 - size))


def erfc(x: Tensor, /) -> Tensor:
    """1 - erf(x), precise where it is small (Press et al., Numerical Recipes, 6.2).

    Example:
        >>> import rutile as rt
        >>> rt.erfc(rt.tensor([0.0])).tolist()
        [1.0]
    """
    x = _float(x)
    large = x > 0.5
    far = _where(large, x, 1.0)
    t = 1.0 / (1.0 + 0.5 * far)
    tail = _polynomial(
        t,
        (0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368),
    )
    return _where(large, t * elementwise.exp(-far * far + (tail * t - 1.26551223)), 1.0 - elementwise.erf(x))


def erfinv(x: Tensor, /) -> Tensor:
    """Inverse of the error function (Giles, 2010).

    Example:
        >>> import rutile as rt
        >>> rt.erfinv(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = _float(x)
    w = -elementwise.log((1.0 - x) * (1.0 + x))
    central = w < 5.0
    near = _where(central, w, 2.5) - 2.5
    far = elementwise.sqrt(_where(central, 9.0, w)) - 3.0
    inner = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503)
    outer = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613)
    p = _polynomial(near, (*inner, -0.00417768164, 0.246640727, 1.50140941))
    q = _polynomial(far, (*outer, 0.00943887047, 1.00167406, 2.83297682))
    result = _where(central, p, q) * x
    return _where(x == 1.0, math.inf, _where(x == -1.0, -math.inf, result))


def lgamma(x: Tensor, /) -> Tensor:
    """Logarithm of the absolute value of the gamma function.

    Example:
        >>> import rutile as rt
        >>> round(rt.lgamma(rt.tensor([5.0])).item(), 3)
        3.178
    """
    x = _float(x)
    mirrored = x < 0.5
    size = _where(mirrored, 1.0 - x, x)
    # Stirling's series is precise above 7: smaller arguments are moved up by the product of what they pass.
    small = size < 7.0
    base = _where(small, size, 1.0)
    product = base
    for step in range(1, 7):
        product = product * (base + float(step))
    z = _where(small, base + 7.0, size)
    inverse = 1.0 / z
    series = _polynomial(inverse * inverse, (1 / 1260, -1 / 360, 1 / 12)) * inverse
    stirling = (z - 0.5) * elementwise.log(z) - z + 0.5 * math.log(2 * math.pi) + series
    plain = stirling - _where(small, elementwise.log(product), 0.0)
    folded = _where(mirrored, x, 0.25)
    # sin of pi times the distance to the nearest integer keeps its precision.
    sine = elementwise.sin((folded - elementwise.round(folded).detach()) * math.pi)
    return _where(mirrored, math.log(math.pi) - elementwise.log(abs(sine)) - plain, plain)


def digamma(x: Tensor, /) -> Tensor:
    """Derivative of the logarithm of the gamma function.

    Example:
        >>> import rutile as rt
        >>> round(rt.digamma(rt.tensor([1.0])).item(), 3)
        -0.577
    """
    x = _float(x)
    mirrored = x < 0.5
    size = _where(mirrored, 1.0 - x, x)
    below: Any = 0.0
    for step in range(6):
        below = below + 1.0 / (size + float(step))
    z = size + 6.0
    inverse = 1.0 / z
    square = inverse * inverse
    series = _polynomial(square, (1 / 240, -1 / 252, 1 / 120, -1 / 12)) * square
    plain = elementwise.log(z) - 0.5 * inverse + series - below
    folded = _where(mirrored, x, 0.25)
    distance = (folded - elementwise.round(folded).detach()) * math.pi
    return _where(mirrored, plain - math.pi * elementwise.cos(distance) / elementwise.sin(distance), plain)


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


def sinc(x: Tensor, /) -> Tensor:
    """sin(pi x) / (pi x), one at zero.

    Example:
        >>> import rutile as rt
        >>> rt.sinc(rt.tensor([0.0])).tolist()
        [1.0]
    """
    scaled = _float(x) * math.pi
    zero = scaled == 0
    safe = _where(zero, 1.0, scaled)
    return _where(zero, 1.0, elementwise.sin(safe) / safe)


def signbit(x: Tensor, /) -> Tensor:
    """Whether the sign is negative, that of zeros included.

    Example:
        >>> import rutile as rt
        >>> rt.signbit(rt.tensor([-0.0, 1.0])).tolist()
        [True, False]
    """
    return (x < 0) | ((x == 0) & (1.0 / x < 0)) if x.dtype.kind == "f" else x < 0


def frac(x: Tensor) -> Tensor:
    """x less its integer part.

    Example:
        >>> import rutile as rt
        >>> rt.frac(rt.tensor([1.5])).tolist()
        [0.5]
    """
    return x - elementwise.trunc(x)


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


def _pair(x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """Two operands as float tensors of one shape."""
    from rutile.functions.arranging import broadcast_shapes

    anchor = x if isinstance(x, _core.TensorBase) else y

    def convert(value: Any) -> Tensor:
        if isinstance(value, _core.TensorBase):
            return _float(value)  # type: ignore[arg-type]
        return _core.full([], value, _float(anchor).dtype_name, anchor.device)

    x, y = convert(x), convert(y)
    shape = list(broadcast_shapes(x.shape, y.shape))
    return _core.expand(x, shape), _core.expand(y, shape)


def hypot(x: Any, y: Any, /) -> Tensor:
    """Square root of x² + y², without overflow on the way.

    Example:
        >>> import rutile as rt
        >>> rt.hypot(rt.tensor([3.0]), rt.tensor([4.0])).tolist()
        [5.0]
    """
    x, y = _pair(x, y)
    largest = elementwise.maximum(abs(x.detach()), abs(y.detach()))
    usual = isfinite(largest) & (largest > 0)
    scale = _where(usual, largest, 1.0)
    a, b = x / scale, y / scale
    squares = a * a + b * b
    root = elementwise.sqrt(_where(squares == 0, 1.0, squares)) * scale
    root = _where(squares == 0, 0.0, root)
    return _where((abs(x) == math.inf) | (abs(y) == math.inf), math.inf, root)


def logaddexp(x: Any, y: Any, /) -> Tensor:
    """log(exp(x) + exp(y)) without overflow.

    Example:
        >>> import rutile as rt
        >>> round(rt.logaddexp(rt.tensor([0.0]), rt.tensor([0.0])).item(), 4)
        0.6931
    """
    x, y = _pair(x, y)
    largest = elementwise.maximum(x.detach(), y.detach())
    shift = _where(abs(largest) == math.inf, 0.0, largest)
    total = elementwise.exp(x - shift) + elementwise.exp(y - shift)
    empty = largest == -math.inf
    return _where(empty, -math.inf, elementwise.log(_where(empty, 1.0, total)) + shift)


def logaddexp2(x: Any, y: Any, /) -> Tensor:
    """log2(2**x + 2**y) without overflow.

    Example:
        >>> import rutile as rt
        >>> rt.logaddexp2(rt.tensor([0.0]), rt.tensor([0.0])).tolist()
        [1.0]
    """
    x, y = _pair(x, y)
    return logaddexp(x * math.log(2.0), y * math.log(2.0)) * (1.0 / math.log(2.0))


def xlogy(x: Any, y: Any, /) -> Tensor:
    """x log(y), zero where x is.

    Example:
        >>> import rutile as rt
        >>> rt.xlogy(rt.tensor([0.0]), rt.tensor([0.0])).tolist()
        [0.0]
    """
    x, y = _pair(x, y)
    none = (x == 0) & (y == y)
    gone = none & (y <= 0)
    return _where(none, x * 0.0, x) * elementwise.log(_where(gone, 1.0, y))


def copysign(x: Any, y: Any, /) -> Tensor:
    """|x| with the sign of y, that of zeros included.

    Example:
        >>> import rutile as rt
        >>> rt.copysign(rt.tensor([1.0]), rt.tensor([-2.0])).tolist()
        [-1.0]
    """
    x, y = _pair(x, y)
    return elementwise.abs(x) * _where(signbit(y), -1.0, 1.0)


def fmod(x: Any, y: Any, /) -> Tensor:
    """Remainder of x / y with the sign of x.

    Example:
        >>> import rutile as rt
        >>> rt.fmod(rt.tensor([-7.0]), rt.tensor([3.0])).tolist()
        [-1.0]
    """
    rest = elementwise.remainder(x, y)
    return _where((rest != 0) & ((x < 0) != (rest < 0)), rest - y, rest)


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
