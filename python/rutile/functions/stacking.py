"""Tensors put beside each other as rows, columns and blocks, taken apart again, and combined."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.errors import ArgumentError, ShapeError
from rutile.functions.arranging import along, concat, meshgrid, normal_axis, stack

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def atleast_1d(*tensors: Any) -> Any:
    """Tensors of at least one axis: 0-d ones become 1-D. One tensor for one, else a tuple.

    Example:
        >>> import rutile as rt
        >>> rt.atleast_1d(rt.tensor(3.0)).shape
        (1,)
    """
    return _each(tensors, lambda x: _core.reshape(x, [1]) if x.ndim == 0 else x)


def atleast_2d(*tensors: Any) -> Any:
    """Tensors of at least two axes: 1-D ones become rows. One tensor for one, else a tuple.

    Example:
        >>> import rutile as rt
        >>> rt.atleast_2d(rt.tensor([3.0, 4.0])).shape
        (1, 2)
    """
    return _each(tensors, lambda x: _core.reshape(x, [1] * (2 - x.ndim) + list(x.shape)))


def atleast_3d(*tensors: Any) -> Any:
    """Tensors of at least three axes: (n) becomes (1, n, 1), and (m, n) becomes (m, n, 1). One tensor for one, else a tuple.

    Example:
        >>> import rutile as rt
        >>> rt.atleast_3d(rt.tensor([3.0, 4.0])).shape
        (1, 2, 1)
    """

    def grown(x: Tensor) -> Tensor:
        lead = [1] if x.ndim < 2 else []
        return _core.reshape(x, [*lead, *x.shape, *[1] * (3 - x.ndim - len(lead))])

    return _each(tensors, grown)


def _each(tensors: tuple[Any, ...], change: Any) -> Any:
    listed = list(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], list | tuple) else list(tensors)
    results = tuple(change(x) for x in listed)
    return results[0] if len(tensors) == 1 and len(listed) == 1 and listed[0] is tensors[0] else results


def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors one after another along the second axis; 1-D and 0-d ones along their only one.

    Example:
        >>> import rutile as rt
        >>> rt.hstack([rt.tensor([1, 2]), rt.tensor([3])]).tolist()
        [1, 2, 3]
    """
    parts = atleast_1d(list(tensors))
    return concat(parts, axis=0 if parts[0].ndim == 1 else 1)


def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors one below another along the first axis; 1-D ones are rows.

    Example:
        >>> import rutile as rt
        >>> rt.vstack([rt.tensor([1, 2]), rt.tensor([3, 4])]).tolist()
        [[1, 2], [3, 4]]
    """
    return concat(atleast_2d(list(tensors)), axis=0)


def dstack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors behind each other along the third axis.

    Example:
        >>> import rutile as rt
        >>> rt.dstack([rt.tensor([1, 2]), rt.tensor([3, 4])]).tolist()
        [[[1, 3], [2, 4]]]
    """
    return concat(atleast_3d(list(tensors)), axis=2)


def column_stack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors beside each other along the second axis; 1-D ones are columns.

    Example:
        >>> import rutile as rt
        >>> rt.column_stack([rt.tensor([1, 2]), rt.tensor([3, 4])]).tolist()
        [[1, 3], [2, 4]]
    """
    return concat([_core.reshape(x, [x.size, 1]) if x.ndim < 2 else x for x in tensors], axis=1)


def block_diag(*tensors: Tensor) -> Tensor:
    """A matrix with the tensors as blocks along its diagonal, and zeros elsewhere; 1-D ones are rows.

    Example:
        >>> import rutile as rt
        >>> rt.block_diag(rt.tensor([[1]]), rt.tensor([[2, 3]])).tolist()
        [[1, 0, 0], [0, 2, 3]]
    """
    if any(x.ndim > 2 for x in tensors):
        raise ShapeError(f"block_diag needs tensors of at most 2 axes, got {', '.join(str(x.shape) for x in tensors)}")
    blocks = atleast_2d(list(tensors))
    width, column, rows = sum(block.shape[1] for block in blocks), 0, []
    for block in blocks:
        rows.append(_core.pad(block, [(0, 0), (column, width - column - block.shape[1])], 0.0))
        column += block.shape[1]
    return concat(rows, axis=0)


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All tuples with one element of each 1-D tensor, one in each row, the last element changing fastest.

    Example:
        >>> import rutile as rt
        >>> rt.cartesian_prod(rt.tensor([1, 2]), rt.tensor([3, 4])).tolist()
        [[1, 3], [1, 4], [2, 3], [2, 4]]
    """
    if any(x.ndim != 1 for x in tensors):
        raise ShapeError(f"cartesian_prod needs vectors, got {', '.join(str(x.shape) for x in tensors)}")
    if len(tensors) == 1:
        return tensors[0]
    return stack([grid.reshape(grid.size) for grid in meshgrid(*tensors, indexing="ij")], axis=1)


