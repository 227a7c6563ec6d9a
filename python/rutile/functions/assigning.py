"""Tensors with some elements replaced: chosen by positions, masks, slices and diagonals; folded where several meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile.errors import ArgumentError, ShapeError
from rutile.functions import indexing
from rutile.functions.arranging import along, broadcast_shapes, normal_axis
from rutile.functions.viewing import strided_places

if TYPE_CHECKING:
    from rutile.tensor import Tensor

# How values that meet are folded.
_FOLDS: dict[str, Callable[[Any, Any], Tensor]] = {
    "prod": elementwise.multiply,
    "amax": elementwise.maximum,
    "amin": elementwise.minimum,
}


def index_put(input: Tensor, indices: Sequence[Any], values: Any, accumulate: bool = False) -> Tensor:
    """input with input[indices] replaced by values, or with the values added there, those of equal positions together.

    Example:
        >>> import rutile as rt
        >>> rt.index_put(rt.zeros((3,)), (rt.tensor([1, 1]),), rt.tensor([2.0, 3.0]), accumulate=True).tolist()
        [0.0, 5.0, 0.0]
    """
    key = tuple(slice(None) if index is None else index for index in indices)
    if not accumulate:
        return indexing.assigned(input, key, values)
    places = _core.reshape(_core.iota(input.size, input.device), list(input.shape))[key]
    values = _like(values, input)
    flat = _core.reshape(_core.expand(values, list(places.shape)), [places.size])
    sums = _core.scatter_add(flat, _core.reshape(places, [places.size]), 0, input.size)
    return input + _core.reshape(sums, list(input.shape))


def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """input with the elements at positions in row-major order replaced by those of source, or with these added.

    Example:
        >>> import rutile as rt
        >>> rt.put(rt.zeros((2, 2)), rt.tensor([3]), rt.tensor([7.0])).tolist()
        [[0.0, 0.0], [0.0, 7.0]]
    """
    flat = _core.reshape(input, [input.size])
    positions, values = _core.reshape(index, [index.size]), _core.reshape(source, [index.size])
    return _core.reshape(index_put(flat, (positions,), values, accumulate), list(input.shape))


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """input with the elements where the bool mask holds replaced by those of source, one after another.

    Example:
        >>> import rutile as rt
        >>> rt.masked_scatter(rt.zeros((3,)), rt.tensor([True, False, True]), rt.tensor([1.0, 2.0])).tolist()
        [1.0, 0.0, 2.0]
    """
    shape = list(broadcast_shapes(input.shape, mask.shape))
    input, mask = _core.expand(input, shape), _core.expand(mask, shape)
    if not mask.size or not source.size:
        return input
    flat = _core.reshape(mask, [mask.size])
    places = _core.cumulate("sum", _core.cast(flat, "int32"), 0) - 1
    taken = _core.take_along_axis(_core.reshape(source, [source.size]), _core.select(flat, places, 0), 0)
    return _core.select(mask, _core.reshape(_core.cast(taken, input.dtype_name), shape), input)


def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """input with one slice of an axis replaced by src.

    Example:
        >>> import rutile as rt
        >>> rt.select_scatter(rt.zeros((2, 2)), rt.ones((2,)), 0, 1).tolist()
        [[0.0, 0.0], [1.0, 1.0]]
    """
    return _core.with_index(input, along(normal_axis("select_scatter", dim, input.ndim), index), src)


def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """input with input[start:end:step] along an axis replaced by src.

    Example:
        >>> import rutile as rt
        >>> rt.slice_scatter(rt.zeros((4,)), rt.ones((2,)), 0, 0, 4, 2).tolist()
        [1.0, 0.0, 1.0, 0.0]
    """
    axis = normal_axis("slice_scatter", dim, input.ndim)
    return _core.with_index(input, along(axis, slice(start, end, step)), src)


def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """input with a diagonal of two axes replaced by src, whose last axis goes along it.

    Example:
        >>> import rutile as rt
        >>> rt.diagonal_scatter(rt.zeros((2, 2)), rt.ones((2,))).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    first, second = (normal_axis("diagonal_scatter", dim, input.ndim) for dim in (dim1, dim2))
    rows, columns = input.shape[first], input.shape[second]
    length = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    numbers = _core.iota(length, input.device)
    key: list[Any] = [slice(None)] * input.ndim
    key[first], key[second] = numbers + max(0, -offset), numbers + max(0, offset)
    # Two tensors that are not neighbours put their axis first.
    order = [axis for axis in range(input.ndim) if axis not in (first, second)]
    moved = _core.permute(input, [first, second, *order])
    values = _core.permute(src, [src.ndim - 1, *range(src.ndim - 1)])
    changed = indexing.assigned(moved, (key[first], key[second]), values)
    back = [0] * input.ndim
    for place, axis in enumerate([first, second, *order]):
        back[axis] = place
    return _core.permute(changed, back)


