"""The Tensor class: operators and methods over the engine's lazy graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise, manipulation, printing
from rutile.dtypes import BY_NAME, DType, as_dtype, bfloat16
from rutile.errors import ArgumentError
from rutile.exchange import to_dlpack
from rutile.functions import indexing
from rutile.functions.methods import FunctionMethods
from rutile.gradient_methods import GradientMethods
from rutile.inspection import API_VERSION
from rutile.manipulation import Axis, sizes_of
from rutile.operators import Operators

if TYPE_CHECKING:
    import numpy as np


def _axis_of(axis: Axis, dim: Axis) -> Axis:
    return axis if dim is None else dim


class Tensor(_core.TensorBase, Operators, FunctionMethods, GradientMethods):
    """An n-dimensional array of one dtype on one device, computed when it is read.

    Made by `rutile.tensor` and the other creation functions. Operators and methods follow NumPy and PyTorch; `axis`
    and `keepdims` may be written `dim` and `keepdim`. A value never changes: `x += y` and `x[...] = v` bind this
    object to a new value, and other tensors keep theirs.

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
    def mT(self) -> Tensor:
        """The last two axes exchanged."""
        return _core.transpose(self, -1, -2)

    @property
    def T(self) -> Tensor:
        """All axes in reverse order."""
        return _core.permute(self, list(range(self.ndim))[::-1])

    def dim(self) -> int:
        """Number of axes."""
        return self.ndim

    def numel(self) -> int:
        """Number of elements."""
        return self.size

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len needs a tensor of at least one axis, got a 0-d one")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

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

    def astype(self, dtype: Any) -> Tensor:
        """Converted to another dtype; floats are cut towards zero to become integers."""
        return _core.cast(self, as_dtype(dtype).name)

    def to_device(self, device: str, /, *, stream: Any = None) -> Tensor:
        """On another device, under the array API's name; there are no streams.

        Raises:
            ArgumentError: a stream is given.
        """
        if stream is not None:
            raise ArgumentError(f"to_device needs stream=None, got {stream!r}: work is ordered by itself")
        return _core.to_device(self, device)

    def to(self, target: Any) -> Tensor:
        """On another device (a name such as "gpu") or of another dtype."""
        if isinstance(target, str) and target not in BY_NAME:
            return _core.to_device(self, target)
        return self.astype(target)

    def float(self) -> Tensor:
        """As float32."""
        return self.astype("float32")

    def int(self) -> Tensor:
        """As int32."""
        return self.astype("int32")

    def bool(self) -> Tensor:
        """As bool: whether each element is other than zero."""
        return self.astype("bool")

    def cpu(self) -> Tensor:
        """On the CPU."""
        return _core.to_device(self, "cpu")

    def clone(self) -> Tensor:
        """Another tensor of the same value; gradients flow through."""
        return _core.alias(self)

    def contiguous(self) -> Tensor:
        """This tensor: values have no strides that a user could see."""
        return self

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

    # Elementwise methods

    abs = elementwise.abs
    sign = elementwise.sign
    exp = elementwise.exp
    log = elementwise.log
    sqrt = elementwise.sqrt
    square = elementwise.square
    reciprocal = elementwise.reciprocal
    sin = elementwise.sin
    cos = elementwise.cos
    tanh = elementwise.tanh
    erf = elementwise.erf
    floor = elementwise.floor
    ceil = elementwise.ceil
    round = elementwise.round
    trunc = elementwise.trunc
    relu = elementwise.relu
    sigmoid = elementwise.sigmoid
    bitwise_not = elementwise.bitwise_invert
    pow = elementwise.pow
    maximum = elementwise.maximum
    minimum = elementwise.minimum
    clip = elementwise.clip
    clamp = elementwise.clip

    # Reductions

    def sum(self, axis: Axis = None, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False) -> Tensor:
        """Sum over axes; see `rutile.sum`."""
        return manipulation.sum(self, _axis_of(axis, dim), keepdims=keepdims or keepdim)

    def prod(self, axis: Axis = None, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False) -> Tensor:
        """Product over axes; see `rutile.prod`."""
        return manipulation.prod(self, _axis_of(axis, dim), keepdims=keepdims or keepdim)

    def mean(self, axis: Axis = None, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False) -> Tensor:
        """Mean over axes; see `rutile.mean`."""
        return manipulation.mean(self, _axis_of(axis, dim), keepdims=keepdims or keepdim)

    def var(
        self, axis: Axis = None, correction: Any = 0.0, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False
    ) -> Tensor:
        """Variance over axes; see `rutile.var`."""
        axis = _axis_of(axis, dim)
        return manipulation.var(self, axis, correction=correction, keepdims=keepdims or keepdim)

    def std(
        self, axis: Axis = None, correction: Any = 0.0, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False
    ) -> Tensor:
        """Standard deviation over axes; see `rutile.std`."""
        axis = _axis_of(axis, dim)
        return manipulation.std(self, axis, correction=correction, keepdims=keepdims or keepdim)

    def max(self, axis: Axis = None, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False) -> Tensor:
        """Greatest element over axes; see `rutile.max`."""
        return manipulation.max(self, _axis_of(axis, dim), keepdims=keepdims or keepdim)

    def min(self, axis: Axis = None, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False) -> Tensor:
        """Least element over axes; see `rutile.min`."""
        return manipulation.min(self, _axis_of(axis, dim), keepdims=keepdims or keepdim)

    def any(self, axis: Axis = None, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False) -> Tensor:
        """Whether an element is true, over axes; see `rutile.any`."""
        return manipulation.any(self, _axis_of(axis, dim), keepdims=keepdims or keepdim)

    def all(self, axis: Axis = None, keepdims: Any = False, *, dim: Axis = None, keepdim: Any = False) -> Tensor:
        """Whether all elements are true, over axes; see `rutile.all`."""
        return manipulation.all(self, _axis_of(axis, dim), keepdims=keepdims or keepdim)

    def argmax(self, axis: Any = None, keepdims: Any = False, *, dim: Any = None, keepdim: Any = False) -> Tensor:
        """Position of the first greatest element; see `rutile.argmax`."""
        return manipulation.argmax(self, axis if dim is None else dim, keepdims=keepdims or keepdim)

    def argmin(self, axis: Any = None, keepdims: Any = False, *, dim: Any = None, keepdim: Any = False) -> Tensor:
        """Position of the first least element; see `rutile.argmin`."""
        return manipulation.argmin(self, axis if dim is None else dim, keepdims=keepdims or keepdim)

    def softmax(self, axis: Any = -1, *, dim: Any = None) -> Tensor:
        """Softmax along an axis; see `rutile.softmax`."""
        return _core.softmax(self, axis if dim is None else dim)

    def log_softmax(self, axis: Any = -1, *, dim: Any = None) -> Tensor:
        """Logarithm of the softmax along an axis; see `rutile.log_softmax`."""
        return _core.log_softmax(self, axis if dim is None else dim)

    # Shapes

    def reshape(self, *shape: Any) -> Tensor:
        """The same elements in another shape, given as numbers or as one sequence; one size may be -1."""
        return _core.reshape(self, sizes_of(shape))

    view = reshape

    def permute(self, *axes: Any) -> Tensor:
        """The axes in another order, given as numbers or as one sequence."""
        return _core.permute(self, sizes_of(axes))

    def transpose(self, dim0: Any, dim1: Any) -> Tensor:
        """Two axes exchanged."""
        return _core.transpose(self, dim0, dim1)

    def expand(self, *shape: Any) -> Tensor:
        """Broadcast to a shape; -1 keeps a size."""
        sizes = sizes_of(shape)
        added = len(sizes) - self.ndim
        return _core.expand(self, [self.shape[i - added] if size == -1 else size for i, size in enumerate(sizes)])

    def unsqueeze(self, dim: Any) -> Tensor:
        """With a new axis of size one at `dim`."""
        return _core.unsqueeze(self, dim)

    def squeeze(self, dim: Axis = None) -> Tensor:
        """Without axes of size one: the given ones, or all."""
        return manipulation.squeeze(self, dim)

    def flip(self, dims: Axis = None) -> Tensor:
        """Reversed along axes."""
        return manipulation.flip(self, axis=dims)

    flatten = manipulation.flatten


_core.set_result_class(Tensor)
