"""Data shared with other libraries: NumPy, DLPack (PyTorch, JAX, CuPy…), Python buffers, and Arrow (Polars, PyArrow…).

A tensor's value never changes, so memory is taken over where nobody may write to it: read-only arrays, immutable
exports, Arrow buffers. Other memory is copied; `copy=False` shares it all the same, and leaves it to the caller that
nobody writes to it while tensors made from it are in use. On a GPU everything is copied.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.dtypes import BY_NAME, as_dtype
from rutile.errors import ArgumentError, DTypeError

if TYPE_CHECKING:
    import numpy as np

    from rutile.tensor import Tensor

# DLPack's number of the CPU, as in DLDeviceType.
_CPU = 1
_DLPACK = (1, 0)


def from_numpy(array: np.ndarray[Any, Any], /, *, device: str | None = None, copy: bool | None = None) -> Tensor:
    """A tensor of an array's shape and dtype: in the array's memory if it is read-only, else a copy.

    Args:
        copy: True for a copy in any case; False for the array's own memory, which must not be written to any more.

    Raises:
        DTypeError: rutile has no such dtype.
        ArgumentError: copy=False, and the elements do not lie one after another or the tensor is not on the CPU.

    Example:
        >>> import numpy as np, rutile as rt
        >>> rt.from_numpy(np.ones((2, 3), dtype=np.float32)).shape
        (2, 3)
    """
    import numpy as np

    if not isinstance(array, np.ndarray):
        raise DTypeError(f"from_numpy needs a NumPy array, got {type(array).__name__}: use rutile.tensor")
    if array.dtype.name not in BY_NAME:
        raise DTypeError(f"from_numpy needs one of {', '.join(BY_NAME)}, got {array.dtype}: convert it with .astype")
    native = array.dtype.isnative
    shareable = native and array.flags.c_contiguous and array.flags.aligned and _on_cpu(device)
    if copy is False and not shareable:
        raise ArgumentError(
            "from_numpy with copy=False needs an aligned array whose elements lie one after another, "
            f"and a tensor on the cpu, got strides {array.strides} for shape {array.shape}: leave copy out"
        )
    share = shareable and (copy is False or (copy is None and not array.flags.writeable))
    plain = np.ascontiguousarray(array if native else array.astype(array.dtype.newbyteorder("=")))
    flat = plain.reshape(-1).view(np.uint8)
    return _core.from_buffer(flat, list(array.shape), array.dtype.name, device, share)


def frombuffer(
    buffer: Any, /, *, dtype: Any, count: int = -1, offset: int = 0, device: str | None = None, copy: bool | None = None
) -> Tensor:
    """A 1-D tensor of the bytes of an object with Python's buffer protocol: in their memory if they are read-only.

    Args:
        dtype: what the bytes are, in the machine's byte order.
        count: how many elements; -1 for all that follow.
        offset: bytes left out before them.

    Raises:
        ArgumentError: the bytes are too few, or no multiple of an element.

    Example:
        >>> import array, rutile as rt
        >>> rt.frombuffer(array.array("f", [1.0, 2.0]), dtype="float32").tolist()
        [1.0, 2.0]
    """
    import numpy as np

    kind = as_dtype(dtype)
    # NumPy has no bfloat16: the words of its size stand for it.
    words = np.dtype("uint16" if kind.name == "bfloat16" else kind.name)
    try:
        array = np.frombuffer(buffer, words, count, offset)
    except ValueError as error:
        raise ArgumentError(f"frombuffer needs a buffer of whole {kind} elements, got one where {error}") from None
    share = _on_cpu(device) and array.flags.aligned and (copy is False or (copy is None and not array.flags.writeable))
    return _core.from_buffer(array.view(np.uint8), [array.size], kind.name, device, share)


def from_dlpack(x: Any, /, *, device: str | None = None, copy: bool | None = None) -> Tensor:
    """A tensor of an object that speaks DLPack, such as a PyTorch tensor: in its memory if nobody may write to it.

    Args:
        copy: True for a copy in any case; False for the object's own memory, which must not be written to any more.

    Raises:
        BufferError: the object's memory cannot be read from the CPU, or, with copy=False, not be shared.

    Example:
        >>> import numpy as np, rutile as rt
        >>> rt.from_dlpack(np.ones(2, dtype=np.float32)).tolist()
        [1.0, 1.0]
    """
    if isinstance(x, _core.TensorBase):
        return _core.detach(x) if device is None else _core.to_device(_core.detach(x), device)
    if not hasattr(x, "__dlpack__"):
        raise DTypeError(f"from_dlpack needs an object with __dlpack__, got {type(x).__name__}: use rutile.tensor")
    kind, number = x.__dlpack_device__()
    elsewhere = builtins.int(kind) != _CPU
    if elsewhere and copy is False:
        raise BufferError(f"from_dlpack with copy=False needs memory of the CPU, got DLPack device {(kind, number)}")
    asked: dict[str, Any] = {"max_version": _DLPACK}
    if elsewhere:
        asked["dl_device"] = (_CPU, 0)
    try:
        capsule = x.__dlpack__(**asked)
    except TypeError:
        # A producer from before DLPack 1.0.
        capsule = x.__dlpack__()
    return _core.from_dlpack(capsule, device, None if copy is None else not copy)


def to_dlpack(
    x: Tensor,
    *,
    stream: Any = None,
    max_version: tuple[int, int] | None = None,
    dl_device: tuple[int, int] | None = None,
    copy: bool | None = None,
) -> Any:
    """What `Tensor.__dlpack__` gives: a capsule of the CPU's memory, read-only if it is the tensor's own.

    A consumer that knows no DLPack 1.0 knows no read-only memory, and gets a copy; with copy=False it gets the tensor's
    memory all the same, and must not write to it.
    """
    if stream is not None:
        raise BufferError(f"__dlpack__ needs stream=None for memory of the CPU, got {stream!r}")
    if dl_device is not None and (builtins.int(dl_device[0]), dl_device[1]) != (_CPU, 0):
        raise BufferError(f"__dlpack__ gives memory of the CPU, device (1, 0), got a request for {tuple(dl_device)}")
    versioned = max_version is not None and max_version[0] >= _DLPACK[0]
    if copy is False and x.device != "cpu":
        raise BufferError(f"__dlpack__ with copy=False needs a tensor on the cpu, got one on {x.device}")
    return _core.to_dlpack(x, versioned, not versioned if copy is None else copy)


def is_arrow(x: Any) -> bool:
    """Whether an object offers its data by Arrow's C interface."""
    return hasattr(x, "__arrow_c_stream__") or hasattr(x, "__arrow_c_array__")


