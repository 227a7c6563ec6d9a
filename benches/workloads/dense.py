"""Dense: a stack of linear layers with ReLU between them, of any widths."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .base import Weights, Workload, fan_in_uniform


class Dense(Workload):
    """Linear layers of `widths`, ReLU between them, on `rows` rows."""

    widths: tuple[int, ...]
    rows: int

    def weights(self) -> Weights:
        pairs = zip(self.widths[1:], self.widths, strict=False)
        return fan_in_uniform({str(2 * index): pair for index, pair in enumerate(pairs)})

    def batch(self) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        generator = np.random.default_rng(1)
        x = generator.standard_normal((self.rows, self.widths[0]), dtype=np.float32)
        return x, generator.integers(0, self.widths[-1], self.rows, dtype=np.int32)

    def network(self, nn: Any) -> Any:
        layers: list[Any] = []
        for outputs, inputs in zip(self.widths[1:], self.widths, strict=False):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    def jax(self, jax: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        return self._apply(jax.nn.relu, weights, x)

    def mlx(self, mlx: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        return self._apply(mlx.nn.relu, weights, x)

    def tinygrad(self, tinygrad: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        return self._apply(lambda x: x.relu(), weights, x)

    def _apply(self, relu: Any, weights: dict[str, Any], x: Any) -> Any:
        last = len(self.widths) - 2
        for index in range(last + 1):
            x = x @ weights[f"{2 * index}.weight"].T + weights[f"{2 * index}.bias"]
            x = relu(x) if index < last else x
        return x
