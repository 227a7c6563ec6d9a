"""Fractional max pooling: windows whose places are drawn (Graham, Fractional max-pooling, 2014)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import rutile as rt
from rutile import _core
from rutile.errors import ArgumentError, ShapeError
from rutile.nn.functional._arguments import IntOrTuple, batched, sizes

Ratio = float | Sequence[float]


def fractional_max_pool2d(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    output_size: IntOrTuple | None = None,
    output_ratio: Ratio | None = None,
    return_indices: bool = False,
    _random_samples: rt.Tensor | None = None,
) -> Any:
    """Return the largest value of each window: (N, C, H, W) to (N, C, H', W'), windows being laid at random.

    Give the output's size, or its ratio to the input's. `_random_samples` (N, C, 2) from [0, 1) place the windows.

    >>> fractional_max_pool2d(rt.ones((1, 1, 5, 5)), 2, output_size=3).shape
    (1, 1, 3, 3)
    """
    return _pool(
        "fractional_max_pool2d", 2, input, kernel_size, output_size, output_ratio, return_indices, _random_samples
    )


def fractional_max_pool3d(
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    output_size: IntOrTuple | None = None,
    output_ratio: Ratio | None = None,
    return_indices: bool = False,
    _random_samples: rt.Tensor | None = None,
) -> Any:
    """Return the largest value of each window: (N, C, D, H, W) to (N, C, D', H', W'), windows being laid at random.

    >>> fractional_max_pool3d(rt.ones((1, 1, 5, 5, 5)), 2, output_ratio=0.6).shape
    (1, 1, 3, 3, 3)
    """
    return _pool(
        "fractional_max_pool3d", 3, input, kernel_size, output_size, output_ratio, return_indices, _random_samples
    )


def _pool(
    function: str,
    rank: int,
    input: rt.Tensor,
    kernel_size: IntOrTuple,
    output_size: IntOrTuple | None,
    output_ratio: Ratio | None,
    return_indices: bool,
    samples: rt.Tensor | None,
) -> Any:
    x, added = batched(function, input, rank)
    kernel, space = sizes(function, "kernel_size", kernel_size, rank), x.shape[2:]
    target = output_sizes(function, space, output_size, output_ratio)
    for size, taps, want in zip(space, kernel, target, strict=True):
        if not 0 < want <= size - taps + 1:
            raise ShapeError(
                f"{function} needs an output of 1 to {size - taps + 1} for size {size} and kernel {taps}, got {want}"
            )
    if samples is None:
        samples = rt.random.uniform((*x.shape[:2], rank), device=x.device)
    elif samples.shape != (*x.shape[:2], rank):
        raise ShapeError(f"{function} needs samples of shape {(*x.shape[:2], rank)}, got {samples.shape}")
    # As in PyTorch, of two axes the last one has the first sample.
    samples = (samples.flip(-1) if rank == 2 else samples).to(x.device)
    # (N, C, outputs..., taps...): row-major positions of the windows' elements.
    places: Any = 0
    for axis in range(rank):
        first = _starts(samples.select(-1, axis), space[axis], kernel[axis], target[axis])
        taken = first.unsqueeze(-1) + rt.arange(kernel[axis], device=x.device)
        line = [1] * (2 * rank)
        line[axis], line[rank + axis] = target[axis], kernel[axis]
        places = places * space[axis] + taken.reshape(*x.shape[:2], *line)
    flat = places.reshape(*x.shape[:2], -1)
    windows = _core.take_along_axis(x.flatten(2), flat, 2).reshape(*places.shape[: 2 + rank], -1)
    if return_indices:
        best = windows.detach().argmax(-1, keepdims=True)
        found = _core.take_along_axis(flat.reshape(*windows.shape), best, -1).squeeze(-1)
        values = _core.take_along_axis(windows, best, -1).squeeze(-1)
        return (values.squeeze(0), found.squeeze(0)) if added else (values, found)
    values = windows.amax(-1)
    return values.squeeze(0) if added else values


def output_sizes(function: str, space: Sequence[int], output_size: Any, output_ratio: Any) -> list[int]:
    """Sizes of the output, from those or from their ratios to the input's."""
    if (output_size is None) == (output_ratio is None):
        raise ArgumentError(f"{function} needs output_size or output_ratio, and not both: give one of the two")
    rank = len(space)
    if output_size is not None:
        return sizes(function, "output_size", output_size, rank)
    ratios = [output_ratio] * rank if isinstance(output_ratio, int | float) else list(output_ratio)
    if len(ratios) != rank or not all(0 < ratio < 1 for ratio in ratios):
        raise ArgumentError(f"{function} needs an output_ratio between 0 and 1, or {rank} of them, got {output_ratio}")
    return [int(size * ratio) for size, ratio in zip(space, ratios, strict=True)]


def _starts(sample: rt.Tensor, size: int, taps: int, count: int) -> rt.Tensor:
    """Where windows begin along an axis, (N, C, count): steps of two sizes from 0 on, the last one at the end."""
    sample = sample.unsqueeze(-1)
    if count == 1:
        return (sample * 0.0).astype("int32") + (size - taps)
    step = (size - taps) / (count - 1)
    numbers = rt.arange(count, device=sample.device)
    starts = ((numbers + sample) * step).trunc() - (sample * step).trunc()
    return rt.where(numbers == count - 1, size - taps, starts.astype("int32"))
