"""Padding layers: (N, C, *S) or (C, *S) to larger *S. `padding` is one number, or (before, after) for each axis, last first."""

from __future__ import annotations

from collections.abc import Sequence

import rutile as rt
from rutile.errors import ShapeError
from rutile.nn import functional
from rutile.nn.module import Module

__all__ = [
    "CircularPad1d",
    "CircularPad2d",
    "CircularPad3d",
    "ConstantPad1d",
    "ConstantPad2d",
    "ConstantPad3d",
    "ReflectionPad1d",
    "ReflectionPad2d",
    "ReflectionPad3d",
    "ReplicationPad1d",
    "ReplicationPad2d",
    "ReplicationPad3d",
    "ZeroPad1d",
    "ZeroPad2d",
    "ZeroPad3d",
]


class _Pad(Module):
    """Padding of `rank` axes of space by `mode`."""

    rank: int
    mode: str
    value: float | None = None

    def __init__(self, padding: int | Sequence[int]) -> None:
        pairs = [padding] * (2 * self.rank) if isinstance(padding, int) else [int(size) for size in padding]
        if len(pairs) != 2 * self.rank:
            raise ShapeError(
                f"{type(self).__name__} needs one number or {2 * self.rank} as padding, got {tuple(pairs)}"
            )
        self.padding = tuple(pairs)

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        if input.ndim not in (self.rank + 1, self.rank + 2):
            raise ShapeError(
                f"{self!r} needs an input of {self.rank + 2} axes, or {self.rank + 1} without the batch, "
                f"got {input.shape}"
            )
        return functional.pad(input, self.padding, self.mode, self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}" + ("" if self.value is None else f", value={self.value}")


class _ConstantPad(_Pad):
    mode = "constant"

    def __init__(self, padding: int | Sequence[int], value: float) -> None:
        super().__init__(padding)
        self.value = value


class ConstantPad1d(_ConstantPad):
    """Add elements of one value around (N, C, L).

    >>> ConstantPad1d(1, 9.0)(rt.tensor([[1.0, 2.0, 3.0]])).tolist()
    [[9.0, 1.0, 2.0, 3.0, 9.0]]
    """

    rank = 1


class ConstantPad2d(_ConstantPad):
    """Add elements of one value around (N, C, H, W).

    >>> ConstantPad2d(1, 9.0)(rt.ones((1, 1, 3, 4))).shape
    (1, 1, 5, 6)
    """

    rank = 2


class ConstantPad3d(_ConstantPad):
    """Add elements of one value around (N, C, D, H, W).

    >>> ConstantPad3d(1, 9.0)(rt.ones((1, 1, 2, 3, 4))).shape
    (1, 1, 4, 5, 6)
    """

    rank = 3


class ZeroPad1d(_Pad):
    """Add zeros around (N, C, L).

    >>> ZeroPad1d(1)(rt.tensor([[1.0, 2.0, 3.0]])).tolist()
    [[0.0, 1.0, 2.0, 3.0, 0.0]]
    """

    rank = 1
    mode = "constant"


class ZeroPad2d(_Pad):
    """Add zeros around (N, C, H, W).

    >>> ZeroPad2d(1)(rt.ones((1, 1, 3, 4))).shape
    (1, 1, 5, 6)
    """

    rank = 2
    mode = "constant"


class ZeroPad3d(_Pad):
    """Add zeros around (N, C, D, H, W).

    >>> ZeroPad3d(1)(rt.ones((1, 1, 2, 3, 4))).shape
    (1, 1, 4, 5, 6)
    """

    rank = 3
    mode = "constant"


class ReflectionPad1d(_Pad):
    """Add elements mirrored at the edge, the edge left out, around (N, C, L).

    >>> ReflectionPad1d(1)(rt.tensor([[1.0, 2.0, 3.0]])).tolist()
    [[2.0, 1.0, 2.0, 3.0, 2.0]]
    """

    rank = 1
    mode = "reflect"


class ReflectionPad2d(_Pad):
    """Add elements mirrored at the edge, the edge left out, around (N, C, H, W).

    >>> ReflectionPad2d(1)(rt.ones((1, 1, 3, 4))).shape
    (1, 1, 5, 6)
    """

    rank = 2
    mode = "reflect"


class ReflectionPad3d(_Pad):
    """Add elements mirrored at the edge, the edge left out, around (N, C, D, H, W).

    >>> ReflectionPad3d(1)(rt.ones((1, 1, 2, 3, 4))).shape
    (1, 1, 4, 5, 6)
    """

    rank = 3
    mode = "reflect"


class ReplicationPad1d(_Pad):
    """Add copies of the edge around (N, C, L).

    >>> ReplicationPad1d(1)(rt.tensor([[1.0, 2.0, 3.0]])).tolist()
    [[1.0, 1.0, 2.0, 3.0, 3.0]]
    """

    rank = 1
    mode = "replicate"


class ReplicationPad2d(_Pad):
    """Add copies of the edge around (N, C, H, W).

    >>> ReplicationPad2d(1)(rt.ones((1, 1, 3, 4))).shape
    (1, 1, 5, 6)
    """

    rank = 2
    mode = "replicate"


class ReplicationPad3d(_Pad):
    """Add copies of the edge around (N, C, D, H, W).

    >>> ReplicationPad3d(1)(rt.ones((1, 1, 2, 3, 4))).shape
    (1, 1, 4, 5, 6)
    """

    rank = 3
    mode = "replicate"


class CircularPad1d(_Pad):
    """Add elements of the other side around (N, C, L).

    >>> CircularPad1d(1)(rt.tensor([[1.0, 2.0, 3.0]])).tolist()
    [[3.0, 1.0, 2.0, 3.0, 1.0]]
    """

    rank = 1
    mode = "circular"


class CircularPad2d(_Pad):
    """Add elements of the other side around (N, C, H, W).

    >>> CircularPad2d(1)(rt.ones((1, 1, 3, 4))).shape
    (1, 1, 5, 6)
    """

    rank = 2
    mode = "circular"


class CircularPad3d(_Pad):
    """Add elements of the other side around (N, C, D, H, W).

    >>> CircularPad3d(1)(rt.ones((1, 1, 2, 3, 4))).shape
    (1, 1, 4, 5, 6)
    """

    rank = 3
    mode = "circular"
