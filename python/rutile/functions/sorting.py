"""Order: sorting, order statistics, sorted search, counts and distinct values.

NaN counts as greatest. Positions are int32.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from rutile import _core
from rutile.errors import ArgumentError, ShapeError
from rutile.functions.arranging import along, concat, normal_axis
from rutile.functions.indexing import masked_select

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class ValuesAndIndices(NamedTuple):
    """Elements and their positions along an axis."""

    values: Tensor
    indices: Tensor


def argsort(x: Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """Positions that sort an axis; equal elements keep their order.

    Example:
        >>> import rutile as rt
        >>> rt.argsort(rt.tensor([3.0, 1.0, 2.0])).tolist()
        [1, 2, 0]
    """
    if x.ndim == 0:
        return _core.full([], 0, "int32", x.device)
    return _core.argsort(x, axis, descending)


def sort(x: Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """The elements of an axis in order; the method `Tensor.sort` gives their positions too, as PyTorch does.

    Example:
        >>> import rutile as rt
        >>> rt.sort(rt.tensor([3.0, 1.0, 2.0])).tolist()
        [1.0, 2.0, 3.0]
    """
    return _sorted(x, axis, descending).values


def _sorted(x: Tensor, axis: int, descending: bool = False) -> ValuesAndIndices:
    if x.ndim == 0:
        return ValuesAndIndices(x, _core.full([], 0, "int32", x.device))
    order = _core.argsort(x, axis, descending)
    return ValuesAndIndices(_core.take_along_axis(x, order, axis), order)


def sort_with_indices(x: Tensor, dim: int = -1, descending: bool = False, stable: bool = True) -> ValuesAndIndices:
    """The elements of an axis in order, and the positions that they come from.

    Example:
        >>> import rutile as rt
        >>> rt.tensor([3.0, 1.0]).sort().indices.tolist()
        [1, 0]
    """
    return _sorted(x, dim, descending)


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
    axis = normal_axis("kthvalue", dim, x.ndim)
    if not 1 <= k <= x.shape[axis]:
        raise ShapeError(f"kthvalue needs k from 1 to {x.shape[axis]}, got {k}")
    order = _core.argsort(x, axis, False)[along(axis, slice(k - 1, k))]
    values = _core.take_along_axis(x, order, axis)
    if keepdim:
        return ValuesAndIndices(values, order)
    return ValuesAndIndices(values.squeeze(axis), order.squeeze(axis))


def median(x: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle element, the lower of two: of all elements, or of an axis together with its position.

    Example:
        >>> import rutile as rt
        >>> rt.median(rt.tensor([3.0, 1.0, 2.0, 4.0])).item()
        2.0
    """
    if dim is None:
        return median(x.reshape(x.size), 0).values
    axis = normal_axis("median", dim, x.ndim)
    return kthvalue(x, (x.shape[axis] + 1) // 2, axis, keepdim)


def mode(x: Tensor, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """The least of the most frequent elements of an axis, and its last position.

    Example:
        >>> import rutile as rt
        >>> rt.mode(rt.tensor([3, 1, 3])).values.item()
        3
    """
    axis = normal_axis("mode", dim, x.ndim)
    values, order = _sorted(x, axis)
    counts = _core.reduce("sum", _core.unsqueeze(values, axis) == _core.unsqueeze(values, axis + 1), [axis + 1], False)
    best = counts.argmax(axis, keepdims=True)
    place = best + _core.take_along_axis(counts, best, axis) - 1
    position = _core.take_along_axis(order, place, axis)
    value = _core.take_along_axis(values, place, axis)
    return (
        ValuesAndIndices(value, position) if keepdim else ValuesAndIndices(value.squeeze(axis), position.squeeze(axis))
    )


def quantile(
    x: Tensor, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """Quantiles q (numbers from 0 to 1, a number or 1-D) of all elements or of an axis; q's axis comes first.

    `interpolation` between elements is "linear", "lower", "higher", "midpoint" or "nearest".

    Example:
        >>> import rutile as rt
        >>> rt.quantile(rt.tensor([1.0, 2.0]), 0.5).item()
        1.5
    """
    if dim is None:
        whole = quantile(x.reshape(x.size), q, 0, interpolation=interpolation)
        return whole.reshape(*whole.shape, *[1] * x.ndim) if keepdim else whole
    axis = normal_axis("quantile", dim, x.ndim)
    from rutile.creation import tensor
    from rutile.functions.arranging import moveaxis

    wanted = q if isinstance(q, _core.TensorBase) else tensor(q, dtype=x.dtype, device=x.device)
    values = moveaxis(_sorted(x, axis).values, axis, -1)
    place = wanted.reshape(wanted.size) * float(x.shape[axis] - 1)
    low, high = place.floor(), place.ceil()
    share = place - low
    if interpolation in ("lower", "higher", "nearest"):
        low = {"lower": low, "higher": high, "nearest": place.round()}[interpolation]
        high = low
    elif interpolation == "midpoint":
        share = _core.select(share > 0, 0.5, 0.0)
    elif interpolation != "linear":
        raise ArgumentError(f'quantile needs interpolation="linear" or a known other, got {interpolation!r}')
    line = [1] * (x.ndim - 1) + [wanted.size]
    lower = _core.take_along_axis(values, low.astype("int32").reshape(line), -1)
    upper = _core.take_along_axis(values, high.astype("int32").reshape(line), -1)
    result = lower + (upper - lower) * share
    # A NaN counts as greatest, so it is last if there is one.
    last = values[..., -1:]
    result = moveaxis(_core.select(last == last, result, last), -1, 0)
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
    size = max(minlength, int(x.max().item()) + 1 if x.size else 0)
    x = _core.checked(x, "bincount", "integers that are not negative", 0, size - 1)
    ones = _core.full([x.size], 1, "int32", x.device)
    return _core.scatter_add(ones if weights is None else weights, x, 0, size)


def histc(x: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """Counts of the elements in bins of equal width from min to max; both 0 means the range of x.

    Example:
        >>> import rutile as rt
        >>> rt.histc(rt.tensor([0.0, 1.0, 1.0]), bins=2, min=0, max=1).tolist()
        [1.0, 2.0]
    """
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


class UniqueAll(NamedTuple):
    """The distinct elements, where each first occurs, each element's place among them, and how often each occurs."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """The distinct elements and how often each occurs."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """The distinct elements and each element's place among them."""

    values: Tensor
    inverse_indices: Tensor


def unique_all(x: Tensor, /) -> UniqueAll:
    """The distinct elements in order, where each first occurs, each element's place among them, and how often it occurs.

    Each NaN is distinct. The number of distinct elements is read to the host.

    Example:
        >>> import rutile as rt
        >>> rt.unique_all(rt.tensor([2, 1, 2])).indices.tolist()
        [1, 0]
    """
    groups = _Groups(x)
    return UniqueAll(groups.values(), groups.firsts(), groups.inverse(), groups.counts())


def unique_counts(x: Tensor, /) -> UniqueCounts:
    """The distinct elements in order, and how often each occurs; see `unique_all`.

    Example:
        >>> import rutile as rt
        >>> rt.unique_counts(rt.tensor([2, 1, 2])).counts.tolist()
        [1, 2]
    """
    groups = _Groups(x)
    return UniqueCounts(groups.values(), groups.counts())


def unique_inverse(x: Tensor, /) -> UniqueInverse:
    """The distinct elements in order, and each element's place among them, in x's shape; see `unique_all`.

    Example:
        >>> import rutile as rt
        >>> rt.unique_inverse(rt.tensor([2, 1, 2])).inverse_indices.tolist()
        [1, 0, 1]
    """
    groups = _Groups(x)
    return UniqueInverse(groups.values(), groups.inverse())


def unique_values(x: Tensor, /) -> Tensor:
    """The distinct elements in order; see `unique_all`.

    Example:
        >>> import rutile as rt
        >>> rt.unique_values(rt.tensor([2, 1, 2])).tolist()
        [1, 2]
    """
    return _Groups(x).values()


def unique(
    x: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The distinct elements in order; on request each element's place among them, and how often each occurs.

    The number of distinct elements is read to the host.

    Example:
        >>> import rutile as rt
        >>> rt.unique(rt.tensor([2, 1, 2])).tolist()
        [1, 2]
    """
    if dim is not None:
        raise ArgumentError("unique needs dim=None, got an axis: distinct slices come with a later release")
    groups = _Groups(x)
    results = [groups.values()]
    if return_inverse:
        results.append(groups.inverse())
    if return_counts:
        results.append(groups.counts())
    return results[0] if len(results) == 1 else tuple(results)


class _Groups:
    """The elements of a tensor in order, and which of them are equal to the one before."""

    def __init__(self, x: Tensor) -> None:
        self.shape = x.shape
        self.sorted, self.order = _sorted(x.reshape(x.size), 0)
        fresh = self.sorted[1:] != self.sorted[:-1]
        self.first = concat([_core.full([min(1, x.size)], True, "bool", x.device), fresh])
        self.group = _core.cumulate("sum", _core.cast(self.first, "int32"), 0) - 1

    def values(self) -> Tensor:
        return masked_select(self.sorted, self.first)

    def firsts(self) -> Tensor:
        return masked_select(self.order, self.first)

    def inverse(self) -> Tensor:
        return _core.scatter_add(self.group, self.order, 0, math.prod(self.shape)).reshape(self.shape)

    def counts(self) -> Tensor:
        ones = _core.full([self.sorted.size], 1, "int32", self.sorted.device)
        return _core.scatter_add(ones, self.group, 0, self.values().size)
