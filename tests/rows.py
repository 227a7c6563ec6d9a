"""Rows for the tests of ops: what is called, what NumPy says in float64, and which inputs to try.

`ELEMENTWISE` comes from the engine's op table; the other rows are written here. `check` is the one helper.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special

import rutile as rt
from linalg_rows import LINALG
from rutile import _core
from rutile.nn import functional as F

Array = np.ndarray[Any, Any]
erf = scipy.special.erf

# NumPy's function for each op of the table; where names differ, NumPy's.
REFERENCES: dict[str, Callable[..., Array]] = {
    "erf": erf,
    "relu": lambda x: np.where(np.isnan(x), x, np.maximum(x, 0)),
    "round": np.rint,
    # With infinities the array API's floor(x / y), where NumPy's pairs with its remainder.
    "floor_divide": lambda x, y: np.where(np.isinf(x) | np.isinf(y), np.floor(x / y), np.floor_divide(x, y)).astype(
        x.dtype
    ),
    "acos": np.arccos,
    "acosh": np.arccosh,
    "asin": np.arcsin,
    "asinh": np.arcsinh,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "atanh": np.arctanh,
    "erfc": scipy.special.erfc,
    "sigmoid": scipy.special.expit,
    "gelu": lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2))),
    "gelu_tanh": lambda x: x * scipy.special.expit(math.sqrt(8 / math.pi) * (x + 0.044715 * x**3)),
    "silu": lambda x: x * scipy.special.expit(x),
    "erfinv": scipy.special.erfinv,
    # As PyTorch's and C's at -inf, where SciPy has -inf.
    "lgamma": lambda x: np.where(np.isinf(x), np.inf, scipy.special.gammaln(x)),
    "digamma": scipy.special.digamma,
    # The limits at infinities, where SciPy has NaN.
    "i0": lambda x: np.where(np.isinf(x), np.inf, scipy.special.i0(x)),
    "i1": lambda x: np.where(np.isinf(x), x, scipy.special.i1(x)),
    "igamma": scipy.special.gammainc,
    "igammac": scipy.special.gammaincc,
    "bitwise_invert": np.invert,
    "pow": np.power,
    "bitwise_left_shift": np.left_shift,
    "bitwise_right_shift": np.right_shift,
}
# Those of the table that are no functions of `rt`.
ACTIVATIONS = {"gelu": F.gelu, "gelu_tanh": functools.partial(F.gelu, approximate="tanh"), "silu": F.silu}
# The generator's word function has no public name; test_random.py compares it with NumPy.
INTERNAL = {"threefry"}
TABLE = {row["name"]: row for row in _core.op_table()}
ELEMENTWISE = sorted(TABLE.keys() - INTERNAL)


def function_of(name: str) -> Callable[..., rt.Tensor]:
    return ACTIVATIONS.get(name) or getattr(rt, name)


def reference(name: str) -> Callable[..., Array]:
    return REFERENCES.get(name) or getattr(np, name)


@dataclass
class Row:
    """One call: tensors of these shapes, drawn evenly from the domain, to one tensor."""

    name: str
    call: Callable[..., rt.Tensor]
    reference: Callable[..., Any]
    shapes: Sequence[tuple[int, ...]]
    domain: tuple[float, float] = (-2.0, 2.0)
    tolerance: float = 1e-5
    # 2: the gradient of the gradient too; 0: no gradient.
    order: int = 2

    def __str__(self) -> str:
        return self.name


def sample(shape: Sequence[int], domain: tuple[float, float], seed: int = 0) -> Array:
    """float32 numbers, evenly spread and shuffled: equal values, and bends between close ones, do not occur."""
    count = math.prod(shape)
    generator = np.random.default_rng(seed)
    low, high = domain
    places = (generator.permutation(count) + generator.uniform(0.3, 0.7, count)) / max(count, 1)
    return (low + (high - low) * places).reshape(shape).astype(np.float32)


def inputs(row: Row) -> list[Array]:
    return [sample(shape, row.domain, seed) for seed, shape in enumerate(row.shapes)]


def check(
    device: str, call: Callable[..., rt.Tensor], expected: Any, arrays: Sequence[Array], tolerance: float
) -> None:
    """`call` on tensors of the arrays gives the expected array: shape, device, and values within the tolerance."""
    result = call(*(rt.tensor(array, device=device) for array in arrays))
    expected = np.asarray(expected)
    assert result.shape == expected.shape
    assert result.device == device
    scale = float(np.abs(expected[np.isfinite(expected)]).max(initial=1.0)) if expected.size else 1.0
    np.testing.assert_allclose(result.numpy(), expected, rtol=tolerance, atol=tolerance * scale)


@contextmanager
def refused_if_wide(name: str, device: str) -> Iterator[None]:
    """A GPU that has no numbers of 64 bits says so."""
    try:
        yield
    except rt.DTypeError as error:
        assert device == "gpu" and name.endswith("64")
        assert re.search(f"a dtype that the device holds .*, got {name} on gpu .* choose another", str(error))


def elementwise_row(name: str) -> Row:
    """The row of the op table, as a call on floats."""
    entry, call = TABLE[name], function_of(name)
    function = reference(name)
    shapes = [(3, 4)] * entry["arity"]
    if name == "where":
        condition = np.arange(12).reshape(3, 4) % 2 == 0
        return Row(
            name,
            lambda x, y: rt.where(rt.tensor(condition, device=x.device), x, y),
            lambda x, y: np.where(condition, x, y),
            shapes[:2],
            entry["domain"],
            entry["tolerance"],
        )
    if name in ("igamma", "igammac"):  # which have gradients for their second argument alone
        return Row(
            name,
            lambda x: call(rt.tensor(sample(x.shape, entry["domain"], 1), device=x.device), x),
            lambda x: function(sample(x.shape, entry["domain"], 1).astype(np.float64), x),
            shapes[1:],
            entry["domain"],
            entry["tolerance"],
        )
    return Row(
        name, call, function, shapes, entry["domain"], entry["tolerance"] or 1e-6, 2 if entry["differentiable"] else 0
    )


# Reductions: every axis argument, with and without keepdims.

_AXES: list[Any] = [None, 0, -1, (0, 2), (), (2, 1, 0)]


def _reductions() -> list[Row]:
    rows = []
    for name in ("sum", "prod", "mean", "max", "min", "var", "std"):
        function, numpy_function = getattr(rt, name), getattr(np, name)
        for axis in _AXES:
            keepdims = axis in (0, (0, 2))
            if name == "std" and axis == ():
                continue  # zero everywhere, where a square root has no slope
            rows.append(
                Row(
                    f"{name}-{axis}",
                    lambda x, f=function, axis=axis, k=keepdims: f(x, axis=axis, keepdims=k),
                    lambda x, f=numpy_function, axis=axis, k=keepdims: f(x, axis=axis, keepdims=k),
                    [(2, 3, 4)],
                    (0.5, 1.5) if name == "prod" else (-2.0, 2.0),
                )
            )
    rows.append(Row("sum-0d", rt.sum, np.sum, [()]))
    rows.append(Row("max-long", lambda x: rt.max(x, axis=1), lambda x: np.max(x, 1), [(2, 40)], order=1))
    rows.append(Row("sum-long", lambda x: rt.sum(x, 0), lambda x: np.sum(x, 0), [(70, 2)], order=1))
    rows.append(Row("prod-one", lambda x: rt.prod(x, 1), lambda x: np.prod(x, 1), [(3, 1)]))
    variance = (lambda x: rt.var(x, 1, correction=1.0), lambda x: np.var(x, 1, ddof=1))
    return [*rows, Row("var-correction", *variance, [(2, 4)])]


def softmax(x: Array, axis: int) -> Array:
    exps = np.exp(x - x.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def _softmaxes() -> list[Row]:
    rows = []
    for axis in (0, 1, -1):
        rows.append(
            Row(f"softmax-{axis}", lambda x, a=axis: rt.softmax(x, a), lambda x, a=axis: softmax(x, a), [(2, 5)])
        )
        logs = (lambda x, a=axis: rt.log_softmax(x, a), lambda x, a=axis: np.log(softmax(x, a)))
        rows.append(Row(f"log_softmax-{axis}", *logs, [(2, 5)]))
    return rows


# Views.

_VIEWS: dict[str, tuple[Callable[..., rt.Tensor], Callable[..., Array], tuple[int, ...]]] = {
    "reshape": (lambda x: x.reshape(4, -1), lambda x: x.reshape(4, -1), (2, 3, 4)),
    "reshape-permuted": (lambda x: x.permute(2, 0, 1).reshape(-1), lambda x: x.transpose(2, 0, 1).ravel(), (2, 3, 4)),
    "permute": (lambda x: rt.permute_dims(x, (2, 0, 1)), lambda x: x.transpose(2, 0, 1), (2, 3, 4)),
    "transpose": (lambda x: x.transpose(0, -1), lambda x: x.swapaxes(0, -1), (2, 3, 4)),
    "mT": (lambda x: x.mT, lambda x: x.swapaxes(-1, -2), (2, 3, 4)),
    "T": (lambda x: x.T, lambda x: x.T, (2, 3)),
    "expand": (lambda x: rt.broadcast_to(x, (2, 3, 4)), lambda x: np.broadcast_to(x, (2, 3, 4)), (3, 1)),
    "expand-minus-one": (lambda x: x.expand(5, -1, 2), lambda x: np.broadcast_to(x, (5, 3, 2)), (3, 1)),
    "expand-0d": (lambda x: rt.broadcast_to(x, (2, 2)), lambda x: np.broadcast_to(x, (2, 2)), ()),
    "flip": (lambda x: rt.flip(x, axis=(0, -1)), lambda x: np.flip(x, (0, -1)), (2, 3, 4)),
    "flip-all": (rt.flip, np.flip, (2, 3)),
    "pad": (lambda x: rt.pad(x, [(1, 0), (0, 2)], 7), lambda x: np.pad(x, [(1, 0), (0, 2)], constant_values=7), (2, 3)),
    "pad-cut": (lambda x: rt.pad(x, [(-1, 2), (1, -2)]), lambda x: np.pad(x[1:, :-2], [(0, 2), (1, 0)]), (2, 4)),
    "squeeze": (rt.squeeze, np.squeeze, (1, 3, 1)),
    "squeeze-axis": (lambda x: rt.squeeze(x, -1), lambda x: np.squeeze(x, -1), (1, 3, 1)),
    "unsqueeze": (lambda x: rt.expand_dims(x, -1), lambda x: np.expand_dims(x, -1), (2, 3)),
    "flatten": (lambda x: rt.flatten(x, 1), lambda x: x.reshape(2, 12), (2, 3, 4)),
    "split": (lambda x: x.split(2, dim=1)[1], lambda x: x[:, 2:4], (2, 5)),
    "index": (lambda x: x[1], lambda x: x[1], (3, 4)),
    "index-negative": (lambda x: x[-1, ..., 0], lambda x: x[-1, ..., 0], (3, 2, 4)),
    "slice-step": (lambda x: x[::2, 1:], lambda x: x[::2, 1:], (5, 3)),
    "slice-back": (lambda x: x[::-2, ::-1], lambda x: x[::-2, ::-1], (5, 3)),
    "slice-part-back": (lambda x: x[3:0:-2], lambda x: x[3:0:-2], (5, 2)),
    "slice-empty": (lambda x: x[4:2], lambda x: x[4:2], (5, 2)),
    "new-axis": (lambda x: x[:, None, 1], lambda x: x[:, None, 1], (3, 4)),
}  # fmt: skip


def _views() -> list[Row]:
    return [Row(name, call, numpy_call, [shape]) for name, (call, numpy_call, shape) in _VIEWS.items()]


# Products.

_PRODUCTS = [
    ((2, 3), (3, 4)),
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((2, 2, 3), (3, 2)),
    ((2, 2, 3), (2, 3, 2)),
    ((2, 1, 2, 3), (3, 3, 2)),
    ((1, 1), (1, 1)),
    ((2, 2, 3), (3,)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
]


def _products() -> list[Row]:
    rows = [Row(f"matmul-{x}-{y}", rt.matmul, np.matmul, [x, y]) for x, y in _PRODUCTS]
    rows.append(Row("matmul-transposed", lambda x, y: x.mT @ y.mT, lambda x, y: x.T @ y.T, [(3, 2), (4, 3)]))
    rows.append(Row("matmul-self", lambda x: x @ x.mT, lambda x: x @ x.T, [(2, 3)]))
    rows.append(Row("matmul-large", rt.matmul, np.matmul, [(33, 65), (65, 17)], order=0))
    rows.append(Row("linear", F.linear, lambda x, w, b: x @ w.T + b, [(2, 3), (4, 3), (4,)]))
    rows.append(Row("linear-3d", F.linear, lambda x, w: x @ w.T, [(2, 2, 3), (4, 3)]))
    return rows


# Convolutions and pools, (N, C, H, W).


def conv2d(x: Array, w: Array, b: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Array:
    """The definition, tap by tap."""
    x = np.pad(x, [(0, 0), (0, 0), *padding])
    reach = [spread * (size - 1) + 1 for spread, size in zip(dilation, w.shape[2:], strict=True)]
    height, width = ((x.shape[2 + i] - reach[i]) // stride[i] + 1 for i in range(2))
    result = np.zeros((x.shape[0], w.shape[0], height, width))
    per_input, per_output = x.shape[1] // groups, w.shape[0] // groups
    for group in range(groups):
        source = x[:, group * per_input : (group + 1) * per_input]
        weight = w[group * per_output : (group + 1) * per_output]
        for i in range(w.shape[2]):
            for j in range(w.shape[3]):
                top, left = i * dilation[0], j * dilation[1]
                window = source[:, :, top : top + stride[0] * (height - 1) + 1 : stride[0]]
                window = window[..., left : left + stride[1] * (width - 1) + 1 : stride[1]]
                target = result[:, group * per_output : (group + 1) * per_output]
                target += np.einsum("nchw,fc->nfhw", window, weight[:, :, i, j])
    return result if b is None else result + b[:, None, None]


# name: input shape, weight shape, bias?, stride, padding, dilation, groups
_CONVOLUTIONS: dict[str, tuple[Any, ...]] = {
    "plain": ((2, 2, 4, 4), (3, 2, 3, 3), True, 1, 0, 1, 1),
    "padded": ((1, 2, 3, 4), (2, 2, 3, 3), True, 1, 1, 1, 1),
    "strided": ((1, 2, 5, 6), (2, 2, 3, 2), False, (2, 3), (1, 0), 1, 1),
    "stride-leaves-rest": ((1, 1, 6, 6), (2, 1, 3, 3), False, 2, 0, 1, 1),
    "dilated": ((1, 1, 5, 5), (2, 1, 2, 2), True, 1, 1, 2, 1),
    "grouped": ((1, 4, 3, 3), (2, 2, 2, 2), True, 1, 0, 1, 2),
    "depthwise": ((1, 3, 4, 4), (3, 1, 3, 3), True, 1, 1, 1, 3),
    "depthwise-strided": ((1, 2, 5, 8), (2, 1, 3, 3), True, 2, 1, 1, 2),
    "depthwise-in-a-wide-margin": ((1, 2, 2, 3), (4, 1, 3, 2), False, 1, 4, 2, 2),
    "one-by-one": ((2, 3, 2, 2), (2, 3, 1, 1), True, 1, 0, 1, 1),
    "kernel-fills-input": ((2, 2, 3, 3), (2, 2, 3, 3), False, 1, 0, 1, 1),
}


def _pair(value: Any) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


def _convolutions() -> list[Row]:
    rows = []
    for name, (x, w, bias, stride, padding, dilation, groups) in _CONVOLUTIONS.items():
        given = (stride, padding, dilation, groups)
        written = (_pair(stride), [(size, size) for size in _pair(padding)], _pair(dilation), groups)

        def call(x, w, b=None, *, arguments=given):
            return F.conv2d(x, w, b, *arguments)

        def expected(x, w, b=None, *, arguments=written):
            return conv2d(x, w, b, *arguments)

        rows.append(Row(f"conv2d-{name}", call, expected, [x, w, (w[0],)] if bias else [x, w]))

    def padded(x, w):
        return conv2d(x, w, None, (1, 1), [(0, 1), (1, 1)], (1, 1), 1)

    same = Row("conv2d-same", lambda x, w: F.conv2d(x, w, padding="same"), padded, [(1, 1, 3, 3), (1, 1, 2, 3)])
    return [*rows, same]


def pool(x: Array, fill: float, fold: Any, kernel: Any, stride: Any, padding: int, dilation: int) -> Array:
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)], constant_values=fill)
    reach = [dilation * (size - 1) + 1 for size in kernel]
    height, width = ((x.shape[2 + i] - reach[i]) // stride[i] + 1 for i in range(2))
    windows = [
        x[
            :,
            :,
            i * stride[0] : i * stride[0] + reach[0] : dilation,
            j * stride[1] : j * stride[1] + reach[1] : dilation,
        ]
        for i in range(height)
        for j in range(width)
    ]
    folded = np.stack([fold(window, axis=(2, 3)) for window in windows], axis=-1)
    return folded.reshape(*x.shape[:2], height, width)


# name: input shape, kernel, stride, padding, dilation
_POOLS: dict[str, tuple[Any, ...]] = {
    "plain": ((2, 2, 4, 4), 2, None, 0, 1),
    "overlapping": ((1, 2, 5, 4), (3, 2), 1, 0, 1),
    "padded": ((1, 1, 5, 5), 3, 2, 1, 1),
    "dilated": ((1, 1, 5, 5), 2, 1, 0, 2),
    "rest-left": ((1, 1, 5, 7), 2, 2, 0, 1),
}


def _pools() -> list[Row]:
    rows = []
    for name, (shape, kernel, stride, padding, dilation) in _POOLS.items():
        given: tuple[Any, ...] = (kernel, stride, padding)
        written: tuple[Any, ...] = (_pair(kernel), _pair(stride or kernel), padding, dilation)

        def greatest(x, *, arguments=(*given, dilation)):
            return F.max_pool2d(x, *arguments)

        def expected_greatest(x, *, arguments=written):
            return pool(x, -np.inf, np.max, *arguments)

        def mean(x, *, arguments=given):
            return F.avg_pool2d(x, *arguments)

        def expected_mean(x, *, arguments=written):
            return pool(x, 0.0, np.mean, *arguments)

        rows.append(Row(f"max_pool2d-{name}", greatest, expected_greatest, [shape]))
        if dilation == 1:
            rows.append(Row(f"avg_pool2d-{name}", mean, expected_mean, [shape]))
    return rows


# Losses and activations.


def cross_entropy(
    x: Array, target: Array, weight: Any = None, ignored: int = -100, reduction: str = "mean", smoothing: float = 0.0
) -> Any:
    """PyTorch's definition, for logits (N, C, d...) and class numbers (N, d...)."""
    logs = np.moveaxis(np.log(softmax(x, 1)), 1, -1)
    scale = np.ones(x.shape[1]) if weight is None else weight
    counted = target != ignored
    hits = np.eye(x.shape[1])[np.where(counted, target, 0)]
    losses = -(1 - smoothing) * (logs * hits * scale).sum(-1) - smoothing / x.shape[1] * (logs * scale).sum(-1)
    losses = np.where(counted, losses, 0.0)
    total = (np.where(counted, (hits * scale).sum(-1), 0.0)).sum()
    return losses if reduction == "none" else losses.sum() / (total if reduction == "mean" else 1)


