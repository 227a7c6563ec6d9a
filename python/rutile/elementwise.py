"""Elementwise functions: one explicit function for each row of the engine's op table that users call.

Operands are tensors or Python numbers; shapes broadcast and dtypes are promoted as in the array API standard.
An op's number is looked up at import, so that a name the engine does not have fails there.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, overload

from rutile._core import TensorBase, binary, op_numbers, select, to_device, unary
from rutile.errors import ArgumentError

if TYPE_CHECKING:
    from rutile.tensor import Tensor

NUMBERS = dict(op_numbers())

_NEGATIVE = NUMBERS["negative"]
_ABS = NUMBERS["abs"]
_SIGN = NUMBERS["sign"]
_EXP = NUMBERS["exp"]
_LOG = NUMBERS["log"]
_SQRT = NUMBERS["sqrt"]
_RECIPROCAL = NUMBERS["reciprocal"]
_SIN = NUMBERS["sin"]
_COS = NUMBERS["cos"]
_TANH = NUMBERS["tanh"]
_SIGMOID = NUMBERS["sigmoid"]
_ERF = NUMBERS["erf"]
_FLOOR = NUMBERS["floor"]
_CEIL = NUMBERS["ceil"]
_ROUND = NUMBERS["round"]
_TRUNC = NUMBERS["trunc"]
_RELU = NUMBERS["relu"]
_BITWISE_INVERT = NUMBERS["bitwise_invert"]
_ADD = NUMBERS["add"]
_SUBTRACT = NUMBERS["subtract"]
_MULTIPLY = NUMBERS["multiply"]
_DIVIDE = NUMBERS["divide"]
_FLOOR_DIVIDE = NUMBERS["floor_divide"]
_REMAINDER = NUMBERS["remainder"]
_POW = NUMBERS["pow"]
_MAXIMUM = NUMBERS["maximum"]
_MINIMUM = NUMBERS["minimum"]
_BITWISE_AND = NUMBERS["bitwise_and"]
_BITWISE_OR = NUMBERS["bitwise_or"]
_BITWISE_XOR = NUMBERS["bitwise_xor"]
_BITWISE_LEFT_SHIFT = NUMBERS["bitwise_left_shift"]
_BITWISE_RIGHT_SHIFT = NUMBERS["bitwise_right_shift"]
_LESS = NUMBERS["less"]
_LESS_EQUAL = NUMBERS["less_equal"]
_EQUAL = NUMBERS["equal"]
_NOT_EQUAL = NUMBERS["not_equal"]


def combine(number: int, x: Any, y: Any) -> Tensor:
    """A binary op on tensors, numbers and whatever `rutile.tensor` takes."""
    result = binary(number, x, y)
    if result is NotImplemented:
        from rutile.creation import beside

        result = binary(number, *beside(x, y))
    return result


def astype(x: Tensor, dtype: Any, /, *, copy: bool = True, device: str | None = None) -> Tensor:
    """x converted to another dtype, and moved to another device if one is given; floats are cut towards zero.

    A tensor that needs no conversion is given back as it is if `copy` is False.

    Example:
        >>> import rutile as rt
        >>> rt.astype(rt.tensor([1.5, -2.7]), rt.int32).tolist()
        [1, -2]
    """
    result = x.astype(dtype)
    if device not in (None, x.device):
        return to_device(result, device)
    return x if result.dtype is x.dtype and not copy else result


def negative(x: Tensor, /) -> Tensor:
    """Negated value of each element.

    Example:
        >>> import rutile as rt
        >>> rt.negative(rt.tensor([-1.0, 2.0])).tolist()
        [1.0, -2.0]
    """
    return unary(_NEGATIVE, x)


def abs(x: Tensor, /) -> Tensor:
    """Absolute value of each element.

    Example:
        >>> import rutile as rt
        >>> rt.abs(rt.tensor([-1.0, 2.0])).tolist()
        [1.0, 2.0]
    """
    return unary(_ABS, x)


def sign(x: Tensor, /) -> Tensor:
    """Minus one, zero or one, by the sign of each element.

    Example:
        >>> import rutile as rt
        >>> rt.sign(rt.tensor([-3.0, 0.0, 2.0])).tolist()
        [-1.0, 0.0, 1.0]
    """
    return unary(_SIGN, x)


def exp(x: Tensor, /) -> Tensor:
    """e to the power of each element.

    Example:
        >>> import rutile as rt
        >>> rt.exp(rt.tensor([0.0])).tolist()
        [1.0]
    """
    return unary(_EXP, x)


def log(x: Tensor, /) -> Tensor:
    """Natural logarithm of each element.

    Example:
        >>> import rutile as rt
        >>> rt.log(rt.tensor([1.0])).tolist()
        [0.0]
    """
    return unary(_LOG, x)


def sqrt(x: Tensor, /) -> Tensor:
    """Square root of each element.

    Example:
        >>> import rutile as rt
        >>> rt.sqrt(rt.tensor([4.0, 9.0])).tolist()
        [2.0, 3.0]
    """
    return unary(_SQRT, x)


def reciprocal(x: Tensor, /) -> Tensor:
    """One divided by each element.

    Example:
        >>> import rutile as rt
        >>> rt.reciprocal(rt.tensor([2.0, 4.0])).tolist()
        [0.5, 0.25]
    """
    return unary(_RECIPROCAL, x)


def sin(x: Tensor, /) -> Tensor:
    """Sine of each element, in radians.

    Example:
        >>> import rutile as rt
        >>> rt.sin(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_SIN, x)


