"""Padding with constants, mirrored, repeated or from the other side."""

from __future__ import annotations

from collections.abc import Sequence

import rutile as rt
from rutile import _core
from rutile.errors import ShapeError
from rutile.functions.arranging import along


def pad(input: rt.Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> rt.Tensor:
    """Return the input with elements added on both sides of its last axes; negative numbers cut off.

    `pad` names (before, after) for the last axis first. `mode` is "constant" (filled with `value`), "reflect" (mirrored
    without the edge), "replicate" (the edge repeated) or "circular" (taken from the other side).

    >>> pad(rt.tensor([1.0, 2.0]), (1, 1), mode="constant", value=9.0).tolist()
    [9.0, 1.0, 2.0, 9.0]
    """
    if len(pad) % 2 or len(pad) // 2 > input.ndim:
        raise ShapeError(f"pad needs two numbers for each axis padded of shape {input.shape}, got {tuple(pad)}")
    pairs = [(int(pad[2 * i]), int(pad[2 * i + 1])) for i in range(len(pad) // 2)]
    if mode == "constant":
        padding = [(0, 0)] * (input.ndim - len(pairs)) + pairs[::-1]
        return _core.pad(input, padding, 0.0 if value is None else float(value))
    rules = {"reflect": _reflect, "replicate": _replicate, "circular": _circular}
    if mode not in rules:
        raise ValueError(f'pad needs mode="constant", "reflect", "replicate" or "circular", got {mode!r}')
    for i, (before, after) in enumerate(pairs):
        axis = input.ndim - 1 - i
        cut = slice(max(0, -before), input.shape[axis] - max(0, -after))
        input = input[along(axis, cut)]
        input = rules[mode](input, axis, max(0, before), max(0, after))
    return input


def _reflect(x: rt.Tensor, axis: int, before: int, after: int) -> rt.Tensor:
    size = x.shape[axis]
    if max(before, after) >= size:
        raise ShapeError(f'pad with mode="reflect" needs padding below the size {size}, got ({before}, {after})')
    head = x[along(axis, slice(1, before + 1))].flip(axis) if before else None
    tail = x[along(axis, slice(size - 1 - after, size - 1))].flip(axis) if after else None
    return _around(x, axis, head, tail)


def _replicate(x: rt.Tensor, axis: int, before: int, after: int) -> rt.Tensor:
    size = x.shape[axis]

    def edge(place: int, count: int) -> rt.Tensor:
        shape = [count if i == axis else -1 for i in range(x.ndim)]
        return x[along(axis, slice(place, place + 1))].expand(*shape)

    return _around(x, axis, edge(0, before) if before else None, edge(size - 1, after) if after else None)


def _circular(x: rt.Tensor, axis: int, before: int, after: int) -> rt.Tensor:
    size = x.shape[axis]
    if max(before, after) > size:
        raise ShapeError(f'pad with mode="circular" needs padding of at most the size {size}, got ({before}, {after})')
    head = x[along(axis, slice(size - before, size))] if before else None
    return _around(x, axis, head, x[along(axis, slice(0, after))] if after else None)


def _around(x: rt.Tensor, axis: int, head: rt.Tensor | None, tail: rt.Tensor | None) -> rt.Tensor:
    return _core.concat([part for part in (head, x, tail) if part is not None], axis)
