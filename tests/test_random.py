"""Random numbers: the generator against its published definition, one stream on every device, the distributions."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import rutile as rt
from rutile import random
from rutile.nn import functional as F

RATES = [0.0, 0.3, 4.0, 9.9, 10.0, 25.0, 1e3]
# Draws made of words by integer steps, the same to the bit everywhere; and draws through logarithms and sines.
EXACT: dict[str, Callable[[str], rt.Tensor]] = {
    "bits": lambda d: random.bits((5,), device=d),
    "uniform": lambda d: random.uniform((3, 4), -1.0, 2.0, device=d),
    "integers": lambda d: random.integers((40,), -3, 1000, device=d),
    "integers of a power of two": lambda d: random.integers((40,), 16, device=d),
    "integers of all words": lambda d: random.integers((40,), 2**32, dtype="uint32", device=d),
    "integers of a long range": lambda d: random.integers((40,), -(2**31), 2**31 - 5, device=d),
    "bernoulli": lambda d: random.bernoulli((50,), 0.3, device=d),
    "permutation": lambda d: random.permutation(9, device=d),
    "permutation of a tensor": lambda d: random.permutation(rt.tensor(np.arange(12).reshape(4, 3), device=d), 1),
    "choice": lambda d: random.choice(rt.tensor(np.arange(12).reshape(4, 3), device=d), (2, 5), axis=1),
    "dropout": lambda d: F.dropout(rt.ones((4, 4), device=d), 0.4),
    "empty": lambda d: random.uniform((0, 2), device=d),
    "split": lambda d: random.split(3)[1].bits((5,), device=d),
    "rand": lambda d: rt.rand(2, 3, device=d),
    "randint": lambda d: rt.randint(5, (2, 3), dtype="float32", device=d),
    "randperm": lambda d: rt.randperm(6, device=d),
}
CLOSE: dict[str, Callable[[str], rt.Tensor]] = {
    "normal": lambda d: random.normal((3, 4), 1.0, 2.0, device=d),
    "normal of tensors": lambda d: rt.normal(rt.tensor([1.0, 2.0], device=d), rt.tensor([[1.0], [3.0]], device=d)),
    "0-d": lambda d: random.normal((), device=d),
    "truncated_normal": lambda d: random.truncated_normal((20,), device=d),
    "log_normal": lambda d: random.log_normal((9,), device=d),
    "exponential": lambda d: random.exponential((20,), 2.0, device=d),
    "laplace": lambda d: random.laplace((20,), 1.0, 2.0, device=d),
    "gumbel": lambda d: random.gumbel((20,), device=d),
    "cauchy": lambda d: random.cauchy((5,), device=d),
    "gamma": lambda d: random.gamma((3, 4), rt.tensor([0.3, 1.0, 2.5, 40.0], device=d)),
    "beta": lambda d: random.beta((20,), 0.5, 2.0, device=d),
    "dirichlet": lambda d: random.dirichlet(rt.tensor([0.5, 1.0, 2.0], device=d), (5,)),
    "student_t": lambda d: random.student_t((20,), 3.0, device=d),
    "poisson": lambda d: random.poisson((4, len(RATES)), rt.tensor(RATES, device=d)),
    "categorical": lambda d: random.categorical(rt.tensor([[0.0, 1.0, 2.0]] * 9, device=d)),
    "multinomial": lambda d: random.multinomial(rt.tensor([[1.0, 0.0, 3.0]] * 4, device=d), 5, replacement=True),
    "multinomial, each once": lambda d: random.multinomial(rt.arange(1.0, 20.0, device=d), 9),
    "randn": lambda d: rt.randn(2, 3, device=d),
}
DRAWS = EXACT | CLOSE


def threefry(key: tuple[int, int], counter: tuple[int, int]) -> tuple[int, int]:
    """Threefry-2x32 with 20 rounds (Salmon et al., 2011), in plain integers."""
    mask = 2**32 - 1
    schedule = [key[0], key[1], 0x1BD11BDA ^ key[0] ^ key[1]]
    x, y = (counter[0] + schedule[0]) & mask, (counter[1] + schedule[1]) & mask
    rotations = [13, 15, 26, 6, 17, 29, 16, 24]
    for step in range(20):
        x = (x + y) & mask
        turn = rotations[step % 8]
        y = (((y << turn) | (y >> (32 - turn))) & mask) ^ x
        if step % 4 == 3:
            block = step // 4 + 1
            x = (x + schedule[block % 3]) & mask
            y = (y + schedule[(block + 1) % 3] + block) & mask
    return x, y


def drawn(name: str, device: str, seed: int = 3) -> Any:
    rt.random.seed(seed)
    return DRAWS[name](device).numpy()


def test_the_reference_gives_the_published_words():
    # The known answers that come with the authors' implementation.
    assert threefry((0, 0), (0, 0)) == (0x6B200159, 0x99BA4EFE)
    ones = 2**32 - 1
    assert threefry((ones, ones), (ones, ones)) == (0x1CB996FC, 0xBB002BE7)
    assert threefry((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3)) == (0xC4923A9C, 0x483DF7A0)


def test_words_are_threefrys(device: str):
    rt.random.seed(7 + (2 << 32))
    for call in range(2):
        words = random.bits((6,), device=device).tolist()
        key = threefry((7, 2), (call + 1, 0))
        assert words == [threefry(key, (counter, 0))[0] for counter in range(6)], call


@pytest.mark.parametrize("name", DRAWS)
def test_a_seed_gives_the_same_numbers_on_every_device(name: str):
    on_cpu, again, on_gpu = drawn(name, "cpu"), drawn(name, "cpu"), drawn(name, "gpu")
    np.testing.assert_array_equal(on_cpu, again)
    if name in EXACT:
        np.testing.assert_array_equal(on_gpu, on_cpu)
    else:
        np.testing.assert_allclose(on_gpu, on_cpu, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("name", [name for name in DRAWS if name != "empty"])
def test_other_seeds_and_later_calls_give_other_numbers(name: str):
    first, other = drawn(name, "cpu", 1), drawn(name, "cpu", 2)
    later = DRAWS[name]("cpu").numpy()
    assert not np.array_equal(first, other)
    assert not np.array_equal(other, later)


def test_state_survives_json(device: str):
    rt.random.seed(11)
    rt.random.normal((3,), device=device).numpy()
    state = json.loads(json.dumps(rt.random.get_state()))
    first = rt.random.uniform((4,), device=device).tolist()
    rt.random.set_state(state)
    assert rt.random.uniform((4,), device=device).tolist() == first


def test_a_lazy_draw_keeps_its_numbers():
    rt.random.seed(5)
    early = rt.random.uniform((3,))
    late = rt.random.uniform((3,))
    values = late.tolist(), early.tolist()
    rt.random.seed(5)
    assert (rt.random.uniform((3,)).tolist(), rt.random.uniform((3,)).tolist()) == values[::-1]
    assert early.tolist() == values[1]


# Each distribution, drawn n times, beside SciPy's.
DISTRIBUTIONS: dict[str, tuple[Callable[[int], rt.Tensor], Any]] = {
    "uniform": (lambda n: random.uniform(n, -1.0, 3.0), stats.uniform(-1, 4)),
    "normal": (lambda n: random.normal(n, 2.0, 3.0), stats.norm(2, 3)),
    "normal, float64": (lambda n: random.normal(n, dtype="float64"), stats.norm()),
    "truncated_normal": (lambda n: random.truncated_normal(n, 1.0, 2.0, -1.0, 4.0), stats.truncnorm(-1, 1.5, 1, 2)),
    "truncated_normal, tail": (lambda n: random.truncated_normal(n, 0.0, 1.0, 3.0, 5.0), stats.truncnorm(3, 5)),
    "log_normal": (lambda n: random.log_normal(n, 0.5, 0.7), stats.lognorm(0.7, scale=np.exp(0.5))),
    "exponential": (lambda n: random.exponential(n, 2.0), stats.expon(scale=2)),
    "laplace": (lambda n: random.laplace(n, 1.0, 2.0), stats.laplace(1, 2)),
    "gumbel": (lambda n: random.gumbel(n, 1.0, 2.0), stats.gumbel_r(1, 2)),
    "cauchy": (lambda n: random.cauchy(n, 1.0, 2.0), stats.cauchy(1, 2)),
    "student_t": (lambda n: random.student_t(n, 5.0), stats.t(5)),
    "beta, small": (lambda n: random.beta(n, 0.5, 0.4), stats.beta(0.5, 0.4)),
    "beta": (lambda n: random.beta(n, 2.0, 30.0), stats.beta(2, 30)),
    "dirichlet": (lambda n: random.dirichlet(rt.tensor([1.0, 2.0, 4.0]), n)[:, 1], stats.beta(2, 5)),
    "gamma of tensors": (lambda n: random.gamma(None, rt.full((n,), 3.0), rt.full((1,), 2.0)), stats.gamma(3, scale=2)),
    "gamma, float64": (lambda n: random.gamma(n, 2.0, dtype="float64"), stats.gamma(2)),
    **{
        f"gamma {a}": (lambda n, a=a: random.gamma(n, a, 0.5), stats.gamma(a, scale=0.5))
        for a in (0.3, 1.0, 1.3, 20.0, 1e6)
    },
}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_distributions(name: str):
    """Kolmogorov and Smirnov's test, and the moments within five of their standard errors."""
    random.seed(0)
    draw, expected = DISTRIBUTIONS[name]
    x = draw(100_000).numpy().astype(np.float64)
    assert np.isfinite(x).all()
    assert stats.kstest(x, expected.cdf).pvalue > 1e-3
    variance, excess = expected.stats("vk")
    if np.isfinite(excess):
        assert abs(x.mean() - expected.mean()) < 5 * np.sqrt(variance / len(x))
        assert abs(x.var() - variance) < 5 * variance * np.sqrt((excess + 2) / len(x)) + 1e-3 * variance
    assert abs(np.corrcoef(x[:-1] < expected.median(), x[1:] < expected.median())[0, 1]) < 0.02


