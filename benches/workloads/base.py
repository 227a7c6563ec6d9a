"""Workload: a network with its initial weights, its batch, and the same forward pass written for each library."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Weights", "Workload", "constants", "fan_in_uniform"]

Weights = dict[str, NDArray[Any]]
"""Initial weights and running statistics under PyTorch's state-dict names, in PyTorch's layout."""


class Workload:
    """Classification by cross entropy: x (as the network takes it) to logits (N, classes), labels y (N,) int32."""

    name: str
    rate = 1e-3
    """Learning rate of AdamW."""

    def weights(self) -> Weights:
        """Return the weights that every library starts from."""
        raise NotImplementedError

    def batch(self) -> tuple[NDArray[Any], NDArray[np.int32]]:
        """Return the one batch (x, y) that every step trains on."""
        raise NotImplementedError

    def network(self, nn: Any) -> Any:
        """Return a module from x to logits whose state has the names of `weights`.

        `nn` is `rutile.nn` or `torch.nn`: what is written for one runs with the other.
        """
        raise NotImplementedError

    def jax(self, jax: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        """Return the logits of `x`, laid out by `channels_last`; convolution weights are (H, W, in, out).

        `state` has the running statistics by name; new ones take their places.
        """
        raise NotImplementedError

    def mlx(self, mlx: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        """Return the logits of `x`, laid out by `channels_last`."""
        raise NotImplementedError

    def tinygrad(self, tinygrad: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        """Return the logits of `x`, where weights and x are laid out as PyTorch's."""
        raise NotImplementedError

    def channels_last(self, weights: Weights, x: NDArray[Any]) -> tuple[Weights, NDArray[Any]]:
        """Return weights and x with channels last, where the network has images: the layout that JAX and MLX favour.

        Convolution weights are then (out, H, W, in).
        """
        return weights, x


def fan_in_uniform(layers: dict[str, tuple[int, ...]], bias: bool = True, seed: int = 0) -> Weights:
    """Return `<layer>.weight` of each given shape (out, in, ...) and `<layer>.bias` (out,), as PyTorch draws them."""
    generator = np.random.default_rng(seed)
    weights: Weights = {}
    for layer, shape in layers.items():
        bound = 1.0 / np.sqrt(np.prod(shape[1:]))
        weights[f"{layer}.weight"] = generator.uniform(-bound, bound, shape).astype(np.float32)
        if bias:
            weights[f"{layer}.bias"] = generator.uniform(-bound, bound, shape[:1]).astype(np.float32)
    return weights


def constants(layer: str, size: int, **parts: float) -> Weights:
    """Return `<layer>.<part>` (size,) of the given value for each part."""
    return {f"{layer}.{part}": np.full(size, value, np.float32) for part, value in parts.items()}
