"""Normalisations over batches, layers, groups and instances."""

from __future__ import annotations

from collections.abc import Sequence

import rutile as rt
from rutile import _core, pending
from rutile.errors import ShapeError
from rutile.functions.statistics import vector_norm


def layer_norm(
    input: rt.Tensor,
    normalized_shape: Sequence[int],
    weight: rt.Tensor | None = None,
    bias: rt.Tensor | None = None,
    eps: float = 1e-5,
) -> rt.Tensor:
    """Return the input standardised over its last axes, times weight plus bias, both of `normalized_shape`.

    >>> layer_norm(rt.tensor([[1.0, 1.0]]), (2,)).tolist()
    [[0.0, 0.0]]
    """
    shape = [normalized_shape] if isinstance(normalized_shape, int) else list(normalized_shape)
    return _core.layer_norm(input, shape, weight, bias, eps)


def rms_norm(
    input: rt.Tensor, normalized_shape: Sequence[int], weight: rt.Tensor | None = None, eps: float | None = None
) -> rt.Tensor:
    """Return the input divided by the root of the mean of its squares over the last axes, times weight.

    `eps` defaults to the float32 precision (Zhang and Sennrich, 2019).

    >>> rms_norm(rt.tensor([[2.0, 2.0]]), (2,)).round().tolist()
    [[1.0, 1.0]]
    """
    shape = [normalized_shape] if isinstance(normalized_shape, int) else list(normalized_shape)
    return _core.rms_norm(input, shape, weight, 2.0**-23 if eps is None else eps)


def batch_norm(
    input: rt.Tensor,
    running_mean: rt.Tensor | None,
    running_var: rt.Tensor | None,
    weight: rt.Tensor | None = None,
    bias: rt.Tensor | None = None,
    training: bool = False,
    momentum: float | rt.Tensor = 0.1,
    eps: float = 1e-5,
) -> rt.Tensor:
    """Return the input (N, C, ...) standardised for each channel (Ioffe and Szegedy, 2015), times weight plus bias.

    With `training`, by the batch's mean and variance, which also move the running ones (in place) by `momentum`;
    otherwise by the running ones.

    >>> batch_norm(rt.tensor([[1.0], [3.0]]), None, None, training=True).round().tolist()
    [[-1.0], [1.0]]
    """
    if input.ndim < 2:
        raise ShapeError(f"batch_norm needs an input (N, C, ...), got {input.shape}")
    line = [1, input.shape[1], *[1] * (input.ndim - 2)]
    if training:
        axes = [0, *range(2, input.ndim)]
        count = input.size // max(input.shape[1], 1)
        if count <= 1:
            raise ValueError(f"batch_norm needs more than one value for each channel to train, got {input.shape}")
        mean = input.mean(axes, keepdims=True)
        centred = input - mean
        variance = (centred * centred).mean(axes, keepdims=True)
        with rt.no_grad():
            _move(running_mean, mean, momentum)
            _move(running_var, variance * (count / (count - 1)), momentum)
    else:
        if running_mean is None or running_var is None:
            raise ValueError("batch_norm needs running_mean and running_var unless training, got None")
        centred, variance = input - running_mean.reshape(line), running_var.reshape(line)
    scale = 1.0 / (variance + eps).sqrt()
    result = centred * (scale if weight is None else scale * weight.reshape(line))
    return result if bias is None else result + bias.reshape(line)


def _move(running: rt.Tensor | None, value: rt.Tensor, momentum: float | rt.Tensor) -> None:
    if running is not None:
        value = value.detach().reshape(running.shape)
        pending.change(running, running * (1.0 - momentum) + value * momentum)


def instance_norm(
    input: rt.Tensor,
    running_mean: rt.Tensor | None = None,
    running_var: rt.Tensor | None = None,
    weight: rt.Tensor | None = None,
    bias: rt.Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float | rt.Tensor = 0.1,
    eps: float = 1e-5,
) -> rt.Tensor:
    """Return the input (N, C, ...) standardised for each sample and channel (Ulyanov et al., 2016).

    >>> instance_norm(rt.tensor([[[1.0, 3.0]]])).round().tolist()
    [[[-1.0, 1.0]]]
    """
    if not use_input_stats:
        return batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    if input.ndim < 3:
        raise ShapeError(f"instance_norm needs an input (N, C, ...), got {input.shape}")
    axes = list(range(2, input.ndim))
    if running_mean is not None or running_var is not None:
        with rt.no_grad():
            count = input.size // (input.shape[0] * input.shape[1])
            _move(running_mean, input.mean(axes).mean(0), momentum)
            _move(running_var, input.var(axes, correction=1 if count > 1 else 0).mean(0), momentum)
    return _per_channel(_core.standardize(input, axes, eps), weight, bias)


def group_norm(
    input: rt.Tensor,
    num_groups: int,
    weight: rt.Tensor | None = None,
    bias: rt.Tensor | None = None,
    eps: float = 1e-5,
) -> rt.Tensor:
    """Return the input (N, C, ...) standardised for each sample over groups of channels (Wu and He, 2018).

    >>> group_norm(rt.tensor([[[1.0], [3.0]]]), 1).round().tolist()
    [[[-1.0], [1.0]]]
    """
    if input.ndim < 2 or num_groups < 1 or input.shape[1] % num_groups:
        raise ShapeError(f"group_norm needs (N, C, ...), C divisible by {num_groups} groups, got {input.shape}")
    grouped = input.reshape(input.shape[0], num_groups, -1)
    return _per_channel(_core.standardize(grouped, [2], eps).reshape(input.shape), weight, bias)


def _per_channel(x: rt.Tensor, weight: rt.Tensor | None, bias: rt.Tensor | None) -> rt.Tensor:
    line = [1, x.shape[1], *[1] * (x.ndim - 2)]
    x = x if weight is None else x * weight.reshape(line)
    return x if bias is None else x + bias.reshape(line)


def local_response_norm(
    input: rt.Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> rt.Tensor:
    """Return the input divided by (k + alpha · mean of squares over `size` neighbouring channels)^beta.

    >>> local_response_norm(rt.zeros((1, 2, 1)), 2).tolist()
    [[[0.0], [0.0]]]
    """
    if input.ndim < 3:
        raise ShapeError(f"local_response_norm needs an input (N, C, ...), got {input.shape}")
    padding = [(0, 0)] * input.ndim
    padding[1] = (size // 2, (size - 1) // 2)
    squares = _core.window(_core.pad(input * input, padding, 0.0), 1, size, 1, 1).sum(2)
    return input / (squares * (alpha / size) + k) ** beta


def normalize(input: rt.Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> rt.Tensor:
    """Return the input divided by its p-norm along an axis, at least `eps`.

    >>> normalize(rt.tensor([[3.0, 4.0]])).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    size = vector_norm(input, axis=dim, keepdims=True, ord=p)
    return input / rt.where(size < eps, eps, size)
