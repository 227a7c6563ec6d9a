"""Pooling layers: windows of (N, C, *S) or (C, *S) folded to one element each. `stride` defaults to the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import rutile as rt
from rutile.errors import ArgumentError
from rutile.nn import functional
from rutile.nn.functional._arguments import IntOrTuple
from rutile.nn.functional.fractional import Ratio
from rutile.nn.functional.pooling import Adapted
from rutile.nn.module import Module

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "FractionalMaxPool2d",
    "FractionalMaxPool3d",
    "LPPool1d",
    "LPPool2d",
    "LPPool3d",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool1d",
    "MaxUnpool2d",
    "MaxUnpool3d",
]


class _MaxPool(Module):
    function: Callable[..., rt.Tensor]

    def __init__(
        self,
        kernel_size: IntOrTuple,
        stride: IntOrTuple | None = None,
        padding: IntOrTuple = 0,
        dilation: IntOrTuple = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, input: rt.Tensor) -> Any:
        settings = (self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices)
        return type(self).function(input, *settings)

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    """Keep the largest value of each window: (N, C, L) to (N, C, L').

    `ceil_mode` keeps the last windows that reach over the end.

    >>> MaxPool1d(2)(rt.tensor([[1.0, 3.0, 2.0, 0.0]])).tolist()
    [[3.0, 2.0]]
    """

    function = functional.max_pool1d


class MaxPool2d(_MaxPool):
    """Keep the largest value of each window: (N, C, H, W) to (N, C, H', W').

    `ceil_mode` keeps the last windows that reach over the end.

    >>> MaxPool2d(2)(rt.zeros((1, 3, 8, 8))).shape
    (1, 3, 4, 4)
    """

    function = functional.max_pool2d


class MaxPool3d(_MaxPool):
    """Keep the largest value of each window: (N, C, D, H, W) to (N, C, D', H', W').

    `ceil_mode` keeps the last windows that reach over the end.

    >>> MaxPool3d(2)(rt.zeros((1, 3, 4, 4, 4))).shape
    (1, 3, 2, 2, 2)
    """

    function = functional.max_pool3d


class _MaxUnpool(Module):
    function: Callable[..., rt.Tensor]

    def __init__(self, kernel_size: IntOrTuple, stride: IntOrTuple | None = None, padding: IntOrTuple = 0) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding

    def forward(self, input: rt.Tensor, indices: rt.Tensor, output_size: Sequence[int] | None = None) -> rt.Tensor:
        settings = (self.kernel_size, self.stride, self.padding, output_size)
        return type(self).function(input, indices, *settings)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpool):
    """Put values where `MaxPool1d(..., return_indices=True)` found them, and zeros elsewhere.

    >>> MaxUnpool1d(2)(rt.tensor([[[5.0]]]), rt.tensor([[[1]]])).tolist()
    [[[0.0, 5.0]]]
    """

    function = functional.max_unpool1d


class MaxUnpool2d(_MaxUnpool):
    """Put values where `MaxPool2d(..., return_indices=True)` found them, and zeros elsewhere.

    >>> MaxUnpool2d(2)(rt.tensor([[[[5.0]]]]), rt.tensor([[[[2]]]])).tolist()
    [[[[0.0, 0.0], [5.0, 0.0]]]]
    """

    function = functional.max_unpool2d


class MaxUnpool3d(_MaxUnpool):
    """Put values where `MaxPool3d(..., return_indices=True)` found them, and zeros elsewhere.

    >>> MaxUnpool3d(2)(rt.ones((1, 1, 1, 1, 1)), rt.zeros((1, 1, 1, 1, 1), dtype="int32")).sum().item()
    1.0
    """

    function = functional.max_unpool3d


class AvgPool1d(Module):
    """Take the mean of each window: (N, C, L) to (N, C, L').

    `ceil_mode` keeps the last windows that reach over the end; zeros of the padding count if `count_include_pad`.

    >>> AvgPool1d(2)(rt.tensor([[1.0, 3.0, 2.0, 0.0]])).tolist()
    [[2.0, 1.0]]
    """

    def __init__(
        self,
        kernel_size: IntOrTuple,
        stride: IntOrTuple | None = None,
        padding: IntOrTuple = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        settings = (self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)
        return functional.avg_pool1d(input, *settings)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class _AvgPool(AvgPool1d):
    function: Callable[..., rt.Tensor]

    def __init__(
        self,
        kernel_size: IntOrTuple,
        stride: IntOrTuple | None = None,
        padding: IntOrTuple = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.divisor_override = divisor_override

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        call = type(self).function
        settings = (self.stride, self.padding, self.ceil_mode, self.count_include_pad, self.divisor_override)
        return call(input, self.kernel_size, *settings)


class AvgPool2d(_AvgPool):
    """Take the mean of each window: (N, C, H, W) to (N, C, H', W').

    `divisor_override` takes the place of the number of elements; else as `AvgPool1d`.

    >>> AvgPool2d(2)(rt.zeros((1, 3, 8, 8))).shape
    (1, 3, 4, 4)
    """

    function = functional.avg_pool2d


class AvgPool3d(_AvgPool):
    """Take the mean of each window: (N, C, D, H, W) to (N, C, D', H', W').

    `divisor_override` takes the place of the number of elements; else as `AvgPool1d`.

    >>> AvgPool3d(2)(rt.zeros((1, 3, 4, 4, 4))).shape
    (1, 3, 2, 2, 2)
    """

    function = functional.avg_pool3d


class _FractionalMaxPool(Module):
    function: Callable[..., Any]

    def __init__(
        self,
        kernel_size: IntOrTuple,
        output_size: IntOrTuple | None = None,
        output_ratio: Ratio | None = None,
        return_indices: bool = False,
        _random_samples: rt.Tensor | None = None,
    ) -> None:
        if (output_size is None) == (output_ratio is None):
            raise ArgumentError(f"{type(self).__name__} needs output_size or output_ratio, and not both: give one")
        self.kernel_size = kernel_size
        self.output_size = output_size
        self.output_ratio = output_ratio
        self.return_indices = return_indices
        self._random_samples = _random_samples

    def forward(self, input: rt.Tensor) -> Any:
        settings = (self.kernel_size, self.output_size, self.output_ratio, self.return_indices, self._random_samples)
        return type(self).function(input, *settings)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, output_size={self.output_size}, output_ratio={self.output_ratio}"


class FractionalMaxPool2d(_FractionalMaxPool):
    """Keep the largest value of windows laid at random: (N, C, H, W) to (N, C, H', W') (Graham, 2014).

    >>> FractionalMaxPool2d(2, output_ratio=0.5)(rt.ones((1, 2, 6, 6))).shape
    (1, 2, 3, 3)
    """

    function = functional.fractional_max_pool2d


class FractionalMaxPool3d(_FractionalMaxPool):
    """Keep the largest value of windows laid at random: (N, C, D, H, W) to (N, C, D', H', W') (Graham, 2014).

    >>> FractionalMaxPool3d(2, output_size=2)(rt.ones((1, 2, 4, 4, 4))).shape
    (1, 2, 2, 2, 2)
    """

    function = functional.fractional_max_pool3d


class _LPPool(Module):
    function: Callable[..., rt.Tensor]

    def __init__(
        self, norm_type: float, kernel_size: IntOrTuple, stride: IntOrTuple | None = None, ceil_mode: bool = False
    ) -> None:
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.ceil_mode = ceil_mode

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        call = type(self).function
        return call(input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)

    def extra_repr(self) -> str:
        return f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}"


class LPPool1d(_LPPool):
    """Take the p-norm of each window, p being `norm_type`: (N, C, L) to (N, C, L').

    >>> LPPool1d(2, 2)(rt.ones((1, 2, 4))).shape
    (1, 2, 2)
    """

    function = functional.lp_pool1d


class LPPool2d(_LPPool):
    """Take the p-norm of each window, p being `norm_type`: (N, C, H, W) to (N, C, H', W').

    >>> LPPool2d(2, 2)(rt.ones((1, 2, 4, 4))).shape
    (1, 2, 2, 2)
    """

    function = functional.lp_pool2d


class LPPool3d(_LPPool):
    """Take the p-norm of each window, p being `norm_type`: (N, C, D, H, W) to (N, C, D', H', W').

    >>> LPPool3d(2, 2)(rt.ones((1, 2, 4, 4, 4))).shape
    (1, 2, 2, 2, 2)
    """

    function = functional.lp_pool3d


class _Adaptive(Module):
    function: Callable[..., rt.Tensor]

    def __init__(self, output_size: Adapted) -> None:
        self.output_size = output_size

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        call = type(self).function
        return call(input, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_Adaptive):
    """Take the means of windows that divide the axis into `output_size` parts: (N, C, L) to (N, C, L').

    >>> AdaptiveAvgPool1d(1)(rt.ones((1, 3, 5))).shape
    (1, 3, 1)
    """

    function = functional.adaptive_avg_pool1d


class AdaptiveAvgPool2d(_Adaptive):
    """Take the means of windows that divide each axis into `output_size` parts: (N, C, H, W) to (N, C, H', W').

    A size of None keeps the axis.

    >>> AdaptiveAvgPool2d(1)(rt.ones((1, 3, 5, 8))).shape
    (1, 3, 1, 1)
    """

    function = functional.adaptive_avg_pool2d


class AdaptiveAvgPool3d(_Adaptive):
    """Take the means of windows that divide each axis into `output_size` parts: (N, C, D, H, W) to (N, C, D', H', W').

    A size of None keeps the axis.

    >>> AdaptiveAvgPool3d(1)(rt.ones((1, 3, 5, 8, 4))).shape
    (1, 3, 1, 1, 1)
    """

    function = functional.adaptive_avg_pool3d


class _AdaptiveMax(_Adaptive):
    def __init__(self, output_size: Adapted, return_indices: bool = False) -> None:
        super().__init__(output_size)
        self.return_indices = return_indices

    def forward(self, input: rt.Tensor) -> Any:
        return type(self).function(input, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMax):
    """Take the maxima of windows that divide the axis into `output_size` parts: (N, C, L) to (N, C, L').

    >>> AdaptiveMaxPool1d(1)(rt.ones((1, 3, 5))).shape
    (1, 3, 1)
    """

    function = functional.adaptive_max_pool1d


class AdaptiveMaxPool2d(_AdaptiveMax):
    """Take the maxima of windows that divide each axis into `output_size` parts: (N, C, H, W) to (N, C, H', W').

    A size of None keeps the axis.

    >>> AdaptiveMaxPool2d(1)(rt.ones((1, 3, 5, 8))).shape
    (1, 3, 1, 1)
    """

    function = functional.adaptive_max_pool2d


class AdaptiveMaxPool3d(_AdaptiveMax):
    """Take the maxima of windows that divide each axis into `output_size` parts: (N, C, D, H, W) to (N, C, D', H', W').

    A size of None keeps the axis.

    >>> AdaptiveMaxPool3d(1)(rt.ones((1, 3, 5, 8, 4))).shape
    (1, 3, 1, 1, 1)
    """

    function = functional.adaptive_max_pool3d
