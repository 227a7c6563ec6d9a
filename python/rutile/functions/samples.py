"""Statistics of samples, histograms, and sums and slopes of sampled functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rutile import _core, elementwise, manipulation
from rutile.errors import ArgumentError, ShapeError
from rutile.functions.arranging import along, concat, normal_axis
from rutile.functions.sorting import searchsorted
from rutile.functions.statistics import vector_norm

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class Histogram(NamedTuple):
    """Counts of bins, and the n + 1 edges of n bins."""

    hist: Tensor
    bin_edges: Tensor


def histogram(
    input: Tensor,
    bins: int | Tensor,
    *,
    range: tuple[float, float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> Histogram:
    """Counts, or sums of weights, of all elements in bins: of equal width, or between given edges; the last is closed.

    Args:
        range: from where to where equal bins go; that of the elements if it is left out, which is read to the host.
        density: divide by the total and by the bins' widths.

    Example:
        >>> import rutile as rt
        >>> rt.histogram(rt.tensor([0.0, 1.0, 1.0]), 2, range=(0.0, 1.0)).hist.tolist()
        [1.0, 2.0]
    """
    flat = _core.reshape(input, [input.size])
    if isinstance(bins, int):
        from rutile.creation import linspace

        if range is None:
            low, high = (float(flat.min().item()), float(flat.max().item())) if flat.size else (0.0, 0.0)
        else:
            low, high = range
        low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
        edges = linspace(low, high, bins + 1, dtype=input.dtype, device=input.device)
    else:
        edges = bins
    count = edges.size - 1
    place = searchsorted(edges, flat, side="right") - 1
    place = _core.select(flat == edges[-1], count - 1, place)
    place = _core.select((flat >= edges[0]) & (flat <= edges[-1]), place, count)
    ones = _core.full([flat.size], 1, input.dtype_name, input.device)
    weights = ones if weight is None else _core.reshape(weight, [flat.size])
    sums = _core.scatter_add(weights, place, 0, count)
    if density:
        sums = sums / (sums.sum() * (edges[1:] - edges[:-1]))
    return Histogram(sums, edges)


def cov(
    input: Tensor, *, correction: int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
    """Covariances of the rows, whose columns are observations; 1-D input is one row, and gives a 0-d variance.

    Args:
        fweights: how often each observation counts.
        aweights: how much each observation weighs.

    Example:
        >>> import rutile as rt
        >>> rt.cov(rt.tensor([[0.0, 2.0], [2.0, 0.0]])).tolist()
        [[2.0, -2.0], [-2.0, 2.0]]
    """
    if input.ndim > 2:
        raise ShapeError(f"cov needs a tensor of at most 2 axes, got {input.shape}")
    rows = _core.reshape(input, [1, input.size]) if input.ndim < 2 else input
    rows = rows if rows.dtype.kind == "f" else rows.astype("float32")
    weights: Any = None
    for one in (fweights, aweights):
        if one is not None:
            weights = one.astype(rows.dtype) if weights is None else weights * one
    if weights is None:
        total: Any = float(rows.shape[1])
        deviations = rows - rows.mean(1, keepdims=True)
        spread = deviations
        divisor = total - correction
    else:
        total = weights.sum()
        deviations = rows - (rows * weights).sum(1, keepdims=True) / total
        spread = deviations * weights
        again = total if aweights is None else (weights * aweights).sum()
        divisor = total - correction * again / total
    result = spread @ deviations.mT / divisor
    return _core.reshape(result, []) if input.ndim < 2 else result


def corrcoef(input: Tensor) -> Tensor:
    """Pearson's correlations of the rows, whose columns are observations, limited to the range from -1 to 1.

    Example:
        >>> import rutile as rt
        >>> rt.corrcoef(rt.tensor([[0.0, 2.0], [2.0, 0.0]])).round().tolist()
        [[1.0, -1.0], [-1.0, 1.0]]
    """
    covariances = cov(input)
    if input.ndim < 2:
        return covariances / covariances
    size = covariances.shape[0]
    numbers = _core.iota(size, input.device)
    deviations = elementwise.sqrt(_core.reshape(covariances, [size * size])[numbers * (size + 1)])
    return elementwise.clip(covariances / deviations / _core.unsqueeze(deviations, 1), -1.0, 1.0)


def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """p-norm of all elements of input - other.

    Example:
        >>> import rutile as rt
        >>> rt.dist(rt.tensor([3.0, 4.0]), rt.zeros(2)).item()
        5.0
    """
    return vector_norm(input - other, ord=p)


def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Each slice of an axis scaled down to the p-norm `maxnorm` where its own is greater.

    Example:
        >>> import rutile as rt
        >>> rt.renorm(rt.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1.0)[0].tolist() == rt.tensor([0.6, 0.8]).tolist()
        True
    """
    axis = normal_axis("renorm", dim, input.ndim)
    norms = vector_norm(input, axis=[i for i in range(input.ndim) if i != axis], keepdims=True, ord=p)
    return input * _core.select(norms > maxnorm, maxnorm / (norms + 1e-7), 1.0)


