"""Sequences of different lengths as one tensor, and back."""

from __future__ import annotations

from collections.abc import Sequence

import rutile as rt
from rutile.errors import ArgumentError, ShapeError

__all__ = ["pad_sequence", "unpad_sequence"]


def pad_sequence(
    sequences: Sequence[rt.Tensor],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> rt.Tensor:
    """Return sequences (length, *) side by side, padded to the longest: (longest, N, *), or (N, longest, *) by batch_first.

    Raises ShapeError when the axes after the first differ.

    >>> pad_sequence([rt.tensor([1.0, 2.0]), rt.tensor([3.0])], batch_first=True).tolist()
    [[1.0, 2.0], [3.0, 0.0]]
    """
    if padding_side not in ("left", "right"):
        raise ArgumentError(f'pad_sequence needs padding_side="left" or "right", got {padding_side!r}')
    if not sequences or any(x.ndim < 1 or x.shape[1:] != sequences[0].shape[1:] for x in sequences):
        shapes = ", ".join(str(x.shape) for x in sequences) or "none"
        raise ShapeError(
            f"pad_sequence needs sequences (length, *) whose shapes differ in the first axis alone, got {shapes}"
        )
    longest = max(x.shape[0] for x in sequences)
    padded = []
    for x in sequences:
        rest = longest - x.shape[0]
        sides = (rest, 0) if padding_side == "left" else (0, rest)
        padded.append(rt.pad(x, [sides, *[(0, 0)] * (x.ndim - 1)], padding_value))
    return rt.stack(padded, axis=0 if batch_first else 1)


def unpad_sequence(padded_sequences: rt.Tensor, lengths: rt.Tensor, batch_first: bool = False) -> list[rt.Tensor]:
    """Return the sequences of a padded batch, each of its own length; reads the lengths.

    >>> [x.tolist() for x in unpad_sequence(rt.tensor([[1.0, 3.0], [2.0, 0.0]]), rt.tensor([2, 1]))]
    [[1.0, 2.0], [3.0]]
    """
    batch = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [x[:length] for x, length in zip(batch, lengths.tolist(), strict=True)]
