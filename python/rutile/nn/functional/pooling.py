"""Pooling over windows of one, two and three axes, of fixed or of adapted size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import rutile as rt
from rutile import _core
from rutile.errors import ArgumentError, ShapeError
from rutile.nn.functional._arguments import IntOrTuple, batched, margins, positive
from rutile.nn.functional.unpooling import adapted_places, adaptive_max_pool_with_indices, max_pool_with_indices

Adapted = int | None | Sequence[int | None]


def max_pool1d(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    dilation: IntOrTuple = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Return the largest value of each window: (N, C, L) to (N, C, L'); `stride` defaults to the window.

    >>> max_pool1d(rt.tensor([[[1.0, 2.0]]]), 2).tolist()
    [[[2.0]]]
    """
    return _max_pool("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    dilation: IntOrTuple = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Return the largest value of each window: (N, C, H, W) to (N, C, H', W'); `stride` defaults to the window.

    `ceil_mode` keeps the last windows that reach over the end; `return_indices` gives the places of the values too, for
    `max_unpool2d`.

    >>> max_pool2d(rt.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), 2).tolist()
    [[[[4.0]]]]
    """
    return _max_pool("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    dilation: IntOrTuple = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Return the largest value of each window: (N, C, D, H, W) to (N, C, D', H', W').

    >>> max_pool3d(rt.ones((1, 1, 2, 2, 2)), 2).item()
    1.0
    """
    return _max_pool("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def avg_pool1d(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> rt.Tensor:
    """Return the mean of each window: (N, C, L) to (N, C, L').

    >>> avg_pool1d(rt.tensor([[[1.0, 2.0]]]), 2).tolist()
    [[[1.5]]]
    """
    return _avg_pool("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> rt.Tensor:
    """Return the mean of each window, padding zeros counted: (N, C, H, W) to (N, C, H', W').

    >>> avg_pool2d(rt.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), 2).tolist()
    [[[[2.5]]]]
    """
    arguments = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    return _avg_pool("avg_pool2d", 2, input, *arguments)


def avg_pool3d(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> rt.Tensor:
    """Return the mean of each window: (N, C, D, H, W) to (N, C, D', H', W').

    >>> avg_pool3d(rt.ones((1, 1, 2, 2, 2)), 2).item()
    1.0
    """
    arguments = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
    return _avg_pool("avg_pool3d", 3, input, *arguments)


def lp_pool1d(
    input: rt.Tensor,
    norm_type: float,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    ceil_mode: bool = False,
) -> rt.Tensor:
    """Return (Σ x^p)^(1/p) of each window, p being `norm_type`: (N, C, L) to (N, C, L').

    >>> lp_pool1d(rt.tensor([[[3.0, 4.0]]]), 2, 2).tolist()
    [[[5.0]]]
    """
    return _lp_pool("lp_pool1d", 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    input: rt.Tensor,
    norm_type: float,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    ceil_mode: bool = False,
) -> rt.Tensor:
    """Return (Σ x^p)^(1/p) of each window, p being `norm_type`: (N, C, H, W) to (N, C, H', W').

    >>> lp_pool2d(rt.tensor([[[[3.0, 4.0]]]]), 2, (1, 2)).tolist()
    [[[[5.0]]]]
    """
    return _lp_pool("lp_pool2d", 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    input: rt.Tensor,
    norm_type: float,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    ceil_mode: bool = False,
) -> rt.Tensor:
    """Return (Σ x^p)^(1/p) of each window, p being `norm_type`: (N, C, D, H, W) to (N, C, D', H', W').

    >>> lp_pool3d(rt.tensor([[[[[3.0, 4.0]]]]]), 2, (1, 1, 2)).item()
    5.0
    """
    return _lp_pool("lp_pool3d", 3, input, norm_type, kernel_size, stride, ceil_mode)


def adaptive_avg_pool1d(input: rt.Tensor, output_size: Adapted) -> rt.Tensor:
    """Return means of windows that divide an axis into `output_size` parts: (N, C, L) to (N, C, L').

    >>> adaptive_avg_pool1d(rt.tensor([[[1.0, 2.0, 3.0]]]), 1).tolist()
    [[[2.0]]]
    """
    return _adaptive("adaptive_avg_pool1d", 1, input, output_size, "mean")


def adaptive_avg_pool2d(input: rt.Tensor, output_size: Adapted) -> rt.Tensor:
    """Return means of windows that divide the axes into `output_size` parts: (N, C, H, W) to (N, C, H', W').

    A size of None keeps the axis.

    >>> adaptive_avg_pool2d(rt.ones((1, 1, 3, 3)), (1, 1)).item()
    1.0
    """
    return _adaptive("adaptive_avg_pool2d", 2, input, output_size, "mean")


def adaptive_avg_pool3d(input: rt.Tensor, output_size: Adapted) -> rt.Tensor:
    """Return means of windows that divide the axes into parts: (N, C, D, H, W) to (N, C, D', H', W').

    >>> adaptive_avg_pool3d(rt.ones((1, 1, 3, 3, 3)), 1).item()
    1.0
    """
    return _adaptive("adaptive_avg_pool3d", 3, input, output_size, "mean")


def adaptive_max_pool1d(input: rt.Tensor, output_size: Adapted, return_indices: bool = False) -> Any:
    """Return maxima of windows that divide an axis into `output_size` parts: (N, C, L) to (N, C, L').

    >>> adaptive_max_pool1d(rt.tensor([[[1.0, 2.0, 3.0]]]), 1).tolist()
    [[[3.0]]]
    """
    return _adaptive("adaptive_max_pool1d", 1, input, output_size, "max", return_indices)


def adaptive_max_pool2d(input: rt.Tensor, output_size: Adapted, return_indices: bool = False) -> Any:
    """Return maxima of windows that divide the axes into `output_size` parts: (N, C, H, W) to (N, C, H', W').

    >>> adaptive_max_pool2d(rt.ones((1, 1, 3, 3)), (1, 1)).item()
    1.0
    """
    return _adaptive("adaptive_max_pool2d", 2, input, output_size, "max", return_indices)


def adaptive_max_pool3d(input: rt.Tensor, output_size: Adapted, return_indices: bool = False) -> Any:
    """Return maxima of windows that divide the axes into parts: (N, C, D, H, W) to (N, C, D', H', W').

    >>> adaptive_max_pool3d(rt.ones((1, 1, 3, 3, 3)), 1).item()
    1.0
    """
    return _adaptive("adaptive_max_pool3d", 3, input, output_size, "max", return_indices)


def _windows(
    function: str,
    space: tuple[int, ...],
    kernel: list[int],
    stride: IntOrTuple | None,
    padding: IntOrTuple,
    dilation: list[int],
    ceil_mode: bool,
) -> tuple[list[int], list[tuple[int, int]], list[int]]:
    """Strides, padding (that after grown to hold the last, partial window) and numbers of windows."""
    rank = len(kernel)
    strides = kernel if stride is None else positive(function, "stride", stride, rank)
    sides = margins(function, "padding", padding, rank)
    pads, counts = [], []
    for size, taps, step, side, gap in zip(space, kernel, strides, sides, dilation, strict=True):
        if side > taps // 2:
            raise ShapeError(f"{function} needs padding of at most half the kernel, got {side} for {taps}")
        room = size + 2 * side - gap * (taps - 1) - 1
        if room < 0:
            raise ShapeError(f"{function} needs a window no larger than the padded input, got {taps} for {size}")
        count = (room + step - 1 if ceil_mode else room) // step + 1
        # A window that would begin in the padding after the end is left out.
        if ceil_mode and (count - 1) * step >= size + side:
            count -= 1
        pads.append((side, max(side, (count - 1) * step + gap * (taps - 1) + 1 - size - side)))
        counts.append(count)
    return strides, pads, counts


def _max_pool(
    function: str,
    rank: int,
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None,
    padding: IntOrTuple,
    dilation: IntOrTuple,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    x, added = batched(function, input, rank)
    kernel = positive(function, "kernel_size", kernel_size, rank)
    gaps = positive(function, "dilation", dilation, rank)
    strides, pads, _ = _windows(function, x.shape[2:], kernel, stride, padding, gaps, ceil_mode)
    if return_indices:
        values, indices = max_pool_with_indices(x, kernel, strides, pads, gaps)
        return (values.squeeze(0), indices.squeeze(0)) if added else (values, indices)
    result = _core.max_pool(x, kernel, strides, pads, gaps)
    return result.squeeze(0) if added else result


def _avg_pool(
    function: str,
    rank: int,
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None,
    padding: IntOrTuple,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int | None,
) -> rt.Tensor:
    x, added = batched(function, input, rank)
    kernel = positive(function, "kernel_size", kernel_size, rank)
    space = x.shape[2:]
    strides, pads, counts = _windows(function, space, kernel, stride, padding, [1] * rank, ceil_mode)
    result = _core.avg_pool(x, kernel, strides, pads)
    sides = [before for before, _ in pads]
    for axis in range(rank):
        taps, step, side, size = kernel[axis], strides[axis], sides[axis], space[axis]
        partial = (counts[axis] - 1) * step + taps > size + 2 * side
        if divisor is None and not partial and (count_include_pad or not side):
            continue
        if divisor is not None:
            result = result * (float(taps) if axis else taps / divisor)
            continue
        start = rt.arange(counts[axis], device=x.device) * step - side
        end = rt.minimum(start + taps, size + side)
        if not count_include_pad:
            start, end = rt.maximum(start, 0), rt.minimum(end, size)
        line = [1] * x.ndim
        line[axis + 2] = counts[axis]
        result = result * (float(taps) / (end - start).astype(result.dtype)).reshape(line)
    return result.squeeze(0) if added else result


def _lp_pool(
    function: str,
    rank: int,
    input: rt.Tensor,
    power: float,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None,
    ceil_mode: bool,
) -> rt.Tensor:
    kernel = positive(function, "kernel_size", kernel_size, rank)
    x, added = batched(function, input, rank)
    count = 1
    for taps in kernel:
        count *= taps
    powers = x * x if power == 2 else x**power
    strides, pads, _ = _windows(function, x.shape[2:], kernel, stride, 0, [1] * rank, ceil_mode)
    total = _core.avg_pool(powers, kernel, strides, pads) * float(count)
    # The root's slope at zero is infinite: there the result and its gradient are zero.
    zero = total == 0
    root = rt.where(zero, 0.0, rt.where(zero, 1.0, total) ** (1.0 / power))
    return root.squeeze(0) if added else root


def _adaptive(
    function: str, rank: int, input: rt.Tensor, output_size: Adapted, fold: str, return_indices: bool = False
) -> Any:
    x, added = batched(function, input, rank)
    wanted = [output_size] * rank if output_size is None or isinstance(output_size, int) else list(output_size)
    if len(wanted) == 1:
        wanted = wanted * rank
    if len(wanted) != rank:
        raise ShapeError(f"{function} needs one number or {rank} as output_size, got {tuple(wanted)}")
    if any(want is not None and want < 0 for want in wanted):
        raise ArgumentError(f"{function} needs output sizes of at least 0, or None, got {tuple(wanted)}")
    space = x.shape[2:]
    target = [size if want is None else int(want) for size, want in zip(space, wanted, strict=True)]
    if return_indices:
        values, indices = adaptive_max_pool_with_indices(x, target)
        return (values.squeeze(0), indices.squeeze(0)) if added else (values, indices)
    if all(want and size % want == 0 for size, want in zip(space, target, strict=True)):
        kernel = [size // want for size, want in zip(space, target, strict=True)]
        none = [(0, 0)] * rank
        pool = (
            _core.avg_pool(x, kernel, kernel, none)
            if fold == "mean"
            else _core.max_pool(x, kernel, kernel, none, [1] * rank)
        )
        return pool.squeeze(0) if added else pool
    for axis, want in enumerate(target, 2):
        x = _adapted(x, axis, want, fold)
    return x.squeeze(0) if added else x


def _adapted(x: rt.Tensor, axis: int, parts: int, fold: str) -> rt.Tensor:
    """One axis folded in windows from floor(i · n / parts) to ceil((i + 1) · n / parts)."""
    positions, first, last = adapted_places(x.shape[axis], parts, x.device)
    longest = positions.shape[1]
    inside = first.unsqueeze(1) + rt.arange(longest, device=x.device) < last.unsqueeze(1)
    windows = x.index_select(axis, positions.ravel()).unflatten(axis, (parts, longest))
    line = [parts, longest] + [1] * (x.ndim - axis - 1)
    if fold == "max":
        windows = rt.where(inside.reshape(line), windows, float("-inf"))
        return windows.amax(axis + 1)
    windows = rt.where(inside.reshape(line), windows, 0.0)
    lengths = (last - first).astype(x.dtype).reshape([parts] + [1] * (x.ndim - axis - 1))
    return windows.sum(axis + 1) / lengths
