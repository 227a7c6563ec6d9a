"""Activations: functions of each element, and those along an axis.

With `inplace`, the input is bound to the result, as by the methods of tensors whose names end with an underscore.
"""

from __future__ import annotations

import rutile as rt
from rutile import _core
from rutile.elementwise import NUMBERS
from rutile.errors import ArgumentError, ShapeError
from rutile.functions.arranging import along, normal_axis
from rutile.functions.special import expm1, log1p
from rutile.nn.functional._arguments import into

_GELU = NUMBERS["gelu"]
_GELU_TANH = NUMBERS["gelu_tanh"]
_SILU = NUMBERS["silu"]


def relu(input: rt.Tensor, inplace: bool = False) -> rt.Tensor:
    """Return `max(input, 0)`, element by element.

    >>> relu(rt.tensor([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """
    return into(input, rt.relu(input), inplace)


def relu6(input: rt.Tensor, inplace: bool = False) -> rt.Tensor:
    """Return the input limited to [0, 6], element by element.

    >>> relu6(rt.tensor([-1.0, 7.0])).tolist()
    [0.0, 6.0]
    """
    return into(input, hardtanh(input, 0.0, 6.0), inplace)


def hardtanh(input: rt.Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> rt.Tensor:
    """Return the input limited to [min_val, max_val]; the gradient at the limits is zero.

    >>> hardtanh(rt.tensor([-3.0, 0.5])).tolist()
    [-1.0, 0.5]
    """
    if min_val >= max_val:
        raise ValueError(f"hardtanh needs min_val < max_val, got {min_val} and {max_val}")
    return into(input, rt.where(input <= min_val, min_val, rt.where(input >= max_val, max_val, input)), inplace)


def threshold(input: rt.Tensor, threshold: float, value: float, inplace: bool = False) -> rt.Tensor:
    """Return the input where it exceeds `threshold`, else `value`.

    >>> threshold(rt.tensor([0.0, 2.0]), 1.0, -5.0).tolist()
    [-5.0, 2.0]
    """
    return into(input, rt.where(input <= threshold, value, input), inplace)


def leaky_relu(input: rt.Tensor, negative_slope: float = 0.01, inplace: bool = False) -> rt.Tensor:
    """Return the input where it is positive, else `negative_slope * input`.

    >>> leaky_relu(rt.tensor([-2.0, 2.0]), 0.5).tolist()
    [-1.0, 2.0]
    """
    return into(input, rt.where(input > 0, input, input * negative_slope), inplace)


def prelu(input: rt.Tensor, weight: rt.Tensor) -> rt.Tensor:
    """Return `leaky_relu` with a learnt slope: one, or one for each channel (axis 1).

    >>> prelu(rt.tensor([[-2.0, 2.0]]), rt.tensor([0.5])).tolist()
    [[-1.0, 2.0]]
    """
    if weight.size != 1:
        channels = input.shape[1] if input.ndim > 1 else 1
        if weight.size != channels:
            raise ShapeError(f"prelu needs a weight of 1 or {channels} elements, got {weight.shape}")
        weight = weight.reshape([-1] + [1] * (input.ndim - 2))
    return rt.where(input > 0, input, input * weight)


def rrelu(
    input: rt.Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False, inplace: bool = False
) -> rt.Tensor:
    """Return `leaky_relu` with slopes drawn from [lower, upper) while training, else with their mean.

    >>> rrelu(rt.tensor([2.0])).tolist()
    [2.0]
    """
    if not training:
        return into(input, leaky_relu(input, (lower + upper) / 2), inplace)
    return into(
        input,
        rt.where(input > 0, input, input * rt.random.uniform(input.shape, lower, upper, device=input.device)),
        inplace,
    )


def elu(input: rt.Tensor, alpha: float = 1.0, inplace: bool = False) -> rt.Tensor:
    """Return the input where it is positive, else `alpha * (exp(input) - 1)` (Clevert et al., 2015).

    >>> elu(rt.tensor([2.0])).tolist()
    [2.0]
    """
    return into(input, rt.where(input > 0, input, expm1(rt.where(input > 0, 0.0, input)) * alpha), inplace)


def selu(input: rt.Tensor, inplace: bool = False) -> rt.Tensor:
    """Return the self-normalising `elu` (Klambauer et al., 2017).

    >>> round(selu(rt.tensor([1.0])).item(), 4)
    1.0507
    """
    return into(input, elu(input, 1.6732632423543772848170429916717) * 1.0507009873554804934193349852946, inplace)


def celu(input: rt.Tensor, alpha: float = 1.0, inplace: bool = False) -> rt.Tensor:
    """Return the input where it is positive, else `alpha * (exp(input / alpha) - 1)` (Barron, 2017).

    >>> celu(rt.tensor([2.0])).tolist()
    [2.0]
    """
    return into(
        input, rt.where(input > 0, input, expm1(rt.where(input > 0, 0.0, input) * (1.0 / alpha)) * alpha), inplace
    )


def gelu(input: rt.Tensor, approximate: str = "none") -> rt.Tensor:
    """Return the Gaussian error linear unit, exact or with `approximate="tanh"` (Hendrycks and Gimpel, 2016).

    >>> gelu(rt.tensor([0.0])).tolist()
    [0.0]
    """
    if approximate not in ("none", "tanh"):
        raise ValueError(f'gelu needs approximate="none" or "tanh", got {approximate!r}')
    return _core.unary(_GELU if approximate == "none" else _GELU_TANH, input)


def silu(input: rt.Tensor, inplace: bool = False) -> rt.Tensor:
    """Return `input * sigmoid(input)` (Elfwing et al., 2017).

    >>> silu(rt.tensor([0.0])).tolist()
    [0.0]
    """
    return into(input, _core.unary(_SILU, input), inplace)


def mish(input: rt.Tensor, inplace: bool = False) -> rt.Tensor:
    """Return `input * tanh(softplus(input))` (Misra, 2019).

    >>> mish(rt.tensor([0.0])).tolist()
    [0.0]
    """
    return into(input, input * rt.tanh(softplus(input)), inplace)


def softplus(input: rt.Tensor, beta: float = 1.0, threshold: float = 20.0) -> rt.Tensor:
    """Return `log(1 + exp(beta * input)) / beta`, the input itself where `beta * input > threshold`.

    >>> round(softplus(rt.tensor([0.0])).item(), 4)
    0.6931
    """
    scaled = input * beta
    linear = scaled > threshold
    near = rt.where(linear, 0.0, scaled)
    # log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)) overflows nowhere.
    rising = near > 0
    smooth = rt.where(rising, near, 0.0) + log1p(rt.exp(rt.where(rising, -near, near)))
    return rt.where(linear, input, smooth * (1.0 / beta))


def softsign(input: rt.Tensor) -> rt.Tensor:
    """Return `input / (1 + |input|)`.

    >>> softsign(rt.tensor([1.0])).tolist()
    [0.5]
    """
    return input / (rt.abs(input) + 1.0)


def tanhshrink(input: rt.Tensor) -> rt.Tensor:
    """Return `input - tanh(input)`.

    >>> tanhshrink(rt.tensor([0.0])).tolist()
    [0.0]
    """
    return input - rt.tanh(input)


def softshrink(input: rt.Tensor, lambd: float = 0.5) -> rt.Tensor:
    """Return the input moved towards zero by `lambd`, zero where it is nearer than that.

    >>> softshrink(rt.tensor([1.0, 0.2])).tolist()
    [0.5, 0.0]
    """
    return rt.where(input > lambd, input - lambd, rt.where(input < -lambd, input + lambd, input * 0.0))


def hardshrink(input: rt.Tensor, lambd: float = 0.5) -> rt.Tensor:
    """Return the input, zero where it is within `lambd` of zero.

    >>> hardshrink(rt.tensor([1.0, 0.2])).tolist()
    [1.0, 0.0]
    """
    return rt.where((input >= -lambd) & (input <= lambd), 0.0, input)


def hardsigmoid(input: rt.Tensor, inplace: bool = False) -> rt.Tensor:
    """Return `input / 6 + 1 / 2` limited to [0, 1].

    >>> hardsigmoid(rt.tensor([0.0])).tolist()
    [0.5]
    """
    return into(input, hardtanh(input + 3.0, 0.0, 6.0) * (1.0 / 6.0), inplace)


def hardswish(input: rt.Tensor, inplace: bool = False) -> rt.Tensor:
    """Return `input * hardsigmoid(input)` (Howard et al., 2019).

    >>> hardswish(rt.tensor([3.0])).tolist()
    [3.0]
    """
    return into(input, input * hardsigmoid(input), inplace)


def logsigmoid(input: rt.Tensor) -> rt.Tensor:
    """Return the logarithm of `sigmoid(input)`, computed without overflow.

    >>> round(logsigmoid(rt.tensor([0.0])).item(), 4)
    -0.6931
    """
    falling = input < 0
    return rt.where(falling, input, 0.0) - log1p(rt.exp(rt.where(falling, input, -input)))


def tanh(input: rt.Tensor) -> rt.Tensor:
    """Return the hyperbolic tangent, element by element.

    >>> tanh(rt.tensor([0.0])).tolist()
    [0.0]
    """
    return rt.tanh(input)


def sigmoid(input: rt.Tensor) -> rt.Tensor:
    """Return `1 / (1 + exp(-input))`, element by element, without overflow.

    >>> sigmoid(rt.tensor([0.0])).tolist()
    [0.5]
    """
    return rt.sigmoid(input)


def softmax(input: rt.Tensor, dim: int) -> rt.Tensor:
    """Return `exp(input)` scaled so that it sums to 1 along axis `dim`.

    >>> softmax(rt.tensor([[0.0, 0.0]]), dim=1).tolist()
    [[0.5, 0.5]]
    """
    return _core.softmax(input, dim)


def log_softmax(input: rt.Tensor, dim: int) -> rt.Tensor:
    """Return the logarithm of `softmax(input, dim)`, computed without overflow.

    >>> log_softmax(rt.tensor([[5.0]]), dim=1).tolist()
    [[0.0]]
    """
    return _core.log_softmax(input, dim)


def softmin(input: rt.Tensor, dim: int) -> rt.Tensor:
    """Return `softmax(-input, dim)`.

    >>> softmin(rt.tensor([[0.0, 0.0]]), dim=1).tolist()
    [[0.5, 0.5]]
    """
    return _core.softmax(-input, dim)


def gumbel_softmax(logits: rt.Tensor, tau: float = 1.0, hard: bool = False, dim: int = -1) -> rt.Tensor:
    """Return a sample of the Gumbel-softmax distribution (Jang et al., 2016); `hard` makes it one-hot.

    The gradient of a hard sample is that of the soft one.

    >>> gumbel_softmax(rt.tensor([0.0]), hard=True).tolist()
    [1.0]
    """
    if tau <= 0:
        raise ArgumentError(f"gumbel_softmax needs tau above 0, got {tau}")
    drawn = rt.random.uniform(logits.shape, 2.0**-24, 1.0, device=logits.device)
    soft = _core.softmax((logits - rt.log(-rt.log(drawn))) * (1.0 / tau), dim)
    if not hard:
        return soft
    axis = normal_axis("gumbel_softmax", dim, logits.ndim)
    line = [1] * logits.ndim
    line[axis] = logits.shape[axis]
    numbers = rt.arange(logits.shape[axis], device=logits.device).reshape(line)
    one_hot = (numbers == soft.detach().argmax(axis, keepdims=True)).astype(soft.dtype)
    return one_hot - soft.detach() + soft


def glu(input: rt.Tensor, dim: int = -1) -> rt.Tensor:
    """Return the first half of an axis times the sigmoid of the second (Dauphin et al., 2016).

    >>> glu(rt.tensor([2.0, 0.0])).tolist()
    [1.0]
    """
    axis = normal_axis("glu", dim, input.ndim)
    size = input.shape[axis]
    if size % 2:
        raise ShapeError(f"glu needs an axis of even size, got {size} of shape {input.shape}")
    first, second = input[along(axis, slice(0, size // 2))], input[along(axis, slice(size // 2, size))]
    return first * rt.sigmoid(second)


def swiglu(gate: rt.Tensor, value: rt.Tensor) -> rt.Tensor:
    """Return `silu(gate) * value` (Shazeer, 2020).

    >>> swiglu(rt.tensor([0.0]), rt.tensor([1.0])).tolist()
    [0.0]
    """
    return _core.unary(_SILU, gate) * value
