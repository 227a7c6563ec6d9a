"""Multi-head attention. N batch, L queries, S keys, E width, H heads, D = E / H."""

from __future__ import annotations

import rutile as rt
from rutile.errors import ShapeError
from rutile.nn import functional, init
from rutile.nn.initialise import constant
from rutile.nn.linear import Linear
from rutile.nn.module import Module

__all__ = ["MultiheadAttention"]


class MultiheadAttention(Module):
    """Let each query look at all keys, in several heads (Vaswani et al., 2017).

    query (L, N, E), key (S, N, kdim) and value (S, N, vdim), with N first if `batch_first`, or all without N, to the
    output like the query and the attention of each query to each key before dropout: (N, L, S), the mean of the heads;
    (N, H, L, S) without `average_attn_weights`; None without `need_weights`.
    A mask is bool (true: may not be seen) or float (added): `key_padding_mask` (N, S), `attn_mask` (L, S) or (N * H, L, S);
    `is_causal` lets query i see the first i + 1 keys, with or without a mask.
    State: `in_proj_weight` (3 E, E), or `q_proj_weight`, `k_proj_weight`, `v_proj_weight` where kdim or vdim differ from E;
    `in_proj_bias` (3 E,), `bias_k`, `bias_v` (1, 1, E) if `add_bias_kv`, `out_proj`.
    Raises ShapeError when sizes do not fit.

    >>> x = rt.zeros((5, 2, 8))
    >>> y, weights = MultiheadAttention(8, 4)(x, x, x)
    >>> y.shape, weights.shape
    ((5, 2, 8), (2, 5, 5))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: str | None = None,
    ) -> None:
        if embed_dim < 1 or num_heads < 1 or embed_dim % num_heads:
            raise ShapeError(f"MultiheadAttention needs embed_dim divisible by num_heads, got {embed_dim}, {num_heads}")
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.add_zero_attn = add_zero_attn
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.batch_first = batch_first
        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = init.xavier_uniform_(constant((3 * embed_dim, embed_dim), 0.0, device))
        else:
            self.q_proj_weight = init.xavier_uniform_(constant((embed_dim, embed_dim), 0.0, device))
            self.k_proj_weight = init.xavier_uniform_(constant((embed_dim, self.kdim), 0.0, device))
            self.v_proj_weight = init.xavier_uniform_(constant((embed_dim, self.vdim), 0.0, device))
        self.in_proj_bias = constant((3 * embed_dim,), 0.0, device) if bias else None
        self.bias_k = init.xavier_normal_(constant((1, 1, embed_dim), 0.0, device)) if add_bias_kv else None
        self.bias_v = init.xavier_normal_(constant((1, 1, embed_dim), 0.0, device)) if add_bias_kv else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, device)
        if self.out_proj.bias is not None:
            init.zeros_(self.out_proj.bias)

    def forward(
        self,
        query: rt.Tensor,
        key: rt.Tensor,
        value: rt.Tensor,
        key_padding_mask: rt.Tensor | None = None,
        need_weights: bool = True,
        attn_mask: rt.Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[rt.Tensor, rt.Tensor | None]:
        self._check(query, key, value)
        single = query.ndim == 2
        q, k, v = (self._in_heads(part, single) for part in self._projected(query, key, value))
        k, v = self._with_extra_keys(k, v)
        mask = self._mask(q, k, key_padding_mask, attn_mask)
        plain = is_causal and mask is None
        if is_causal and not plain:
            mask = _both(mask, _causal(q, k))
        dropout = self.dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(q, k, v, mask, dropout, plain)
        batch, heads, length, width = mixed.shape
        output = self.out_proj(mixed.transpose(1, 2).reshape(batch, length, heads * width))
        output = output.squeeze(0) if single else output if self.batch_first else output.transpose(0, 1)
        if not need_weights:
            return output, None
        # Computed only if somebody reads it.
        scores = q @ k.mT * width**-0.5
        mask = _causal(q, k) if plain else mask
        scores = scores if mask is None else _masked(scores, mask)
        weights = functional.softmax(scores, -1)
        weights = weights.mean(1) if average_attn_weights else weights
        return output, weights.squeeze(0) if single else weights

    def extra_repr(self) -> str:
        parts = [f"{self.embed_dim}, {self.num_heads}"]
        parts += [f"dropout={self.dropout}"] if self.dropout else []
        parts += ["batch_first=True"] if self.batch_first else []
        return ", ".join(parts)

    def _check(self, query: rt.Tensor, key: rt.Tensor, value: rt.Tensor) -> None:
        widths = (self.embed_dim, self.kdim, self.vdim)
        inputs = (query, key, value)
        fits = all(x.ndim == query.ndim and x.shape[-1] == width for x, width in zip(inputs, widths, strict=True))
        if query.ndim not in (2, 3) or not fits or key.shape[:-1] != value.shape[:-1]:
            lead = "(N, {}, {})" if self.batch_first else "({}, N, {})"
            needs = [lead.format(axis, width) for axis, width in zip("LSS", widths, strict=True)]
            raise ShapeError(
                f"{type(self).__name__} needs query, key and value of shapes {', '.join(needs)}, all or none with N, "
                f"got {', '.join(str(x.shape) for x in inputs)}"
            )

    def _projected(self, query: rt.Tensor, key: rt.Tensor, value: rt.Tensor) -> list[rt.Tensor]:
        """Query, key and value as (..., E); one product where all three are one tensor."""
        width, bias = self.embed_dim, self.in_proj_bias
        parts = [slice(part * width, (part + 1) * width) for part in range(3)]
        if self.kdim == self.vdim == width:
            if query is key and key is value:
                whole = functional.linear(query, self.in_proj_weight, bias)
                return [whole[..., part] for part in parts]
            weights = [self.in_proj_weight[part] for part in parts]
        else:
            weights = [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        biases = [None if bias is None else bias[part] for part in parts]
        return [functional.linear(*one) for one in zip((query, key, value), weights, biases, strict=True)]

    def _in_heads(self, x: rt.Tensor, single: bool) -> rt.Tensor:
        """(N, H, L, D) of a projection."""
        x = x.unsqueeze(0) if single else x if self.batch_first else x.transpose(0, 1)
        return x.reshape(x.shape[0], x.shape[1], self.num_heads, -1).transpose(1, 2)

    def _with_extra_keys(self, k: rt.Tensor, v: rt.Tensor) -> tuple[rt.Tensor, rt.Tensor]:
        """A learned key and one of zeros added after the others, if the layer has them."""
        batch, heads, _, width = k.shape
        if self.bias_k is not None and self.bias_v is not None:
            extra = [x.reshape(1, heads, 1, width).expand(batch, heads, 1, width) for x in (self.bias_k, self.bias_v)]
            k, v = rt.concat([k, extra[0]], axis=2), rt.concat([v, extra[1]], axis=2)
        if self.add_zero_attn:
            k, v = (rt.pad(x, [(0, 0), (0, 0), (0, 1), (0, 0)]) for x in (k, v))
        return k, v

    def _mask(
        self, q: rt.Tensor, k: rt.Tensor, key_padding_mask: rt.Tensor | None, attn_mask: rt.Tensor | None
    ) -> rt.Tensor | None:
        """Both masks as one, bool (true: may be seen) or float, broadcast to (N, H, L, S)."""
        batch, heads, length, _ = q.shape
        extra = (self.bias_k is not None) + self.add_zero_attn
        keys = k.shape[2] - extra
        mask = None
        if key_padding_mask is not None:
            shape = key_padding_mask.shape
            if shape not in ((batch, keys), (keys,)):
                raise ShapeError(f"{type(self).__name__} needs key_padding_mask of shape {(batch, keys)}, got {shape}")
            mask = _seen(key_padding_mask).reshape(-1, 1, 1, keys)
        if attn_mask is not None:
            shape = attn_mask.shape
            if shape not in ((length, keys), (batch * heads, length, keys)):
                needs = f"{(length, keys)} or {(batch * heads, length, keys)}"
                raise ShapeError(f"{type(self).__name__} needs attn_mask of shape {needs}, got {shape}")
            lead = (1, 1) if attn_mask.ndim == 2 else (batch, heads)
            mask = _both(mask, _seen(attn_mask).reshape(*lead, length, keys))
        if mask is None or not extra:
            return mask
        after = [(0, 0)] * 3 + [(0, extra)]
        return ~rt.pad(~mask, after) if mask.dtype is rt.bool else rt.pad(mask, after)


def _seen(mask: rt.Tensor) -> rt.Tensor:
    """A mask of this layer as one of `scaled_dot_product_attention`, where true means: may be seen."""
    return ~mask if mask.dtype is rt.bool else mask


def _both(first: rt.Tensor | None, second: rt.Tensor) -> rt.Tensor:
    if first is None:
        return second
    if first.dtype is rt.bool and second.dtype is rt.bool:
        return first & second
    return _masked(first, second) if second.dtype is rt.bool else _masked(second, first)


def _masked(scores: rt.Tensor, mask: rt.Tensor) -> rt.Tensor:
    return rt.where(mask, scores, float("-inf")) if mask.dtype is rt.bool else scores + mask


def _causal(q: rt.Tensor, k: rt.Tensor) -> rt.Tensor:
    """Whether query i may see key j: (L, S)."""
    lengths = (rt.arange(x.shape[2], device=q.device) for x in (q, k))
    queries, keys = lengths
    return queries.unsqueeze(1) >= keys
