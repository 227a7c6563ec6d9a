"""The reference workloads, one file each; a new one is its file and its line here."""

from .base import Weights, Workload
from .cnn import Cnn
from .gpt_nano import GptNano
from .gpt_small import GptSmall
from .lstm import Lstm
from .mlp import Mlp
from .resnet18 import Resnet18
from .tiny_mlp import TinyMlp

__all__ = ["WORKLOADS", "Weights", "Workload"]

WORKLOADS: dict[str, Workload] = {
    workload.name: workload for workload in (TinyMlp(), Mlp(), Cnn(), Resnet18(), GptNano(), GptSmall(), Lstm())
}
