"""The reference workloads, one file each; a new one is its file and its line here."""

from .base import Weights, Workload
from .cnn import Cnn
from .mlp import Mlp
from .tiny_mlp import TinyMlp

__all__ = ["WORKLOADS", "Weights", "Workload"]

WORKLOADS: dict[str, Workload] = {workload.name: workload for workload in (TinyMlp(), Mlp(), Cnn())}
