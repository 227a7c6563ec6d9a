"""cnn: two 3x3 convolutions with max-pooling and two linear layers on 28x28 images, batch 64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .base import Weights, Workload, fan_in_uniform


class Cnn(Workload):
    """conv 1-32-64 3x3, each with ReLU and 2x2 max-pooling, linear 3136-128-10; x (64, 1, 28, 28)."""

    name = "cnn"

    def weights(self) -> Weights:
        return fan_in_uniform({"0": (32, 1, 3, 3), "3": (64, 32, 3, 3), "7": (128, 3136), "9": (10, 128)})

    def batch(self) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        generator = np.random.default_rng(1)
        x = generator.standard_normal((64, 1, 28, 28), dtype=np.float32)
        return x, generator.integers(0, 10, 64, dtype=np.int32)

    def network(self, nn: Any) -> Any:
        return nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10),
        )  # fmt: skip

    def jax(self, jax: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        relu, numbers = jax.nn.relu, ("NHWC", "HWIO", "NHWC")
        for layer in ("0", "3"):
            kernel = weights[f"{layer}.weight"]
            x = jax.lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=numbers)
            x = relu(x + weights[f"{layer}.bias"])
            # As a maximum over axes: the gradient of `reduce_window` takes three times as long.
            batch, height, width, channels = x.shape
            x = x.reshape(batch, height // 2, 2, width // 2, 2, channels).max((2, 4))
        x = relu(x.reshape(len(x), -1) @ weights["7.weight"].T + weights["7.bias"])
        return x @ weights["9.weight"].T + weights["9.bias"]

    def mlx(self, mlx: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        relu, pool = mlx.nn.relu, mlx.nn.MaxPool2d(2, 2)
        for layer in ("0", "3"):
            x = mlx.core.conv2d(x, weights[f"{layer}.weight"], padding=1)
            x = pool(relu(x + weights[f"{layer}.bias"]))
        x = relu(x.reshape(len(x), -1) @ weights["7.weight"].T + weights["7.bias"])
        return x @ weights["9.weight"].T + weights["9.bias"]

    def tinygrad(self, tinygrad: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        for layer in ("0", "3"):
            x = x.conv2d(weights[f"{layer}.weight"], weights[f"{layer}.bias"], padding=1).relu().max_pool2d(2)
        x = x.flatten(1).linear(weights["7.weight"].T, weights["7.bias"]).relu()
        return x.linear(weights["9.weight"].T, weights["9.bias"])

    def channels_last(self, weights: Weights, x: NDArray[Any]) -> tuple[Weights, NDArray[Any]]:
        kernels = {name: weights[name].transpose(0, 2, 3, 1) for name in ("0.weight", "3.weight")}
        # Its columns come in the order of the flattened images.
        linear = weights["7.weight"].reshape(128, 64, 7, 7).transpose(0, 2, 3, 1).reshape(128, 3136)
        return {**weights, **kernels, "7.weight": linear}, x.transpose(0, 2, 3, 1)
