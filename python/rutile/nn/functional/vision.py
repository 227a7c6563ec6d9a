"""Images sampled at given places, and channels exchanged for space."""

from __future__ import annotations

import math
from collections.abc import Sequence

import rutile as rt
from rutile import _core
from rutile.errors import ShapeError


def pixel_shuffle(input: rt.Tensor, upscale_factor: int) -> rt.Tensor:
    """Return (..., C * r², H, W) as (..., C, H * r, W * r) (Shi et al., 2016).

    >>> pixel_shuffle(rt.ones((1, 4, 1, 1)), 2).shape
    (1, 1, 2, 2)
    """
    r = upscale_factor
    if input.ndim < 3 or input.shape[-3] % (r * r):
        raise ShapeError(f"pixel_shuffle needs (..., C * {r * r}, H, W), got {input.shape}")
    *lead, channels, high, wide = input.shape
    n = len(lead)
    x = input.reshape(*lead, channels // (r * r), r, r, high, wide)
    x = x.permute(*range(n), n, n + 3, n + 1, n + 4, n + 2)
    return x.reshape(*lead, channels // (r * r), high * r, wide * r)


def pixel_unshuffle(input: rt.Tensor, downscale_factor: int) -> rt.Tensor:
    """Return (..., C, H * r, W * r) as (..., C * r², H, W): undoes `pixel_shuffle`.

    >>> pixel_unshuffle(rt.ones((1, 1, 2, 2)), 2).shape
    (1, 4, 1, 1)
    """
    r = downscale_factor
    if input.ndim < 3 or input.shape[-1] % r or input.shape[-2] % r:
        raise ShapeError(f"pixel_unshuffle needs (..., C, H * {r}, W * {r}), got {input.shape}")
    *lead, channels, high, wide = input.shape
    n = len(lead)
    x = input.reshape(*lead, channels, high // r, r, wide // r, r)
    x = x.permute(*range(n), n, n + 2, n + 4, n + 1, n + 3)
    return x.reshape(*lead, channels * r * r, high // r, wide // r)


def channel_shuffle(input: rt.Tensor, groups: int) -> rt.Tensor:
    """Return (N, C, ...) with the channels of groups interleaved (Zhang et al., 2017).

    >>> channel_shuffle(rt.arange(4).reshape(1, 4, 1), 2).reshape(4).tolist()
    [0, 2, 1, 3]
    """
    if input.ndim < 2 or groups < 1 or input.shape[1] % groups:
        raise ShapeError(f"channel_shuffle needs (N, C, ...), C divisible by {groups}, got {input.shape}")
    x = input.reshape(input.shape[0], groups, input.shape[1] // groups, -1)
    return x.transpose(1, 2).reshape(input.shape)


def affine_grid(theta: rt.Tensor, size: Sequence[int], align_corners: bool = False) -> rt.Tensor:
    """Return the places that an affine map reads from: theta (N, 2, 3), size (N, C, H, W) to (N, H, W, 2).

    In 3-D: (N, 3, 4), (N, C, D, H, W) to (N, D, H, W, 3). Places run from -1 to 1, x first.

    >>> affine_grid(rt.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]), (1, 1, 1, 1)).tolist()
    [[[[0.0, 0.0]]]]
    """
    rank = len(size) - 2
    if rank not in (2, 3) or tuple(theta.shape) != (size[0], rank, rank + 1):
        raise ShapeError(f"affine_grid needs theta (N, {rank}, {rank + 1}) for size {tuple(size)}, got {theta.shape}")
    space = list(size[2:])
    parts = []
    for axis in reversed(range(rank)):
        n = space[axis]
        numbers = rt.arange(n, device=theta.device).astype(theta.dtype)
        if align_corners:
            line = numbers * (2.0 / (n - 1)) - 1.0 if n > 1 else numbers
        else:
            line = (numbers * 2.0 + 1.0) * (1.0 / n) - 1.0
        shape = [1] * rank
        shape[axis] = n
        parts.append(line.reshape(shape).expand(*space).reshape(-1, 1))
    parts.append(rt.ones(parts[0].shape, dtype=theta.dtype, device=theta.device))
    return (_core.concat(parts, 1) @ theta.mT).reshape(size[0], *space, rank)


def grid_sample(
    input: rt.Tensor,
    grid: rt.Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool = False,
) -> rt.Tensor:
    """Return the input (N, C, H, W) read at the places of grid (N, H', W', 2), from -1 to 1, x first: (N, C, H', W').

    In 3-D: (N, C, D, H, W), (N, D', H', W', 3). `mode` is "bilinear", "nearest" or (2-D) "bicubic"; `padding_mode`, for
    places outside, is "zeros", "border" (the edge) or "reflection".

    >>> grid_sample(rt.ones((1, 1, 2, 2)), rt.zeros((1, 1, 1, 2))).tolist()
    [[[[1.0]]]]
    """
    rank = input.ndim - 2
    if rank not in (2, 3) or grid.ndim != rank + 2 or grid.shape[-1] != rank or grid.shape[0] != input.shape[0]:
        raise ShapeError(f"grid_sample needs (N, C, H, W) and (N, H', W', 2), got {input.shape} and {grid.shape}")
    if mode not in ("bilinear", "nearest", "bicubic") or (mode == "bicubic" and rank == 3):
        raise ValueError(f'grid_sample needs mode="bilinear", "nearest" or (2-D) "bicubic", got {mode!r}')
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(f'grid_sample needs padding_mode="zeros", "border" or "reflection", got {padding_mode!r}')
    space = input.shape[2:]
    # One list of (places, weights) for each axis; every combination of them is read.
    choices = []
    for axis, size in enumerate(space):
        place = grid[..., rank - 1 - axis].reshape(grid.shape[0], -1)
        centre = (place + 1.0) * ((size - 1) / 2.0) if align_corners else ((place + 1.0) * size - 1.0) * 0.5
        if mode != "bicubic":
            centre = _inside(centre, size, padding_mode, align_corners)
        choices.append(_neighbours(centre, mode))
    flat = input.reshape(*input.shape[:2], math.prod(space))
    result = None
    for combination in _combinations(choices):
        number, weight, valid = None, None, None
        for size, (place, share) in zip(space, combination, strict=True):
            if mode == "bicubic":
                place = _inside(place, size, padding_mode, align_corners)
            within = (place >= 0) & (place <= size - 1)
            place = rt.where(within, place, 0.0).astype("int32")
            number = place if number is None else number * size + place
            valid = within if valid is None else valid & within
            if share is not None:
                weight = share if weight is None else weight * share
        assert number is not None and valid is not None
        read = _core.take_along_axis(flat, number.unsqueeze(1), 2)
        read = rt.where(valid.unsqueeze(1), read, 0.0)
        part = read if weight is None else read * weight.unsqueeze(1)
        result = part if result is None else result + part
    assert result is not None
    return result.reshape(*input.shape[:2], *grid.shape[1:-1])


def _combinations(
    choices: list[list[tuple[rt.Tensor, rt.Tensor | None]]],
) -> list[list[tuple[rt.Tensor, rt.Tensor | None]]]:
    result: list[list[tuple[rt.Tensor, rt.Tensor | None]]] = [[]]
    for choice in choices:
        result = [[*start, one] for start in result for one in choice]
    return result


def _neighbours(centre: rt.Tensor, mode: str) -> list[tuple[rt.Tensor, rt.Tensor | None]]:
    if mode == "nearest":
        return [(centre.detach().round(), None)]
    first = centre.detach().floor()
    share = centre - first
    if mode == "bilinear":
        return [(first, 1.0 - share), (first + 1.0, share)]
    return [(first + float(i), _cubic_weight(share - float(i), i)) for i in (-1, 0, 1, 2)]


def _cubic_weight(offset: rt.Tensor, tap: int) -> rt.Tensor:
    """Weight by cubic convolution with a = -0.75 of the neighbour number `tap`, which is `offset` away (Keys, 1981)."""
    a = -0.75
    distance = offset if tap <= 0 else -offset
    if tap in (0, 1):
        return ((a + 2.0) * distance - (a + 3.0)) * distance * distance + 1.0
    return ((a * distance - 5.0 * a) * distance + 8.0 * a) * distance - 4.0 * a


def _inside(place: rt.Tensor, size: int, padding_mode: str, align_corners: bool) -> rt.Tensor:
    """Places outside an axis brought inside, unless zeros are read there."""
    if padding_mode == "zeros":
        return place
    if padding_mode == "reflection":
        low, high = (0.0, size - 1.0) if align_corners else (-0.5, size - 0.5)
        span = high - low
        if span == 0.0:
            return place * 0.0
        # Mirrored at both ends: a triangle wave of period 2 · span.
        away = rt.abs(place - low)
        turns = (away.detach() * (1.0 / span)).floor()
        rest = away - turns * span
        place = rt.where(turns % 2.0 == 0, rest, span - rest) + low
    return rt.where(place <= 0, 0.0, rt.where(place >= size - 1, size - 1.0, place))
