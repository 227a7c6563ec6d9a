"""gpt-small: 6 layers, 6 heads, width 384, 256 tokens, batch 4: products, attention, 11 million weights."""

from __future__ import annotations

from .gpt import Gpt


class GptSmall(Gpt):
    """6 layers, 6 heads, width 384, vocabulary 65, 256 tokens, batch 4."""

    name = "gpt-small"
    layers, heads, width, tokens, sequences = 6, 6, 384, 256, 4
