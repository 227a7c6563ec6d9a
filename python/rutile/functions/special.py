"""Elementwise functions made of the op table's rows: exact formulas, or approximations to float32's precision."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile.functions._operands import as_float, as_floats, choose, polynomial

if TYPE_CHECKING:
    from rutile.tensor import Tensor


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
    x = as_float(x)
    small = abs(x) < 1.0
    half = elementwise.tanh(choose(small, x, 0.0) * 0.5)
    return choose(small, 2.0 * half / (1.0 - half), elementwise.exp(x) - 1.0)


def log1p(x: Tensor, /) -> Tensor:
    """Natural logarithm of 1 + x, precise near zero.

    Example:
        >>> import rutile as rt
        >>> rt.log1p(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = as_float(x)
    small = abs(x) < 0.5
    near = choose(small, x, 0.0)
    # 2 atanh(z) for z = x / (2 + x), which is at most a third.
    z = near / (near + 2.0)
    square = z * z
    series = polynomial(square, (2 / 15, 2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2.0))
    return choose(small, z * series, elementwise.log(choose(small, 0.0, x) + 1.0))


def exp2(x: Tensor, /) -> Tensor:
    """2 to the power of each element.

    Example:
        >>> import rutile as rt
        >>> rt.exp2(rt.tensor([3.0])).tolist()
        [8.0]
    """
    x = as_float(x)
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


def erfc(x: Tensor, /) -> Tensor:
    """1 - erf(x), precise where it is small (Press et al., Numerical Recipes, 6.2).

    Example:
        >>> import rutile as rt
        >>> rt.erfc(rt.tensor([0.0])).tolist()
        [1.0]
    """
    x = as_float(x)
    large = x > 0.5
    far = choose(large, x, 1.0)
    t = 1.0 / (1.0 + 0.5 * far)
    tail = polynomial(
        t,
        (0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368),
    )
    return choose(large, t * elementwise.exp(-far * far + (tail * t - 1.26551223)), 1.0 - elementwise.erf(x))


def erfinv(x: Tensor, /) -> Tensor:
    """Inverse of the error function (Giles, 2010).

    Example:
        >>> import rutile as rt
        >>> rt.erfinv(rt.tensor([0.0])).tolist()
        [0.0]
    """
    x = as_float(x)
    w = -elementwise.log((1.0 - x) * (1.0 + x))
    central = w < 5.0
    near = choose(central, w, 2.5) - 2.5
    far = elementwise.sqrt(choose(central, 9.0, w)) - 3.0
    inner = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503)
    outer = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613)
    p = polynomial(near, (*inner, -0.00417768164, 0.246640727, 1.50140941))
    q = polynomial(far, (*outer, 0.00943887047, 1.00167406, 2.83297682))
    result = choose(central, p, q) * x
    return choose(x == 1.0, math.inf, choose(x == -1.0, -math.inf, result))


def lgamma(x: Tensor, /) -> Tensor:
    """Logarithm of the absolute value of the gamma function.

    Example:
        >>> import rutile as rt
        >>> round(rt.lgamma(rt.tensor([5.0])).item(), 3)
        3.178
    """
    x = as_float(x)
    mirrored = x < 0.5
    size = choose(mirrored, 1.0 - x, x)
    # Stirling's series is precise above 7: smaller arguments are moved up by the product of what they pass.
    small = size < 7.0
    base = choose(small, size, 1.0)
    product = base
    for step in range(1, 7):
        product = product * (base + float(step))
    z = choose(small, base + 7.0, size)
    inverse = 1.0 / z
    series = polynomial(inverse * inverse, (1 / 1260, -1 / 360, 1 / 12)) * inverse
    stirling = (z - 0.5) * elementwise.log(z) - z + 0.5 * math.log(2 * math.pi) + series
    plain = stirling - choose(small, elementwise.log(product), 0.0)
    folded = choose(mirrored, x, 0.25)
    # sin of pi times the distance to the nearest integer keeps its precision.
    sine = elementwise.sin((folded - elementwise.round(folded).detach()) * math.pi)
    return choose(mirrored, math.log(math.pi) - elementwise.log(abs(sine)) - plain, plain)


def digamma(x: Tensor, /) -> Tensor:
    """Derivative of the logarithm of the gamma function.

    Example:
        >>> import rutile as rt
        >>> round(rt.digamma(rt.tensor([1.0])).item(), 3)
        -0.577
    """
    x = as_float(x)
    mirrored = x < 0.5
    size = choose(mirrored, 1.0 - x, x)
    below: Any = 0.0
    for step in range(6):
        below = below + 1.0 / (size + float(step))
    z = size + 6.0
    inverse = 1.0 / z
    square = inverse * inverse
    series = polynomial(square, (1 / 240, -1 / 252, 1 / 120, -1 / 12)) * square
    plain = elementwise.log(z) - 0.5 * inverse + series - below
    folded = choose(mirrored, x, 0.25)
    distance = (folded - elementwise.round(folded).detach()) * math.pi
    return choose(mirrored, plain - math.pi * elementwise.cos(distance) / elementwise.sin(distance), plain)


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


def hypot(x: Any, y: Any, /) -> Tensor:
    """Square root of x² + y², without overflow on the way.

    Example:
        >>> import rutile as rt
        >>> rt.hypot(rt.tensor([3.0]), rt.tensor([4.0])).tolist()
        [5.0]
    """
    x, y = as_floats(x, y)
    largest = elementwise.maximum(abs(x.detach()), abs(y.detach()))
    usual = isfinite(largest) & (largest > 0)
    scale = choose(usual, largest, 1.0)
    a, b = x / scale, y / scale
    squares = a * a + b * b
    root = elementwise.sqrt(choose(squares == 0, 1.0, squares)) * scale
    root = choose(squares == 0, 0.0, root)
    return choose((abs(x) == math.inf) | (abs(y) == math.inf), math.inf, root)


def logaddexp(x: Any, y: Any, /) -> Tensor:
    """log(exp(x) + exp(y)) without overflow.

    Example:
        >>> import rutile as rt
        >>> round(rt.logaddexp(rt.tensor([0.0]), rt.tensor([0.0])).item(), 4)
        0.6931
    """
    x, y = as_floats(x, y)
    largest = elementwise.maximum(x.detach(), y.detach())
    shift = choose(abs(largest) == math.inf, 0.0, largest)
    total = elementwise.exp(x - shift) + elementwise.exp(y - shift)
    empty = largest == -math.inf
    return choose(empty, -math.inf, elementwise.log(choose(empty, 1.0, total)) + shift)


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
    """|x| with the sign of y, that of zeros included.

    Example:
        >>> import rutile as rt
        >>> rt.copysign(rt.tensor([1.0]), rt.tensor([-2.0])).tolist()
        [-1.0]
    """
    x, y = as_floats(x, y)
    return elementwise.abs(x) * choose(signbit(y), -1.0, 1.0)


def fmod(x: Any, y: Any, /) -> Tensor:
    """Remainder of x / y with the sign of x.

    Example:
        >>> import rutile as rt
        >>> rt.fmod(rt.tensor([-7.0]), rt.tensor([3.0])).tolist()
        [-1.0]
    """
    rest = elementwise.remainder(x, y)
    return choose((rest != 0) & ((x < 0) != (rest < 0)), rest - y, rest)


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
