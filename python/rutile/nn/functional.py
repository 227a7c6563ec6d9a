"""The layers as plain functions, with PyTorch's names and argument order.

Shapes: N batch, C channels, H height, W width, d any further axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import rutile as rt
from rutile import _core
from rutile.errors import ShapeError

__all__ = [
    "avg_pool2d",
    "conv2d",
    "cross_entropy",
    "dropout",
    "gelu",
    "linear",
    "log_softmax",
    "max_pool2d",
    "mse_loss",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]

IntOrPair = int | Sequence[int]


def linear(input: rt.Tensor, weight: rt.Tensor, bias: rt.Tensor | None = None) -> rt.Tensor:
    """Return `input @ weight.T + bias`: (..., in), (out, in), (out,) to (..., out).

    >>> linear(rt.tensor([[1.0, 2.0]]), rt.tensor([[3.0, 4.0]])).tolist()
    [[11.0]]
    """
    return _core.linear(input, weight, bias)


def conv2d(
    input: rt.Tensor,
    weight: rt.Tensor,
    bias: rt.Tensor | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> rt.Tensor:
    """Return the 2-D cross-correlation: (N, C, H, W), (out, C / groups, kH, kW), (out,) to (N, out, H', W').

    `padding` is a number of zeros per side, "valid" (none) or "same" (H' == H, W' == W; needs stride 1).

    >>> conv2d(rt.ones((1, 1, 3, 3)), rt.ones((1, 1, 2, 2))).tolist()
    [[[[4.0, 4.0], [4.0, 4.0]]]]
    """
    strides, dilations = _pair("conv2d", "stride", stride), _pair("conv2d", "dilation", dilation)
    if padding == "same":
        if strides != [1, 1]:
            raise ShapeError(f'conv2d with padding="same" needs stride 1, got {stride}: give the padding as numbers')
        reach = [spread * (size - 1) for spread, size in zip(dilations, weight.shape[2:], strict=True)]
        sides = [(total // 2, total - total // 2) for total in reach]
    else:
        sides = _sides("conv2d", 0 if padding == "valid" else padding)
    return _core.conv(input, weight, bias, strides, sides, dilations, groups)


def max_pool2d(
    input: rt.Tensor,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> rt.Tensor:
    """Return the largest value of each window: (N, C, H, W) to (N, C, H', W'); `stride` defaults to the window.

    >>> max_pool2d(rt.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), 2).tolist()
    [[[[4.0]]]]
    """
    kernel = _pair("max_pool2d", "kernel_size", kernel_size)
    strides = kernel if stride is None else _pair("max_pool2d", "stride", stride)
    sides = _sides("max_pool2d", padding)
    return _core.max_pool(input, kernel, strides, sides, _pair("max_pool2d", "dilation", dilation))


def avg_pool2d(
    input: rt.Tensor, kernel_size: IntOrPair, stride: IntOrPair | None = None, padding: IntOrPair = 0
) -> rt.Tensor:
    """Return the mean of each window, padding zeros counted: (N, C, H, W) to (N, C, H', W').

    >>> avg_pool2d(rt.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), 2).tolist()
    [[[[2.5]]]]
    """
    kernel = _pair("avg_pool2d", "kernel_size", kernel_size)
    strides = kernel if stride is None else _pair("avg_pool2d", "stride", stride)
    return _core.avg_pool(input, kernel, strides, _sides("avg_pool2d", padding))


def relu(input: rt.Tensor) -> rt.Tensor:
    """Return `max(input, 0)`, element by element.

    >>> relu(rt.tensor([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """
    return rt.relu(input)


def gelu(input: rt.Tensor, approximate: str = "none") -> rt.Tensor:
    """Return the Gaussian error linear unit, exact or with `approximate="tanh"` (Hendrycks and Gimpel, 2016).

    >>> gelu(rt.tensor([0.0])).tolist()
    [0.0]
    """
    if approximate == "none":
        return input * 0.5 * (rt.erf(input * math.sqrt(0.5)) + 1.0)
    if approximate == "tanh":
        return input * 0.5 * (rt.tanh((input + input * input * input * 0.044715) * math.sqrt(2.0 / math.pi)) + 1.0)
    raise ValueError(f'gelu needs approximate="none" or "tanh", got {approximate!r}')


def tanh(input: rt.Tensor) -> rt.Tensor:
    """Return the hyperbolic tangent, element by element.

    >>> tanh(rt.tensor([0.0])).tolist()
    [0.0]
    """
    return rt.tanh(input)


def sigmoid(input: rt.Tensor) -> rt.Tensor:
    """Return `1 / (1 + exp(-input))`, element by element, without overflow.

    >>> sigmoid(rt.tensor([0.0])).tolist()
    [0.5]
    """
    return rt.sigmoid(input)


def softmax(input: rt.Tensor, dim: int) -> rt.Tensor:
    """Return `exp(input)` scaled so that it sums to 1 along axis `dim`.

    >>> softmax(rt.tensor([[0.0, 0.0]]), dim=1).tolist()
    [[0.5, 0.5]]
    """
    return _core.softmax(input, dim)


def log_softmax(input: rt.Tensor, dim: int) -> rt.Tensor:
    """Return the logarithm of `softmax(input, dim)`, computed without overflow.

    >>> log_softmax(rt.tensor([[5.0]]), dim=1).tolist()
    [[0.0]]
    """
    return _core.log_softmax(input, dim)


def cross_entropy(
    input: rt.Tensor,
    target: rt.Tensor,
    weight: rt.Tensor | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> rt.Tensor:
    """Return the cross entropy of logits `input` (N, C, d...) and `target`: class indices (N, d...) or probabilities.

    `weight` (C,) scales the classes; targets equal to `ignore_index` do not count;
    `reduction` is "mean", "sum" or "none".

    >>> round(cross_entropy(rt.tensor([[0.0, 0.0]]), rt.tensor([1])).item(), 4)
    0.6931
    """
    return _core.cross_entropy(
        input, target, weight, ignore_index, _reduction("cross_entropy", reduction), label_smoothing
    )


def mse_loss(input: rt.Tensor, target: rt.Tensor, reduction: str = "mean") -> rt.Tensor:
    """Return the squared difference of two tensors of one shape; `reduction` is "mean", "sum" or "none".

    >>> mse_loss(rt.tensor([1.0, 3.0]), rt.tensor([1.0, 1.0])).item()
    2.0
    """
    if input.shape != target.shape:
        raise ShapeError(
            f"mse_loss needs input.shape == target.shape, got {input.shape} and {target.shape}: reshape one"
        )
    return _core.mse_loss(input, target, _reduction("mse_loss", reduction))


def dropout(input: rt.Tensor, p: float = 0.5, training: bool = True) -> rt.Tensor:
    """Set each element to 0 with probability `p` and divide the rest by `1 - p`; the identity unless `training`.

    >>> dropout(rt.tensor([1.0]), p=0.5, training=False).tolist()
    [1.0]
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout needs 0 <= p <= 1, got {p}")
    if not training or p == 0.0:
        return input
    return input * 0.0 if p == 1.0 else _core.dropout(input, p)


def _pair(function: str, argument: str, value: IntOrPair) -> list[int]:
    if isinstance(value, int):
        return [value, value]
    if len(value) != 2:
        raise ShapeError(f"{function} needs one or two numbers as {argument}, got {tuple(value)}")
    return [int(number) for number in value]


def _sides(function: str, padding: IntOrPair | str) -> list[tuple[int, int]]:
    if isinstance(padding, str):
        raise ValueError(f'{function} needs padding as numbers, "same" or "valid", got {padding!r}')
    return [(size, size) for size in _pair(function, "padding", padding)]


def _reduction(function: str, reduction: str) -> str:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f'{function} needs reduction="mean", "sum" or "none", got {reduction!r}')
    return reduction