def from_arrow(x: Any, /, *, dtype: Any = None, device: str | None = None) -> Tensor:
    """A tensor of Arrow data, such as a Polars Series or DataFrame: in its memory where that is one block.

    A column gives a 1-D tensor, a column of fixed-size lists one of an axis more, and a table one of (rows, columns)
    in a dtype that holds all of its columns.

    Raises:
        DataError: there are nulls.
        DTypeError: a column holds something else than numbers, bools or fixed-size lists of them.

    Example:
        >>> import polars as pl, rutile as rt
        >>> rt.from_arrow(pl.DataFrame({"a": [1.0, 2.0], "b": [3, 4]}), dtype="float32").tolist()
        [[1.0, 3.0], [2.0, 4.0]]
    """
    if not is_arrow(x):
        raise DTypeError(f"from_arrow needs an object with __arrow_c_stream__, got {type(x).__name__}")
    array = arrow_array(x)
    if dtype is None:
        return from_numpy(array, device=device)
    # Converted before it moves, as a GPU may not hold the columns' dtype.
    return _core.to_device(from_numpy(array, device="cpu").astype(dtype), device or _core.default_device())


def arrow_array(x: Any) -> np.ndarray[Any, Any]:
    """Arrow data as an array; see `from_arrow`."""
    from rutile.data import _polars

    return _polars.from_arrow(x)


def _on_cpu(device: str | None) -> bool:
    return (device or _core.default_device()) == "cpu"
