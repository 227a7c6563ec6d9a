"""NAdam."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.moments import Moments, decay_numbers, decayed_either_way
from rutile.optim.optimizer import Group, Numbers, State, filled, refuse_negative

__all__ = ["NAdam"]


class NAdam(Moments):
    """Adam with Nesterov's momentum (Dozat, 2016); `decoupled_weight_decay` is AdamW's.

    State: as `Adam`, and `mu_product`, a number.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> NAdam([weight]).lr
    0.002
    """

    def __init__(
        self,
        params: Iterable[rt.Tensor] | Iterable[Group],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        refuse_negative("NAdam", {"momentum_decay": momentum_decay})
        more = {"momentum_decay": momentum_decay, "decoupled_weight_decay": decoupled_weight_decay}
        settings = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, maximize=maximize)
        super().__init__(params, {**settings, **more})

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return {**super().init_state(param, group), "mu_product": filled(param, 1.0, ())}

    def numbers(self, group: Group, step: int) -> Numbers:
        beta1, decay = group["betas"][0], group["momentum_decay"]
        now, following = (beta1 * (1.0 - 0.5 * 0.96 ** (count * decay)) for count in (step, step + 1))
        return {
            **super().numbers(group, step),
            **decay_numbers(group),
            "momentum": now,
            "rate_of_grad": group["lr"] * (1.0 - now),
            "next_momentum": following,
            "rate_of_mean": group["lr"] * following,
        }

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        param, grad = decayed_either_way(param, grad, numbers)
        mean, square = self.moments(grad, state, numbers)
        product = state["mu_product"] = state["mu_product"] * numbers["momentum"]
        of_grad = grad / (1.0 - product) * numbers["rate_of_grad"]
        of_mean = mean / (1.0 - product * numbers["next_momentum"]) * numbers["rate_of_mean"]
        return param - (of_grad + of_mean) / (rt.sqrt(square) / numbers["root_correction"] + numbers["eps"])
