"""Every layer that `rutile.nn` exports is found, made, run, differentiated, saved and loaded; its rows are in layers.py."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rutile as rt
from layer_formulas import Array, attention, standardised
from layers import LAYERS, Row
from rutile import nn
from rutile.errors import DTypeError, ShapeError
from rutile.io import load_safetensors, save_safetensors

# They hold layers or parameters and compute nothing.
NOT_LAYERS = {nn.Module, nn.ModuleDict, nn.ModuleList, nn.ParameterDict, nn.ParameterList}
EXPORTED: set[type] = {value for name in nn.__all__ if inspect.isclass(value := getattr(nn, name))}


def flat(values: Any) -> list[Any]:
    """Tensors or arrays, out of the tuples that a layer returns."""
    return [one for part in values for one in flat(part)] if isinstance(values, tuple) else [values]


def run(row: Row, module: nn.Module, arrays: list[Array], device: str = "cpu") -> list[rt.Tensor]:
    return flat(module(*(rt.tensor(array, device=device) for array in arrays)))


def differentiated(
    row: Row, module: nn.Module, generator: np.random.Generator, device: str
) -> tuple[list[rt.Tensor], list[rt.Tensor], list[rt.Tensor]]:
    """Differentiate the layer's results, weighted by seeds; return its inputs, what has gradients now, and the seeds."""
    inputs = [rt.tensor(array, device=device, requires_grad=array.dtype.kind == "f") for array in row.arrays()]
    moved = [*module.parameters(), *(x for x in inputs if x.requires_grad)]
    outputs = flat(module(*inputs))
    seeds = [rt.tensor(generator.standard_normal(y.shape).astype("float32"), device=device) for y in outputs]
    total = sum((y * seed).sum() for y, seed in zip(outputs, seeds, strict=True))
    assert isinstance(total, rt.Tensor)
    if total.requires_grad:
        total.backward()
    return inputs, moved, seeds


def test_every_exported_layer_has_a_row() -> None:
    assert {row.layer for row in LAYERS.values()} == EXPORTED - NOT_LAYERS


