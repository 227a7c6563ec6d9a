"""Methods of Tensor that bind it to their result: PyTorch's names with an underscore.

Values never change, so that other tensors keep theirs, those that this one was made of among them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile.functions import (
    arithmetic,
    arranging,
    assigning,
    gamma,
    indexing,
    logic,
    products,
    samples,
    scanning,
    special,
    trigonometry,
)
from rutile.functions.viewing import t, transpose, unsqueeze
from rutile.manipulation import squeeze

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def _in_place(function: Callable[..., Any]) -> Callable[..., Any]:
    """A method that binds its tensor to the function's result, in the tensor's dtype if that holds such numbers."""
    name = f"{function.__name__}_"

    def method(self: Any, *arguments: Any, **named: Any) -> Any:
        result = function(self, *arguments, **named)
        fits = "biuf".index(result.dtype.kind) <= "biuf".index(self.dtype.kind)
        return self.change(name, result.astype(self.dtype) if fits else result)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"As `{function.__name__}`, and binds this tensor to the result, in its own dtype."
    return method


def _reshaped(function: Callable[..., Any]) -> Callable[..., Any]:
    """A method that binds its tensor to a view of itself."""

    def method(self: Any, *arguments: Any) -> Any:
        self.rebind(function(self, *arguments))
        return self

    method.__name__ = method.__qualname__ = f"{function.__name__}_"
    method.__doc__ = f"As `{function.__name__}`, and binds this tensor to the result."
    return method


class InPlaceMethods:
    """Each method keeps its tensor's shape, dtype and device, apart from those that exchange, add or drop axes."""

    __slots__ = ()

    add_ = _in_place(elementwise.add)
    sub_ = subtract_ = _in_place(elementwise.subtract)
    mul_ = multiply_ = _in_place(elementwise.multiply)
    div_ = divide_ = true_divide_ = _in_place(elementwise.divide)
    floor_divide_ = _in_place(elementwise.floor_divide)
    remainder_ = _in_place(elementwise.remainder)
    fmod_ = _in_place(arithmetic.fmod)
    pow_ = _in_place(elementwise.pow)
    neg_ = negative_ = _in_place(elementwise.negative)
    abs_ = absolute_ = _in_place(elementwise.abs)
    sign_ = sgn_ = _in_place(elementwise.sign)
    square_ = _in_place(elementwise.square)
    sqrt_ = _in_place(elementwise.sqrt)
    rsqrt_ = _in_place(special.rsqrt)
    reciprocal_ = _in_place(elementwise.reciprocal)
    exp_ = _in_place(elementwise.exp)
    exp2_ = _in_place(special.exp2)
    expm1_ = _in_place(special.expm1)
    log_ = _in_place(elementwise.log)
    log2_ = _in_place(special.log2)
    log10_ = _in_place(special.log10)
    log1p_ = _in_place(special.log1p)
    sin_ = _in_place(elementwise.sin)
    cos_ = _in_place(elementwise.cos)
    tan_ = _in_place(trigonometry.tan)
    asin_ = arcsin_ = _in_place(trigonometry.asin)
    acos_ = arccos_ = _in_place(trigonometry.acos)
    atan_ = arctan_ = _in_place(trigonometry.atan)
    atan2_ = arctan2_ = _in_place(trigonometry.atan2)
    sinh_ = _in_place(trigonometry.sinh)
    cosh_ = _in_place(trigonometry.cosh)
    asinh_ = arcsinh_ = _in_place(trigonometry.asinh)
    acosh_ = arccosh_ = _in_place(trigonometry.acosh)
    atanh_ = arctanh_ = _in_place(trigonometry.atanh)
    sinc_ = _in_place(trigonometry.sinc)
    deg2rad_ = _in_place(trigonometry.deg2rad)
    rad2deg_ = _in_place(trigonometry.rad2deg)
    tanh_ = _in_place(elementwise.tanh)
    sigmoid_ = _in_place(elementwise.sigmoid)
    relu_ = _in_place(elementwise.relu)
    erf_ = _in_place(elementwise.erf)
    erfc_ = _in_place(special.erfc)
    erfinv_ = _in_place(special.erfinv)
    logit_ = _in_place(special.logit)
    xlogy_ = _in_place(special.xlogy)
    hypot_ = _in_place(special.hypot)
    lgamma_ = _in_place(gamma.lgamma)
    digamma_ = _in_place(gamma.digamma)
    mvlgamma_ = _in_place(gamma.mvlgamma)
    igamma_ = _in_place(gamma.igamma)
    igammac_ = _in_place(gamma.igammac)
    i0_ = _in_place(gamma.i0)
    float_power_ = _in_place(arithmetic.float_power)
    gcd_ = _in_place(arithmetic.gcd)
    lcm_ = _in_place(arithmetic.lcm)
    heaviside_ = _in_place(arithmetic.heaviside)
    ldexp_ = _in_place(arithmetic.ldexp)
    nextafter_ = _in_place(arithmetic.nextafter)
    copysign_ = _in_place(arithmetic.copysign)
    floor_ = _in_place(elementwise.floor)
    ceil_ = _in_place(elementwise.ceil)
    round_ = _in_place(elementwise.round)
    trunc_ = fix_ = _in_place(elementwise.trunc)
    frac_ = _in_place(arithmetic.frac)
    nan_to_num_ = _in_place(logic.nan_to_num)
    clamp_ = clip_ = _in_place(elementwise.clip)
    clamp_min_ = _in_place(arithmetic.clamp_min)
    clamp_max_ = _in_place(arithmetic.clamp_max)
    lerp_ = _in_place(arithmetic.lerp)
    addcmul_ = _in_place(arithmetic.addcmul)
    addcdiv_ = _in_place(arithmetic.addcdiv)
    renorm_ = _in_place(samples.renorm)
    addmm_ = _in_place(products.addmm)
    addmv_ = _in_place(products.addmv)
    addr_ = _in_place(products.addr)
    baddbmm_ = _in_place(products.baddbmm)
    addbmm_ = _in_place(products.addbmm)
    cumsum_ = _in_place(scanning.cumsum)
    cumprod_ = _in_place(scanning.cumprod)
    tril_ = _in_place(arranging.tril)
    triu_ = _in_place(arranging.triu)
    eq_ = _in_place(elementwise.equal)
    ne_ = not_equal_ = _in_place(elementwise.not_equal)
    lt_ = less_ = _in_place(elementwise.less)
    le_ = less_equal_ = _in_place(elementwise.less_equal)
    gt_ = greater_ = _in_place(elementwise.greater)
    ge_ = greater_equal_ = _in_place(elementwise.greater_equal)
    logical_not_ = _in_place(logic.logical_not)
    logical_and_ = _in_place(logic.logical_and)
    logical_or_ = _in_place(logic.logical_or)
    logical_xor_ = _in_place(logic.logical_xor)
    bitwise_not_ = _in_place(elementwise.bitwise_invert)
    bitwise_and_ = _in_place(elementwise.bitwise_and)
    bitwise_or_ = _in_place(elementwise.bitwise_or)
    bitwise_xor_ = _in_place(elementwise.bitwise_xor)
    bitwise_left_shift_ = _in_place(elementwise.bitwise_left_shift)
    bitwise_right_shift_ = _in_place(elementwise.bitwise_right_shift)
    masked_fill_ = _in_place(indexing.masked_fill)
    masked_scatter_ = _in_place(assigning.masked_scatter)
    scatter_ = _in_place(indexing.scatter)
    scatter_add_ = _in_place(indexing.scatter_add)
    scatter_reduce_ = _in_place(assigning.scatter_reduce)
    index_add_ = _in_place(indexing.index_add)
    index_reduce_ = _in_place(assigning.index_reduce)
    index_copy_ = _in_place(indexing.index_copy)
    index_fill_ = _in_place(indexing.index_fill)
    index_put_ = _in_place(assigning.index_put)
    put_ = _in_place(assigning.put)

    transpose_ = swapaxes_ = swapdims_ = _reshaped(transpose)
    t_ = _reshaped(t)
    unsqueeze_ = _reshaped(unsqueeze)
    squeeze_ = _reshaped(squeeze)

    def polygamma_(self: Any, n: Any) -> Tensor:
        """As `polygamma`, and binds this tensor to the result."""
        return self.change("polygamma_", gamma.polygamma(n, self))

    def geometric_(self: Any, p: Any, *, generator: Any = None) -> Tensor:
        """Binds this tensor to how many trials of probability p it takes to succeed."""
        from rutile.random import default_generator

        unit = (generator or default_generator).uniform(self.shape, device=self.device)
        trials = elementwise.floor(special.log1p(-unit) * (1.0 / math.log1p(-p))) + 1.0
        return self.change("geometric_", trials.astype(self.dtype))

    def copy_(self: Any, src: Any) -> Tensor:
        """Binds this tensor to the values of another, broadcast to its shape and converted to its dtype and device."""
        if not isinstance(src, _core.TensorBase):
            return self.fill_(src)
        moved = _core.to_device(_core.cast(src, self.dtype_name), self.device)
        return self.change("copy_", _core.expand(moved, list(self.shape)))

    def fill_(self: Any, value: Any) -> Tensor:
        """Binds this tensor to one value everywhere."""
        number = value.item() if isinstance(value, _core.TensorBase) else value  # pyright: ignore[reportAttributeAccessIssue]
        return self.change("fill_", _core.full(list(self.shape), number, self.dtype_name, self.device))

    def zero_(self: Any) -> Tensor:
        """Binds this tensor to zeros."""
        return self.change("zero_", _core.full(list(self.shape), 0, self.dtype_name, self.device))

    def fill_diagonal_(self: Any, fill_value: Any) -> Tensor:
        """Binds this matrix to one with that value on its diagonal."""
        rows, columns = self.shape
        numbers = _core.unsqueeze(_core.iota(rows, self.device), 1)
        mask = numbers == _core.iota(columns, self.device)
        return self.change("fill_diagonal_", indexing.masked_fill(self, mask, fill_value))

    # Random numbers, of PyTorch's parameters

    def uniform_(self: Any, low: Any = 0.0, high: Any = 1.0, *, generator: Any = None) -> Tensor:
        """Binds this tensor to uniform random numbers from [low, high)."""
        return self._drawn("uniform_", generator, "uniform", low, high)

    def normal_(self: Any, mean: Any = 0.0, std: Any = 1.0, *, generator: Any = None) -> Tensor:
        """Binds this tensor to normal random numbers."""
        return self._drawn("normal_", generator, "normal", mean, std)

    def log_normal_(self: Any, mean: Any = 1.0, std: Any = 2.0, *, generator: Any = None) -> Tensor:
        """Binds this tensor to random numbers whose logarithms are normal."""
        return self._drawn("log_normal_", generator, "log_normal", mean, std)

    def exponential_(self: Any, lambd: Any = 1.0, *, generator: Any = None) -> Tensor:
        """Binds this tensor to exponential random numbers of rate lambd."""
        return self._drawn("exponential_", generator, "exponential", 1.0 / lambd)

    def cauchy_(self: Any, median: Any = 0.0, sigma: Any = 1.0, *, generator: Any = None) -> Tensor:
        """Binds this tensor to random numbers of a Cauchy distribution."""
        return self._drawn("cauchy_", generator, "cauchy", median, sigma)

    def bernoulli_(self: Any, p: Any = 0.5, *, generator: Any = None) -> Tensor:
        """Binds this tensor to ones with probability p, else zeros."""
        return self._drawn("bernoulli_", generator, "bernoulli", p)

    def random_(self: Any, low: Any, high: Any = None, *, generator: Any = None) -> Tensor:
        """Binds this tensor to random integers from [low, high), or from [0, low)."""
        low, high = (0, low) if high is None else (low, high)
        return self._drawn("random_", generator, "integers", low, high, dtype="int32")

    def _drawn(self: Any, name: str, generator: Any, draw: str, *parameters: Any, dtype: Any = None) -> Tensor:
        from rutile.random import default_generator

        method = getattr(generator or default_generator, draw)
        kind = dtype or ("bool" if draw == "bernoulli" else self.dtype if self.dtype.kind == "f" else "float32")
        drawn = method(self.shape, *parameters, dtype=kind, device=self.device)
        return self.change(name, drawn.astype(self.dtype))
