"""Elements chosen by tensors: by positions and by masks, to read and to assign.

Positions that come in lists and NumPy arrays are checked at the call. Those in tensors are checked by the device as it
uses them: one outside its axis raises OutOfRangeError at the evaluation, on a GPU at the next read of any tensor. A
mask's number of true elements is read to the host.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.errors import ArgumentError, DTypeError, OutOfRangeError, ShapeError
from rutile.functions.arranging import broadcast_shapes, normal_axis

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def take_along_axis(x: Tensor, indices: Tensor, /, *, axis: int = -1) -> Tensor:
    """For each index, the element of `axis` at that place; the other axes broadcast.

    Example:
        >>> import rutile as rt
        >>> rt.take_along_axis(rt.tensor([[1, 2], [3, 4]]), rt.tensor([[1], [0]]), axis=1).tolist()
        [[2], [3]]
    """
    axis = normal_axis("take_along_axis", axis, x.ndim)
    return _core.take_along_axis(x, _checked("take_along_axis", indices, axis, x), axis)


def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """`take_along_axis` under PyTorch's name; dim None takes from the flattened tensor.

    Example:
        >>> import rutile as rt
        >>> rt.take_along_dim(rt.tensor([[1, 2], [3, 4]]), rt.tensor([[1], [0]]), dim=1).tolist()
        [[2], [3]]
    """
    if dim is None:
        input, indices, dim = input.reshape(input.size), indices.reshape(indices.size), 0
    axis = normal_axis("take_along_dim", dim, input.ndim)
    return _core.take_along_axis(input, _checked("take_along_dim", indices, axis, input), axis)


def gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """out[i][j] = input[index[i][j]][j] for dim 0, and so on; index is no larger than input along other axes.

    Raises:
        ShapeError: index has other axes than input, or larger ones.

    Example:
        >>> import rutile as rt
        >>> rt.gather(rt.tensor([[1, 2], [3, 4]]), 1, rt.tensor([[0, 0], [1, 0]])).tolist()
        [[1, 1], [4, 3]]
    """
    axis = _fitting("gather", input, dim, index)
    index = _checked("gather", index, axis, input)
    return _core.take_along_axis(_cut(input, axis, index.shape), index, axis)


def scatter(input: Tensor, dim: int, index: Tensor, src: Tensor | float, *, reduce: str | None = None) -> Tensor:
    """input with src[i][j] put at [index[i][j]][j] for dim 0, and so on; of equal positions, the last one wins.

    `reduce="add"` adds src to what is there instead, and "multiply" multiplies.

    Example:
        >>> import rutile as rt
        >>> rt.scatter(rt.tensor([0.0, 0.0, 0.0]), 0, rt.tensor([2]), rt.tensor([5.0])).tolist()
        [0.0, 0.0, 5.0]
    """
    if reduce not in (None, "add", "multiply"):
        raise ArgumentError(f'scatter needs reduce=None, "add" or "multiply", got {reduce!r}')
    axis = _fitting("scatter", input, dim, index)
    index = _checked("scatter", index, axis, input)
    if not isinstance(src, _core.TensorBase):
        src = _core.expand(_core.full([], src, input.dtype_name, input.device), list(index.shape))
    if reduce == "multiply":
        from rutile.functions.assigning import scatter_reduce

        return scatter_reduce(input, axis, index, src, "prod")
    return _put(input, axis, index, src) if reduce is None else _added(input, axis, index, src)


def _put(input: Tensor, axis: int, index: Tensor, src: Tensor) -> Tensor:
    src = _core.cast(_corner(src, index.shape), input.dtype_name)
    size = input.shape[axis]
    # The number of the last source element that falls on each place; zero where none does.
    line = [1] * input.ndim
    line[axis] = index.shape[axis]
    numbers = _core.reshape(_core.iota(index.shape[axis], input.device) + 1, line)
    numbers = _core.expand(numbers, list(index.shape))
    winner = _last(numbers, index, axis, size)
    hit = winner > 0
    chosen = _core.take_along_axis(src, _core.select(hit, winner - 1, 0), axis)
    return _core.select(_grown(hit, input.shape), _grown(chosen, input.shape), input)


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """input with src[i][j] added at [index[i][j]][j] for dim 0, and so on.

    Example:
        >>> import rutile as rt
        >>> rt.scatter_add(rt.zeros((3,)), 0, rt.tensor([2, 2]), rt.tensor([5.0, 1.0])).tolist()
        [0.0, 0.0, 6.0]
    """
    axis = _fitting("scatter_add", input, dim, index)
    return _added(input, axis, _checked("scatter_add", index, axis, input), src)


def _added(input: Tensor, axis: int, index: Tensor, src: Tensor) -> Tensor:
    sums = _core.scatter_add(_corner(src, index.shape), index, axis, input.shape[axis])
    return input + _grown(sums, input.shape)


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices of an axis at the positions of a 1-D index.

    Example:
        >>> import rutile as rt
        >>> rt.index_select(rt.tensor([[1, 2], [3, 4]]), 0, rt.tensor([1, 1])).tolist()
        [[3, 4], [3, 4]]
    """
    axis = normal_axis("index_select", dim, input.ndim)
    return _core.take_along_axis(input, _line("index_select", index, axis, input), axis)


