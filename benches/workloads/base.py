"""Workload: a network with its initial weights, its batch, and the same forward pass written for each library."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Weights", "Workload", "fan_in_uniform"]

Weights = dict[str, NDArray[np.float32]]
"""Initial weights under PyTorch's state-dict names, in PyTorch's layout."""


class Workload:
    """Classification by cross entropy: x (as the network takes it) to logits (N, classes), labels y (N,) int32.

    A library without a method of its own here is left out of the table for this workload.
    """

    name: str

    def weights(self) -> Weights:
        """Return the weights that every library starts from."""
        raise NotImplementedError

    def batch(self) -> tuple[NDArray[Any], NDArray[np.int32]]:
        """Return the one batch (x, y) that every step trains on."""
        raise NotImplementedError

    def rutile(self, nn: Any) -> Any:
        """Return a `rutile.nn.Module` from x to logits whose state has the names of `weights`."""
        raise NotImplementedError

    def torch(self, nn: Any) -> Any:
        """Return a `torch.nn.Module` from x to logits whose state has the names of `weights`."""
        raise NotImplementedError

    def jax(self, jax: Any, weights: dict[str, Any], x: Any) -> Any:
        """Return the logits of `x`, where weights and x are laid out by `channels_last`."""
        raise NotImplementedError

    def mlx(self, mlx: Any, weights: dict[str, Any], x: Any) -> Any:
        """Return the logits of `x`, where weights and x are laid out by `channels_last`."""
        raise NotImplementedError

    def channels_last(self, weights: Weights, x: NDArray[Any]) -> tuple[Weights, NDArray[Any]]:
        """Return weights and x with channels last, where the network has images: the layout that JAX and MLX favour."""
        return weights, x

    def has(self, library: str) -> bool:
        """Return whether the workload is written for `library`."""
        return getattr(type(self), library) is not getattr(Workload, library)


def fan_in_uniform(layers: dict[str, tuple[int, ...]]) -> Weights:
    """Return `<layer>.weight` of each given shape (out, in, ...) and `<layer>.bias` (out,), as PyTorch draws them."""
    generator = np.random.default_rng(0)
    weights: Weights = {}
    for layer, shape in layers.items():
        bound = 1.0 / np.sqrt(np.prod(shape[1:]))
        weights[f"{layer}.weight"] = generator.uniform(-bound, bound, shape).astype(np.float32)
        weights[f"{layer}.bias"] = generator.uniform(-bound, bound, shape[:1]).astype(np.float32)
    return weights
