"""Indexing, arranging, sorting and scans against NumPy, and wrong calls by the text of their errors."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import rutile as rt
from rutile.nn import functional as F

RNG = np.random.default_rng(7)
X = RNG.standard_normal((4, 5, 6)).astype(np.float32)
ROWS = np.array([2, -1, 0], dtype=np.int32)
ROWS_T = rt.tensor(ROWS)
GRID = np.array([[0, 3], [-2, 1]], dtype=np.int32)
MASK = X[:, :, 0] > 0

KEYS = {
    "one tensor": (ROWS,),
    "list": [1, 1, -4],
    "second axis": (slice(None), ROWS),
    "last axis": (Ellipsis, ROWS),
    "two beside": (ROWS, ROWS),
    "two beside, later": (slice(None), ROWS, ROWS),
    "two apart": (ROWS, slice(None), ROWS),
    "grid": (GRID,),
    "broadcast": (GRID, np.array([0, 1], dtype=np.int32)),
    "with integer": (2, slice(1, 4), ROWS),
    "with slice": (slice(None, None, -1), ROWS, slice(0, 2)),
    "with new axis": (None, ROWS),
    "mask": (X > 0.5,),
    "mask of two axes": (MASK,),
    "mask and slice": (MASK, slice(1, 3)),
    "mask of the last axis": (Ellipsis, np.array([True, False, True, True, False, False])),
    "empty": (np.zeros((0,), dtype=np.int32),),
}


def key_of(key):
    """A key for rutile: arrays as tensors."""
    entries = key if isinstance(key, tuple) else (key,)
    made = tuple(rt.tensor(entry) if isinstance(entry, np.ndarray) else entry for entry in entries)
    return made if isinstance(key, tuple) else made[0]


def gradient_of(x):
    """The gradient that backward() left."""
    assert x.grad is not None
    return x.grad


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_reading_by_tensors_is_numpys(key):
    expected = X[key]
    actual = rt.tensor(X)[key_of(key)]
    assert actual.shape == expected.shape
    np.testing.assert_array_equal(actual.numpy(), expected)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_the_gradient_of_reading_goes_where_it_was_read(key):
    x = rt.tensor(X, requires_grad=True)
    read = x[key_of(key)]
    weight = RNG.standard_normal(read.shape).astype(np.float32)
    if not read.size:
        return
    (read * rt.tensor(weight)).sum().backward()
    expected = np.zeros_like(X)
    np.add.at(expected, key, weight)
    np.testing.assert_allclose(gradient_of(x).numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_assigning_by_tensors_is_numpys(key):
    expected, x = X.copy(), rt.tensor(X)
    value = RNG.standard_normal(X[key].shape).astype(np.float32)
    expected[key] = value
    x[key_of(key)] = rt.tensor(value)
    np.testing.assert_array_equal(x.numpy(), expected)
    expected[key] = 3.0
    x[key_of(key)] = 3.0
    np.testing.assert_array_equal(x.numpy(), expected)


LEFT = np.array([[-0.0, np.nan], [np.inf, 1.0]], dtype=np.float32)
# name: what rutile gives, what NumPy gives
SAME = {
    "concat keeps signed zeros and NaN": lambda: (
        1.0 / rt.concat([rt.tensor(LEFT), rt.tensor(-LEFT)], axis=1),
        1.0 / np.concatenate([LEFT, -LEFT], axis=1),
    ),
    "concat of integers and bools": lambda: (
        rt.concat([rt.tensor([1, 2]), rt.tensor([True])]),
        np.array([1, 2, 1]),
    ),
    "stack": lambda: (rt.stack([rt.tensor(X), rt.tensor(X)], axis=-1), np.stack([X, X], axis=-1)),
    "concat of a generator": lambda: (rt.concat(rt.ones(i) for i in (1, 2)), np.ones(3)),  # type: ignore[arg-type]
    "arange by names": lambda: (rt.arange(start=1, end=7, step=2), np.arange(1, 7, 2)),
    "roll": lambda: (rt.roll(rt.tensor(X), (2, -7), axis=(0, 2)), np.roll(X, (2, -7), axis=(0, 2))),
    "roll of all": lambda: (rt.roll(rt.tensor(X), 17), np.roll(X, 17)),
    "rot90": lambda: (rt.rot90(rt.tensor(X), 3, (0, 2)), np.rot90(X, 3, (0, 2))),
    "tile": lambda: (rt.tile(rt.tensor(X), (2, 1, 3)), np.tile(X, (2, 1, 3))),
    "repeat by counts": lambda: (
        rt.repeat(rt.tensor(X), [1, 0, 2, 3], axis=0),
        np.repeat(X, [1, 0, 2, 3], axis=0),
    ),
    "diagonal above": lambda: (rt.diagonal(rt.tensor(X), 2, 1, 2), np.diagonal(X, 2, 1, 2)),
    "diagonal below": lambda: (rt.diagonal(rt.tensor(X), -3, 1, 2), np.diagonal(X, -3, 1, 2)),
    "as_strided_scatter": lambda: (
        rt.as_strided_scatter(rt.zeros((3, 4)), rt.tensor([[1.0, 2.0], [3.0, 4.0]]), (2, 2), (4, 2), 1),
        np.array([[0, 1, 0, 2], [0, 3, 0, 4], [0, 0, 0, 0]]),
    ),
    "diag": lambda: (rt.diag(rt.tensor(X[0, 0]), -1), np.diag(X[0, 0], -1)),
    "moveaxis": lambda: (rt.moveaxis(rt.tensor(X), (0, 2), (1, 0)), np.moveaxis(X, (0, 2), (1, 0))),
    "meshgrid": lambda: (
        rt.stack(rt.meshgrid(rt.arange(3), rt.arange(2))),
        np.stack(np.meshgrid(np.arange(3), np.arange(2))),
    ),
    "sort": lambda: (rt.sort(rt.tensor(X), axis=1, descending=True), -np.sort(-X, axis=1)),
    "cumsum": lambda: (rt.cumsum(rt.tensor(X), 1), np.cumsum(X, axis=1)),
    "cumprod": lambda: (rt.cumprod(rt.tensor(X), 2), np.cumprod(X, axis=2)),
    "quantile": lambda: (
        rt.quantile(rt.tensor(X), rt.tensor([0.1, 0.75]), 1),
        np.quantile(X, np.array([0.1, 0.75], dtype=np.float32), axis=1),
    ),
    "searchsorted": lambda: (
        rt.searchsorted(rt.tensor(np.sort(X[0, 0])), rt.tensor(X), side="right"),
        np.searchsorted(np.sort(X[0, 0]), X, side="right"),
    ),
    "nonzero": lambda: (rt.stack(rt.nonzero(rt.tensor(X > 1))), np.stack(np.nonzero(X > 1))),
    "unique": lambda: (rt.unique(rt.tensor(np.array([3, 1, 3, 2, 1]))), np.array([1, 2, 3])),
    "einsum of three": lambda: (
        rt.einsum("abc,cd,ad->bd", rt.tensor(X), rt.tensor(X[0, :, :].T.copy()), rt.tensor(X[:, :, 0].copy())),
        np.einsum("abc,cd,ad->bd", X, X[0].T, X[:, :, 0]),
    ),
    "einsum of a trace": lambda: (
        rt.einsum("aab->b", rt.tensor(X[:, :4].copy())),
        np.einsum("aab->b", X[:, :4]),
    ),
    "kron": lambda: (rt.kron(rt.tensor(X[0]), rt.tensor(X[1, :2])), np.kron(X[0], X[1, :2])),
    "convolution pads what it computes": lambda: (
        F.conv2d(rt.tensor(X[None]) * 0.0 + 1.0, rt.ones((1, 4, 3, 3)), padding=1),
        F.conv2d(rt.tensor(np.ones((1, 4, 5, 6))), rt.ones((1, 4, 3, 3)), padding=1).numpy(),
    ),
}


@pytest.mark.parametrize("both", SAME.values(), ids=SAME)
def test_same_as_numpy(both):
    actual, expected = both()
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual.numpy(), np.asarray(expected), rtol=1e-5, atol=1e-5)


# 5000 whole numbers, most of them many times: a GPU sorts and adds up so many by other kernels than a few.
LONG = np.random.default_rng(3).integers(0, 300, 5000).astype(np.int32)
LONG_WEIGHTS = RNG.integers(-9, 9, (5000, 3)).astype(np.float32)

OF_LONG_ROWS = {
    "sort": (lambda x, w: rt.sort(x), np.sort(LONG)),
    "argsort": (lambda x, w: rt.argsort(x, descending=True), np.argsort(-LONG, kind="stable")),
    "topk": (lambda x, w: rt.topk(x, 7)[0], -np.sort(-LONG)[:7]),
    "kthvalue": (lambda x, w: rt.kthvalue(x, 2500)[0], np.sort(LONG)[2499]),
    "median": (lambda x, w: w.median(0)[0], np.sort(LONG_WEIGHTS, axis=0)[2499]),
    "unique": (lambda x, w: rt.unique(x), np.unique(LONG)),
    "unique counts": (lambda x, w: rt.unique_counts(x).counts, np.unique(LONG, return_counts=True)[1]),
    "bincount": (lambda x, w: rt.bincount(x, minlength=400), np.bincount(LONG, minlength=400)),
    "one class": (lambda x, w: rt.bincount(x * 0), np.array([5000])),
    "a mask": (lambda x, w: x[x > 150], LONG[LONG > 150]),
    "the last one is scattered": (
        lambda x, w: rt.scatter(rt.zeros_like(x), 0, x * 0, rt.arange(5000, dtype="int32", device=x.device))[0],
        np.array(4999),
    ),
    "index_add": (
        lambda x, w: rt.zeros((300, 3), device=x.device).index_add(0, x, w),
        np.stack([np.bincount(LONG, column, 300) for column in LONG_WEIGHTS.T], axis=1),
    ),
}


@pytest.mark.parametrize("both", OF_LONG_ROWS.values(), ids=OF_LONG_ROWS)
def test_long_rows(both, device):
    function, expected = both
    actual = function(rt.tensor(LONG, device=device), rt.tensor(LONG_WEIGHTS, device=device))
    np.testing.assert_array_equal(actual.numpy(), expected)


def test_of_equal_positions_the_last_one_is_scattered():
    index = rt.tensor([1, -2, 1, 0])
    assert rt.scatter(rt.zeros((3,)), 0, index, rt.tensor([1.0, 2.0, 3.0, 4.0])).tolist() == [4.0, 3.0, 0.0]


def test_attention_that_sees_nothing_gives_zeros_and_no_nan():
    q = rt.tensor(X[0, :2], requires_grad=True)
    mask = rt.tensor([[True, True, False], [False, False, False]])
    result = F.scaled_dot_product_attention(q, rt.tensor(X[1, :3]), rt.tensor(X[2, :3]), mask)
    result.sum().backward()
    assert result.numpy()[1].tolist() == [0.0] * 6
    assert np.isfinite(gradient_of(q).numpy()).all()


WRONG = {
    "index outside": (lambda x: x[[9]], IndexError, "needs positions from -4 to 3 on axis 0 of size 4, got 9"),
    "float index": (lambda x: x[rt.tensor([1.0])], TypeError, "needs integer or bool tensors, got float32"),
    "mask of another shape": (lambda x: x[rt.tensor([True, False])], IndexError, "needs a mask of shape (4,)"),
    "too many indices": (lambda x: x[ROWS.tolist(), 0, 0, 0], IndexError, "at most 3 indices"),
    "concat": (lambda x: rt.concat([x, x[:, :2]]), ValueError, "shapes that differ along axis 0 alone"),
    "split": (lambda x: rt.split(x, [1, 1]), ValueError, "sizes that add up to 4"),
    "gather": (lambda x: rt.gather(x, 0, rt.tensor([1])), ValueError, "an index of 3 axes"),
    "topk": (lambda x: rt.topk(x, 9), ValueError, "k from 0 to 6"),
    "tensor - pair": (lambda x: x - rt.max(x, 1), TypeError, "take its .values, or write axis= instead of dim"),
    "pair + tensor": (lambda x: x.min(dim=1) + x, TypeError, "got the pair of values and indices"),
    "pair * number": (lambda x: rt.median(x, 1) * 2, TypeError, "take its .values, or write axis= instead of dim"),
    "pair > number": (lambda x: rt.sort(x, 1) > 0, TypeError, "take its .values, or write axis= instead of dim"),
    "tensor @ pair": (lambda x: x @ rt.cummax(x, 1), TypeError, "take its .values, or write axis= instead of dim"),
    "method of a pair": (lambda x: rt.max(x, 1).sum(), AttributeError, "has no sum: the operation needs a Tensor"),
    "max of no element": (lambda x: rt.max(x[:0], 0), ValueError, "max needs at least one element to choose from"),
    "einsum terms": (lambda x: rt.einsum("ab,bc->ac", x), ValueError, "one term for each operand"),
    "einsum letters": (lambda x: rt.einsum("ab->a", x), ValueError, "a letter for each axis"),
    "einsum sizes": (lambda x: rt.einsum("abc,bb->a", x, x[0]), ValueError, "one size for 'b'"),
    "relu of a part": (lambda x: F.relu(x[0], inplace=True), ValueError, "inplace=True needs a tensor of its own"),
    "linspace": (lambda x: rt.linspace(0, 1), ValueError, "linspace needs at least 0 numbers, got None"),
    "alpha dropout": (lambda x: F.feature_alpha_dropout(x, 2.0), ValueError, "feature_alpha_dropout needs 0 <= p <= 1"),
    "conv1d": (lambda x: F.conv1d(x, x[:, :2]), ValueError, "conv1d needs weight.shape[1] == input.shape[1] / groups"),
    "transposed": (lambda x: F.conv_transpose1d(x, x[:3]), ValueError, "weight.shape[0] == input.shape[1]"),
    "layer_norm": (lambda x: F.layer_norm(x, (5,)), ValueError, "an input whose last axes are (5,)"),
    "group_norm": (lambda x: F.group_norm(x, 2), ValueError, "C divisible by 2 groups"),
    "interpolate": (lambda x: F.interpolate(x, 3, mode="bicubic"), ValueError, "a mode for 1 axes"),
    "pad": (lambda x: F.pad(x, (9, 0), mode="reflect"), ValueError, "padding below the size 6"),
    "pool": (lambda x: F.max_pool1d(x, 2, padding=2), ValueError, "at most half the kernel"),
    "embedding": (lambda x: F.embedding(x, x[0]), TypeError, "embedding needs integers, got float32"),
    "reduction": (lambda x: F.l1_loss(x, x, reduction="all"), ValueError, 'reduction="mean", "sum" or "none"'),
    "shapes": (lambda x: F.huber_loss(x, x[0]), ValueError, "needs input.shape == target.shape"),
    "part in place": (lambda x: x[0].add_(1.0), ValueError, "add_ needs a tensor of its own, got a part of another"),
    "in place of another shape": (lambda x: x[0, 0, 0].clone().add_(x), ValueError, "needs a result like the target"),
    "copy_": (lambda x: x.copy_(x[:2]), ValueError, "broadcast together, got (2, 5, 6) and (4, 5, 6)"),
    "to": (lambda x: x.to(memory_format=1), TypeError, "to needs a device, a dtype or a tensor, got memory_format"),
    "division mode": (lambda x: rt.div(x, x, rounding_mode="up"), ValueError, 'rounding_mode=None, "floor" or "trunc"'),
    "scatter": (
        lambda x: rt.scatter(x, 0, rt.zeros((1, 1, 1), dtype="int32"), 1.0, reduce="min"),
        ValueError,
        "reduce",
    ),
    "scatter_reduce": (lambda x: rt.scatter_reduce(x, 0, x, x, "sub"), ValueError, 'reduce="sum", "prod", "mean"'),
    "index_reduce": (lambda x: rt.index_reduce(x, 0, ROWS_T, x, "prod"), ValueError, "an index of 4 positions"),
    "narrow": (lambda x: rt.narrow(x, 0, 2, 3), IndexError, "elements within axis 0 of size 4, got 3 from 2"),
    "unflatten": (lambda x: rt.unflatten(x, 2, (4, -1)), ValueError, "sizes whose product is 6"),
    "as_strided": (lambda x: rt.as_strided(x, (2,), (120,)), IndexError, "places from 0 to 119, got 0 to 120"),
    "t": (lambda x: x.t(), ValueError, "t needs a tensor of at most 2 axes"),
    "hsplit": (lambda x: rt.hsplit(x, 2), ValueError, "a number that divides axis 1 of (4, 5, 6), got 2"),
    "mv": (lambda x: rt.mv(x[0], x[0]), ValueError, "mv needs a matrix and a vector"),
    "cov": (lambda x: rt.cov(x), ValueError, "cov needs a tensor of at most 2 axes"),
    "gradient": (lambda x: rt.gradient(x, dim=0, edge_order=3), ValueError, "edge_order 1 or 2, got 3"),
    "polygamma": (lambda x: rt.polygamma(-1, x), ValueError, "n of at least 0"),
    "max_unpool1d": (lambda x: F.max_unpool1d(x, ROWS_T, 2), ValueError, "indices of the input's shape"),
    "attention": (lambda x: F.scaled_dot_product_attention(x, x[..., :2], x), ValueError, "query (…, L, E)"),
}


@pytest.mark.parametrize(("call", "error", "text"), WRONG.values(), ids=WRONG)
def test_wrong_calls_say_what_is_needed(call, error, text):
    with pytest.raises(error) as caught:
        call(rt.tensor(X))
    assert text in str(caught.value)


MODULES = [
    module.name
    for package in ("rutile.functions", "rutile.nn.functional")
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}.")
]


@pytest.mark.parametrize("name", [*MODULES, "rutile.linalg"])
def test_the_examples_of_the_documentation_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
