"""Adadelta."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State, decayed, refuse_negative, zeros

__all__ = ["Adadelta"]


class Adadelta(Optimizer):
    """Scale the gradient by the ratio of running root mean squares, of the changes and of itself (Zeiler, 2012).

    State: `square_avg` and `acc_delta` of the parameter's shape.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> Adadelta([weight]).lr
    1.0
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        settings = dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay)
        refuse_negative("Adadelta", settings)
        super().__init__(params, {**settings, "maximize": maximize})

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return zeros(param, "square_avg", "acc_delta")

    def numbers(self, group: Group, step: int) -> Numbers:
        return {
            "lr": float(group["lr"]),
            "weight_decay": float(group["weight_decay"]) or None,
            "keep": float(group["rho"]),
            "take": 1.0 - group["rho"],
            "eps": float(group["eps"]),
        }

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        grad, keep, take, eps = decayed(param, grad, numbers), numbers["keep"], numbers["take"], numbers["eps"]
        square = state["square_avg"] = state["square_avg"] * keep + grad * grad * take
        change = rt.sqrt(state["acc_delta"] + eps) / rt.sqrt(square + eps) * grad
        state["acc_delta"] = state["acc_delta"] * keep + change * change * take
        return param - change * numbers["lr"]
