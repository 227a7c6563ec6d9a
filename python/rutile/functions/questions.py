"""What programs ask about tensors, and copies of them: PyTorch's functions beside the methods of their name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rutile import _core

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def is_tensor(obj: Any) -> bool:
    """Whether this is a tensor.

    Example:
        >>> import rutile as rt
        >>> rt.is_tensor(rt.zeros(2)), rt.is_tensor([0.0, 0.0])
        (True, False)
    """
    return isinstance(obj, _core.TensorBase)


def numel(input: Tensor) -> int:
    """Number of elements.

    Example:
        >>> import rutile as rt
        >>> rt.numel(rt.zeros(2, 3))
        6
    """
    return input.numel()


def is_floating_point(input: Tensor) -> bool:
    """Whether the elements are floats.

    Example:
        >>> import rutile as rt
        >>> rt.is_floating_point(rt.zeros(2))
        True
    """
    return input.is_floating_point()


def is_complex(input: Tensor) -> bool:
    """Whether the elements are complex: false, as rutile has no complex dtypes.

    Example:
        >>> import rutile as rt
        >>> rt.is_complex(rt.zeros(2))
        False
    """
    return input.is_complex()


def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is other than zero.

    Example:
        >>> import rutile as rt
        >>> rt.is_nonzero(rt.tensor([2.0]))
        True
    """
    return input.is_nonzero()


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have one shape.

    Example:
        >>> import rutile as rt
        >>> rt.is_same_size(rt.zeros(2), rt.zeros(3))
        False
    """
    return input.shape == other.shape


def clone(input: Tensor) -> Tensor:
    """Another tensor of the same value, which is no leaf; gradients flow through.

    Example:
        >>> import rutile as rt
        >>> rt.clone(rt.tensor([1.0])).tolist()
        [1.0]
    """
    return input.clone()


def detach(input: Tensor) -> Tensor:
    """The same value without a history for gradients.

    Example:
        >>> import rutile as rt
        >>> rt.detach(rt.tensor([1.0], requires_grad=True)).requires_grad
        False
    """
    return _core.detach(input)
