"""The libraries that run a workload; a new one is its file and its line here."""

from .base import Side
from .jax import Jax
from .mlx import Mlx
from .rutile import Rutile, RutileGraph
from .tinygrad import Tinygrad
from .torch import Torch, TorchCompile, TorchFused

__all__ = ["PEERS", "Rutile", "RutileGraph", "Side"]

PEERS: dict[str, type[Side]] = {side.name: side for side in (Torch, TorchFused, TorchCompile, Jax, Mlx, Tinygrad)}
