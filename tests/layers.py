"""A row for every layer: how it is made, what it takes, the names of its state, and the same in NumPy or `functional`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import rutile as rt
from rutile import nn
from rutile.nn import functional

Array = np.ndarray[Any, Any]
State = dict[str, Array]


@dataclass(frozen=True)
class Row:
    """A layer made with these arguments and called with these inputs: shapes of random floats, or arrays."""

    layer: Callable[..., nn.Module]
    inputs: tuple[Any, ...]
    expected: Callable[..., Any]
    """Takes the state and the inputs as float64 arrays; returns an array, or a tuple as the layer does."""
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    keys: str = ""
    """Names of the state, with spaces between."""
    training: bool = False
    slopes: bool = True
    """Whether gradients are those of the values: not where some are held back."""

    def make(self) -> nn.Module:
        rt.random.seed(0)
        # A container's arguments are layers: each instance has its own.
        return self.layer(*copy.deepcopy(self.arguments), **self.options).train(self.training)

    def arrays(self) -> list[Array]:
        generator = np.random.default_rng(0)
        shapes = [
            generator.standard_normal(one).astype("float32") if isinstance(one, tuple) else one for one in self.inputs
        ]
        return [np.asarray(one) for one in shapes]


def function(call: Callable[..., rt.Tensor]) -> Callable[..., Array]:
    """A reference that calls a function, whose own tests stand elsewhere, with the inputs."""

    def expected(state: State, *inputs: Array) -> Array:
        floats = [array.astype("float32") if array.dtype.kind == "f" else array for array in inputs]
        return call(*(rt.tensor(array) for array in floats)).numpy()

    return expected


def standardised(x: Array, axes: tuple[int, ...], eps: float = 1e-5) -> Array:
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def channels(values: Array, x: Array) -> Array:
    """Values of the channels, broadcast against x (N, C, ...)."""
    return values.reshape(1, -1, *[1] * (x.ndim - 2))


def affine(s: State, x: Array) -> Array:
    return x * channels(s["weight"], x) + channels(s["bias"], x)


def batch_norm(s: State, x: Array) -> Array:
    return affine(s, standardised(x, (0, *range(2, x.ndim))))


def instance_norm(s: State, x: Array) -> Array:
    return standardised(x, tuple(range(2, x.ndim)))


def layer_norm(s: State, x: Array) -> Array:
    return standardised(x, tuple(range(x.ndim - s["weight"].ndim, x.ndim))) * s["weight"] + s["bias"]


def group_norm(s: State, x: Array) -> Array:
    return affine(s, standardised(x.reshape(len(x), 2, -1), (2,)).reshape(x.shape))


def rms_norm(s: State, x: Array) -> Array:
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 2.0**-23) * s["weight"]


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def cell(kind: str, s: State, suffix: str, x: Array, state: tuple[Array, ...]) -> tuple[Array, ...]:
    """The states after one step of a recurrence whose weights end in `suffix`."""
    h = state[0]
    from_x = x @ s[f"weight_ih{suffix}"].T + s[f"bias_ih{suffix}"]
    from_h = h @ s[f"weight_hh{suffix}"].T + s[f"bias_hh{suffix}"]
    if kind == "RNN":
        return (np.tanh(from_x + from_h),)
    if kind == "GRU":
        (x_reset, x_update, x_new), (h_reset, h_update, h_new) = np.split(from_x, 3, -1), np.split(from_h, 3, -1)
        update = sigmoid(x_update + h_update)
        return ((1 - update) * np.tanh(x_new + sigmoid(x_reset + h_reset) * h_new) + update * h,)
    enter, forget, new, leave = np.split(from_x + from_h, 4, -1)
    c = sigmoid(forget) * state[1] + sigmoid(enter) * np.tanh(new)
    h = sigmoid(leave) * np.tanh(c)
    return (h @ s[f"weight_hr{suffix}"].T if f"weight_hr{suffix}" in s else h, c)


def recurrent(kind: str, hidden: int, batch_first: bool = False) -> Callable[..., Any]:
    """Stacked recurrences in as many directions as the state has weights for; the first states are zeros, or given."""

    def expected(s: State, x: Array, *first: Array) -> Any:
        x = x.swapaxes(0, 1) if batch_first else x
        suffixes = [name.removeprefix("weight_ih") for name in s if name.startswith("weight_ih")]
        directions = 2 if any(suffix.endswith("_reverse") for suffix in suffixes) else 1
        last: list[tuple[Array, ...]] = []
        for layer in range(len(suffixes) // directions):
            outputs = []
            for suffix in suffixes[layer * directions : (layer + 1) * directions]:
                sizes = [s[f"weight_hh{suffix}"].shape[1], hidden][: 2 if kind == "LSTM" else 1]
                state = tuple(array[len(last)] for array in first) or tuple(np.zeros((x.shape[1], n)) for n in sizes)
                steps = []
                for step in x[::-1] if suffix.endswith("_reverse") else x:
                    state = cell(kind, s, suffix, step, state)
                    steps.append(state[0])
                outputs.append(np.stack(steps[::-1] if suffix.endswith("_reverse") else steps))
                last.append(state)
            x = np.concatenate(outputs, -1)
        ends = tuple(np.stack(parts) for parts in zip(*last, strict=True))
        return x.swapaxes(0, 1) if batch_first else x, ends if kind == "LSTM" else ends[0]

    return expected


def recurrent_keys(layers: int, directions: int = 1, projected: bool = False) -> str:
    parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", *["weight_hr"] * projected]
    suffixes = [f"_l{layer}{direction}" for layer in range(layers) for direction in ("", "_reverse")[:directions]]
    return " ".join(part + suffix for suffix in suffixes for part in parts)


TRACKED = "weight bias running_mean running_var num_batches_tracked"
CELL = "weight_ih weight_hh bias_ih bias_hh"
WHOLE = np.array([[1, 4, 2], [0, 1, 4]], "int32")

ROWS = [
    Row(nn.AdaptiveAvgPool2d, ((2, 3, 6, 8),), lambda s, x: x.reshape(2, 3, 3, 2, 2, 4).mean((3, 5)), ((3, 2),)),
    Row(nn.AvgPool2d, ((2, 3, 8, 8),), lambda s, x: x.reshape(2, 3, 4, 2, 4, 2).mean((3, 5)), (2,)),
    Row(nn.BatchNorm1d, ((5, 3),), batch_norm, (3,), {}, TRACKED, True),
    Row(nn.BatchNorm1d, ((5, 3, 4),), batch_norm, (3,), {}, TRACKED, True),
    Row(nn.BatchNorm1d, ((5, 3),), affine, (3, 0.0), {}, TRACKED),
    Row(nn.BatchNorm2d, ((2, 3, 4, 5),), batch_norm, (3,), {}, TRACKED, True),
    Row(nn.BatchNorm3d, ((2, 3, 2, 4, 3),), batch_norm, (3,), {"track_running_stats": False}, "weight bias"),
    Row(
        nn.Conv2d,
        ((2, 4, 8, 8),),
        lambda s, x: function(lambda x, w, b: functional.conv2d(x, w, b, 2, 1, 1, 2))(s, x, s["weight"], s["bias"]),
        (4, 6, 3, 2, 1, 1, 2),
        {},
        "weight bias",
    ),
    Row(nn.Dropout, ((2, 3),), lambda s, x: x, (0.5,)),
    Row(nn.Embedding, (WHOLE,), lambda s, x: s["weight"][x], (5, 4), {}, "weight"),
    Row(nn.Embedding, (WHOLE,), lambda s, x: s["weight"][x], (5, 4, 1), {}, "weight", slopes=False),
    Row(nn.EmbeddingBag, (WHOLE,), lambda s, x: s["weight"][x].mean(1), (5, 4), {}, "weight"),
    Row(nn.Flatten, ((2, 3, 4),), lambda s, x: x.reshape(2, 12)),
    Row(nn.GELU, ((2, 3),), function(functional.gelu)),
    Row(nn.GroupNorm, ((3, 4, 5),), group_norm, (2, 4), {}, "weight bias"),
    Row(nn.GRU, ((5, 2, 3),), recurrent("GRU", 4), (3, 4, 2), {}, recurrent_keys(2)),
    Row(nn.GRUCell, ((2, 3), (2, 4)), lambda s, x, h: cell("GRU", s, "", x, (h,))[0], (3, 4), {}, CELL),
    Row(nn.Identity, ((2, 3),), lambda s, x: x),
    Row(nn.InstanceNorm1d, ((2, 3, 5),), instance_norm, (3,)),
    Row(nn.InstanceNorm1d, ((3, 5),), lambda s, x: standardised(x, (1,)), (3,)),
    Row(
        nn.InstanceNorm2d,
        ((2, 3, 4, 5),),
        lambda s, x: affine(s, instance_norm(s, x)),
        (3,),
        {"affine": True, "track_running_stats": True},
        TRACKED,
        True,
    ),
    Row(nn.InstanceNorm3d, ((2, 3, 2, 4, 3),), instance_norm, (3,)),
    Row(nn.LayerNorm, ((2, 3, 4),), layer_norm, ((3, 4),), {}, "weight bias"),
    Row(nn.Linear, ((2, 4, 3),), lambda s, x: x @ s["weight"].T + s["bias"], (3, 5), {}, "weight bias"),
    Row(nn.LocalResponseNorm, ((2, 5, 3),), function(lambda x: functional.local_response_norm(x, 3)), (3,)),
    Row(nn.LSTM, ((5, 2, 3),), recurrent("LSTM", 4), (3, 4, 2), {}, recurrent_keys(2)),
    Row(
        nn.LSTM,
        ((2, 5, 3),),
        recurrent("LSTM", 4, True),
        (3, 4),
        {"batch_first": True, "bidirectional": True, "num_layers": 2, "proj_size": 2},
        recurrent_keys(2, 2, True),
    ),
    Row(nn.LSTMCell, ((2, 3),), lambda s, x: cell("LSTM", s, "", x, (np.zeros((2, 4)),) * 2), (3, 4), {}, CELL),
    Row(nn.MaxPool2d, ((2, 3, 8, 8),), lambda s, x: x.reshape(2, 3, 4, 2, 4, 2).max((3, 5)), (2,)),
    Row(nn.ReLU, ((2, 3),), lambda s, x: np.maximum(x, 0)),
    Row(nn.RMSNorm, ((2, 3, 4),), rms_norm, (4,), {}, "weight"),
    Row(nn.RNN, ((5, 2, 3), (2, 2, 4)), recurrent("RNN", 4), (3, 4), {"bidirectional": True}, recurrent_keys(1, 2)),
    Row(nn.RNNCell, ((2, 3), (2, 4)), lambda s, x, h: cell("RNN", s, "", x, (h,))[0], (3, 4), {}, CELL),
    Row(
        nn.Sequential,
        ((5, 3),),
        lambda s, x: np.maximum(x @ s["0.weight"].T + s["0.bias"], 0) @ s["2.weight"].T + s["2.bias"],
        (nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)),
        {},
        "0.weight 0.bias 2.weight 2.bias",
    ),
    Row(nn.Sigmoid, ((2, 3),), lambda s, x: sigmoid(x)),
    Row(nn.Tanh, ((2, 3),), lambda s, x: np.tanh(x)),
]


def named(rows: list[Row]) -> dict[str, Row]:
    """Rows by the name of their layer, further ones of a layer numbered."""
    result: dict[str, Row] = {}
    for row in rows:
        name, count = row.layer.__name__, 1
        while name in result:
            count += 1
            name = f"{row.layer.__name__} {count}"
        result[name] = row
    return result


LAYERS = named(ROWS)
