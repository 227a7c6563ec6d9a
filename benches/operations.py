"""The operations of benches/ops.py: their inputs, how each library writes them, and the work that they are.

Bytes are those that must pass: inputs read once and the result written once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["OPERATIONS", "Operation"]

Array = np.ndarray[Any, Any]


@dataclass
class Operation:
    """One call; `torch` serves rutile too, which has PyTorch's names, unless `rutile` is given."""

    name: str
    arrays: Callable[[], list[Array]]
    torch: Callable[..., Any]
    jax: Callable[..., Any] | None = None
    mlx: Callable[..., Any] | None = None
    rutile: Callable[..., Any] | None = None
    flops: float = 0.0
    touched: int | None = None
    """Bytes read and written, where they are not those of all arrays."""
    differentiated: list[int] = field(default_factory=list)
    """Inputs whose gradients are wanted; the last array is then the gradient of the result."""

    def written_for(self, library: str) -> Callable[..., Any] | None:
        """Return the operation as `library` writes it, or None."""
        return (self.rutile or self.torch) if library == "rutile" else getattr(self, library)


def normal(*shapes: tuple[int, ...]) -> Callable[[], list[Array]]:
    """Arrays of standard normal numbers."""

    def arrays() -> list[Array]:
        generator = np.random.default_rng(0)
        return [generator.standard_normal(shape, dtype=np.float32) for shape in shapes]

    return arrays


def distinct(shape: tuple[int, ...], *more: tuple[int, ...]) -> Callable[[], list[Array]]:
    """Numbers of which no two are equal: libraries share the gradient of a tie in different ways."""

    def arrays() -> list[Array]:
        order = np.random.default_rng(0).permutation(math.prod(shape)).astype(np.float32)
        return [order.reshape(shape) / order.size, *normal(*more)()]

    return arrays


def counted(count: int) -> str:
    """A number of elements in a name: 10M, 64K."""
    return f"{count // 10**6}M" if count >= 10**6 else f"{count // 1000}K"


def product(left: tuple[int, ...], right: tuple[int, ...], name: str = "", dtype: str = "float32") -> Operation:
    """left @ right."""
    multiply = lambda lib, x, y: x @ y  # noqa: E731
    label = name or "x".join(str(size) for size in (*left, right[-1]))
    return Operation(
        f"product {label}",
        lambda: [array.astype(dtype) for array in normal(left, right)()],
        multiply,
        multiply,
        multiply,
        flops=2.0 * math.prod(left) * right[-1],
    )


def elementwise(name: str, torch: str, count: int) -> Operation:
    """A function of one tensor that every library has."""
    return Operation(
        f"{name} {counted(count)}",
        normal((count,)),
        lambda lib, x: getattr(x, torch)(),
        lambda lib, x: getattr(lib.numpy, name)(x),
        lambda lib, x: getattr(lib.core, name)(x),
    )


def sum_of_two(count: int) -> Operation:
    add = lambda lib, x, y: x + y  # noqa: E731
    return Operation(f"x + y {counted(count)}", normal((count,), (count,)), add, add, add, flops=float(count))


def chain(count: int) -> Operation:
    """Ten elementwise operations on two tensors."""

    def ten(lib: Any, x: Any, y: Any) -> Any:
        z = (x + y) * 0.5 - y
        z = z * z + x
        return (z * 0.1 + 1.0) * (y - x) + z

    return Operation(f"ten operations {counted(count)}", normal((count,), (count,)), ten, ten, ten, flops=10.0 * count)


def reduction(name: str, rows: int, columns: int, axis: int | None) -> Operation:
    """A reduction of a matrix."""
    label = {None: "of all", 0: "down columns", 1: "along rows"}[axis]

    def torch(lib: Any, x: Any) -> Any:
        return getattr(x, name)() if axis is None else getattr(x, "amax" if name == "max" else name)(dim=axis)

    return Operation(
        f"{name} {label} {rows}x{columns}",
        normal((rows, columns)),
        torch,
        lambda lib, x: getattr(x, name)(axis),
        lambda lib, x: getattr(x, name)(axis),
        flops=float(rows * columns),
    )


