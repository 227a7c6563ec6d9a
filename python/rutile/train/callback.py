"""Callback: own code at the end of each step, each epoch and the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rutile.train.run import Run

__all__ = ["Callback"]


class Callback:
    """Override what is needed. `run` may be changed: `run.optimizer.lr = ...`, `run.stop = True`.

    >>> class WarmUp(Callback):
    ...     def on_step(self, run):
    ...         run.optimizer.lr = 1e-3 * min(1.0, run.step / 100)
    """

    def on_step(self, run: Run) -> None:
        """Follow every optimizer step; reading a tensor here waits for the device."""

    def on_epoch(self, run: Run) -> None:
        """Follow every epoch, after its validation and before its checkpoint."""

    def on_end(self, run: Run) -> None:
        """Follow the last epoch, or the stop that a callback asked for."""
