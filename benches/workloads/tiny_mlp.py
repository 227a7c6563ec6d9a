"""tiny-mlp: 64-32-10, batch 32: nearly all of its time is overhead."""

from __future__ import annotations

from .dense import Dense


class TinyMlp(Dense):
    """64-32-10 with ReLU, batch 32."""

    name = "tiny-mlp"
    widths = (64, 32, 10)
    rows = 32