def convolution(
    name: str, batch: int, channels: int, filters: int, size: int, taps: int, groups: int = 1
) -> list[Operation]:
    """A convolution that keeps the size, and with its gradients; JAX and MLX have the channels last."""
    side = taps // 2
    x, w, y = (batch, channels, size, size), (filters, channels // groups, taps, taps), (batch, filters, size, size)
    flops = 2.0 * math.prod(y) * channels // groups * taps * taps

    def torch(lib: Any, x: Any, w: Any) -> Any:
        return lib.functional.conv2d(x, w, None, 1, side, 1, groups)

    def jax(lib: Any, x: Any, w: Any) -> Any:
        return lib.jax.lax.conv_general_dilated(
            x, w, (1, 1), [(side, side)] * 2, dimension_numbers=("NCHW", "OIHW", "NCHW"), feature_group_count=groups
        )

    def mlx(lib: Any, x: Any, w: Any) -> Any:
        moved = lib.core.conv2d(x.transpose(0, 2, 3, 1), w.transpose(0, 2, 3, 1), 1, side, groups=groups)
        return moved.transpose(0, 3, 1, 2)

    return [
        Operation(f"conv {name}", normal(x, w), torch, jax, mlx, flops=flops),
        Operation(f"conv {name}, gradients", normal(x, w, y), torch, jax, mlx, flops=3 * flops, differentiated=[0, 1]),
    ]


def attention(batch: int, heads: int, tokens: int, width: int) -> list[Operation]:
    """Causal attention, and with its gradients."""
    shape = (batch, heads, tokens, width)
    flops = 4.0 * math.prod(shape) * tokens

    def torch(lib: Any, q: Any, k: Any, v: Any) -> Any:
        return lib.functional.scaled_dot_product_attention(q, k, v, is_causal=True)

    def jax(lib: Any, q: Any, k: Any, v: Any) -> Any:
        moved = (x.swapaxes(1, 2) for x in (q, k, v))
        return lib.jax.nn.dot_product_attention(*moved, is_causal=True).swapaxes(1, 2)

    def mlx(lib: Any, q: Any, k: Any, v: Any) -> Any:
        return lib.core.fast.scaled_dot_product_attention(q, k, v, scale=width**-0.5, mask="causal")

    name = f"attention {batch}x{heads}x{tokens}x{width}"
    return [
        Operation(name, normal(*[shape] * 3), torch, jax, mlx, flops=flops),
        Operation(
            f"{name}, gradients", normal(*[shape] * 4), torch, jax, mlx, flops=3.5 * flops, differentiated=[0, 1, 2]
        ),
    ]


def rows(name: str, shape: tuple[int, int], torch: Any, jax: Any, mlx: Any, *more: tuple[int, ...]) -> list[Operation]:
    """An operation along the rows of a matrix, and with its gradients."""
    label = f"{name} {shape[0]}x{shape[1]}"
    return [
        Operation(label, normal(shape, *more), torch, jax, mlx),
        Operation(
            f"{label}, gradients",
            normal(shape, *more, shape),
            torch,
            jax,
            mlx,
            differentiated=list(range(1 + len(more))),
        ),
    ]


def softmax(shape: tuple[int, int]) -> list[Operation]:
    return rows(
        "softmax",
        shape,
        lambda lib, x: lib.functional.softmax(x, -1),
        lambda lib, x: lib.jax.nn.softmax(x),
        lambda lib, x: lib.core.softmax(x, -1),
    )


def layer_norm(shape: tuple[int, int]) -> list[Operation]:
    width = shape[1]

    def jax(lib: Any, x: Any, w: Any, b: Any) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        return centred * lib.jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + 1e-5) * w + b

    return rows(
        "layer norm",
        shape,
        lambda lib, x, w, b: lib.functional.layer_norm(x, (width,), w, b),
        jax,
        lambda lib, x, w, b: lib.core.fast.layer_norm(x, w, b, 1e-5),
        (width,),
        (width,),
    )


