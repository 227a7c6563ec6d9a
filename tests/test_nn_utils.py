"""Hooks of modules and what training loops do with all gradients, against PyTorch's meaning."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile import nn
from rutile.nn import utils

X = np.array([[1.0, -2.0], [0.5, 3.0]], dtype=np.float32)
GRADS = [np.array([[3.0, -4.0]], dtype=np.float32), np.array([12.0], dtype=np.float32)]


def parameters(device: str) -> list[rt.Tensor]:
    """A matrix and a vector with gradients, and a parameter without one."""
    made = [rt.zeros(g.shape, device=device).requires_grad_() for g in GRADS]
    for x, g in zip(made, GRADS, strict=True):
        x.grad = rt.tensor(g, device=device)
    return [*made, rt.zeros((2,), device=device).requires_grad_()]


# name: what is done, the norm that it returns, and by what the gradients are multiplied
CLIPPED: dict[str, tuple[Callable[[list[rt.Tensor]], Any], float | None, float]] = {
    "norm": (lambda ps: utils.clip_grad_norm_(ps, 6.5), 13.0, 0.5),
    "norm that fits": (lambda ps: utils.clip_grad_norm_(ps, 20.0), 13.0, 1.0),
    "sum": (lambda ps: utils.clip_grad_norm_(ps, 1.9, 1.0), 19.0, 0.1),
    "greatest": (lambda ps: utils.clip_grad_norm_(ps, 3.0, float("inf"), error_if_nonfinite=True), 12.0, 0.25),
    "one tensor": (lambda ps: utils.clip_grad_norm_(ps[2], 1.0), 0.0, 1.0),
}


@pytest.mark.parametrize("name", CLIPPED)
def test_gradients_are_scaled_to_a_norm(name: str, device: str):
    call, norm, factor = CLIPPED[name]
    given = parameters(device)
    assert call(given).item() == pytest.approx(norm)
    for x, g in zip(given, GRADS, strict=False):
        assert x.grad is not None
        np.testing.assert_allclose(x.grad.numpy(), g * factor, rtol=1e-5)
    assert given[2].grad is None


def test_gradients_are_limited_by_value(device: str):
    given = parameters(device)
    utils.clip_grad_value_(given, 3.5)
    assert [x.grad.tolist() for x in given[:2] if x.grad is not None] == [[[3.0, -3.5]], [3.5]]


def test_clipping_joins_the_optimizers_step():
    layer = nn.Linear(2, 2, device="null")
    optimizer = rt.optim.SGD(layer.parameters(), lr=0.1)
    rt.reset_stats("null")
    layer(rt.ones((3, 2), device="null")).sum().backward()
    utils.clip_grad_norm_(layer.parameters(), 1.0)
    optimizer.step()
    assert rt.stats("null")["submits"] == 1
    assert rt.stats("null")["readbacks"] == 0


def test_parameters_are_a_vector_and_come_back():
    layer, other = nn.Linear(3, 2), nn.Linear(3, 2)
    vector = utils.parameters_to_vector(layer.parameters())
    assert vector.tolist() == [*layer.weight.numpy().ravel(), *layer.get_parameter("bias").numpy()]
    utils.vector_to_parameters(vector, other.parameters())
    assert other.weight.tolist() == layer.weight.tolist()
    assert other.weight.requires_grad and other.weight.is_leaf


@pytest.mark.parametrize(("side", "expected"), [("right", [[1, 2, 3], [4, 9, 9]]), ("left", [[1, 2, 3], [9, 9, 4]])])
def test_sequences_are_padded(side: str, expected: list[list[int]]):
    sequences = [rt.tensor([1, 2, 3]), rt.tensor([4])]
    padded = utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=9, padding_side=side)
    assert padded.tolist() == expected
    columns = utils.rnn.pad_sequence(sequences)
    assert [x.tolist() for x in utils.rnn.unpad_sequence(columns, rt.tensor([3, 1]))] == [[1, 2, 3], [4]]


# Hooks


def test_hooks_see_and_change_calls_in_order():
    seen: list[Any] = []
    layer = nn.Linear(2, 1, bias=False)
    layer.weight.assign_(rt.tensor([[1.0, 1.0]]))
    handles = [
        layer.register_forward_pre_hook(lambda module, inputs: inputs[0] * 2.0),
        layer.register_forward_hook(lambda module, inputs, result: seen.append(inputs[0].tolist())),
        layer.register_forward_hook(lambda module, inputs, result: result + 1.0),
        layer.register_forward_hook(lambda module, inputs, result: result * 10.0, prepend=True),
    ]
    assert layer(rt.tensor([1.0, 2.0])).tolist() == [61.0]
    assert seen == [[2.0, 4.0]]
    assert copy.deepcopy(layer)(rt.tensor([1.0, 2.0])).tolist() == [61.0]
    assert list(layer.state_dict()) == ["weight"]
    for handle in handles:
        handle.remove()
    assert layer(rt.tensor([1.0, 2.0])).tolist() == [3.0]


def test_hooks_take_keywords():
    class Scaled(nn.Module):
        def forward(self, x: rt.Tensor, *, scale: float = 1.0) -> rt.Tensor:
            return x * scale

    layer = Scaled()
    layer.register_forward_pre_hook(lambda module, inputs, options: (inputs, {"scale": 3.0}), with_kwargs=True)
    layer.register_forward_hook(lambda module, inputs, options, result: result + options["scale"], with_kwargs=True)
    assert layer(rt.tensor([1.0])).tolist() == [6.0]


def test_backward_hooks_see_and_change_gradients(device: str):
    seen: list[Any] = []
    layer = nn.Linear(2, 2, bias=False, device=device)
    layer.weight.assign_(rt.tensor([[1.0, 0.0], [2.0, 1.0]], device=device))
    x = rt.tensor(X, device=device, requires_grad=True)

    def record(module: nn.Module, grad_input: Any, grad_output: Any) -> Any:
        seen.append((grad_input[0].tolist(), grad_output[0].tolist()))
        return (grad_input[0] * 10.0,)

    layer.register_full_backward_pre_hook(lambda module, grads: (grads[0] * 2.0,))
    layer.register_full_backward_hook(record)
    layer(x).sum().backward()
    assert x.grad is not None and layer.weight.grad is not None
    assert seen == [([[6.0, 2.0]] * 2, [[2.0, 2.0]] * 2)]
    assert x.grad.tolist() == [[60.0, 20.0]] * 2
    assert layer.weight.grad.tolist() == [[3.0, 2.0]] * 2


def test_backward_hooks_of_inputs_without_gradients():
    seen: list[Any] = []
    layer = nn.Linear(2, 1)
    layer.register_full_backward_hook(lambda module, grad_input, grad_output: seen.append((grad_input, grad_output)))
    layer(rt.tensor(X)).sum().backward()
    assert [(given, grads[0].tolist()) for given, grads in seen] == [((None,), [[1.0], [1.0]])]
    with rt.no_grad():
        layer(rt.tensor(X))
    assert len(seen) == 1


# Members by name, and their dtypes


def test_members_are_found_by_name():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    model.add_module("head", nn.Linear(2, 1))
    model.register_parameter("scale", nn.Parameter([1.0]))
    assert model.get_submodule("head") is dict(model.named_children())["head"]
    assert model.get_parameter("0.weight") is model[0].weight
    assert model.get_buffer("1.running_mean") is model[1].running_mean
    assert "scale" in dict(model.named_parameters())


def test_a_module_takes_another_dtype():
    model = nn.BatchNorm1d(2)
    assert model.half().get_parameter("weight").dtype is rt.float16
    assert model.get_buffer("num_batches_tracked").dtype.kind == "i"
    assert model.to(rt.bfloat16).get_buffer("running_mean").dtype is rt.bfloat16
    assert model.double().get_parameter("weight").dtype is rt.float64
    assert model.to("cpu", rt.float32).get_parameter("weight").dtype is rt.float32
    assert model.get_parameter("weight").requires_grad
