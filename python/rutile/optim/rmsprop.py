"""RMSprop."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State, decayed, refuse_negative, zeros

__all__ = ["RMSprop"]


class RMSprop(Optimizer):
    """Divide the gradient by the root of its running mean square (Hinton, 2012), less the mean's square if `centered`.

    State: `square_avg`, `momentum_buffer` where momentum is not 0, `grad_avg` where centered, of the parameter's shape.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> RMSprop([weight]).lr
    0.01
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = dict(lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum)
        refuse_negative("RMSprop", settings)
        super().__init__(params, {**settings, "centered": centered, "maximize": maximize})

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        names = ["square_avg", *["momentum_buffer"] * bool(group["momentum"]), *["grad_avg"] * group["centered"]]
        return zeros(param, *names)

    def numbers(self, group: Group, step: int) -> Numbers:
        return {
            "lr": float(group["lr"]),
            "weight_decay": float(group["weight_decay"]) or None,
            "momentum": float(group["momentum"]) or None,
            "keep": float(group["alpha"]),
            "take": 1.0 - group["alpha"],
            "eps": float(group["eps"]),
            "centered": group["centered"],
        }

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        grad = decayed(param, grad, numbers)
        square = state["square_avg"] = state["square_avg"] * numbers["keep"] + grad * grad * numbers["take"]
        if numbers["centered"]:
            mean = state["grad_avg"] = state["grad_avg"] + (grad - state["grad_avg"]) * numbers["take"]
            square = square - mean * mean
        direction = grad / (rt.sqrt(square) + numbers["eps"])
        if numbers["momentum"] is not None:
            direction = state["momentum_buffer"] = state["momentum_buffer"] * numbers["momentum"] + direction
        return param - direction * numbers["lr"]
