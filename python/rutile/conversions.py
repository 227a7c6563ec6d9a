"""Methods of Tensor that make others like it: of another dtype, on another device, of the same kind or size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.dtypes import BY_NAME, as_dtype
from rutile.manipulation import sizes_of

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class Conversions:
    """Conversions, new tensors like this one, and what PyTorch's programs ask about memory."""

    __slots__ = ()

    def astype(self: Any, dtype: Any) -> Tensor:
        """Converted to another dtype; floats are cut towards zero to become integers."""
        return _core.cast(self, as_dtype(dtype).name)

    type = astype

    def to(self: Any, *targets: Any, device: Any = None, dtype: Any = None, **ignored: Any) -> Tensor:
        """On another device (a name such as "gpu"), of another dtype, or both; a tensor stands for its own two.

        `non_blocking` and `copy` may be given, and make no difference.
        """
        if ignored.keys() - {"non_blocking", "copy"}:
            raise TypeError(f"to needs a device, a dtype or a tensor, got {', '.join(ignored)}")
        for target in targets:
            if isinstance(target, _core.TensorBase):
                device, dtype = target.device, target.dtype_name
            elif isinstance(target, str) and target not in BY_NAME:
                device = target
            elif not isinstance(target, bool) and target is not None:
                dtype = target
        result = self if dtype is None else self.astype(dtype)
        return result if device is None else _core.to_device(result, device)

    def bool(self: Any) -> Tensor:
        """As bool: whether each element is other than zero."""
        return self.astype("bool")

    def byte(self: Any) -> Tensor:
        """As uint8."""
        return self.astype("uint8")

    def char(self: Any) -> Tensor:
        """As int8."""
        return self.astype("int8")

    def short(self: Any) -> Tensor:
        """As int16."""
        return self.astype("int16")

    def int(self: Any) -> Tensor:
        """As int32."""
        return self.astype("int32")

    def long(self: Any) -> Tensor:
        """As int64."""
        return self.astype("int64")

    def half(self: Any) -> Tensor:
        """As float16."""
        return self.astype("float16")

    def bfloat16(self: Any) -> Tensor:
        """As bfloat16."""
        return self.astype("bfloat16")

    def float(self: Any) -> Tensor:
        """As float32."""
        return self.astype("float32")

    def double(self: Any) -> Tensor:
        """As float64."""
        return self.astype("float64")

    def type_as(self: Any, other: Tensor) -> Tensor:
        """Of another tensor's dtype, and on its device."""
        return self.to(other)

    def view_as(self: Any, other: Tensor) -> Tensor:
        """The same elements in another tensor's shape."""
        return _core.reshape(self, list(other.shape))

    reshape_as = view_as

    def expand_as(self: Any, other: Tensor) -> Tensor:
        """Broadcast to another tensor's shape."""
        return _core.expand(self, list(other.shape))

    def sum_to_size(self: Any, *size: Any) -> Tensor:
        """Summed over the axes that broadcasting from a shape to this one would stretch or add."""
        shape = sizes_of(size)
        added = self.ndim - len(shape)
        axes = [i for i, n in enumerate(self.shape) if i < added or (shape[i - added] == 1 and n != 1)]
        return _core.reshape(_core.reduce("sum", self, axes, True), shape)

    def cpu(self: Any) -> Tensor:
        """On the CPU."""
        return _core.to_device(self, "cpu")

    def clone(self: Any) -> Tensor:
        """Another tensor of the same value, which is no leaf; gradients flow through."""
        return self * 1.0 if self.requires_grad and self.is_leaf else _core.alias(self)

    def contiguous(self: Any) -> Tensor:
        """This tensor: values have no strides that a user could see."""
        return self

    def new_tensor(
        self: Any, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: Any = False
    ) -> Tensor:
        """A tensor with a copy of data, of this one's dtype and device unless told otherwise."""
        from rutile.creation import tensor

        return tensor(data, dtype or self.dtype, device or self.device, requires_grad)

    def new_full(self: Any, size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Tensor:
        """One value everywhere in a given shape, of this tensor's dtype and device unless told otherwise."""
        name = as_dtype(dtype or self.dtype).name
        return _core.full(sizes_of((size,)), fill_value, name, device or self.device)

    def new_zeros(self: Any, *size: Any, dtype: Any = None, device: Any = None) -> Tensor:
        """Zeros in a given shape, of this tensor's dtype and device unless told otherwise."""
        return self.new_full(sizes_of(size), 0, dtype=dtype, device=device)

    new_empty = new_zeros

    def new_ones(self: Any, *size: Any, dtype: Any = None, device: Any = None) -> Tensor:
        """Ones in a given shape, of this tensor's dtype and device unless told otherwise."""
        return self.new_full(sizes_of(size), 1, dtype=dtype, device=device)

    # What PyTorch's programs ask

    @property
    def data(self: Any) -> Tensor:
        """The same value without a history; assigned to or changed in place, as `assign_`."""
        from rutile.owned import OwnedTensor

        return OwnedTensor.of(_core.detach(self), self.assign)

    @data.setter
    def data(self: Any, value: Tensor) -> None:
        self.assign_(value)

    # Programs that prefer such tensors ask for them: there are none.
    is_cuda = is_mps = is_sparse = is_quantized = False

    @property
    def is_cpu(self: Any) -> Any:
        """Whether the elements are in the CPU's memory."""
        return self.device.type == "cpu"

    def is_same_size(self: Any, other: Tensor) -> Any:
        """Whether another tensor has this one's shape."""
        return self.shape == other.shape

    def pin_memory(self: Any) -> Tensor:
        """This tensor: copies to a device are arranged by the device."""
        return self

    @property
    def itemsize(self: Any) -> Any:
        """Bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self: Any) -> Any:
        """Bytes of all elements."""
        return self.size * self.dtype.itemsize

    def dim(self: Any) -> Any:
        """Number of axes."""
        return self.ndim

    ndimension = dim

    def numel(self: Any) -> Any:
        """Number of elements."""
        return math.prod(self.shape)

    nelement = numel

    def element_size(self: Any) -> Any:
        """Bytes of one element."""
        return self.dtype.itemsize

    def is_floating_point(self: Any) -> Any:
        """Whether the elements are floats."""
        return self.dtype.kind == "f"

    def is_complex(self: Any) -> Any:
        """False: there are no complex dtypes."""
        return False

    def is_nonzero(self: Any) -> Any:
        """Whether the only element is other than zero."""
        return self.item() != 0

    def is_signed(self: Any) -> Any:
        """Whether the dtype has negative numbers."""
        return self.dtype.kind in "if"

    def is_contiguous(self: Any) -> Any:
        """True: values have no strides that a user could see."""
        return True

    def storage_offset(self: Any) -> Any:
        """0: values have no memory that they share, as far as a user could see."""
        return 0

    def stride(self: Any, dim: Any = None) -> Any:
        """How far apart the elements of each axis are in row-major order, or those of one axis."""
        strides = tuple(math.prod(self.shape[axis + 1 :]) for axis in range(self.ndim))
        return strides if dim is None else strides[dim]
