"""Tensors put together, taken apart, repeated and turned."""

from __future__ import annotations

import builtins
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core, manipulation
from rutile.errors import ArgumentError, ShapeError

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def normal_axis(function: str, axis: int, rank: int) -> int:
    """The axis counted from the start."""
    if not -rank <= axis < max(rank, 1):
        raise ShapeError(f"{function} needs an axis from {-rank} to {rank - 1}, got {axis}")
    return axis % max(rank, 1)


def two_axes(function: str, axes: Sequence[int], rank: int) -> list[int]:
    """Two axes counted from the start, which differ."""
    normal = [normal_axis(function, axis, rank) for axis in axes]
    if len(set(normal)) != 2 or len(normal) != 2:
        raise ArgumentError(f"{function} needs two different axes, got {tuple(axes)}")
    return normal


def along(axis: int, entry: Any) -> tuple[Any, ...]:
    """The index that selects `entry` of an axis."""
    return (*(slice(None),) * axis, entry)


def concat(arrays: Sequence[Tensor], /, axis: int | None = 0, *, dim: int | None = None) -> Tensor:
    """Tensors one after another along an axis (`dim` in PyTorch); with axis None, their elements in row-major order.

    Raises:
        ShapeError: sizes of other axes differ.

    Example:
        >>> import rutile as rt
        >>> rt.concat([rt.tensor([1, 2]), rt.tensor([3])]).tolist()
        [1, 2, 3]
    """
    axis, listed = axis if dim is None else dim, _listed("concat", arrays)
    if axis is None:
        return _core.concat([array.reshape(array.size) for array in listed], 0)
    return _core.concat(listed, axis)


def cat(tensors: Sequence[Tensor], dim: int = 0, *, axis: int | None = None) -> Tensor:
    """`concat` under PyTorch's name.

    Example:
        >>> import rutile as rt
        >>> rt.cat([rt.tensor([1, 2]), rt.tensor([3])]).tolist()
        [1, 2, 3]
    """
    return _core.concat(_listed("cat", tensors), dim if axis is None else axis)


def _listed(function: str, arrays: Any) -> list[Tensor]:
    """The tensors of an iterable, of which there is at least one."""
    try:
        listed = list(arrays)
    except TypeError:
        raise TypeError(f"{function} needs a sequence of tensors, got {type(arrays).__name__}") from None
    kinds = [type(array).__name__ for array in listed if not isinstance(array, _core.TensorBase)]
    if kinds or not listed:
        raise TypeError(f"{function} needs a sequence of tensors, got {', '.join(kinds) or 'an empty one'}")
    return listed


def stack(arrays: Sequence[Tensor], /, axis: int = 0, *, dim: int | None = None) -> Tensor:
    """Tensors of one shape beside each other along a new axis (`dim` in PyTorch).

    Raises:
        ShapeError: shapes differ.

    Example:
        >>> import rutile as rt
        >>> rt.stack([rt.tensor([1, 2]), rt.tensor([3, 4])], axis=1).tolist()
        [[1, 3], [2, 4]]
    """
    axis, listed = axis if dim is None else dim, _listed("stack", arrays)
    if any(array.shape != listed[0].shape for array in listed):
        raise ShapeError(f"stack needs tensors of one shape, got {', '.join(str(array.shape) for array in listed)}")
    return _core.concat([_core.unsqueeze(array, axis) for array in listed], axis)


