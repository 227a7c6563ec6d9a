"""Functions that change shapes, reduce axes or multiply matrices.

Where PyTorch has the function too, `axis` may be written `dim`, and `keepdims` `keepdim`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise

if TYPE_CHECKING:
    from rutile.tensor import Tensor

Axis = int | Sequence[int] | None


def axes_of(axis: Axis) -> list[int] | None:
    """Axes as a list; None, meaning all of them, stays None."""
    if axis is None:
        return None
    return [axis] if isinstance(axis, int) else list(axis)


def axes_from(axis: Axis, dim: Axis) -> list[int] | None:
    """Axes given by the array API's name or by PyTorch's."""
    return axes_of(axis if dim is None else dim)


def sizes_of(shape: tuple[Any, ...]) -> list[int]:
    """Sizes given as several numbers or as one sequence."""
    sizes = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
    try:
        return [operator.index(size) for size in sizes]
    except TypeError:
        raise TypeError(f"a shape needs integers, got {sizes!r}") from None


def sum(
    x: Tensor,
    /,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    dtype: Any = None,
    dim: Axis = None,
    keepdim: bool = False,
) -> Tensor:
    """Sum over axes, in `dtype` if it is given; bools and small integers are added as int32 or uint32.

    Example:
        >>> import rutile as rt
        >>> rt.sum(rt.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0).tolist()
        [4.0, 6.0]
    """
    return _reduced("sum", x, axes_from(axis, dim), dtype, keepdims or keepdim)


def prod(
    x: Tensor,
    /,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    dtype: Any = None,
    dim: Axis = None,
    keepdim: bool = False,
) -> Tensor:
    """Product over axes, in `dtype` if it is given; bools and small integers are multiplied as int32 or uint32.

    Example:
        >>> import rutile as rt
        >>> rt.prod(rt.tensor([2.0, 3.0])).item()
        6.0
    """
    return _reduced("prod", x, axes_from(axis, dim), dtype, keepdims or keepdim)


def _reduced(fold: str, x: Tensor, axes: list[int] | None, dtype: Any, keepdims: bool) -> Tensor:
    if dtype is None:
        return _core.reduce(fold, x, axes, keepdims)
    return _core.reduce(fold, x.astype(dtype), axes, keepdims).astype(dtype)


def argmax(
    x: Tensor,
    /,
    axis: int | None = None,
    keepdims: bool = False,
    *,
    dim: int | None = None,
    keepdim: bool = False,
) -> Tensor:
    """Position of the first greatest element, int32: along `axis`, or in row-major order over all elements.

    Example:
        >>> import rutile as rt
        >>> rt.argmax(rt.tensor([[1.0, 5.0], [3.0, 2.0]]), axis=1).tolist()
        [1, 0]
    """
    return _core.reduce("argmax", x, axes_from(axis, dim), keepdims or keepdim)


def argmin(
    x: Tensor,
    /,
    axis: int | None = None,
    keepdims: bool = False,
    *,
    dim: int | None = None,
    keepdim: bool = False,
) -> Tensor:
    """Position of the first least element, int32: along `axis`, or in row-major order over all elements.

    Example:
        >>> import rutile as rt
        >>> rt.argmin(rt.tensor([[1.0, 5.0], [3.0, 2.0]]), axis=1).tolist()
        [0, 1]
    """
    return _core.reduce("argmin", x, axes_from(axis, dim), keepdims or keepdim)


def any(x: Tensor, /, axis: Axis = None, keepdims: bool = False, *, dim: Axis = None, keepdim: bool = False) -> Tensor:
    """Whether an element is true (not zero), over axes.

    Example:
        >>> import rutile as rt
        >>> rt.any(rt.tensor([False, True])).item()
        True
    """
    return _core.reduce("sum", x.astype("bool"), axes_from(axis, dim), keepdims or keepdim) != 0


def all(x: Tensor, /, axis: Axis = None, keepdims: bool = False, *, dim: Axis = None, keepdim: bool = False) -> Tensor:
    """Whether all elements are true (not zero), over axes.

    Example:
        >>> import rutile as rt
        >>> rt.all(rt.tensor([False, True])).item()
        False
    """
    return _core.reduce("sum", ~x.astype("bool"), axes_from(axis, dim), keepdims or keepdim) == 0


def mean(
    x: Tensor,
    /,
    axis: Axis = None,
    keepdims: bool = False,
    *,
    dtype: Any = None,
    dim: Axis = None,
    keepdim: bool = False,
) -> Tensor:
    """Mean over axes, in `dtype` if it is given; integers give float32.

    Example:
        >>> import rutile as rt
        >>> rt.mean(rt.tensor([1.0, 2.0])).item()
        1.5
    """
    return _core.mean(x if dtype is None else x.astype(dtype), axes_from(axis, dim), keepdims or keepdim)


def var(
    x: Tensor,
    /,
    axis: Axis = None,
    correction: float = 0.0,
    keepdims: bool = False,
    *,
    unbiased: bool | None = None,
    dim: Axis = None,
    keepdim: bool = False,
) -> Tensor:
    """Variance over axes: the sum of squared deviations divided by (count - correction), or (count - unbiased).

    Example:
        >>> import rutile as rt
        >>> rt.var(rt.tensor([1.0, 3.0])).item()
        1.0
    """
    divisor = correction if unbiased is None else float(unbiased)
    return _core.var(x, axes_from(axis, dim), divisor, keepdims or keepdim)


def std(
    x: Tensor,
    /,
    axis: Axis = None,
    correction: float = 0.0,
    keepdims: bool = False,
    *,
    unbiased: bool | None = None,
    dim: Axis = None,
    keepdim: bool = False,
) -> Tensor:
    """Standard deviation over axes: the square root of `var`.

    Example:
        >>> import rutile as rt
        >>> rt.std(rt.tensor([1.0, 3.0])).item()
        1.0
    """
    axes = axis if dim is None else dim
    return elementwise.sqrt(var(x, axes, correction, keepdims or keepdim, unbiased=unbiased))


def softmax(x: Tensor, /, axis: int = -1, *, dim: int | None = None, dtype: Any = None) -> Tensor:
    """exp(x) / sum(exp(x)) along an axis.

    Example:
        >>> import rutile as rt
        >>> rt.softmax(rt.tensor([1.0, 1.0])).tolist()
        [0.5, 0.5]
    """
    return _core.softmax(x if dtype is None else x.astype(dtype), axis if dim is None else dim)


def log_softmax(x: Tensor, /, axis: int = -1, *, dim: int | None = None, dtype: Any = None) -> Tensor:
    """Logarithm of the softmax along an axis, without the loss of precision of taking it afterwards.

    Example:
        >>> import rutile as rt
        >>> rt.log_softmax(rt.tensor([3.0])).tolist()
        [0.0]
    """
    return _core.log_softmax(x if dtype is None else x.astype(dtype), axis if dim is None else dim)


def matmul(x: Tensor, y: Tensor, /) -> Tensor:
    """Matrix product of x (..., m, k) and y (..., k, n): (..., m, n); 1-D operands are vectors.

    Raises:
        ShapeError: x.shape[-1] is not y.shape[-2].

    Example:
        >>> import rutile as rt
        >>> rt.matmul(rt.tensor([[1.0, 2.0]]), rt.tensor([[3.0], [4.0]])).tolist()
        [[11.0]]
    """
    return _core.matmul(x, y)


def reshape(x: Tensor, /, shape: Sequence[int], *, copy: bool | None = None) -> Tensor:
    """The same elements in row-major order in another shape; one size may be -1.

    A tensor's value never changes, so that `copy` makes no difference.

    Example:
        >>> import rutile as rt
        >>> rt.reshape(rt.arange(4), (2, -1)).tolist()
        [[0, 1], [2, 3]]
    """
    return _core.reshape(x, sizes_of((shape,)) if not isinstance(shape, int) else [shape])


def matrix_transpose(x: Tensor, /) -> Tensor:
    """The last two axes exchanged.

    Example:
        >>> import rutile as rt
        >>> rt.matrix_transpose(rt.zeros((2, 3))).shape
        (3, 2)
    """
    return _core.transpose(x, -2, -1)


def permute_dims(x: Tensor, /, axes: Sequence[int]) -> Tensor:
    """The axes in another order.

    Example:
        >>> import rutile as rt
        >>> rt.permute_dims(rt.zeros((2, 3)), (1, 0)).shape
        (3, 2)
    """
    return _core.permute(x, list(axes))


def broadcast_to(x: Tensor, /, shape: Sequence[int]) -> Tensor:
    """x repeated along axes of size one, and along new leading axes, to fill a shape.

    Example:
        >>> import rutile as rt
        >>> rt.broadcast_to(rt.tensor([1, 2]), (2, 2)).tolist()
        [[1, 2], [1, 2]]
    """
    return _core.expand(x, list(shape))


def expand_dims(x: Tensor, /, axis: int = 0) -> Tensor:
    """x with a new axis of size one at `axis`.

    Example:
        >>> import rutile as rt
        >>> rt.expand_dims(rt.zeros((3,)), axis=0).shape
        (1, 3)
    """
    return _core.unsqueeze(x, axis)


def squeeze(x: Tensor, /, axis: Axis = None, *, dim: Axis = None) -> Tensor:
    """x without the given axes of size one; None means all of them.

    Raises:
        ValueError: an axis has another size.

    Example:
        >>> import rutile as rt
        >>> rt.squeeze(rt.zeros((1, 3, 1)), axis=0).shape
        (3, 1)
    """
    rank, axes = x.ndim, axes_from(axis, dim)
    chosen = [i for i, size in enumerate(x.shape) if size == 1] if axes is None else axes
    gone = {i + rank if i < 0 else i for i in chosen}
    wrong = [i for i in gone if not 0 <= i < rank or x.shape[i] != 1]
    if wrong:
        raise ValueError(f"squeeze needs axes of size 1, got axis {wrong[0]} of shape {x.shape}")
    return _core.reshape(x, [size for i, size in enumerate(x.shape) if i not in gone])


def flip(x: Tensor, /, axis: Axis = None, *, dims: Axis = None) -> Tensor:
    """x with the order of elements reversed along axes; None means all of them.

    Example:
        >>> import rutile as rt
        >>> rt.flip(rt.tensor([1, 2, 3])).tolist()
        [3, 2, 1]
    """
    axes = axes_from(axis, dims)
    return _core.flip(x, list(range(x.ndim)) if axes is None else axes)


def pad(x: Tensor, padding: Sequence[tuple[int, int]], value: float = 0.0) -> Tensor:
    """x with `before` and `after` elements of `value` added on each axis; negative counts cut elements off.

    Example:
        >>> import rutile as rt
        >>> rt.pad(rt.tensor([1.0]), [(1, 2)]).tolist()
        [0.0, 1.0, 0.0, 0.0]
    """
    return _core.pad(x, [(int(before), int(after)) for before, after in padding], value)


def flatten(x: Tensor, /, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The axes from `start_dim` to `end_dim` joined into one.

    Example:
        >>> import rutile as rt
        >>> rt.flatten(rt.zeros((2, 3, 4)), 1).shape
        (2, 12)
    """
    rank = x.ndim
    if rank == 0:
        return _core.reshape(x, [1])
    first, last = start_dim % rank, end_dim % rank
    if first > last:
        raise ValueError(f"flatten needs start_dim before end_dim, got {start_dim} and {end_dim} for shape {x.shape}")
    return _core.reshape(x, [*x.shape[:first], math.prod(x.shape[first : last + 1]), *x.shape[last + 1 :]])
