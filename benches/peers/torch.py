"""PyTorch: eager as most write it, eager with its fused optimiser, and with `torch.compile`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from .base import BETAS, DECAY, EPSILON, Side


class Torch(Side):
    """Eager mode with AdamW as it comes."""

    name = "torch"
    method = "network"
    fused: bool | None = None

    def __init__(self, workload: Any, threads: int, device: str = "cpu") -> None:
        torch: Any = import_module("torch")
        torch.set_num_threads(threads)
        self.torch, self.device, self.version = torch, device, torch.__version__
        self.model = workload.network(torch.nn)
        self.model.load_state_dict({name: torch.from_numpy(np.array(w)) for name, w in workload.weights().items()})
        self.model.to(device)
        x, y = workload.batch()
        self.x, self.y = torch.from_numpy(x).to(device), torch.from_numpy(y).long().to(device)
        settings = (workload.rate, BETAS, EPSILON, DECAY)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), *settings, fused=self.fused)
        self.forward = self.compiled(torch, lambda x, y: torch.nn.functional.cross_entropy(self.model(x), y))

    def compiled(self, torch: Any, forward: Any) -> Any:
        """Return the function that computes the loss of a batch."""
        return forward

    def step(self) -> None:
        self.optimizer.zero_grad()
        loss = self.forward(self.x, self.y)
        loss.backward()
        self.optimizer.step()
        self.last = loss

    def synchronize(self) -> None:
        if self.device != "cpu":
            self.torch.cuda.synchronize()

    def loss(self) -> float:
        return self.last.item()


class TorchFused(Torch):
    """Eager mode with the fused AdamW, which updates all weights in one call."""

    name = "torch-fused"
    fused = True


class TorchCompile(TorchFused):
    """Forward and backward through `torch.compile`, with the fused AdamW."""

    name = "torch.compile"

    def compiled(self, torch: Any, forward: Any) -> Any:
        return torch.compile(forward)
