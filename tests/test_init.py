"""Initial values of weights: distributions by their deviation and bounds, fixed values exactly, wrong calls by text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile import random
from rutile.nn import init

SHAPE = (60, 20, 3)
FAN_IN, FAN_OUT = 60, 180
LEAKY = math.sqrt(2 / (1 + 0.2**2))
# name: the call, the expected deviation, the greatest distance from the mean, the mean
RANDOM: dict[str, tuple[Callable[[rt.Tensor], rt.Tensor], float, float, float]] = {
    "uniform_": (lambda x: init.uniform_(x, -1.0, 3.0), 4 / math.sqrt(12), 2.0, 1.0),
    "normal_": (lambda x: init.normal_(x, 1.0, 2.0), 2.0, math.inf, 1.0),
    "trunc_normal_": (lambda x: init.trunc_normal_(x, 1.0, 2.0, -3.0, 5.0), 2 * 0.8796, 4.0, 1.0),
    "xavier_uniform_": (
        lambda x: init.xavier_uniform_(x, 2.0),
        2 * math.sqrt(2 / (FAN_IN + FAN_OUT)),
        2 * math.sqrt(6 / (FAN_IN + FAN_OUT)),
        0.0,
    ),
    "xavier_normal_": (init.xavier_normal_, math.sqrt(2 / (FAN_IN + FAN_OUT)), math.inf, 0.0),
    "kaiming_uniform_": (
        lambda x: init.kaiming_uniform_(x, 0.2),
        LEAKY / math.sqrt(FAN_IN),
        LEAKY * math.sqrt(3 / FAN_IN),
        0.0,
    ),
    "kaiming_normal_": (
        lambda x: init.kaiming_normal_(x, mode="fan_out", nonlinearity="relu"),
        math.sqrt(2 / FAN_OUT),
        math.inf,
        0.0,
    ),
}
FIXED: dict[str, tuple[Callable[[rt.Tensor], rt.Tensor], tuple[int, ...], Any]] = {
    "constant_": (lambda x: init.constant_(x, 3.5), (2, 2), np.full((2, 2), 3.5)),
    "ones_": (init.ones_, (2,), np.ones(2)),
    "zeros_": (init.zeros_, (2,), np.zeros(2)),
    "eye_": (init.eye_, (3, 2), np.eye(3, 2)),
    "dirac_": (init.dirac_, (3, 2, 3), np.eye(3, 2)[:, :, None] * [0, 1, 0]),
    "dirac_ of groups": (lambda x: init.dirac_(x, 2), (4, 2, 1), np.tile(np.eye(2), (2, 1))[:, :, None]),
    "dirac_ of an even window": (init.dirac_, (1, 1, 2, 2), [[[[0, 0], [0, 1]]]]),
}
WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "fans": (
        lambda: init.xavier_normal_(rt.zeros(3)),
        rt.ShapeError,
        "xavier_normal_ needs weights of at least 2 axes",
    ),
    "mode": (lambda: init.kaiming_normal_(rt.zeros((2, 2)), mode="in"), rt.ArgumentError, 'mode="fan_in" or "fan_out"'),
    "gain": (lambda: init.calculate_gain("swish"), rt.ArgumentError, "calculate_gain needs one of leaky_relu, tanh"),
    "eye_": (lambda: init.eye_(rt.zeros(3)), rt.ShapeError, "eye_ needs a tensor of 2 axes, got shape (3,)"),
    "dirac_": (lambda: init.dirac_(rt.zeros((3, 2))), rt.ShapeError, "dirac_ needs 3 to 5 axes"),
    "orthogonal_": (
        lambda: init.orthogonal_(rt.zeros(3)),
        rt.ShapeError,
        "orthogonal_ needs a tensor of at least 2 axes",
    ),
}


@pytest.mark.parametrize("name", RANDOM)
def test_random_values(name: str):
    call, deviation, reach, mean = RANDOM[name]
    random.seed(0)
    x = rt.zeros(SHAPE).requires_grad_()
    assert call(x) is x
    assert x.requires_grad and x.is_leaf
    values = x.numpy()
    assert abs(values.mean() - mean) < 4 * deviation / math.sqrt(values.size)
    assert abs(values.std() / deviation - 1) < 0.05
    assert np.abs(values - mean).max() <= reach * (1 + 1e-6)


@pytest.mark.parametrize("name", FIXED)
def test_fixed_values(name: str, device: str):
    call, shape, expected = FIXED[name]
    np.testing.assert_array_equal(call(rt.full(shape, 7.0, device=device)).numpy(), expected)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 2, 3), (3, 3)], ids=str)
def test_orthogonal(shape: tuple[int, ...], device: str):
    w = init.orthogonal_(rt.zeros(shape, device=device), 2.0).numpy().reshape(shape[0], -1)
    gram = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(gram, 4 * np.eye(len(gram)), atol=1e-5)


def test_sparse(device: str):
    w = init.sparse_(rt.ones((10, 7), device=device), 0.25, std=2.0)
    assert (w == 0).sum(axis=0).tolist() == [3] * 7


def test_a_generator_of_ones_own_decides():
    values = [init.kaiming_uniform_(rt.zeros((4, 4)), generator=random.Generator(1)).tolist() for _ in range(2)]
    assert values[0] == values[1]
    assert init.normal_(rt.zeros(3, dtype="float64")).dtype is rt.float64


@pytest.mark.parametrize("name", WRONG)
def test_wrong_calls(name: str):
    call, error, text = WRONG[name]
    with pytest.raises(error, match=re.escape(text)):
        call()
