"""Greatest and least elements, and pairs of elements and their positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from rutile import _core, elementwise
from rutile.errors import ShapeError
from rutile.functions.arranging import normal_axis
from rutile.manipulation import Axis, axes_of

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class ValuesAndIndices(NamedTuple):
    """Elements and their positions along an axis: a pair to unpack, which takes no part in arithmetic itself."""

    values: Tensor
    indices: Tensor

    def refuse(self, *_: object) -> NoReturn:
        """Say what to write where a tensor is needed."""
        raise TypeError(_NEEDED)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"ValuesAndIndices has no {name}: {_NEEDED}")


_NEEDED = (
    "the operation needs a Tensor, got the pair of values and indices that max(x, dim) and the like give: "
    "take its .values, or write axis= instead of dim for values alone"
)
# A tuple would be repeated by `* 2` and put before another by `+`.
for _operator in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(ValuesAndIndices, f"__{_operator}__", ValuesAndIndices.refuse)
    setattr(ValuesAndIndices, f"__r{_operator}__", ValuesAndIndices.refuse)
for _operator in ("neg", "abs", "lt", "le", "gt", "ge"):
    setattr(ValuesAndIndices, f"__{_operator}__", ValuesAndIndices.refuse)


def max(x: Tensor, /, dim: Any = None, keepdim: bool = False, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """Greatest element, NaN if one is; along `dim` with its position, along `axis` alone.

    With an axis as `dim`, by name or as the second argument, it is PyTorch's: the pair `(values, indices)`, where the first
    of equals has the position and gets the gradient. With `axis`, which may be several, it is the array API's: the values
    alone, where equals share the gradient, as they do for the greatest of all. With a tensor as the second argument it is
    `maximum`.

    Raises:
        ShapeError: there is no element to choose from.

    Example:
        >>> import rutile as rt
        >>> scores = rt.tensor([[1.0, 5.0], [3.0, 4.0]])
        >>> rt.max(scores).item()
        5.0
        >>> values, indices = rt.max(scores, 1)
        >>> indices.tolist()
        [1, 1]
        >>> rt.max(scores, axis=1).tolist()
        [5.0, 4.0]
    """
    if isinstance(dim, _core.TensorBase):
        return elementwise.maximum(x, dim)
    return _extreme("max", x, dim, axis, keepdim or keepdims)


def min(x: Tensor, /, dim: Any = None, keepdim: bool = False, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """Least element, NaN if one is; along `dim` with its position, along `axis` alone.

    With an axis as `dim`, by name or as the second argument, it is PyTorch's: the pair `(values, indices)`, where the first
    of equals has the position and gets the gradient. With `axis`, which may be several, it is the array API's: the values
    alone, where equals share the gradient, as they do for the least of all. With a tensor as the second argument it is
    `minimum`.

    Raises:
        ShapeError: there is no element to choose from.

    Example:
        >>> import rutile as rt
        >>> scores = rt.tensor([[1.0, 5.0], [3.0, 4.0]])
        >>> rt.min(scores).item()
        1.0
        >>> values, indices = rt.min(scores, 1)
        >>> indices.tolist()
        [0, 0]
        >>> rt.min(scores, axis=1).tolist()
        [1.0, 3.0]
    """
    if isinstance(dim, _core.TensorBase):
        return elementwise.minimum(x, dim)
    return _extreme("min", x, dim, axis, keepdim or keepdims)


def _extreme(fold: str, x: Tensor, dim: Any, axis: Axis, keepdim: bool) -> Any:
    if not isinstance(dim, int):
        return _core.reduce(fold, x, axes_of(dim if axis is None else axis), keepdim)
    if not x.ndim:
        return _extreme(fold, x.reshape(1), dim, None, False)
    place = choosing_axis(fold, x, dim)
    return chosen(x, _core.reduce(f"arg{fold}", x.detach(), [place], True), place, keepdim)


def choosing_axis(function: str, x: Tensor, dim: int) -> int:
    """An axis that elements are chosen along, counted from the front.

    Raises:
        OutOfRangeError: there is no such axis.
        ShapeError: it has no element to choose.
    """
    axis = normal_axis(function, dim, x.ndim)
    if not x.shape[axis]:
        raise ShapeError(f"{function} needs at least one element to choose from, got shape {x.shape}")
    return axis


def chosen(x: Tensor, positions: Tensor, axis: int, keepdim: bool) -> ValuesAndIndices:
    """The elements at positions, which have one place along the axis, and the positions."""
    pair = ValuesAndIndices(_core.take_along_axis(x, positions, axis), positions)
    return pair if keepdim else ValuesAndIndices(pair.values.squeeze(axis), pair.indices.squeeze(axis))
