"""Averaged stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State, decayed, refuse_negative, zeros

__all__ = ["ASGD"]


class ASGD(Optimizer):
    """Gradient descent whose learning rate decays, beside the average of its parameters (Polyak and Juditsky, 1992).

    State: `step`, and `ax`, the average since step `t0`, of the parameter's shape. A learning rate that is changed holds
    from the next step on, where PyTorch's holds from the one after it.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> ASGD([weight]).lr
    0.01
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        settings = dict(lr=lr, lambd=lambd, alpha=alpha, t0=t0, weight_decay=weight_decay)
        refuse_negative("ASGD", settings)
        super().__init__(params, {**settings, "maximize": maximize})

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return {"step": 0, **zeros(param, "ax")}

    def numbers(self, group: Group, step: int) -> Numbers:
        rate = group["lr"] / (1.0 + group["lambd"] * group["lr"] * (step - 1)) ** group["alpha"]
        return {
            "weight_decay": float(group["weight_decay"]) or None,
            "rate": rate,
            "shrink": 1.0 - group["lambd"] * rate,
            "share": 1.0 / max(1.0, step - 1 - group["t0"]),
        }

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        value = param * numbers["shrink"] - decayed(param, grad, numbers) * numbers["rate"]
        state["ax"] = state["ax"] + (value - state["ax"]) * numbers["share"]
        return value
