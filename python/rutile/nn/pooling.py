"""Pooling layers."""

from __future__ import annotations

import rutile as rt
from rutile.nn import functional
from rutile.nn.functional import IntOrPair
from rutile.nn.functional.pooling import Adapted
from rutile.nn.module import Module

__all__ = ["AdaptiveAvgPool2d", "AvgPool2d", "MaxPool2d"]


class MaxPool2d(Module):
    """Keep the largest value of each window: (N, C, H, W) to (N, C, H', W'); `stride` defaults to the window.

    >>> MaxPool2d(2)(rt.zeros((1, 3, 8, 8))).shape
    (1, 3, 4, 4)
    """

    def __init__(
        self, kernel_size: IntOrPair, stride: IntOrPair | None = None, padding: IntOrPair = 0, dilation: IntOrPair = 1
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.max_pool2d(input, self.kernel_size, self.stride, self.padding, self.dilation)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, dilation={self.dilation}"


class AvgPool2d(Module):
    """Take the mean of each window, padding zeros counted: (N, C, H, W) to (N, C, H', W').

    >>> AvgPool2d(2)(rt.zeros((1, 3, 8, 8))).shape
    (1, 3, 4, 4)
    """

    def __init__(self, kernel_size: IntOrPair, stride: IntOrPair | None = None, padding: IntOrPair = 0) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.avg_pool2d(input, self.kernel_size, self.stride, self.padding)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AdaptiveAvgPool2d(Module):
    """Take the means of windows that divide the image into `output_size` parts: (N, C, H, W) to (N, C, H', W').

    A size of None keeps the axis.

    >>> AdaptiveAvgPool2d(1)(rt.ones((1, 3, 5, 8))).shape
    (1, 3, 1, 1)
    """

    def __init__(self, output_size: Adapted) -> None:
        self.output_size = output_size

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.adaptive_avg_pool2d(input, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"
