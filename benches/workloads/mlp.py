"""mlp: 784-512-512-10, batch 128: products, and an optimiser that touches 670,000 weights."""

from __future__ import annotations

from .dense import Dense


class Mlp(Dense):
    """784-512-512-10 with ReLU, batch 128."""

    name = "mlp"
    widths = (784, 512, 512, 10)
    rows = 128
