"""Where pooling found its maxima, and the way back: values put where they came from."""

from __future__ import annotations

import math
from collections.abc import Sequence

import rutile as rt
from rutile import _core
from rutile.errors import ShapeError
from rutile.nn.functional._arguments import IntOrTuple, batched, sizes


def max_pool_with_indices(
    x: rt.Tensor, kernel: list[int], strides: list[int], pads: list[tuple[int, int]], gaps: list[int]
) -> tuple[rt.Tensor, rt.Tensor]:
    """The largest value of each window of x (N, C, space...), and its row-major position in the space."""
    lowest = -math.inf if x.dtype.kind == "f" else rt.iinfo(x.dtype).min
    windows = _windows(x, kernel, strides, pads, gaps, lowest)
    space = x.shape[2:]
    numbers = _core.reshape(_core.iota(math.prod(space), x.device), [1, 1, *space])
    places = _windows(numbers, kernel, strides, pads, gaps, -1)
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
    x = _core.permute(x, [0, 1, *range(2, 2 + 2 * rank, 2), *range(3, 3 + 2 * rank, 2)])
    return _core.reshape(x, [*x.shape[: 2 + rank], math.prod(kernel)])


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
    sides = sizes(function, "padding", padding, rank)
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