def gelu(shape: tuple[int, int]) -> list[Operation]:
    return rows(
        "gelu",
        shape,
        lambda lib, x: lib.functional.gelu(x),
        lambda lib, x: lib.jax.nn.gelu(x, approximate=False),
        lambda lib, x: lib.nn.gelu(x),
    )


def max_pool(shape: tuple[int, int, int, int]) -> list[Operation]:
    """Windows of 2 by 2, and with the gradient."""
    batch, channels, height, width = shape
    halves = (batch, channels, height // 2, 2, width // 2, 2)
    label = f"max pool 2x2 {batch}x{channels}x{height}x{width}"
    written = (
        lambda lib, x: lib.functional.max_pool2d(x, 2),
        lambda lib, x: x.reshape(*halves).max((3, 5)),
        lambda lib, x: x.reshape(*halves).max((3, 5)),
    )
    result = (batch, channels, height // 2, width // 2)
    return [
        Operation(label, normal(shape), *written),
        Operation(f"{label}, gradient", distinct(shape, result), *written, differentiated=[0]),
    ]


def batch_norm(shape: tuple[int, int, int, int]) -> Operation:
    """By the statistics of the batch, with gradients."""
    channels = shape[1]
    each = (1, channels, 1, 1)
    return Operation(
        f"batch norm {'x'.join(map(str, shape))}, gradients",
        normal(shape, (channels,), (channels,), shape),
        lambda lib, x, w, b: lib.functional.batch_norm(x, None, None, w, b, True),
        lambda lib, x, w, b: (
            (x - x.mean((0, 2, 3), keepdims=True)) * (w * lib.jax.lax.rsqrt(x.var((0, 2, 3)) + 1e-5)).reshape(*each)
            + b.reshape(*each)
        ),
        lambda lib, x, w, b: (
            (x - x.mean((0, 2, 3), keepdims=True)) * (w * lib.core.rsqrt(x.var((0, 2, 3)) + 1e-5)).reshape(*each)
            + b.reshape(*each)
        ),
        differentiated=[0, 1, 2],
    )


def indexed(count: int, rows: int, columns: int) -> Callable[[], list[Array]]:
    """Numbers of rows, and a matrix with rows for them."""

    def arrays() -> list[Array]:
        generator = np.random.default_rng(0)
        numbers = generator.integers(0, rows, count, dtype=np.int32)
        return [generator.standard_normal((rows, columns), dtype=np.float32), numbers]

    return arrays


def gather(count: int, rows: int, columns: int) -> list[Operation]:
    """Rows of a matrix, and the gradient, which adds them to zeros."""
    label = f"gather {count} rows of {rows}x{columns}"
    written = (lambda lib, w, i: lib.functional.embedding(i, w), lambda lib, w, i: w[i], lambda lib, w, i: w[i])
    arrays = indexed(count, rows, columns)
    gradient = normal((count, columns))
    return [
        Operation(label, arrays, *written, touched=count * (4 + 2 * columns * 4)),
        Operation(f"{label}, gradient", lambda: [*arrays(), *gradient()], *written, differentiated=[0]),
    ]


def labelled(rows: int, classes: int) -> Callable[[], list[Array]]:
    """Logits, classes, and the gradient of their loss."""

    def arrays() -> list[Array]:
        generator = np.random.default_rng(0)
        logits = generator.standard_normal((rows, classes), dtype=np.float32)
        return [logits, generator.integers(0, classes, rows, dtype=np.int32), np.ones((), np.float32)]

    return arrays


def cross_entropy(rows: int, classes: int) -> Operation:
    """The gradient for logits."""
    return Operation(
        f"cross entropy {rows}x{classes}, gradient",
        labelled(rows, classes),
        lambda lib, x, y: lib.functional.cross_entropy(x, y),
        lambda lib, x, y: -lib.numpy.take_along_axis(lib.jax.nn.log_softmax(x), y[:, None], 1).mean(),
        lambda lib, x, y: lib.nn.losses.cross_entropy(x, y, reduction="mean"),
        differentiated=[0],
    )


def transposed(rows: int, columns: int) -> Operation:
    return Operation(
        f"transpose {rows}x{columns}, copied",
        normal((rows, columns)),
        lambda lib, x: x.T.contiguous(),
        lambda lib, x: x.T,
        lambda lib, x: lib.core.contiguous(x.T),
    )


def concatenated(rows: int, columns: int) -> Operation:
    return Operation(
        f"concatenate 2 of {rows}x{columns}",
        normal((rows, columns), (rows, columns)),
        lambda lib, x, y: lib.torch.cat([x, y], 1),
        lambda lib, x, y: lib.numpy.concatenate([x, y], 1),
        lambda lib, x, y: lib.core.concatenate([x, y], 1),
        rutile=lambda lib, x, y: lib.rt.concat([x, y], axis=1),
    )


def cumulative_sum(rows: int, columns: int) -> Operation:
    along_rows = lambda lib, x: x.cumsum(1)  # noqa: E731
    return Operation(f"cumulative sum {rows}x{columns}", normal((rows, columns)), along_rows, along_rows, along_rows)


def sort(shape: tuple[int, ...]) -> Operation:
    """Along the last axis."""
    return Operation(
        f"sort {counted(shape[0]) if len(shape) == 1 else 'x'.join(map(str, shape))}",
        normal(shape),
        lambda lib, x: x.sort(-1).values,
        lambda lib, x: lib.numpy.sort(x, -1),
        lambda lib, x: lib.core.sort(x, -1),
        rutile=lambda lib, x: lib.rt.sort(x, axis=-1),
    )


OPERATIONS: list[Operation] = [
    product((256, 256), (256, 256)),
    product((1024, 1024), (1024, 1024)),
    product((128, 784), (784, 512)),
    product((1024, 384), (384, 1536)),
    product((16, 4096), (4096, 4096), "16x4096x4096 (thin)"),
    product((1, 4096), (4096, 4096), "1x4096x4096 (vector)"),
    product((48, 64, 32), (48, 32, 64), "48 of 64x32x64"),
    product((24, 256, 64), (24, 64, 256), "24 of 256x64x256"),
    *convolution("3x3 64-64 32x32 b16", 16, 64, 64, 32, 3),
    *convolution("3x3 512-512 4x4 b16", 16, 512, 512, 4, 3),
    *convolution("3x3 1-32 28x28 b64", 64, 1, 32, 28, 3),
    *convolution("1x1 256-256 14x14 b16", 16, 256, 256, 14, 1),
    *convolution("depthwise 3x3 128 28x28 b16", 16, 128, 128, 28, 3, 128),
    *max_pool((64, 32, 28, 28)),
    *attention(12, 4, 64, 32),
    *attention(4, 6, 256, 64),
    *softmax((4096, 1024)),
    *layer_norm((4096, 768)),
    *gelu((4096, 1536)),
    batch_norm((16, 64, 32, 32)),
    cross_entropy(1024, 8192),
    reduction("sum", 4096, 2500, None),
    reduction("sum", 4096, 2500, 1),
    reduction("sum", 4096, 2500, 0),
    reduction("max", 4096, 2500, 1),
    reduction("argmax", 4096, 2500, 1),
    sum_of_two(10**7),
    chain(10**7),
    elementwise("exp", "exp", 10**7),
    elementwise("tanh", "tanh", 10**7),
    transposed(4096, 2500),
    concatenated(4096, 1250),
    *gather(8192, 50000, 256),
    cumulative_sum(1000, 10000),
    sort((1000, 1000)),
    sort((10**6,)),
]
