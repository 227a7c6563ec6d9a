"""Linear and bilinear layers, and none."""

from __future__ import annotations

import rutile as rt
from rutile.errors import ShapeError
from rutile.nn import functional
from rutile.nn.initialise import fan_in_uniform
from rutile.nn.module import Module

__all__ = ["Bilinear", "Identity", "Linear"]


class Linear(Module):
    """Compute `x @ weight.T + bias`: (..., in_features) to (..., out_features), float32.

    State: `weight` (out_features, in_features), `bias` (out_features,).
    Raises ShapeError when the last axis of the input is not `in_features`.

    >>> Linear(3, 2)(rt.zeros((5, 3))).shape
    (5, 2)
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True, device: str | None = None) -> None:
        self.in_features = in_features
        self.out_features = out_features
        self.weight = fan_in_uniform((out_features, in_features), in_features, device)
        self.bias = fan_in_uniform((out_features,), in_features, device) if bias else None

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        shape = input.shape
        if not shape or shape[-1] != self.in_features:
            raise ShapeError(
                f"{self!r} needs x.shape[-1] == {self.in_features}, got {shape}: "
                f"reshape or flatten the input, or change in_features"
            )
        return functional.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Bilinear(Module):
    """Compute `x1 @ weight @ x2 + bias`: (..., in1_features), (..., in2_features) to (..., out_features).

    State: `weight` (out_features, in1_features, in2_features), `bias` (out_features,).
    Raises ShapeError when the last axes of the inputs are others.

    >>> Bilinear(3, 4, 2)(rt.zeros((5, 3)), rt.zeros((5, 4))).shape
    (5, 2)
    """

    def __init__(
        self, in1_features: int, in2_features: int, out_features: int, bias: bool = True, device: str | None = None
    ) -> None:
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = fan_in_uniform((out_features, in1_features, in2_features), in1_features, device)
        self.bias = fan_in_uniform((out_features,), in1_features, device) if bias else None

    def forward(self, input1: rt.Tensor, input2: rt.Tensor) -> rt.Tensor:
        return functional.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )


class Identity(Module):
    """Return the input; arguments are ignored, so that it can stand in for any layer.

    >>> Identity()(rt.ones((2,))).tolist()
    [1.0, 1.0]
    """

    def __init__(self, *arguments: object, **options: object) -> None:
        pass

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return input
