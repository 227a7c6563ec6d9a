"""Normalisation layers: over batches, layers, groups and instances. N batch, C channels, L or H, W or D, H, W space."""

from __future__ import annotations

from collections.abc import Sequence

import rutile as rt
from rutile import pending
from rutile.errors import ShapeError
from rutile.nn import functional
from rutile.nn.initialise import constant
from rutile.nn.module import Module

__all__ = [
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "GroupNorm",
    "InstanceNorm1d",
    "InstanceNorm2d",
    "InstanceNorm3d",
    "LayerNorm",
    "LocalResponseNorm",
    "RMSNorm",
]


class _ChannelNorm(Module):
    """What batch and instance normalisation share: scale and shift of each channel, running mean and variance."""

    shapes: tuple[str, ...]
    """What an input may look like, such as "(N, C, L)"."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: str | None = None,
    ) -> None:
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.weight = constant((num_features,), 1.0, device) if affine else None
        self.bias = constant((num_features,), 0.0, device) if affine else None
        self.running_mean: rt.Tensor | None = None
        self.running_var: rt.Tensor | None = None
        self.num_batches_tracked: rt.Tensor | None = None
        if track_running_stats:
            # The counter is int32, which every device has; PyTorch's int64 one is loaded into it and from it.
            buffers = {"running_mean": rt.zeros((num_features,), device=device)}
            buffers |= {"running_var": rt.ones((num_features,), device=device)}
            buffers |= {"num_batches_tracked": rt.tensor(0, device=device)}
            rt.eval(*buffers.values())
            for name, buffer in buffers.items():
                self.register_buffer(name, buffer)

    def check(self, input: rt.Tensor) -> None:
        """Raise unless the input has the axes and channels that the layer is made for."""
        for shape in self.shapes:
            axes = shape.strip("()").split(", ")
            if input.ndim == len(axes) and input.shape[axes.index("C")] == self.num_features:
                return
        needs = " or ".join(self.shapes).replace("C", str(self.num_features))
        raise ShapeError(f"{self!r} needs x of shape {needs}, got {input.shape}")

    def reset_running_stats(self) -> None:
        """Forget the batches seen so far."""
        if self.running_mean is not None and self.running_var is not None and self.num_batches_tracked is not None:
            self.running_mean.assign_(self.running_mean * 0.0)
            self.running_var.assign_(self.running_var * 0.0 + 1.0)
            self.num_batches_tracked.assign_(self.num_batches_tracked * 0)

    def momentum_now(self) -> float | rt.Tensor:
        """Return how far this batch moves the running statistics; without `momentum`, they are plain averages."""
        if self.num_batches_tracked is None:
            return self.momentum or 0.0
        pending.change(self.num_batches_tracked, self.num_batches_tracked + 1)
        return 1.0 / self.num_batches_tracked.float() if self.momentum is None else self.momentum

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class _BatchNorm(_ChannelNorm):
    """While training, standardise by the batch's own statistics and move the running ones; else by the running ones."""

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        self.check(input)
        training = self.training or self.running_mean is None
        momentum = self.momentum_now() if self.training else 0.0
        return functional.batch_norm(
            *(input, self.running_mean, self.running_var, self.weight, self.bias), training, momentum, self.eps
        )


class BatchNorm1d(_BatchNorm):
    """Standardise each channel of (N, C) or (N, C, L) over the other axes (Ioffe and Szegedy, 2015).

    State: `weight`, `bias`, `running_mean`, `running_var` (C,), `num_batches_tracked` (). The running statistics, moved
    by `momentum` with each batch, are used after `eval()`; without `momentum` they are plain averages.
    Raises ShapeError when the input has other axes or another number of channels.

    >>> BatchNorm1d(2)(rt.tensor([[1.0, 5.0], [3.0, 5.0]])).round().tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """

    shapes = ("(N, C)", "(N, C, L)")


class BatchNorm2d(_BatchNorm):
    """Standardise each channel of (N, C, H, W) over the other axes; else as `BatchNorm1d`.

    >>> BatchNorm2d(3)(rt.ones((2, 3, 4, 4))).shape
    (2, 3, 4, 4)
    """

    shapes = ("(N, C, H, W)",)


class BatchNorm3d(_BatchNorm):
    """Standardise each channel of (N, C, D, H, W) over the other axes; else as `BatchNorm1d`.

    >>> BatchNorm3d(3)(rt.ones((2, 3, 2, 2, 2))).shape
    (2, 3, 2, 2, 2)
    """

    shapes = ("(N, C, D, H, W)",)


