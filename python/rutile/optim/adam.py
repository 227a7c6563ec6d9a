"""Adam and AdamW."""

from __future__ import annotations

import math
from collections.abc import Iterable

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State, decayed, refuse_negative, zeros

__all__ = ["Adam", "AdamW", "decay_numbers", "decayed_either_way"]


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
        **more: float,
    ) -> None:
        name = type(self).__name__
        refuse_negative(name, {"lr": lr, "eps": eps, "weight_decay": weight_decay})
        if len(betas) != 2 or not all(0.0 <= beta < 1.0 for beta in betas):
            raise ValueError(f"{name} needs two betas in [0, 1), got {betas}")
        settings = dict(lr=lr, betas=list(betas), eps=eps, weight_decay=weight_decay)
        super().__init__(params, {**settings, "maximize": maximize, **more})

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return {"step": 0, **zeros(param, "exp_avg", "exp_avg_sq")}

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
        return param - self._direction(decayed(param, grad, numbers), state, numbers)

    def moments(self, grad: rt.Tensor, state: State, numbers: Numbers) -> tuple[rt.Tensor, rt.Tensor]:
        """Take a gradient into the running mean and mean square; return the mean and the root of the mean square."""
        mean = state["exp_avg"] = state["exp_avg"] + (grad - state["exp_avg"]) * numbers["grad_to_mean"]
        square = state["exp_avg_sq"] * numbers["keep_square"] + grad * grad * numbers["grad_to_square"]
        state["exp_avg_sq"] = square
        return mean, rt.sqrt(square)

    def _direction(self, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        """Return what Adam subtracts, in PyTorch's order of operations."""
        mean, root = self.moments(grad, state, numbers)
        return mean / (root / numbers["root_correction"] + numbers["eps"]) * numbers["rate"]


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


def decay_numbers(group: Group) -> Numbers:
    """Return weight decay as a part of the gradient, or as what shrinks the parameter."""
    decay, decoupled = group["weight_decay"], group["decoupled_weight_decay"]
    return {
        "weight_decay": None if decoupled else float(decay) or None,
        "shrink": 1.0 - group["lr"] * decay if decoupled and decay else None,
    }


def decayed_either_way(param: rt.Tensor, grad: rt.Tensor, numbers: Numbers) -> tuple[rt.Tensor, rt.Tensor]:
    """Return a parameter and its gradient, one of them with its weight decay."""
    if numbers["shrink"] is not None:
        return param * numbers["shrink"], grad
    return param, decayed(param, grad, numbers)
