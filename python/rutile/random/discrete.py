"""Distributions of integers and bools, and choices among the elements of a tensor. Nothing here has a gradient."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile.dtypes import as_dtype
from rutile.errors import ArgumentError, DTypeError, ShapeError
from rutile.functions import scanning, sorting, special
from rutile.functions._operands import choose
from rutile.functions.indexing import take
from rutile.random._words import Setting, Shape, Words, is_tensor, positive, sizes

if TYPE_CHECKING:
    from rutile.tensor import Tensor

# Below this rate counts are found by inversion, above it by rejection.
_RATE = 10.0
# P(count >= 36) < 1e-9 at that rate.
_COUNTS = 36
# The transformed rejection refuses at most 24.8 % of its proposals: 0.248^15 < 1e-9.
POISSON_ROUNDS = 15


class Discrete(Words):
    """Distributions of integers and bools, as methods of a generator."""

    __slots__ = ()

    def integers(
        self, shape: Shape, low: int, high: int | None = None, *, dtype: Any = "int32", device: str | None = None
    ) -> Tensor:
        """Integers from [low, high), or from [0, low) without `high`; no value is likelier than another by 2^-32.

        Raises:
            ArgumentError: the range is empty or does not fit into the dtype.

        Example:
            >>> import rutile as rt
            >>> x = rt.random.integers((100,), 3, 6)
            >>> (x >= 3).all().item(), (x < 6).all().item()
            (True, True)
        """
        kind = as_dtype(dtype)
        if kind.kind not in "iu":
            raise DTypeError(f"integers needs an integer dtype, got {kind}")
        low, high = (0, operator.index(low)) if high is None else (operator.index(low), operator.index(high))
        least = -(1 << (8 * kind.itemsize - 1)) if kind.kind == "i" else 0
        if not least <= low < high <= least + (1 << 8 * kind.itemsize):
            raise ArgumentError(f"integers needs a range [low, high) within {kind}, got [{low}, {high})")
        count = high - low
        if count > 1 << 32:
            offsets = self._below(count, 64, lambda: self._long_words(shape, device))
        else:
            offsets = self._below(count, 32, lambda: self._source.bits(sizes(shape), device))
        wide = kind.name if kind.itemsize >= 4 else "int32"
        return (offsets.astype(wide) + low).astype(kind)

    def bernoulli(self, shape: Shape = None, p: Any = 0.5, *, dtype: Any = "bool", device: str | None = None) -> Tensor:
        """True with probability p.

        Example:
            >>> import rutile as rt
            >>> rt.random.bernoulli(p=rt.tensor([0.0, 1.0])).tolist()
            [False, True]
        """
        if isinstance(p, int | float) and not 0 <= p <= 1:
            raise ArgumentError(f"bernoulli needs 0 <= p <= 1, got {p}")
        setting = Setting("bernoulli", shape, None, device, p)
        drawn = self._unit(setting.shape, setting.wide, setting.device)
        return (drawn < setting.parameters[0]).astype(dtype)

    def poisson(
        self, shape: Shape = None, rate: Any = 1.0, *, dtype: Any = "int32", device: str | None = None
    ) -> Tensor:
        """Counts of the Poisson distribution with this mean.

        Rates below 10 go by inversion, greater ones by transformed rejection (Hörmann, 1993): all of its 15 proposals
        are refused with a probability below 1e-9, and the count is then the rate. Counts above 2^24 have 24 digits.

        Example:
            >>> import rutile as rt
            >>> rt.random.poisson((2, 3), 4.0).shape
            (2, 3)
        """
        positive("poisson", "rate", rate, zero=True)
        setting = Setting("poisson", shape, None, device, rate)
        (rate,) = setting.parameters
        if isinstance(rate, float):
            counts = self._few(setting, rate) if rate < _RATE else self._many(setting, rate)
        else:
            small = rate < _RATE
            few = self._few(setting, choose(small, rate, 0.0))
            counts = choose(small, few, self._many(setting, choose(small, _RATE, rate)))
        return counts.detach().astype(dtype)

    def permutation(self, x: int | Tensor, axis: int = 0, *, device: str | None = None) -> Tensor:
        """0, 1, ..., x - 1 in random order, int32; or a tensor with the slices along an axis in random order.

        Example:
            >>> import rutile as rt
            >>> sorted(rt.random.permutation(3).tolist())
            [0, 1, 2]
            >>> rt.random.permutation(rt.tensor([[1, 2], [3, 4]])).sum(axis=0).tolist()
            [4, 6]
        """
        if not is_tensor(x):
            if not isinstance(x, int) or x < 0:
                raise ArgumentError(f"permutation needs a tensor or an integer of at least 0, got {x!r}")
            return self._source.permutation(x, device)
        if not x.ndim:
            raise ShapeError("permutation needs a tensor of at least one axis, got a 0-d one")
        return take(x, self._source.permutation(x.shape[axis], x.device), axis=axis)

    def choice(self, x: int | Tensor, shape: Shape = (), replace: bool = True, p: Any = None, axis: int = 0) -> Tensor:
        """Slices of a tensor along an axis, or integers from [0, x), chosen evenly or with probabilities p.

        Args:
            x: what is chosen from: n slices.
            shape: how many; it takes the place of the axis.
            replace: whether one may be chosen again.
            p: n weights, not all zero; they need not sum to one.

        Raises:
            ArgumentError: more than n are to be chosen without replacement.

        Example:
            >>> import rutile as rt
            >>> sorted(rt.random.choice(rt.tensor([5, 6, 7]), (3,), replace=False).tolist())
            [5, 6, 7]
        """
        n = x.shape[axis] if is_tensor(x) else operator.index(x)
        device = x.device if is_tensor(x) else None
        count = math.prod(sizes(shape))
        if count and not n:
            raise ArgumentError("choice needs something to choose from, got nothing")
        if not replace and count > n:
            raise ArgumentError(f"choice needs at most {n} elements without replacement, got {count}: replace=True?")
        if p is not None:
            if not is_tensor(p):
                p = _weights(p, device)
            if p.shape != (n,):
                raise ShapeError(f"choice needs p of shape ({n},), got {p.shape}")
            positions = self.multinomial(p, count, replace)
        elif replace:
            positions = self.integers((count,), 0, max(n, 1), device=device)
        else:
            positions = self._source.permutation(n, device)[:count]
        if not is_tensor(x):
            return positions.reshape(sizes(shape))
        chosen, at = take(x, positions, axis=axis), axis % x.ndim
        return chosen.reshape([*x.shape[:at], *sizes(shape), *x.shape[at + 1 :]])

    def categorical(self, logits: Tensor, shape: Shape = None, axis: int = -1) -> Tensor:
        """Positions along an axis, with the probabilities softmax(logits), as the greatest of logits + gumbel; int32.

        Args:
            logits: of any shape; the axis has one entry for each class.
            shape: of the result, ending with the logits' other axes, which are its default.

        Example:
            >>> import rutile as rt
            >>> rt.random.categorical(rt.tensor([-100.0, 100.0]), (4,)).tolist()
            [1, 1, 1, 1]
        """
        last = logits.detach() if logits.ndim == 1 else _moved_last(logits.detach(), axis)
        if not last.shape[-1]:
            raise ShapeError(f"categorical needs at least one class, got logits of shape {logits.shape}")
        batch = list(last.shape[:-1])
        whole = batch if shape is None else sizes(shape)
        if whole[len(whole) - len(batch) :] != batch:
            raise ShapeError(f"categorical needs a shape that ends with {tuple(batch)}, got {tuple(whole)}")
        setting = Setting("categorical", [*whole, last.shape[-1]], None, None, last)
        return (setting.parameters[0] + self._gumbel(setting)).argmax(-1)

    def multinomial(self, weights: Tensor, num_samples: int, replacement: bool = False) -> Tensor:
        """Positions along the last axis, with probabilities in proportion to the weights; int32.

        Args:
            weights: of shape (n,) or (m, n), not negative; at least one of a row above zero.
            num_samples: how many for each row; the result is of shape (num_samples,) or (m, num_samples).
            replacement: whether a position may be drawn again.

        Raises:
            ArgumentError: more than n positions are to be drawn without replacement.

        Example:
            >>> import rutile as rt
            >>> rt.random.multinomial(rt.tensor([0.0, 3.0, 1.0]), 5, replacement=True).min().item() >= 1
            True
        """
        if weights.ndim not in (1, 2) or not weights.shape[-1]:
            raise ShapeError(f"multinomial needs weights of shape (n,) or (m, n) with n > 0, got {weights.shape}")
        n = weights.shape[-1]
        if not replacement and num_samples > n:
            raise ArgumentError(f"multinomial needs at most {n} samples without replacement, got {num_samples}")
        drawn = n if not replacement else num_samples
        setting = Setting("multinomial", [*weights.shape[:-1], drawn], None, weights.device)
        weights = _core.cast(weights.detach(), setting.wide)
        if not replacement:
            # The first of clocks that ring at rates of the weights (Efraimidis and Spirakis, 2006).
            return sorting.topk(elementwise.log(weights) + self._gumbel(setting), num_samples).indices
        sums = scanning.cumsum(weights, -1)
        whole = sums[..., -1:]
        place = self._unit(setting.shape, setting.wide, setting.device) * whole
        # Rounding may give the whole itself, which belongs to the last position of a weight above zero.
        last = sorting.searchsorted(sums, whole, side="left")
        return elementwise.minimum(sorting.searchsorted(sums, place, side="right"), last)

    def _long_words(self, shape: Shape, device: str | None) -> Tensor:
        """Words of 64 bits."""
        high, low = (self._source.bits(sizes(shape), device).astype("uint64") for _ in range(2))
        return (high << 32) | low

    def _below(self, count: int, width: int, words: Any) -> Tensor:
        """Integers from [0, count): the whole part of count times a fraction of two words, or of one if that is exact."""
        bits = count.bit_length() - 1
        if count == 1 << bits:
            return words() if bits == width else words() >> (width - bits) if bits else words() & 0
        first, second = words(), words()
        low = first * count
        carry = low + _high_product(second, count, width)
        return _high_product(first, count, width) + (carry < low).astype(first.dtype)

    def _few(self, setting: Setting, rate: Any) -> Tensor:
        """Counts k for which a fraction lies below P(count > k); the sums start with the least terms."""
        fraction = self._fraction(setting.shape, setting.wide, setting.device)
        term = elementwise.exp(-rate) if is_tensor(rate) else math.exp(-rate)
        terms = []
        for k in range(1, _COUNTS + 1):
            term = term * rate * (1.0 / k)
            terms.append(term)
        beyond: Any = 0.0
        counts: Any = 0.0
        for term in reversed(terms):
            beyond = beyond + term
            counts = choose(fraction < beyond, 1.0, 0.0) + counts
        return counts

    def _many(self, setting: Setting, rate: Any) -> Tensor:
        """Transformed rejection with a table of ratios (Hörmann, 1993, PTRS)."""
        shape, wide, device = setting.shape, setting.wide, setting.device
        sqrt = elementwise.sqrt if is_tensor(rate) else math.sqrt
        b = sqrt(rate) * 2.53 + 0.931
        a = b * 0.02483 - 0.059
        scale = 1.1328 / (b - 3.4) + 1.1239
        result: Any = rate
        for _ in range(POISSON_ROUNDS):
            u = self._unit(shape, wide, device) - 0.5
            v = self._fraction(shape, wide, device)
            side = elementwise.maximum(0.5 - elementwise.abs(u), 1e-9)
            count = elementwise.floor((a * 2.0 / side + b) * u + rate + 0.43)
            height = v * scale / (a / (side * side) + b)
            plausible = (count >= 0.0) & ((side >= 0.013) | (v <= side))
            taken = plausible & (elementwise.log(height) <= _log_probability(choose(plausible, count, 0.0), rate))
            result = choose(taken, count, result)
        return elementwise.floor(result)


def _weights(p: Any, device: str | None) -> Tensor:
    from rutile.creation import tensor

    weights = [float(weight) for weight in p]
    if not all(0 <= weight < math.inf for weight in weights) or not any(weights):
        raise ArgumentError(f"choice needs finite weights p of at least 0, not all zero, got {p}")
    return tensor(weights, device=device)


def _moved_last(x: Tensor, axis: int) -> Tensor:
    from rutile.functions.arranging import moveaxis

    return moveaxis(x, axis, -1)


def _high_product(x: Tensor, y: int, width: int) -> Tensor:
    """The upper half of a product of two words, from products of half words."""
    half = width // 2
    mask = (1 << half) - 1
    x_high, x_low, y_high, y_low = x >> half, x & mask, y >> half, y & mask
    crossed = x_high * y_low + (x_low * y_low >> half)
    rest = (crossed & mask) + x_low * y_high
    return x_high * y_high + (crossed >> half) + (rest >> half)


def _log_probability(count: Tensor, rate: Any) -> Tensor:
    """log P(count) of a Poisson distribution, without great terms that cancel (Loader, 2000)."""
    at_least_one = elementwise.maximum(count, 1.0)
    inverse = 1.0 / at_least_one
    square = inverse * inverse
    # Stirling's remainder, and the deviance count log(count / rate) - count + rate.
    remainder = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260)))
    ratio = (rate - at_least_one) * inverse
    deviance = at_least_one * _less_log1p(ratio)
    logarithm = -remainder - deviance - 0.5 * elementwise.log(at_least_one * (2 * math.pi))
    return choose(count < 0.5, -rate, logarithm)


def _less_log1p(x: Tensor) -> Tensor:
    """x - log(1 + x); near zero by its series, where the terms cancel."""
    series = x * x * (0.5 - x * (1 / 3 - x * (0.25 - x * (0.2 - x * (1 / 6 - x * (1 / 7))))))
    return choose(elementwise.abs(x) < 0.1, series, x - special.log1p(x))
