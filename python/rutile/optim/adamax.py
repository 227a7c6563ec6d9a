"""Adamax."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.moments import Moments
from rutile.optim.optimizer import Group, Numbers, State, decayed, zeros

__all__ = ["Adamax"]


class Adamax(Moments):
    """Adam whose second moment is the greatest gradient, which shrinks as it ages (Kingma and Ba, 2015).

    State: `step`, `exp_avg` and `exp_inf` of the parameter's shape.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> Adamax([weight]).lr
    0.002
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        settings = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, maximize=maximize)
        super().__init__(params, settings)

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return {"step": 0, **zeros(param, "exp_avg", "exp_inf")}

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        grad = decayed(param, grad, numbers)
        mean = state["exp_avg"] = state["exp_avg"] + (grad - state["exp_avg"]) * numbers["grad_to_mean"]
        norm = rt.maximum(state["exp_inf"] * numbers["keep_square"], rt.abs(grad) + numbers["eps"])
        state["exp_inf"] = norm
        return param - mean / norm * numbers["rate"]
