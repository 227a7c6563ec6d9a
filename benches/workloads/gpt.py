"""Gpt: a decoder of any size: pre-norm blocks, fused qkv, causal attention, erf GELU, a head of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .base import Weights, Workload, constants, fan_in_uniform


class Gpt(Workload):
    """x (batch, tokens) int32 to logits (batch * tokens, vocabulary). B batch, T tokens, H heads, C width, E = C / H."""

    layers: int
    heads: int
    width: int
    tokens: int
    sequences: int
    vocabulary = 65

    def weights(self) -> Weights:
        width, generator = self.width, np.random.default_rng(0)
        weights: Weights = {
            "tok.weight": generator.standard_normal((self.vocabulary, width), dtype=np.float32),
            "pos.weight": generator.standard_normal((self.tokens, width), dtype=np.float32),
        }
        shapes = {
            "qkv": (3 * width, width),
            "proj": (width, width),
            "fc": (4 * width, width),
            "out": (width, 4 * width),
        }
        for layer in range(self.layers):
            block = f"blocks.{layer}"
            for norm in ("ln1", "ln2"):
                weights |= constants(f"{block}.{norm}", width, weight=1.0, bias=0.0)
            weights |= fan_in_uniform({f"{block}.{name}": shape for name, shape in shapes.items()}, seed=layer)
        weights |= constants("norm", width, weight=1.0, bias=0.0)
        return weights | fan_in_uniform({"head": (self.vocabulary, width)}, bias=False)

    def batch(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        text = np.random.default_rng(1).integers(0, self.vocabulary, (self.sequences, self.tokens + 1), dtype=np.int32)
        return text[:, :-1].copy(), text[:, 1:].reshape(-1)

    def network(self, nn: Any) -> Any:
        functional, heads, width, workload = nn.functional, self.heads, self.width, self

        class Block(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.ln1 = nn.LayerNorm(width)
                self.qkv = nn.Linear(width, 3 * width)
                self.proj = nn.Linear(width, width)
                self.ln2 = nn.LayerNorm(width)
                self.fc = nn.Linear(width, 4 * width)
                self.out = nn.Linear(4 * width, width)

            def forward(self, x: Any) -> Any:
                batch, tokens, _ = x.shape
                parts = self.qkv(self.ln1(x)).reshape(batch, tokens, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
                query, key, value = parts[0], parts[1], parts[2]
                mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
                x = x + self.proj(mixed.transpose(1, 2).reshape(batch, tokens, width))
                return x + self.out(functional.gelu(self.fc(self.ln2(x))))

        class Network(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.tok = nn.Embedding(workload.vocabulary, width)
                self.pos = nn.Embedding(workload.tokens, width)
                self.blocks = nn.Sequential(*[Block() for _ in range(workload.layers)])
                self.norm = nn.LayerNorm(width)
                self.head = nn.Linear(width, workload.vocabulary, bias=False)

            def forward(self, x: Any) -> Any:
                hidden = self.blocks(self.tok(x) + self.pos.weight)
                return self.head(self.norm(hidden)).reshape(-1, workload.vocabulary)

        return Network()

    def jax(self, jax: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        width, heads = self.width, self.heads

        def normed(name: str, x: Any) -> Any:
            centred = x - x.mean(-1, keepdims=True)
            scale = jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + 1e-5)
            return centred * scale * weights[f"{name}.weight"] + weights[f"{name}.bias"]

        def linear(name: str, x: Any) -> Any:
            return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

        hidden = weights["tok.weight"][x] + weights["pos.weight"]
        batch, tokens, _ = hidden.shape
        for layer in range(self.layers):
            block = f"blocks.{layer}"
            parts = linear(f"{block}.qkv", normed(f"{block}.ln1", hidden))
            parts = parts.reshape(batch, tokens, 3, heads, width // heads)
            mixed = jax.nn.dot_product_attention(parts[:, :, 0], parts[:, :, 1], parts[:, :, 2], is_causal=True)
            hidden = hidden + linear(f"{block}.proj", mixed.reshape(batch, tokens, width))
            inner = linear(f"{block}.fc", normed(f"{block}.ln2", hidden))
            hidden = hidden + linear(f"{block}.out", jax.nn.gelu(inner, approximate=False))
        return (normed("norm", hidden) @ weights["head.weight"].T).reshape(-1, self.vocabulary)

    def mlx(self, mlx: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        core, width, heads = mlx.core, self.width, self.heads

        def normed(name: str, x: Any) -> Any:
            return core.fast.layer_norm(x, weights[f"{name}.weight"], weights[f"{name}.bias"], 1e-5)

        def linear(name: str, x: Any) -> Any:
            return core.addmm(weights[f"{name}.bias"], x, weights[f"{name}.weight"].T)

        hidden = weights["tok.weight"][x] + weights["pos.weight"]
        batch, tokens, _ = hidden.shape
        for layer in range(self.layers):
            block = f"blocks.{layer}"
            parts = linear(f"{block}.qkv", normed(f"{block}.ln1", hidden))
            query, key, value = parts.reshape(batch, tokens, 3, heads, width // heads).transpose(2, 0, 3, 1, 4)
            mixed = core.fast.scaled_dot_product_attention(
                query, key, value, scale=(width // heads) ** -0.5, mask="causal"
            )
            hidden = hidden + linear(f"{block}.proj", mixed.swapaxes(1, 2).reshape(batch, tokens, width))
            inner = mlx.nn.gelu(linear(f"{block}.fc", normed(f"{block}.ln2", hidden)))
            hidden = hidden + linear(f"{block}.out", inner)
        return (normed("norm", hidden) @ weights["head.weight"].T).reshape(-1, self.vocabulary)

    def tinygrad(self, tinygrad: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        width, heads = self.width, self.heads

        def normed(name: str, x: Any) -> Any:
            return x.layernorm(eps=1e-5) * weights[f"{name}.weight"] + weights[f"{name}.bias"]

        def linear(name: str, x: Any) -> Any:
            return x.linear(weights[f"{name}.weight"].T, weights[f"{name}.bias"])

        hidden = weights["tok.weight"][x] + weights["pos.weight"]
        batch, tokens, _ = hidden.shape
        for layer in range(self.layers):
            block = f"blocks.{layer}"
            parts = linear(f"{block}.qkv", normed(f"{block}.ln1", hidden))
            parts = parts.reshape(batch, tokens, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
            mixed = parts[0].scaled_dot_product_attention(parts[1], parts[2], is_causal=True)
            hidden = hidden + linear(f"{block}.proj", mixed.transpose(1, 2).reshape(batch, tokens, width))
            inner = linear(f"{block}.fc", normed(f"{block}.ln2", hidden))
            exact = inner * ((inner * 0.5**0.5).erf() + 1.0) * 0.5
            hidden = hidden + linear(f"{block}.out", exact)
        return (normed("norm", hidden) @ weights["head.weight"].T).reshape(-1, self.vocabulary)
