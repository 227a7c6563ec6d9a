"""Tensors that belong to another: what `x.data` and `x.grad` give."""

from __future__ import annotations

from collections.abc import Callable

from rutile import _core
from rutile.tensor import Tensor


class OwnedTensor(Tensor):
    """A tensor whose changes in place, such as `x.grad.zero_()` or `x.data.clamp_(0, 1)`, are its owner's too."""

    __slots__ = ("_write",)
    _write: Callable[[Tensor], None]

    @classmethod
    def of(cls, value: Tensor, write: Callable[[Tensor], None]) -> OwnedTensor:
        """The value, with what hands a new one to the owner."""
        owned = cls.__new__(cls)
        _core.TensorBase.rebind(owned, value)
        owned._write = write
        return owned

    def rebind(self, value: Tensor) -> None:
        """Binds this tensor, and what its owner holds, to a value."""
        _core.TensorBase.rebind(self, value)
        self._write(value)

    def assign(self, value: Tensor) -> None:
        """Binds this tensor, and what its owner holds, to a value without history."""
        _core.TensorBase.assign(self, value)
        self._write(value)
