"""RAdam."""

from __future__ import annotations

import math
from collections.abc import Iterable

import rutile as rt
from rutile.optim.moments import Moments, decay_numbers, decayed_either_way
from rutile.optim.optimizer import Group, Numbers, State

__all__ = ["RAdam"]


class RAdam(Moments):
    """Adam that leaves the second moment out while its variance is great (Liu et al., 2020).

    State: as `Adam`. `decoupled_weight_decay` is AdamW's.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> RAdam([weight]).lr
    0.001
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        more = {"decoupled_weight_decay": decoupled_weight_decay}
        settings = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, maximize=maximize)
        super().__init__(params, {**settings, **more})

    def numbers(self, group: Group, step: int) -> Numbers:
        numbers, beta2 = super().numbers(group, step), group["betas"][1]
        longest = 2.0 / (1.0 - beta2) - 1.0
        length = longest - 2.0 * step * beta2**step / (1.0 - beta2**step)
        rectified = 0.0
        if length > 5.0:
            variance = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
            rectified = math.sqrt(variance) * numbers["root_correction"]
        # Both as numbers, so that all steps have one plan.
        return {**numbers, **decay_numbers(group), "rectified": rectified, "plain": 0.0 if rectified else 1.0}

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        param, grad = decayed_either_way(param, grad, numbers)
        mean, square = self.moments(grad, state, numbers)
        scale = numbers["rectified"] / (rt.sqrt(square) + numbers["eps"]) + numbers["plain"]
        return param - mean * scale * numbers["rate"]
