"""What every distribution is made of: a stream of random words, and the numbers between 0 and 1 made from them."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, TypeGuard

from rutile import _core, elementwise
from rutile.dtypes import as_dtype
from rutile.errors import ArgumentError, DTypeError, ShapeError
from rutile.functions import special
from rutile.functions.arranging import broadcast_shapes

if TYPE_CHECKING:
    from rutile.tensor import Tensor

# A shape as users give it; None takes the shape that the parameters broadcast to.
Shape = int | Sequence[int] | None
_SEEDS = 1 << 64


class Words:
    """A stream of Threefry-2x32 words: a seed, and the number of calls that have drawn from it."""

    __slots__ = ("_source",)

    def __init__(self, seed: int) -> None:
        self._source = _core.RandomSource(operator.index(seed) % _SEEDS)

    @classmethod
    def _of(cls, source: _core.RandomSource) -> Self:
        result = cls.__new__(cls)
        result._source = source
        return result

    def seed(self, value: int) -> None:
        """Starts the stream of another seed, an integer taken modulo 2^64.

        Example:
            >>> import rutile as rt
            >>> rt.random.seed(0); x = rt.random.uniform((2,))
            >>> rt.random.seed(0); y = rt.random.uniform((2,))
            >>> x.tolist() == y.tolist()
            True
        """
        self._source.set_state(operator.index(value) % _SEEDS, 0)

    def manual_seed(self, seed: int) -> Any:
        """`seed` under PyTorch's name; gives the generator itself.

        Example:
            >>> import rutile as rt
            >>> rt.Generator(1).manual_seed(7)
            Generator(seed=7, calls=0)
        """
        self.seed(seed)
        return self

    def get_state(self) -> dict[str, int]:
        """Where the stream stands, for checkpoints: plain numbers that JSON holds.

        Example:
            >>> import rutile as rt
            >>> rt.random.Generator(7).get_state()
            {'seed': 7, 'calls': 0}
        """
        seed, calls = self._source.state()
        return {"seed": seed, "calls": calls}

    def set_state(self, state: dict[str, int]) -> None:
        """Goes back to where `get_state` was called.

        Example:
            >>> import rutile as rt
            >>> state = rt.random.get_state()
            >>> x = rt.random.normal((2,))
            >>> rt.random.set_state(state)
            >>> rt.random.normal((2,)).tolist() == x.tolist()
            True
        """
        self._source.set_state(state["seed"], state["calls"])

    def split(self, n: int = 2) -> list[Self]:
        """n generators with streams of their own: one for each worker, layer or member of an ensemble.

        The children depend on this generator's state and on nothing drawn from the others; asking for more of them
        leaves the first ones as they are.

        Example:
            >>> import rutile as rt
            >>> first, second = rt.random.Generator(0).split(2)
            >>> first.normal((2,)).tolist() == second.normal((2,)).tolist()
            False
        """
        return [type(self)._of(source) for source in self._source.split(n)]

    def bits(self, shape: Shape = (), *, device: str | None = None) -> Tensor:
        """Random words of 32 bits: uint32.

        Example:
            >>> import rutile as rt
            >>> rt.random.bits((2, 3)).dtype
            rutile.uint32
        """
        return self._source.bits(sizes(shape), device)

    def __repr__(self) -> str:
        state = self.get_state()
        return f"{type(self).__name__}(seed={state['seed']}, calls={state['calls']})"

    def __copy__(self) -> Self:
        return type(self)._of(_copied(self._source))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.__copy__()

    def _fraction(self, shape: Sequence[int], dtype: str, device: str | None) -> Tensor:
        """Numbers from (0, 1], dense near zero: multiples of 2^-32, or of 2^-64 in float64."""
        words = self._source.bits(shape, device)
        if dtype == "float64":
            return (words.astype(dtype) + fraction_of(self._source.bits(shape, device), dtype)) * 2.0**-32
        return fraction_of(words, dtype)

    def _unit(self, shape: Sequence[int], dtype: str, device: str | None) -> Tensor:
        """Numbers from [0, 1), evenly spaced."""
        return self._source.uniform(shape, 0.0, 1.0, dtype, device)

    def _gumbel(self, setting: Setting) -> Tensor:
        """Dense where numbers are great: -log(-log(1 - u)) of a u that is dense near zero, and below one."""
        u = self._fraction(setting.shape, setting.wide, setting.device)
        return -elementwise.log(-special.log1p(-elementwise.minimum(u, 1.0 - 2.0**-24)))


def _copied(source: _core.RandomSource) -> _core.RandomSource:
    copy = _core.RandomSource(0)
    copy.set_state(*source.state())
    return copy


def fraction_of(words: Tensor, dtype: str) -> Tensor:
    """Words of 32 bits as numbers from (0, 1]."""
    return words.astype(dtype) * 2.0**-32 + 2.0**-33


def sizes(shape: int | Sequence[int] | None) -> list[int]:
    """A shape as a list.

    Raises:
        ShapeError: a size is negative.
    """
    if shape is None:
        return []
    result = [operator.index(size) for size in ([shape] if isinstance(shape, int) else shape)]
    if any(size < 0 for size in result):
        raise ShapeError(f"a shape needs sizes of at least 0, got {tuple(result)}")
    return result


def is_tensor(value: Any) -> TypeGuard[Tensor]:
    """Whether a parameter is a tensor, rather than a number."""
    return isinstance(value, _core.TensorBase)


class Setting:
    """What the parameters of a distribution say about its numbers: their shape, dtype and device."""

    __slots__ = ("device", "dtype", "parameters", "shape", "wide")

    def __init__(self, op: str, shape: Shape, dtype: Any, device: str | None, *parameters: Any) -> None:
        tensors = [value for value in parameters if is_tensor(value)]
        given: tuple[int, ...] = ()
        for tensor in tensors:
            given = broadcast_shapes(given, tensor.shape)
        self.shape = list(given) if shape is None else sizes(shape)
        if not _fits(given, self.shape):
            raise ShapeError(f"{op} needs parameters that broadcast to its shape, got {given} and {tuple(self.shape)}")
        floats = [tensor.dtype_name for tensor in tensors if tensor.dtype_name in ("float16", "bfloat16", "float64")]
        self.dtype = as_dtype(dtype or (floats[0] if len(floats) == len(tensors) and floats else "float32"))
        if self.dtype.kind != "f":
            raise DTypeError(f"{op} needs a float dtype, got {self.dtype}")
        # Half types are computed in float32, and rounded once.
        self.wide = "float64" if self.dtype.name == "float64" else "float32"
        self.device = device or (tensors[0].device if tensors else None)
        self.parameters: list[Any] = [
            _core.cast(value, self.wide) if is_tensor(value) else float(value) for value in parameters
        ]

    def finish(self, x: Tensor) -> Tensor:
        """The numbers in the dtype that was asked for."""
        return x.astype(self.dtype)


def _fits(given: Sequence[int], shape: Sequence[int]) -> bool:
    """Whether one shape broadcasts to another."""
    last = shape[len(shape) - len(given) :]
    return len(given) <= len(shape) and all(a in (1, b) for a, b in zip(given, last, strict=True))


def positive(op: str, name: str, value: Any, zero: bool = False) -> None:
    """Raises ArgumentError for a Python number that is not positive; tensors are not read."""
    if is_tensor(value):
        return
    if not (value > 0 or (zero and value == 0)) or math.isinf(value):
        raise ArgumentError(f"{op} needs a finite {name} {'of at least' if zero else 'above'} 0, got {value}")
