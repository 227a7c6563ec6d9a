"""Random tensors from a counter-based generator (Threefry-2x32): a seed gives the same numbers on every device."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from rutile import _core
from rutile.tensor import Tensor


def seed(value: int) -> None:
    """Restarts the global generator.

    Example:
        >>> import rutile as rt
        >>> rt.random.seed(0); a = rt.random.uniform((2,))
        >>> rt.random.seed(0); b = rt.random.uniform((2,))
        >>> a.tolist() == b.tolist()
        True
    """
    _core.set_random_state(value & 0xFFFFFFFF)


def get_state() -> dict[str, int]:
    """The global generator's state, for checkpoints: plain numbers."""
    seed_value, calls = _core.random_state()
    return {"seed": seed_value, "calls": calls}


def set_state(state: dict[str, int]) -> None:
    """Restores what `get_state` gave."""
    _core.set_random_state(state["seed"], state["calls"])


def _sizes(shape: int | Sequence[int]) -> list[int]:
    return [shape] if isinstance(shape, int) else [builtins.int(size) for size in shape]


def uniform(shape: int | Sequence[int], low: float = 0.0, high: float = 1.0, *, device: str | None = None) -> Tensor:
    """float32 numbers from [low, high).

    Example:
        >>> import rutile as rt
        >>> rt.random.uniform((2, 3)).shape
        (2, 3)
    """
    return _core.random_uniform(_sizes(shape), low, high, device)


def normal(shape: int | Sequence[int], mean: float = 0.0, std: float = 1.0, *, device: str | None = None) -> Tensor:
    """float32 numbers of the normal distribution.

    Example:
        >>> import rutile as rt
        >>> rt.random.normal((2, 3)).shape
        (2, 3)
    """
    return _core.random_normal(_sizes(shape), mean, std, device)


def permutation(n: int, *, device: str | None = None) -> Tensor:
    """0, 1, ..., n - 1 in random order, int32.

    Example:
        >>> import rutile as rt
        >>> sorted(rt.random.permutation(3).tolist())
        [0, 1, 2]
    """
    return _core.random_permutation(n, device)
