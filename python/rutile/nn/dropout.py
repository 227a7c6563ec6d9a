"""Dropout layers: active while training, the identity after `eval()`. Random numbers come from `rutile.random`."""

from __future__ import annotations

from collections.abc import Callable

import rutile as rt
from rutile.nn import functional
from rutile.nn.module import Module

__all__ = ["AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout"]


class _Dropout(Module):
    function: Callable[..., rt.Tensor]

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"{type(self).__name__} needs 0 <= p <= 1, got {p}")
        self.p = p
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        call = type(self).function
        return call(input, self.p, self.training)

    def extra_repr(self) -> str:
        return f"p={self.p}"


class Dropout(_Dropout):
    """Set each element to 0 with probability `p` and divide the rest by `1 - p` (Srivastava, 2014).

    >>> Dropout(0.5).eval()(rt.tensor([1.0])).tolist()
    [1.0]
    """

    function = functional.dropout


class Dropout1d(_Dropout):
    """Set whole channels of (N, C, L) to 0 with probability `p` and divide the rest by `1 - p` (Tompson, 2015).

    >>> Dropout1d(0.5).eval()(rt.ones((1, 1, 2))).tolist()
    [[[1.0, 1.0]]]
    """

    function = functional.dropout1d


class Dropout2d(_Dropout):
    """Set whole channels of (N, C, H, W) to 0 with probability `p` and divide the rest by `1 - p` (Tompson, 2015).

    >>> Dropout2d(0.5).eval()(rt.ones((1, 1, 1, 2))).tolist()
    [[[[1.0, 1.0]]]]
    """

    function = functional.dropout2d


class Dropout3d(_Dropout):
    """Set whole channels of (N, C, D, H, W) to 0 with probability `p` and divide the rest by `1 - p` (Tompson, 2015).

    >>> Dropout3d(0.5).eval()(rt.ones((1, 1, 1, 1, 2))).shape
    (1, 1, 1, 1, 2)
    """

    function = functional.dropout3d


class AlphaDropout(_Dropout):
    """Set elements to SELU's negative limit with probability `p`, keeping mean and variance (Klambauer et al., 2017).

    >>> AlphaDropout(0.5).eval()(rt.tensor([1.0])).tolist()
    [1.0]
    """

    function = functional.alpha_dropout


class FeatureAlphaDropout(_Dropout):
    """Set whole channels (N, C) to SELU's negative limit with probability `p`; see `AlphaDropout`.

    >>> FeatureAlphaDropout(0.5).eval()(rt.ones((1, 1, 2))).tolist()
    [[[1.0, 1.0]]]
    """

    function = functional.feature_alpha_dropout