def as_strided_scatter(
    input: Tensor, src: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int = 0
) -> Tensor:
    """input with the elements that `as_strided` would take replaced by src, of shape `size`.

    Raises:
        OutOfRangeError: an element would lie outside.

    Example:
        >>> import rutile as rt
        >>> rt.as_strided_scatter(rt.zeros((2, 2)), rt.ones((2,)), (2,), (3,)).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    if src.shape != tuple(size):
        raise ShapeError(f"as_strided_scatter needs a src of shape {tuple(size)}, got {src.shape}")
    places = strided_places("as_strided_scatter", input, size, stride, storage_offset)
    return put(input, places, src)


def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """input with all src[i][j] folded into [index[i][j]][j] for dim 0, and so on, together with what is there.

    Args:
        reduce: "sum", "prod", "mean", "amax" or "amin".
        include_self: whether what is there takes part in its fold.

    Example:
        >>> import rutile as rt
        >>> rt.scatter_reduce(rt.zeros((2,)), 0, rt.tensor([1, 1]), rt.tensor([2.0, 3.0]), "sum").tolist()
        [0.0, 5.0]
    """
    axis = normal_axis("scatter_reduce", dim, input.ndim)
    if reduce not in ("sum", "mean", *_FOLDS):
        raise ArgumentError(f'scatter_reduce needs reduce="sum", "prod", "mean", "amax" or "amin", got {reduce!r}')
    zeros = _core.full(list(input.shape), 0, input.dtype_name, input.device)
    ones = _core.full(list(index.shape), 1, "int32", input.device)
    counts = indexing.scatter_add(_core.cast(zeros, "int32"), axis, index, ones)
    hit = counts > 0
    if reduce in ("sum", "mean"):
        base = input if include_self else _core.select(hit, zeros, input)
        total = indexing.scatter_add(base, axis, index, src)
        if reduce == "sum":
            return total
        parts = elementwise.maximum(counts + 1 if include_self else counts, 1)
        parts = _core.cast(parts, input.dtype_name)
        return total // parts if input.dtype.kind in "iu" else total / parts
    fold = _FOLDS[reduce]
    cut = src[tuple(slice(0, size) for size in index.shape)]
    folded = _folded(fold, _core.cast(cut, input.dtype_name), index, axis, counts)
    return _core.select(hit, fold(input, folded) if include_self else folded, input)


def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`scatter_reduce` of slices of source, at the positions of a 1-D index: "prod", "mean", "amax" or "amin".

    Example:
        >>> import rutile as rt
        >>> rt.index_reduce(rt.ones((2,)), 0, rt.tensor([1, 1]), rt.tensor([2.0, 3.0]), "prod").tolist()
        [1.0, 6.0]
    """
    axis = normal_axis("index_reduce", dim, input.ndim)
    if index.ndim > 1 or index.size != source.shape[axis]:
        raise ShapeError(f"index_reduce needs an index of {source.shape[axis]} positions, got shape {index.shape}")
    line = [index.size if i == axis else 1 for i in range(input.ndim)]
    positions = _core.expand(_core.reshape(index, line), list(source.shape))
    return scatter_reduce(input, axis, positions, source, reduce, include_self=include_self)


def _folded(fold: Callable[[Any, Any], Tensor], src: Tensor, index: Tensor, axis: int, counts: Tensor) -> Tensor:
    """The fold of what falls on each place, in the shape of `counts`; anything where nothing does."""
    size = counts.shape[axis]
    wrapped = _core.select(index < 0, index + size, index)
    order = _core.argsort(wrapped, axis, False)
    places = _core.take_along_axis(wrapped, order, axis)
    values = _core.take_along_axis(src, order, axis)
    reach = 1
    # Each step joins an element with the one 1, 2, 4, ... before it, if both fall on one place.
    while reach < index.shape[axis]:
        padding = [(reach, -reach) if i == axis else (0, 0) for i in range(src.ndim)]
        same = _core.pad(places, padding, -1.0) == places
        values = _core.select(same, fold(_core.pad(values, padding, 0.0), values), values)
        reach *= 2
    # Places are in order, so the last of each is where the count of all up to it says.
    cut = tuple(slice(None) if i == axis else slice(0, n) for i, n in enumerate(index.shape))
    ends = _core.cumulate("sum", counts[cut], axis) - 1
    found = _core.take_along_axis(values, elementwise.maximum(ends, 0), axis)
    return _core.pad(found, [(0, n - own) for n, own in zip(counts.shape, found.shape, strict=True)], 0.0)


def _like(value: Any, x: Tensor) -> Any:
    return value if isinstance(value, _core.TensorBase) else _core.full([], value, x.dtype_name, x.device)