_TARGET = np.array([2, 0, 1, 2], dtype=np.int32)
_WEIGHT = np.array([0.5, 1.0, 2.0], dtype=np.float32)
_CROSS_ENTROPIES: dict[str, dict[str, Any]] = {
    "mean": {},
    "sum": {"reduction": "sum"},
    "none": {"reduction": "none"},
    "weight": {"weight": _WEIGHT},
    "ignore": {"ignored": 2},
    "ignore-weight": {"ignored": 0, "weight": _WEIGHT},
    "smoothing": {"smoothing": 0.2},
    "all": {"smoothing": 0.1, "weight": _WEIGHT, "ignored": 1},
}


def _cross_entropy_call(x: rt.Tensor, target: Array, options: dict[str, Any]) -> rt.Tensor:
    weight = options.get("weight")
    return F.cross_entropy(
        x,
        rt.tensor(target, device=x.device),
        None if weight is None else rt.tensor(weight, device=x.device),
        options.get("ignored", -100),
        options.get("reduction", "mean"),
        options.get("smoothing", 0.0),
    )


def _losses() -> list[Row]:
    rows = [
        Row(
            f"cross_entropy-{name}",
            lambda x, options=options: _cross_entropy_call(x, _TARGET, options),
            lambda x, options=options: cross_entropy(x, _TARGET, **options),
            [(4, 3)],
        )
        for name, options in _CROSS_ENTROPIES.items()
    ]
    target = np.array([[0, 2], [1, 1]], dtype=np.int32)
    rows.append(
        Row(
            "cross_entropy-images",
            lambda x: _cross_entropy_call(x, target, {}),
            lambda x: cross_entropy(x, target),
            [(2, 3, 2)],
        )
    )
    rows.append(
        Row(
            "cross_entropy-soft",
            lambda x, p: F.cross_entropy(x, p),
            lambda x, p: -(p * np.log(softmax(x, 1))).sum() / len(x),
            [(2, 3), (2, 3)],
            (0.1, 1.0),
        )
    )
    for reduction, fold in (("mean", np.mean), ("sum", np.sum), ("none", np.asarray)):
        rows.append(
            Row(
                f"mse_loss-{reduction}",
                lambda x, y, r=reduction: F.mse_loss(x, y, r),
                lambda x, y, fold=fold: fold((x - y) ** 2),
                [(2, 3), (2, 3)],
            )
        )
    return rows


