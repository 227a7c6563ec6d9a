"""Tensors from Python and NumPy data, and tensors of constants."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

from rutile import _core, elementwise
from rutile.dtypes import BY_NAME, DType, as_dtype, iinfo, int32
from rutile.errors import ArgumentError
from rutile.exchange import arrow_array, from_numpy, is_arrow
from rutile.functions.choosing import ValuesAndIndices
from rutile.tensor import Tensor

# NumPy kinds that become 32-bit tensors unless a dtype is asked for.
_DEFAULTS = {"b": "bool", "i": "int32", "u": "uint32", "f": "float32"}


def tensor(data: Any, dtype: Any = None, device: str | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor with a copy of `data`: nested lists, a number, a NumPy array, a buffer, Arrow data or a Tensor.

    Without `dtype`, floats become float32 and integers int32 (uint32 if they are unsigned 32-bit).

    Raises:
        ValueError: the nesting is ragged, or an integer does not fit into the dtype.
        DTypeError: the device does not hold the dtype.

    Example:
        >>> import rutile as rt
        >>> rt.tensor([[1.0, 2.0], [3.0, 4.0]]).sum().item()
        10.0
    """
    if isinstance(data, Tensor):
        result = _core.detach(data)
        result = result if dtype is None else result.astype(dtype)
        result = result if device is None else _core.to_device(result, device)
    else:
        result = _from_host(data, None if dtype is None else as_dtype(dtype), device)
    if requires_grad:
        result.requires_grad = True
    return result


def asarray(obj: Any, /, *, dtype: Any = None, device: str | None = None, copy: bool | None = None) -> Tensor:
    """A tensor of `obj`: a Tensor, nested lists, a number, a NumPy array, a buffer, or Arrow data.

    Python's numbers become float32, int32 or bool unless a dtype is asked for; arrays keep their dtype. A Tensor that
    needs no conversion is given back as it is, history of gradients included.

    Args:
        copy: True for a copy in any case; False if there must be none.

    Raises:
        ArgumentError: copy=False, and a copy is needed.

    Example:
        >>> import rutile as rt
        >>> rt.asarray([1, 2], dtype=rt.float32).tolist()
        [1.0, 2.0]
    """
    if isinstance(obj, Tensor):
        kind, place = as_dtype(dtype or obj.dtype), device or obj.device
        if kind is obj.dtype and place == obj.device:
            return _core.alias(obj) if copy else obj
        if copy is False:
            have = f"{obj.dtype} on {obj.device}"
            raise ArgumentError(f"asarray with copy=False needs a {kind} tensor on {place}, got {have}")
        return _core.to_device(_core.cast(obj, kind.name), place)
    if hasattr(obj, "__array_interface__") and getattr(obj, "ndim", 0):
        import numpy as np

        array = np.asarray(obj)
        if array.dtype.name in BY_NAME and (dtype is None or array.dtype.name == as_dtype(dtype).name):
            return from_numpy(array, device=device, copy=copy)
    if copy is False:
        raise ArgumentError(
            f"asarray with copy=False needs a tensor or an array, got {type(obj).__name__}: leave copy out"
        )
    return tensor(obj, dtype=dtype, device=device)


def _from_host(data: Any, dtype: DType | None, device: str | None) -> Tensor:
    import numpy as np

    if isinstance(data, ValuesAndIndices):
        data.refuse()
    try:
        array = arrow_array(data) if is_arrow(data) else np.asarray(data)
    except ValueError as error:
        raise ValueError(f"tensor needs nested lists of equal lengths, got ragged ones: {error}") from None
    if array.dtype.kind not in _DEFAULTS:
        raise TypeError(f"tensor needs numbers or bools, got {array.dtype} data: convert it first")
    name = dtype.name if dtype else _DEFAULTS[array.dtype.kind]
    if not dtype and array.dtype.kind == "u" and array.dtype.itemsize < 4:
        name = "int32"
    if name == "bfloat16":
        # NumPy has no such dtype: the device rounds.
        return _from_host(array, as_dtype("float32"), device).astype(name)
    if np.dtype(name) != array.dtype:
        limits = np.iinfo(name) if np.dtype(name).kind in "iu" else None
        if (
            limits
            and array.size
            and array.dtype.kind in "iu"
            and not limits.min <= array.min() <= array.max() <= limits.max
        ):
            raise ValueError(f"tensor needs integers that fit into {name}, got {array.min()} to {array.max()}")
        if limits and array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(f"tensor needs finite numbers to make {name} of, got NaN or infinity")
        array = array.astype(name)
    return _core.from_buffer(np.ascontiguousarray(array).reshape(-1).view(np.uint8), list(array.shape), name, device)


