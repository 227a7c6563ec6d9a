"""Schedules that multiply learning rates by a factor of the step."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

from rutile.errors import ArgumentError
from rutile.optim.lr_scheduler.scheduler import LRScheduler, each_group
from rutile.optim.optimizer import Optimizer

__all__ = [
    "ConstantLR",
    "CosineAnnealingLR",
    "ExponentialLR",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "PolynomialLR",
    "StepLR",
]

Factors = Callable[[int], float]


class _ByFactor(LRScheduler):
    """What a learning rate has above `eta_min` at a step is `factor` times what it had at the start.

    Each step changes the learning rate that it finds, so that schedules of one optimizer may follow one another.
    """

    eta_min = 0.0

    def factor(self, step: float) -> float:
        """Return the factor at a step, which counts from 0."""
        raise NotImplementedError

    def get_lr(self) -> list[float]:
        before = self.factor(self.last_epoch - 1) if self.last_epoch > 0 else 1.0
        now, low, rates = self.factor(self.last_epoch), self.eta_min, [g["lr"] for g in self.optimizer.param_groups]
        if before == 0.0:
            return [rate + (base - low) * now for rate, base in zip(rates, self.base_lrs, strict=True)]
        return [low + (rate - low) * (now / before) for rate in rates]

    def get_closed_form_lr(self) -> list[float]:
        factor, low = self.factor(self.last_epoch), self.eta_min
        return [low + (base - low) * factor for base in self.base_lrs]


class StepLR(_ByFactor):
    """Multiply the learning rates by `gamma` every `step_size` steps.

    >>> import rutile as rt
    >>> scheduler = StepLR(rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0), step_size=2, gamma=0.5)
    >>> scheduler.step()
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        _at_least(self, "step_size", step_size, 1)
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, step: float) -> float:
        return self.gamma ** (step // self.step_size)


class MultiStepLR(_ByFactor):
    """Multiply the learning rates by `gamma` at each of the steps `milestones`.

    >>> import rutile as rt
    >>> scheduler = MultiStepLR(rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0), [1, 4], gamma=0.5)
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, step: float) -> float:
        return self.gamma ** bisect_right(self.milestones, step)


class ExponentialLR(_ByFactor):
    """Multiply the learning rates by `gamma` at each step.

    >>> import rutile as rt
    >>> scheduler = ExponentialLR(rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0), gamma=0.5)
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, step: float) -> float:
        return self.gamma**step


class ConstantLR(_ByFactor):
    """Multiply the learning rates by `factor` for the first `total_iters` steps.

    >>> import rutile as rt
    >>> scheduler = ConstantLR(rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0), factor=0.5, total_iters=1)
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(
        self, optimizer: Optimizer, factor: float = 1.0 / 3, total_iters: int = 5, last_epoch: int = -1
    ) -> None:
        if not 0.0 <= factor <= 1.0:
            raise ArgumentError(f"ConstantLR needs a factor in [0, 1], got {factor}")
        self.first_factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def factor(self, step: float) -> float:
        return self.first_factor if step < self.total_iters else 1.0


class LinearLR(_ByFactor):
    """Multiply the learning rates by a factor that goes from `start_factor` to `end_factor` in `total_iters` steps.

    >>> import rutile as rt
    >>> scheduler = LinearLR(rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0), 0.5, total_iters=2)
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.75]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not (0.0 < start_factor <= 1.0 and 0.0 <= end_factor <= 1.0):
            raise ArgumentError(
                f"LinearLR needs start_factor in (0, 1] and end_factor in [0, 1], got {start_factor} and {end_factor}"
            )
        _at_least(self, "total_iters", total_iters, 1)
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def factor(self, step: float) -> float:
        done = min(step, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * done


class PolynomialLR(_ByFactor):
    """Multiply the learning rates by (1 - step / total_iters)^power, until they are 0.

    >>> import rutile as rt
    >>> scheduler = PolynomialLR(rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0), total_iters=4)
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.75]
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        _at_least(self, "total_iters", total_iters, 1)
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def factor(self, step: float) -> float:
        return (1.0 - min(step, self.total_iters) / self.total_iters) ** self.power


class CosineAnnealingLR(_ByFactor):
    """Let the learning rates fall to `eta_min` in `T_max` steps along half a cosine (Loshchilov and Hutter, 2017).

    Further steps go on along the cosine, up again.

    >>> import rutile as rt
    >>> scheduler = CosineAnnealingLR(rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0), T_max=2)
    >>> scheduler.step()
    >>> round(scheduler.get_last_lr()[0], 6)
    0.5
    """

    def __init__(self, optimizer: Optimizer, T_max: float, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        _at_least(self, "T_max", T_max, 1)
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def factor(self, step: float) -> float:
        return (1.0 + math.cos(math.pi * step / self.T_max)) / 2


class _ByFunction(LRScheduler):
    """A schedule that asks a function of the step's number, or one for each group."""

    def __init__(self, optimizer: Optimizer, lr_lambda: Factors | list[Factors], last_epoch: int = -1) -> None:
        self._attach(optimizer)
        self.lr_lambdas: list[Any] = each_group(self, optimizer, "lr_lambda", lr_lambda)
        super().__init__(optimizer, last_epoch)


class LambdaLR(_ByFunction):
    """Multiply the learning rates of the start by what a function, or one for each group, says of the step's number.

    >>> import rutile as rt
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> scheduler = LambdaLR(optimizer, lambda step: 0.5**step)
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def get_lr(self) -> list[float]:
        return [base * f(self.last_epoch) for base, f in zip(self.base_lrs, self.lr_lambdas, strict=True)]


class MultiplicativeLR(_ByFunction):
    """Multiply the learning rates at each step by what a function, or one for each group, says of its number.

    >>> import rutile as rt
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> scheduler = MultiplicativeLR(optimizer, lambda step: 0.5)
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def get_lr(self) -> list[float]:
        rates = [group["lr"] for group in self.optimizer.param_groups]
        if self.last_epoch <= 0:
            return rates
        return [rate * f(self.last_epoch) for rate, f in zip(rates, self.lr_lambdas, strict=True)]


def _at_least(schedule: object, name: str, value: float, least: float) -> None:
    if value < least:
        raise ArgumentError(f"{type(schedule).__name__} needs {name} of at least {least}, got {value}")
