"""One step of a recurrence: as functions of the projected input, and as layers. N batch, I inputs, H hidden."""

from __future__ import annotations

import math

import rutile as rt
from rutile.errors import ShapeError
from rutile.nn import functional
from rutile.nn.initialise import uniform
from rutile.nn.module import Module

__all__ = ["GRUCell", "LSTMCell", "RNNCell", "gru_step", "lstm_step", "rnn_step"]


def rnn_step(
    x: rt.Tensor, h: rt.Tensor, weight: rt.Tensor, bias: rt.Tensor | None, nonlinearity: str = "tanh"
) -> rt.Tensor:
    """Return the next h (N, H): x (N, H) is the projected input, weight (H, H), bias (H,).

    >>> rnn_step(rt.zeros((1, 2)), rt.zeros((1, 2)), rt.zeros((2, 2)), None).tolist()
    [[0.0, 0.0]]
    """
    total = x + functional.linear(h, weight, bias)
    return rt.tanh(total) if nonlinearity == "tanh" else rt.relu(total)


def lstm_step(
    x: rt.Tensor, h: rt.Tensor, c: rt.Tensor, weight: rt.Tensor, bias: rt.Tensor | None
) -> tuple[rt.Tensor, rt.Tensor]:
    """Return the next (h, c): x (N, 4 H) is the projected input, weight (4 H, H or P), bias (4 H,).

    >>> lstm_step(rt.zeros((1, 8)), rt.zeros((1, 2)), rt.zeros((1, 2)), rt.zeros((8, 2)), None)[0].tolist()
    [[0.0, 0.0]]
    """
    total = x + functional.linear(h, weight, bias)
    enter, forget, cell, leave = _parts(total, 4)
    c = functional.sigmoid(forget) * c + functional.sigmoid(enter) * rt.tanh(cell)
    return functional.sigmoid(leave) * rt.tanh(c), c


def gru_step(x: rt.Tensor, h: rt.Tensor, weight: rt.Tensor, bias: rt.Tensor | None) -> rt.Tensor:
    """Return the next h (N, H): x (N, 3 H) is the projected input, weight (3 H, H), bias (3 H,).

    >>> gru_step(rt.zeros((1, 6)), rt.zeros((1, 2)), rt.zeros((6, 2)), None).tolist()
    [[0.0, 0.0]]
    """
    (x_reset, x_update, x_new), (h_reset, h_update, h_new) = _parts(x, 3), _parts(functional.linear(h, weight, bias), 3)
    reset, update = functional.sigmoid(x_reset + h_reset), functional.sigmoid(x_update + h_update)
    new = rt.tanh(x_new + reset * h_new)
    return new + update * (h - new)


def _parts(x: rt.Tensor, count: int) -> list[rt.Tensor]:
    size = x.shape[-1] // count
    return [x[..., part * size : (part + 1) * size] for part in range(count)]


class _Cell(Module):
    """What cells share: their weights and the first state."""

    gates: int

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, device: str | None = None) -> None:
        if hidden_size < 1:
            raise ValueError(f"{type(self).__name__} needs hidden_size >= 1, got {hidden_size}")
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        bound, rows = 1.0 / math.sqrt(hidden_size), self.gates * hidden_size
        self.weight_ih = uniform((rows, input_size), bound, device)
        self.weight_hh = uniform((rows, hidden_size), bound, device)
        self.bias_ih = uniform((rows,), bound, device) if bias else None
        self.bias_hh = uniform((rows,), bound, device) if bias else None

    def projected(self, input: rt.Tensor) -> rt.Tensor:
        """x · weight_ihᵀ + bias_ih."""
        if input.ndim not in (1, 2) or input.shape[-1] != self.input_size:
            raise ShapeError(f"{self!r} needs x of shape (N, {self.input_size}), or without N, got {input.shape}")
        return functional.linear(input, self.weight_ih, self.bias_ih)

    def zeros(self, input: rt.Tensor) -> rt.Tensor:
        """The state before the first step."""
        return rt.zeros((*input.shape[:-1], self.hidden_size), dtype=input.dtype, device=input.device)

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(_Cell):
    """One step of `RNN`: x (N, I) and h (N, H), zeros by default, to the next h (N, H); N may be absent.

    State: `weight_ih` (H, I), `weight_hh` (H, H), `bias_ih`, `bias_hh` (H,).

    >>> RNNCell(3, 4)(rt.zeros((2, 3))).shape
    (2, 4)
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: str | None = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f'RNNCell needs nonlinearity="tanh" or "relu", got {nonlinearity!r}')
        super().__init__(input_size, hidden_size, bias, device)
        self.nonlinearity = nonlinearity

    def forward(self, input: rt.Tensor, hx: rt.Tensor | None = None) -> rt.Tensor:
        h = self.zeros(input) if hx is None else hx
        return rnn_step(self.projected(input), h, self.weight_hh, self.bias_hh, self.nonlinearity)


class LSTMCell(_Cell):
    """One step of `LSTM`: x (N, I) and (h, c), each (N, H), zeros by default, to the next (h, c); N may be absent.

    State: `weight_ih` (4 H, I), `weight_hh` (4 H, H), `bias_ih`, `bias_hh` (4 H,).

    >>> h, c = LSTMCell(3, 4)(rt.zeros((2, 3)))
    >>> h.shape, c.shape
    ((2, 4), (2, 4))
    """

    gates = 4

    def forward(self, input: rt.Tensor, hx: tuple[rt.Tensor, rt.Tensor] | None = None) -> tuple[rt.Tensor, rt.Tensor]:
        h, c = (self.zeros(input), self.zeros(input)) if hx is None else hx
        return lstm_step(self.projected(input), h, c, self.weight_hh, self.bias_hh)


class GRUCell(_Cell):
    """One step of `GRU`: x (N, I) and h (N, H), zeros by default, to the next h (N, H); N may be absent.

    State: `weight_ih` (3 H, I), `weight_hh` (3 H, H), `bias_ih`, `bias_hh` (3 H,).

    >>> GRUCell(3, 4)(rt.zeros((2, 3))).shape
    (2, 4)
    """

    gates = 3

    def forward(self, input: rt.Tensor, hx: rt.Tensor | None = None) -> rt.Tensor:
        h = self.zeros(input) if hx is None else hx
        return gru_step(self.projected(input), h, self.weight_hh, self.bias_hh)
