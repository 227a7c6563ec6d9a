"""Attention."""

from __future__ import annotations

import rutile as rt
from rutile import _core
from rutile.errors import ShapeError


def scaled_dot_product_attention(
    query: rt.Tensor,
    key: rt.Tensor,
    value: rt.Tensor,
    attn_mask: rt.Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> rt.Tensor:
    """Return softmax(query · keyᵀ · scale + mask) · value.

    Query (..., H, L, E), key (..., H, S, E) and value (..., H, S, V) give (..., H, L, V).
    `attn_mask` is bool (true: may be seen) or float (added). `is_causal` lets row i see the first i + 1 keys.
    `scale` defaults to 1 / sqrt(E). `enable_gqa` lets groups of query heads share the heads of key and value.
    A row that may see nothing gives zeros (Vaswani et al., 2017).

    >>> scaled_dot_product_attention(rt.ones((1, 2)), rt.ones((3, 2)), rt.ones((3, 1))).tolist()
    [[1.0]]
    """
    if attn_mask is not None and query.ndim > 1 and key.ndim > 1:
        needs = (query.shape[-2], key.shape[-2])
        sizes = (1, 1, *attn_mask.shape)[-2:]
        if any(size not in (1, need) for size, need in zip(sizes, needs, strict=True)):
            raise ShapeError(
                f"scaled_dot_product_attention needs a mask that broadcasts to (…, {needs[0]}, {needs[1]}), "
                f"got {attn_mask.shape}"
            )
    return _core.attention(query, key, value, attn_mask, is_causal, scale, dropout_p, enable_gqa)


def rotary_embedding(input: rt.Tensor, base: float = 10000.0, offset: int = 0) -> rt.Tensor:
    """Return (..., L, E) with pairs of features (i, i + E / 2) turned by position · base^(-2i / E) (Su et al., 2021).

    >>> rotary_embedding(rt.ones((1, 2))).tolist()
    [[1.0, 1.0]]
    """
    if input.ndim < 2 or input.shape[-1] % 2:
        raise ShapeError(f"rotary_embedding needs (..., L, E) with E even, got {input.shape}")
    length, half = input.shape[-2], input.shape[-1] // 2
    positions = (rt.arange(length, device=input.device) + offset).astype(input.dtype).unsqueeze(1)
    speeds = rt.tensor([base ** (-i / half) for i in range(half)], dtype=input.dtype, device=input.device)
    angles = positions * speeds
    cos, sin = angles.cos(), angles.sin()
    first, second = input[..., :half], input[..., half:]
    return _core.concat([first * cos - second * sin, second * cos + first * sin], -1)