def take(x: Tensor, indices: Tensor, /, *, axis: int | None = None) -> Tensor:
    """The slices of an axis at the positions of a 1-D index; without an axis, elements by their row-major positions.

    Example:
        >>> import rutile as rt
        >>> rt.take(rt.tensor([5, 6, 7]), rt.tensor([2, 0])).tolist()
        [7, 5]
    """
    if axis is None:
        taken = take(_core.reshape(x, [x.size]), _core.reshape(indices, [indices.size]), axis=0)
        return _core.reshape(taken, list(indices.shape))
    axis = normal_axis("take", axis, x.ndim)
    return _core.take_along_axis(x, _line("take", indices, axis, x), axis)


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: float = 1) -> Tensor:
    """input with slices of source, times alpha, added at the positions of a 1-D index.

    Example:
        >>> import rutile as rt
        >>> rt.index_add(rt.zeros((3,)), 0, rt.tensor([1, 1]), rt.tensor([2.0, 3.0])).tolist()
        [0.0, 5.0, 0.0]
    """
    axis = normal_axis("index_add", dim, input.ndim)
    line = _line("index_add", index, axis, input)
    needs = (*input.shape[:axis], index.size, *input.shape[axis + 1 :])
    if source.shape != needs:
        raise ShapeError(f"index_add needs a source of shape {needs} for {index.size} positions, got {source.shape}")
    positions = _core.expand(line, list(source.shape))
    sums = _core.scatter_add(source, positions, axis, input.shape[axis])
    return input + (sums if alpha == 1 else sums * alpha)


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """input with slices replaced by those of source at the positions of a 1-D index.

    Example:
        >>> import rutile as rt
        >>> rt.index_copy(rt.zeros((3,)), 0, rt.tensor([1]), rt.tensor([2.0])).tolist()
        [0.0, 2.0, 0.0]
    """
    axis = normal_axis("index_copy", dim, input.ndim)
    positions = _core.expand(_line("index_copy", index, axis, input), list(source.shape))
    _fitting("index_copy", input, axis, positions)
    return _put(input, axis, positions, source)


