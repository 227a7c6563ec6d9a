"""Side: one library's training step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["BETAS", "DECAY", "EPSILON", "Side", "split"]

# AdamW, the same on every side: PyTorch's defaults.
BETAS = (0.9, 0.999)
EPSILON = 1e-8
DECAY = 1e-2


class Side:
    """Made from a workload; each `step` is one whole training step, finished when it returns.

    The constructor raises when the library cannot be used.
    """

    name: str
    method: str
    """The method of Workload that this side runs."""
    version: str
    slow: Mapping[str, str] = {}
    """Workloads that take so long that only a call by name runs them, and why."""

    def __init__(self, workload: Any, threads: int) -> None:
        raise NotImplementedError

    def step(self) -> None:
        """Run forward, backward and AdamW, and wait until new weights and loss are computed, unless on a GPU."""
        raise NotImplementedError

    def synchronize(self) -> None:
        """Wait until all steps are computed."""

    def loss(self) -> float:
        """Return the loss that the last step computed, before its update."""
        raise NotImplementedError


def split(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the weights that are trained, and the running statistics."""
    statistics = ("running_mean", "running_var", "num_batches_tracked")
    moved = {name: value for name, value in values.items() if name.endswith(statistics)}
    return {name: value for name, value in values.items() if name not in moved}, moved
