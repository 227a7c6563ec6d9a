"""lstm: 2 layers of 128 over 64 steps of 32 numbers, batch 32: small products that wait for each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .base import Weights, Workload, fan_in_uniform

LAYERS, INPUTS, HIDDEN, STEPS, ROWS, CLASSES = 2, 32, 128, 64, 32, 10


class Lstm(Workload):
    """x (32, 64, 32), the last output of 2 layers of LSTM, linear 128-10."""

    name = "lstm"

    def weights(self) -> Weights:
        generator = np.random.default_rng(0)
        bound, weights = HIDDEN**-0.5, Weights()
        for layer in range(LAYERS):
            inputs = INPUTS if layer == 0 else HIDDEN
            parts = {"weight_ih": (4 * HIDDEN, inputs), "weight_hh": (4 * HIDDEN, HIDDEN)}
            parts |= {"bias_ih": (4 * HIDDEN,), "bias_hh": (4 * HIDDEN,)}
            for part, shape in parts.items():
                weights[f"lstm.{part}_l{layer}"] = generator.uniform(-bound, bound, shape).astype(np.float32)
        return weights | fan_in_uniform({"head": (CLASSES, HIDDEN)})

    def batch(self) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        generator = np.random.default_rng(1)
        x = generator.standard_normal((ROWS, STEPS, INPUTS), dtype=np.float32)
        return x, generator.integers(0, CLASSES, ROWS, dtype=np.int32)

    def network(self, nn: Any) -> Any:
        class Network(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.lstm = nn.LSTM(INPUTS, HIDDEN, LAYERS, batch_first=True)
                self.head = nn.Linear(HIDDEN, CLASSES)

            def forward(self, x: Any) -> Any:
                outputs, _ = self.lstm(x)
                return self.head(outputs[:, -1])

        return Network()

    def jax(self, jax: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        numpy = jax.numpy
        hidden = x.swapaxes(0, 1)
        zeros = numpy.zeros((x.shape[0], HIDDEN))
        for layer in range(LAYERS):
            bias = weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
            inputs = hidden @ weights[f"lstm.weight_ih_l{layer}"].T + bias
            recurrent = weights[f"lstm.weight_hh_l{layer}"].T

            def step(carry: Any, x: Any, recurrent: Any = recurrent) -> Any:
                h, c = carry
                enter, forget, cell, leave = numpy.split(x + h @ recurrent, 4, -1)
                c = jax.nn.sigmoid(forget) * c + jax.nn.sigmoid(enter) * numpy.tanh(cell)
                h = jax.nn.sigmoid(leave) * numpy.tanh(c)
                return (h, c), h

            _, hidden = jax.lax.scan(step, (zeros, zeros), inputs)
        return hidden[-1] @ weights["head.weight"].T + weights["head.bias"]

    def mlx(self, mlx: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        core = mlx.core
        hidden = x.swapaxes(0, 1)
        for layer in range(LAYERS):
            bias = weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
            inputs = core.addmm(bias, hidden, weights[f"lstm.weight_ih_l{layer}"].T)
            recurrent = weights[f"lstm.weight_hh_l{layer}"].T
            h, c, outputs = None, None, []
            for x_step in inputs:
                total = x_step if h is None else core.addmm(x_step, h, recurrent)
                enter, forget, cell, leave = core.split(total, 4, -1)
                new = core.sigmoid(enter) * core.tanh(cell)
                c = new if c is None else core.sigmoid(forget) * c + new
                h = core.sigmoid(leave) * core.tanh(c)
                outputs.append(h)
            hidden = core.stack(outputs)
        return core.addmm(weights["head.bias"], hidden[-1], weights["head.weight"].T)

    def tinygrad(self, tinygrad: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        hidden = x.transpose(0, 1)
        for layer in range(LAYERS):
            bias = weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
            inputs = hidden.linear(weights[f"lstm.weight_ih_l{layer}"].T, bias)
            recurrent = weights[f"lstm.weight_hh_l{layer}"].T
            h = c = tinygrad.Tensor.zeros(x.shape[0], HIDDEN)
            outputs = []
            for step in range(STEPS):
                enter, forget, cell, leave = (inputs[step] + h @ recurrent).chunk(4, -1)
                c = forget.sigmoid() * c + enter.sigmoid() * cell.tanh()
                h = leave.sigmoid() * c.tanh()
                outputs.append(h)
            hidden = tinygrad.Tensor.stack(*outputs)
        return hidden[-1].linear(weights["head.weight"].T, weights["head.bias"])