def index_fill(input: Tensor, dim: int, index: Tensor, value: float) -> Tensor:
    """input with slices filled by a value at the positions of a 1-D index.

    Example:
        >>> import rutile as rt
        >>> rt.index_fill(rt.zeros((3,)), 0, rt.tensor([1]), 7.0).tolist()
        [0.0, 7.0, 0.0]
    """
    axis = normal_axis("index_fill", dim, input.ndim)
    ones = _core.full([index.size], 1, "int32", input.device)
    hits = _core.scatter_add(ones, _checked("index_fill", index, axis, input), 0, input.shape[axis]) > 0
    line = [1] * input.ndim
    line[axis] = input.shape[axis]
    return _core.select(_core.reshape(hits, line), _core.full([], value, input.dtype_name, input.device), input)


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """input with a value where the bool mask holds.

    Example:
        >>> import rutile as rt
        >>> rt.masked_fill(rt.tensor([1.0, 2.0]), rt.tensor([True, False]), 0.0).tolist()
        [0.0, 2.0]
    """
    return _core.select(mask, value, input)


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where the bool mask holds, 1-D. Their number is read to the host.

    Example:
        >>> import rutile as rt
        >>> rt.masked_select(rt.tensor([1.0, 2.0]), rt.tensor([True, False])).tolist()
        [1.0]
    """
    shape = list(broadcast_shapes(input.shape, mask.shape))
    flat = _core.reshape(_core.expand(input, shape), [-1] if math.prod(shape) else [0])
    return _core.take_along_axis(flat, _chosen(_core.expand(mask, shape)), 0)


def nonzero(x: Tensor, /, *, as_tuple: bool = True) -> Any:
    """Positions of the elements that are not zero: one int32 tensor for each axis. Their number is read to the host.

    Without `as_tuple`, one tensor (count, axes), as `argwhere` gives it.

    Example:
        >>> import rutile as rt
        >>> [axis.tolist() for axis in rt.nonzero(rt.tensor([[0, 1], [2, 0]]))]
        [[0, 1], [1, 0]]
    """
    if not as_tuple:
        return argwhere(x)
    if x.ndim == 0:
        raise ShapeError("nonzero needs a tensor of at least one axis, got a 0-d one")
    return unravel_index(_chosen(x.astype("bool")), x.shape)


def unravel_index(indices: Tensor, shape: Sequence[int]) -> tuple[Tensor, ...]:
    """Row-major positions as one position for each axis of a shape.

    Example:
        >>> import rutile as rt
        >>> [axis.tolist() for axis in rt.unravel_index(rt.tensor([3, 5]), (2, 3))]
        [[1, 1], [0, 2]]
    """
    result = []
    for size in reversed(list(shape)):
        result.append(indices % max(size, 1))
        indices = indices // max(size, 1)
    return tuple(reversed(result))


def argwhere(x: Tensor) -> Tensor:
    """Positions of the elements that are not zero, one row for each. Their number is read to the host.

    Example:
        >>> import rutile as rt
        >>> rt.argwhere(rt.tensor([[0, 1], [2, 0]])).tolist()
        [[0, 1], [1, 0]]
    """
    from rutile.functions.arranging import stack

    return stack(nonzero(x), axis=1)


# Indexing by tensors


def is_advanced(key: Any) -> bool:
    """Whether a key holds anything but integers, slices, None and Ellipsis."""
    kind = type(key)
    if kind is int or kind is slice or key is None or key is Ellipsis:
        return False
    if kind is tuple:
        return any(is_advanced(entry) for entry in key)
    return isinstance(key, bool | list | _core.TensorBase) or getattr(key, "ndim", 0) > 0 or kind.__name__ == "bool"


def read(x: Tensor, key: Any) -> Tensor:
    """x[key] for a key with tensors, lists or masks in it, by NumPy's rules."""
    selection = _Selection(x, key)
    return selection.restored(_core.take_along_axis(selection.rows, selection.positions, 0))


def assigned(x: Tensor, key: Any, value: Any) -> Tensor:
    """x with x[key] replaced by a value that broadcasts to it; of equal positions, the last one wins."""
    entries = key if isinstance(key, tuple) else (key,)
    only = entries[0]
    if len(entries) == 1 and isinstance(only, _core.TensorBase) and only.dtype_name == "bool" and _is_number(value):
        mask = _core.reshape(only, [*only.shape, *[1] * (x.ndim - only.ndim)])
        if tuple(only.shape) == tuple(x.shape[: only.ndim]):
            return _core.select(mask, _core.cast(_scalar(value, x), x.dtype_name), x)
    numbers = _core.reshape(_core.iota(x.size, x.device), list(x.shape))
    targets = read(numbers, key)
    value = _core.cast(_scalar(value, x), x.dtype_name)
    if value.ndim > targets.ndim:
        value = _core.reshape(value, list(value.shape[value.ndim - targets.ndim :]))
    source = _core.expand(value, list(targets.shape)).reshape(targets.size)
    flat = _put(x.reshape(x.size), 0, targets.reshape(targets.size), source)
    return flat.reshape(x.shape)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) or getattr(value, "ndim", 1) == 0


def _scalar(value: Any, x: Tensor) -> Any:
    return value if isinstance(value, _core.TensorBase) else _core.full([], value, x.dtype_name, x.device)


