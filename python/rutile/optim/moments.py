"""What the optimizers of Adam's family share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import rutile as rt
from rutile.optim.optimizer import Group, Numbers, Optimizer, State, decayed, refuse_negative, zeros

__all__ = ["Moments", "decay_numbers", "decayed_either_way"]


class Moments(Optimizer):
    """Follow the running mean and mean square of the gradient: `exp_avg` and `exp_avg_sq`, with the decays `betas`."""

    def __init__(self, params: Iterable[rt.Tensor] | Iterable[Group], settings: Mapping[str, Any]) -> None:
        name, betas = type(self).__name__, settings["betas"]
        refuse_negative(name, {key: settings[key] for key in ("lr", "eps", "weight_decay")})
        if len(betas) != 2 or not all(0.0 <= beta < 1.0 for beta in betas):
            raise ValueError(f"{name} needs two betas in [0, 1), got {betas}")
        super().__init__(params, {**settings, "betas": list(betas)})

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

    def moments(self, grad: rt.Tensor, state: State, numbers: Numbers) -> tuple[rt.Tensor, rt.Tensor]:
        """Take a gradient into the running mean and mean square, and return them."""
        mean = state["exp_avg"] = state["exp_avg"] + (grad - state["exp_avg"]) * numbers["grad_to_mean"]
        square = state["exp_avg_sq"] * numbers["keep_square"] + grad * grad * numbers["grad_to_square"]
        state["exp_avg_sq"] = square
        return mean, square


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
