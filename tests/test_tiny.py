"""The five-second smoke test: import, a training step, gradients, on the CPU and the GPU."""

from __future__ import annotations

import numpy as np

import rutile as rt
from rutile import nn, optim
from rutile.testing import gradcheck


def test_a_training_step_lowers_the_loss(device: str):
    rt.random.seed(0)
    with rt.device(device):
        model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
        optimizer = optim.SGD(model.parameters(), lr=0.5)
        x, target = rt.random.normal((16, 4)), rt.arange(16) // 6
        losses = []
        for _ in range(5):
            loss = nn.functional.cross_entropy(model(x), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.9 * losses[0]


def test_gradients(device: str):
    gradcheck(
        lambda x, w: ((x @ w).relu() * 2.0).sum(),
        [[[0.5, -1.0], [2.0, 1.0]], [[1.0, 0.3, -1.0], [0.2, -0.4, 1.5]]],
        order=2,
        reference=lambda x, w: (np.maximum(x @ w, 0) * 2.0).sum(),
        device=device,
    )
