"""What layers compute, in NumPy: each formula takes the layer's state and its inputs, as float64 arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
State = dict[str, Array]


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


def linear(s: State, name: str, x: Array) -> Array:
    return x @ s[f"{name}.weight"].T + s[f"{name}.bias"]


def softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def part(s: State, name: str) -> State:
    """The state of a layer within another."""
    return {key.removeprefix(f"{name}."): value for key, value in s.items() if key.startswith(f"{name}.")}


def attention(s: State, query: Array, key: Array, value: Array, heads: int, seen: Array | None = None) -> Any:
    """Batch first: the output and the mean attention of the heads; `seen` is what each query may see."""
    width = query.shape[-1]
    if "in_proj_weight" in s:
        matrices = np.split(s["in_proj_weight"], 3)
    else:
        matrices = [s["q_proj_weight"], s["k_proj_weight"], s["v_proj_weight"]]
    biases = np.split(s["in_proj_bias"], 3) if "in_proj_bias" in s else [np.zeros(width)] * 3
    inputs = (query, key, value)
    q, k, v = (x @ matrix.T + bias for x, matrix, bias in zip(inputs, matrices, biases, strict=True))
    if "bias_k" in s:
        k, v = (np.concatenate([x, np.repeat(s[name], len(x), 0)], 1) for x, name in ((k, "bias_k"), (v, "bias_v")))
    q, k, v = (x.reshape(*x.shape[:2], heads, -1).swapaxes(1, 2) for x in (q, k, v))
    scores = q @ k.swapaxes(2, 3) / np.sqrt(width // heads)
    weights = softmax(scores if seen is None else np.where(seen, scores, -np.inf))
    mixed = (weights @ v).swapaxes(1, 2).reshape(query.shape)
    return mixed @ s["out_proj.weight"].T + s.get("out_proj.bias", 0.0), weights.mean(1)


def attention_sequence_first(s: State, query: Array, key: Array, value: Array) -> Any:
    """Two heads."""
    y, weights = attention(s, query.swapaxes(0, 1), key.swapaxes(0, 1), value.swapaxes(0, 1), 2)
    return y.swapaxes(0, 1), weights


def norm_of(s: State, name: str, x: Array) -> Array:
    return standardised(x, (x.ndim - 1,)) * s[f"{name}.weight"] + s[f"{name}.bias"]


def encoder_layer(s: State, x: Array, norm_first: bool = False) -> Array:
    """Batch first, two heads, ReLU."""

    def attend(x: Array) -> Array:
        return attention(part(s, "self_attn"), x, x, x, 2)[0]

    def feed(x: Array) -> Array:
        return linear(s, "linear2", np.maximum(linear(s, "linear1", x), 0))

    if norm_first:
        x = x + attend(norm_of(s, "norm1", x))
        return x + feed(norm_of(s, "norm2", x))
    x = norm_of(s, "norm1", x + attend(x))
    return norm_of(s, "norm2", x + feed(x))


def decoder_layer(s: State, x: Array, memory: Array, seen: Array | None = None) -> Array:
    """Batch first, two heads, ReLU."""
    x = norm_of(s, "norm1", x + attention(part(s, "self_attn"), x, x, x, 2, seen)[0])
    x = norm_of(s, "norm2", x + attention(part(s, "multihead_attn"), x, memory, memory, 2)[0])
    return norm_of(s, "norm3", x + linear(s, "linear2", np.maximum(linear(s, "linear1", x), 0)))


def transformer(s: State, source: Array, target: Array) -> Array:
    """Batch first, one layer each, and a causal target."""
    encoder, decoder = part(s, "encoder"), part(s, "decoder")
    memory = norm_of(encoder, "norm", encoder_layer(part(encoder, "layers.0"), source))
    seen = np.tri(target.shape[1], dtype=bool)
    return norm_of(decoder, "norm", decoder_layer(part(decoder, "layers.0"), target, memory, seen))


def sequence_first(formula: Callable[..., Any]) -> Callable[..., Any]:
    """A formula of batch-first arrays for arrays with the sequence first."""
    return lambda s, *inputs: formula(s, *(x.swapaxes(0, 1) for x in inputs)).swapaxes(0, 1)


def adaptive_log_softmax(state: State, x: Array, target: Array) -> tuple[Array, Array]:
    """Log probabilities of the targets, of 9 classes with cutoffs at 2 and 5, and their negative mean."""

    def logs(scores: Array) -> Array:
        return scores - np.log(np.exp(scores).sum(1, keepdims=True))

    head = logs(x @ state["head.weight"].T + state["head.bias"])
    tails = [logs(x @ state[f"tail.{i}.0.weight"].T @ state[f"tail.{i}.1.weight"].T) for i in range(2)]
    every = np.concatenate([head[:, :2], head[:, 2:3] + tails[0], head[:, 3:4] + tails[1]], axis=1)
    output = every[np.arange(len(target)), target]
    return output, -output.mean()
