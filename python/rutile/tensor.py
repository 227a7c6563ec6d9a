"""The Tensor class: operators and methods over the engine's lazy graph."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rutile import _core, printing
from rutile.conversions import Conversions
from rutile.devices import device
from rutile.dtypes import BY_NAME, DType, bfloat16
from rutile.errors import ArgumentError
from rutile.exchange import to_dlpack
from rutile.functions import indexing
from rutile.functions.methods import FunctionMethods
from rutile.gradient_methods import GradientMethods
from rutile.in_place import InPlaceMethods
from rutile.inspection import API_VERSION
from rutile.operators import Operators

if TYPE_CHECKING:
    import numpy as np


_device_of: Any = _core.TensorBase.device.__get__  # type: ignore[attr-defined]
_grad_of: Any = _core.TensorBase.grad.__get__  # type: ignore[attr-defined]
_set_grad_of: Any = _core.TensorBase.grad.__set__  # type: ignore[attr-defined]
_named = functools.cache(device)


class Size(int):
    """A number of elements that can be called: x.size() is x.shape, and x.size(0) is x.shape[0]."""

    shape: tuple[int, ...]

    @classmethod
    def of(cls, shape: tuple[int, ...]) -> Size:
        """The number of elements of a shape."""
        size = cls(math.prod(shape))
        size.shape = shape
        return size

    def __call__(self, dim: Any = None) -> Any:
        return self.shape if dim is None else self.shape[dim]


class Tensor(_core.TensorBase, Operators, Conversions, FunctionMethods, GradientMethods, InPlaceMethods):
    """An n-dimensional array of one dtype on one device, computed when it is read.

    Made by `rutile.tensor` and the other creation functions. Operators and methods follow NumPy and PyTorch; `axis`
    and `keepdims` may be written `dim` and `keepdim`. A value never changes: `x += y` and `x[...] = v` bind this
    object to a new value, and other tensors keep theirs. What is done in place to `x.data` and `x.grad` is done to x.

    Example:
        >>> import rutile as rt
        >>> x = rt.tensor([1.0, 2.0], requires_grad=True)
        >>> (x * x).sum().backward()
        >>> x.grad.tolist()
        [2.0, 4.0]
    """

    __slots__ = ()
    # NumPy arrays leave operators with a tensor to the tensor.
    __array_ufunc__ = None

    # Attributes

    @property
    def dtype(self) -> DType:
        """The element type."""
        return BY_NAME[self.dtype_name]

    @property
    def device(self) -> device:
        """Where the elements are: a string with PyTorch's `type` and `index`."""
        return _named(_device_of(self))

    @property
    def size(self) -> Size:
        """The number of elements; called as in PyTorch, the shape, or the size of an axis."""
        return Size.of(self.shape)

    @property
    def mT(self) -> Tensor:
        """The last two axes exchanged."""
        return _core.transpose(self, -1, -2)

    @property
    def T(self) -> Tensor:
        """All axes in reverse order."""
        return _core.permute(self, list(range(self.ndim))[::-1])

    @property
    def grad(self) -> Tensor | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The gradient that backward() has added up here, or None; changed in place, it is changed here.

        Raises:
            TypeError: it is set, and this is no leaf with requires_grad=True.
            ShapeError: it is set to a tensor of another shape, dtype or device.
        """
        value = _grad_of(self)
        if value is None:
            return None
        from rutile.owned import OwnedTensor

        return OwnedTensor.of(value, self._set_grad)

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        _set_grad_of(self, value)

    def _set_grad(self, value: Tensor | None) -> None:
        _set_grad_of(self, value)

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len needs a tensor of at least one axis, got a 0-d one")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool((self == value).any().item())

    __hash__ = object.__hash__  # type: ignore[assignment]

    # Values

    def numpy(self) -> np.ndarray[Any, Any]:
        """The elements as a read-only NumPy array: the tensor's own memory on the CPU, a copy elsewhere.

        Raises:
            DTypeError: NumPy has no bfloat16.
        """
        import numpy as np

        if self.dtype is bfloat16:
            raise _core.DTypeError(
                "numpy needs a dtype that NumPy has, got bfloat16: convert it with .astype(rutile.float32)"
            )
        return np.frombuffer(_core.host_buffer(self), dtype=self.dtype_name).reshape(self.shape)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            if copy is False:
                raise ValueError(f"converting {array.dtype} to {dtype} needs a copy, got copy=False")
            return array.astype(dtype)
        return array.copy() if copy else array

    def __array_namespace__(self, /, *, api_version: str | None = None) -> Any:
        import rutile

        if api_version not in (None, "2021.12", "2022.12", "2023.12", API_VERSION):
            raise ArgumentError(f"__array_namespace__ needs a version up to {API_VERSION}, got {api_version!r}")
        return rutile

    def __dlpack__(
        self,
        /,
        *,
        stream: Any = None,
        max_version: tuple[Any, Any] | None = None,
        dl_device: tuple[Any, Any] | None = None,
        copy: Any = None,
    ) -> Any:
        return to_dlpack(self, stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)

    def item(self) -> Any:
        """The only element as a Python number.

        Raises:
            ShapeError: there is not exactly one element.
        """
        return _core.item(self)

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        return self._readable().numpy().tolist()

    def _readable(self) -> Tensor:
        """The same values in a dtype that NumPy has."""
        return self.detach().astype("float32") if self.dtype is bfloat16 else self

    def __bool__(self) -> bool:
        return bool(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self.dtype.kind not in "iu":
            raise TypeError(f"an index needs an integer tensor, got {self.dtype}")
        return int(self.item())

    def __repr__(self) -> str:
        return printing.show(self)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a Tensor is not pickled: save it with rutile.io.save_safetensors(path, {'name': tensor})")

    def __copy__(self) -> Tensor:
        return _core.alias(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        copy = _core.detach(self)
        copy.requires_grad = self.requires_grad
        copy.grad = self.grad
        memo[id(self)] = copy
        return copy

    # Conversion

    def to_device(self, device: str, /, *, stream: Any = None) -> Tensor:
        """On another device, under the array API's name; there are no streams.

        Raises:
            ArgumentError: a stream is given.
        """
        if stream is not None:
            raise ArgumentError(f"to_device needs stream=None, got {stream!r}: work is ordered by itself")
        return _core.to_device(self, device)

    # Changes in place

    def assign_(self, value: Tensor) -> Tensor:
        """Binds this tensor to a value of its shape, dtype and device, without history; a leaf keeps its `.grad`."""
        self.assign(value)
        return self

    def _update(self, value: Tensor) -> Tensor:
        if self.requires_grad and self.is_leaf and _core.grad_enabled():
            raise RuntimeError(
                "in-place change needs a tensor that is no leaf with requires_grad=True: use no_grad() or assign_()"
            )
        if value.shape != self.shape or value.dtype is not self.dtype:
            raise ValueError(
                f"in-place change needs a result like the target, {self.shape} {self.dtype}, "
                f"got {value.shape} {value.dtype}: write x = x + y"
            )
        if self.requires_grad and self.is_leaf:
            self.assign(value)
        else:
            self.rebind(value)
        return self

    def change(self, method: str, value: Tensor) -> Tensor:
        """What methods such as `add_` do: binds this tensor to a value of its shape, dtype and device.

        Raises:
            ValueError: this is x[key] for some x, which would not change: write x[key] = value.
        """
        if self.is_piece:
            raise ArgumentError(
                f"{method} needs a tensor of its own, got a part of another, which would not change: write x[key] = value"
            )
        return self._update(value)

    # Indexing

    def __getitem__(self, key: Any) -> Tensor:
        if indexing.is_advanced(key):
            return indexing.read(self, key)
        return _core.index(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        if not isinstance(value, Tensor | int | float):
            from rutile.creation import tensor

            value = tensor(value, dtype=self.dtype, device=self.device)
        if indexing.is_advanced(key):
            self._update(indexing.assigned(self, key, value))
        else:
            self._update(_core.with_index(self, key, value))


_core.set_result_class(Tensor)
