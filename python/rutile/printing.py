"""How tensors print: as PyTorch's do, with few digits, long axes cut in the middle, and what is not the default."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.errors import ArgumentError, TracingError

if TYPE_CHECKING:
    import numpy as np

    from rutile.tensor import Tensor

_DEFAULT_DTYPES = ("float32", "int32", "bool")


@dataclass
class _Options:
    precision: int = 4
    threshold: int = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_options = _Options()


def set_printoptions(
    precision: int | None = None,
    threshold: int | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Changes how tensors print; what is None goes back to its default.

    Args:
        precision: digits after the point, 4 by default.
        threshold: tensors of more elements are cut, 1000 by default.
        edgeitems: elements that are left at both ends of a cut axis, 3 by default.
        linewidth: characters of a line, 80 by default.
        sci_mode: whether floats are written with exponents; by default where their sizes differ much.

    Raises:
        ArgumentError: a number is negative.

    Example:
        >>> import rutile as rt
        >>> rt.set_printoptions(precision=2)
        >>> rt.tensor([0.125, 2.0])
        tensor([0.12, 2.00])
        >>> rt.set_printoptions()
    """
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    for name, value in given.items():
        if value is not None and value < 0:
            raise ArgumentError(f"set_printoptions needs {name} of at least 0, got {value}")
    given = {name: value for name, value in {**given, "sci_mode": sci_mode}.items() if value is not None}
    for field in fields(_options):
        setattr(_options, field.name, given.get(field.name, field.default))


def show(x: Tensor) -> str:
    """The text of repr(x). Of a great tensor only the ends of its axes are read."""
    import numpy as np

    cut = x.size > _options.threshold
    value = x.detach()
    try:
        if cut:
            _core.eval([value])
            value = _ends(value)
        values = (value.astype("float32") if value.dtype_name == "bfloat16" else value).numpy()
    except TracingError:
        return f"tensor(<one element of a batch>, shape={x.shape}, dtype={x.dtype})"
    body = np.array2string(
        values,
        max_line_width=_options.linewidth,
        separator=", ",
        prefix="tensor(",
        suffix=")",
        threshold=0 if cut else values.size,
        edgeitems=_options.edgeitems,
        formatter={"all": _format_of(values)},
    )
    notes = [] if x.size or x.ndim == 1 else [f"shape={x.shape}"]
    notes += [] if x.dtype.name in _DEFAULT_DTYPES else [f"dtype={x.dtype}"]
    notes += [] if x.device == _core.default_device() else [f"device={x.device!r}"]
    notes += ["requires_grad=True"] if x.requires_grad else []
    return f"tensor({', '.join([body if x.size else '[]', *notes])})"


def _ends(x: Tensor) -> Tensor:
    """The elements that are shown, and one more of each axis that is cut, so that NumPy cuts it there."""
    edge = _options.edgeitems
    for axis, size in enumerate(x.shape):
        if size > 2 * edge + 1:
            before = (slice(None),) * axis
            first, last = (_core.index(x, (*before, part)) for part in (slice(0, edge), slice(size - edge - 1, size)))
            x = _core.concat([first, last], axis) if edge else last
    return x


def _format_of(values: np.ndarray[Any, Any]) -> Any:
    """The function that writes an element, as wide as the widest."""
    if values.dtype.kind != "f":
        width = max((len(str(value)) for value in values.flat), default=0)
        return lambda value: f"{value!s:>{width}}"
    sizes = [abs(float(value)) for value in values.flat if value and math.isfinite(value)]
    whole = all(size == math.floor(size) for size in sizes)
    least, greatest = min(sizes, default=1.0), max(sizes, default=1.0)
    exponents = _options.sci_mode
    if exponents is None:
        exponents = greatest >= 1e8 or (not whole and (greatest > 1000 * least or least < 1e-4))
    digits = _options.precision

    def write(value: Any) -> str:
        if exponents:
            return f"{value:.{digits}e}"
        return f"{value:.0f}." if whole and math.isfinite(value) else f"{value:.{digits}f}"

    width = max((len(write(value)) for value in values.flat), default=0)
    return lambda value: f"{write(value):>{width}}"
