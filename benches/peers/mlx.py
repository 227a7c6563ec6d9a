"""MLX: the whole step through `mlx.core.compile`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .base import BETAS, DECAY, EPSILON, RATE, Side


class Mlx(Side):
    """One compiled function over the weights and the optimiser's state."""

    name = "mlx"
    library = "mlx"

    def __init__(self, workload: Any, threads: int) -> None:
        mlx: Any = import_module("mlx")
        core: Any = import_module("mlx.core")
        layers: Any = import_module("mlx.nn")
        optimizers: Any = import_module("mlx.optimizers")
        core.set_default_device(core.cpu)
        self.core, self.version = core, core.__version__
        x, y = workload.batch()
        weights, x = workload.channels_last(workload.weights(), x)
        self.weights = {name: core.array(value) for name, value in weights.items()}
        self.x, self.y = core.array(x), core.array(y)
        self.optimizer = optimizers.AdamW(RATE, list(BETAS), EPSILON, DECAY, bias_correction=True)
        self.optimizer.init(self.weights)

        def loss(weights: Any, x: Any, y: Any) -> Any:
            return layers.losses.cross_entropy(workload.mlx(mlx, weights, x), y, reduction="mean")

        state = [self.optimizer.state]

        def step(weights: Any, x: Any, y: Any) -> Any:
            value, gradients = core.value_and_grad(loss)(weights, x, y)
            return value, self.optimizer.apply_gradients(gradients, weights)

        self.run = core.compile(step, inputs=state, outputs=state)
        core.eval(self.weights, self.optimizer.state)

    def step(self) -> None:
        self.last, self.weights = self.run(self.weights, self.x, self.y)
        self.core.eval(self.last, self.weights, self.optimizer.state)

    def loss(self) -> float:
        return self.last.item()
