"""Deep learning on any hardware: tensors, gradients, layers, data and training loops.

Example:
    >>> import rutile as rt
    >>> x = rt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    >>> y = (x @ x.mT).relu().sum(axis=-1).mean()
    >>> y.backward()
    >>> x.grad.shape
    (2, 2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rutile import nn, optim, random
from rutile.creation import (
    arange,
    from_dlpack,
    full,
    full_like,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from rutile.devices import (
    DeviceInfo,
    default_device,
    device,
    devices,
    eval,
    reset_stats,
    set_default_device,
    stats,
)
from rutile.dtypes import DType, bool, float32, int32, uint32
from rutile.elementwise import (
    abs,
    add,
    bitwise_and,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    ceil,
    clip,
    cos,
    divide,
    equal,
    erf,
    exp,
    floor,
    floor_divide,
    greater,
    greater_equal,
    less,
    less_equal,
    log,
    logical_not,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    pow,
    reciprocal,
    relu,
    remainder,
    round,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    subtract,
    tanh,
    trunc,
    where,
)
from rutile.errors import (
    ArgumentError,
    CheckpointError,
    DataError,
    DeviceError,
    DTypeError,
    GradientError,
    OutOfMemoryError,
    OutOfRangeError,
    RutileError,
    ShapeError,
)
from rutile.grad import enable_grad, grad, no_grad, value_and_grad
from rutile.manipulation import (
    all,
    any,
    argmax,
    argmin,
    broadcast_to,
    expand_dims,
    flatten,
    flip,
    log_softmax,
    matmul,
    max,
    mean,
    min,
    pad,
    permute_dims,
    prod,
    reshape,
    softmax,
    squeeze,
    std,
    sum,
    var,
)
from rutile.tensor import Tensor

if TYPE_CHECKING:
    from rutile import data, io, models, testing, train

__version__ = "0.1.0"

# Loaded when first used, as they bring NumPy or more with them.
_LAZY = ("data", "io", "models", "testing", "train")


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        return importlib.import_module(f"rutile.{name}")
    raise AttributeError(f"module 'rutile' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
