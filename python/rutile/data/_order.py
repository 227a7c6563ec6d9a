"""Which row comes when: pure functions of (seed, epoch), the same on every machine and with any number of threads."""

from __future__ import annotations

import numpy as np

MASK = (1 << 64) - 1
UNITS = 0  # the stream that permutes units; window w permutes its rows with stream w + 1


def permutation(count: int, seed: int, epoch: int, stream: int) -> np.ndarray:
    """A permutation of `count` as int64 (count,): the order of Philox words keyed by (seed, epoch).

    NumPy promises the words of a bit generator across versions, and not those of `Generator.permutation`.
    """
    philox = np.random.Philox(
        counter=np.array([0, 0, 0, stream], dtype=np.uint64),
        key=np.array([seed & MASK, epoch & MASK], dtype=np.uint64),
    )
    return np.argsort(philox.random_raw(count), kind="stable")


def in_test(first_row: int, rows: int, fraction: float, seed: int) -> np.ndarray:
    """bool (rows,): which rows of [first_row, first_row + rows) fall into the test part (SplitMix64 of row and seed)."""
    with np.errstate(over="ignore"):
        word = np.arange(first_row, first_row + rows, dtype=np.uint64) + mix(np.array([seed & MASK], dtype=np.uint64))
        return mix(word) < np.uint64(min(int(fraction * 2.0**64), MASK))


def mix(word: np.ndarray) -> np.ndarray:
    word = word + np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))
