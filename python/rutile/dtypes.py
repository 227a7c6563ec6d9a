"""The element types, named as in the array API standard."""

from __future__ import annotations

from typing import Any

__all__ = [
    "DType",
    "as_dtype",
    "bfloat16",
    "bool",
    "bool_",
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
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
