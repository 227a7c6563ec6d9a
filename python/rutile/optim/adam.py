"""Adam and AdamW."""

from __future__ import annotations

import math
from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Optimizer, State

__all__ = ["Adam", "AdamW"]


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015); `weight_decay` is added to the gradient.

    State: `step` (updates so far), `exp_avg` and `exp_avg_sq` of the parameter's shape.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> Adam([weight]).lr
    0.001
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        name = type(self).__name__
        if lr < 0 or eps < 0 or weight_decay < 0:
            raise ValueError(f"{name} needs lr, eps, weight_decay >= 0, got {lr}, {eps}, {weight_decay}")
        if len(betas) != 2 or not all(0.0 <= beta < 1.0 for beta in betas):
            raise ValueError(f"{name} needs two betas in [0, 1), got {betas}")
        settings = dict(lr=lr, betas=list(betas), eps=eps, weight_decay=weight_decay)
        super().__init__(params, {**settings, "maximize": maximize})

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        zeros = [rt.zeros(param.shape, device=param.device) for _ in range(2)]
        return {"step": 0, "exp_avg": zeros[0], "exp_avg_sq": zeros[1]}

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, group: Group) -> rt.Tensor:
        if group["weight_decay"]:
            grad = grad + param * group["weight_decay"]
        return param - self._direction(grad, state, group)

    def _direction(self, grad: rt.Tensor, state: State, group: Group) -> rt.Tensor:
        """Return what Adam subtracts, in PyTorch's order of operations."""
        beta1, beta2 = group["betas"]
        step = state["step"] = state["step"] + 1
        mean = state["exp_avg"] = state["exp_avg"] + (grad - state["exp_avg"]) * (1.0 - beta1)
        square = state["exp_avg_sq"] = state["exp_avg_sq"] * beta2 + grad * grad * (1.0 - beta2)
        denominator = rt.sqrt(square) / math.sqrt(1.0 - beta2**step) + group["eps"]
        return mean / denominator * (group["lr"] / (1.0 - beta1**step))


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019).

    State: as `Adam`.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> AdamW([weight]).param_groups[0]["weight_decay"]
    0.01
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, maximize=maximize)

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, group: Group) -> rt.Tensor:
        return param * (1.0 - group["lr"] * group["weight_decay"]) - self._direction(grad, state, group)
