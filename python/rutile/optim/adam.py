"""Adam and AdamW."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.optim.moments import Moments
from rutile.optim.optimizer import Group, Numbers, State, decayed, zeros

__all__ = ["Adam", "AdamW"]


class Adam(Moments):
    """Adam (Kingma and Ba, 2015); `weight_decay` is added to the gradient.

    State: `step` (updates so far), `exp_avg` and `exp_avg_sq` of the parameter's shape; with `amsgrad` (Reddi et al., 2018),
    which divides by the greatest mean square so far, `max_exp_avg_sq` too.

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
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize)
        super().__init__(params, settings)

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        return {**super().init_state(param, group), **zeros(param, *["max_exp_avg_sq"] * group["amsgrad"])}

    def numbers(self, group: Group, step: int) -> Numbers:
        return {**super().numbers(group, step), "amsgrad": group["amsgrad"]}

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        return param - self._direction(decayed(param, grad, numbers), state, numbers)

    def _direction(self, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        """Return what Adam subtracts, in PyTorch's order of operations."""
        mean, square = self.moments(grad, state, numbers)
        if numbers["amsgrad"]:
            square = state["max_exp_avg_sq"] = rt.maximum(state["max_exp_avg_sq"], square)
        return mean / (rt.sqrt(square) / numbers["root_correction"] + numbers["eps"]) * numbers["rate"]


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
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def numbers(self, group: Group, step: int) -> Numbers:
        return {**super().numbers(group, step), "shrink": 1.0 - group["lr"] * group["weight_decay"]}

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        return param * numbers["shrink"] - self._direction(grad, state, numbers)
