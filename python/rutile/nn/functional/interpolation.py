"""Resizing: each axis is resampled by itself, from a few neighbours with fixed weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import rutile as rt
from rutile.errors import ShapeError
from rutile.functions.indexing import index_select
from rutile.nn.functional.pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d

_LINEAR = {"linear": 1, "bilinear": 2, "trilinear": 3}


def interpolate(
    input: rt.Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> rt.Tensor:
    """Return the input (N, C, *S) resized to `size`, or by `scale_factor`.

    `mode` is "nearest", "nearest-exact", "linear" (1-D), "bilinear", "bicubic" (2-D), "trilinear" (3-D) or "area".
    With `align_corners`, the centres of the corner elements stay where they are, else the corners do. With `antialias`,
    "bilinear" and "bicubic" weigh all elements that a smaller result's element covers.

    >>> interpolate(rt.tensor([[[1.0, 2.0]]]), scale_factor=2).tolist()
    [[[1.0, 1.0, 2.0, 2.0]]]
    """
    rank = input.ndim - 2
    if rank < 1:
        raise ShapeError(f"interpolate needs an input (N, C, ...), got {input.shape}")
    if antialias and mode not in ("bilinear", "bicubic"):
        raise ValueError(f'interpolate needs mode="bilinear" or "bicubic" for antialias=True, got {mode!r}')
    if (size is None) == (scale_factor is None):
        raise ValueError(f"interpolate needs one of size and scale_factor, got {size} and {scale_factor}")
    space = input.shape[2:]
    if size is not None:
        target = [size] * rank if isinstance(size, int) else [int(one) for one in size]
        factors: list[float | None] = [None] * rank
    else:
        given = [scale_factor] * rank if isinstance(scale_factor, int | float) else list(scale_factor or ())
        target = [math.floor(n * factor) for n, factor in zip(space, given, strict=True)]
        factors = [None] * rank if recompute_scale_factor else [float(factor) for factor in given]
    if len(target) != rank:
        raise ShapeError(f"interpolate needs {rank} sizes for {input.shape}, got {tuple(target)}")
    if align_corners and (mode.startswith("nearest") or mode == "area"):
        raise ValueError(f"interpolate needs align_corners=None for mode {mode!r}, got {align_corners}")
    if mode == "area":
        return (adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d)[rank - 1](input, target)
    if _LINEAR.get(mode, rank) != rank or (mode == "bicubic" and rank != 2):
        raise ValueError(f"interpolate needs a mode for {rank} axes of space, got {mode!r}")
    if mode not in (*_LINEAR, "bicubic", "nearest", "nearest-exact"):
        raise ValueError(f'interpolate needs mode="nearest", "linear", "bicubic", "area" or the like, got {mode!r}')
    for axis in range(rank):
        if antialias:
            input = _filtered(input, axis + 2, target[axis], factors[axis], mode, bool(align_corners))
            continue
        input = _resampled(input, axis + 2, target[axis], factors[axis], mode, bool(align_corners))
    return input


def upsample(
    input: rt.Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> rt.Tensor:
    """Return `interpolate` with the same arguments.

    >>> upsample(rt.tensor([[[1.0, 2.0]]]), scale_factor=2).tolist()
    [[[1.0, 1.0, 2.0, 2.0]]]
    """
    return interpolate(input, size, scale_factor, mode, align_corners)


def _resampled(x: rt.Tensor, axis: int, out: int, factor: float | None, mode: str, corners: bool) -> rt.Tensor:
    size = x.shape[axis]
    if out == size and factor in (None, 1.0):
        return x
    if mode.startswith("nearest"):
        if out % size == 0 and factor in (None, out / size):
            return rt.repeat_interleave(x, out // size, axis)
        step = size / out if factor is None else 1.0 / factor
        shift = 0.5 if mode == "nearest-exact" else 0.0
        places = [min(math.floor((i + shift) * step), size - 1) for i in range(out)]
        return index_select(x, axis, rt.tensor(places, device=x.device))
    if corners:
        centres = [i * (size - 1) / (out - 1) if out > 1 else 0.0 for i in range(out)]
    else:
        step = size / out if factor is None else 1.0 / factor
        centres = [(i + 0.5) * step - 0.5 for i in range(out)]
    if mode == "bicubic":
        taps = [_cubic(centre) for centre in centres]
    else:
        taps = [_linear(max(centre, 0.0)) for centre in centres]
    result = None
    for tap in range(len(taps[0])):
        places = [min(max(row[tap][0], 0), size - 1) for row in taps]
        line = [1] * x.ndim
        line[axis] = out
        weights = rt.tensor([row[tap][1] for row in taps], dtype=x.dtype, device=x.device).reshape(line)
        part = index_select(x, axis, rt.tensor(places, device=x.device)) * weights
        result = part if result is None else result + part
    assert result is not None
    return result


def _filtered(x: rt.Tensor, axis: int, out: int, factor: float | None, mode: str, corners: bool) -> rt.Tensor:
    """As Pillow's resizing: the kernel is as wide as an element of the result, and its weights add up to one."""
    size = x.shape[axis]
    step = size / out if factor is None else 1.0 / factor
    if corners:
        step = (size - 1) / (out - 1) if out > 1 else 0.0
    scale = max(step, 1.0)
    reach = (2.0 if mode == "bicubic" else 1.0) * scale
    rows = []
    for i in range(out):
        centre = step * (i + 0.5)
        first, last = max(math.floor(centre - reach + 0.5), 0), min(math.floor(centre + reach + 0.5), size)
        distances = [abs(j - centre + 0.5) / scale for j in range(first, last)]
        if mode == "bicubic":
            weights = [_cubic_weight(distance, -0.5) if distance < 2.0 else 0.0 for distance in distances]
        else:
            weights = [max(0.0, 1.0 - distance) for distance in distances]
        total = sum(weights)
        rows.append([0.0] * first + [weight / total for weight in weights] + [0.0] * (size - last))
    matrix = rt.tensor(rows, dtype=x.dtype, device=x.device)
    return rt.moveaxis(rt.moveaxis(x, axis, -1) @ matrix.mT, -1, axis)


def _linear(centre: float) -> list[tuple[int, float]]:
    first = math.floor(centre)
    share = centre - first
    return [(first, 1.0 - share), (first + 1, share)]


def _cubic(centre: float) -> list[tuple[int, float]]:
    """Neighbours and weights of cubic convolution with a = -0.75 (Keys, 1981)."""
    first = math.floor(centre)
    return [(first + i, _cubic_weight(abs(centre - first - i))) for i in (-1, 0, 1, 2)]


def _cubic_weight(distance: float, a: float = -0.75) -> float:
    """Weight of a neighbour at a distance of 0 to 2."""
    if distance <= 1.0:
        return ((a + 2.0) * distance - (a + 3.0)) * distance * distance + 1.0
    return ((a * distance - 5.0 * a) * distance + 8.0 * a) * distance - 4.0 * a