def beside(x: Any, y: Any) -> tuple[Any, Any]:
    """Both operands as tensors or numbers, arrays beside a tensor moved to its device.

    Raises:
        TypeError: neither is a tensor, or one cannot become one.
    """
    anchor = x if isinstance(x, Tensor) else y
    if not isinstance(anchor, Tensor):
        raise TypeError(
            f"the operation needs a Tensor, got {type(x).__name__} and {type(y).__name__}: use rutile.tensor"
        )

    def convert(value: Any) -> Any:
        if isinstance(value, Tensor | bool | int | float):
            return value
        if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
            return value.item()
        if hasattr(value, "__array__") or isinstance(value, list | tuple):
            return tensor(value, device=anchor.device)
        raise TypeError(f"the operation needs tensors, arrays or numbers, got {type(value).__name__}")

    return convert(x), convert(y)


def _sizes(shape: int | Sequence[int]) -> list[int]:
    try:
        sizes = [shape] if isinstance(shape, int) else [operator.index(size) for size in shape]
    except TypeError:
        raise TypeError(f"a shape needs integers, got {shape!r}") from None
    if any(size < 0 for size in sizes):
        raise ValueError(f"a shape needs sizes of at least 0, got {tuple(sizes)}")
    return sizes


def _joined(shape: int | Sequence[int], sizes: tuple[int, ...]) -> int | Sequence[int]:
    """A shape given as one sequence or, as in PyTorch, as several numbers."""
    return (shape, *sizes) if sizes and isinstance(shape, int) else shape


def _leaf(result: Tensor, requires_grad: bool) -> Tensor:
    return result.requires_grad_() if requires_grad else result


