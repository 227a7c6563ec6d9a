"""resnet18: the CIFAR-10 variant, whose stem is one 3x3 convolution, with batch normalisation; batch 16."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .base import Weights, Workload, constants, fan_in_uniform

WIDTHS = (64, 128, 256, 512)
ROWS, SIZE, CLASSES = 16, 32, 10
MOMENTUM, EPSILON = 0.1, 1e-5


def blocks() -> list[tuple[str, int, int, int]]:
    """(name, channels in, channels out, stride) of the eight blocks."""
    result, channels = [], 64
    for stage, width in enumerate(WIDTHS, 1):
        for position in range(2):
            stride = 2 if stage > 1 and position == 0 else 1
            result.append((f"layer{stage}.{position}", channels, width, stride))
            channels = width
    return result


class Resnet18(Workload):
    """x (16, 3, 32, 32), conv 3-64, eight blocks of two 3x3 convolutions to 512 channels, mean, linear 512-10."""

    name = "resnet18"
    # At 1e-3 two steps learn the batch by heart, and what one sum's last bit moves is seen in the third digit.
    rate = 3e-6

    def weights(self) -> Weights:
        kernels: dict[str, tuple[int, ...]] = {"conv1": (64, 3, 3, 3)}
        norms = {"bn1": 64}
        for name, channels, width, stride in blocks():
            kernels |= {f"{name}.conv1": (width, channels, 3, 3), f"{name}.conv2": (width, width, 3, 3)}
            norms |= {f"{name}.bn1": width, f"{name}.bn2": width}
            if stride != 1 or channels != width:
                kernels[f"{name}.downsample.0"] = (width, channels, 1, 1)
                norms[f"{name}.downsample.1"] = width
        weights = fan_in_uniform(kernels, bias=False) | fan_in_uniform({"fc": (CLASSES, WIDTHS[-1])})
        for name, width in norms.items():
            weights |= constants(name, width, weight=1.0, bias=0.0, running_mean=0.0, running_var=1.0)
            weights[f"{name}.num_batches_tracked"] = np.array(0)
        return weights

    def batch(self) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        generator = np.random.default_rng(1)
        x = generator.standard_normal((ROWS, 3, SIZE, SIZE), dtype=np.float32)
        return x, generator.integers(0, CLASSES, ROWS, dtype=np.int32)

    def network(self, nn: Any) -> Any:
        functional = nn.functional

        class Block(nn.Module):
            def __init__(self, channels: int, width: int, stride: int) -> None:
                super().__init__()
                self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
                self.bn1 = nn.BatchNorm2d(width)
                self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
                self.bn2 = nn.BatchNorm2d(width)
                self.downsample = None
                if stride != 1 or channels != width:
                    self.downsample = nn.Sequential(
                        nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width)
                    )

            def forward(self, x: Any) -> Any:
                y = functional.relu(self.bn1(self.conv1(x)))
                y = self.bn2(self.conv2(y))
                return functional.relu(y + (x if self.downsample is None else self.downsample(x)))

        class Network(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
                self.bn1 = nn.BatchNorm2d(64)
                pairs = zip(blocks()[::2], blocks()[1::2], strict=True)
                layers = [nn.Sequential(Block(*first[1:]), Block(*second[1:])) for first, second in pairs]
                self.layer1, self.layer2, self.layer3, self.layer4 = layers
                self.fc = nn.Linear(WIDTHS[-1], CLASSES)

            def forward(self, x: Any) -> Any:
                x = functional.relu(self.bn1(self.conv1(x)))
                x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
                return self.fc(x.mean((2, 3)))

        return Network()

    def jax(self, jax: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        relu = jax.nn.relu

        def conv(name: str, x: Any, stride: int) -> Any:
            kernel, numbers = weights[f"{name}.weight"], ("NHWC", "HWIO", "NHWC")
            side = kernel.shape[0] // 2
            return jax.lax.conv_general_dilated(
                x, kernel, (stride, stride), [(side, side)] * 2, dimension_numbers=numbers
            )

        def norm(name: str, x: Any) -> Any:
            mean = x.mean((0, 1, 2))
            centred = x - mean
            variance = (centred * centred).mean((0, 1, 2))
            move(state, name, mean, variance, x.size // x.shape[-1])
            return centred * (weights[f"{name}.weight"] * jax.lax.rsqrt(variance + EPSILON)) + weights[f"{name}.bias"]

        return apply(weights, conv, norm, relu, x)

    def mlx(self, mlx: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        core = mlx.core

        def conv(name: str, x: Any, stride: int) -> Any:
            kernel = weights[f"{name}.weight"]
            return core.conv2d(x, kernel, stride, kernel.shape[1] // 2)

        def norm(name: str, x: Any) -> Any:
            mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
            move(state, name, mean, variance, x.size // x.shape[-1])
            return (x - mean) * core.rsqrt(variance + EPSILON) * weights[f"{name}.weight"] + weights[f"{name}.bias"]

        return apply(weights, conv, norm, mlx.nn.relu, x)

    def tinygrad(self, tinygrad: Any, weights: dict[str, Any], state: dict[str, Any], x: Any) -> Any:
        def conv(name: str, x: Any, stride: int) -> Any:
            kernel = weights[f"{name}.weight"]
            return x.conv2d(kernel, stride=stride, padding=kernel.shape[-1] // 2)

        def norm(name: str, x: Any) -> Any:
            mean = x.mean((0, 2, 3))
            variance = (x - mean.reshape(1, -1, 1, 1)).square().mean((0, 2, 3))
            move(state, name, mean.detach(), variance.detach(), x.numel() // x.shape[1])
            scale = (variance + EPSILON).rsqrt()
            return x.batchnorm(weights[f"{name}.weight"], weights[f"{name}.bias"], mean, scale)

        return apply(weights, conv, norm, lambda x: x.relu(), x, channel=1)

    def channels_last(self, weights: Weights, x: NDArray[Any]) -> tuple[Weights, NDArray[Any]]:
        moved = {name: w.transpose(0, 2, 3, 1) if w.ndim == 4 else w for name, w in weights.items()}
        return moved, x.transpose(0, 2, 3, 1)


def apply(weights: dict[str, Any], conv: Any, norm: Any, relu: Any, x: Any, channel: int = 3) -> Any:
    """Return the logits of images whose channels are axis `channel`."""
    x = relu(norm("bn1", conv("conv1", x, 1)))
    for name, _, _, stride in blocks():
        y = relu(norm(f"{name}.bn1", conv(f"{name}.conv1", x, stride)))
        y = norm(f"{name}.bn2", conv(f"{name}.conv2", y, 1))
        if f"{name}.downsample.0.weight" in weights:
            x = norm(f"{name}.downsample.1", conv(f"{name}.downsample.0", x, stride))
        x = relu(y + x)
    pooled = x.mean(tuple(axis for axis in (1, 2, 3) if axis != channel))
    return pooled @ weights["fc.weight"].T + weights["fc.bias"]


def move(state: dict[str, Any], name: str, mean: Any, variance: Any, count: int) -> None:
    """Move the running statistics of a layer, as PyTorch does."""
    for part, value in (("running_mean", mean), ("running_var", variance * (count / (count - 1)))):
        before = state[f"{name}.{part}"]
        state[f"{name}.{part}"] = before * (1 - MOMENTUM) + value * MOMENTUM
    state[f"{name}.num_batches_tracked"] = state[f"{name}.num_batches_tracked"] + 1
