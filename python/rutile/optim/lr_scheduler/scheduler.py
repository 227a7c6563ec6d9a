"""LRScheduler: the base class. A new schedule is one method, `get_lr`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rutile.errors import ArgumentError, CheckpointError
from rutile.optim.optimizer import Optimizer

__all__ = ["LRScheduler", "each_group"]


class LRScheduler:
    """Set the learning rate of every group of an optimizer at each `step()`; subclasses say how in `get_lr`.

    `last_epoch` is the number of the last step, 0 after construction, which makes the first one. `base_lrs` are the groups'
    learning rates at the start, which the groups keep as "initial_lr" for further schedules of the same optimizer.

    >>> class Halving(LRScheduler):
    ...     def get_lr(self):
    ...         return [base / (1 + self.last_epoch) for base in self.base_lrs]
    >>> import rutile as rt
    >>> optimizer = rt.optim.SGD([rt.tensor([1.0], requires_grad=True)], lr=0.5)
    >>> scheduler = Halving(optimizer)
    >>> scheduler.step()
    >>> optimizer.lr
    0.25
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self._attach(optimizer)
        for group in optimizer.param_groups:
            if last_epoch == -1:
                group.setdefault("initial_lr", float(group["lr"]))
            elif "initial_lr" not in group:
                raise ArgumentError(
                    f"{type(self).__name__} needs initial_lr in every group to go on from last_epoch {last_epoch}, got "
                    f"none: load the optimizer's state first, or use load_state_dict"
                )
        self.base_lrs: list[float] = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch: float = last_epoch
        self.step(None if last_epoch == -1 else last_epoch + 1)

    def get_lr(self) -> list[float]:
        """Return the learning rates of step `last_epoch`, one for each group of `self.optimizer`."""
        raise NotImplementedError

    def get_closed_form_lr(self) -> list[float]:
        """Return the learning rates of step `last_epoch` where the one before was another than `last_epoch - 1`."""
        return self.get_lr()

    def step(self, epoch: float | None = None) -> None:
        """Go on to the next step, or to the step `epoch`, and set the learning rates."""
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        self._set(self.get_lr() if epoch is None else self.get_closed_form_lr())

    def get_last_lr(self) -> list[float]:
        """Return the learning rates that the last step set, one for each group."""
        return self._last_lr

    def restart(self) -> None:
        """Forget all steps, so that the next one is the first; the learning rates stay."""
        self.last_epoch = -1

    def state_dict(self) -> dict[str, Any]:
        """Return all numbers of the schedule; functions that it was made with are not among them."""
        return {
            name: value for name, value in vars(self).items() if name != "optimizer" and not _holds_functions(value)
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned; the optimizer loads its own state, the learning rates.

        Raises CheckpointError, and changes nothing, when the state is another schedule's.
        """
        self.refuse_other(state)
        vars(self).update(state)

    def refuse_other(self, state: Mapping[str, Any]) -> None:
        """Raise CheckpointError when a state is another schedule's."""
        expected = self.state_dict()
        if set(state) != set(expected):
            raise CheckpointError(
                f"{type(self).__name__}.load_state_dict needs {', '.join(expected)}, got {', '.join(state)}: "
                "make the schedule that was saved"
            )

    def _attach(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(self).__name__} needs an Optimizer, got {type(optimizer).__name__}")
        self.optimizer = optimizer

    def _set(self, rates: Sequence[float]) -> None:
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = float(rate)
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]


def each_group(schedule: object, optimizer: Optimizer, name: str, value: Any) -> list[Any]:
    """Return `value`, or the values of a list or tuple, one for each group of the optimizer."""
    count = len(optimizer.param_groups)
    values = list(value) if isinstance(value, list | tuple) else [value] * count
    if len(values) != count:
        raise ArgumentError(
            f"{type(schedule).__name__} needs one {name}, or one for each of {count} groups, got {value}"
        )
    return values


def _holds_functions(value: Any) -> bool:
    return callable(value) or (isinstance(value, list) and any(callable(item) for item in value))
