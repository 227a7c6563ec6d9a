"""The same elements under other shapes: PyTorch's names for views."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.errors import ArgumentError, OutOfRangeError, ShapeError
from rutile.functions.arranging import along, diag_embed, normal_axis

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes exchanged.

    Example:
        >>> import rutile as rt
        >>> rt.transpose(rt.zeros((2, 3, 4)), 0, 2).shape
        (4, 3, 2)
    """
    return _core.transpose(input, dim0, dim1)


def t(input: Tensor) -> Tensor:
    """The transposed matrix; tensors of fewer axes are given back.

    Example:
        >>> import rutile as rt
        >>> rt.t(rt.zeros((2, 3))).shape
        (3, 2)
    """
    if input.ndim > 2:
        raise ShapeError(f"t needs a tensor of at most 2 axes, got {input.shape}: use transpose")
    return _core.transpose(input, 0, 1) if input.ndim == 2 else input


def permute(input: Tensor, dims: Sequence[int]) -> Tensor:
    """`permute_dims` under PyTorch's name.

    Example:
        >>> import rutile as rt
        >>> rt.permute(rt.zeros((2, 3)), (1, 0)).shape
        (3, 2)
    """
    return _core.permute(input, list(dims))


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """With a new axis of size one at `dim`.

    Example:
        >>> import rutile as rt
        >>> rt.unsqueeze(rt.zeros((3,)), 0).shape
        (1, 3)
    """
    return _core.unsqueeze(input, dim)


def ravel(input: Tensor) -> Tensor:
    """All elements along one axis, in row-major order.

    Example:
        >>> import rutile as rt
        >>> rt.ravel(rt.zeros((2, 3))).shape
        (6,)
    """
    return _core.reshape(input, [input.size])


def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """One axis made into several; one of their sizes may be -1.

    Example:
        >>> import rutile as rt
        >>> rt.unflatten(rt.zeros((2, 6)), 1, (3, -1)).shape
        (2, 3, 2)
    """
    axis = normal_axis("unflatten", dim, input.ndim)
    sizes, known = list(sizes), math.prod(size for size in sizes if size != -1)
    total = input.shape[axis]
    if sizes.count(-1) == 1 and known and total % known == 0:
        sizes[sizes.index(-1)] = total // known
    if math.prod(sizes) != total or -1 in sizes:
        raise ShapeError(f"unflatten needs sizes whose product is {total}, got {tuple(sizes)}")
    return _core.reshape(input, [*input.shape[:axis], *sizes, *input.shape[axis + 1 :]])


def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """`length` elements of an axis from `start` on.

    Example:
        >>> import rutile as rt
        >>> rt.narrow(rt.arange(5), 0, 1, 3).tolist()
        [1, 2, 3]
    """
    axis = normal_axis("narrow", dim, input.ndim)
    size = input.shape[axis]
    first = start + size if start < 0 else start
    if not 0 <= first <= first + length <= size:
        raise OutOfRangeError(f"narrow needs elements within axis {axis} of size {size}, got {length} from {start}")
    return input[along(axis, slice(first, first + length))]


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """One slice of an axis, which goes away.

    Example:
        >>> import rutile as rt
        >>> rt.select(rt.tensor([[1, 2], [3, 4]]), 1, 0).tolist()
        [1, 3]
    """
    return input[along(normal_axis("select", dim, input.ndim), index)]


def fliplr(input: Tensor) -> Tensor:
    """The columns in reverse order.

    Example:
        >>> import rutile as rt
        >>> rt.fliplr(rt.tensor([[1, 2], [3, 4]])).tolist()
        [[2, 1], [4, 3]]
    """
    if input.ndim < 2:
        raise ShapeError(f"fliplr needs a tensor of at least 2 axes, got {input.shape}")
    return _core.flip(input, [1])


def flipud(input: Tensor) -> Tensor:
    """The rows in reverse order.

    Example:
        >>> import rutile as rt
        >>> rt.flipud(rt.tensor([[1, 2], [3, 4]])).tolist()
        [[3, 4], [1, 2]]
    """
    return _core.flip(input, [0])


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """A square matrix with all elements, in row-major order, on a diagonal.

    Example:
        >>> import rutile as rt
        >>> rt.diagflat(rt.tensor([1, 2])).tolist()
        [[1, 0], [0, 2]]
    """
    return diag_embed(_core.reshape(input, [input.size]), offset)


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Windows of `size` elements of an axis, one every `step` elements; their elements are a new last axis.

    Not to be confused with `nn.functional.unfold`, which takes patches of images.

    Example:
        >>> import rutile as rt
        >>> rt.unfold(rt.arange(4), 0, 2, 1).tolist()
        [[0, 1], [1, 2], [2, 3]]
    """
    axis = normal_axis("unfold", dimension, input.ndim)
    if not 0 <= size <= (input.shape[axis] if input.ndim else 1) or step < 1:
        raise ArgumentError(
            f"unfold needs a size from 0 to that of axis {axis}, and a step of at least 1, "
            f"got {size} and {step} for shape {input.shape}"
        )
    windows = _core.window(input, axis, size, step, 1)
    return _core.permute(windows, [i for i in range(windows.ndim) if i != axis + 1] + [axis + 1])


def as_strided(input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int = 0) -> Tensor:
    """Element (i, j, ...) is the one at storage_offset + i · stride[0] + j · stride[1] + ... in row-major order.

    Raises:
        OutOfRangeError: an element would lie outside.

    Example:
        >>> import rutile as rt
        >>> rt.as_strided(rt.arange(5), (3, 2), (1, 2)).tolist()
        [[0, 2], [1, 3], [2, 4]]
    """
    places = strided_places("as_strided", input, size, stride, storage_offset)
    return _core.reshape(_core.take_along_axis(_core.reshape(input, [input.size]), places, 0), list(size))


def strided_places(
    function: str, input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int
) -> Tensor:
    """Row-major positions in input of the elements of a strided view, along one axis."""
    if len(size) != len(stride):
        raise ShapeError(f"{function} needs one stride for each size, got {tuple(size)} and {tuple(stride)}")
    reaches = [count * max(0, n - 1) for n, count in zip(size, stride, strict=True)]
    low = storage_offset + sum(min(0, reach) for reach in reaches)
    high = storage_offset + sum(max(0, reach) for reach in reaches)
    if math.prod(size) and not 0 <= low <= high < input.size:
        raise OutOfRangeError(f"{function} needs places from 0 to {input.size - 1}, got {low} to {high}")
    places: Any = _core.full([1] * len(size), storage_offset, "int32", input.device)
    for axis, (n, count) in enumerate(zip(size, stride, strict=True)):
        line = [n if i == axis else 1 for i in range(len(size))]
        places = places + _core.reshape(_core.iota(n, input.device), line) * count
    return _core.reshape(_core.expand(places, list(size)), [math.prod(size)])
