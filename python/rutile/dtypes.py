"""The element types, named as in the array API standard, and what can be asked about them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from rutile import _core
from rutile.errors import ArgumentError, DTypeError

__all__ = [
    "DType",
    "FloatInfo",
    "IntegerInfo",
    "as_dtype",
    "bfloat16",
    "bool",
    "bool_",
    "can_cast",
    "finfo",
    "float16",
    "float32",
    "float64",
    "iinfo",
    "int8",
    "int16",
    "int32",
    "int64",
    "isdtype",
    "result_type",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]


class DType:
    """An element type, such as `rutile.float32`.

    Example:
        >>> import rutile as rt
        >>> str(rt.zeros((2,)).dtype), rt.float32.itemsize
        ('float32', 4)
    """

    __slots__ = ("itemsize", "kind", "name")

    def __init__(self, name: str, itemsize: int, kind: str) -> None:
        self.name = name
        self.itemsize = itemsize
        self.kind = kind

    def __repr__(self) -> str:
        return f"rutile.{self.name}"

    def __str__(self) -> str:
        return self.name

    def __eq__(self, other: object) -> Any:
        return self is other or (isinstance(other, str) and other == self.name)

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> tuple[Any, ...]:
        return (as_dtype, (self.name,))

    @property
    def is_floating_point(self) -> Any:
        """Whether its values are floating-point numbers."""
        return self.kind == "f"


bool_ = DType("bool", 1, "b")
int8 = DType("int8", 1, "i")
int16 = DType("int16", 2, "i")
int32 = DType("int32", 4, "i")
int64 = DType("int64", 8, "i")
uint8 = DType("uint8", 1, "u")
uint16 = DType("uint16", 2, "u")
uint32 = DType("uint32", 4, "u")
uint64 = DType("uint64", 8, "u")
float16 = DType("float16", 2, "f")
bfloat16 = DType("bfloat16", 2, "f")
float32 = DType("float32", 4, "f")
float64 = DType("float64", 8, "f")

_ALL = (
    *(bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64),
    *(float16, bfloat16, float32, float64),
)
BY_NAME = {dtype.name: dtype for dtype in _ALL}
_PLAIN = bool
_PYTHON = {bool: bool_, int: int32, float: float32}
bool = bool_


def as_dtype(spec: Any) -> DType:
    """The dtype meant by a DType, a name, a Python type or a NumPy dtype.

    Raises:
        TypeError: it is no dtype that rutile has.
    """
    if isinstance(spec, DType):
        return spec
    if isinstance(spec, type) and spec in _PYTHON:
        return _PYTHON[spec]
    name = spec if isinstance(spec, str) else getattr(spec, "name", None) or getattr(spec, "__name__", repr(spec))
    if name in BY_NAME:
        return BY_NAME[name]
    known = ", ".join(BY_NAME)
    raise TypeError(f"dtype needs one of {known}, got {spec!r}: convert the data to one of these")


@dataclass(frozen=True)
class FloatInfo:
    """What a float dtype holds: its size in bits, the step above one, and its greatest and least numbers.

    Example:
        >>> import rutile as rt
        >>> rt.finfo(rt.float32).bits
        32
    """

    dtype: DType
    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float

    @property
    def tiny(self) -> float:
        """`smallest_normal` under PyTorch's name."""
        return self.smallest_normal


@dataclass(frozen=True)
class IntegerInfo:
    """What an integer dtype holds: its size in bits, and its greatest and least numbers.

    Example:
        >>> import rutile as rt
        >>> rt.iinfo(rt.int8).max
        127
    """

    dtype: DType
    bits: int
    max: int
    min: int


# Bits of the fraction, and the greatest exponent.
_FLOATS = {"float16": (10, 15), "bfloat16": (7, 127), "float32": (23, 127), "float64": (52, 1023)}


def finfo(type: Any, /) -> FloatInfo:
    """Limits of a float dtype, or of the dtype of a float tensor.

    Raises:
        DTypeError: it is not a float.

    Example:
        >>> import rutile as rt
        >>> rt.finfo(rt.float32).max
        3.4028234663852886e+38
    """
    dtype = _dtype_of(type)
    if dtype.name not in _FLOATS:
        raise DTypeError(f"finfo needs a float dtype, got {dtype}: use iinfo for integers")
    fraction, exponent = _FLOATS[dtype.name]
    eps = 2.0**-fraction
    greatest = (2.0 - eps) * 2.0**exponent
    return FloatInfo(dtype, 8 * dtype.itemsize, eps, greatest, -greatest, 2.0 ** (1 - exponent))


