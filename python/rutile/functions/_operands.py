"""What elementwise compositions share: operands of one dtype and shape, and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rutile import _core

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def choose(condition: Tensor, x: Any, y: Any) -> Tensor:
    """x where the condition holds, else y."""
    return _core.select(condition, x, y)


def as_float(x: Tensor) -> Tensor:
    """x, if it is no float as float32."""
    return x if x.dtype.kind == "f" else x.astype("float32")


def as_floats(x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """Two operands as float tensors of one shape."""
    from rutile.functions.arranging import broadcast_shapes

    anchor: Any = x if isinstance(x, _core.TensorBase) else y

    def convert(value: Any) -> Tensor:
        if isinstance(value, _core.TensorBase):
            return as_float(value)  # pyright: ignore[reportArgumentType]
        return _core.full([], value, as_float(anchor).dtype_name, anchor.device)

    x, y = convert(x), convert(y)
    shape = list(broadcast_shapes(x.shape, y.shape))
    return _core.expand(x, shape), _core.expand(y, shape)
