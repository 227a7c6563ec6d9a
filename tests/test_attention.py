"""Attention in blocks of queries: equal to the plain form, of which float64 makes use, and to NumPy; without its scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rutile as rt
import rutile.nn.functional as F
from test_plans import kinds, plan_of

Array = np.ndarray[Any, Any]
attention: Any = F.scaled_dot_product_attention

# Batch and heads, then L, S, E and V: smaller than a block, whole ones, and several parts with a rest.
SHAPES = [
    ((), (8, 5, 4, 7)),
    ((4,), (70, 33, 8, 24)),
    ((2, 2), (129, 257, 33, 65)),
    ((3, 2), (64, 64, 32, 32)),
    ((2, 1, 2), (20, 20, 16, 16)),
    ((1, 1), (500, 40, 16, 16)),
    ((1, 1), (40, 900, 16, 16)),
    ((1, 1), (9, 0, 4, 4)),
]
RANDOM = np.random.default_rng(0)


def normal(*shape: int) -> Array:
    return RANDOM.standard_normal(shape).astype(np.float32)


# What a call is given beside its operands, by L and S.
OPTIONS = {
    "nothing": lambda L, S: {},
    "causal": lambda L, S: {"is_causal": True},
    "scale": lambda L, S: {"scale": 0.3},
    "bool mask": lambda L, S: {"attn_mask": rt.tensor(RANDOM.random((L, S)) < 0.5)},
    "rows that see nothing": lambda L, S: {"attn_mask": rt.tensor(RANDOM.random((L, 1)) < 0.5)},
    "float mask": lambda L, S: {"attn_mask": rt.tensor(normal(L, S))},
    "causal float mask": lambda L, S: {"attn_mask": rt.tensor(normal(L, S)), "is_causal": True},
    "dropout": lambda L, S: {"dropout_p": 0.3},
    "causal dropout": lambda L, S: {"dropout_p": 0.2, "is_causal": True},
}


def gradients(dtype: rt.dtype, operands: list[Array], weight: Array, options: dict[str, Any]) -> list[Array]:
    """The result and the gradients of the operands."""
    q, k, v = (rt.tensor(x, dtype=dtype, requires_grad=True) for x in operands)
    rt.manual_seed(3)
    result = attention(q, k, v, **options)
    result.backward(rt.tensor(weight, dtype=dtype))
    return [result.numpy(), *(x.grad.numpy() for x in (q, k, v) if x.grad is not None)]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize(("batch", "sizes"), SHAPES, ids=str)
def test_blocks_give_what_the_plain_form_gives(batch: tuple[int, ...], sizes: tuple[int, ...], options: str):
    L, S, E, V = sizes
    operands, weight = [normal(*batch, *size) for size in ((L, E), (S, E), (S, V))], normal(*batch, L, V)
    given = OPTIONS[options](L, S)
    found, wanted = (gradients(dtype, operands, weight, given) for dtype in (rt.float32, rt.float64))
    for x, y in zip(found, wanted, strict=True):
        np.testing.assert_allclose(x, y, rtol=0, atol=1e-5 * np.abs(y).max(initial=1e-3))


@pytest.mark.parametrize("options", OPTIONS)
def test_gradients_of_gradients(options: str):
    operands = [normal(2, 2, *size) for size in ((12, 6), (10, 6), (10, 5))]
    given = OPTIONS[options](12, 10)

    def second(dtype: rt.dtype) -> list[Array]:
        inputs = [rt.tensor(x, dtype=dtype, requires_grad=True) for x in operands]
        rt.manual_seed(3)
        first = rt.autograd.grad((attention(*inputs, **given) ** 3).sum(), inputs, create_graph=True)
        squares = rt.stack([(g * g).sum() for g in first]).sum()
        return [x.numpy() for x in rt.autograd.grad(squares, inputs)]

    for x, y in zip(second(rt.float32), second(rt.float64), strict=True):
        np.testing.assert_allclose(x, y, rtol=0, atol=1e-5 * np.abs(y).max())


def test_equals_the_formula_and_shares_heads():
    q, k, v = normal(2, 6, 40, 8), normal(2, 2, 40, 8), normal(2, 2, 40, 8)
    result = attention(*map(rt.tensor, (q, k, v)), is_causal=True, enable_gqa=True).numpy()
    scores = np.where(np.tri(40, dtype=bool), q @ k.repeat(3, 1).swapaxes(-1, -2) / np.sqrt(8), -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    np.testing.assert_allclose(result, weights / weights.sum(-1, keepdims=True) @ v.repeat(3, 1), atol=2e-6)


@pytest.mark.parametrize("batch", [(), (2,), (2, 3)], ids=str)
def test_functions_of_it_map_over_batches(batch: tuple[int, ...]):
    q, k, v = (rt.tensor(normal(3, *batch, 16, 8)) for _ in range(3))

    def loss(q: rt.Tensor, k: rt.Tensor, v: rt.Tensor) -> rt.Tensor:
        return (attention(q, k, v, is_causal=True) ** 2).sum()

    found = rt.vmap(rt.grad(loss, (0, 1, 2)))(q, k, v)
    for x, y in zip(found, rt.grad(loss, (0, 1, 2))(q, k, v), strict=True):
        np.testing.assert_allclose(x.numpy(), y.numpy(), atol=1e-6)
    shared = rt.vmap(lambda q: attention(q, k[0], v[0]))(q)
    np.testing.assert_allclose(shared[2].numpy(), attention(q[2], k[0], v[0]).numpy(), atol=1e-6)


@pytest.mark.parametrize("dtype", [rt.float16, rt.bfloat16], ids=str)
def test_half_precision_computes_in_float32(dtype: rt.dtype):
    operands = [rt.tensor(normal(1, 20, 8)).astype(dtype) for _ in range(3)]
    result = attention(*operands)
    assert result.dtype == dtype
    whole = attention(*(x.astype(rt.float32) for x in operands))
    np.testing.assert_array_equal(result.astype(rt.float32).numpy(), whole.astype(dtype).astype(rt.float32).numpy())


def test_what_is_no_number_spreads_along_its_query_alone():
    q = normal(1, 20, 8)
    q[0, 3, 2], q[0, 4, 1] = np.nan, np.inf
    operands = [q, np.abs(normal(1, 20, 8)), normal(1, 20, 8)]
    found, wanted = (attention(*(rt.tensor(x, dtype=d) for x in operands)).numpy() for d in (rt.float32, rt.float64))
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))
    assert np.isnan(found[0, 3]).all() and not np.isnan(found[0, 5]).any()


@pytest.mark.parametrize("device", ["cpu", "null"])
def test_a_step_keeps_no_scores_and_takes_two_kernels(device: str):
    q, k, v = (rt.tensor(normal(2, 512, 16), requires_grad=True, device=device) for _ in range(3))
    plan = plan_of(*rt.autograd.grad(attention(q, k, v, is_causal=True).sum(), [q, k, v]))
    assert kinds(plan).count("Attention") == 2 and "Contract" not in kinds(plan)
    assert max(buffer["len"] for buffer in plan["temporaries"]) < 512 * 512


def test_rows_beyond_what_a_device_takes_have_the_plain_form():
    wide = rt.tensor(normal(1, 20, 129), device="null")
    assert "Attention" not in kinds(plan_of(attention(wide, wide, wide)))
