"""MLX: the whole step through `mlx.core.compile`."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

from .base import BETAS, DECAY, EPSILON, Side, split


class Mlx(Side):
    """One compiled function over the weights, the statistics and the optimiser's state."""

    name = "mlx"
    method = "mlx"
    slow: ClassVar = {"resnet18": "a step takes 23 s"}

    def __init__(self, workload: Any, threads: int) -> None:
        mlx: Any = import_module("mlx")
        core: Any = import_module("mlx.core")
        layers: Any = import_module("mlx.nn")
        optimizers: Any = import_module("mlx.optimizers")
        core.set_default_device(core.cpu)
        self.core, self.version = core, core.__version__
        x, y = workload.batch()
        values, x = workload.channels_last(workload.weights(), x)
        self.weights, self.state = split({name: core.array(value) for name, value in values.items()})
        self.x, self.y = core.array(x), core.array(y)
        self.optimizer = optimizers.AdamW(workload.rate, list(BETAS), EPSILON, DECAY, bias_correction=True)
        self.optimizer.init(self.weights)

        def loss(weights: Any, state: Any, x: Any, y: Any) -> Any:
            moved = dict(state)
            logits = workload.mlx(mlx, weights, moved, x)
            return layers.losses.cross_entropy(logits, y, reduction="mean"), moved

        captured = [self.optimizer.state]

        def step(weights: Any, state: Any, x: Any, y: Any) -> Any:
            (value, state), gradients = core.value_and_grad(loss)(weights, state, x, y)
            return value, self.optimizer.apply_gradients(gradients, weights), state

        self.run = core.compile(step, inputs=captured, outputs=captured)
        core.eval(self.weights, self.state, self.optimizer.state)

    def step(self) -> None:
        self.last, self.weights, self.state = self.run(self.weights, self.state, self.x, self.y)
        self.core.eval(self.last, self.weights, self.state, self.optimizer.state)

    def loss(self) -> float:
        return self.last.item()
