"""tinygrad: the whole step through `TinyJit`."""

from __future__ import annotations

from importlib import import_module, metadata
from typing import Any, ClassVar

from .base import BETAS, DECAY, EPSILON, Side, split


class Tinygrad(Side):
    """One captured function over the weights, the statistics and the optimiser's state."""

    name = "tinygrad"
    method = "tinygrad"
    slow: ClassVar = {"lstm": "its kernels take 7 minutes to compile"}

    def __init__(self, workload: Any, threads: int) -> None:
        tinygrad: Any = import_module("tinygrad")
        optim: Any = import_module("tinygrad.nn.optim")
        self.version = metadata.version("tinygrad")
        x, y = (tinygrad.Tensor(part).is_param_(False).realize() for part in workload.batch())
        weights, state = split({name: tinygrad.Tensor(value).realize() for name, value in workload.weights().items()})
        for statistic in state.values():
            statistic.is_param_(False)
        optimizer = optim.AdamW(list(weights.values()), workload.rate, *BETAS, EPSILON, DECAY)

        @tinygrad.TinyJit
        @tinygrad.Context(TRAINING=1)
        def step() -> Any:
            optimizer.zero_grad()
            moved = dict(state)
            loss = workload.tinygrad(tinygrad, weights, moved, x).sparse_categorical_crossentropy(y)
            loss.backward()
            statistics = [state[name].assign(value) for name, value in moved.items()]
            return loss.realize(*optimizer.schedule_step(), *statistics)

        self.run = step

    def step(self) -> None:
        self.last = self.run().item()

    def loss(self) -> float:
        return self.last
