"""tinygrad: the whole step through `TinyJit`."""

from __future__ import annotations

from importlib import import_module, metadata
from typing import Any

from .base import BETAS, DECAY, EPSILON, Side, split


class Tinygrad(Side):
    """One captured function over the weights, the statistics and the optimiser's state."""

    name = "tinygrad"
    method = "tinygrad"

    def __init__(self, workload: Any, threads: int) -> None:
        tinygrad: Any = import_module("tinygrad")
        optim: Any = import_module("tinygrad.nn.optim")
        self.version = metadata.version("tinygrad")
        x, y = (tinygrad.Tensor(part).realize() for part in workload.batch())
        weights, state = split({name: tinygrad.Tensor(value).realize() for name, value in workload.weights().items()})
        for weight in weights.values():
            weight.requires_grad_(True)
        optimizer = optim.AdamW(list(weights.values()), workload.rate, *BETAS, EPSILON, DECAY)

        @tinygrad.TinyJit
        def step() -> Any:
            optimizer.zero_grad()
            moved = dict(state)
            loss = workload.tinygrad(tinygrad, weights, moved, x).sparse_categorical_crossentropy(y).backward()
            statistics = [state[name].assign(value) for name, value in moved.items()]
            return loss.realize(*optimizer.schedule_step(), *statistics)

        training = tinygrad.Tensor.train()
        training.__enter__()
        self.run = step

    def step(self) -> None:
        self.last = self.run()
        self.value = self.last.item()

    def loss(self) -> float:
        return self.value
