"""Functions of one element made functions of a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rutile import _core
from rutile.errors import ArgumentError, ShapeError
from rutile.tensor import Tensor
from rutile.transforms import tree

Axes = Any


def vmap(
    f: Callable[..., Any],
    in_axes: Axes = 0,
    out_axes: Axes = 0,
    randomness: str = "error",
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """A function that does for every element of a batch what f does for one, at once.

    f is called once, with tensors that stand for one element, and each op that it makes is made for the whole batch.
    Such tensors have a shape and a dtype, but no value: f can't read them, so that `if` and loops may depend on shapes
    alone. Keyword arguments are handed to f as they are.

    Args:
        in_axes: the axis of each argument to map over: one integer for all, or a tuple with an integer, or None for what
            all elements share, for each; in place of an integer, a tuple, list or dict of the argument's structure.
        out_axes: where the batch goes in the results, likewise; None for results that are the same for all elements.
        randomness: what f may draw: "error" forbids it, "same" gives all elements the same numbers, "different" gives
            each element its own, those that one call for the whole batch would draw.
        chunk_size: elements that are computed at a time; all by default.

    Raises:
        ShapeError: the axes to map over differ in size.
        TracingError: f reads a value.

    Example:
        >>> import rutile as rt
        >>> w, x = rt.tensor([1.0, 2.0]), rt.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
        >>> rt.vmap(lambda w, x: (w * x).sum(), in_axes=(None, 0))(w, x).tolist()
        [1.0, 2.0, 3.0]
        >>> rt.vmap(rt.grad(lambda w, x: (w * x).sum() ** 2), in_axes=(None, 0))(w, x).tolist()
        [[2.0, 0.0], [0.0, 4.0], [6.0, 6.0]]
    """
    if chunk_size is not None and chunk_size < 1:
        raise ArgumentError(f"vmap needs a chunk_size of at least 1, got {chunk_size}")

    def wrapped(*arguments: Any, **keywords: Any) -> Any:
        given = tree.leaves(arguments)
        axes = _axes_of(in_axes, arguments, given)
        size = _size(given, axes)
        moved = [leaf if axis is None else _moved(leaf, axis, 0) for leaf, axis in zip(given, axes, strict=True)]
        if chunk_size is None or size <= chunk_size:
            result, parts = _run(f, arguments, keywords, moved, axes, size, out_axes, randomness)
            return tree.with_leaves(result, parts)
        pieces: list[list[Tensor]] = []
        result: Any = None
        for start in range(0, size, chunk_size):
            rows = slice(start, start + chunk_size)
            chunk = [leaf if axis is None else leaf[rows] for leaf, axis in zip(moved, axes, strict=True)]
            count = min(chunk_size, size - start)
            result, parts = _run(f, arguments, keywords, chunk, axes, count, out_axes, randomness)
            pieces.append(parts)
        places = tree.spread(out_axes, result, "vmap", "out_axes")
        joined = zip(places, zip(*pieces, strict=True), strict=True)
        whole = [parts[0] if axis is None else _core.concat(list(parts), axis) for axis, parts in joined]
        return tree.with_leaves(result, whole)

    return wrapped


def _run(
    f: Callable[..., Any],
    arguments: tuple[Any, ...],
    keywords: dict[str, Any],
    leaves: list[Any],
    axes: list[int | None],
    size: int,
    out_axes: Axes,
    randomness: str,
) -> tuple[Any, list[Tensor]]:
    """f's result for one element, for its structure, and its leaves for the batch."""
    batch = _core.Batch(size, randomness)
    ones = [leaf if axis is None else batch.one(leaf) for leaf, axis in zip(leaves, axes, strict=True)]
    traced = tree.with_leaves(arguments, ones)
    result = batch.call(lambda: f(*traced, **keywords))
    results = tree.leaves(result)
    for leaf in results:
        if not tree.is_tensor(leaf):
            raise TypeError(f"vmap needs a function that returns tensors, got {type(leaf).__name__}")
    places = tree.spread(out_axes, result, "vmap", "out_axes")
    return result, [_for_all(batch, leaf, axis, size) for leaf, axis in zip(results, places, strict=True)]


def _for_all(batch: _core.Batch, one: Tensor, axis: int | None, size: int) -> Tensor:
    whole = batch.all(one)
    if axis is None:
        if whole is not None:
            raise ArgumentError("vmap needs out_axes=None only for results that are the same for all elements")
        return one
    if whole is None:
        whole = _core.expand(one, [size, *one.shape])
    return _moved(whole, 0, axis)


def _axes_of(in_axes: Axes, arguments: tuple[Any, ...], leaves: list[Any]) -> list[int | None]:
    if isinstance(in_axes, list):
        in_axes = tuple(in_axes)
    axes = tree.spread(in_axes, arguments, "vmap", "in_axes")
    for leaf, axis in zip(leaves, axes, strict=True):
        if axis is None:
            continue
        if not tree.is_tensor(leaf):
            kind = type(leaf).__name__
            raise TypeError(f"vmap needs tensors to map over, got {kind}: give it None in in_axes, or make it a tensor")
        if not -leaf.ndim <= axis < leaf.ndim:
            raise ShapeError(f"vmap needs an axis of {leaf.shape} to map over, got {axis}")
    return axes


def _size(leaves: list[Any], axes: list[int | None]) -> int:
    sizes = {leaf.shape[axis] for leaf, axis in zip(leaves, axes, strict=True) if axis is not None}
    if len(sizes) != 1:
        found = ", ".join(map(str, sorted(sizes))) or "no axis"
        raise ShapeError(f"vmap needs axes of one size to map over, got {found}")
    return sizes.pop()


def _moved(x: Tensor, source: int, target: int) -> Tensor:
    """One axis in another place, the others in order."""
    rank = x.ndim
    if not -rank <= target < rank:
        raise ShapeError(f"vmap needs an axis of the result for out_axes, from {-rank} to {rank - 1}, got {target}")
    source, target = source % rank, target % rank
    if source == target:
        return x
    order = [axis for axis in range(rank) if axis != source]
    order.insert(target, source)
    return _core.permute(x, order)
