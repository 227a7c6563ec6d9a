"""Schedules made of schedules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from rutile.errors import ArgumentError, CheckpointError
from rutile.optim.lr_scheduler.plateau import ReduceLROnPlateau
from rutile.optim.lr_scheduler.scheduler import LRScheduler
from rutile.optim.optimizer import Optimizer

__all__ = ["ChainedScheduler", "SequentialLR"]


class _Combined(LRScheduler):
    """A schedule whose members, all of one optimizer, have started it already."""

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None) -> None:
        name = type(self).__name__
        members = list(schedulers)
        if not members or not all(_steps_alone(member) for member in members):
            got = ", ".join(type(member).__name__ for member in members) or "none"
            raise ArgumentError(f"{name} needs schedules that step by themselves, got {got}")
        optimizer = members[0].optimizer if optimizer is None else optimizer
        if any(member.optimizer is not optimizer for member in members):
            raise ArgumentError(f"{name} needs schedules of one optimizer, got several: make each with the same")
        self._attach(optimizer)
        self._schedulers = members
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = 0

    def restart(self) -> None:
        super().restart()
        for member in self._schedulers:
            member.restart()

    def step(self, epoch: float | None = None) -> None:
        """Go on to the next step; `epoch` may be 0, for the first one."""
        if epoch is not None:
            if epoch != 0:
                raise ArgumentError(f"{type(self).__name__} needs steps in their order, got epoch {epoch}")
            self.restart()
            self._set(self.base_lrs)
        self.last_epoch += 1
        self._step()
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        return {**super().state_dict(), "_schedulers": [member.state_dict() for member in self._schedulers]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        members = self._schedulers
        super().load_state_dict(state)
        self._schedulers = members
        for member, part in zip(members, state["_schedulers"], strict=True):
            member.load_state_dict(part)

    def refuse_other(self, state: Mapping[str, Any]) -> None:
        super().refuse_other(state)
        if len(state["_schedulers"]) != len(self._schedulers):
            raise CheckpointError(
                f"{type(self).__name__}.load_state_dict needs the state of {len(self._schedulers)} schedules, got "
                f"{len(state['_schedulers'])}: make the schedule that was saved"
            )
        for member, part in zip(self._schedulers, state["_schedulers"], strict=True):
            member.refuse_other(part)

    def _step(self) -> None:
        raise NotImplementedError


class SequentialLR(_Combined):
    """Follow one schedule after another: the next one starts, from its step 0, at each of the steps `milestones`.

    >>> import rutile as rt
    >>> from rutile.optim.lr_scheduler import ExponentialLR, LinearLR
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> warmup, decay = LinearLR(optimizer, 0.5, total_iters=2), ExponentialLR(optimizer, 0.5)
    >>> scheduler = SequentialLR(optimizer, [warmup, decay], milestones=[2])
    >>> for step in range(3):
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]) -> None:
        super().__init__(schedulers, optimizer)
        if len(milestones) != len(self._schedulers) - 1:
            raise ArgumentError(
                f"SequentialLR needs one milestone less than its {len(self._schedulers)} schedules, got {milestones}"
            )
        self._milestones = list(milestones)
        self.restart()
        self._set(self.base_lrs)
        self.step()

    def _step(self) -> None:
        number = bisect_right(self._milestones, self.last_epoch)
        starts = number > 0 and self._milestones[number - 1] == self.last_epoch
        self._schedulers[number].step(0 if starts else None)


class ChainedScheduler(_Combined):
    """Take a step of several schedules at each step, each from the learning rate that the one before leaves.

    >>> import rutile as rt
    >>> from rutile.optim.lr_scheduler import ConstantLR, ExponentialLR
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=1.0)
    >>> scheduler = ChainedScheduler([ConstantLR(optimizer, 0.5, total_iters=9), ExponentialLR(optimizer, 0.5)])
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        super().__init__(schedulers, optimizer)
        self._last_lr = self._schedulers[-1].get_last_lr()

    def _step(self) -> None:
        for member in self._schedulers:
            member.step()


def _steps_alone(member: object) -> bool:
    return isinstance(member, LRScheduler) and not isinstance(member, ReduceLROnPlateau)
