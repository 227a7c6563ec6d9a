"""Layers that resize images, or exchange channels for space."""

from __future__ import annotations

from collections.abc import Sequence

import rutile as rt
from rutile.nn import functional
from rutile.nn.module import Module

__all__ = [
    "ChannelShuffle",
    "PixelShuffle",
    "PixelUnshuffle",
    "Upsample",
    "UpsamplingBilinear2d",
    "UpsamplingNearest2d",
]


class Upsample(Module):
    """Resize (N, C, *S) to `size`, or by `scale_factor`, by interpolation.

    `mode` is "nearest", "linear" (1-D), "bilinear", "bicubic" (2-D) or "trilinear" (3-D); with `align_corners`, the
    centres of the corner elements stay where they are, else the corners do.

    >>> Upsample(scale_factor=2)(rt.tensor([[[1.0, 2.0]]])).tolist()
    [[[1.0, 1.0, 2.0, 2.0]]]
    """

    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: float | Sequence[float] | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        self.size = size
        self.scale_factor = scale_factor
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        settings = (self.size, self.scale_factor, self.mode, self.align_corners, self.recompute_scale_factor)
        return functional.interpolate(input, *settings)

    def extra_repr(self) -> str:
        target = f"size={self.size}" if self.scale_factor is None else f"scale_factor={self.scale_factor}"
        return f"{target}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """Resize images (N, C, H, W) by repeating elements.

    >>> UpsamplingNearest2d(scale_factor=2)(rt.ones((1, 1, 2, 3))).shape
    (1, 1, 4, 6)
    """

    def __init__(
        self, size: int | Sequence[int] | None = None, scale_factor: float | Sequence[float] | None = None
    ) -> None:
        super().__init__(size, scale_factor)


class UpsamplingBilinear2d(Upsample):
    """Resize images (N, C, H, W) by bilinear interpolation between the centres of the corner elements.

    >>> UpsamplingBilinear2d(scale_factor=2)(rt.ones((1, 1, 2, 3))).shape
    (1, 1, 4, 6)
    """

    def __init__(
        self, size: int | Sequence[int] | None = None, scale_factor: float | Sequence[float] | None = None
    ) -> None:
        super().__init__(size, scale_factor, "bilinear", True)


class PixelShuffle(Module):
    """Return (N, C * r², H, W) as (N, C, H * r, W * r), r being `upscale_factor` (Shi et al., 2016).

    >>> PixelShuffle(2)(rt.ones((1, 4, 1, 1))).shape
    (1, 1, 2, 2)
    """

    def __init__(self, upscale_factor: int) -> None:
        self.upscale_factor = upscale_factor

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """Return (N, C, H * r, W * r) as (N, C * r², H, W), r being `downscale_factor`: undoes `PixelShuffle`.

    >>> PixelUnshuffle(2)(rt.ones((1, 1, 2, 2))).shape
    (1, 4, 1, 1)
    """

    def __init__(self, downscale_factor: int) -> None:
        self.downscale_factor = downscale_factor

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return f"downscale_factor={self.downscale_factor}"


class ChannelShuffle(Module):
    """Interleave the channels of (N, C, ...) out of `groups` groups (Zhang et al., 2017).

    >>> ChannelShuffle(2)(rt.arange(4).reshape(1, 4, 1)).reshape(4).tolist()
    [0, 2, 1, 3]
    """

    def __init__(self, groups: int) -> None:
        self.groups = groups

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"
