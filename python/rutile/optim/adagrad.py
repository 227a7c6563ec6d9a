"""Adagrad."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State, decayed, filled, refuse_negative

__all__ = ["Adagrad"]


class Adagrad(Optimizer):
    """Divide the gradient by the root of the sum of its squares so far (Duchi et al., 2011).

    State: `step` and `sum`, of the parameter's shape, which starts at `initial_accumulator_value`.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> Adagrad([weight]).lr
    0.01
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        settings = dict(lr=lr, lr_decay=lr_decay, weight_decay=weight_decay, eps=eps)
        settings["initial_accumulator_value"] = initial_accumulator_value
        refuse_negative("Adagrad", settings)
        super().__init__(params, {**settings, "maximize": maximize})

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return {"step": 0, "sum": filled(param, group["initial_accumulator_value"])}

    def numbers(self, group: Group, step: int) -> Numbers:
        return {
            "weight_decay": float(group["weight_decay"]) or None,
            "rate": group["lr"] / (1.0 + (step - 1) * group["lr_decay"]),
            "eps": float(group["eps"]),
        }

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        grad = decayed(param, grad, numbers)
        total = state["sum"] = state["sum"] + grad * grad
        return param - grad / (rt.sqrt(total) + numbers["eps"]) * numbers["rate"]
