"""PyTorch: eager, and with `torch.compile`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .base import BETAS, DECAY, EPSILON, Side


class Torch(Side):
    """PyTorch's eager mode with its fastest AdamW for the CPU."""

    name = "torch"
    method = "network"

    def __init__(self, workload: Any, threads: int) -> None:
        torch: Any = import_module("torch")
        torch.set_num_threads(threads)
        self.version = torch.__version__
        self.model = workload.network(torch.nn)
        self.model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in workload.weights().items()})
        x, y = workload.batch()
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y).long()
        parameters = self.model.parameters()
        self.optimizer = torch.optim.AdamW(parameters, workload.rate, BETAS, EPSILON, DECAY, fused=True)
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

    def loss(self) -> float:
        return self.last.item()


class TorchCompile(Torch):
    """Forward and backward through `torch.compile`; the optimiser is the fused one."""

    name = "torch.compile"

    def compiled(self, torch: Any, forward: Any) -> Any:
        return torch.compile(forward)
