"""Distinct elements and slices, and membership.

Each NaN is distinct. What there are of distinct ones is read to the host.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from rutile import _core
from rutile.functions.arranging import concat, moveaxis, normal_axis
from rutile.functions.indexing import index_select, masked_select
from rutile.functions.sorting import sort

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class UniqueAll(NamedTuple):
    """The distinct elements, where each first occurs, each element's place among them, and how often each occurs."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """The distinct elements and how often each occurs."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """The distinct elements and each element's place among them."""

    values: Tensor
    inverse_indices: Tensor


def unique_all(x: Tensor, /) -> UniqueAll:
    """The distinct elements in order, where each first occurs, each element's place among them, and how often it occurs.

    Each NaN is distinct. The number of distinct elements is read to the host.

    Example:
        >>> import rutile as rt
        >>> rt.unique_all(rt.tensor([2, 1, 2])).indices.tolist()
        [1, 0]
    """
    groups = _Groups(x)
    return UniqueAll(groups.values(), groups.firsts(), groups.inverse(), groups.counts())


def unique_counts(x: Tensor, /) -> UniqueCounts:
    """The distinct elements in order, and how often each occurs; see `unique_all`.

    Example:
        >>> import rutile as rt
        >>> rt.unique_counts(rt.tensor([2, 1, 2])).counts.tolist()
        [1, 2]
    """
    groups = _Groups(x)
    return UniqueCounts(groups.values(), groups.counts())


def unique_inverse(x: Tensor, /) -> UniqueInverse:
    """The distinct elements in order, and each element's place among them, in x's shape; see `unique_all`.

    Example:
        >>> import rutile as rt
        >>> rt.unique_inverse(rt.tensor([2, 1, 2])).inverse_indices.tolist()
        [1, 0, 1]
    """
    groups = _Groups(x)
    return UniqueInverse(groups.values(), groups.inverse())


def unique_values(x: Tensor, /) -> Tensor:
    """The distinct elements in order; see `unique_all`.

    Example:
        >>> import rutile as rt
        >>> rt.unique_values(rt.tensor([2, 1, 2])).tolist()
        [1, 2]
    """
    return _Groups(x).values()


def unique(
    x: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The distinct elements in order; on request each element's place among them, and how often each occurs.

    With `dim`, the distinct slices of an axis instead. The number of distinct ones is read to the host.

    Example:
        >>> import rutile as rt
        >>> rt.unique(rt.tensor([2, 1, 2])).tolist()
        [1, 2]
    """
    if dim is not None:
        return _unique_slices(x, normal_axis("unique", dim, x.ndim), return_inverse, return_counts)
    groups = _Groups(x)
    return _results(groups.values(), groups.inverse(), groups.counts(), return_inverse, return_counts)


def unique_consecutive(
    x: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The first of each run of equal elements, or of equal slices of an axis; see `unique`.

    Example:
        >>> import rutile as rt
        >>> rt.unique_consecutive(rt.tensor([1, 1, 2, 1])).tolist()
        [1, 2, 1]
    """
    axis = 0 if dim is None else normal_axis("unique_consecutive", dim, x.ndim)
    source = x.reshape(x.size) if dim is None else x
    first = _changes(_slices(source, axis))
    group = _core.cumulate("sum", _core.cast(first, "int32"), 0) - 1
    inverse = group.reshape(x.shape) if dim is None else group
    return _results(index_select(source, axis, _chosen(first)), inverse, _counts(group), return_inverse, return_counts)


def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Whether each element is among the test elements, or with `invert` is not.

    Example:
        >>> import rutile as rt
        >>> rt.isin(rt.tensor([1, 2, 3]), rt.tensor([2, 4])).tolist()
        [False, True, False]
    """
    anchor: Any = elements if isinstance(elements, _core.TensorBase) else test_elements

    def as_tensor(value: Any) -> Any:
        return value if isinstance(value, _core.TensorBase) else _core.full([], value, anchor.dtype_name, anchor.device)

    elements, tests = as_tensor(elements), as_tensor(test_elements)
    equal = _core.unsqueeze(elements, elements.ndim) == tests.reshape(tests.size)
    found = _core.reduce("sum", equal, [-1], False)
    return found == 0 if invert else found != 0


def _unique_slices(x: Tensor, axis: int, return_inverse: bool, return_counts: bool) -> Any:
    rows = _slices(x, axis)
    order = _core.iota(rows.shape[0], x.device)
    # The last column first: sorting is stable, so that earlier columns decide.
    for column in range(rows.shape[1] - 1, -1, -1):
        keys = _core.take_along_axis(rows[:, column], order, 0)
        order = _core.take_along_axis(order, _core.argsort(keys, 0, False), 0)
    first = _changes(index_select(rows, 0, order))
    group = _core.cumulate("sum", _core.cast(first, "int32"), 0) - 1
    inverse = _core.scatter_add(group, order, 0, order.size)
    distinct = index_select(x, axis, masked_select(order, first))
    return _results(distinct, inverse, _counts(group), return_inverse, return_counts)


def _results(values: Tensor, inverse: Tensor, counts: Tensor, return_inverse: bool, return_counts: bool) -> Any:
    results = [values, *[inverse] * return_inverse, *[counts] * return_counts]
    return results[0] if len(results) == 1 else tuple(results)


def _slices(x: Tensor, axis: int) -> Tensor:
    """The slices of an axis as rows."""
    moved = moveaxis(x, axis, 0)
    return _core.reshape(moved, [x.shape[axis], math.prod(moved.shape[1:])])


def _changes(rows: Tensor) -> Tensor:
    """Whether each row differs from the one before."""
    differs = _core.reduce("sum", rows[1:] != rows[:-1], [1], False) != 0
    return concat([_core.full([min(1, rows.shape[0])], True, "bool", rows.device), differs])


def _chosen(mask: Tensor) -> Tensor:
    return masked_select(_core.iota(mask.size, mask.device), mask)


def _counts(group: Tensor) -> Tensor:
    """How many there are of each of the numbers 0, 1, ..., which come in order; the last is read."""
    size = int(group[-1].item()) + 1 if group.size else 0
    return _core.scatter_add(_core.full([group.size], 1, "int32", group.device), group, 0, size)


class _Groups:
    """The elements of a tensor in order, and which of them are equal to the one before."""

    def __init__(self, x: Tensor) -> None:
        self.shape = x.shape
        self.sorted, self.order = sort(x.reshape(x.size), 0)
        fresh = self.sorted[1:] != self.sorted[:-1]
        self.first = concat([_core.full([min(1, x.size)], True, "bool", x.device), fresh])
        self.group = _core.cumulate("sum", _core.cast(self.first, "int32"), 0) - 1

    def values(self) -> Tensor:
        return masked_select(self.sorted, self.first)

    def firsts(self) -> Tensor:
        return masked_select(self.order, self.first)

    def inverse(self) -> Tensor:
        return _core.scatter_add(self.group, self.order, 0, math.prod(self.shape)).reshape(self.shape)

    def counts(self) -> Tensor:
        return _counts(self.group)
