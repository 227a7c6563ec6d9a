"""Where pooling found its maxima, and the way back: values put where they came from."""

from __future__ import annotations

import math
from collections.abc import Sequence

import rutile as rt
from rutile import _core
from rutile.errors import ShapeError
from rutile.nn.functional._arguments import IntOrTuple, batched, margins, sizes


def max_pool_with_indices(
    x: rt.Tensor, kernel: list[int], strides: list[int], pads: list[tuple[int, int]], gaps: list[int]
) -> tuple[rt.Tensor, rt.Tensor]:
    """The largest value of each window of x (N, C, space...), and its row-major position in the space."""
    lowest = -math.inf if x.dtype.kind == "f" else rt.iinfo(x.dtype).min
    places = _windows(_numbered(x), kernel, strides, pads, gaps, -1)
    return _greatest(_windows(x, kernel, strides, pads, gaps, lowest), places)


def adaptive_max_pool_with_indices(x: rt.Tensor, target: list[int]) -> tuple[rt.Tensor, rt.Tensor]:
    """As `max_pool_with_indices`, of windows that divide the space (N, C, space...) into `target` parts."""
    values, places = x, _numbered(x)
    for i, parts in enumerate(target):
        positions, _, _ = adapted_places(x.shape[2 + i], parts, x.device)
        line, axis = positions.ravel(), 2 + 2 * i
        values = values.index_select(axis, line).unflatten(axis, positions.shape)
        places = places.index_select(axis, line).unflatten(axis, positions.shape)
    return _greatest(_gathered(values, len(target)), _gathered(places, len(target)))


def adapted_places(size: int, parts: int, device: str) -> tuple[rt.Tensor, rt.Tensor, rt.Tensor]:
    """Positions (parts, longest) of windows from floor(i · size / parts) to ceil((i + 1) · size / parts), and these two.

    Shorter windows repeat their last position.
    """
    starts = [i * size // parts for i in range(parts)]
    ends = [-(-(i + 1) * size // parts) for i in range(parts)]
    longest = max(end - start for start, end in zip(starts, ends, strict=True))
    first, last = rt.tensor(starts, device=device), rt.tensor(ends, device=device)
    positions = first.unsqueeze(1) + rt.arange(longest, device=device)
    return rt.minimum(positions, last.unsqueeze(1) - 1), first, last


def _numbered(x: rt.Tensor) -> rt.Tensor:
    """Row-major positions in the space of x (N, C, space...)."""
    space = x.shape[2:]
    return _core.reshape(_core.iota(math.prod(space), x.device), [1, 1, *space])


def _greatest(windows: rt.Tensor, places: rt.Tensor) -> tuple[rt.Tensor, rt.Tensor]:
    """The greatest elements along the last axis, and what stands there in `places`."""
    best = windows.detach().argmax(-1, keepdims=True)
    values = _core.take_along_axis(windows, best, -1)
    return values.squeeze(-1), _core.take_along_axis(places, best, -1).squeeze(-1)


def _windows(
    x: rt.Tensor,
    kernel: list[int],
    strides: list[int],
    pads: list[tuple[int, int]],
    gaps: list[int],
    fill: float,
) -> rt.Tensor:
    """(N, C, space...) to (N, C, windows..., elements of a window)."""
    rank = len(kernel)
    x = _core.pad(x, [(0, 0), (0, 0), *pads], fill)
    for i in range(rank):
        x = _core.window(x, 2 + 2 * i, kernel[i], strides[i], gaps[i])
    return _gathered(x, rank)


def _gathered(x: rt.Tensor, rank: int) -> rt.Tensor:
    """Windows and their elements in turn, (N, C, windows, elements, ...), as (N, C, windows..., elements of a window)."""
    x = _core.permute(x, [0, 1, *range(2, 2 + 2 * rank, 2), *range(3, 3 + 2 * rank, 2)])
    return _core.reshape(x, [*x.shape[: 2 + rank], math.prod(x.shape[2 + rank :])])


def max_unpool1d(
    input: rt.Tensor,
    indices: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    output_size: Sequence[int] | None = None,
) -> rt.Tensor:
    """Return values at the places where `max_pool1d(..., return_indices=True)` found them, and zeros elsewhere.

    >>> max_unpool1d(rt.tensor([[[5.0]]]), rt.tensor([[[1]]]), 2).tolist()
    [[[0.0, 5.0]]]
    """
    return _max_unpool("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: rt.Tensor,
    indices: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    output_size: Sequence[int] | None = None,
) -> rt.Tensor:
    """Return values at the places where `max_pool2d(..., return_indices=True)` found them, and zeros elsewhere.

    >>> max_unpool2d(rt.tensor([[[[5.0]]]]), rt.tensor([[[[2]]]]), 2).tolist()
    [[[[0.0, 0.0], [5.0, 0.0]]]]
    """
    return _max_unpool("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: rt.Tensor,
    indices: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    output_size: Sequence[int] | None = None,
) -> rt.Tensor:
    """Return values at the places where `max_pool3d(..., return_indices=True)` found them, and zeros elsewhere.

    >>> max_unpool3d(rt.ones((1, 1, 1, 1, 1)), rt.zeros((1, 1, 1, 1, 1), dtype="int32"), 2).sum().item()
    1.0
    """
    return _max_unpool("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)


def _max_unpool(
    function: str,
    rank: int,
    input: rt.Tensor,
    indices: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None,
    padding: IntOrTuple,
    output_size: Sequence[int] | None,
) -> rt.Tensor:
    x, added = batched(function, input, rank)
    if indices.shape != input.shape:
        raise ShapeError(f"{function} needs indices of the input's shape, {input.shape}, got {indices.shape}")
    kernel = sizes(function, "kernel_size", kernel_size, rank)
    strides = kernel if stride is None else sizes(function, "stride", stride, rank)
    sides = margins(function, "padding", padding, rank)
    if output_size is None:
        dimensions = zip(x.shape[2:], kernel, strides, sides, strict=True)
        space = [(size - 1) * step - 2 * side + taps for size, taps, step, side in dimensions]
    else:
        space = list(output_size)[-rank:]
    lead, count = list(x.shape[:2]), math.prod(x.shape[2:])
    zeros = _core.full([*lead, math.prod(space)], 0, x.dtype_name, x.device)
    places, values = indices.reshape(*lead, count), x.reshape(*lead, count)
    result = rt.scatter(zeros, 2, places, values).reshape(*lead, *space)
    return result.squeeze(0) if added else result
