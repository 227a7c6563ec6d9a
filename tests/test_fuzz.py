"""Random small graphs with their gradients: fused, unfused and NumPy in float64 agree, on the CPU and the GPU."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rows import Array, sample, softmax
from rutile import _core

# Graphs for each device; those of the GPU are a part of the CPU's.
SEEDS = {"cpu": 80, "gpu": 30}
ROW_SEEDS = {"cpu": 60, "gpu": 5}

# Without jumps, and of slopes of about 1 at most, so that rounding grows slowly: (rutile, NumPy).
_UNARY: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
    (rt.tanh, np.tanh),
    (rt.sin, np.sin),
    (rt.cos, np.cos),
    (rt.abs, np.abs),
    (rt.negative, np.negative),
    (rt.relu, lambda x: np.maximum(x, 0)),
    (rt.sigmoid, lambda x: 1 / (1 + np.exp(-x))),
    (lambda x: (x * x + 1.0).sqrt(), lambda x: np.sqrt(x * x + 1)),
    (lambda x: rt.exp(-rt.abs(x)), lambda x: np.exp(-np.abs(x))),
    (lambda x: 0.5 * x + 1.5, lambda x: 0.5 * x + 1.5),
    (lambda x: 1.0 / (x * x + 1.0), lambda x: 1 / (x * x + 1)),
]
_BINARY: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
    (lambda x, y: x + y, np.add),
    (lambda x, y: x - y, np.subtract),
    (lambda x, y: x * y, np.multiply),
    (rt.maximum, np.maximum),
    (rt.minimum, np.minimum),
    (lambda x, y: rt.where(x < y, x - y, (x - y) * 0.5), lambda x, y: np.where(x < y, x - y, (x - y) * 0.5)),
]
_REDUCTIONS = ["sum", "mean", "max", "min", "var"]
_AXIS_STEPS = [slice(None, None, -1), slice(1, None), slice(None, None, 2), slice(None, -1)]


@dataclass
class Graph:
    """A program over numbered values: each step names its operands and how rutile and NumPy compute it."""

    leaves: list[Array]
    steps: list[tuple[tuple[int, ...], Callable[..., Any], Callable[..., Any]]] = field(default_factory=list)
    # The values in float64, in the order of their numbers.
    values: list[Array] = field(default_factory=list)

    def add(self, operands: tuple[int, ...], on_tensors: Callable[..., Any], on_arrays: Callable[..., Any]) -> None:
        value = np.asarray(on_arrays(*(self.values[i] for i in operands)))
        if value.size and np.abs(value).max() > 4:
            # Kept small, so that absolute errors mean something and sines see small arguments.
            narrow = float(2 / np.abs(value).max())
            self.steps.append((operands, lambda *x: on_tensors(*x) * narrow, lambda *x: on_arrays(*x) * narrow))
            value = value * narrow
        else:
            self.steps.append((operands, on_tensors, on_arrays))
        self.values.append(value)

    def run(self, device: str) -> tuple[list[Array], list[Array]]:
        """Values of the last three steps, and gradients of the leaves for their weighted sum."""
        leaves = [rt.tensor(leaf, device=device, requires_grad=True) for leaf in self.leaves]
        values = list(leaves)
        for operands, on_tensors, _ in self.steps:
            values.append(on_tensors(*(values[i] for i in operands)))
        roots = [value for value in values[-3:] if value.requires_grad]
        total = rt.zeros((), device=device)
        for seed, root in enumerate(roots):
            total = total + (root * rt.tensor(sample(root.shape, (0.5, 1.5), seed), device=device)).sum()
        total.backward()
        gradients = [leaf.grad if leaf.grad is not None else rt.zeros_like(leaf) for leaf in leaves]
        rt.eval(*values[-3:], *gradients)
        return [value.numpy() for value in values[-3:]], [gradient.numpy() for gradient in gradients]


def build(seed: int) -> Graph:
    generator = np.random.default_rng(seed)
    shapes: list[tuple[int, ...]] = [(3, 4), (4,), (2, 3, 4), (3, 1), (4, 4), (), (1, 5), (2, 70), (6, 3)]
    chosen = generator.choice(len(shapes), generator.integers(2, 4), replace=False)
    leaves = [sample(shapes[i], (-2, 2), seed + int(i)) for i in chosen]
    graph = Graph(leaves, values=[leaf.astype(np.float64) for leaf in leaves])
    steps = generator.integers(4, 20)
    while len(graph.steps) < steps:
        _step(graph, generator)
    return graph


def build_rows(seed: int) -> Graph:
    """A graph over the rows of a matrix: some that share a tile, or pieces of a tile, or one of several tiles."""
    generator = np.random.default_rng(seed)
    count, width = int(generator.integers(1, 40)), int(generator.choice([1, 7, 33, 200, 1024, 1100, 3000]))
    shapes = [(count, width), (count, width), (count, 1)]
    leaves = [sample(shape, (-2, 2), seed + n) for n, shape in enumerate(shapes)]
    graph = Graph(leaves, values=[leaf.astype(np.float64) for leaf in leaves])
    while len(graph.values) < 14:
        first, second = (int(n) for n in generator.integers(len(graph.values), size=2))
        kind = generator.choice(["unary", "binary", "reduce"])
        if kind == "unary":
            graph.add((first,), *_UNARY[generator.integers(len(_UNARY))])
        elif kind == "binary":
            graph.add((first, second), *_BINARY[generator.integers(len(_BINARY))])
        else:
            name = _REDUCTIONS[generator.integers(len(_REDUCTIONS))]
            graph.add(
                (first,),
                lambda x, name=name: getattr(rt, name)(x, axis=1, keepdims=True),
                lambda x, name=name: getattr(np, name)(x, axis=1, keepdims=True),
            )
    return graph


def _step(graph: Graph, generator: np.random.Generator) -> None:
    """One random step on values of the graph; recent ones are likelier."""
    count = len(graph.values)
    first = int(max(generator.integers(0, count), generator.integers(0, count)))
    value = graph.values[first]
    axis = int(generator.integers(0, value.ndim)) if value.ndim else 0
    kind = generator.choice(
        ["unary", "binary", "reduce", "view", "matmul", "softmax"], p=[0.3, 0.3, 0.15, 0.15, 0.06, 0.04]
    )
    if kind == "unary":
        graph.add((first,), *_UNARY[generator.integers(len(_UNARY))])
    elif kind == "binary":
        partners = [i for i in range(count) if i == first or _broadcasts(value, graph.values[i])]
        graph.add((first, int(generator.choice(partners))), *_BINARY[generator.integers(len(_BINARY))])
    elif kind == "reduce" and value.ndim and value.size:
        name, keepdims = _REDUCTIONS[generator.integers(len(_REDUCTIONS))], bool(generator.integers(2))
        graph.add(
            (first,),
            lambda x: getattr(rt, name)(x, axis=axis, keepdims=keepdims),
            lambda x: getattr(np, name)(x, axis=axis, keepdims=keepdims),
        )
    elif kind == "softmax" and value.ndim and value.size:
        graph.add((first,), lambda x: rt.softmax(x, axis), lambda x: softmax(x, axis))
    elif kind == "matmul" and value.ndim > 1:
        partners = [
            i for i in range(count) if graph.values[i].ndim == 2 and graph.values[i].shape[0] == value.shape[-1]
        ]
        if partners:
            graph.add((first, int(generator.choice(partners))), rt.matmul, np.matmul)
        else:
            graph.add((first,), lambda x: x @ x.mT, lambda x: x @ x.swapaxes(-1, -2))
    elif kind == "view" and value.ndim:
        graph.add((first,), *_view(value, axis, generator))


def _view(value: Array, axis: int, generator: np.random.Generator) -> tuple[Callable[..., Any], Callable[..., Any]]:
    index = (*[slice(None)] * axis, _AXIS_STEPS[generator.integers(len(_AXIS_STEPS))])
    order = [int(i) for i in generator.permutation(value.ndim)]

    def put(x: Any) -> Any:
        x = x * 1.0
        x[index] = 0.75
        return x

    sides = [(int(i == axis), 2 * int(i == axis)) for i in range(value.ndim)]
    wide = (2, *value.shape)
    views: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
        (lambda x: x[index], lambda x: x[index]),
        (lambda x: x.permute(order), lambda x: x.transpose(order)),
        (lambda x: rt.pad(x, sides, 0.25), lambda x: np.pad(x, sides, constant_values=0.25)),
        (lambda x: x.reshape(-1), lambda x: x.reshape(-1)),
        (lambda x: x.unsqueeze(axis), lambda x: np.expand_dims(x, axis)),
        (put, put),
    ]
    if value.size < 100 and value.ndim < 4:
        views.append((lambda x: rt.broadcast_to(x, wide), lambda x: np.broadcast_to(x, wide)))
    if value.shape[axis] == 0:
        views = views[1:]
    return views[generator.integers(len(views))]


def _broadcasts(x: Array, y: Array) -> bool:
    try:
        return bool(np.prod(np.broadcast_shapes(x.shape, y.shape)) <= 2000)
    except ValueError:
        return False


def _difference(what: str, got: list[Array], expected: list[Array], tolerance: float) -> None:
    for number, (x, y) in enumerate(zip(got, expected, strict=True)):
        assert x.shape == y.shape
        scale = max(1.0, float(np.abs(y).max(initial=0.0)))
        np.testing.assert_allclose(x, y, rtol=0, atol=tolerance * scale, err_msg=f"{what} {number}")


GRAPHS = [
    (device, builder, seed)
    for builder, seeds in ((build, SEEDS), (build_rows, ROW_SEEDS))
    for device, count in seeds.items()
    for seed in range(count)
]


@pytest.mark.parametrize(("device", "builder", "seed"), GRAPHS)
def test_fused_unfused_and_numpy_agree(device: str, builder: Callable[[int], Graph], seed: int):
    graph = builder(seed)
    fused = graph.run(device)
    former = _core.set_fuse(False, device)
    try:
        unfused = graph.run(device)
    finally:
        _core.set_fuse(former, device)
    _difference("value against NumPy", fused[0], graph.values[-3:], 1e-4)
    _difference("value, fused and unfused", fused[0], unfused[0], 2e-5)
    _difference("gradient, fused and unfused", fused[1], unfused[1], 2e-4)


def test_fusing_makes_fewer_kernels():
    counts = []
    for fuse in (True, False):
        _core.set_fuse(fuse, "null")
        with rt.device("null"):
            rt.reset_stats("null")
            rt.eval(((rt.ones((4, 4)) @ rt.ones((4, 4)) + 1.0).relu() * 2.0).sum())
            counts.append(rt.stats("null")["kernels"])
    _core.set_fuse(True, "null")
    assert counts[0] < counts[1]


@pytest.mark.parametrize("device", ["cpu", "gpu"])
def test_a_product_is_kept_beside_what_follows_it(device: str) -> None:
    a, b, c = (sample((3, 3), (-2, 2), seed) for seed in range(3))

    def results(a: Any, b: Any, c: Any) -> list[Any]:
        product, sums = a @ b, c + c.T
        return [sums, product * sums, product, sums - c[0], product - c[:, :1]]

    tensors = results(*(rt.tensor(x, device=device) for x in (a, b, c)))
    rt.eval(*tensors)
    for tensor, array in zip(tensors, results(a, b, c), strict=True):
        np.testing.assert_allclose(tensor.numpy(), array, rtol=1e-5, atol=1e-5)