def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float = 1.0, dim: int = -1) -> Tensor:
    """Integral along an axis by the trapezoidal rule: at places x, or at places dx apart.

    Example:
        >>> import rutile as rt
        >>> rt.trapezoid(rt.tensor([1.0, 2.0, 3.0])).item()
        4.0
    """
    return manipulation.sum(_trapezoids(y, x, dx, dim), dim)


def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float = 1.0, dim: int = -1) -> Tensor:
    """Integrals along an axis from its start to each place but the first, by the trapezoidal rule.

    Example:
        >>> import rutile as rt
        >>> rt.cumulative_trapezoid(rt.tensor([1.0, 2.0, 3.0])).tolist()
        [1.5, 4.0]
    """
    return _core.cumulate("sum", _trapezoids(y, x, dx, dim), dim)


def _trapezoids(y: Tensor, x: Tensor | None, dx: float, dim: int) -> Tensor:
    axis = normal_axis("trapezoid", dim, y.ndim)
    means = (y[along(axis, slice(1, None))] + y[along(axis, slice(0, -1))]) * 0.5
    if x is None:
        return means * dx
    if x.ndim == 1:
        return means * _core.reshape(x[1:] - x[:-1], [-1 if i == axis else 1 for i in range(y.ndim)])
    return means * (x[along(axis, slice(1, None))] - x[along(axis, slice(0, -1))])


def gradient(
    input: Tensor, *, spacing: Any = 1, dim: int | Sequence[int] | None = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """Slopes of a sampled function along each axis, by central differences inside and one-sided ones at the ends.

    Args:
        spacing: the distance of samples, a number or one for each axis, or tensors of the samples' places.
        edge_order: 1 or 2, the precision at the ends.

    Example:
        >>> import rutile as rt
        >>> rt.gradient(rt.tensor([1.0, 4.0, 9.0]))[0].tolist()
        [3.0, 4.0, 5.0]
    """
    if edge_order not in (1, 2):
        raise ArgumentError(f"gradient needs edge_order 1 or 2, got {edge_order}")
    chosen = range(input.ndim) if dim is None else [dim] if isinstance(dim, int) else dim
    axes = [normal_axis("gradient", axis, input.ndim) for axis in chosen]
    spacings = list(spacing) if isinstance(spacing, list | tuple) else [spacing] * len(axes)
    if len(spacings) != len(axes):
        raise ArgumentError(f"gradient needs one spacing for each of {len(axes)} axes, got {len(spacings)}")
    return tuple(_slopes(input, axis, one, edge_order) for axis, one in zip(axes, spacings, strict=True))


def _slopes(f: Tensor, axis: int, spacing: Any, edge_order: int) -> Tensor:
    size = f.shape[axis]
    if size < edge_order + 1:
        raise ShapeError(f"gradient needs at least {edge_order + 1} elements along axis {axis}, got {size}")

    def part(start: int, stop: int | None) -> Tensor:
        return f[along(axis, slice(start, stop))]

    line = [-1 if i == axis else 1 for i in range(f.ndim)]
    if isinstance(spacing, _core.TensorBase):
        gaps: Any = _core.reshape(spacing[1:] - spacing[:-1], line)  # pyright: ignore[reportIndexIssue]
    else:
        gaps = _core.full([size - 1 if i == axis else 1 for i in range(f.ndim)], float(spacing), f.dtype_name, f.device)
    before, after = gaps[along(axis, slice(0, -1))], gaps[along(axis, slice(1, None))]
    # Weights of three neighbours by the distances a and b between them.
    inner = (
        part(0, -2) * (-after / (before * (before + after)))
        + part(1, -1) * ((after - before) / (before * after))
        + part(2, None) * (before / (after * (before + after)))
    )
    if edge_order == 1:
        first = (part(1, 2) - part(0, 1)) / gaps[along(axis, slice(0, 1))]
        last = (part(size - 1, None) - part(size - 2, size - 1)) / gaps[along(axis, slice(size - 2, None))]
    else:
        a, b = gaps[along(axis, slice(0, 1))], gaps[along(axis, slice(1, 2))]
        first = (
            part(0, 1) * (-(2.0 * a + b) / (a * (a + b)))
            + part(1, 2) * ((a + b) / (a * b))
            + part(2, 3) * (-a / (b * (a + b)))
        )
        a, b = gaps[along(axis, slice(size - 3, size - 2))], gaps[along(axis, slice(size - 2, None))]
        last = (
            part(size - 3, size - 2) * (b / (a * (a + b)))
            + part(size - 2, size - 1) * (-(a + b) / (a * b))
            + part(size - 1, None) * ((2.0 * b + a) / (b * (a + b)))
        )
    return concat([first, inner, last], axis=axis)
