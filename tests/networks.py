"""Networks and single training steps that several tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

import rutile as rt
from rutile import nn

GOLDEN = Path(__file__).parent / "golden" / "train"


def mlp() -> nn.Module:
    """784 -> 128 -> 64 -> 10 with ReLU, as in golden/train/mlp.safetensors."""
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def cnn() -> nn.Module:
    """Two convolutions with pooling and two linear layers, as in golden/train/cnn.safetensors."""
    return nn.Sequential(
        *(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)),
    )


NETWORKS: dict[str, Callable[[], nn.Module]] = {"mlp": mlp, "cnn": cnn}


@dataclass
class Trainer:
    """A model with its optimizer and one batch that it is trained on again and again."""

    model: nn.Module
    optimizer: rt.optim.Optimizer
    x: rt.Tensor
    y: rt.Tensor

    def loss(self) -> rt.Tensor:
        """The cross entropy of the batch, not computed yet."""
        return nn.functional.cross_entropy(self.model(self.x), self.y)

    def step(self, read_first: bool = False, keep_grads: bool = True) -> rt.Tensor:
        """One step, the loss read before backward() or evaluated in the step's only plan; returns the loss."""
        self.optimizer.zero_grad()
        loss = self.loss()
        if read_first:
            loss.item()
        loss.backward()
        self.optimizer.step(also=(loss,), keep_grads=keep_grads)
        return loss


def golden_trainer(name: str, device: str, lr: float = 1e-3) -> tuple[Trainer, dict[str, np.ndarray]]:
    """A golden network at PyTorch's initial weights, and the values of its file."""
    golden = load_file(GOLDEN / f"{name}.safetensors")
    with rt.device(device):
        model = NETWORKS[name]()
        model.load_state_dict({key[5:]: value for key, value in golden.items() if key.startswith("init.")})
        optimizer = rt.optim.AdamW(model.parameters(), lr=lr)
        return Trainer(model, optimizer, rt.tensor(golden["x"]), rt.tensor(golden["y"])), golden


def dropout_net() -> nn.Module:
    """12 -> 16 -> 4 with ReLU and dropout, small enough for a software GPU."""
    return nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Dropout(0.25), nn.Linear(16, 4))


def small_trainer(device: str, make: Callable[[], nn.Module] = dropout_net, lr: float = 1e-2) -> Trainer:
    """A network of 12 inputs and 4 classes, and a batch of 8."""
    rng = np.random.default_rng(0)
    with rt.device(device):
        rt.random.seed(0)
        model = make()
        x = rt.tensor(rng.standard_normal((8, 12)).astype("float32"))
        y = rt.tensor(rng.integers(0, 4, 8).astype("int32"))
        return Trainer(model, rt.optim.AdamW(model.parameters(), lr=lr), x, y)
