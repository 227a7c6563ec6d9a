"""rutile: the step that `rutile.train.fit` runs."""

from __future__ import annotations

from typing import Any

import rutile as rt
from rutile import nn
from rutile.nn import functional

from .base import BETAS, DECAY, EPSILON, Side


class Rutile(Side):
    """Lazy graph, one plan a step; on the CPU a step returns when it is computed."""

    name = "rutile"
    method = "network"

    def __init__(self, workload: Any, threads: int, device: str = "cpu") -> None:
        self.version = rt.__version__
        self.model = workload.network(nn)
        self.model.load_state_dict(workload.weights())
        self.model.to(device)
        self.x, self.y = (rt.tensor(part, device=device) for part in workload.batch())
        self.optimizer = rt.optim.AdamW(self.model.parameters(), workload.rate, BETAS, EPSILON, DECAY)
        rt.eval(self.x, self.y)

    def step(self) -> None:
        self.optimizer.zero_grad()
        loss = functional.cross_entropy(self.model(self.x), self.y)
        loss.backward()
        self.optimizer.step(also=(loss,), keep_grads=False)
        self.last = loss

    def loss(self) -> float:
        return float(self.last.item())