def combinations(x: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """The ways to choose r elements of a 1-D tensor in order, one in each row.

    Example:
        >>> import rutile as rt
        >>> rt.combinations(rt.tensor([1, 2, 3])).tolist()
        [[1, 2], [1, 3], [2, 3]]
    """
    if x.ndim != 1:
        raise ShapeError(f"combinations needs a tensor of one axis, got {x.shape}")
    from rutile.creation import tensor

    ways = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = list(ways(range(x.size), r))
    positions = tensor(rows, dtype="int32", device=x.device).reshape(len(rows) * r)
    return _core.reshape(_core.take_along_axis(x, positions, 0), [len(rows), r])


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """Powers of the elements of a 1-D tensor, one row for each: x^(N-1), ..., x, 1, or the other way round.

    Example:
        >>> import rutile as rt
        >>> rt.vander(rt.tensor([2, 3]), 3).tolist()
        [[4, 2, 1], [9, 3, 1]]
    """
    if x.ndim != 1:
        raise ShapeError(f"vander needs a vector, got shape {x.shape}")
    count = x.size if N is None else N
    powers = [_core.full([x.size], 1, x.dtype_name, x.device)]
    for _ in range(count - 1):
        powers.append(powers[-1] * x)
    ordered = powers[:count] if increasing else powers[:count][::-1]
    return stack(ordered, axis=1) if count else _core.full([x.size, 0], 0, x.dtype_name, x.device)


def tensor_split(x: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces along an axis: that many of nearly equal size, or cut before the given positions.

    Example:
        >>> import rutile as rt
        >>> [piece.tolist() for piece in rt.tensor_split(rt.arange(5), 2)]
        [[0, 1, 2], [3, 4]]
    """
    axis = normal_axis("tensor_split", dim, x.ndim)
    total = x.shape[axis]
    cuts: Any = indices_or_sections
    if isinstance(cuts, _core.TensorBase):
        cuts = cuts.tolist()  # pyright: ignore[reportAttributeAccessIssue]
    if isinstance(cuts, int):
        if cuts < 1:
            raise ArgumentError(f"tensor_split needs at least 1 piece, got {cuts}")
        size, larger = divmod(total, cuts)
        cuts = list(itertools.accumulate([size + 1] * larger + [size] * (cuts - larger)))[:-1]
    edges = [None, *cuts, None]
    return tuple(x[along(axis, slice(start, stop))] for start, stop in itertools.pairwise(edges))


def hsplit(x: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """`tensor_split` along the second axis, or the only one; the number of pieces must divide it.

    Example:
        >>> import rutile as rt
        >>> [piece.tolist() for piece in rt.hsplit(rt.tensor([[1, 2], [3, 4]]), 2)]
        [[[1], [3]], [[2], [4]]]
    """
    return _evenly("hsplit", x, indices_or_sections, 0 if x.ndim == 1 else 1)


def vsplit(x: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """`tensor_split` along the first of at least two axes; the number of pieces must divide it.

    Example:
        >>> import rutile as rt
        >>> [piece.tolist() for piece in rt.vsplit(rt.tensor([[1, 2], [3, 4]]), 2)]
        [[[1, 2]], [[3, 4]]]
    """
    return _evenly("vsplit", x, indices_or_sections, 0, 2)


def dsplit(x: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """`tensor_split` along the third axis; the number of pieces must divide it.

    Example:
        >>> import rutile as rt
        >>> [piece.tolist() for piece in rt.dsplit(rt.tensor([[[1, 2]]]), 2)]
        [[[[1]]], [[[2]]]]
    """
    return _evenly("dsplit", x, indices_or_sections, 2)


def _evenly(function: str, x: Tensor, cuts: Any, axis: int, rank: int = 1) -> tuple[Tensor, ...]:
    needed = max(rank, axis + 1)
    if x.ndim < needed:
        raise ShapeError(f"{function} needs a tensor of at least {needed} axes, got {x.shape}")
    if isinstance(cuts, int) and (cuts < 1 or x.shape[axis] % cuts):
        raise ArgumentError(
            f"{function} needs a number that divides axis {axis} of {x.shape}, got {cuts}: use tensor_split"
        )
    return tensor_split(x, cuts, axis)


def tril_indices(row: int, col: int, offset: int = 0, *, dtype: Any = "int32", device: str | None = None) -> Tensor:
    """Rows and columns, (2, n), of the elements on and below a diagonal of a matrix of that shape.

    Example:
        >>> import rutile as rt
        >>> rt.tril_indices(2, 2).tolist()
        [[0, 1, 1], [0, 0, 1]]
    """
    places = [(i, j) for i in range(row) for j in range(min(col, max(0, i + offset + 1)))]
    return _places(places, dtype, device)


def triu_indices(row: int, col: int, offset: int = 0, *, dtype: Any = "int32", device: str | None = None) -> Tensor:
    """Rows and columns, (2, n), of the elements on and above a diagonal of a matrix of that shape.

    Example:
        >>> import rutile as rt
        >>> rt.triu_indices(2, 2).tolist()
        [[0, 0, 1], [0, 1, 1]]
    """
    places = [(i, j) for i in range(row) for j in range(max(0, i + offset), col)]
    return _places(places, dtype, device)


def _places(places: list[tuple[int, int]], dtype: Any, device: str | None) -> Tensor:
    from rutile.creation import tensor

    return tensor([[i for i, _ in places], [j for _, j in places]], dtype=dtype, device=device)
