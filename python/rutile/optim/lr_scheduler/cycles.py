"""Schedules that rise and fall between bounds."""

from __future__ import annotations

import math
from bisect import bisect_left

from rutile.errors import ArgumentError
from rutile.optim.lr_scheduler.scheduler import LRScheduler, each_group
from rutile.optim.optimizer import Optimizer

__all__ = ["CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR"]


class CosineAnnealingWarmRestarts(LRScheduler):
    """Let the learning rates fall to `eta_min` along half a cosine, again and again (Loshchilov and Hutter, 2017).

    The first fall takes `T_0` steps, each further one `T_mult` times the steps of the one before. `step` also takes
    fractions, such as epoch + batch / batches.

    >>> import rutile as rt
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=2)
    >>> scheduler.step(2.5)
    >>> round(scheduler.get_last_lr()[0], 4)
    0.8536
    """

    def __init__(
        self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        if not (isinstance(T_0, int) and isinstance(T_mult, int) and T_0 >= 1 and T_mult >= 1):
            raise ArgumentError(f"CosineAnnealingWarmRestarts needs whole T_0 and T_mult >= 1, got {T_0} and {T_mult}")
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        place, length = self.last_epoch, self.T_0
        if self.T_mult == 1:
            place %= length
        while place >= length:
            place, length = place - length, length * self.T_mult
        return [_along_cosine(base, self.eta_min, place / length) for base in self.base_lrs]


class _WithMomentum(LRScheduler):
    """A schedule that may move momentum, or Adam's first beta, against the learning rate."""

    cycle_momentum: bool

    def _set_momentums(self, momentums: list[float]) -> None:
        for group, momentum in zip(self.optimizer.param_groups, momentums, strict=True):
            if "momentum" in group:
                group["momentum"] = momentum
            else:
                group["betas"] = [momentum, *group["betas"][1:]]

    def _refuse_without_momentum(self) -> None:
        if self.cycle_momentum and self.optimizer.defaults.keys().isdisjoint(("momentum", "betas")):
            raise ArgumentError(
                f"{type(self).__name__} needs an optimizer with momentum or betas, got {type(self.optimizer).__name__}: "
                "set cycle_momentum=False"
            )


class OneCycleLR(_WithMomentum):
    """Raise the learning rates to `max_lr` and let them fall far below the start, once (Smith and Topin, 2018).

    The cycle has `total_steps`, or `epochs` times `steps_per_epoch`: call `step` after every batch. It starts at
    max_lr / div_factor, and ends at that / final_div_factor. Momentum, or Adam's first beta, goes the other way.

    Raises ArgumentError after the last step.

    >>> import rutile as rt
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> scheduler = OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
    >>> scheduler.step()
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        if total_steps is None and epochs is not None and steps_per_epoch is not None:
            total_steps = epochs * steps_per_epoch
        if total_steps is None or total_steps < 1:
            raise ArgumentError(
                "OneCycleLR needs total_steps, or epochs and steps_per_epoch, of at least 1, got "
                f"{total_steps}, {epochs}, {steps_per_epoch}"
            )
        if not 0.0 <= pct_start <= 1.0:
            raise ArgumentError(f"OneCycleLR needs pct_start in [0, 1], got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ArgumentError(f'OneCycleLR needs anneal_strategy="cos" or "linear", got {anneal_strategy!r}')
        self._attach(optimizer)
        self.total_steps, self.pct_start, self.anneal_strategy = total_steps, pct_start, anneal_strategy
        self.cycle_momentum, self.three_phase = cycle_momentum, three_phase
        self._refuse_without_momentum()
        self.max_lrs: list[float] = each_group(self, optimizer, "max_lr", max_lr)
        self.base_momentums: list[float] = each_group(self, optimizer, "base_momentum", base_momentum)
        self.max_momentums: list[float] = each_group(self, optimizer, "max_momentum", max_momentum)
        self.final_div_factor = final_div_factor
        if last_epoch == -1:
            for group, most in zip(optimizer.param_groups, self.max_lrs, strict=True):
                group["initial_lr"] = most / div_factor
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch > self.total_steps:
            raise ArgumentError(
                f"OneCycleLR needs at most total_steps = {self.total_steps} steps, got {self.last_epoch}: "
                "make it with the number of batches of the whole training"
            )
        if self.cycle_momentum:
            self._set_momentums(
                [self._at(m, b, m, m) for b, m in zip(self.base_momentums, self.max_momentums, strict=True)]
            )
        return [
            self._at(base, most, base, base / self.final_div_factor)
            for base, most in zip(self.base_lrs, self.max_lrs, strict=True)
        ]

    def _at(self, start: float, top: float, back: float, end: float) -> float:
        """Return this step's value of what goes from `start` to `top` and to `end`; in three phases, over `back`."""
        rise, last = self.pct_start * self.total_steps - 1.0, self.total_steps - 1.0
        ends = [rise, 2.0 * rise, last] if self.three_phase else [rise, last]
        values = [start, top, back, end] if self.three_phase else [start, top, end]
        phase = min(bisect_left(ends, self.last_epoch), len(ends) - 1)
        begin = ends[phase - 1] if phase else 0.0
        share = (self.last_epoch - begin) / (ends[phase] - begin) if ends[phase] > begin else 1.0
        if self.anneal_strategy == "linear":
            return values[phase] + (values[phase + 1] - values[phase]) * share
        return _along_cosine(values[phase], values[phase + 1], share)


class CyclicLR(_WithMomentum):
    """Let the learning rates rise from `base_lr` to `max_lr` and fall again, over and over (Smith, 2017).

    `mode` is "triangular", "triangular2" (each cycle half as high) or "exp_range" (`gamma` to the power of the step).
    Momentum, or Adam's first beta, goes the other way.

    >>> import rutile as rt
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> scheduler = CyclicLR(optimizer, base_lr=0.5, max_lr=1.0, step_size_up=2)
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.75]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.8,
        max_momentum: float | list[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        if mode not in ("triangular", "triangular2", "exp_range"):
            raise ArgumentError(f'CyclicLR needs mode="triangular", "triangular2" or "exp_range", got {mode!r}')
        self._attach(optimizer)
        self.step_size_up, self.step_size_down = (
            step_size_up,
            step_size_up if step_size_down is None else step_size_down,
        )
        self.mode, self.gamma, self.cycle_momentum = mode, gamma, cycle_momentum
        self._refuse_without_momentum()
        self.max_lrs: list[float] = each_group(self, optimizer, "max_lr", max_lr)
        self.base_momentums: list[float] = each_group(self, optimizer, "base_momentum", base_momentum)
        self.max_momentums: list[float] = each_group(self, optimizer, "max_momentum", max_momentum)
        if last_epoch == -1:
            for group, least in zip(
                optimizer.param_groups, each_group(self, optimizer, "base_lr", base_lr), strict=True
            ):
                group["initial_lr"] = float(least)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        cycle, place = divmod(self.last_epoch, self.step_size_up + self.step_size_down)
        height = min(place / self.step_size_up, 1.0 - (place - self.step_size_up) / self.step_size_down)
        height *= {"triangular": 1.0, "triangular2": 0.5**cycle, "exp_range": self.gamma**self.last_epoch}[self.mode]
        if self.cycle_momentum:
            pairs = zip(self.base_momentums, self.max_momentums, strict=True)
            self._set_momentums([most - (most - least) * height for least, most in pairs])
        return [base + (most - base) * height for base, most in zip(self.base_lrs, self.max_lrs, strict=True)]


def _along_cosine(first: float, second: float, share: float) -> float:
    return second + (first - second) * (1.0 + math.cos(math.pi * share)) / 2
