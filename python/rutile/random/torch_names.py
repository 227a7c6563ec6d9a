"""Random tensors under PyTorch's names and with its arguments; `generator` takes the place of the default one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import random
from rutile.manipulation import sizes_of
from rutile.random.generator import Generator

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def manual_seed(seed: int) -> Generator:
    """Starts the default generator again: `rutile.random.seed`. Returns it.

    Example:
        >>> import rutile as rt
        >>> rt.manual_seed(3)
        Generator(seed=3, calls=0)
    """
    random.seed(seed)
    return random.default_generator


def rand(
    *size: Any,
    generator: Generator | None = None,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from [0, 1), in a shape given as numbers or as one sequence.

    Example:
        >>> import rutile as rt
        >>> rt.rand(2, 3).shape
        (2, 3)
    """
    drawn = _of(generator).uniform(sizes_of(size), dtype=dtype, device=device)
    return drawn.requires_grad_() if requires_grad else drawn


def randn(
    *size: Any,
    generator: Generator | None = None,
    dtype: Any = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Standard normal numbers, in a shape given as numbers or as one sequence.

    Example:
        >>> import rutile as rt
        >>> rt.randn(2, 3).shape
        (2, 3)
    """
    drawn = _of(generator).normal(sizes_of(size), dtype=dtype, device=device)
    return drawn.requires_grad_() if requires_grad else drawn


def randint(
    low: int,
    high: Any = None,
    size: Any = None,
    *,
    generator: Generator | None = None,
    dtype: Any = "int32",
    device: str | None = None,
) -> Tensor:
    """Integers from [low, high); randint(high, size) starts at 0.

    Example:
        >>> import rutile as rt
        >>> rt.randint(0, 10, (2, 3)).shape
        (2, 3)
    """
    if size is None:
        low, high, size = 0, low, high
    drawn = _of(generator).integers(size, low, high, dtype=dtype if _integer(dtype) else "int32", device=device)
    return drawn.astype(dtype)


def randperm(n: int, *, generator: Generator | None = None, dtype: Any = "int32", device: str | None = None) -> Tensor:
    """0, 1, ..., n - 1 in random order.

    Example:
        >>> import rutile as rt
        >>> sorted(rt.randperm(3).tolist())
        [0, 1, 2]
    """
    return _of(generator).permutation(n, device=device).astype(dtype)


def rand_like(x: Tensor, *, generator: Generator | None = None, dtype: Any = None, device: Any = None) -> Tensor:
    """Numbers from [0, 1) in the shape, dtype and on the device of x.

    Example:
        >>> import rutile as rt
        >>> rt.rand_like(rt.zeros((2, 3))).shape
        (2, 3)
    """
    return _of(generator).uniform(x.shape, dtype=dtype or x.dtype, device=device or x.device)


def randn_like(x: Tensor, *, generator: Generator | None = None, dtype: Any = None, device: Any = None) -> Tensor:
    """Standard normal numbers in the shape, dtype and on the device of x.

    Example:
        >>> import rutile as rt
        >>> rt.randn_like(rt.zeros((2, 3))).shape
        (2, 3)
    """
    return _of(generator).normal(x.shape, dtype=dtype or x.dtype, device=device or x.device)


def randint_like(
    x: Tensor,
    low: int,
    high: int | None = None,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    device: str | None = None,
) -> Tensor:
    """Integers from [low, high), or from [0, low), in the shape, dtype and on the device of x.

    Example:
        >>> import rutile as rt
        >>> rt.randint_like(rt.zeros((2,)), 5).dtype
        rutile.float32
    """
    low, high = (0, low) if high is None else (low, high)
    return randint(low, high, x.shape, generator=generator, dtype=dtype or x.dtype, device=device or x.device)


def normal(
    mean: Any = 0.0,
    std: Any = 1.0,
    size: Sequence[int] | None = None,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    device: str | None = None,
) -> Tensor:
    """Normal numbers of these means and deviations, numbers or tensors.

    Example:
        >>> import rutile as rt
        >>> rt.normal(0.0, 2.0, (2, 3)).shape, rt.normal(rt.zeros((4,)), 1.0).shape
        ((2, 3), (4,))
    """
    return _of(generator).normal(size, mean, std, dtype=dtype, device=device)


def bernoulli(input: Tensor, p: float | None = None, *, generator: Generator | None = None) -> Tensor:
    """Ones with the probabilities that are the elements of `input`, or p, else zeros; of its dtype.

    Example:
        >>> import rutile as rt
        >>> rt.bernoulli(rt.tensor([0.0, 1.0])).tolist()
        [0.0, 1.0]
    """
    probability = input if p is None else p
    drawn = _of(generator).bernoulli(input.shape, probability, device=input.device)
    return drawn.astype(input.dtype)


def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Counts of the Poisson distributions whose means are the elements of `input`; of its dtype.

    Example:
        >>> import rutile as rt
        >>> rt.poisson(rt.tensor([0.0, 5.0])).shape
        (2,)
    """
    return _of(generator).poisson(None, input, dtype=input.dtype)


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Tensor:
    """Positions along the last axis with probabilities in proportion to the weights; see `Generator.multinomial`.

    Example:
        >>> import rutile as rt
        >>> rt.multinomial(rt.tensor([0.0, 3.0]), 2, replacement=True).tolist()
        [1, 1]
    """
    return _of(generator).multinomial(input, num_samples, replacement)


def _of(generator: Generator | None) -> Generator:
    if generator is not None and not isinstance(generator, Generator):
        raise TypeError(f"a draw needs a rutile.Generator or None as generator, got {type(generator).__name__}")
    return random.default_generator if generator is None else generator


def _integer(dtype: Any) -> bool:
    from rutile.dtypes import as_dtype

    return as_dtype(dtype).kind in "iu"
