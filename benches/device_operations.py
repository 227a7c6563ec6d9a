"""The operations of benches/gpu.py, from little work to much, so that what a device can do is known before it takes long."""

from __future__ import annotations

from operations import (
    Operation,
    attention,
    batch_norm,
    chain,
    concatenated,
    convolution,
    cross_entropy,
    cumulative_sum,
    elementwise,
    gather,
    gelu,
    layer_norm,
    max_pool,
    product,
    reduction,
    softmax,
    sort,
    sum_of_two,
    transposed,
)

__all__ = ["device_operations"]


def device_operations(small: bool) -> list[Operation]:
    """Return the operations in sizes that keep a GPU busy, or so small that a software one takes milliseconds."""

    def size(full: int, tiny: int) -> int:
        return tiny if small else full

    count, side, wide = size(2**25, 2**14), size(4096, 64), size(16384, 256)
    image, filters = size(32, 8), size(64, 8)
    return [
        *(square(size(512, 32)), square(size(1024, 64))),
        *(sum_of_two(count), chain(count), elementwise("exp", "exp", count), elementwise("tanh", "tanh", count)),
        *(reduction("sum", side, side, axis) for axis in (None, 1, 0)),
        *(reduction("max", side, side, axis) for axis in (1, 0)),
        reduction("argmax", side, side, 1),
        *softmax((side, size(1024, 48))),
        *softmax((size(256, 4), wide)),
        *layer_norm((side, size(768, 48))),
        *gelu((side, size(1536, 48))),
        cross_entropy(size(2048, 16), size(8192, 100)),
        *(transposed(side, size(4000, 40)), concatenated(side, size(2048, 20))),
        cumulative_sum(size(1000, 10), size(10000, 700)),
        *(sort((size(1000, 10), size(1000, 100))), sort((size(10**6, 5000),))),
        *gather(size(8192, 64), size(50000, 100), size(256, 16)),
        *max_pool((size(64, 2), 32, image, image)),
        batch_norm((size(64, 2), filters, image, image)),
        product((16, side), (side, side), f"16x{side}x{side} (thin)"),
        product((1, side), (side, side), f"1x{side}x{side} (vector)"),
        product((128, wide), (wide, 128), f"128x{wide}x128 (deep)"),
        product((48, 64, 32), (48, 32, 64), "48 of 64x32x64"),
        product((size(96, 2), 256, 64), (size(96, 2), 64, 256), f"{size(96, 2)} of 256x64x256"),
        *attention(size(12, 1), 4, 64, 32),
        *attention(size(4, 1), size(6, 2), size(256, 32), 64),
        *attention(size(2, 1), size(8, 2), size(1024, 40), 64),
        *conv("3x3", size(64, 2), 1, size(32, 8), image, 3),
        *conv("1x1", size(64, 2), size(256, 16), size(256, 16), size(14, 7), 1),
        *conv("depthwise 3x3", size(64, 2), size(128, 8), size(128, 8), size(28, 7), 3, size(128, 8)),
        *conv("3x3", size(64, 2), filters, filters, image, 3),
        *conv("3x3", size(64, 2), size(512, 16), size(512, 16), 4, 3),
        *(square(size(2048, 96)), square(size(2048, 96), "float16")),
        *(square(size(4096, 128)), square(size(4096, 128), "float16")),
    ]


def square(side: int, dtype: str = "float32") -> Operation:
    """A product of square matrices; sums are float32 in both dtypes."""
    name = f"{side}x{side}x{side}" + ("" if dtype == "float32" else f" {dtype}")
    return product((side, side), (side, side), name, dtype)


def conv(name: str, batch: int, channels: int, filters: int, size: int, taps: int, groups: int = 1) -> list[Operation]:
    """A convolution by its sizes, and with its gradients."""
    label = f"{name} {channels}-{filters} {size}x{size} b{batch}"
    return convolution(label, batch, channels, filters, size, taps, groups)
