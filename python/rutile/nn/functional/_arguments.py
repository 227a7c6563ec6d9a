"""What the functions share: numbers for each axis, padding, reductions of losses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import rutile as rt
from rutile.errors import ArgumentError, ShapeError

IntOrPair = int | Sequence[int]
IntOrTuple = int | Sequence[int]


def sizes(function: str, argument: str, value: IntOrTuple, rank: int) -> list[int]:
    """One number for each of `rank` axes, given as one for all or one for each."""
    if isinstance(value, int):
        return [value] * rank
    if len(value) == 1:
        return [int(value[0])] * rank
    if len(value) != rank:
        count = "one or two numbers" if rank == 2 else f"one number or {rank}"
        raise ShapeError(f"{function} needs {count} as {argument}, got {tuple(value)}")
    return [int(number) for number in value]


def positive(function: str, argument: str, value: IntOrTuple, rank: int, least: int = 1) -> list[int]:
    """As `sizes`, of numbers that are at least 1, or another least one."""
    numbers = sizes(function, argument, value, rank)
    if any(number < least for number in numbers):
        raise ArgumentError(f"{function} needs {argument} of at least {least}, got {value}")
    return numbers


def margins(function: str, argument: str, value: IntOrTuple, rank: int) -> list[int]:
    """As `sizes`, of numbers that are at least 0."""
    return positive(function, argument, value, rank, 0)


def into(input: rt.Tensor, result: rt.Tensor, inplace: bool) -> rt.Tensor:
    """The result, which the input is bound to as well if asked for."""
    return input.change("inplace=True", result) if inplace else result


def batched(function: str, x: rt.Tensor, rank: int) -> tuple[rt.Tensor, bool]:
    """x (N, C, *S) and whether the batch axis was added."""
    if x.ndim == rank + 1:
        return x.unsqueeze(0), True
    if x.ndim != rank + 2:
        raise ShapeError(
            f"{function} needs an input of {rank + 2} axes, or {rank + 1} without the batch, got {x.shape}"
        )
    return x, False


def reduced(function: str, losses: rt.Tensor, reduction: str) -> rt.Tensor:
    """Losses as they are, their sum or their mean."""
    check_reduction(function, reduction)
    if reduction == "none":
        return losses
    return losses.sum() if reduction == "sum" else losses.mean()


def check_reduction(function: str, reduction: str) -> str:
    """The reduction, if it is one."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f'{function} needs reduction="mean", "sum" or "none", got {reduction!r}')
    return reduction


def check_together(function: str, *tensors: rt.Tensor) -> None:
    """Raises unless shapes broadcast together."""
    shapes = [x.shape for x in tensors]
    for line in zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1):
        if len(set(line) - {1}) > 1:
            listed = ", ".join(map(str, shapes))
            raise ShapeError(f"{function} needs shapes that broadcast together, got {listed}: reshape one")


def check_same_shape(function: str, input: rt.Tensor, target: rt.Tensor) -> None:
    """Raises unless both have one shape."""
    if input.shape != target.shape:
        raise ShapeError(
            f"{function} needs input.shape == target.shape, got {input.shape} and {target.shape}: reshape one"
        )
