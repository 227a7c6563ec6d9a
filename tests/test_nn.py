"""Module: state, walking, errors, documentation; what each layer computes is in test_layers.py."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import rutile as rt
from rutile import nn
from rutile.errors import CheckpointError, ShapeError

PACKAGES = ["rutile.nn", "rutile.optim", "rutile.io", "rutile.train", "rutile.models"]
MODULES = [
    module.name
    for package in PACKAGES
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}.")
]


def random(shape: tuple[int, ...], seed: int = 0) -> rt.Tensor:
    return rt.tensor(np.random.default_rng(seed).standard_normal(shape, dtype=np.float32))


def check_rejects(function, error: type[Exception], *parts: str) -> None:
    """`function` raises `error`, and its message holds every part."""
    with pytest.raises(error) as caught:
        function()
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("name", [name for name in nn.__all__ if not inspect.ismodule(getattr(nn, name))])
def test_exported_class_is_documented(name):
    assert ">>>" in (inspect.getdoc(getattr(nn, name)) or "")


@pytest.mark.parametrize("name", nn.functional.__all__)
def test_function_is_documented(name):
    assert ">>>" in (getattr(nn.functional, name).__doc__ or "")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


class Branch(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter([1.0, 2.0])
        self.layers = [nn.Linear(2, 2), nn.ReLU()]
        self.heads = {"left": nn.Linear(2, 1, bias=False), "right": (nn.Linear(2, 1, bias=False),)}
        self.tied = self.layers[0]
        self.register_buffer("mean", rt.zeros((2,)))
        self.register_buffer("mask", rt.ones((2,)), persistent=False)
        self.count = rt.tensor(3)
        self._scratch = rt.ones((7,))
        self.parent = self
        self.words = "text"

    def forward(self, x):
        return self.layers[0](x) * self.scale


def test_module_walks_attributes():
    module = Branch()
    names = ["scale", "layers.0.weight", "layers.0.bias", "heads.left.weight", "heads.right.0.weight"]
    assert [name for name, _ in module.named_parameters()] == names
    assert [name for name, _ in module.named_buffers()] == ["mean", "mask", "count"]
    assert list(module.state_dict()) == [*names, "tied.weight", "tied.bias", "mean", "count"]
    assert [name for name, _ in module.named_modules()] == ["", "layers.0", "layers.1", "heads.left", "heads.right.0"]
    module.eval()
    assert not any(child.training for child in module.modules())
    module.requires_grad_(False)
    assert [name for name, _ in module.named_parameters()] == names


def test_state_dict_does_not_follow_training():
    module = nn.Linear(2, 1)
    before = module.state_dict()["weight"]
    value = before.numpy().copy()
    module.weight.assign_(module.weight.detach() + 1.0)
    np.testing.assert_array_equal(before.numpy(), value)


def test_gradients_reach_every_parameter():
    model = nn.Sequential(nn.Conv2d(1, 2, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3))
    nn.CrossEntropyLoss()(model(random((5, 1, 4, 4))), rt.tensor([0, 1, 2, 1, 0])).backward()
    for parameter in model.parameters():
        assert parameter.grad is not None and parameter.grad.shape == parameter.shape
    model.zero_grad()
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize(
    ("layer", "fan_in"), [(nn.Linear(50, 400), 50), (nn.Conv2d(4, 64, 5, groups=2), 50)], ids=["linear", "conv"]
)
def test_initial_weights_are_uniform_by_fan_in(layer, fan_in):
    bound = fan_in**-0.5
    for parameter in (layer.weight, layer.bias):
        values = parameter.numpy()
        assert np.abs(values).max() <= bound
    values = layer.weight.numpy()
    assert np.abs(values).max() > 0.99 * bound
    np.testing.assert_allclose(values.std(), bound / 3**0.5, rtol=0.05)
    assert abs(values.mean()) < 0.05 * bound


def test_dropout_keeps_the_mean_and_is_off_in_eval():
    rt.random.seed(1)
    layer, x = nn.Dropout(0.25), rt.ones((200, 200))
    y = layer(x).numpy()
    assert set(np.unique(y).round(4)) == {0.0, np.float32(1.3333)}
    assert abs((y == 0).mean() - 0.25) < 0.01
    assert (layer(x).numpy() != y).any()
    np.testing.assert_array_equal(layer.eval()(x).numpy(), x.numpy())
    np.testing.assert_array_equal(nn.Dropout(1.0)(x).numpy(), np.zeros((200, 200), np.float32))


def test_same_padding_keeps_the_size():
    x, weight = random((1, 2, 7, 6)), random((3, 2, 4, 3), seed=1)
    same = nn.functional.conv2d(x, weight, padding="same", dilation=(1, 2))
    assert same.shape == (1, 3, 7, 6)
    padded = rt.tensor(np.pad(x.numpy(), [(0, 0), (0, 0), (1, 2), (2, 2)]))
    np.testing.assert_allclose(same.numpy(), nn.functional.conv2d(padded, weight, dilation=(1, 2)).numpy(), rtol=1e-6)


def test_repr_reads_like_pytorch():
    model = nn.Sequential(nn.Linear(4, 2, bias=False), nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU()))
    assert repr(model) == (
        "Sequential(\n"
        "  (0): Linear(in_features=4, out_features=2, bias=False)\n"
        "  (1): Sequential(\n"
        "    (0): Conv2d(1, 2, kernel_size=(3, 3), stride=1, padding=1)\n"
        "    (1): ReLU()\n"
        "  )\n"
        ")"
    )


def test_sequential_is_a_list_of_modules():
    model = nn.Sequential({"first": nn.Linear(2, 3), "act": nn.ReLU()})
    assert list(model.state_dict()) == ["first.weight", "first.bias"]
    assert len(model) == 2 and isinstance(model[-1], nn.ReLU) and len(model[:1]) == 1


def test_load_state_dict_strict_and_not():
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    before = {name: tensor.numpy().copy() for name, tensor in model.state_dict().items()}
    wrong = {
        "0.weight": np.zeros((3, 2), "float32"),
        "0.bias": np.zeros(4, "float32"),
        "2.bias": np.zeros(1, "float32"),
    }
    check_rejects(
        lambda: model.load_state_dict(wrong),
        CheckpointError,
        "Sequential.load_state_dict",
        "0.bias needs (3,), got (4,)",
        "missing: 1.weight, 1.bias",
        "unexpected: 2.bias",
    )
    for name, tensor in model.state_dict().items():
        np.testing.assert_array_equal(tensor.numpy(), before[name])
    model.load_state_dict({"1.bias": np.full(1, 5.0, "float32"), "more": np.zeros(1)}, strict=False)
    assert model[1].bias.tolist() == [5.0]
    assert model[1].bias.requires_grad


BAD_INPUTS = {
    "linear": (lambda: nn.Linear(4, 2)(rt.zeros((3, 5))), ShapeError, ["Linear(in_features=4", "== 4", "(3, 5)"]),
    "conv channels": (lambda: nn.Conv2d(3, 2, 1)(rt.zeros((1, 1, 4, 4))), ShapeError, ["Conv2d(3, 2", "(N, 3, H, W)"]),
    "conv axes": (lambda: nn.Conv2d(3, 2, 1)(rt.zeros((4, 4))), ShapeError, ["(4, 4)", "unsqueeze"]),
    "conv groups": (lambda: nn.Conv2d(3, 2, 1, groups=2), ShapeError, ["divisible by groups"]),
    "conv same": (lambda: nn.Conv2d(1, 1, 3, 2, "same")(rt.zeros((1, 1, 4, 4))), ShapeError, ["stride 1"]),
    "padding mode": (lambda: nn.Conv2d(1, 1, 3, padding_mode="mirror"), ValueError, ["reflect", "mirror"]),
    "dropout": (lambda: nn.Dropout(1.5), ValueError, ["0 <= p <= 1"]),
    "reduction": (lambda: nn.MSELoss("avg")(rt.zeros((1,)), rt.zeros((1,))), ValueError, ["'avg'"]),
    "mse shapes": (lambda: nn.MSELoss()(rt.zeros((2, 1)), rt.zeros((2,))), ShapeError, ["(2, 1) and (2,)"]),
    "no forward": (lambda: nn.Module()(1), NotImplementedError, ["forward"]),
    "not a module": (lambda: nn.Sequential(*[rt.zeros]), TypeError, ["Sequential needs modules"]),  # pyright: ignore
}


@pytest.mark.parametrize("row", BAD_INPUTS)
def test_bad_input_is_refused(row):
    function, error, parts = BAD_INPUTS[row]
    check_rejects(function, error, *parts)


def test_frozen_parameters_have_no_gradient_to_forget():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    model[0].requires_grad_(False)
    model(rt.ones((1, 2))).sum().backward()
    assert [parameter.grad is None for parameter in model.parameters()] == [True, True, False, False]
    model.zero_grad()
    model.requires_grad_(True)
    assert all(parameter.requires_grad and parameter.grad is None for parameter in model.parameters())


def test_to_keeps_tensors_values_and_training():
    model = nn.Linear(2, 1)
    weight, value = model.weight, model.weight.numpy().copy()
    model.to(weight.device)
    assert model.weight is weight and weight.requires_grad and weight.grad is None
    np.testing.assert_array_equal(weight.numpy(), value)
