"""Distributions of floats.

Location and scale have gradients, as the numbers are functions of them; parameters of the shape of a distribution
(concentrations, degrees of freedom) have none. Parameters that are tensors are not read, so not checked.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise
from rutile.errors import ArgumentError
from rutile.functions import special, trigonometry
from rutile.functions._operands import choose
from rutile.random._words import Setting, Shape, Words, is_tensor, positive, sizes

if TYPE_CHECKING:
    from rutile.tensor import Tensor

# Marsaglia and Tsang's method refuses at most 4.9 % of its proposals: 0.049^7 < 1e-9.
GAMMA_ROUNDS = 7
# Beyond these many standard deviations, float32 has too few numbers between erf(x) and 1.
_TAIL = 4.0


class Continuous(Words):
    """Distributions of floats, as methods of a generator."""

    __slots__ = ()

    def uniform(
        self, shape: Shape = None, low: Any = 0.0, high: Any = 1.0, *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Numbers from [low, high), evenly spread: as many steps as the dtype has binary digits.

        Example:
            >>> import rutile as rt
            >>> rt.random.uniform((2, 3), -1.0, 1.0).shape
            (2, 3)
        """
        setting = Setting("uniform", shape, dtype, device, low, high)
        low, high = setting.parameters
        if isinstance(low, float) and isinstance(high, float):
            return self._source.uniform(setting.shape, low, high, setting.dtype.name, setting.device)
        unit = self._source.uniform(setting.shape, 0.0, 1.0, setting.dtype.name, setting.device)
        return setting.finish(unit.astype(setting.wide) * (high - low) + low)

    def normal(
        self, shape: Shape = None, mean: Any = 0.0, std: Any = 1.0, *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Numbers of the normal distribution (Box and Muller, 1958).

        Example:
            >>> import rutile as rt
            >>> rt.random.normal((2, 3)).shape
            (2, 3)
        """
        setting = Setting("normal", shape, dtype, device, mean, std)
        mean, std = setting.parameters
        if isinstance(std, float) and std < 0:
            raise ArgumentError(f"normal needs std of at least 0, got {std}")
        if isinstance(mean, float) and isinstance(std, float):
            return self._source.normal(setting.shape, mean, std, setting.dtype.name, setting.device)
        standard = self._source.normal(setting.shape, 0.0, 1.0, setting.wide, setting.device)
        return setting.finish(standard * std + mean)

    def truncated_normal(
        self,
        shape: Shape = None,
        mean: float = 0.0,
        std: float = 1.0,
        low: float = -2.0,
        high: float = 2.0,
        *,
        dtype: Any = None,
        device: str | None = None,
    ) -> Tensor:
        """Numbers of the normal distribution that lie in [low, high], by inversion, to float32's precision.

        Raises:
            ArgumentError: the interval is empty, or lies further than 4 standard deviations from the mean.

        Example:
            >>> import rutile as rt
            >>> rt.random.truncated_normal((100,)).abs().max().item() <= 2.0
            True
        """
        positive("truncated_normal", "std", std)
        a, b = (low - mean) / std, (high - mean) / std
        if not (a < b and a < _TAIL and b > -_TAIL):
            raise ArgumentError(
                f"truncated_normal needs low < high, and one of them within {_TAIL:g} standard deviations of the mean, "
                f"got {low} to {high} for mean {mean} and std {std}"
            )
        setting = Setting("truncated_normal", shape, dtype, device)
        bounds = math.erf(a / math.sqrt(2)), math.erf(b / math.sqrt(2))
        area = self._source.uniform(setting.shape, *bounds, setting.wide, setting.device)
        standard = special.erfinv(area) * math.sqrt(2)
        return setting.finish(elementwise.clip(standard * std + mean, low, high))

    def log_normal(
        self, shape: Shape = None, mean: Any = 0.0, std: Any = 1.0, *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Numbers whose logarithms are normal with this mean and standard deviation.

        Example:
            >>> import rutile as rt
            >>> (rt.random.log_normal((5,)) > 0).all().item()
            True
        """
        setting = Setting("log_normal", shape, dtype, device, mean, std)
        return setting.finish(elementwise.exp(self.normal(shape, mean, std, dtype=setting.wide, device=device)))

    def exponential(
        self, shape: Shape = None, scale: Any = 1.0, *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Numbers of the exponential distribution with mean `scale`, which is one divided by the rate.

        Example:
            >>> import rutile as rt
            >>> (rt.random.exponential((5,), scale=2.0) >= 0).all().item()
            True
        """
        positive("exponential", "scale", scale)
        setting = Setting("exponential", shape, dtype, device, scale)
        return setting.finish(self._exponential(setting) * setting.parameters[0])

    def laplace(
        self, shape: Shape = None, loc: Any = 0.0, scale: Any = 1.0, *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Numbers whose distances to `loc`, on both sides, are exponential with mean `scale`.

        Example:
            >>> import rutile as rt
            >>> rt.random.laplace((2, 3)).shape
            (2, 3)
        """
        positive("laplace", "scale", scale)
        setting = Setting("laplace", shape, dtype, device, loc, scale)
        loc, scale = setting.parameters
        left = (self._source.bits(setting.shape, setting.device) & 1) == 1
        distance = self._exponential(setting)
        return setting.finish(choose(left, -distance, distance) * scale + loc)

    def gumbel(
        self, shape: Shape = None, loc: Any = 0.0, scale: Any = 1.0, *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Numbers of the Gumbel distribution: the limit of the greatest of many.

        Example:
            >>> import rutile as rt
            >>> rt.random.gumbel((2, 3)).shape
            (2, 3)
        """
        positive("gumbel", "scale", scale)
        setting = Setting("gumbel", shape, dtype, device, loc, scale)
        loc, scale = setting.parameters
        return setting.finish(self._gumbel(setting) * scale + loc)

    def cauchy(
        self, shape: Shape = None, loc: Any = 0.0, scale: Any = 1.0, *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Numbers of the Cauchy distribution, which has no mean.

        Example:
            >>> import rutile as rt
            >>> rt.random.cauchy((2, 3)).shape
            (2, 3)
        """
        positive("cauchy", "scale", scale)
        setting = Setting("cauchy", shape, dtype, device, loc, scale)
        loc, scale = setting.parameters
        angle = self._unit(setting.shape, setting.wide, setting.device) * math.pi - math.pi / 2
        return setting.finish(trigonometry.tan(angle) * scale + loc)

    def gamma(
        self,
        shape: Shape = None,
        concentration: Any = 1.0,
        scale: Any = 1.0,
        *,
        dtype: Any = None,
        device: str | None = None,
    ) -> Tensor:
        """Numbers of the gamma distribution with mean concentration · scale (Marsaglia and Tsang, 2000).

        All of 7 proposals are refused with a probability below 1e-9; the number is then the distribution's mode.

        Example:
            >>> import rutile as rt
            >>> rt.random.gamma(concentration=rt.tensor([0.5, 3.0])).shape
            (2,)
        """
        positive("gamma", "concentration", concentration)
        positive("gamma", "scale", scale)
        setting = Setting("gamma", shape, dtype, device, concentration, scale)
        concentration, scale = setting.parameters
        return setting.finish(elementwise.exp(self._log_gamma(setting, concentration)) * scale)

    def beta(
        self, shape: Shape = None, a: Any = 1.0, b: Any = 1.0, *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Numbers of the beta distribution with mean a / (a + b).

        Example:
            >>> import rutile as rt
            >>> rt.random.beta((100,), 2.0, 3.0).max().item() <= 1.0
            True
        """
        positive("beta", "a", a)
        positive("beta", "b", b)
        setting = Setting("beta", shape, dtype, device, a, b)
        a, b = setting.parameters
        # In logarithms, as small concentrations give gamma numbers below the least float.
        difference = self._log_gamma(setting, a) - self._log_gamma(setting, b)
        return setting.finish(elementwise.sigmoid(difference))

    def dirichlet(
        self, concentration: Tensor, shape: Shape = (), *, dtype: Any = None, device: str | None = None
    ) -> Tensor:
        """Vectors of the Dirichlet distribution along the last axis, which sum to one.

        Args:
            concentration: of shape (..., k).
            shape: how many of them; the result is of shape (*shape, ..., k).

        Example:
            >>> import rutile as rt
            >>> rt.random.dirichlet(rt.tensor([1.0, 2.0, 3.0]), (5,)).shape
            (5, 3)
        """
        whole = [*sizes(shape), *concentration.shape]
        setting = Setting("dirichlet", whole, dtype, device, concentration)
        logs = self._log_gamma(setting, setting.parameters[0])
        return setting.finish(_core.softmax(logs, -1))

    def student_t(self, shape: Shape = None, df: Any = 1.0, *, dtype: Any = None, device: str | None = None) -> Tensor:
        """Numbers of Student's t distribution with df degrees of freedom.

        Example:
            >>> import rutile as rt
            >>> rt.random.student_t((2, 3), 5.0).shape
            (2, 3)
        """
        positive("student_t", "df", df)
        setting = Setting("student_t", shape, dtype, device, df)
        (df,) = setting.parameters
        standard = self._source.normal(setting.shape, 0.0, 1.0, setting.wide, setting.device)
        half = df * 0.5
        deviation = elementwise.exp((self._log_gamma(setting, half) - _log(half)) * -0.5)
        return setting.finish(standard * deviation)

    def _exponential(self, setting: Setting) -> Tensor:
        return -elementwise.log(self._fraction(setting.shape, setting.wide, setting.device))

    def _log_gamma(self, setting: Setting, concentration: Any) -> Tensor:
        """Logarithms of gamma numbers of scale 1.

        A proposal d (1 + t)^3, d = concentration - 1/3, of a normal number x = 3 sqrt(d) t is taken if
        log(u) < x²/2 + d - d (1 + t)^3 + 3 d log(1 + t), which is 3 d (log(1 + t) - t + t²/2 - t³/3).
        """
        shape, wide, device = setting.shape, setting.wide, setting.device
        small: Any = False
        if is_tensor(concentration):
            concentration = concentration.detach()
            small = concentration < 1.0
            raised = choose(small, concentration + 1.0, concentration)
        else:
            small = concentration < 1.0
            raised = concentration + 1.0 if small else concentration
        d = raised - 1.0 / 3.0
        width = 1.0 / _sqrt(9.0 * d)
        result: Any = 0.0
        for _ in range(GAMMA_ROUNDS):
            t = self._source.normal(shape, 0.0, 1.0, wide, device) * width
            inside = t > -1.0
            t = choose(inside, t, 0.0)
            logarithm = special.log1p(t)
            taken = inside & (elementwise.log(self._fraction(shape, wide, device)) < d * 3.0 * _remainder(t, logarithm))
            result = choose(taken, logarithm, result)
        result = result * 3.0 + _log(d)
        if small is False:
            return result
        # A number of concentration + 1 times u^(1 / concentration) is one of the concentration.
        raise_by = elementwise.log(self._fraction(shape, wide, device)) / concentration
        return result + (raise_by if small is True else choose(small, raise_by, 0.0))


def _remainder(t: Tensor, logarithm: Tensor) -> Tensor:
    """log(1 + t) - t + t²/2 - t³/3; near zero by its series, where the terms cancel."""
    square = t * t
    series = -(square * square) * (0.25 - t * (0.2 - t * (1 / 6 - t * (1 / 7 - t * 0.125))))
    return choose(elementwise.abs(t) < 0.1, series, logarithm - t + square * 0.5 - square * t / 3.0)


def _sqrt(x: Any) -> Any:
    return elementwise.sqrt(x) if is_tensor(x) else math.sqrt(x)


def _log(x: Any) -> Any:
    return elementwise.log(x) if is_tensor(x) else math.log(x)
