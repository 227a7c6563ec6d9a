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


class ResidualBlock(nn.Module):
    """Two convolutions with batch normalisation beside a short cut."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.short = None
        if stride != 1:
            self.short = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: rt.Tensor) -> rt.Tensor:
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (y + (x if self.short is None else self.short(x))).relu()


def resnet() -> nn.Module:
    """A stem and two residual blocks, as in golden/train/resnet.safetensors."""
    return nn.Sequential(
        *(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU()),
        *(ResidualBlock(8, 8, 1), ResidualBlock(8, 16, 2)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10)),
    )


class Block(nn.Module):
    """A pre-norm transformer block of width 64 with 4 heads."""

    def __init__(self) -> None:
        self.ln1, self.qkv, self.proj = nn.LayerNorm(64), nn.Linear(64, 192), nn.Linear(64, 64)
        self.ln2, self.fc, self.out = nn.LayerNorm(64), nn.Linear(64, 256), nn.Linear(256, 64)

    def forward(self, x: rt.Tensor) -> rt.Tensor:
        batch, tokens, width = x.shape
        heads = self.qkv(self.ln1(x)).reshape(batch, tokens, 3, 4, width // 4).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], is_causal=True)
        x = x + self.proj(mixed.transpose(1, 2).reshape(batch, tokens, width))
        return x + self.out(nn.functional.gelu(self.fc(self.ln2(x))))


class Gpt(nn.Module):
    """Two blocks over 64 characters, as in golden/train/gpt.safetensors."""

    def __init__(self) -> None:
        self.tok, self.pos = nn.Embedding(65, 64), nn.Embedding(64, 64)
        self.blocks = [Block(), Block()]
        self.norm, self.head = nn.LayerNorm(64), nn.Linear(64, 65, bias=False)

    def forward(self, x: rt.Tensor) -> rt.Tensor:
        x = self.tok(x) + self.pos(rt.arange(x.shape[1], device=x.device))
        for block in self.blocks:
            x = block(x)
        # (N, T, V) to (N, V, T): cross entropy takes the classes as axis 1.
        return self.head(self.norm(x)).transpose(1, 2)


class Lstm(nn.Module):
    """Two layers of 32 over 24 steps, as in golden/train/lstm.safetensors."""

    def __init__(self) -> None:
        self.lstm, self.head = nn.LSTM(16, 32, 2, batch_first=True), nn.Linear(32, 8)

    def forward(self, x: rt.Tensor) -> rt.Tensor:
        return self.head(self.lstm(x)[0][:, -1])


NETWORKS: dict[str, Callable[[], nn.Module]] = {"mlp": mlp, "cnn": cnn, "resnet": resnet, "gpt": Gpt, "lstm": Lstm}


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
