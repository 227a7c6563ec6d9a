"""Adam and AdamW."""

from __future__ import annotations

import math
from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State

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

    def numbers(self, group: Group, step: int) -> Numbers:
        beta1, beta2 = group["betas"]
        return {
            "weight_decay": float(group["weight_decay"]) or None,
            "grad_to_mean": 1.0 - beta1,
            "keep_square": float(beta2),
            "grad_to_square": 1.0 - beta2,
            "root_correction": math.sqrt(1.0 - beta2**step),
            "eps": float(group["eps"]),
            "rate": group["lr"] / (1.0 - beta1**step),
        }

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        if numbers["weight_decay"] is not None:
            grad = grad + param * numbers["weight_decay"]
        return param - self._direction(grad, state, numbers)

    def _direction(self, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        """Return what Adam subtracts, in PyTorch's order of operations."""
        mean = state["exp_avg"] = state["exp_avg"] + (grad - state["exp_avg"]) * numbers["grad_to_mean"]
        square = state["exp_avg_sq"] * numbers["keep_square"] + grad * grad * numbers["grad_to_square"]
        state["exp_avg_sq"] = square
        denominator = rt.sqrt(square) / numbers["root_correction"] + numbers["eps"]
        return mean / denominator * numbers["rate"]


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

    def numbers(self, group: Group, step: int) -> Numbers:
        return {**super().numbers(group, step), "shrink": 1.0 - group["lr"] * group["weight_decay"]}

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        return param * numbers["shrink"] - self._direction(grad, state, numbers)
