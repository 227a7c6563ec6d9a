"""Activation layers: any shape to the same shape, unless said otherwise. `inplace` is accepted and changes nothing."""

from __future__ import annotations

import rutile as rt
from rutile.nn import functional
from rutile.nn.initialise import constant
from rutile.nn.module import Module

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "PReLU",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SELU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
]


class CELU(Module):
    """Compute x where positive, else `alpha * (exp(x / alpha) - 1)` (Barron, 2017).

    >>> CELU()(rt.tensor([2.0])).tolist()
    [2.0]
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.celu(input, self.alpha)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}"


class ELU(Module):
    """Compute x where positive, else `alpha * (exp(x) - 1)` (Clevert et al., 2015).

    >>> ELU()(rt.tensor([2.0])).tolist()
    [2.0]
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.elu(input, self.alpha)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}"


class GELU(Module):
    """Compute the Gaussian error linear unit, exact or with `approximate="tanh"` (Hendrycks and Gimpel, 2016).

    >>> GELU()(rt.tensor([0.0])).tolist()
    [0.0]
    """

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.gelu(input, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class GLU(Module):
    """Compute the first half of axis `dim` times the sigmoid of the second: the axis halves (Dauphin et al., 2016).

    >>> GLU()(rt.tensor([2.0, 0.0])).tolist()
    [1.0]
    """

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Hardshrink(Module):
    """Compute x, zero where it is within `lambd` of zero.

    >>> Hardshrink()(rt.tensor([1.0, 0.2])).tolist()
    [1.0, 0.0]
    """

    def __init__(self, lambd: float = 0.5) -> None:
        self.lambd = lambd

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return f"lambd={self.lambd}"


class Hardsigmoid(Module):
    """Compute `x / 6 + 1 / 2` limited to [0, 1].

    >>> Hardsigmoid()(rt.tensor([0.0])).tolist()
    [0.5]
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.hardsigmoid(input)


class Hardswish(Module):
    """Compute `x * hardsigmoid(x)` (Howard et al., 2019).

    >>> Hardswish()(rt.tensor([3.0])).tolist()
    [3.0]
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.hardswish(input)


class Hardtanh(Module):
    """Compute x limited to [min_val, max_val].

    >>> Hardtanh()(rt.tensor([-3.0, 0.5])).tolist()
    [-1.0, 0.5]
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        self.min_val = min_val
        self.max_val = max_val
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.hardtanh(input, self.min_val, self.max_val)

    def extra_repr(self) -> str:
        return f"min_val={self.min_val}, max_val={self.max_val}"


class LeakyReLU(Module):
    """Compute x where positive, else `negative_slope * x`.

    >>> LeakyReLU(0.5)(rt.tensor([-2.0, 2.0])).tolist()
    [-1.0, 2.0]
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.leaky_relu(input, self.negative_slope)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}"


class LogSigmoid(Module):
    """Compute the logarithm of `sigmoid(x)`.

    >>> round(LogSigmoid()(rt.tensor([0.0])).item(), 4)
    -0.6931
    """

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.logsigmoid(input)


class LogSoftmax(Module):
    """Compute the logarithm of the softmax along axis `dim`.

    >>> LogSoftmax(1)(rt.tensor([[5.0]])).tolist()
    [[0.0]]
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.log_softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Mish(Module):
    """Compute `x * tanh(softplus(x))` (Misra, 2019).

    >>> Mish()(rt.tensor([0.0])).tolist()
    [0.0]
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.mish(input)


class PReLU(Module):
    """Compute x where positive, else x times a learnt slope: one, or one for each channel (axis 1) (He et al., 2015).

    State: `weight` (num_parameters,).

    >>> PReLU()(rt.tensor([[-2.0, 2.0]])).tolist()
    [[-0.5, 2.0]]
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, device: str | None = None) -> None:
        self.num_parameters = num_parameters
        self.weight = constant((num_parameters,), init, device)

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class RReLU(Module):
    """Compute x where positive, else x times a slope drawn from [lower, upper), after `eval()` their mean (Xu, 2015).

    >>> RReLU().eval()(rt.tensor([2.0])).tolist()
    [2.0]
    """

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.rrelu(input, self.lower, self.upper, self.training)

    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}"


class ReLU(Module):
    """Compute `max(x, 0)`.

    >>> ReLU()(rt.tensor([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.relu(input)


class ReLU6(Module):
    """Compute x limited to [0, 6].

    >>> ReLU6()(rt.tensor([-1.0, 7.0])).tolist()
    [0.0, 6.0]
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.relu6(input)


class SELU(Module):
    """Compute the self-normalising exponential linear unit (Klambauer et al., 2017).

    >>> round(SELU()(rt.tensor([1.0])).item(), 4)
    1.0507
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.selu(input)


class SiLU(Module):
    """Compute `x * sigmoid(x)`, also called swish (Elfwing et al., 2017).

    >>> SiLU()(rt.tensor([0.0])).tolist()
    [0.0]
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.silu(input)


class Sigmoid(Module):
    """Compute `1 / (1 + exp(-x))`.

    >>> Sigmoid()(rt.tensor([0.0])).tolist()
    [0.5]
    """

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.sigmoid(input)


class Softmax(Module):
    """Compute `exp(x)` scaled so that it sums to 1 along axis `dim`.

    >>> Softmax(1)(rt.tensor([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmax2d(Module):
    """Compute the softmax over the channels of (N, C, H, W) or (C, H, W).

    >>> Softmax2d()(rt.ones((2, 1, 1))).reshape(2).tolist()
    [0.5, 0.5]
    """

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.softmax(input, -3)


class Softmin(Module):
    """Compute the softmax of -x along axis `dim`.

    >>> Softmin(1)(rt.tensor([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.softmin(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softplus(Module):
    """Compute `log(1 + exp(beta * x)) / beta`, x itself where `beta * x > threshold`.

    >>> round(Softplus()(rt.tensor([0.0])).item(), 4)
    0.6931
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Softshrink(Module):
    """Compute x moved towards zero by `lambd`, zero where it is nearer than that.

    >>> Softshrink()(rt.tensor([1.0, 0.2])).tolist()
    [0.5, 0.0]
    """

    def __init__(self, lambd: float = 0.5) -> None:
        self.lambd = lambd

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return f"lambd={self.lambd}"


class Softsign(Module):
    """Compute `x / (1 + |x|)`.

    >>> Softsign()(rt.tensor([1.0])).tolist()
    [0.5]
    """

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.softsign(input)


class Tanh(Module):
    """Compute the hyperbolic tangent.

    >>> Tanh()(rt.tensor([0.0])).tolist()
    [0.0]
    """

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.tanh(input)


class Tanhshrink(Module):
    """Compute `x - tanh(x)`.

    >>> Tanhshrink()(rt.tensor([0.0])).tolist()
    [0.0]
    """

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.tanhshrink(input)


class Threshold(Module):
    """Compute x where it exceeds `threshold`, else `value`.

    >>> Threshold(1.0, -5.0)(rt.tensor([0.0, 2.0])).tolist()
    [-5.0, 2.0]
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: rt.Tensor) -> rt.Tensor:
        return functional.threshold(input, self.threshold, self.value)

    def extra_repr(self) -> str:
        return f"threshold={self.threshold}, value={self.value}"