class _Selection:
    """An index with tensors in it, made into positions along one joined axis.

    The axes that tensors index come first and are joined: `rows` is (n, rest), `positions` is (k, 1).
    """

    def __init__(self, x: Tensor, key: Any) -> None:
        x, entries = _expanded(x, key if isinstance(key, tuple) else (key,))
        basic = tuple(slice(None) if isinstance(entry, _core.TensorBase) else entry for entry in entries)
        # Integers beside tensors count as tensors: they broadcast with them.
        basic = tuple(slice(None) if isinstance(entry, int) else entry for entry in basic)
        view = _core.index(x, basic)
        places = [axis for axis, entry in enumerate(entries) if isinstance(entry, int | _core.TensorBase)]
        chosen = [_position(entries[axis], view.shape[axis], axis, x.device) for axis in places]
        shape = list(broadcast_shapes(*(index.shape for index in chosen)))
        self.together = places == list(range(places[0], places[0] + len(places)))
        self.first = places[0]
        self.shape = shape
        rest = [axis for axis in range(view.ndim) if axis not in places]
        self.rest = [view.shape[axis] for axis in rest]
        joined = math.prod(view.shape[axis] for axis in places)
        moved = _core.permute(view, [*places, *rest])
        self.rows = _core.reshape(moved, [joined, math.prod(self.rest)])
        total: Any = 0
        for place, index in zip(places, chosen, strict=True):
            size = view.shape[place]
            total = total * size + _core.select(index < 0, index + size, index)
        self.positions = _core.reshape(_core.expand(total, shape), [math.prod(shape), 1])

    def restored(self, rows: Tensor) -> Tensor:
        """Chosen rows (k, rest) with the index's own axes where NumPy puts them."""
        result = _core.reshape(rows, [*self.shape, *self.rest])
        if not self.together or self.first == 0:
            return result
        lead, first = len(self.shape), self.first
        order = [*range(lead, lead + first), *range(lead), *range(lead + first, result.ndim)]
        return _core.permute(result, order)


def _expanded(x: Tensor, entries: tuple[Any, ...]) -> tuple[Tensor, list[Any]]:
    """The entries with Ellipsis written out, lists as tensors, and masks as the positions where they hold.

    A single bool is the mask of a new axis of size one, which x gets.
    """
    from rutile.creation import tensor

    listed: list[Any] = []
    # Tensors made here of what lies on the host, whose range costs no read to check.
    host: dict[int, Any] = {}
    for entry in entries:
        if isinstance(entry, list) or (not isinstance(entry, _core.TensorBase) and getattr(entry, "ndim", 0)):
            data = entry
            entry = tensor(data, device=x.device)
            entry = entry.astype("int32") if entry.size == 0 else entry
            host[id(entry)] = data
        elif type(entry).__name__ in ("bool", "bool_"):
            entry = tensor(bool(entry), device=x.device)
        elif not isinstance(entry, _core.TensorBase | slice | int) and hasattr(entry, "__index__"):
            entry = entry.__index__()
        listed.append(entry)

    def axes(entry: Any) -> int:
        if entry is None or entry is Ellipsis:
            return 0
        return entry.ndim if isinstance(entry, _core.TensorBase) and entry.dtype_name == "bool" else 1

    for place, entry in enumerate(listed):
        if isinstance(entry, _core.TensorBase) and entry.dtype_name == "bool" and entry.ndim == 0:
            # Behind an ellipsis, axes are counted from the end.
            before = sum(axes(other) for other in listed[:place])
            behind = sum(axes(other) for other in listed[place + 1 :])
            from_end = any(other is Ellipsis for other in listed[:place])
            x = _core.unsqueeze(x, x.ndim - behind if from_end else before)
            listed[place] = _core.reshape(entry, [1])
    used = sum(axes(entry) for entry in listed)
    if used > x.ndim:
        raise OutOfRangeError(f"indexing needs at most {x.ndim} indices for shape {x.shape}, got {used}")
    if Ellipsis not in [entry for entry in listed if not isinstance(entry, _core.TensorBase)]:
        listed.append(Ellipsis)
    result: list[Any] = []
    axis = 0
    for entry in listed:
        if entry is Ellipsis:
            result += [slice(None)] * (x.ndim - used)
            axis += x.ndim - used
        elif isinstance(entry, _core.TensorBase) and entry.dtype_name == "bool":
            needs = x.shape[axis : axis + entry.ndim]
            # An axis of size zero chooses nothing, whatever it stands for.
            if any(size not in (own, 0) for size, own in zip(entry.shape, needs, strict=True)):
                raise OutOfRangeError(f"indexing needs a mask of shape {needs} for shape {x.shape}, got {entry.shape}")
            result += nonzero(entry)  # pyright: ignore[reportArgumentType]
            axis += entry.ndim
        else:
            if isinstance(entry, _core.TensorBase) and "float" in entry.dtype_name:
                raise DTypeError(f"indexing needs integer or bool tensors, got {entry.dtype_name}: use .astype(int32)")
            if id(entry) in host:
                _check_range(host[id(entry)], x.shape[axis], axis)
            elif isinstance(entry, _core.TensorBase):
                entry = _core.checked_positions(entry, "indexing", axis, x.shape[axis])
            result.append(entry)
            axis += entry is not None
    return x, result


