"""Initial values of weights, with PyTorch's names and defaults: each function changes a tensor in place and returns it.

The values are computed at once, so that no later graph draws them again. `generator` takes the place of the default
generator of `rutile.random`.
"""

from __future__ import annotations

import math

import rutile as rt
from rutile.errors import ArgumentError, ShapeError
from rutile.random import Generator, default_generator

__all__ = [
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]

_GAINS = {"tanh": 5.0 / 3.0, "relu": math.sqrt(2.0), "selu": 0.75}
_PLAIN = ("linear", "sigmoid", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d")


def uniform_(tensor: rt.Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> rt.Tensor:
    """Numbers from [a, b).

    >>> uniform_(rt.zeros((2,)), 3.0, 4.0).min().item() >= 3.0
    True
    """
    return _set(tensor, _of(generator).uniform(tensor.shape, a, b, dtype=tensor.dtype, device=tensor.device))


def normal_(tensor: rt.Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> rt.Tensor:
    """Normal numbers.

    >>> normal_(rt.zeros((2, 3))).shape
    (2, 3)
    """
    return _set(tensor, _of(generator).normal(tensor.shape, mean, std, dtype=tensor.dtype, device=tensor.device))


def trunc_normal_(
    tensor: rt.Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> rt.Tensor:
    """Normal numbers that lie in [a, b].

    >>> trunc_normal_(rt.zeros((50,)), std=0.02, a=-0.04, b=0.04).abs().max().item() <= 0.041
    True
    """
    drawn = _of(generator).truncated_normal(tensor.shape, mean, std, a, b, dtype=tensor.dtype, device=tensor.device)
    return _set(tensor, drawn)


def constant_(tensor: rt.Tensor, val: float) -> rt.Tensor:
    """One value everywhere.

    >>> constant_(rt.zeros((2,)), 3.0).tolist()
    [3.0, 3.0]
    """
    return _set(tensor, rt.full_like(tensor, val))


def ones_(tensor: rt.Tensor) -> rt.Tensor:
    """Ones.

    >>> ones_(rt.zeros((2,))).tolist()
    [1.0, 1.0]
    """
    return constant_(tensor, 1.0)


def zeros_(tensor: rt.Tensor) -> rt.Tensor:
    """Zeros.

    >>> zeros_(rt.ones((2,))).tolist()
    [0.0, 0.0]
    """
    return constant_(tensor, 0.0)


def eye_(tensor: rt.Tensor) -> rt.Tensor:
    """The identity matrix: ones on the diagonal of a matrix, zeros elsewhere.

    >>> eye_(rt.zeros((2, 3))).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    if tensor.ndim != 2:
        raise ShapeError(f"eye_ needs a tensor of 2 axes, got shape {tensor.shape}")
    rows, columns = tensor.shape
    return _set(tensor, _diagonal(rows, columns, tensor.device))


def dirac_(tensor: rt.Tensor, groups: int = 1) -> rt.Tensor:
    """Weights (out, in / groups, ...) of a convolution that hands as many channels as possible through unchanged.

    >>> dirac_(rt.zeros((2, 2, 3))).tolist()
    [[[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]
    """
    if tensor.ndim not in (3, 4, 5) or tensor.shape[0] % groups:
        raise ShapeError(f"dirac_ needs 3 to 5 axes, the first divisible by {groups} groups, got {tensor.shape}")
    out, into, *window = tensor.shape
    values = rt.tile(_diagonal(out // groups, into, tensor.device), (groups, 1)).reshape(out, into, *[1] * len(window))
    middle = [(0, 0), (0, 0), *((size // 2, size - size // 2 - 1) for size in window)]
    return _set(tensor, rt.pad(values, middle))


def xavier_uniform_(tensor: rt.Tensor, gain: float = 1.0, generator: Generator | None = None) -> rt.Tensor:
    """Numbers from [-b, b), b = gain · sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010).

    >>> xavier_uniform_(rt.zeros((2, 4))).abs().max().item() <= 1.0
    True
    """
    bound = gain * math.sqrt(6.0 / sum(_fans("xavier_uniform_", tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: rt.Tensor, gain: float = 1.0, generator: Generator | None = None) -> rt.Tensor:
    """Normal numbers of deviation gain · sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio, 2010).

    >>> xavier_normal_(rt.zeros((2, 3))).shape
    (2, 3)
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / sum(_fans("xavier_normal_", tensor))), generator)


def kaiming_uniform_(
    tensor: rt.Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> rt.Tensor:
    """Numbers from [-b, b), b = gain · sqrt(3 / fan) (He et al., 2015).

    Args:
        a: slope of the leaky ReLU below zero.
        mode: "fan_in" keeps the size of values on the way forward, "fan_out" that of gradients on the way back.
        nonlinearity: what follows; see `calculate_gain`.

    >>> kaiming_uniform_(rt.zeros((2, 6)), nonlinearity="relu").abs().max().item() <= 1.0
    True
    """
    bound = math.sqrt(3.0) * _kaiming("kaiming_uniform_", tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: rt.Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> rt.Tensor:
    """Normal numbers of deviation gain / sqrt(fan) (He et al., 2015); arguments as of `kaiming_uniform_`.

    >>> kaiming_normal_(rt.zeros((2, 3)), mode="fan_out").shape
    (2, 3)
    """
    return normal_(tensor, 0.0, _kaiming("kaiming_normal_", tensor, a, mode, nonlinearity), generator)


def orthogonal_(tensor: rt.Tensor, gain: float = 1.0, generator: Generator | None = None) -> rt.Tensor:
    """A random matrix with orthonormal rows or columns, whichever are fewer, times gain (Saxe et al., 2013).

    Axes after the first are one; the matrix is factorised on the host.

    >>> w = orthogonal_(rt.zeros((2, 3)))
    >>> (w @ w.mT).round().abs().tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    import numpy as np

    if tensor.ndim < 2:
        raise ShapeError(f"orthogonal_ needs a tensor of at least 2 axes, got shape {tensor.shape}")
    rows, columns = tensor.shape[0], math.prod(tensor.shape[1:])
    drawn = _of(generator).normal((max(rows, columns), min(rows, columns)), device="cpu").numpy().astype("float64")
    q, r = np.linalg.qr(drawn)
    # With positive diagonals of r, q is drawn evenly from all orthogonal matrices (Mezzadri, 2007).
    q = q * np.where(np.diag(r) < 0, -gain, gain)
    values = (q if rows >= columns else q.T).reshape(tensor.shape)
    return _set(tensor, rt.tensor(values, dtype=tensor.dtype, device=tensor.device))


def sparse_(tensor: rt.Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> rt.Tensor:
    """Normal numbers, of which a share in each column of a matrix is zero (Martens, 2010).

    >>> (sparse_(rt.zeros((4, 3)), 0.5) == 0).sum(axis=0).tolist()
    [2, 2, 2]
    """
    if tensor.ndim != 2:
        raise ShapeError(f"sparse_ needs a tensor of 2 axes, got shape {tensor.shape}")
    own = _of(generator)
    ranks = rt.argsort(rt.argsort(own.uniform(tensor.shape, device=tensor.device), axis=0), axis=0)
    values = own.normal(tensor.shape, 0.0, std, dtype=tensor.dtype, device=tensor.device)
    return _set(tensor, rt.where(ranks < math.ceil(sparsity * tensor.shape[0]), 0.0, values))


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which weights grow to keep the size of values through an activation, as in PyTorch.

    Args:
        nonlinearity: "linear", "conv1d" and the like, "sigmoid", "tanh", "relu", "leaky_relu" or "selu".
        param: slope of "leaky_relu" below zero, 0.01 if None.

    >>> round(calculate_gain("relu"), 4)
    1.4142
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1.0 + (0.01 if param is None else param) ** 2))
    if nonlinearity in _PLAIN:
        return 1.0
    if nonlinearity not in _GAINS:
        known = ", ".join(["leaky_relu", *_GAINS, *_PLAIN])
        raise ArgumentError(f"calculate_gain needs one of {known}, got {nonlinearity!r}")
    return _GAINS[nonlinearity]


def _kaiming(op: str, tensor: rt.Tensor, a: float, mode: str, nonlinearity: str) -> float:
    fans = dict(zip(("fan_in", "fan_out"), _fans(op, tensor), strict=True))
    if mode not in fans:
        raise ArgumentError(f'{op} needs mode="fan_in" or "fan_out", got {mode!r}')
    return calculate_gain(nonlinearity, a) / math.sqrt(fans[mode])


def _fans(op: str, tensor: rt.Tensor) -> tuple[int, int]:
    """How many inputs an output has, and how many outputs an input has, for weights (out, in, ...)."""
    if tensor.ndim < 2 or not tensor.size:
        raise ShapeError(f"{op} needs weights of at least 2 axes and one element, got shape {tensor.shape}")
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def _diagonal(rows: int, columns: int, device: str) -> rt.Tensor:
    positions = rt.arange(rows, device=device).reshape(rows, 1) == rt.arange(columns, device=device)
    return positions.astype("float32")


def _of(generator: Generator | None) -> Generator:
    return default_generator if generator is None else generator


def _set(tensor: rt.Tensor, values: rt.Tensor) -> rt.Tensor:
    tensor.assign_(values.detach().astype(tensor.dtype))
    rt.eval(tensor)
    return tensor