@pytest.mark.parametrize("name", LAYERS)
def test_layer_gives_what_numpy_gives(name: str, device: str) -> None:
    row = LAYERS[name]
    module, arrays = row.make().to(device), row.arrays()
    state = {key: tensor.numpy().astype("float64") for key, tensor in module.state_dict().items()}
    wide = [array.astype("float64") if array.dtype.kind == "f" else array for array in arrays]
    expected = flat(row.expected(state, *wide))
    assert list(state) == row.keys.split()
    for y, values in zip(run(row, module, arrays, device), expected, strict=True):
        assert y.shape == values.shape
        np.testing.assert_allclose(y.numpy(), values, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("name", [name for name, row in LAYERS.items() if row.slopes])
def test_gradients_of_a_layer_are_its_slopes(name: str) -> None:
    """Along one random direction of all parameters and inputs at once, against a central difference."""
    module, generator = LAYERS[name].make(), np.random.default_rng(1)
    inputs, moved, seeds = differentiated(LAYERS[name], module, generator, "cpu")
    directions = [generator.standard_normal(x.shape).astype("float32") for x in moved]
    slope = 0.0
    for x, direction in zip(moved, directions, strict=True):
        assert x.grad is not None and x.grad.shape == x.shape
        slope += float((x.grad.numpy() * direction).sum(dtype="float64"))
    values = []
    step = 5e-4
    starts = [x.numpy().copy() for x in moved]
    for sign in (1, -1):
        for x, start, direction in zip(moved, starts, directions, strict=True):
            x.assign_(rt.tensor(start + sign * step * direction))
        parts = zip(flat(module(*inputs)), seeds, strict=True)
        values.append(sum(float((y.numpy() * seed.numpy()).sum(dtype="float64")) for y, seed in parts))
    assert slope == pytest.approx((values[0] - values[1]) / (2 * step), rel=2e-2, abs=2e-2)


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_of_a_layer_are_the_same_on_a_gpu(name: str) -> None:
    row, found = LAYERS[name], []
    for place in ("cpu", "gpu"):
        _, moved, _ = differentiated(row, row.make().to(place), np.random.default_rng(1), place)
        assert all(x.grad is None or x.grad.device == place for x in moved)
        found.append([x.grad if x.grad is None else x.grad.numpy() for x in moved])
    for on_cpu, on_gpu in zip(*found, strict=True):
        assert (on_cpu is None) == (on_gpu is None)
        if on_cpu is not None:
            scale = float(np.abs(on_cpu).max(initial=1.0))
            np.testing.assert_allclose(on_gpu, on_cpu, rtol=1e-4, atol=2e-5 * scale)


@pytest.mark.parametrize("name", LAYERS)
def test_layer_is_saved_loaded_and_printed(name: str, tmp_path: Path) -> None:
    row = LAYERS[name]
    module, arrays = row.make(), row.arrays()
    outputs = [y.numpy().copy() for y in run(row, module.eval(), arrays)]
    save_safetensors(tmp_path / "layer.safetensors", {**module.state_dict(), "extra": rt.ones((1,))})
    state = load_safetensors(tmp_path / "layer.safetensors")
    del state["extra"]
    other = row.make().eval()
    for parameter in other.parameters():
        parameter.assign_(rt.zeros(parameter.shape))
    other.load_state_dict(state)
    for y, values in zip(run(row, other, arrays), outputs, strict=True):
        np.testing.assert_array_equal(y.numpy(), values)
    assert repr(module).startswith(row.layer.__name__ + "(")


def test_a_padding_row_is_zero_and_gets_no_gradient() -> None:
    layer = nn.Embedding(5, 3, padding_idx=-4)
    layer(rt.tensor([0, 1, 1])).sum().backward()
    assert layer.weight[1].tolist() == [0.0, 0.0, 0.0]
    assert layer.weight.grad is not None
    np.testing.assert_array_equal(layer.weight.grad.numpy(), np.repeat([[1], [0], [0], [0], [0]], 3, 1))


def test_pretrained_rows_are_frozen_unless_wanted() -> None:
    rows = rt.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert nn.Embedding.from_pretrained(rows)(rt.tensor([1])).tolist() == [[3.0, 4.0]]
    assert not nn.Embedding.from_pretrained(rows).weight.requires_grad
    assert nn.Embedding.from_pretrained(rows, freeze=False).weight.requires_grad


@pytest.mark.parametrize("momentum", [0.1, None])
def test_running_statistics_follow_the_batches_and_are_used_in_eval(momentum: float | None, device: str) -> None:
    layer = nn.BatchNorm2d(3, momentum=momentum, device=device)
    generator, mean, var = np.random.default_rng(0), np.zeros(3), np.ones(3)
    for count in (1, 2, 3):
        x = generator.normal(2.0, 3.0, (4, 3, 5, 5)).astype("float32")
        share = 1 / count if momentum is None else momentum
        mean += share * (x.mean((0, 2, 3)) - mean)
        var += share * (x.var((0, 2, 3), ddof=1) - var)
        y = layer(rt.tensor(x, device=device)).numpy()
        np.testing.assert_allclose(y, standardised(x, (0, 2, 3)), rtol=1e-4, atol=1e-5)
    assert layer.num_batches_tracked is not None and layer.num_batches_tracked.item() == 3
    state = {name: value.numpy() for name, value in layer.state_dict().items()}
    np.testing.assert_allclose(state["running_mean"], mean, rtol=1e-5)
    np.testing.assert_allclose(state["running_var"], var, rtol=1e-5)
    expected = (x - mean.reshape(3, 1, 1)) / np.sqrt(var.reshape(3, 1, 1) + 1e-5)
    np.testing.assert_allclose(layer.eval()(rt.tensor(x, device=device)).numpy(), expected, rtol=1e-4, atol=1e-5)
    layer.reset_running_stats()
    assert [layer.state_dict()[name].tolist() for name in ("running_mean", "running_var")] == [[0.0] * 3, [1.0] * 3]


def test_running_statistics_are_evaluated_with_the_step_and_hold_nothing() -> None:
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2))
    optimizer = rt.optim.AdamW(model.parameters())
    x, y = rt.tensor(np.random.default_rng(0).standard_normal((8, 4)).astype("float32")), rt.zeros((8, 2))

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step(keep_grads=False)

    for _ in range(3):
        step()
    rt.reset_stats("cpu")
    live = rt.stats("cpu")["live_bytes"]
    for _ in range(5):
        step()
    stats = rt.stats("cpu")
    assert stats["plan_hits"] == 5 and stats["plans_built"] == 0 and stats["live_bytes"] == live
    assert model[1].num_batches_tracked.item() == 8
    assert rt.stats("cpu")["plan_hits"] == 5


