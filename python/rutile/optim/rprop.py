"""Resilient backpropagation."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State, filled, refuse_negative, zeros

__all__ = ["Rprop"]


class Rprop(Optimizer):
    """Steps along the gradient's signs, longer while a sign stays and shorter when it turns (Riedmiller and Braun, 1993).

    State: `prev` and `step_size` of the parameter's shape, and `step`.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> Rprop([weight]).lr
    0.01
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
        *,
        maximize: bool = False,
    ) -> None:
        refuse_negative("Rprop", {"lr": lr})
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Rprop needs etas in (0, 1) and above 1, got {etas}")
        settings = dict(lr=lr, etas=list(etas), step_sizes=list(step_sizes), maximize=maximize)
        super().__init__(params, settings)

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return {"step": 0, **zeros(param, "prev"), "step_size": filled(param, float(group["lr"]))}

    def numbers(self, group: Group, step: int) -> Numbers:
        shorter, longer = group["etas"]
        least, most = group["step_sizes"]
        return {"shrink": shorter - 1.0, "grow": longer - 1.0, "least": float(least), "most": float(most)}

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        agreement = grad * state["prev"]
        stays, turns = (agreement > 0).astype(agreement.dtype), (agreement < 0).astype(agreement.dtype)
        size = state["step_size"] * (stays * numbers["grow"] + turns * numbers["shrink"] + 1.0)
        size = state["step_size"] = rt.minimum(rt.maximum(size, numbers["least"]), numbers["most"])
        # Where the sign turned, this step and the next judgement are left out.
        grad = state["prev"] = grad * (1.0 - turns)
        return param - rt.sign(grad) * size
