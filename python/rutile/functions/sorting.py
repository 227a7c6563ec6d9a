"""Order: sorting, order statistics, sorted search and counts.

NaN counts as greatest. Positions are int32.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.errors import ArgumentError, OutOfRangeError, ShapeError
from rutile.functions.arranging import along, normal_axis
from rutile.functions.choosing import ValuesAndIndices, choosing_axis, chosen

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def argsort(
    x: Tensor,
    /,
    axis: int = -1,
    descending: bool = False,
    stable: bool = True,
    *,
    dim: int | None = None,
) -> Tensor:
    """Positions that sort an axis; equal elements keep their order.

    Example:
        >>> import rutile as rt
        >>> rt.argsort(rt.tensor([3.0, 1.0, 2.0])).tolist()
        [1, 2, 0]
    """
    if x.ndim == 0:
        return _core.full([], 0, "int32", x.device)
    return _core.argsort(x, axis if dim is None else dim, descending)


def sort(
    x: Tensor,
    /,
    dim: int | None = None,
    descending: bool = False,
    stable: bool = True,
    *,
    axis: int = -1,
) -> Any:
    """The elements of an axis in order; along `dim` with the positions that they come from, along `axis` alone.

    With `dim`, by name or as the second argument, it is PyTorch's: the pair `(values, indices)`. Else it is the array
    API's: the values alone, along the last axis if none is named, where the method `Tensor.sort` gives the pair.

    Example:
        >>> import rutile as rt
        >>> x = rt.tensor([3.0, 1.0, 2.0])
        >>> rt.sort(x).tolist()
        [1.0, 2.0, 3.0]
        >>> values, indices = rt.sort(x, dim=0, descending=True)
        >>> indices.tolist()
        [0, 2, 1]
    """
    return _sorted(x, axis, descending).values if dim is None else _sorted(x, dim, descending)


def _sorted(x: Tensor, axis: int, descending: bool = False) -> ValuesAndIndices:
    if x.ndim == 0:
        return ValuesAndIndices(x, _core.full([], 0, "int32", x.device))
    order = _core.argsort(x, axis, descending)
    return ValuesAndIndices(_core.take_along_axis(x, order, axis), order)


def msort(x: Tensor) -> Tensor:
    """The elements of the first axis in order.

    Example:
        >>> import rutile as rt
        >>> rt.msort(rt.tensor([3.0, 1.0])).tolist()
        [1.0, 3.0]
    """
    return _sorted(x, 0).values


def topk(x: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> ValuesAndIndices:
    """The k greatest (or least) elements of an axis, in order, and their positions.

    Raises:
        ShapeError: the axis has fewer than k elements.

    Example:
        >>> import rutile as rt
        >>> rt.topk(rt.tensor([3.0, 1.0, 2.0]), 2).values.tolist()
        [3.0, 2.0]
    """
    axis = normal_axis("topk", dim, x.ndim)
    if not 0 <= k <= x.shape[axis]:
        raise ShapeError(f"topk needs k from 0 to {x.shape[axis]}, got {k}")
    order = _core.argsort(x, axis, largest)[along(axis, slice(0, k))]
    return ValuesAndIndices(_core.take_along_axis(x, order, axis), order)


def kthvalue(x: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """The k-th least element of an axis, counted from 1, and its position.

    Example:
        >>> import rutile as rt
        >>> rt.kthvalue(rt.tensor([3.0, 1.0, 2.0]), 2).values.item()
        2.0
    """
    if not x.ndim:
        return kthvalue(x.reshape(1), k, dim)
    axis = normal_axis("kthvalue", dim, x.ndim)
    if not 1 <= k <= x.shape[axis]:
        raise ShapeError(f"kthvalue needs k from 1 to {x.shape[axis]}, got {k}")
    order = _core.argsort(x, axis, False)[along(axis, slice(k - 1, k))]
    return chosen(x, order, axis, keepdim)


def median(
    x: Tensor, dim: int | None = None, keepdim: bool = False, *, axis: int | None = None, keepdims: bool = False
) -> Any:
    """The middle element, the lower of two; along `dim` with its position, along `axis` alone.

    With `dim`, by name or as the second argument, it is PyTorch's: the pair `(values, indices)`.

    Raises:
        ShapeError: there is no element to choose from.

    Example:
        >>> import rutile as rt
        >>> x = rt.tensor([3.0, 1.0, 2.0, 4.0])
        >>> rt.median(x).item()
        2.0
        >>> values, indices = rt.median(x, 0)
        >>> indices.item()
        2
    """
    return _middle(_median, x, dim, axis, keepdim or keepdims)


def _median(x: Tensor, dim: int, keepdim: bool) -> ValuesAndIndices:
    if not x.ndim:
        return _median(x.reshape(1), dim, False)
    axis = choosing_axis("median", x, dim)
    return kthvalue(x, (x.shape[axis] + 1) // 2, axis, keepdim)


def nanmedian(
    x: Tensor, dim: int | None = None, keepdim: bool = False, *, axis: int | None = None, keepdims: bool = False
) -> Any:
    """As `median`, of the elements that are not NaN.

    Example:
        >>> import rutile as rt
        >>> rt.nanmedian(rt.tensor([3.0, 1.0, float("nan")])).item()
        1.0
    """
    return _middle(_nanmedian, x, dim, axis, keepdim or keepdims)


def _nanmedian(x: Tensor, dim: int, keepdim: bool) -> ValuesAndIndices:
    if not x.ndim:
        return _nanmedian(x.reshape(1), dim, False)
    axis = choosing_axis("nanmedian", x, dim)
    count = _core.reduce("sum", x == x, [axis], True)
    # NaN is sorted behind all numbers.
    place = _core.select(count > 0, (count - 1) // 2, 0)
    return chosen(x, _core.take_along_axis(_core.argsort(x, axis, False), place, axis), axis, keepdim)


def _middle(middle: Any, x: Tensor, dim: int | None, axis: int | None, keepdim: bool) -> Any:
    if dim is not None:
        return middle(x, dim, keepdim)
    if axis is not None:
        return middle(x, axis, keepdim).values
    value = middle(x.reshape(x.size), 0, False).values
    return value.reshape([1] * x.ndim) if keepdim else value


def mode(x: Tensor, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """The least of the most frequent elements of an axis, and its last position.

    Example:
        >>> import rutile as rt
        >>> rt.mode(rt.tensor([3, 1, 3])).values.item()
        3
    """
    if not x.ndim:
        return mode(x.reshape(1), dim)
    axis = choosing_axis("mode", x, dim)
    values, order = _sorted(x, axis)
    counts = _core.reduce("sum", _core.unsqueeze(values, axis) == _core.unsqueeze(values, axis + 1), [axis + 1], False)
    best = counts.argmax(axis, keepdims=True)
    place = best + _core.take_along_axis(counts, best, axis) - 1
    return chosen(x, _core.take_along_axis(order, place, axis), axis, keepdim)


def quantile(
    x: Tensor, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """Quantiles q (numbers from 0 to 1, a number or 1-D) of all elements or of an axis; q's axis comes first.

    `interpolation` between elements is "linear", "lower", "higher", "midpoint" or "nearest". A NaN makes all NaN.

    Example:
        >>> import rutile as rt
        >>> rt.quantile(rt.tensor([1.0, 2.0]), 0.5).item()
        1.5
    """
    return _quantile("quantile", x, q, dim, keepdim, interpolation, False)


def nanquantile(
    x: Tensor, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """As `quantile`, of the elements that are not NaN.

    Example:
        >>> import rutile as rt
        >>> rt.nanquantile(rt.tensor([1.0, 2.0, float("nan")]), 0.5).item()
        1.5
    """
    return _quantile("nanquantile", x, q, dim, keepdim, interpolation, True)


def _quantile(
    function: str,
    x: Tensor,
    q: Tensor | float,
    dim: int | None,
    keepdim: bool,
    interpolation: str,
    without_nan: bool,
) -> Tensor:
    if isinstance(q, int | float) and not 0 <= q <= 1:
        raise ArgumentError(f"{function} needs q from 0 to 1, got {q}")
    if dim is None:
        whole = _quantile(function, x.reshape(x.size), q, 0, False, interpolation, without_nan)
        return whole.reshape(*whole.shape, *[1] * x.ndim) if keepdim else whole
    axis = normal_axis("quantile", dim, x.ndim)
    from rutile.creation import tensor
    from rutile.functions.arranging import moveaxis

    wanted = q if isinstance(q, _core.TensorBase) else tensor(q, dtype=x.dtype, device=x.device)
    values = moveaxis(_sorted(x, axis).values, axis, -1)
    line = [1] * (x.ndim - 1) + [wanted.size]
    numbers = _core.reduce("sum", values == values, [-1], True)
    # NaN counts as greatest: it is last if there is one.
    defined = numbers > 0 if without_nan else numbers == x.shape[axis]
    last = (
        _core.select(defined, numbers - 1, 0) if without_nan else _core.full([], x.shape[axis] - 1, "int32", x.device)
    )
    place = wanted.reshape(line) * last.astype(x.dtype)
    low, high = place.floor(), place.ceil()
    share = place - low
    if interpolation in ("lower", "higher", "nearest"):
        low = {"lower": low, "higher": high, "nearest": place.round()}[interpolation]
        high = low
    elif interpolation == "midpoint":
        share = _core.select(share > 0, 0.5, 0.0)
    elif interpolation != "linear":
        raise ArgumentError(f'quantile needs interpolation="linear" or a known other, got {interpolation!r}')
    lower = _core.take_along_axis(values, low.astype("int32"), -1)
    upper = _core.take_along_axis(values, high.astype("int32"), -1)
    result = lower + (upper - lower) * share
    result = moveaxis(_core.select(defined, result, math.nan), -1, 0)
    if keepdim:
        result = _core.unsqueeze(result, axis + 1)
    return result if wanted.ndim else result.squeeze(0)


def searchsorted(
    sorted_sequence: Tensor, values: Any, /, *, side: str = "left", right: bool = False, sorter: Tensor | None = None
) -> Tensor:
    """Where values would be put into a sorted last axis, before its equals or, with side "right", after them.

    Example:
        >>> import rutile as rt
        >>> rt.searchsorted(rt.tensor([1.0, 3.0, 5.0]), rt.tensor([3.0, 4.0])).tolist()
        [1, 2]
    """
    if side not in ("left", "right"):
        raise ArgumentError(f'searchsorted needs side="left" or "right", got {side!r}')
    from rutile.creation import tensor

    if sorter is not None:
        size, axis = sorted_sequence.shape[-1], sorted_sequence.ndim - 1
        sorter = _core.checked_positions(sorter, "searchsorted", axis, size)
        sorted_sequence = _core.take_along_axis(sorted_sequence, sorter, -1)
    if not isinstance(values, _core.TensorBase):
        values = tensor(values, dtype=sorted_sequence.dtype, device=sorted_sequence.device)
    if sorted_sequence.ndim != 1 and sorted_sequence.shape[:-1] != values.shape[:-1]:
        raise ShapeError(
            "searchsorted needs one sorted sequence, or one for each row of the values, "
            f"got {sorted_sequence.shape} and {values.shape}"
        )
    after = right or side == "right"
    edges = sorted_sequence if sorted_sequence.ndim == 1 else _core.unsqueeze(sorted_sequence, -2)
    wanted = _core.unsqueeze(values, -1)
    below = edges <= wanted if after else edges < wanted
    if wanted.dtype.kind == "f":
        below = below | (wanted != wanted)
    return _core.reduce("sum", below, [-1], False)


def bucketize(input: Any, boundaries: Tensor, *, right: bool = False) -> Tensor:
    """The number of the bucket that each value falls into: boundaries[i - 1] < value <= boundaries[i].

    Example:
        >>> import rutile as rt
        >>> rt.bucketize(rt.tensor([0.5, 3.0]), rt.tensor([1.0, 2.0])).tolist()
        [0, 2]
    """
    if boundaries.ndim != 1:
        raise ShapeError(f"bucketize needs boundaries of one axis, got shape {boundaries.shape}")
    return searchsorted(boundaries, input, right=right)


def bincount(x: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of 0, 1, ... occurs, or the sum of its weights. The greatest element is read to the host.

    Example:
        >>> import rutile as rt
        >>> rt.bincount(rt.tensor([0, 2, 2])).tolist()
        [1, 0, 2]
    """
    if x.ndim != 1 or x.dtype.kind not in "iu":
        raise ShapeError(f"bincount needs integers in one axis, got {x.dtype} of shape {x.shape}")
    least, greatest = _core.concat([x.min().reshape(1), x.max().reshape(1)], 0).tolist() if x.size else (0, -1)
    if least < 0:
        raise OutOfRangeError(f"bincount needs integers that are not negative, got {least}")
    size = max(minlength, greatest + 1)
    ones = _core.full([x.size], 1, "int32", x.device)
    return _core.scatter_add(ones if weights is None else weights, x, 0, size)


def histc(x: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """Counts of the elements in bins of equal width from min to max; both 0 means the range of x.

    Example:
        >>> import rutile as rt
        >>> rt.histc(rt.tensor([0.0, 1.0, 1.0]), bins=2, min=0, max=1).tolist()
        [1.0, 2.0]
    """
    if bins < 1:
        raise ArgumentError(f"histc needs at least 1 bin, got {bins}")
    x = x.reshape(x.size)
    low, high = float(min), float(max)
    if low == 0 and high == 0 and x.size:
        low, high = float(x.min().item()), float(x.max().item())
    if low == high:
        low, high = low - 1, high + 1
    place = _core.cast(((x - low) * (bins / (high - low))).floor(), "int32")
    place = _core.select(x == high, bins - 1, place)
    place = _core.select((x >= low) & (x <= high), place, bins)
    return _core.scatter_add(_core.full([x.size], 1, x.dtype_name, x.device), place, 0, bins)