def _check_range(data: Any, size: int, axis: int) -> None:
    import numpy as np

    numbers = np.asarray(data)
    if numbers.size and not -size <= numbers.min() <= numbers.max() < size:
        got = numbers.min() if numbers.min() < -size else numbers.max()
        needs = f"positions from {-size} to {size - 1} on axis {axis} of size {size}"
        raise OutOfRangeError(f"indexing needs {needs}, got {got}")


def _position(entry: Any, size: int, axis: int, device: str) -> Tensor:
    if isinstance(entry, int):
        if not -size <= entry < size:
            raise OutOfRangeError(f"indexing needs an index from {-size} to {size - 1} for axis {axis}, got {entry}")
        return _core.full([], entry, "int32", device)
    return _core.cast(entry, "int32")


def _chosen(mask: Tensor) -> Tensor:
    """Row-major positions where a bool mask holds; their number is read."""
    flat = _core.reshape(mask, [mask.size])
    if not mask.size:
        return _core.iota(0, mask.device)
    numbers = _core.cast(flat, "int32")
    count = int(_core.item(_core.reduce("sum", numbers, None, False)))
    # The place of each chosen element among the chosen: those before it.
    place = _core.select(flat, _core.cumulate("sum", numbers, 0) - 1, count)
    return _core.scatter_add(_core.iota(mask.size, mask.device), place, 0, count)


def _last(numbers: Tensor, index: Tensor, axis: int, size: int) -> Tensor:
    """The greatest of the numbers that fall on each place: the last, as they count up along the axis."""
    order = _core.argsort(_core.select(index < 0, index + size, index), axis, False)
    places = _core.take_along_axis(_core.select(index < 0, index + size, index), order, axis)
    ranked = _core.take_along_axis(numbers, order, axis)
    following = [slice(None)] * index.ndim
    following[axis] = slice(1, None)
    padding = [(0, 0)] * index.ndim
    padding[axis] = (0, 1)
    ends = _core.pad(places[tuple(following)], padding, -1.0) != places
    return _core.scatter_add(_core.select(ends, ranked, 0), places, axis, size)


def _fitting(function: str, input: Tensor, dim: int, index: Tensor) -> int:
    axis = normal_axis(function, dim, input.ndim)
    sizes = zip(index.shape, input.shape, strict=False)
    if index.ndim != input.ndim or any(a > b for i, (a, b) in enumerate(sizes) if i != axis):
        needs = f"an index of {input.ndim} axes, no larger than {input.shape} except along axis {axis}"
        raise ShapeError(f"{function} needs {needs}, got {index.shape}")
    return axis


def _cut(x: Tensor, axis: int, shape: tuple[int, ...]) -> Tensor:
    """x no larger than `shape` except along the axis."""
    return x[tuple(slice(None) if i == axis else slice(0, size) for i, size in enumerate(shape))]


def _corner(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    return x[tuple(slice(0, size) for size in shape)]


def _grown(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    padding = [(0, size - own) for size, own in zip(shape, x.shape, strict=True)]
    return _core.pad(x, padding, 0.0)


def _checked(function: str, index: Tensor, axis: int, x: Tensor) -> Tensor:
    """The index, whose evaluation fails if a position is outside the axis of x."""
    return _core.checked_positions(index, function, axis, x.shape[axis])


def _line(function: str, index: Tensor, axis: int, x: Tensor) -> Tensor:
    """A 1-D index of an axis of x, checked, with the axes of x."""
    if index.ndim > 1:
        raise ShapeError(f"{function} needs an index of one axis, got shape {index.shape}")
    line = [1] * x.ndim
    line[axis] = index.size
    return _core.reshape(_checked(function, index, axis, x), line)