def test_statistics_that_nobody_evaluates_do_not_wait_for_ever() -> None:
    layer, x = nn.BatchNorm1d(2), rt.tensor([[1.0, 2.0], [3.0, 5.0]])
    layer(x).numpy()
    rt.reset_stats("cpu")
    for _ in range(400):
        layer(x)
    assert rt.stats("cpu")["plans_built"] >= 1
    assert layer.num_batches_tracked is not None and layer.num_batches_tracked.item() == 401
    np.testing.assert_allclose(layer.state_dict()["running_mean"].numpy(), [2.0, 3.5], rtol=1e-5)


MASKS: dict[str, tuple[dict[str, rt.Tensor | bool], Array]] = {
    "causal": ({"is_causal": True}, np.tri(4, dtype=bool)),
    "bool": ({"attn_mask": ~rt.tensor(np.tri(4, dtype=bool))}, np.tri(4, dtype=bool)),
    "float": (
        {"attn_mask": rt.tensor(np.triu(np.full((4, 4), -np.inf, "float32"), 1))},
        np.tri(4, dtype=bool),
    ),
    "of each head": (
        {"attn_mask": ~rt.tensor(np.stack([np.tri(4, dtype=bool)] * 3 + [np.ones((4, 4), bool)] * 3))},
        np.stack([np.tri(4, dtype=bool), np.ones((4, 4), bool)])[:, None],
    ),
    "padding": (
        {"key_padding_mask": rt.tensor([[False] * 4, [False, False, True, True]])},
        np.array([[True] * 4, [True, True, False, False]])[:, None, None],
    ),
    "padding and causal": (
        {"key_padding_mask": rt.tensor([[False] * 4, [False, False, True, True]]), "is_causal": True},
        np.tri(4, dtype=bool) & np.array([[True] * 4, [True, True, False, False]])[:, None, None],
    ),
    "bool padding and float mask": (
        {
            "key_padding_mask": rt.tensor([[False] * 4, [False, False, True, True]]),
            "attn_mask": rt.tensor(np.triu(np.full((4, 4), -np.inf, "float32"), 1)),
        },
        np.tri(4, dtype=bool) & np.array([[True] * 4, [True, True, False, False]])[:, None, None],
    ),
}


@pytest.mark.parametrize("name", MASKS)
def test_masks_hide_keys(name: str) -> None:
    options, seen = MASKS[name]
    layer = nn.MultiheadAttention(6, 3, batch_first=True)
    x = np.random.default_rng(0).standard_normal((2, 4, 6)).astype("float32")
    state = {key: tensor.numpy().astype("float64") for key, tensor in layer.state_dict().items()}
    tensor = rt.tensor(x)
    y, weights = layer(tensor, tensor, tensor, **options)  # pyright: ignore[reportArgumentType]
    wide = x.astype("float64")
    expected, shares = attention(state, wide, wide, wide, 3, seen)
    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(weights.numpy(), shares, rtol=1e-4, atol=1e-5)


def test_added_keys_are_seen_whatever_the_mask() -> None:
    layer = nn.MultiheadAttention(6, 2, add_bias_kv=True, add_zero_attn=True)
    x = rt.tensor(np.random.default_rng(0).standard_normal((3, 2, 6)).astype("float32"))
    _, weights = layer(x, x, x, attn_mask=rt.ones((3, 3)).bool(), average_attn_weights=False)
    assert weights is not None and weights.shape == (2, 2, 3, 5)
    np.testing.assert_allclose(weights.numpy()[..., 3:].sum(-1), 1.0, rtol=1e-6)
    assert layer(x, x, x, need_weights=False)[1] is None


