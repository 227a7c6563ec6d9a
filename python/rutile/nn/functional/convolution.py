"""Convolutions of one, two and three axes, and their transposes; windows cut out and laid over each other.

Shapes: N batch, C channels, F filters, L or H, W or D, H, W space.
"""

from __future__ import annotations

import rutile as rt
from rutile import _core
from rutile.errors import ShapeError
from rutile.nn.functional._arguments import IntOrTuple, batched, margins, positive, sizes


def conv1d(
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None = None,
    stride: IntOrTuple = 1,
    padding: IntOrTuple | str = 0,
    dilation: IntOrTuple = 1,
    groups: int = 1,
) -> rt.Tensor:
    """Return the 1-D cross-correlation: (N, C, L), (F, C / groups, k), (F,) to (N, F, L').

    `padding` is a number of zeros per side, "valid" (none) or "same" (L' == L; needs stride 1).

    >>> conv1d(rt.ones((1, 1, 3)), rt.ones((1, 1, 2))).tolist()
    [[[2.0, 2.0]]]
    """
    return _conv("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None = None,
    stride: IntOrTuple = 1,
    padding: IntOrTuple | str = 0,
    dilation: IntOrTuple = 1,
    groups: int = 1,
) -> rt.Tensor:
    """Return the 2-D cross-correlation: (N, C, H, W), (F, C / groups, kH, kW), (F,) to (N, F, H', W').

    `padding` is a number of zeros per side, "valid" (none) or "same" (H' == H, W' == W; needs stride 1).
    In float32, convolutions by 3 x 3 of 16 channels or more run by Winograd's filtering on the CPU: about as exact as plain
    sums (errors of `weight`'s gradient are up to twice theirs), but results that see an infinite input are NaN.

    >>> conv2d(rt.ones((1, 1, 3, 3)), rt.ones((1, 1, 2, 2))).tolist()
    [[[[4.0, 4.0], [4.0, 4.0]]]]
    """
    return _conv("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None = None,
    stride: IntOrTuple = 1,
    padding: IntOrTuple | str = 0,
    dilation: IntOrTuple = 1,
    groups: int = 1,
) -> rt.Tensor:
    """Return the 3-D cross-correlation: (N, C, D, H, W), (F, C / groups, kD, kH, kW), (F,) to (N, F, D', H', W').

    `padding` is a number of zeros per side, "valid" (none) or "same" (sizes stay; needs stride 1).

    >>> conv3d(rt.ones((1, 1, 2, 2, 2)), rt.ones((1, 1, 2, 2, 2))).item()
    8.0
    """
    return _conv("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


def _conv(
    function: str,
    rank: int,
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None,
    stride: IntOrTuple,
    padding: IntOrTuple | str,
    dilation: IntOrTuple,
    groups: int,
) -> rt.Tensor:
    strides, dilations = positive(function, "stride", stride, rank), positive(function, "dilation", dilation, rank)
    if padding == "same":
        if strides != [1] * rank:
            raise ShapeError(
                f'{function} with padding="same" needs stride 1, got {stride}: give the padding as numbers'
            )
        reach = [spread * (size - 1) for spread, size in zip(dilations, weight.shape[2:], strict=True)]
        sides = [(total // 2, total - total // 2) for total in reach]
    elif padding == "valid":
        sides = [(0, 0)] * rank
    elif isinstance(padding, str):
        raise ValueError(f'{function} needs padding as numbers, "same" or "valid", got {padding!r}')
    else:
        sides = [(size, size) for size in margins(function, "padding", padding, rank)]
    if input.ndim == rank + 1:
        return _core.conv(input.unsqueeze(0), weight, bias, strides, sides, dilations, groups).squeeze(0)
    return _core.conv(input, weight, bias, strides, sides, dilations, groups)


def conv_transpose1d(
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None = None,
    stride: IntOrTuple = 1,
    padding: IntOrTuple = 0,
    output_padding: IntOrTuple = 0,
    groups: int = 1,
    dilation: IntOrTuple = 1,
) -> rt.Tensor:
    """Return the transpose of `conv1d`: (N, C, L), (C, F / groups, k), (F,) to (N, F, L').

    L' = (L - 1) * stride - 2 * padding + dilation * (k - 1) + output_padding + 1.

    >>> conv_transpose1d(rt.ones((1, 1, 2)), rt.ones((1, 1, 2))).tolist()
    [[[1.0, 2.0, 1.0]]]
    """
    return _transposed("conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None = None,
    stride: IntOrTuple = 1,
    padding: IntOrTuple = 0,
    output_padding: IntOrTuple = 0,
    groups: int = 1,
    dilation: IntOrTuple = 1,
) -> rt.Tensor:
    """Return the transpose of `conv2d`: (N, C, H, W), (C, F / groups, kH, kW), (F,) to (N, F, H', W').

    >>> conv_transpose2d(rt.ones((1, 1, 1, 1)), rt.ones((1, 1, 2, 2))).tolist()
    [[[[1.0, 1.0], [1.0, 1.0]]]]
    """
    return _transposed("conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None = None,
    stride: IntOrTuple = 1,
    padding: IntOrTuple = 0,
    output_padding: IntOrTuple = 0,
    groups: int = 1,
    dilation: IntOrTuple = 1,
) -> rt.Tensor:
    """Return the transpose of `conv3d`: (N, C, D, H, W), (C, F / groups, kD, kH, kW), (F,) to (N, F, D', H', W').

    >>> conv_transpose3d(rt.ones((1, 1, 1, 1, 1)), rt.ones((1, 1, 1, 1, 2))).tolist()
    [[[[[1.0, 1.0]]]]]
    """
    return _transposed("conv_transpose3d", 3, input, weight, bias, stride, padding, output_padding, groups, dilation)


def _transposed(
    function: str,
    rank: int,
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None,
    stride: IntOrTuple,
    padding: IntOrTuple,
    output_padding: IntOrTuple,
    groups: int,
    dilation: IntOrTuple,
) -> rt.Tensor:
    strides, dilations = positive(function, "stride", stride, rank), positive(function, "dilation", dilation, rank)
    extra = margins(function, "output_padding", output_padding, rank)
    if any(more >= max(step, spread) for more, step, spread in zip(extra, strides, dilations, strict=True)):
        raise ShapeError(f"{function} needs output_padding below stride or dilation, got {output_padding}")
    cut = margins(function, "padding", padding, rank)
    sides = [(size, size - more) for size, more in zip(cut, extra, strict=True)]
    x, added = batched(function, input, rank)
    result = _core.conv_transpose(x, weight, bias, strides, sides, dilations, groups)
    return result.squeeze(0) if added else result


def unfold(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    dilation: IntOrTuple = 1,
    padding: IntOrTuple = 0,
    stride: IntOrTuple = 1,
) -> rt.Tensor:
    """Return the windows of an image as columns: (N, C, H, W) to (N, C * kH * kW, windows).

    >>> unfold(rt.ones((1, 1, 2, 2)), 2).shape
    (1, 4, 1)
    """
    kernel, steps = positive("unfold", "kernel_size", kernel_size, 2), positive("unfold", "stride", stride, 2)
    spread, sides = positive("unfold", "dilation", dilation, 2), margins("unfold", "padding", padding, 2)
    x, added = batched("unfold", input, 2)
    for size, taps, gap, side in zip(x.shape[2:], kernel, spread, sides, strict=True):
        if gap * (taps - 1) + 1 > size + 2 * side:
            raise ShapeError(f"unfold needs a window no larger than the padded input, got {taps} for {size}")
    x = _core.pad(x, [(0, 0), (0, 0), (sides[0], sides[0]), (sides[1], sides[1])], 0.0)
    for axis in (3, 2):
        x = _core.window(x, axis, kernel[axis - 2], steps[axis - 2], spread[axis - 2])
    batch, channels, high, _, wide, _ = x.shape
    columns = x.permute(0, 1, 3, 5, 2, 4).reshape(batch, channels * kernel[0] * kernel[1], high * wide)
    return columns.squeeze(0) if added else columns


def fold(
    input: rt.Tensor,
    output_size: IntOrTuple,
    kernel_size: IntOrTuple,
    dilation: IntOrTuple = 1,
    padding: IntOrTuple = 0,
    stride: IntOrTuple = 1,
) -> rt.Tensor:
    """Return the sum of windows laid over each other: (N, C * kH * kW, windows) to (N, C, H, W).

    >>> fold(rt.ones((1, 4, 1)), (2, 2), 2).tolist()
    [[[[1.0, 1.0], [1.0, 1.0]]]]
    """
    target, kernel = sizes("fold", "output_size", output_size, 2), positive("fold", "kernel_size", kernel_size, 2)
    steps, spread = positive("fold", "stride", stride, 2), positive("fold", "dilation", dilation, 2)
    sides = margins("fold", "padding", padding, 2)
    added = input.ndim == 2
    x = input.unsqueeze(0) if added else input
    whole = [size + 2 * side for size, side in zip(target, sides, strict=True)]
    counts = [
        (size - gap * (taps - 1) - 1) // step + 1
        for size, gap, taps, step in zip(whole, spread, kernel, steps, strict=True)
    ]
    taps = kernel[0] * kernel[1]
    if x.ndim != 3 or x.shape[1] % taps or x.shape[2] != counts[0] * counts[1]:
        needs = f"(N, C * {taps}, {counts[0] * counts[1]})"
        raise ShapeError(f"fold needs an input {needs} for output_size {tuple(target)}, got {input.shape}")
    x = x.reshape(x.shape[0], x.shape[1] // taps, *kernel, *counts).permute(0, 1, 4, 2, 5, 3)
    x = _core.overlap(x, 4, whole[1], steps[1], spread[1])
    x = _core.overlap(x, 2, whole[0], steps[0], spread[0])
    x = _core.pad(x, [(0, 0), (0, 0), (-sides[0], -sides[0]), (-sides[1], -sides[1])], 0.0)
    return x.squeeze(0) if added else x
