"""Convolution layers."""

from __future__ import annotations

import rutile as rt
from rutile.errors import ShapeError
from rutile.nn import functional
from rutile.nn.functional import IntOrPair
from rutile.nn.initialise import fan_in_uniform
from rutile.nn.module import Module

__all__ = ["Conv2d"]


class Conv2d(Module):
    """Cross-correlate images with learned kernels: (N, in_channels, H, W) to (N, out_channels, H', W'), float32.

    State: `weight` (out_channels, in_channels / groups, kH, kW), `bias` (out_channels,).
    H' = (H + 2 padding - dilation (kH - 1) - 1) // stride + 1; `padding` may also be "same" or "valid".
    Raises ShapeError when the input is not 4-D or has another number of channels.

    >>> Conv2d(1, 16, 3, padding=1)(rt.zeros((2, 1, 8, 8))).shape
    (2, 16, 8, 8)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: IntOrPair,
        stride: IntOrPair = 1,
        padding: IntOrPair | str = 0,
        dilation: IntOrPair = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: str | None = None,
    ) -> None:
        if padding_mode != "zeros":
            raise NotImplementedError(
                f'Conv2d needs padding_mode="zeros", got {padding_mode!r}: pad the input before it'
            )
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise ShapeError(
                f"Conv2d needs in_channels and out_channels divisible by groups, "
                f"got {in_channels}, {out_channels} and {groups}"
            )
        height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = (height, width)
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        fan_in = in_channels // groups * height * width
        self.weight = fan_in_uniform((out_channels, in_channels // groups, height, width), fan_in, device)
        self.bias = fan_in_uniform((out_channels,), fan_in, device) if bias else None

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        shape = input.shape
        if len(shape) != 4 or shape[1] != self.in_channels:
            raise ShapeError(
                f"{self!r} needs x of shape (N, {self.in_channels}, H, W), got {shape}: "
                f"channels are axis 1; add a missing axis with unsqueeze"
            )
        return functional.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)

    def extra_repr(self) -> str:
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"]
        parts += [f"padding={self.padding!r}"] if self.padding != 0 else []
        parts += [f"dilation={self.dilation}"] if self.dilation != 1 else []
        parts += [f"groups={self.groups}"] if self.groups != 1 else []
        parts += ["bias=False"] if self.bias is None else []
        return ", ".join(parts)
