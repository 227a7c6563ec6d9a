"""Transformer layers and stacks of them (Vaswani et al., 2017). N batch, L targets, S sources, E width.

Tensors are (L, N, E), with N first if `batch_first`, or without N. A mask is bool (true: may not be seen) or float (added).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import rutile as rt
from rutile.nn import functional, init
from rutile.nn.attention import MultiheadAttention
from rutile.nn.container import ModuleList
from rutile.nn.dropout import Dropout
from rutile.nn.linear import Linear
from rutile.nn.module import Module
from rutile.nn.normalisation import LayerNorm

__all__ = [
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
]

Activation = str | Callable[["rt.Tensor"], "rt.Tensor"]
"""Function between the linear layers: "relu", "gelu" or any function of a tensor."""


class _Layer(Module):
    """What encoder and decoder layers share: their parts, and where the norms stand."""

    attentions: tuple[str, ...]
    """Names of the layer's attentions, in order; there is a norm for each and one for the linear layers."""

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: str | None = None,
    ) -> None:
        if isinstance(activation, str) and activation not in ("relu", "gelu"):
            raise ValueError(f'{type(self).__name__} needs activation="relu", "gelu" or a function, got {activation!r}')
        for name in self.attentions:
            part = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, device=device)
            setattr(self, name, part)
        self.linear1 = Linear(d_model, dim_feedforward, bias, device)
        self.linear2 = Linear(dim_feedforward, d_model, bias, device)
        for number in range(1, len(self.attentions) + 2):
            setattr(self, f"norm{number}", LayerNorm(d_model, layer_norm_eps, bias=bias, device=device))
        self.dropout = Dropout(dropout)
        self.activation = getattr(functional, activation) if isinstance(activation, str) else activation
        self.norm_first = norm_first

    def residual(self, x: rt.Tensor, norm: LayerNorm, part: Callable[[rt.Tensor], rt.Tensor]) -> rt.Tensor:
        """x with what `part` makes of it, standardised before or after."""
        if self.norm_first:
            return x + self.dropout(part(norm(x)))
        return norm(x + self.dropout(part(x)))

    def feed_forward(self, x: rt.Tensor) -> rt.Tensor:
        """The two linear layers."""
        return self.linear2(self.dropout(self.activation(self.linear1(x))))


class TransformerEncoderLayer(_Layer):
    """Self-attention and two linear layers, each beside a short cut and with a layer norm: (S, N, E) to the same.

    `norm_first` puts the norms before the parts and not after the sums. `src_mask` (S, S), `src_key_padding_mask` (N, S).
    State: `self_attn`, `linear1`, `linear2`, `norm1`, `norm2`.

    >>> TransformerEncoderLayer(8, 2, 16)(rt.zeros((5, 3, 8))).shape
    (5, 3, 8)
    """

    attentions = ("self_attn",)
    self_attn: MultiheadAttention
    norm1: LayerNorm
    norm2: LayerNorm

    def forward(
        self,
        src: rt.Tensor,
        src_mask: rt.Tensor | None = None,
        src_key_padding_mask: rt.Tensor | None = None,
        is_causal: bool = False,
    ) -> rt.Tensor:
        def attend(x: rt.Tensor) -> rt.Tensor:
            return self.self_attn(x, x, x, src_key_padding_mask, False, src_mask, is_causal=is_causal)[0]

        return self.residual(self.residual(src, self.norm1, attend), self.norm2, self.feed_forward)