class _InstanceNorm(_ChannelNorm):
    """Standardise each channel of each sample; with `track_running_stats`, by the running statistics after `eval()`."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: str | None = None,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device)

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        self.check(input)
        single = input.ndim < len(self.shapes[1].split(","))
        x = input.unsqueeze(0) if single else input
        use_input_stats = self.training or self.running_mean is None
        momentum = self.momentum_now() if self.training else 0.0
        result = functional.instance_norm(
            *(x, self.running_mean, self.running_var, self.weight, self.bias), use_input_stats, momentum, self.eps
        )
        return result.squeeze(0) if single else result


class InstanceNorm1d(_InstanceNorm):
    """Standardise each channel of each sample of (N, C, L) or (C, L) (Ulyanov et al., 2016).

    State, if `affine`: `weight`, `bias` (C,); if `track_running_stats`, as `BatchNorm1d`.
    Raises ShapeError when the input has other axes or another number of channels.

    >>> InstanceNorm1d(1)(rt.tensor([[[1.0, 3.0]]])).round().tolist()
    [[[-1.0, 1.0]]]
    """

    shapes = ("(C, L)", "(N, C, L)")


class InstanceNorm2d(_InstanceNorm):
    """Standardise each channel of each sample of (N, C, H, W) or (C, H, W); else as `InstanceNorm1d`.

    >>> InstanceNorm2d(3)(rt.ones((2, 3, 4, 4))).shape
    (2, 3, 4, 4)
    """

    shapes = ("(C, H, W)", "(N, C, H, W)")


class InstanceNorm3d(_InstanceNorm):
    """Standardise each channel of each sample of (N, C, D, H, W) or (C, D, H, W); else as `InstanceNorm1d`.

    >>> InstanceNorm3d(3)(rt.ones((2, 3, 2, 2, 2))).shape
    (2, 3, 2, 2, 2)
    """

    shapes = ("(C, D, H, W)", "(N, C, D, H, W)")


class LayerNorm(Module):
    """Standardise over the last axes, which have the sizes `normalized_shape` (Ba et al., 2016).

    State, if `elementwise_affine`: `weight`, and `bias` if `bias`, of `normalized_shape`.
    Raises ShapeError when the last axes of the input are others.

    >>> LayerNorm(2)(rt.tensor([[1.0, 3.0]])).round().tolist()
    [[-1.0, 1.0]]
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: str | None = None,
    ) -> None:
        self.normalized_shape = _axes(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = constant(self.normalized_shape, 1.0, device) if elementwise_affine else None
        self.bias = constant(self.normalized_shape, 0.0, device) if elementwise_affine and bias else None

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class RMSNorm(Module):
    """Divide by the root of the mean of squares over the last axes, of sizes `normalized_shape` (Zhang, 2019).

    State, if `elementwise_affine`: `weight` of `normalized_shape`. `eps` defaults to float32's precision.
    Raises ShapeError when the last axes of the input are others.

    >>> RMSNorm(2)(rt.tensor([[3.0, 3.0]])).round().tolist()
    [[1.0, 1.0]]
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: str | None = None,
    ) -> None:
        self.normalized_shape = _axes(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = constant(self.normalized_shape, 1.0, device) if elementwise_affine else None

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class GroupNorm(Module):
    """Standardise each sample of (N, C, ...) over `num_groups` groups of its channels (Wu and He, 2018).

    State, if `affine`: `weight`, `bias` (C,).
    Raises ShapeError when the channels cannot be divided into groups.

    >>> GroupNorm(1, 2)(rt.tensor([[1.0, 3.0]])).round().tolist()
    [[-1.0, 1.0]]
    """

    def __init__(
        self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True, device: str | None = None
    ) -> None:
        if num_groups < 1 or num_channels % num_groups:
            raise ShapeError(
                f"GroupNorm needs num_channels divisible by num_groups, got {num_channels} and {num_groups}"
            )
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self.weight = constant((num_channels,), 1.0, device) if affine else None
        self.bias = constant((num_channels,), 0.0, device) if affine else None

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        if input.ndim < 2 or input.shape[1] != self.num_channels:
            raise ShapeError(f"{self!r} needs x of shape (N, {self.num_channels}, ...), got {input.shape}")
        return functional.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}"


class LocalResponseNorm(Module):
    """Divide (N, C, ...) by (k + alpha * mean of squares over `size` neighbouring channels)^beta.

    >>> LocalResponseNorm(2)(rt.zeros((1, 2, 1))).tolist()
    [[[0.0], [0.0]]]
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


def _axes(normalized_shape: int | Sequence[int]) -> tuple[int, ...]:
    return (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