def cos(x: Tensor, /) -> Tensor:
    """Cosine of each element, in radians.

    Example:
        >>> import rutile as rt
        >>> rt.cos(rt.tensor([0.0])).tolist()
        [1.0]
    """
    return unary(_COS, x)


def tanh(x: Tensor, /) -> Tensor:
    """Hyperbolic tangent of each element.

    Example:
        >>> import rutile as rt
        >>> rt.tanh(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_TANH, x)


def erf(x: Tensor, /) -> Tensor:
    """Gauss error function of each element.

    Example:
        >>> import rutile as rt
        >>> rt.erf(rt.tensor([0.0])).tolist()
        [0.0]
    """
    return unary(_ERF, x)


def floor(x: Tensor, /) -> Tensor:
    """Greatest integer that is not above each element.

    Example:
        >>> import rutile as rt
        >>> rt.floor(rt.tensor([-1.5, 1.5])).tolist()
        [-2.0, 1.0]
    """
    return unary(_FLOOR, x)


def ceil(x: Tensor, /) -> Tensor:
    """Least integer that is not below each element.

    Example:
        >>> import rutile as rt
        >>> rt.ceil(rt.tensor([-1.5, 1.5])).tolist()
        [-1.0, 2.0]
    """
    return unary(_CEIL, x)


def round(x: Tensor, /, *, decimals: int = 0) -> Tensor:
    """Nearest integer to each element, halves to the even one; or nearest number of so many decimal places.

    Example:
        >>> import rutile as rt
        >>> rt.round(rt.tensor([0.5, 1.5, 2.6])).tolist()
        [0.0, 2.0, 3.0]
    """
    if decimals == 0 or x.dtype.kind != "f":
        return unary(_ROUND, x)
    scale = 10.0 ** builtins.abs(decimals)
    return unary(_ROUND, x * scale) / scale if decimals > 0 else unary(_ROUND, x / scale) * scale


def trunc(x: Tensor, /) -> Tensor:
    """Integer part of each element, towards zero.

    Example:
        >>> import rutile as rt
        >>> rt.trunc(rt.tensor([-1.5, 1.5])).tolist()
        [-1.0, 1.0]
    """
    return unary(_TRUNC, x)


def relu(x: Tensor, /) -> Tensor:
    """Each element where it is positive, else zero; the gradient at zero is zero.

    Example:
        >>> import rutile as rt
        >>> rt.relu(rt.tensor([-1.0, 2.0])).tolist()
        [0.0, 2.0]
    """
    return unary(_RELU, x)


def bitwise_invert(x: Tensor, /) -> Tensor:
    """Complement of each element: of truth for bool, of each bit for integers.

    Example:
        >>> import rutile as rt
        >>> rt.bitwise_invert(rt.tensor([0, 5])).tolist()
        [-1, -6]
    """
    return unary(_BITWISE_INVERT, x)


def add(x: Any, y: Any, /, *, alpha: float = 1) -> Tensor:
    """Sum of x and y, which is multiplied by `alpha` first.

    Example:
        >>> import rutile as rt
        >>> rt.add(rt.tensor([1.0, 2.0]), rt.tensor([3.0, 5.0])).tolist()
        [4.0, 7.0]
    """
    return combine(_ADD, x, y if alpha == 1 else y * alpha)


def subtract(x: Any, y: Any, /, *, alpha: float = 1) -> Tensor:
    """Difference of x and y, which is multiplied by `alpha` first.

    Example:
        >>> import rutile as rt
        >>> rt.subtract(rt.tensor([3.0, 5.0]), rt.tensor([1.0, 2.0])).tolist()
        [2.0, 3.0]
    """
    return combine(_SUBTRACT, x, y if alpha == 1 else y * alpha)


def multiply(x: Any, y: Any, /) -> Tensor:
    """Product of x and y.

    Example:
        >>> import rutile as rt
        >>> rt.multiply(rt.tensor([1.0, 2.0]), rt.tensor([3.0, 5.0])).tolist()
        [3.0, 10.0]
    """
    return combine(_MULTIPLY, x, y)


def divide(x: Any, y: Any, /, *, rounding_mode: str | None = None) -> Tensor:
    """Quotient of x and y; integers give float32, unless `rounding_mode` is "floor" or "trunc" (towards zero).

    Example:
        >>> import rutile as rt
        >>> rt.divide(rt.tensor([1.0, 9.0]), rt.tensor([2.0, 3.0])).tolist()
        [0.5, 3.0]
    """
    if rounding_mode is None:
        return combine(_DIVIDE, x, y)
    quotient = combine(_FLOOR_DIVIDE, x, y)
    if rounding_mode == "trunc":
        # Rounded down, it is one too little where it is negative and something remains.
        return quotient + ((quotient < 0) & (combine(_REMAINDER, x, y) != 0))
    if rounding_mode != "floor":
        raise ArgumentError(f'divide needs rounding_mode=None, "floor" or "trunc", got {rounding_mode!r}')
    return quotient


def floor_divide(x: Any, y: Any, /) -> Tensor:
    """Quotient of x and y rounded down; integers divided by zero give zero.

    Example:
        >>> import rutile as rt
        >>> rt.floor_divide(rt.tensor([7, -7]), rt.tensor([2, 2])).tolist()
        [3, -4]
    """
    return combine(_FLOOR_DIVIDE, x, y)


def remainder(x: Any, y: Any, /) -> Tensor:
    """Remainder of x / y, with the sign of y; integers divided by zero give zero.

    Example:
        >>> import rutile as rt
        >>> rt.remainder(rt.tensor([7, -7]), rt.tensor([3, 3])).tolist()
        [1, 2]
    """
    return combine(_REMAINDER, x, y)


def pow(x: Any, y: Any, /) -> Tensor:
    """x to the power of y.

    Example:
        >>> import rutile as rt
        >>> rt.pow(rt.tensor([2.0, 3.0]), rt.tensor([3.0, 2.0])).tolist()
        [8.0, 9.0]
    """
    return combine(_POW, x, y)


def maximum(x: Any, y: Any, /) -> Tensor:
    """The larger of x and y; NaN if either is; ties share the gradient.

    Example:
        >>> import rutile as rt
        >>> rt.maximum(rt.tensor([1.0, 5.0]), rt.tensor([3.0, 2.0])).tolist()
        [3.0, 5.0]
    """
    return combine(_MAXIMUM, x, y)


def minimum(x: Any, y: Any, /) -> Tensor:
    """The smaller of x and y; NaN if either is; ties share the gradient.

    Example:
        >>> import rutile as rt
        >>> rt.minimum(rt.tensor([1.0, 5.0]), rt.tensor([3.0, 2.0])).tolist()
        [1.0, 2.0]
    """
    return combine(_MINIMUM, x, y)


def bitwise_and(x: Any, y: Any, /) -> Tensor:
    """Conjunction of truth values, or of the bits of integers.

    Example:
        >>> import rutile as rt
        >>> rt.bitwise_and(rt.tensor([6, 5]), rt.tensor([3, 3])).tolist()
        [2, 1]
    """
    return combine(_BITWISE_AND, x, y)


def bitwise_or(x: Any, y: Any, /) -> Tensor:
    """Disjunction of truth values, or of the bits of integers.

    Example:
        >>> import rutile as rt
        >>> rt.bitwise_or(rt.tensor([6, 5]), rt.tensor([3, 3])).tolist()
        [7, 7]
    """
    return combine(_BITWISE_OR, x, y)


def bitwise_xor(x: Any, y: Any, /) -> Tensor:
    """Exclusive disjunction of truth values, or of the bits of integers.

    Example:
        >>> import rutile as rt
        >>> rt.bitwise_xor(rt.tensor([6, 5]), rt.tensor([3, 3])).tolist()
        [5, 6]
    """
    return combine(_BITWISE_XOR, x, y)


def bitwise_left_shift(x: Any, y: Any, /) -> Tensor:
    """Bits of x moved y places towards the high end; zero if y is negative or no less than the width.

    Example:
        >>> import rutile as rt
        >>> rt.bitwise_left_shift(rt.tensor([1, 3]), rt.tensor([2, 1])).tolist()
        [4, 6]
    """
    return combine(_BITWISE_LEFT_SHIFT, x, y)


def bitwise_right_shift(x: Any, y: Any, /) -> Tensor:
    """Bits of x moved y places towards the low end, keeping the sign.

    Where y is negative or no less than the width, the sign is all that is left.

    Example:
        >>> import rutile as rt
        >>> rt.bitwise_right_shift(rt.tensor([4, -4]), rt.tensor([1, 1])).tolist()
        [2, -2]
    """
    return combine(_BITWISE_RIGHT_SHIFT, x, y)


def less(x: Any, y: Any, /) -> Tensor:
    """Whether x < y, as bool.

    Example:
        >>> import rutile as rt
        >>> rt.less(rt.tensor([1, 2]), rt.tensor([2, 2])).tolist()
        [True, False]
    """
    return combine(_LESS, x, y)


def less_equal(x: Any, y: Any, /) -> Tensor:
    """Whether x <= y, as bool.

    Example:
        >>> import rutile as rt
        >>> rt.less_equal(rt.tensor([1, 3]), rt.tensor([1, 2])).tolist()
        [True, False]
    """
    return combine(_LESS_EQUAL, x, y)


def equal(x: Any, y: Any, /) -> Tensor:
    """Whether x == y, as bool.

    Example:
        >>> import rutile as rt
        >>> rt.equal(rt.tensor([1, 2]), rt.tensor([1, 3])).tolist()
        [True, False]
    """
    return combine(_EQUAL, x, y)


def not_equal(x: Any, y: Any, /) -> Tensor:
    """Whether x != y, as bool.

    Example:
        >>> import rutile as rt
        >>> rt.not_equal(rt.tensor([1, 2]), rt.tensor([1, 3])).tolist()
        [False, True]
    """
    return combine(_NOT_EQUAL, x, y)


def greater(x: Any, y: Any, /) -> Tensor:
    """Whether x > y, as bool.

    Example:
        >>> import rutile as rt
        >>> rt.greater(rt.tensor([1, 3]), rt.tensor([2, 2])).tolist()
        [False, True]
    """
    return combine(_LESS, y, x)


def greater_equal(x: Any, y: Any, /) -> Tensor:
    """Whether x >= y, as bool.

    Example:
        >>> import rutile as rt
        >>> rt.greater_equal(rt.tensor([1, 2]), rt.tensor([2, 2])).tolist()
        [False, True]
    """
    return combine(_LESS_EQUAL, y, x)


@overload
def where(condition: Tensor, x: Any, y: Any, /) -> Tensor: ...


@overload
def where(condition: Tensor, /) -> tuple[Tensor, ...]: ...


def where(condition: Tensor, x: Any = None, y: Any = None, /) -> Any:
    """x where the bool condition holds, else y; the three broadcast. A condition alone gives its `nonzero`.

    Example:
        >>> import rutile as rt
        >>> rt.where(rt.tensor([True, False]), rt.tensor([1.0, 2.0]), 0.0).tolist()
        [1.0, 0.0]
    """
    if x is None and y is None:
        from rutile.functions.indexing import nonzero

        return nonzero(condition)
    if not isinstance(condition, TensorBase):
        raise TypeError(f"where needs a bool Tensor as condition, got {type(condition).__name__}: use if for one bool")
    return select(condition, x, y)


def sigmoid(x: Tensor, /) -> Tensor:
    """1 / (1 + exp(-x)), computed so that no value overflows.

    Example:
        >>> import rutile as rt
        >>> rt.sigmoid(rt.tensor([0.0])).tolist()
        [0.5]
    """
    return unary(_SIGMOID, x)


def square(x: Tensor, /) -> Tensor:
    """x times x.

    Example:
        >>> import rutile as rt
        >>> rt.square(rt.tensor([3.0])).tolist()
        [9.0]
    """
    return x * x


def clip(x: Tensor, /, min: Any = None, max: Any = None) -> Tensor:
    """Each element limited to the range from `min` to `max`; None leaves a side open.

    Example:
        >>> import rutile as rt
        >>> rt.clip(rt.tensor([-2.0, 0.5, 2.0]), 0.0, 1.0).tolist()
        [0.0, 0.5, 1.0]
    """
    low = x if min is None else maximum(x, min)
    return low if max is None else minimum(low, max)
