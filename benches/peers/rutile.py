"""rutile: the step that `rutile.train.fit` runs, compiled and as it is."""

from __future__ import annotations

from typing import Any

import rutile as rt
from rutile import nn
from rutile.nn import functional

from .base import BETAS, DECAY, EPSILON, Side


class Rutile(Side):
    """The step by `rutile.compile`: one plan; on the CPU a step returns when it is computed."""

    name = "rutile"
    method = "network"

    def __init__(self, workload: Any, threads: int, device: str = "cpu") -> None:
        self.version = rt.__version__
        self.device = device
        self.model = workload.network(nn)
        self.model.load_state_dict(workload.weights())
        self.model.to(device)
        self.x, self.y = (rt.tensor(part, device=device) for part in workload.batch())
        self.optimizer = rt.optim.AdamW(self.model.parameters(), workload.rate, BETAS, EPSILON, DECAY)
        rt.eval(self.x, self.y)
        self.run = self.compiled(self.train)

    def compiled(self, train: Any) -> Any:
        """Return what runs the step."""
        return rt.compile(train)

    def train(self, x: rt.Tensor, y: rt.Tensor) -> rt.Tensor:
        """Train on a batch, and return the loss."""
        self.optimizer.zero_grad()
        loss = functional.cross_entropy(self.model(x), y)
        loss.backward()
        self.optimizer.step(also=(loss,), keep_grads=False)
        return loss

    def step(self) -> None:
        self.last = self.run(self.x, self.y)

    def synchronize(self) -> None:
        rt.synchronize(self.device)

    def loss(self) -> float:
        return float(self.last.item())


class RutileGraph(Rutile):
    """The same step without `rutile.compile`: a graph at each step, which finds its plan again."""

    name = "rutile graph"

    def compiled(self, train: Any) -> Any:
        return train
