"""gpt-nano: 4 layers, 4 heads, width 128, 64 tokens, batch 12: small products between many small kernels."""

from __future__ import annotations

from .gpt import Gpt


class GptNano(Gpt):
    """4 layers, 4 heads, width 128, vocabulary 65, 64 tokens, batch 12."""

    name = "gpt-nano"
    layers, heads, width, tokens, sequences = 4, 4, 128, 64, 12