def _compositions() -> list[Row]:
    rows: dict[str, tuple[Callable[..., rt.Tensor], Callable[..., Array], list[tuple[int, ...]]]] = {
        "sigmoid": (rt.sigmoid, lambda x: 1 / (1 + np.exp(-x)), [(3, 4)]),
        "square": (rt.square, np.square, [(3, 4)]),
        "clip": (lambda x: rt.clip(x, -1.0, 1.1), lambda x: np.clip(x, -1.0, 1.1), [(3, 4)]),
        "broadcast": (lambda x, y, z: x * y + z, lambda x, y, z: x * y + z, [(2, 3), (3,), (2, 1)]),
        "power": (lambda x: x**3 + x**2, lambda x: x**3 + x**2, [(3, 4)]),
        "numbers": (lambda x: 2 / (3 + x) - (1 - x) * 4, lambda x: 2 / (3 + x) - (1 - x) * 4, [(3, 4)]),
        "norm": (
            lambda x, w: (x - x.mean(-1, True)) / (x.var(-1, keepdims=True) + 1e-5).sqrt() * w,
            lambda x, w: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * w,
            [(2, 4), (4,)],
        ),
        "attention": (
            lambda q, k, v: rt.softmax(q @ k.mT * 0.5) @ v,
            lambda q, k, v: softmax(q @ k.swapaxes(-1, -2) * 0.5, -1) @ v,
            [(2, 2, 3), (2, 3, 3), (2, 3, 2)],
        ),
        "assignment": (_assigned, _assigned_in_numpy, [(3, 4), (2, 2)]),
    }
    return [Row(name, *row) for name, row in rows.items()]


def _assigned(x: rt.Tensor, y: rt.Tensor) -> rt.Tensor:
    result = x * 2.0
    result[::-2, 1:3] = y * y
    return result * x


def _assigned_in_numpy(x: Array, y: Array) -> Array:
    result = x * 2.0
    result[::-2, 1:3] = y * y
    return result * x


# The rows that are written here, by the class of what they call.
CLASSES = {
    "reduction": [*_reductions(), *_softmaxes()],
    "shape": _views(),
    "product": _products(),
    "network": [*_convolutions(), *_pools(), *_losses()],
    "linear algebra": [Row(name, *row) for name, row in LINALG.items()],
    "composition": _compositions(),
}
STRUCTURED = [row for rows in CLASSES.values() for row in rows]
