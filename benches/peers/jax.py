"""JAX: the whole step in one `jit`, with the buffers of the weights donated."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .base import BETAS, DECAY, EPSILON, Side, split


class Jax(Side):
    """One compiled function from (weights, statistics, moments, step number, batch) to the next ones."""

    name = "jax"
    method = "jax"

    def __init__(self, workload: Any, threads: int) -> None:
        jax: Any = import_module("jax")
        self.jax, self.version = jax, jax.__version__
        numpy = jax.numpy
        x, y = workload.batch()
        values, x = workload.channels_last(workload.weights(), x)
        kernels = {name: value.transpose(1, 2, 3, 0) for name, value in values.items() if value.ndim == 4}
        weights, state = split({name: numpy.array(value) for name, value in {**values, **kernels}.items()})
        first, second = ({name: numpy.zeros_like(w) for name, w in weights.items()} for _ in range(2))
        self.state = (weights, state, first, second, numpy.zeros((), "float32"))
        self.x, self.y = numpy.array(x), numpy.array(y)

        def step(weights: Any, state: Any, first: Any, second: Any, count: Any, x: Any, y: Any) -> Any:
            def loss(weights: Any) -> Any:
                moved = dict(state)
                scores = jax.nn.log_softmax(workload.jax(jax, weights, moved, x))
                return -numpy.take_along_axis(scores, y[:, None], 1).mean(), moved

            (value, state), gradients = jax.value_and_grad(loss, has_aux=True)(weights)
            count = count + 1
            for name, gradient in gradients.items():
                first[name] = BETAS[0] * first[name] + (1 - BETAS[0]) * gradient
                second[name] = BETAS[1] * second[name] + (1 - BETAS[1]) * gradient * gradient
                root = numpy.sqrt(second[name] / (1 - BETAS[1] ** count)) + EPSILON
                move = first[name] / (1 - BETAS[0] ** count) / root
                weights[name] = weights[name] * (1 - workload.rate * DECAY) - workload.rate * move
            return value, (weights, state, first, second, count)

        self.run = jax.jit(step, donate_argnums=(0, 1, 2, 3, 4))

    def step(self) -> None:
        self.last, self.state = self.jax.block_until_ready(self.run(*self.state, self.x, self.y))

    def loss(self) -> float:
        return float(self.last)
