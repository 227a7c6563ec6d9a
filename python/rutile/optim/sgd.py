"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State, decayed, refuse_negative, zeros

__all__ = ["SGD"]


class SGD(Optimizer):
    """Stochastic gradient descent with momentum (Sutskever et al., 2013) and weight decay.

    State: `momentum_buffer` of the parameter's shape where momentum is not 0, and `step`.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> SGD([weight], lr=0.1, momentum=0.9).lr
    0.1
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        refuse_negative("SGD", {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(f"SGD with nesterov needs momentum > 0 and dampening 0, got {momentum} and {dampening}")
        settings = dict(lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay)
        super().__init__(params, {**settings, "nesterov": nesterov, "maximize": maximize})

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return {"step": 0, **zeros(param, "momentum_buffer")} if group["momentum"] else {}

    def numbers(self, group: Group, step: int) -> Numbers:
        return {
            "lr": float(group["lr"]),
            "weight_decay": float(group["weight_decay"]) or None,
            "momentum": float(group["momentum"]) or None,
            # The first step is not dampened; as a number, so that its plan is the plan of all steps.
            "fresh": 1.0 - group["dampening"] if step > 1 else 1.0,
            "nesterov": group["nesterov"],
        }

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        grad = decayed(param, grad, numbers)
        if numbers["momentum"] is not None:
            velocity = state["momentum_buffer"] * numbers["momentum"] + grad * numbers["fresh"]
            state["momentum_buffer"] = velocity
            grad = grad + velocity * numbers["momentum"] if numbers["nesterov"] else velocity
        return param - grad * numbers["lr"]