P = [0.1, 0.0, 0.4, 0.5]
LOGITS = np.log(np.array(P, dtype=np.float32) + np.float32(1e-30))
COUNTS: dict[str, tuple[Callable[[int], rt.Tensor], Any]] = {
    "integers": (lambda n: random.integers(n, -3, 7), stats.randint(-3, 7)),
    "integers of 64 bits": (lambda n: random.integers(n, 0, 3 * 2**61, dtype="int64") // 2**61, stats.randint(0, 3)),
    "integers of a long range": (
        lambda n: random.integers(n, 0, 3 * 2**30, dtype="uint32").astype("int64") // 2**30,
        stats.randint(0, 3),
    ),
    "uint8": (lambda n: random.integers(n, 250, 256, dtype="uint8"), stats.randint(250, 256)),
    "bernoulli": (lambda n: random.bernoulli(n, 0.3), stats.bernoulli(0.3)),
    "bernoulli of a tensor": (lambda n: rt.bernoulli(rt.full((n,), 0.2)), stats.bernoulli(0.2)),
    "choice": (lambda n: random.choice(rt.tensor([4, 5, 6]), n), stats.randint(4, 7)),
    "choice, p": (lambda n: random.choice(4, n, p=P), stats.rv_discrete(values=(range(4), P))),
    "choice, each once": (
        lambda n: rt.stack([random.choice(4, (), replace=False) for _ in range(n // 50)]),
        stats.randint(0, 4),
    ),
    "categorical": (lambda n: random.categorical(rt.tensor(LOGITS), n), stats.rv_discrete(values=(range(4), P))),
    "categorical along an axis": (
        lambda n: random.categorical(rt.broadcast_to(rt.tensor(LOGITS).reshape(4, 1), (4, n)), axis=0),
        stats.rv_discrete(values=(range(4), P)),
    ),
    "multinomial": (
        lambda n: random.multinomial(rt.tensor(P) * 7.0, n, replacement=True),
        stats.rv_discrete(values=(range(4), P)),
    ),
    "multinomial, the first": (
        lambda n: random.multinomial(rt.broadcast_to(rt.tensor(P), (n, 4)), 2)[:, 0],
        stats.rv_discrete(values=(range(4), P)),
    ),
    "poisson of tensors": (lambda n: rt.poisson(rt.full((n,), 12.0)), stats.poisson(12)),
    **{f"poisson {rate}": (lambda n, r=rate: random.poisson(n, r), stats.poisson(rate)) for rate in RATES},
}


@pytest.mark.parametrize("name", COUNTS)
def test_distributions_of_integers(name: str):
    """Pearson's test of the counts; values whose expected count is small are counted together."""
    random.seed(0)
    draw, expected = COUNTS[name]
    x = draw(50_000).numpy().astype(np.int64)
    values = np.arange(int(expected.ppf(1e-3)), int(expected.ppf(1 - 1e-3)) + 1)
    probabilities = expected.pmf(values)
    frequencies = np.array([(x == value).sum() for value in values])
    common = probabilities * len(x) >= 5
    frequencies = np.append(frequencies[common], len(x) - frequencies[common].sum())
    probabilities = np.append(probabilities[common], max(0.0, 1 - probabilities[common].sum()))
    if probabilities[-1] * len(x) < 5e-3:
        assert frequencies[-1] == 0
        frequencies, probabilities = frequencies[:-1], probabilities[:-1] / probabilities[:-1].sum()
    assert len(frequencies) == 1 or stats.chisquare(frequencies, probabilities * len(x)).pvalue > 1e-3


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_the_upper_end_is_left_out_in_every_dtype(dtype: str):
    random.seed(0)
    x = random.uniform(200_000, 2.0, 3.0, dtype=dtype)
    assert x.dtype == dtype
    assert (x.min().item(), x.max().item() < 3.0) >= (2.0, True)
    # Numbers this coarse would round to the upper end.
    assert random.uniform(3_000_000, 1000.0, 1001.0).max().item() < 1001.0
    assert abs(x.astype("float32").mean().item() - 2.5) < 0.01


def test_split_streams_are_independent(device: str):
    streams = random.Generator(5).split(20)
    assert len({stream.bits((), device=device).item() for stream in streams}) == 20
    draws = np.stack([stream.normal((2000,), device=device).numpy() for stream in streams[:4]])
    assert np.abs(np.corrcoef(draws) - np.eye(4)).max() < 0.1
    again = random.Generator(5).split(3)
    again[2].bits(())
    np.testing.assert_array_equal(again[2].normal((2000,), device=device).numpy(), draws[2])


def test_generators_do_not_disturb_each_other():
    random.seed(9)
    expected = random.normal((3,)).tolist()
    random.seed(9)
    own = random.Generator(9)
    assert own.normal((3,)).tolist() == expected
    own.gamma((3,), 2.0)
    copied = copy.deepcopy(own)
    assert copied.bits((2,)).tolist() == own.bits((2,)).tolist()
    assert random.normal((3,)).tolist() == expected
    assert rt.randn(3, generator=random.Generator(9)).tolist() == expected
    assert rt.manual_seed(9) is random.default_generator
    assert rt.randn(3).tolist() == expected


def test_location_and_scale_have_gradients_and_concentrations_none(device: str):
    loc = rt.tensor([1.0, 2.0], device=device, requires_grad=True)
    scale = rt.tensor(3.0, device=device, requires_grad=True)
    x = random.normal(None, loc, scale)
    x.sum().backward()
    assert loc.grad is not None and scale.grad is not None
    np.testing.assert_allclose(loc.grad.numpy(), [1, 1])
    np.testing.assert_allclose(scale.grad.item(), ((x - loc) / scale).sum().item(), rtol=1e-4)
    assert not random.gamma(None, loc).requires_grad
    assert random.gamma(None, loc, scale).requires_grad
    assert not random.poisson(None, loc, dtype="float32").requires_grad


WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "shape": (lambda: random.normal((2, -1)), rt.ShapeError, "a shape needs sizes of at least 0, got (2, -1)"),
    "parameters": (lambda: random.normal((2,), rt.zeros(3)), rt.ShapeError, "normal needs parameters that broadcast"),
    "more axes than the shape": (
        lambda: random.gamma((2,), rt.ones((3, 2))),
        rt.ShapeError,
        "gamma needs parameters that broadcast to its shape, got (3, 2) and (2,)",
    ),
    "dtype": (lambda: random.normal((2,), dtype="int32"), rt.DTypeError, "normal needs a float dtype, got int32"),
    "range": (
        lambda: random.uniform((2,), 1.0, 0.0),
        rt.ArgumentError,
        "uniform needs finite low <= high, got 1 and 0",
    ),
    "scale": (lambda: random.exponential((2,), -1.0), rt.ArgumentError, "needs a finite scale above 0, got -1.0"),
    "rate": (lambda: random.poisson((2,), -1.0), rt.ArgumentError, "needs a finite rate of at least 0, got -1.0"),
    "interval": (lambda: random.truncated_normal((2,), low=5.0, high=6.0), rt.ArgumentError, "4 standard deviations"),
    "p": (lambda: random.bernoulli((2,), 1.5), rt.ArgumentError, "bernoulli needs 0 <= p <= 1, got 1.5"),
    "no integers": (
        lambda: random.integers((2,), 3, 3),
        rt.ArgumentError,
        "a range [low, high) within int32, got [3, 3)",
    ),
    "integers beyond": (
        lambda: random.integers((2,), 300, dtype="uint8"),
        rt.ArgumentError,
        "within uint8, got [0, 300)",
    ),
    "integers of floats": (lambda: random.integers((2,), 3, dtype="float32"), rt.DTypeError, "an integer dtype"),
    "choice": (lambda: random.choice(3, 4, replace=False), rt.ArgumentError, "choice needs at most 3 elements without"),
    "choice of nothing": (lambda: random.choice(0, 1), rt.ArgumentError, "something to choose from"),
    "weights": (lambda: random.choice(2, 1, p=[0.0, 0.0]), rt.ArgumentError, "at least 0, not all zero"),
    "number of weights": (lambda: random.choice(3, 1, p=[1.0, 1.0]), rt.ShapeError, "choice needs p of shape (3,)"),
    "multinomial": (lambda: rt.multinomial(rt.ones(2), 3), rt.ArgumentError, "multinomial needs at most 2 samples"),
    "multinomial axes": (lambda: rt.multinomial(rt.ones(()), 3), rt.ShapeError, "weights of shape (n,) or (m, n)"),
    "categorical": (lambda: random.categorical(rt.ones((2, 3)), (3,)), rt.ShapeError, "a shape that ends with (2,)"),
    "permutation": (lambda: random.permutation(-1), rt.ArgumentError, "an integer of at least 0, got -1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_calls(name: str):
    call, error, text = WRONG[name]
    with pytest.raises(error, match=re.escape(text)):
        call()


@pytest.mark.parametrize("n", [0, 1, 2, 1000])
def test_permutations(n: int, device: str):
    order = rt.random.permutation(n, device=device)
    assert str(order.dtype) == "int32"
    assert sorted(order.tolist()) == list(range(n))


def test_permutations_are_even():
    rt.random.seed(0)
    counts = np.zeros((4, 4))
    for _ in range(600):
        counts[np.arange(4), rt.random.permutation(4).numpy()] += 1
    assert np.abs(counts - 150).max() < 50


def test_dropout_keeps_the_mean_and_its_gradient_the_mask(device: str):
    rt.random.seed(1)
    x = rt.ones((40, 50), device=device).requires_grad_()
    y = F.dropout(x, 0.25)
    y.sum().backward()
    values = y.numpy()
    assert x.grad is not None
    np.testing.assert_array_equal(x.grad.numpy(), values)
    np.testing.assert_allclose(np.unique(values), [0, 4 / 3], rtol=1e-6)
    assert abs(values.mean() - 1) < 0.05