class TransformerDecoderLayer(_Layer):
    """Self-attention, attention to a memory (S, N, E) and two linear layers: (L, N, E) to the same.

    `tgt_mask` (L, L), `memory_mask` (L, S), and padding masks (N, L) and (N, S); else as `TransformerEncoderLayer`.
    State: `self_attn`, `multihead_attn`, `linear1`, `linear2`, `norm1`, `norm2`, `norm3`.

    >>> TransformerDecoderLayer(8, 2, 16)(rt.zeros((4, 3, 8)), rt.zeros((5, 3, 8))).shape
    (4, 3, 8)
    """

    attentions = ("self_attn", "multihead_attn")
    self_attn: MultiheadAttention
    multihead_attn: MultiheadAttention
    norm1: LayerNorm
    norm2: LayerNorm
    norm3: LayerNorm

    def forward(
        self,
        tgt: rt.Tensor,
        memory: rt.Tensor,
        tgt_mask: rt.Tensor | None = None,
        memory_mask: rt.Tensor | None = None,
        tgt_key_padding_mask: rt.Tensor | None = None,
        memory_key_padding_mask: rt.Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> rt.Tensor:
        def attend(x: rt.Tensor) -> rt.Tensor:
            return self.self_attn(x, x, x, tgt_key_padding_mask, False, tgt_mask, is_causal=tgt_is_causal)[0]

        def recall(x: rt.Tensor) -> rt.Tensor:
            masks = (memory_key_padding_mask, False, memory_mask)
            return self.multihead_attn(x, memory, memory, *masks, is_causal=memory_is_causal)[0]

        x = self.residual(tgt, self.norm1, attend)
        return self.residual(self.residual(x, self.norm2, recall), self.norm3, self.feed_forward)


class _Stack(Module):
    """Copies of a layer, one after the other, and a last norm, if given."""

    def __init__(self, layer: _Layer, num_layers: int, norm: Module | None = None) -> None:
        self.layers = ModuleList(copy.deepcopy(layer) for _ in range(num_layers))
        self.num_layers = num_layers
        self.norm = norm

    def run(self, x: rt.Tensor, *others: Any) -> rt.Tensor:
        """Call each layer with what the one before made of x, and with the other arguments."""
        for layer in self.layers:
            x = layer(x, *others)
        return x if self.norm is None else self.norm(x)


class TransformerEncoder(_Stack):
    """`num_layers` copies of an encoder layer, one after the other, and a last norm, if given: (S, N, E) to the same.

    State: `layers.0`, `layers.1`, ..., `norm`.

    >>> TransformerEncoder(TransformerEncoderLayer(8, 2, 16), 2)(rt.zeros((5, 3, 8))).shape
    (5, 3, 8)
    """

    def __init__(self, encoder_layer: TransformerEncoderLayer, num_layers: int, norm: Module | None = None) -> None:
        super().__init__(encoder_layer, num_layers, norm)

    def forward(
        self,
        src: rt.Tensor,
        mask: rt.Tensor | None = None,
        src_key_padding_mask: rt.Tensor | None = None,
        is_causal: bool = False,
    ) -> rt.Tensor:
        return self.run(src, mask, src_key_padding_mask, is_causal)


class TransformerDecoder(_Stack):
    """`num_layers` copies of a decoder layer, one after the other, and a last norm, if given: (L, N, E) to the same.

    State: `layers.0`, `layers.1`, ..., `norm`.

    >>> TransformerDecoder(TransformerDecoderLayer(8, 2, 16), 2)(rt.zeros((4, 3, 8)), rt.zeros((5, 3, 8))).shape
    (4, 3, 8)
    """

    def __init__(self, decoder_layer: TransformerDecoderLayer, num_layers: int, norm: Module | None = None) -> None:
        super().__init__(decoder_layer, num_layers, norm)

    def forward(
        self,
        tgt: rt.Tensor,
        memory: rt.Tensor,
        tgt_mask: rt.Tensor | None = None,
        memory_mask: rt.Tensor | None = None,
        tgt_key_padding_mask: rt.Tensor | None = None,
        memory_key_padding_mask: rt.Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> rt.Tensor:
        masks = (tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
        return self.run(tgt, memory, *masks, tgt_is_causal, memory_is_causal)


class Transformer(Module):
    """An encoder of sources (S, N, E) and a decoder of targets (L, N, E) that attends to it: (L, N, E).

    State: `encoder`, `decoder`, each with a last norm; matrices from Glorot's uniform distribution.

    >>> model = Transformer(8, 2, 1, 1, 16)
    >>> model(rt.zeros((5, 3, 8)), rt.zeros((4, 3, 8)), tgt_is_causal=True).shape
    (4, 3, 8)
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = "relu",
        *,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: str | None = None,
    ) -> None:
        settings = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps)
        options = {"batch_first": batch_first, "norm_first": norm_first, "bias": bias, "device": device}
        norms = [LayerNorm(d_model, layer_norm_eps, bias=bias, device=device) for _ in range(2)]
        self.encoder = TransformerEncoder(TransformerEncoderLayer(*settings, **options), num_encoder_layers, norms[0])
        self.decoder = TransformerDecoder(TransformerDecoderLayer(*settings, **options), num_decoder_layers, norms[1])
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first
        for parameter in self.parameters():
            if parameter.ndim > 1:
                init.xavier_uniform_(parameter)

    def forward(
        self,
        src: rt.Tensor,
        tgt: rt.Tensor,
        src_mask: rt.Tensor | None = None,
        tgt_mask: rt.Tensor | None = None,
        memory_mask: rt.Tensor | None = None,
        src_key_padding_mask: rt.Tensor | None = None,
        tgt_key_padding_mask: rt.Tensor | None = None,
        memory_key_padding_mask: rt.Tensor | None = None,
        src_is_causal: bool = False,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> rt.Tensor:
        memory = self.encoder(src, src_mask, src_key_padding_mask, src_is_causal)
        masks = (tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
        return self.decoder(tgt, memory, *masks, tgt_is_causal, memory_is_causal)

    @staticmethod
    def generate_square_subsequent_mask(size: int, device: str | None = None) -> rt.Tensor:
        """Return the float mask (size, size) that lets row i see the first i + 1 columns."""
        return rt.triu(rt.full((size, size), float("-inf"), device=device), k=1)
