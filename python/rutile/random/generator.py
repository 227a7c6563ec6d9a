"""The generator that users make."""

from __future__ import annotations

from rutile.random.continuous import Continuous
from rutile.random.discrete import Discrete


class Generator(Continuous, Discrete):
    """A stream of random numbers of its own: a seed gives the same numbers on every device and number of threads.

    Numbers are Threefry-2x32 words (Salmon et al., 2011) of a key for each call and the position in the tensor; those
    that come from words by integer steps agree to the bit everywhere, those through logarithms to their last digits.
    Distributions take the shape first, then parameters, which may be tensors that broadcast to it.

    Args:
        seed: an integer, taken modulo 2^64.

    Example:
        >>> import rutile as rt
        >>> generator = rt.random.Generator(42)
        >>> x = generator.normal((2, 3))
        >>> layers = generator.split(4)
        >>> rt.random.Generator(42).normal((2, 3)).tolist() == x.tolist()
        True
    """

    __slots__ = ()