def test_lists_and_dicts_of_modules_are_lists_and_dicts() -> None:
    layers = nn.ModuleList([nn.Linear(2, 2), nn.ReLU()]).append(nn.Tanh())
    layers.insert(1, nn.Sigmoid())
    assert [type(layer).__name__ for layer in layers] == ["Linear", "Sigmoid", "ReLU", "Tanh"]
    layers[1] = nn.GELU()
    del layers[2]
    assert repr(layers[1:]) == "ModuleList(\n  (0): GELU(approximate='none')\n  (1): Tanh()\n)"
    heads = nn.ModuleDict({"left": nn.Linear(2, 1)})
    heads["right"] = nn.ReLU()
    assert list(heads) == ["left", "right"] and "right" in heads and len(heads) == 2
    assert isinstance(heads.pop("right"), nn.ReLU) and list(heads.items()) == [("left", heads["left"])]
    scales = nn.ParameterList([nn.Parameter([1.0])])
    scales.extend([nn.Parameter([2.0])])
    assert [name for name, _ in scales.named_parameters()] == ["0", "1"] and scales[-1].tolist() == [2.0]
    assert [name for name, _ in nn.ParameterDict({"a": nn.Parameter([1.0])}).named_parameters()] == ["a"]


@pytest.mark.parametrize("layer", [nn.Dropout1d(0.5), nn.Dropout2d(0.5), nn.Dropout3d(0.5)], ids=repr)
def test_channel_dropout_drops_whole_channels(layer: nn.Module) -> None:
    rt.random.seed(3)
    rank = int(type(layer).__name__[-2])
    y = layer(rt.ones((8, 8, *[3] * rank))).numpy().reshape(64, -1)
    assert (y == y[:, :1]).all() and set(np.unique(y)) == {0.0, 2.0}


def test_recurrent_dropout_is_between_layers_and_while_training() -> None:
    x = rt.ones((5, 2, 3))
    layer = nn.GRU(3, 64, 2, dropout=0.5)
    first, second = layer(x)[0].numpy().copy(), layer(x)[0].numpy().copy()
    assert (first != second).any()
    np.testing.assert_array_equal(layer.eval()(x)[0].numpy(), layer(x)[0].numpy())
    single = nn.GRU(3, 4, dropout=0.5)
    np.testing.assert_array_equal(single(x)[0].numpy(), single(x)[0].numpy())


def test_output_size_settles_what_a_stride_leaves_open() -> None:
    layer = nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)
    x = rt.ones((1, 1, 4, 4))
    assert layer(x).shape == (1, 1, 7, 7)
    assert layer(x, [8, 7]).shape == (1, 1, 8, 7)