def split(x: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces along an axis: of one size, the last maybe smaller, or of the given sizes.

    Raises:
        ShapeError: the sizes do not add up to the axis.

    Example:
        >>> import rutile as rt
        >>> [piece.tolist() for piece in rt.split(rt.arange(5), 2)]
        [[0, 1], [2, 3], [4]]
    """
    axis = normal_axis("split", dim, x.ndim)
    total = x.shape[axis]
    if isinstance(split_size_or_sections, int):
        step = split_size_or_sections
        if step < 1:
            raise ArgumentError(f"split needs pieces of at least 1 element, got {step}")
        sizes = [min(step, total - start) for start in range(0, total, step)] or [0]
    else:
        sizes = list(split_size_or_sections)
        if builtins.sum(sizes) != total:
            raise ShapeError(f"split needs sizes that add up to {total}, got {sizes}")
    pieces, start = [], 0
    for size in sizes:
        pieces.append(x[along(axis, slice(start, start + size))])
        start += size
    return tuple(pieces)


def chunk(x: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` pieces of one size along an axis, the last one maybe smaller.

    Example:
        >>> import rutile as rt
        >>> [piece.tolist() for piece in rt.chunk(rt.arange(5), 2)]
        [[0, 1, 2], [3, 4]]
    """
    if chunks < 1:
        raise ArgumentError(f"chunk needs at least 1 piece, got {chunks}")
    axis = normal_axis("chunk", dim, x.ndim)
    return split(x, max(1, math.ceil(x.shape[axis] / chunks)), axis)


def unstack(x: Tensor, /, *, axis: int = 0) -> tuple[Tensor, ...]:
    """The slices along an axis, which goes away.

    Example:
        >>> import rutile as rt
        >>> [row.tolist() for row in rt.unstack(rt.tensor([[1, 2], [3, 4]]))]
        [[1, 2], [3, 4]]
    """
    axis = normal_axis("unstack", axis, x.ndim)
    return tuple(x[along(axis, i)] for i in range(x.shape[axis]))


def unbind(x: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """`unstack` under PyTorch's name.

    Example:
        >>> import rutile as rt
        >>> [row.tolist() for row in rt.unbind(rt.tensor([[1, 2], [3, 4]]))]
        [[1, 2], [3, 4]]
    """
    return unstack(x, axis=dim)


def tile(x: Tensor, repetitions: Sequence[int], /) -> Tensor:
    """x laid beside itself: repetitions[i] times along axis i, counted from the last.

    Example:
        >>> import rutile as rt
        >>> rt.tile(rt.tensor([1, 2]), (2, 2)).tolist()
        [[1, 2, 1, 2], [1, 2, 1, 2]]
    """
    counts = [repetitions] if isinstance(repetitions, int) else list(repetitions)
    if any(count < 0 for count in counts):
        raise ArgumentError(f"tile needs repetitions of at least 0, got {tuple(counts)}")
    rank = max(x.ndim, len(counts))
    counts = [1] * (rank - len(counts)) + counts
    sizes = [1] * (rank - x.ndim) + list(x.shape)
    pairs = list(zip(counts, sizes, strict=True))
    apart = _core.reshape(x, [part for _, size in pairs for part in (1, size)])
    spread = _core.expand(apart, [part for count, size in pairs for part in (count, size)])
    return _core.reshape(spread, [count * size for count, size in pairs])


def repeat_interleave(x: Tensor, repeats: int | Sequence[int] | Tensor, dim: int | None = None) -> Tensor:
    """Each element of an axis repeated; dim None flattens first. `repeats` is a number or one number for each element.

    A tensor of repeats is read to the host, since the result's shape depends on it.

    Example:
        >>> import rutile as rt
        >>> rt.repeat_interleave(rt.tensor([1, 2]), 2).tolist()
        [1, 1, 2, 2]
    """
    if dim is None:
        x, dim = x.reshape(-1), 0
    axis = normal_axis("repeat_interleave", dim, x.ndim)
    if isinstance(repeats, int):
        if repeats < 0:
            raise ArgumentError(f"repeat_interleave needs repeats of at least 0, got {repeats}")
        shape = list(x.shape)
        shape.insert(axis + 1, repeats)
        merged = list(x.shape)
        merged[axis] *= repeats
        return _core.reshape(_core.expand(_core.unsqueeze(x, axis + 1), shape), merged)
    counts = list(repeats) if isinstance(repeats, list | tuple) else repeats.reshape(-1).tolist()  # type: ignore[union-attr]
    counts = counts * x.shape[axis] if len(counts) == 1 else counts
    if len(counts) != x.shape[axis]:
        raise ShapeError(f"repeat_interleave needs {x.shape[axis]} repeats for shape {x.shape}, got {len(counts)}")
    from rutile.creation import tensor
    from rutile.functions.indexing import index_select

    positions = [i for i, count in enumerate(counts) for _ in range(count)]
    return index_select(x, axis, tensor(positions, dtype="int32", device=x.device))


def repeat(x: Tensor, repeats: Any, /, *, axis: int | None = None) -> Tensor:
    """`repeat_interleave` under the array API's name.

    Example:
        >>> import rutile as rt
        >>> rt.repeat(rt.tensor([1, 2]), 2).tolist()
        [1, 1, 2, 2]
    """
    return repeat_interleave(x, repeats, axis)


def roll(
    x: Tensor,
    /,
    shift: int | Sequence[int] | None = None,
    axis: int | Sequence[int] | None = None,
    *,
    shifts: int | Sequence[int] | None = None,
    dims: int | Sequence[int] | None = None,
) -> Tensor:
    """Elements moved by `shift` along axes (`shifts` and `dims` in PyTorch), those that leave at one end coming back at the other.

    Without axes, the elements move in row-major order.

    Example:
        >>> import rutile as rt
        >>> rt.roll(rt.tensor([1, 2, 3]), 1).tolist()
        [3, 1, 2]
    """
    axis = axis if dims is None else dims
    shift = shift if shifts is None else shifts
    if shift is None:
        raise TypeError("roll needs how far to move the elements, got no shift")
    if axis is None:
        shifts = [shift] if isinstance(shift, int) else list(shift)
        return roll(x.reshape(-1), builtins.sum(shifts), axis=0).reshape(x.shape)
    axes = [axis] if isinstance(axis, int) else list(axis)
    shifts = [shift] * len(axes) if isinstance(shift, int) else list(shift)
    if len(shifts) != len(axes):
        raise ArgumentError(f"roll needs one shift for each axis, got {len(shifts)} and {len(axes)}")
    for places, one in zip(shifts, axes, strict=True):
        number = normal_axis("roll", one, x.ndim)
        size = x.shape[number]
        start = -places % size if size else 0
        if start:
            x = _core.concat([x[along(number, slice(start, None))], x[along(number, slice(0, start))]], number)
    return x


def rot90(x: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """x turned k times by 90 degrees, from the first of two axes towards the second.

    Example:
        >>> import rutile as rt
        >>> rt.rot90(rt.tensor([[1, 2], [3, 4]])).tolist()
        [[2, 4], [1, 3]]
    """
    first, second = two_axes("rot90", dims, x.ndim)
    turns = k % 4
    if turns == 0:
        return x
    if turns == 2:
        return _core.flip(x, [first, second])
    if turns == 1:
        return _core.flip(_core.transpose(x, first, second), [first])
    return _core.transpose(_core.flip(x, [first]), first, second)


def moveaxis(x: Tensor, source: int | Sequence[int], destination: int | Sequence[int], /) -> Tensor:
    """Axes moved to other places, the rest keeping their order.

    Example:
        >>> import rutile as rt
        >>> rt.moveaxis(rt.zeros((2, 3, 4)), 0, -1).shape
        (3, 4, 2)
    """
    froms = [source] if isinstance(source, int) else list(source)
    tos = [destination] if isinstance(destination, int) else list(destination)
    if len(froms) != len(tos):
        raise ArgumentError(f"moveaxis needs as many destinations as sources, got {len(tos)} and {len(froms)}")
    froms = [normal_axis("moveaxis", axis, x.ndim) for axis in froms]
    tos = [normal_axis("moveaxis", axis, x.ndim) for axis in tos]
    order = [axis for axis in range(x.ndim) if axis not in froms]
    for place, axis in sorted(zip(tos, froms, strict=True)):
        order.insert(place, axis)
    return _core.permute(x, order)


def meshgrid(*arrays: Any, indexing: str = "xy") -> list[Tensor]:
    """Coordinates of a grid from the coordinates of its axes; "xy" exchanges the first two axes, "ij" does not.

    Example:
        >>> import rutile as rt
        >>> [grid.tolist() for grid in rt.meshgrid(rt.arange(2), rt.arange(2), indexing="ij")]
        [[[0, 0], [1, 1]], [[0, 1], [0, 1]]]
    """
    lines = list(arrays[0]) if len(arrays) == 1 and isinstance(arrays[0], list | tuple) else list(arrays)
    if indexing not in ("xy", "ij"):
        raise ArgumentError(f'meshgrid needs indexing="xy" or "ij", got {indexing!r}')
    if any(line.ndim > 1 for line in lines):
        raise ShapeError(f"meshgrid needs tensors of at most one axis, got {', '.join(str(x.shape) for x in lines)}")
    swap = indexing == "xy" and len(lines) > 1
    sizes = [line.size for line in lines]
    grids = []
    for axis, line in enumerate(lines):
        shape = [1] * len(lines)
        shape[axis] = line.size
        grid = _core.expand(_core.reshape(line, shape), sizes)
        grids.append(_core.transpose(grid, 0, 1) if swap else grid)
    return grids


def broadcast_arrays(*arrays: Tensor) -> list[Tensor]:
    """Tensors expanded to the shape that they broadcast to together, as a list.

    Example:
        >>> import rutile as rt
        >>> [x.shape for x in rt.broadcast_arrays(rt.zeros((2, 1)), rt.zeros((3,)))]
        [(2, 3), (2, 3)]
    """
    return list(broadcast_tensors(*arrays))


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Tensors expanded to the shape that they broadcast to together.

    Example:
        >>> import rutile as rt
        >>> [x.shape for x in rt.broadcast_tensors(rt.zeros((2, 1)), rt.zeros((3,)))]
        [(2, 3), (2, 3)]
    """
    shape = broadcast_shapes(*(x.shape for x in tensors))
    return tuple(_core.expand(x, list(shape)) for x in tensors)


def broadcast_shapes(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape that shapes broadcast to.

    Raises:
        ShapeError: they do not.

    Example:
        >>> import rutile as rt
        >>> rt.broadcast_shapes((2, 1), (3,))
        (2, 3)
    """
    rank = max((len(shape) for shape in shapes), default=0)
    result = [1] * rank
    for shape in shapes:
        for axis, size in enumerate(shape, rank - len(shape)):
            if size != 1 and result[axis] not in (1, size):
                raise ShapeError(f"broadcasting needs sizes that are equal or 1, got {shapes}")
            result[axis] = size if result[axis] == 1 else result[axis]
    return tuple(result)


def _positions(x: Tensor) -> tuple[Tensor, Tensor]:
    """Row numbers (n, 1) and column numbers (m) of x's last two axes."""
    if x.ndim < 2:
        raise ShapeError(f"a triangle needs a tensor of at least 2 axes, got {x.shape}")
    rows, columns = x.shape[-2:]
    return _core.unsqueeze(_core.iota(rows, x.device), 1), _core.iota(columns, x.device)


def tril(x: Tensor, /, k: int = 0, *, diagonal: int | None = None) -> Tensor:
    """The elements on and below the k-th diagonal (`diagonal` in PyTorch) of the last two axes, zeros elsewhere.

    Example:
        >>> import rutile as rt
        >>> rt.tril(rt.ones((2, 2))).tolist()
        [[1.0, 0.0], [1.0, 1.0]]
    """
    rows, columns = _positions(x)
    return _core.select(columns <= rows + (k if diagonal is None else diagonal), x, _zero(x))


def triu(x: Tensor, /, k: int = 0, *, diagonal: int | None = None) -> Tensor:
    """The elements on and above the k-th diagonal (`diagonal` in PyTorch) of the last two axes, zeros elsewhere.

    Example:
        >>> import rutile as rt
        >>> rt.triu(rt.ones((2, 2))).tolist()
        [[1.0, 1.0], [0.0, 1.0]]
    """
    rows, columns = _positions(x)
    return _core.select(columns >= rows + (k if diagonal is None else diagonal), x, _zero(x))


def _zero(x: Tensor) -> Tensor:
    return _core.full([], 0, x.dtype_name, x.device)


def diagonal(x: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The elements whose numbers along two axes differ by `offset`, along a new last axis.

    Example:
        >>> import rutile as rt
        >>> rt.diagonal(rt.tensor([[1, 2], [3, 4]])).tolist()
        [1, 4]
    """
    x = moveaxis(x, two_axes("diagonal", (dim1, dim2), x.ndim), (-2, -1))
    rows, columns = x.shape[-2:]
    lead = list(x.shape[:-2])
    start = offset if offset >= 0 else -offset * columns
    count = max(0, min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns))
    flat = _core.reshape(x, [*lead, rows * columns])
    return flat[(..., slice(start, start + count * (columns + 1), columns + 1))][(..., slice(0, count))]


def diag_embed(x: Tensor, offset: int = 0) -> Tensor:
    """Matrices whose `offset`-th diagonals are the last axis of x, zeros elsewhere.

    Example:
        >>> import rutile as rt
        >>> rt.diag_embed(rt.tensor([1, 2])).tolist()
        [[1, 0], [0, 2]]
    """
    n = x.shape[-1] + abs(offset)
    rows, columns = _core.unsqueeze(_core.iota(n, x.device), 1), _core.iota(n, x.device)
    before = (0, abs(offset)) if offset <= 0 else (abs(offset), 0)
    line = _core.pad(x, [(0, 0)] * (x.ndim - 1) + [before], 0.0)
    return _core.select(columns == rows + offset, _core.unsqueeze(line, -2), _zero(x))


def diag(x: Tensor, diagonal_number: int = 0) -> Tensor:
    """The diagonal of a matrix, or the diagonal matrix of a vector.

    Example:
        >>> import rutile as rt
        >>> rt.diag(rt.tensor([1, 2])).tolist()
        [[1, 0], [0, 2]]
    """
    if x.ndim not in (1, 2):
        raise ShapeError(
            f"diag needs a vector or a matrix, got shape {x.shape}: use diagonal or diag_embed for batches"
        )
    return diag_embed(x, diagonal_number) if x.ndim == 1 else diagonal(x, diagonal_number)


def trace(x: Tensor, /, *, offset: int = 0, dtype: Any = None) -> Tensor:
    """Sum of a diagonal of the last two axes; see `sum` for the dtype.

    Example:
        >>> import rutile as rt
        >>> rt.trace(rt.tensor([[1.0, 2.0], [3.0, 4.0]])).item()
        5.0
    """
    if x.ndim < 2:
        raise ShapeError(f"trace needs matrices, (…, m, n), got {x.shape}")
    return manipulation.sum(diagonal(x, offset, -2, -1), -1, dtype=dtype)
