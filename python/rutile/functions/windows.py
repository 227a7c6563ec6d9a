"""Windows for signals: weights that rise from the ends to the middle."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile.dtypes import as_dtype
from rutile.functions.gamma import i0

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def hann_window(window_length: int, periodic: bool = True, *, dtype: Any = None, device: str | None = None) -> Tensor:
    """sin²(πn / N) for n below the length; N is the length, or for a symmetric window one less.

    Example:
        >>> import rutile as rt
        >>> rt.hann_window(3, periodic=False).tolist()
        [0.0, 1.0, 0.0]
    """
    return _cosines((0.5, 0.5), window_length, periodic, dtype, device)


def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: Any = None,
    device: str | None = None,
) -> Tensor:
    """alpha - beta · cos(2πn / N) for n below the length; N is the length, or for a symmetric window one less.

    Example:
        >>> import rutile as rt
        >>> rt.hamming_window(3, periodic=False).round(decimals=2).tolist() == rt.tensor([0.08, 1.0, 0.08]).tolist()
        True
    """
    return _cosines((alpha, beta), window_length, periodic, dtype, device)


def blackman_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, device: str | None = None
) -> Tensor:
    """0.42 - 0.5 · cos(2πn / N) + 0.08 · cos(4πn / N) for n below the length; N as of `hann_window`.

    Example:
        >>> import rutile as rt
        >>> abs(rt.blackman_window(3, periodic=False)).round().tolist()
        [0.0, 1.0, 0.0]
    """
    return _cosines((0.42, 0.5, 0.08), window_length, periodic, dtype, device)


def bartlett_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, device: str | None = None
) -> Tensor:
    """1 - |2n / N - 1| for n below the length; N as of `hann_window`.

    Example:
        >>> import rutile as rt
        >>> rt.bartlett_window(4).tolist()
        [0.0, 0.5, 1.0, 0.5]
    """
    return 1.0 - elementwise.abs(_places(window_length, periodic, dtype, device) * 2.0 - 1.0)


def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    *,
    dtype: Any = None,
    device: str | None = None,
) -> Tensor:
    """I0(beta · √(1 - (2n / N - 1)²)) / I0(beta) for n below the length; N as of `hann_window`.

    Example:
        >>> import rutile as rt
        >>> rt.kaiser_window(3, periodic=False).round().tolist()
        [0.0, 1.0, 0.0]
    """
    side = _places(window_length, periodic, dtype, device) * 2.0 - 1.0
    rise = i0(elementwise.sqrt(elementwise.maximum(1.0 - side * side, 0.0)) * beta)
    return rise / i0(_core.full([], beta, rise.dtype_name, rise.device))


def _cosines(weights: tuple[float, ...], length: int, periodic: bool, dtype: Any, device: str | None) -> Tensor:
    places = _places(length, periodic, dtype, device)
    total: Any = weights[0]
    for k, weight in enumerate(weights[1:], 1):
        total = total + elementwise.cos(places * (2.0 * math.pi * k)) * (weight * (-1) ** k)
    return total


def _places(length: int, periodic: bool, dtype: Any, device: str | None) -> Tensor:
    """n / N for n below the length; 1/2 in a window of one, which PyTorch makes a one."""
    numbers = _core.cast(_core.iota(length, device), as_dtype(dtype or "float32").name)
    return numbers + 0.5 if length == 1 else numbers * (1.0 / (length if periodic else length - 1))