# A call that is refused, and what its error says.
REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], list[str]]] = {
    "batch norm channels": (
        lambda: nn.BatchNorm2d(3)(rt.ones((2, 4, 5, 5))),
        ShapeError,
        ["BatchNorm2d(3", "(N, 3, H, W)", "(2, 4, 5, 5)"],
    ),
    "batch norm axes": (lambda: nn.BatchNorm1d(3)(rt.ones((3,))), ShapeError, ["(N, 3) or (N, 3, L)", "(3,)"]),
    "batch norm of one value": (lambda: nn.BatchNorm1d(3)(rt.ones((1, 3))), ValueError, ["more than one value"]),
    "group norm groups": (lambda: nn.GroupNorm(2, 3), ShapeError, ["divisible", "3 and 2"]),
    "group norm channels": (lambda: nn.GroupNorm(2, 4)(rt.ones((1, 6))), ShapeError, ["(N, 4, ...)", "(1, 6)"]),
    "layer norm axes": (lambda: nn.LayerNorm(3)(rt.ones((2, 4))), ShapeError, ["(2, 4)"]),
    "embedding of floats": (lambda: nn.Embedding(3, 2)(rt.ones((1,))), DTypeError, ["integers", "float32"]),
    "embedding padding": (lambda: nn.Embedding(3, 2, 3), ValueError, ["padding_idx", "3 rows", "got 3"]),
    "conv padding": (
        lambda: nn.Conv1d(1, 1, 3, 1, "full", padding_mode="reflect")(rt.ones((1, 1, 4))),
        ValueError,
        ["'full'"],
    ),
    "transposed padding mode": (lambda: nn.ConvTranspose1d(1, 1, 3, padding_mode="reflect"), ValueError, ["zeros"]),
    "output size": (
        lambda: nn.ConvTranspose1d(1, 1, 3, 2)(rt.ones((1, 1, 4)), [12]),
        ShapeError,
        ["ConvTranspose1d(1, 1", "[9] to [10]", "[12]"],
    ),
    "pad sizes": (lambda: nn.ZeroPad2d((1, 2)), ShapeError, ["one number or 4", "(1, 2)"]),
    "pad axes": (lambda: nn.ZeroPad2d(1)(rt.ones((4, 4))), ShapeError, ["ZeroPad2d(padding=(1, 1, 1, 1))", "(4, 4)"]),
    "unflatten axis": (lambda: nn.Unflatten(3, (2, 2))(rt.ones((2, 4))), ShapeError, ["Unflatten(dim=3", "(2, 4)"]),
    "module list": (lambda: nn.ModuleList([rt.ones((2,))]), TypeError, ["needs modules", "Tensor at 0"]),
    "parameter list": (lambda: nn.ParameterList([nn.ReLU()]), TypeError, ["needs tensors", "ReLU at 0"]),
    "name of a method": (lambda: nn.ModuleDict({"items": nn.ReLU()}), KeyError, ["'items'"]),
    "attention heads": (lambda: nn.MultiheadAttention(6, 4), ShapeError, ["divisible", "6, 4"]),
    "attention width": (
        lambda: nn.MultiheadAttention(6, 3)(*[rt.ones((4, 1, 6)), *[rt.ones((4, 1, 5))] * 2]),
        ShapeError,
        ["(L, N, 6), (S, N, 6), (S, N, 6)", "(4, 1, 5)"],
    ),
    "attention mask": (
        lambda: nn.MultiheadAttention(6, 3)(*[rt.ones((4, 1, 6))] * 3, attn_mask=rt.ones((3, 4))),
        ShapeError,
        ["attn_mask", "(4, 4) or (3, 4, 4)", "(3, 4)"],
    ),
    "padding mask": (
        lambda: nn.MultiheadAttention(6, 3)(*[rt.ones((4, 1, 6))] * 3, key_padding_mask=rt.ones((2, 4))),
        ShapeError,
        ["key_padding_mask", "(1, 4)", "(2, 4)"],
    ),
    "activation": (lambda: nn.TransformerEncoderLayer(4, 2, activation="elu"), ValueError, ['"relu", "gelu"', "'elu'"]),
    "rnn input": (lambda: nn.LSTM(3, 4)(rt.ones((2, 1, 5))), ShapeError, ["LSTM(3, 4)", "(L, N, 3)", "(2, 1, 5)"]),
    "rnn state": (
        lambda: nn.GRU(3, 4)(rt.ones((2, 1, 3)), rt.ones((1, 1, 5))),
        ShapeError,
        ["GRU(3, 4)", "(1, 1, 4)", "(1, 1, 5)"],
    ),
    "rnn layers": (lambda: nn.RNN(3, 4, 0), ValueError, ["num_layers >= 1", "got 4 and 0"]),
    "rnn dropout": (lambda: nn.LSTM(3, 4, dropout=2.0), ValueError, ["0 <= dropout <= 1", "2.0"]),
    "rnn projection": (lambda: nn.LSTM(3, 4, proj_size=4), ValueError, ["proj_size < hidden_size"]),
    "gru projection": (lambda: nn.GRU(3, 4, proj_size=2), ValueError, ["GRU", "LSTM", "got 2"]),
    "rnn nonlinearity": (lambda: nn.RNN(3, 4, nonlinearity="elu"), ValueError, ['"tanh" or "relu"', "'elu'"]),
    "cell input": (lambda: nn.GRUCell(3, 4)(rt.ones((2, 5))), ShapeError, ["GRUCell(3, 4)", "(N, 3)", "(2, 5)"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_calls_are_refused(name: str) -> None:
    call, error, parts = REFUSED[name]
    with pytest.raises(error) as caught:
        call()
    assert all(part in str(caught.value) for part in parts), str(caught.value)
