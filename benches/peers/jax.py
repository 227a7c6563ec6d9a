"""JAX: the whole step in one `jit`, with the buffers of the weights donated."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .base import BETAS, DECAY, EPSILON, RATE, Side


class Jax(Side):
    """One compiled function from (weights, moments, step number, batch) to the next ones."""

    name = "jax"
    library = "jax"

    def __init__(self, workload: Any, threads: int) -> None:
        jax: Any = import_module("jax")
        self.jax, self.version = jax, jax.__version__
        numpy = jax.numpy
        x, y = workload.batch()
        weights, x = workload.channels_last(workload.weights(), x)
        self.weights = {name: numpy.array(value) for name, value in weights.items()}
        self.first, self.second = ({name: numpy.zeros_like(w) for name, w in self.weights.items()} for _ in range(2))
        self.x, self.y, self.count = numpy.array(x), numpy.array(y), numpy.zeros((), "float32")

        def step(weights: Any, first: Any, second: Any, count: Any, x: Any, y: Any) -> Any:
            def loss(weights: Any) -> Any:
                scores = jax.nn.log_softmax(workload.jax(jax, weights, x))
                return -numpy.take_along_axis(scores, y[:, None], 1).mean()

            value, gradients = jax.value_and_grad(loss)(weights)
            count = count + 1
            for name, gradient in gradients.items():
                first[name] = BETAS[0] * first[name] + (1 - BETAS[0]) * gradient
                second[name] = BETAS[1] * second[name] + (1 - BETAS[1]) * gradient * gradient
                root = numpy.sqrt(second[name] / (1 - BETAS[1] ** count)) + EPSILON
                move = first[name] / (1 - BETAS[0] ** count) / root
                weights[name] = weights[name] * (1 - RATE * DECAY) - RATE * move
            return value, weights, first, second, count

        self.run = jax.jit(step, donate_argnums=(0, 1, 2, 3))

    def step(self) -> None:
        state = self.run(self.weights, self.first, self.second, self.count, self.x, self.y)
        self.last, self.weights, self.first, self.second, self.count = self.jax.block_until_ready(state)

    def loss(self) -> float:
        return float(self.last)