def iinfo(type: Any, /) -> IntegerInfo:
    """Limits of an integer dtype, or of the dtype of an integer tensor.

    Raises:
        DTypeError: it is not an integer.

    Example:
        >>> import rutile as rt
        >>> rt.iinfo(rt.int32).min
        -2147483648
    """
    dtype = _dtype_of(type)
    if dtype.kind not in "iu":
        raise DTypeError(f"iinfo needs an integer dtype, got {dtype}: use finfo for floats")
    bits = 8 * dtype.itemsize
    if dtype.kind == "u":
        return IntegerInfo(dtype, bits, 2**bits - 1, 0)
    return IntegerInfo(dtype, bits, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)))


# The kinds that the array API names, by the letters of `DType.kind`.
KINDS = {
    "bool": "b",
    "signed integer": "i",
    "unsigned integer": "u",
    "integral": "iu",
    "real floating": "f",
    "complex floating": "",
    "numeric": "iuf",
}


def isdtype(dtype: DType, kind: Any) -> Any:
    """Whether a dtype is of a kind: another dtype, the array API's name of a kind, or one of several of these.

    The names are "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating" (of
    which rutile has none) and "numeric".

    Example:
        >>> import rutile as rt
        >>> rt.isdtype(rt.int32, "integral"), rt.isdtype(rt.int32, (rt.float32, "real floating"))
        (True, False)
    """
    if isinstance(kind, tuple):
        return any(isdtype(dtype, one) for one in kind)
    if isinstance(kind, str) and kind not in BY_NAME | KINDS:
        raise ArgumentError(f"isdtype needs one of {', '.join(KINDS)}, or a dtype, got {kind!r}")
    if isinstance(kind, str) and kind in KINDS:
        return as_dtype(dtype).kind in KINDS[kind]
    return as_dtype(dtype) == as_dtype(kind)


def promote_types(type1: Any, type2: Any) -> DType:
    """The dtype that holds what two dtypes hold, as `result_type` finds it.

    Example:
        >>> import rutile as rt
        >>> rt.promote_types(rt.int32, "float16")
        rutile.float16
    """
    return result_type(as_dtype(type1), as_dtype(type2))


def get_default_dtype() -> DType:
    """The dtype of floats unless told otherwise: float32.

    Example:
        >>> import rutile as rt
        >>> rt.get_default_dtype()
        rutile.float32
    """
    return float32


def can_cast(from_: Any, to: Any, /) -> Any:
    """Whether promotion turns a dtype, or a tensor's dtype, into another: to one that is larger or of a higher kind.

    Example:
        >>> import rutile as rt
        >>> rt.can_cast(rt.int8, rt.int32), rt.can_cast(rt.float32, rt.int32)
        (True, False)
    """
    target = as_dtype(to)
    return _core.promote(_dtype_of(from_).name, target.name) == target.name


def result_type(*arrays_and_dtypes: Any) -> DType:
    """The dtype of an operation between tensors, dtypes and Python numbers; a number has only its kind to say.

    Example:
        >>> import rutile as rt
        >>> rt.result_type(rt.int8, rt.ones((2,), dtype="int16"), 1.0)
        rutile.float32
    """
    numbers = [x for x in arrays_and_dtypes if isinstance(x, _PLAIN | int | float)]
    others = [x for x in arrays_and_dtypes if not isinstance(x, _PLAIN | int | float)]
    if not numbers and not others:
        raise ArgumentError("result_type needs at least one tensor, dtype or number, got none")
    names = [_dtype_of(x).name for x in others] or [as_dtype(type(numbers[0])).name]
    return BY_NAME[functools.reduce(_core.promote_number, numbers, functools.reduce(_core.promote, names))]


def _dtype_of(x: Any) -> DType:
    return BY_NAME[x.dtype_name] if isinstance(x, _core.TensorBase) else as_dtype(x)
