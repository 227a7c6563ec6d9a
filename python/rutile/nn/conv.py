"""Convolution layers and their transposes. N batch, C channels, F filters, L or H, W or D, H, W space."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import rutile as rt
from rutile.errors import ShapeError
from rutile.nn import functional
from rutile.nn.functional._arguments import IntOrTuple, margins, sizes
from rutile.nn.initialise import fan_in_uniform
from rutile.nn.module import Module

__all__ = [
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "Fold",
    "Unfold",
]

_SPACE = {1: "L", 2: "H, W", 3: "D, H, W"}


class _Conv(Module):
    """What all convolutions share: arguments, weights and what the input must look like."""

    rank: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: IntOrTuple,
        stride: IntOrTuple,
        padding: IntOrTuple | str,
        dilation: IntOrTuple,
        groups: int,
        bias: bool,
        padding_mode: str,
        device: str | None,
    ) -> None:
        name = type(self).__name__
        modes = ("zeros",) if self.transposed else ("zeros", "reflect", "replicate", "circular")
        if padding_mode not in modes:
            raise ValueError(f"{name} needs padding_mode of {', '.join(modes)}, got {padding_mode!r}")
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise ShapeError(
                f"{name} needs in_channels and out_channels divisible by groups, "
                f"got {in_channels}, {out_channels} and {groups}"
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = tuple(sizes(name, "kernel_size", kernel_size, self.rank))
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.padding_mode = padding_mode
        rows, columns = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        fan_in = columns // groups * math.prod(self.kernel_size)
        self.weight = fan_in_uniform((rows, columns // groups, *self.kernel_size), fan_in, device)
        self.bias = fan_in_uniform((out_channels,), fan_in, device) if bias else None

    def check(self, input: rt.Tensor) -> None:
        """Raise unless the input has the channels and axes that the layer is made for."""
        shape = input.shape
        if len(shape) not in (self.rank + 1, self.rank + 2) or shape[-self.rank - 1] != self.in_channels:
            raise ShapeError(
                f"{self!r} needs x of shape (N, {self.in_channels}, {_SPACE[self.rank]}), or without N, got {shape}: "
                f"channels are axis 1; add a missing axis with unsqueeze"
            )

    def extra_repr(self) -> str:
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"]
        parts += [f"padding={self.padding!r}"] if self.padding != 0 else []
        parts += [f"dilation={self.dilation}"] if self.dilation != 1 else []
        parts += [f"groups={self.groups}"] if self.groups != 1 else []
        parts += ["bias=False"] if self.bias is None else []
        parts += [f"padding_mode={self.padding_mode!r}"] if self.padding_mode != "zeros" else []
        return ", ".join(parts)


class _Direct(_Conv):
    function: Callable[..., rt.Tensor]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: IntOrTuple,
        stride: IntOrTuple = 1,
        padding: IntOrTuple | str = 0,
        dilation: IntOrTuple = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: str | None = None,
    ) -> None:
        super().__init__(
            *(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device)
        )

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        self.check(input)
        padding = self.padding
        if self.padding_mode != "zeros":
            input, padding = functional.pad(input, self._sides(), self.padding_mode), 0
        call = type(self).function
        return call(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def _sides(self) -> list[int]:
        """Elements before and after each axis, last axis first, as `functional.pad` takes them."""
        name, rank = type(self).__name__, self.rank
        if self.padding == "valid":
            pairs = [(0, 0)] * rank
        elif self.padding == "same":
            spread = sizes(name, "dilation", self.dilation, rank)
            reach = [gap * (taps - 1) for gap, taps in zip(spread, self.kernel_size, strict=True)]
            pairs = [(total // 2, total - total // 2) for total in reach]
        elif isinstance(self.padding, str):
            raise ValueError(f'{name} needs padding as numbers, "same" or "valid", got {self.padding!r}')
        else:
            pairs = [(side, side) for side in margins(name, "padding", self.padding, rank)]
        return [side for pair in reversed(pairs) for side in pair]


class Conv1d(_Direct):
    """Cross-correlate sequences with learned kernels: (N, C, L) to (N, F, L').

    State: `weight` (F, C / groups, k), `bias` (F,); L' = (L + 2 padding - dilation (k - 1) - 1) // stride + 1.
    `padding` may also be "same" or "valid"; `padding_mode` is "zeros", "reflect", "replicate" or "circular".
    Raises ShapeError when the input has other axes or another number of channels.

    >>> Conv1d(1, 4, 3, padding=1)(rt.zeros((2, 1, 8))).shape
    (2, 4, 8)
    """

    rank = 1
    function = functional.conv1d


class Conv2d(_Direct):
    """Cross-correlate images with learned kernels: (N, C, H, W) to (N, F, H', W').

    State: `weight` (F, C / groups, kH, kW), `bias` (F,); else as `Conv1d`.

    >>> Conv2d(1, 16, 3, padding=1)(rt.zeros((2, 1, 8, 8))).shape
    (2, 16, 8, 8)
    """

    rank = 2
    function = functional.conv2d


class Conv3d(_Direct):
    """Cross-correlate volumes with learned kernels: (N, C, D, H, W) to (N, F, D', H', W').

    State: `weight` (F, C / groups, kD, kH, kW), `bias` (F,); else as `Conv1d`.

    >>> Conv3d(1, 2, 3)(rt.zeros((1, 1, 4, 4, 4))).shape
    (1, 2, 2, 2, 2)
    """

    rank = 3
    function = functional.conv3d


class _Transposed(_Conv):
    transposed = True
    function: Callable[..., rt.Tensor]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: IntOrTuple,
        stride: IntOrTuple = 1,
        padding: IntOrTuple = 0,
        output_padding: IntOrTuple = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: IntOrTuple = 1,
        padding_mode: str = "zeros",
        device: str | None = None,
    ) -> None:
        super().__init__(
            *(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device)
        )
        self.output_padding = output_padding

    def forward(self, input: rt.Tensor, output_size: Sequence[int] | None = None) -> rt.Tensor:
        """Compute the output; `output_size` of its space settles what a stride leaves open, in place of `output_padding`."""
        self.check(input)
        extra = self.output_padding if output_size is None else self._extra(input, list(output_size))
        call = type(self).function
        settings = (self.stride, self.padding, extra, self.groups, self.dilation)
        return call(input, self.weight, self.bias, *settings)

    def extra_repr(self) -> str:
        extra = "" if self.output_padding == 0 else f", output_padding={self.output_padding}"
        return super().extra_repr() + extra

    def _extra(self, input: rt.Tensor, output_size: list[int]) -> list[int]:
        """The output padding that gives an output of this size."""
        name, rank = type(self).__name__, self.rank
        strides, sides, spread = (
            sizes(name, argument, getattr(self, argument), rank) for argument in ("stride", "padding", "dilation")
        )
        space = input.shape[-rank:]
        least = [
            (space[axis] - 1) * strides[axis] - 2 * sides[axis] + spread[axis] * (self.kernel_size[axis] - 1) + 1
            for axis in range(rank)
        ]
        extra = [wanted - size for wanted, size in zip(output_size[-rank:], least, strict=False)]
        if len(extra) != rank or any(not 0 <= more < step for more, step in zip(extra, strides, strict=True)):
            most = [size + step - 1 for size, step in zip(least, strides, strict=True)]
            raise ShapeError(f"{self!r} needs output_size from {least} to {most}, got {output_size}")
        return extra


class ConvTranspose1d(_Transposed):
    """Transpose of `Conv1d`, which makes sequences longer: (N, C, L) to (N, F, L').

    State: `weight` (C, F / groups, k), `bias` (F,).
    L' = (L - 1) stride - 2 padding + dilation (k - 1) + output_padding + 1.
    Raises ShapeError when the input has other axes or another number of channels.

    >>> ConvTranspose1d(1, 4, 2, stride=2)(rt.zeros((2, 1, 8))).shape
    (2, 4, 16)
    """

    rank = 1
    function = functional.conv_transpose1d


class ConvTranspose2d(_Transposed):
    """Transpose of `Conv2d`, which makes images larger: (N, C, H, W) to (N, F, H', W').

    State: `weight` (C, F / groups, kH, kW), `bias` (F,); else as `ConvTranspose1d`.

    >>> ConvTranspose2d(1, 4, 2, stride=2)(rt.zeros((2, 1, 8, 8))).shape
    (2, 4, 16, 16)
    """

    rank = 2
    function = functional.conv_transpose2d


class ConvTranspose3d(_Transposed):
    """Transpose of `Conv3d`, which makes volumes larger: (N, C, D, H, W) to (N, F, D', H', W').

    State: `weight` (C, F / groups, kD, kH, kW), `bias` (F,); else as `ConvTranspose1d`.

    >>> ConvTranspose3d(1, 2, 2, stride=2)(rt.zeros((1, 1, 2, 2, 2))).shape
    (1, 2, 4, 4, 4)
    """

    rank = 3
    function = functional.conv_transpose3d


class Unfold(Module):
    """Return the windows of images as columns: (N, C, H, W) to (N, C * kH * kW, windows).

    >>> Unfold(2)(rt.ones((1, 1, 2, 2))).shape
    (1, 4, 1)
    """

    def __init__(
        self, kernel_size: IntOrTuple, dilation: IntOrTuple = 1, padding: IntOrTuple = 0, stride: IntOrTuple = 1
    ) -> None:
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"


class Fold(Module):
    """Return the sum of windows laid over each other: (N, C * kH * kW, windows) to (N, C, H, W).

    >>> Fold((2, 2), 2)(rt.ones((1, 4, 1))).shape
    (1, 1, 2, 2)
    """

    def __init__(
        self,
        output_size: IntOrTuple,
        kernel_size: IntOrTuple,
        dilation: IntOrTuple = 1,
        padding: IntOrTuple = 0,
        stride: IntOrTuple = 1,
    ) -> None:
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        settings = (self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)
        return functional.fold(input, *settings)

    def extra_repr(self) -> str:
        return (
            f"output_size={self.output_size}, kernel_size={self.kernel_size}, dilation={self.dilation}, "
            f"padding={self.padding}, stride={self.stride}"
        )