def full(
    shape: int | Sequence[int],
    fill_value: Any,
    *,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of one value everywhere.

    Example:
        >>> import rutile as rt
        >>> rt.full((2,), 7.0).tolist()
        [7.0, 7.0]
    """
    name = None if dtype is None else as_dtype(dtype).name
    number = fill_value.item() if hasattr(fill_value, "item") else fill_value
    if not isinstance(number, bool | int | float):
        raise TypeError(f"full needs a number or a bool as fill_value, got {type(number).__name__}")
    return _leaf(_core.full(_sizes(shape), number, name, device), requires_grad)


def zeros(
    shape: int | Sequence[int],
    *sizes: int,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of zeros, float32 unless told otherwise.

    Example:
        >>> import rutile as rt
        >>> rt.zeros((2,)).tolist()
        [0.0, 0.0]
    """
    return full(_joined(shape, sizes), 0.0, dtype=dtype or "float32", device=device, requires_grad=requires_grad)


def ones(
    shape: int | Sequence[int],
    *sizes: int,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of ones, float32 unless told otherwise.

    Example:
        >>> import rutile as rt
        >>> rt.ones((2,)).tolist()
        [1.0, 1.0]
    """
    return full(_joined(shape, sizes), 1.0, dtype=dtype or "float32", device=device, requires_grad=requires_grad)


def full_like(
    x: Tensor,
    /,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of one value, with the shape, dtype and device of x.

    Example:
        >>> import rutile as rt
        >>> rt.full_like(rt.zeros((2,)), 3.0).tolist()
        [3.0, 3.0]
    """
    if not isinstance(x, Tensor):
        raise TypeError(f"a tensor like another needs a Tensor, got {type(x).__name__}: use rutile.tensor")
    return full(x.shape, fill_value, dtype=dtype or x.dtype, device=device or x.device, requires_grad=requires_grad)


def zeros_like(x: Tensor, /, *, dtype: Any = None, device: str | None = None, requires_grad: bool = False) -> Tensor:
    """Zeros with the shape, dtype and device of x.

    Example:
        >>> import rutile as rt
        >>> rt.zeros_like(rt.ones((2,))).tolist()
        [0.0, 0.0]
    """
    return full_like(x, 0.0, dtype=dtype, device=device, requires_grad=requires_grad)


def ones_like(x: Tensor, /, *, dtype: Any = None, device: str | None = None, requires_grad: bool = False) -> Tensor:
    """Ones with the shape, dtype and device of x.

    Example:
        >>> import rutile as rt
        >>> rt.ones_like(rt.zeros((2,))).tolist()
        [1.0, 1.0]
    """
    return full_like(x, 1.0, dtype=dtype, device=device, requires_grad=requires_grad)


def empty(
    shape: int | Sequence[int],
    *sizes: int,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor for values to come: zeros, as no tensor here shows memory that nobody wrote.

    Example:
        >>> import rutile as rt
        >>> rt.empty((2,)).shape
        (2,)
    """
    return zeros(shape, *sizes, dtype=dtype, device=device, requires_grad=requires_grad)


def empty_like(x: Tensor, /, *, dtype: Any = None, device: str | None = None, requires_grad: bool = False) -> Tensor:
    """`empty` with the shape, dtype and device of x.

    Example:
        >>> import rutile as rt
        >>> rt.empty_like(rt.ones((2,))).shape
        (2,)
    """
    return zeros_like(x, dtype=dtype, device=device, requires_grad=requires_grad)


def eye(
    n_rows: int,
    n_cols: int | None = None,
    /,
    *,
    k: int = 0,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A matrix with ones on its k-th diagonal, counted upwards, and zeros elsewhere; square unless told otherwise.

    Example:
        >>> import rutile as rt
        >>> rt.eye(2).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    rows, columns = _sizes((n_rows, n_rows if n_cols is None else n_cols))
    # Beyond the matrix one diagonal is as good as another, and fits into int32.
    offset = max(-rows, min(k, columns))
    ones = _core.iota(columns, device) == _core.unsqueeze(_core.iota(rows, device), 1) + offset
    return _leaf(ones.astype(dtype or "float32"), requires_grad)


def linspace(
    start: float,
    stop: float,
    /,
    num: int | None = None,
    *,
    dtype: Any = None,
    device: str | None = None,
    endpoint: bool = True,
    requires_grad: bool = False,
    steps: int | None = None,
) -> Tensor:
    """`num` numbers (`steps` in PyTorch) in equal steps from start to stop, float32 unless told otherwise.

    Without `endpoint`, stop is left out.

    Example:
        >>> import rutile as rt
        >>> rt.linspace(0.0, 1.0, 5).tolist()
        [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    name = as_dtype(dtype or "float32").name
    between = "float64" if name in ("float64", "int64", "uint64") else "float32"
    num = steps if num is None else num
    if num is None or num < 0:
        raise ArgumentError(f"linspace needs at least 0 numbers, got {num}")
    if not endpoint:
        return _leaf(linspace(start, stop, num + 1, dtype=dtype, device=device)[:-1], requires_grad)
    # The difference may overflow where the step does not.
    steps = max(1, num - 1)
    step = float(stop) / steps - float(start) / steps
    numbers = _core.iota(num, device).astype(between)
    values = numbers * step + float(start)
    if num > 1:
        # Counted from the end in the second half, which then meets it exactly.
        values = _core.select(numbers < num / 2, values, float(stop) - (float(num - 1) - numbers) * step)
    return _leaf(values.astype(name), requires_grad)


def logspace(
    start: float,
    end: float,
    steps: int,
    base: float = 10.0,
    *,
    dtype: Any = None,
    device: str | None = None,
) -> Tensor:
    """base^start to base^end, the exponents in equal steps.

    Example:
        >>> import rutile as rt
        >>> rt.logspace(0.0, 3.0, 3, base=4.0).tolist()
        [1.0, 8.0, 64.0]
    """
    kind = as_dtype(dtype or "float32")
    if steps < 0:
        raise ArgumentError(f"logspace needs at least 0 numbers, got {steps}")
    exponents = linspace(start, end, steps, dtype=kind if kind.kind == "f" else "float32", device=device)
    return elementwise.pow(float(base), exponents).astype(kind)


def as_tensor(data: Any, dtype: Any = None, device: str | None = None) -> Tensor:
    """`asarray` under PyTorch's name.

    Example:
        >>> import rutile as rt
        >>> rt.as_tensor([1.0, 2.0]).tolist()
        [1.0, 2.0]
    """
    return asarray(data, dtype=dtype, device=device)


def scalar_tensor(value: float, *, dtype: Any = None, device: str | None = None) -> Tensor:
    """A 0-d tensor of a number, float32 unless told otherwise.

    Example:
        >>> import rutile as rt
        >>> rt.scalar_tensor(2).item()
        2.0
    """
    return full((), value, dtype=dtype or "float32", device=device)


def arange(
    start: float = 0,
    stop: float | None = None,
    step: float = 1,
    *,
    end: float | None = None,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """start, start + step, ... below stop (`end` in PyTorch); with one argument, from 0 to it. Integers give int32, floats float32.

    Example:
        >>> import rutile as rt
        >>> rt.arange(1, 7, 2).tolist()
        [1, 3, 5]
    """
    stop = end if stop is None else stop
    given: tuple[Any, ...] = (0, start, step) if stop is None else (start, stop, step)
    first, last, step = [value.item() if hasattr(value, "item") else value for value in given]
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in (first, last, step)):
        raise ArgumentError(f"arange needs finite numbers, got {first!r}, {last!r}, {step!r}")
    if step == 0:
        raise ArgumentError("arange needs a step other than 0, got 0")
    whole = all(isinstance(value, int) for value in (first, last, step))
    kind = as_dtype(dtype or ("int32" if whole else "float32"))
    count = -int((first - last) // step) if whole else math.ceil((last - first) / step)
    numbers = _core.iota(max(0, count), device)
    if kind.kind == "f" or not whole:
        between = "float64" if kind.itemsize == 8 else "float32"
        return _leaf((numbers.astype(between) * float(step) + float(first)).astype(kind), requires_grad)
    # Integers wrap, so that a step down is one for unsigned dtypes too.
    between = kind if kind.itemsize >= 4 else int32
    wrapped = [int(value) % 2 ** (8 * between.itemsize) for value in (step, first)]
    signed = [
        value - (between.kind == "i" and value > iinfo(between).max) * 2 ** (8 * between.itemsize) for value in wrapped
    ]
    numbers = numbers.astype(between)
    result = (numbers * signed[0] + signed[1] if (first, step) != (0, 1) else numbers).astype(kind)
    return _leaf(result, requires_grad)
