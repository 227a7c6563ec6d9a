"""The operators of tensors: as the functions of their names, with numbers and arrays on either side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile._core import binary
from rutile.elementwise import NUMBERS, combine

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_ADD, _SUB, _MUL, _DIV = (NUMBERS[name] for name in ("add", "subtract", "multiply", "divide"))
_FLOOR_DIV, _REM, _POW = (NUMBERS[name] for name in ("floor_divide", "remainder", "pow"))
_LESS, _LESS_EQUAL, _EQUAL, _NOT_EQUAL = (NUMBERS[name] for name in ("less", "less_equal", "equal", "not_equal"))
_AND, _OR, _XOR = (NUMBERS[name] for name in ("bitwise_and", "bitwise_or", "bitwise_xor"))
_LEFT, _RIGHT = NUMBERS["bitwise_left_shift"], NUMBERS["bitwise_right_shift"]


class Operators:
    """Arithmetic, comparisons and bits; `x += y` and the like bind x to a new value of its shape and dtype."""

    __slots__ = ()

    def __add__(self: Any, other: Any) -> Tensor:
        result = binary(_ADD, self, other)
        return result if result is not NotImplemented else combine(_ADD, self, other)

    def __sub__(self: Any, other: Any) -> Tensor:
        result = binary(_SUB, self, other)
        return result if result is not NotImplemented else combine(_SUB, self, other)

    def __mul__(self: Any, other: Any) -> Tensor:
        result = binary(_MUL, self, other)
        return result if result is not NotImplemented else combine(_MUL, self, other)

    def __truediv__(self: Any, other: Any) -> Tensor:
        result = binary(_DIV, self, other)
        return result if result is not NotImplemented else combine(_DIV, self, other)

    def __floordiv__(self: Any, other: Any) -> Tensor:
        return combine(_FLOOR_DIV, self, other)

    def __mod__(self: Any, other: Any) -> Tensor:
        return combine(_REM, self, other)

    def __pow__(self: Any, other: Any) -> Tensor:
        if isinstance(other, int | float) and not isinstance(other, bool):
            if other == 2:
                return self * self
            if other == 0.5:
                return self.sqrt()
        return combine(_POW, self, other)

    def __matmul__(self: Any, other: Any) -> Tensor:
        if not isinstance(other, _core.TensorBase):
            other = _factor(other, self)
        return _core.matmul(self, other)

    def __and__(self: Any, other: Any) -> Tensor:
        return combine(_AND, self, other)

    def __or__(self: Any, other: Any) -> Tensor:
        return combine(_OR, self, other)

    def __xor__(self: Any, other: Any) -> Tensor:
        return combine(_XOR, self, other)

    def __lshift__(self: Any, other: Any) -> Tensor:
        return combine(_LEFT, self, other)

    def __rshift__(self: Any, other: Any) -> Tensor:
        return combine(_RIGHT, self, other)

    def __radd__(self: Any, other: Any) -> Tensor:
        return combine(_ADD, other, self)

    def __rsub__(self: Any, other: Any) -> Tensor:
        return combine(_SUB, other, self)

    def __rmul__(self: Any, other: Any) -> Tensor:
        return combine(_MUL, other, self)

    def __rtruediv__(self: Any, other: Any) -> Tensor:
        return combine(_DIV, other, self)

    def __rfloordiv__(self: Any, other: Any) -> Tensor:
        return combine(_FLOOR_DIV, other, self)

    def __rmod__(self: Any, other: Any) -> Tensor:
        return combine(_REM, other, self)

    def __rpow__(self: Any, other: Any) -> Tensor:
        return combine(_POW, other, self)

    def __rand__(self: Any, other: Any) -> Tensor:
        return combine(_AND, other, self)

    def __ror__(self: Any, other: Any) -> Tensor:
        return combine(_OR, other, self)

    def __rxor__(self: Any, other: Any) -> Tensor:
        return combine(_XOR, other, self)

    def __rlshift__(self: Any, other: Any) -> Tensor:
        return combine(_LEFT, other, self)

    def __rrshift__(self: Any, other: Any) -> Tensor:
        return combine(_RIGHT, other, self)

    def __rmatmul__(self: Any, other: Any) -> Tensor:
        return _core.matmul(_factor(other, self), self)

    def __lt__(self: Any, other: Any) -> Tensor:
        return combine(_LESS, self, other)

    def __le__(self: Any, other: Any) -> Tensor:
        return combine(_LESS_EQUAL, self, other)

    def __gt__(self: Any, other: Any) -> Tensor:
        return combine(_LESS, other, self)

    def __ge__(self: Any, other: Any) -> Tensor:
        return combine(_LESS_EQUAL, other, self)

    def __eq__(self: Any, other: Any) -> Tensor:  # type: ignore[override]
        return combine(_EQUAL, self, other)

    def __ne__(self: Any, other: Any) -> Tensor:  # type: ignore[override]
        return combine(_NOT_EQUAL, self, other)

    def __neg__(self: Any) -> Tensor:
        return elementwise.negative(self)

    def __pos__(self: Any) -> Tensor:
        return _core.alias(self)

    def __abs__(self: Any) -> Tensor:
        return elementwise.abs(self)

    def __invert__(self: Any) -> Tensor:
        return elementwise.bitwise_invert(self)

    def __iadd__(self: Any, other: Any) -> Tensor:
        return self._update(self + other)

    def __isub__(self: Any, other: Any) -> Tensor:
        return self._update(self - other)

    def __imul__(self: Any, other: Any) -> Tensor:
        return self._update(self * other)

    def __itruediv__(self: Any, other: Any) -> Tensor:
        return self._update(self / other)

    def __ifloordiv__(self: Any, other: Any) -> Tensor:
        return self._update(self // other)

    def __imod__(self: Any, other: Any) -> Tensor:
        return self._update(self % other)

    def __ipow__(self: Any, other: Any) -> Tensor:
        return self._update(self**other)

    def __imatmul__(self: Any, other: Any) -> Tensor:
        return self._update(self @ other)

    def __iand__(self: Any, other: Any) -> Tensor:
        return self._update(self & other)

    def __ior__(self: Any, other: Any) -> Tensor:
        return self._update(self | other)

    def __ixor__(self: Any, other: Any) -> Tensor:
        return self._update(self ^ other)

    def __ilshift__(self: Any, other: Any) -> Tensor:
        return self._update(self << other)

    def __irshift__(self: Any, other: Any) -> Tensor:
        return self._update(self >> other)


def _factor(value: Any, x: Any) -> Tensor:
    """An array beside a tensor in a product, as a tensor on its device."""
    if isinstance(value, bool | int | float) or not (hasattr(value, "__array__") or isinstance(value, list | tuple)):
        raise TypeError(f"matmul needs two tensors, got {type(value).__name__}: multiply numbers with *")
    from rutile.creation import tensor

    return tensor(value, device=x.device)
