"""A schedule that follows a measured value."""

from __future__ import annotations

import math
from typing import Any

from rutile.errors import ArgumentError
from rutile.optim.lr_scheduler.scheduler import LRScheduler, each_group
from rutile.optim.optimizer import Optimizer

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau(LRScheduler):
    """Multiply the learning rates by `factor` when a value has not got better for more than `patience` steps.

    `step` takes the value, such as the validation loss, which a Tensor is read for. In `mode` "min" lower is better, in
    "max" higher; by more than `threshold`, as a share of the best ("rel") or as a difference ("abs"). After a change
    `cooldown` steps are not judged. Changes of at most `eps` are not made.

    >>> import rutile as rt
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> scheduler = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     scheduler.step(loss)
    >>> optimizer.lr
    0.5
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        if factor >= 1.0:
            raise ArgumentError(f"ReduceLROnPlateau needs a factor below 1, got {factor}")
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            raise ArgumentError(
                'ReduceLROnPlateau needs mode="min" or "max" and threshold_mode="rel" or "abs", got '
                f"{mode!r} and {threshold_mode!r}"
            )
        self._attach(optimizer)
        self.mode, self.factor, self.patience = mode, factor, patience
        self.threshold, self.threshold_mode, self.cooldown, self.eps = threshold, threshold_mode, cooldown, eps
        self.min_lrs: list[float] = each_group(self, optimizer, "min_lr", min_lr)
        self.restart()
        self._set([group["lr"] for group in optimizer.param_groups])

    def restart(self) -> None:
        self.last_epoch = 0
        self.best = math.inf if self.mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = 0

    def step(self, metrics: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Judge a value, and lower the learning rates if it is time."""
        value = float(metrics)
        self.last_epoch += 1
        if self._is_better(value):
            self.best, self.num_bad_epochs = value, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown_counter - 1, 0
        rates = [group["lr"] for group in self.optimizer.param_groups]
        if self.num_bad_epochs > self.patience:
            lower = [max(rate * self.factor, least) for rate, least in zip(rates, self.min_lrs, strict=True)]
            rates = [new if old - new > self.eps else old for old, new in zip(rates, lower, strict=True)]
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._set(rates)

    def _is_better(self, value: float) -> bool:
        margin = self.threshold if self.mode == "max" else -self.threshold
        bar = self.best * (1.0 + margin) if self.threshold_mode == "rel" else self.best + margin
        return value > bar if self.mode == "max" else value < bar
