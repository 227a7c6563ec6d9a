"""What is changed in place of `x.data` and `x.grad` is changed of x, as in PyTorch's programs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

import rutile as rt
from rutile import nn

# name: what is done to x with data [1, -2] and gradient [3, -4]; then x and its gradient
CHANGES: dict[str, tuple[Callable[[Any], Any], list[float], list[float]]] = {
    "data.mul_": (lambda x: x.data.mul_(2.0), [2, -4], [3, -4]),
    "data.clamp_": (lambda x: x.data.clamp_(-1.0, 1.0), [1, -1], [3, -4]),
    "data.add_ with alpha": (lambda x: x.data.add_(x.grad, alpha=-0.5), [-0.5, 0], [3, -4]),
    "data.copy_": (lambda x: x.data.copy_(rt.tensor([7, 8], device=x.device)), [7, 8], [3, -4]),
    "data[0]": (lambda x: x.data.__setitem__(0, 5.0), [5, -2], [3, -4]),
    "data =": (lambda x: setattr(x, "data", x.data * 3.0), [3, -6], [3, -4]),
    "init of data": (lambda x: nn.init.zeros_(x.data), [0, 0], [3, -4]),
    "grad.zero_": (lambda x: x.grad.zero_(), [1, -2], [0, 0]),
    "grad.mul_": (lambda x: x.grad.mul_(0.5), [1, -2], [1.5, -2]),
    "grad.data.clamp_": (lambda x: x.grad.data.clamp_(-1.0, 1.0), [1, -2], [1, -1]),
    "grad +=": (lambda x: setattr(x, "grad", x.grad.__iadd__(1.0)), [1, -2], [4, -3]),
    "grad[1]": (lambda x: x.grad.__setitem__(1, 0.0), [1, -2], [3, 0]),
    "a copy of grad": (lambda x: copy.deepcopy(x.grad).zero_(), [1, -2], [3, -4]),
    "a sum with grad": (lambda x: (x.grad + 0.0).zero_(), [1, -2], [3, -4]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_reach_the_owner(name: str, device: str):
    change, values, gradient = CHANGES[name]
    x = rt.tensor([1.0, -2.0], device=device, requires_grad=True)
    (x * rt.tensor([3.0, -4.0], device=device)).sum().backward()
    change(x)
    assert x.grad is not None
    assert (x.tolist(), x.grad.tolist()) == (values, gradient)
    assert x.is_leaf and x.requires_grad and not x.data.requires_grad


def test_gradients_are_set_to_zeros_where_a_program_asks_for_it():
    layer = nn.Linear(2, 1)
    optimizer = rt.optim.SGD(layer.parameters())
    for holder in (layer, optimizer):
        layer(rt.ones((1, 2))).sum().backward()
        holder.zero_grad(set_to_none=False)
        assert layer.weight.grad is not None and layer.weight.grad.tolist() == [[0.0, 0.0]]
        holder.zero_grad()
        assert layer.weight.grad is None
