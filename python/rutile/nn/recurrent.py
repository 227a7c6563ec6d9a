"""Recurrent layers over whole sequences. L steps, N batch, I inputs, H hidden, D 2 if bidirectional, else 1."""

from __future__ import annotations

import math
from typing import Any

import rutile as rt
from rutile.errors import ShapeError
from rutile.nn import functional
from rutile.nn.initialise import uniform
from rutile.nn.module import Module
from rutile.nn.recurrent_cells import gru_step, lstm_step, rnn_step

__all__ = ["GRU", "LSTM", "RNN"]


class _Recurrent(Module):
    """What recurrent layers share: stacked layers, directions, dropout between layers, and where the batch lies."""

    gates: int
    """Parts of size H that the weights hold."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: str | None = None,
    ) -> None:
        name = type(self).__name__
        if hidden_size < 1 or num_layers < 1:
            raise ValueError(f"{name} needs hidden_size and num_layers >= 1, got {hidden_size} and {num_layers}")
        if not 0.0 <= dropout <= 1.0:
            raise ValueError(f"{name} needs 0 <= dropout <= 1, got {dropout}")
        if proj_size and not isinstance(self, LSTM):
            raise ValueError(f"{name} needs proj_size=0, got {proj_size}: an LSTM can project its state")
        if not 0 <= proj_size < hidden_size:
            raise ValueError(f"{name} needs 0 <= proj_size < hidden_size, got {proj_size} and {hidden_size}")
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = dropout
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        bound, outputs = 1.0 / math.sqrt(hidden_size), proj_size or hidden_size
        for layer in range(num_layers):
            inputs = input_size if layer == 0 else outputs * len(self._directions())
            for direction in self._directions():
                shapes = {"weight_ih": (self.gates * hidden_size, inputs)}
                shapes |= {"weight_hh": (self.gates * hidden_size, outputs)}
                shapes |= {part: (self.gates * hidden_size,) for part in ("bias_ih", "bias_hh") if bias}
                shapes |= {"weight_hr": (proj_size, hidden_size)} if proj_size else {}
                for part, shape in shapes.items():
                    setattr(self, f"{part}_l{layer}{direction}", uniform(shape, bound, device))

    def scan(self, inputs: list[rt.Tensor], states: tuple[rt.Tensor, ...], weights: dict[str, Any]) -> Any:
        """Return the outputs (N, H) of the steps in order, and the last states; inputs are projected, (N, gates * H)."""
        raise NotImplementedError

    def run(self, input: rt.Tensor, states: tuple[rt.Tensor, ...] | None) -> tuple[rt.Tensor, list[rt.Tensor]]:
        """Return the outputs, laid out as the input, and the last states (layers * D, N, H)."""
        if input.ndim not in (2, 3) or input.shape[-1] != self.input_size:
            lead = "(N, L, " if self.batch_first else "(L, N, "
            raise ShapeError(f"{self!r} needs x of shape {lead}{self.input_size}), or without N, got {input.shape}")
        single = input.ndim == 2
        x = input.unsqueeze(1) if single else input.transpose(0, 1) if self.batch_first else input
        first = self._first_states(x, states, single)
        last: list[tuple[rt.Tensor, ...]] = []
        for layer in range(self.num_layers):
            outputs = []
            for direction in self._directions():
                weights = {part: getattr(self, f"{part}_l{layer}{direction}", None) for part in _PARTS}
                steps = list(rt.unstack(self._projected(x, weights)))
                start = tuple(state[len(last)] for state in first)
                results, end = self.scan(steps[::-1] if direction else steps, start, weights)
                outputs.append(rt.stack(results[::-1] if direction else results))
                last.append(end)
            x = outputs[0] if len(outputs) == 1 else rt.concat(outputs, axis=-1)
            if self.dropout and layer < self.num_layers - 1:
                x = functional.dropout(x, self.dropout, self.training)
        y = x.squeeze(1) if single else x.transpose(0, 1) if self.batch_first else x
        stacked = [rt.stack(list(parts)) for parts in zip(*last, strict=True)]
        return y, [state.squeeze(1) for state in stacked] if single else stacked

    def extra_repr(self) -> str:
        parts = [f"{self.input_size}, {self.hidden_size}"]
        parts += [f"proj_size={self.proj_size}"] if self.proj_size else []
        parts += [f"num_layers={self.num_layers}"] if self.num_layers != 1 else []
        parts += ["bias=False"] if not self.bias else []
        parts += ["batch_first=True"] if self.batch_first else []
        parts += [f"dropout={self.dropout}"] if self.dropout else []
        parts += ["bidirectional=True"] if self.bidirectional else []
        return ", ".join(parts)

    def _projected(self, x: rt.Tensor, weights: dict[str, Any]) -> rt.Tensor:
        """x · weight_ihᵀ + bias for all steps in one product: (L, N, gates * H)."""
        return functional.linear(x, weights["weight_ih"], weights["bias_ih"])

    def _directions(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    def _first_states(self, x: rt.Tensor, states: tuple[rt.Tensor, ...] | None, single: bool) -> tuple[rt.Tensor, ...]:
        """The given states (layers * D, N, H), or zeros."""
        count, sizes = self.num_layers * len(self._directions()), [self.proj_size or self.hidden_size, self.hidden_size]
        shapes = [(count, x.shape[1], size) for size in sizes]
        if states is None:
            return tuple(rt.zeros(shape, dtype=x.dtype, device=x.device) for shape in shapes)
        given = tuple(state.unsqueeze(1) if single else state for state in states)
        for state, shape in zip(given, shapes, strict=False):
            if state.shape != shape:
                raise ShapeError(f"{self!r} needs states of shape {shape}, got {state.shape}")
        return given


class RNN(_Recurrent):
    """Elman's network over a sequence: h' = tanh(W x + b + U h + c), or ReLU (Elman, 1990).

    (L, N, I), or (N, L, I) if `batch_first`, or (L, I), to the outputs (L, N, D * H) and the last states
    (num_layers * D, N, H). State: `weight_ih_l0` (H, I), `weight_hh_l0` (H, H), `bias_ih_l0`, `bias_hh_l0` (H,), then
    those of `_l0_reverse`, `_l1`, ...; `dropout` is between layers.
    Raises ShapeError when the input or the states have other sizes.

    >>> y, h = RNN(3, 4, batch_first=True)(rt.zeros((2, 5, 3)))
    >>> y.shape, h.shape
    ((2, 5, 4), (1, 2, 4))
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: str | None = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f'RNN needs nonlinearity="tanh" or "relu", got {nonlinearity!r}')
        self.nonlinearity = nonlinearity
        super().__init__(
            *(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional), device=device
        )

    def forward(self, input: rt.Tensor, hx: rt.Tensor | None = None) -> tuple[rt.Tensor, rt.Tensor]:
        output, states = self.run(input, None if hx is None else (hx,))
        return output, states[0]

    def scan(self, inputs: list[rt.Tensor], states: tuple[rt.Tensor, ...], weights: dict[str, Any]) -> Any:
        h, outputs = states[0], []
        for x in inputs:
            h = rnn_step(x, h, weights["weight_hh"], weights["bias_hh"], self.nonlinearity)
            outputs.append(h)
        return outputs, (h,)


class LSTM(_Recurrent):
    """Long short-term memory over a sequence (Hochreiter and Schmidhuber, 1997).

    (L, N, I), or (N, L, I) if `batch_first`, or (L, I), to the outputs (L, N, D * H) and the last (h, c), each
    (num_layers * D, N, H). State as `RNN`, four gates (input, forget, cell, output) on top of each other: (4 H, I), ...;
    with `proj_size` P, h and the outputs have P numbers, h = `weight_hr_l0` (P, H) · h.
    Raises ShapeError when the input or the states have other sizes.

    >>> y, (h, c) = LSTM(3, 4, num_layers=2)(rt.zeros((5, 2, 3)))
    >>> y.shape, h.shape, c.shape
    ((5, 2, 4), (2, 2, 4), (2, 2, 4))
    """

    gates = 4

    def forward(
        self, input: rt.Tensor, hx: tuple[rt.Tensor, rt.Tensor] | None = None
    ) -> tuple[rt.Tensor, tuple[rt.Tensor, rt.Tensor]]:
        output, states = self.run(input, hx)
        return output, (states[0], states[1])

    def scan(self, inputs: list[rt.Tensor], states: tuple[rt.Tensor, ...], weights: dict[str, Any]) -> Any:
        h, c = states
        outputs = []
        for x in inputs:
            h, c = lstm_step(x, h, c, weights["weight_hh"], None)
            h = h if weights["weight_hr"] is None else functional.linear(h, weights["weight_hr"])
            outputs.append(h)
        return outputs, (h, c)

    def _projected(self, x: rt.Tensor, weights: dict[str, Any]) -> rt.Tensor:
        # Both biases are added to the same sums: once for all steps.
        bias = weights["bias_ih"] + weights["bias_hh"] if self.bias else None
        return functional.linear(x, weights["weight_ih"], bias)


class GRU(_Recurrent):
    """Gated recurrent units over a sequence (Cho et al., 2014).

    (L, N, I), or (N, L, I) if `batch_first`, or (L, I), to the outputs (L, N, D * H) and the last states
    (num_layers * D, N, H). State as `RNN`, three gates (reset, update, new) on top of each other: (3 H, I), ...
    Raises ShapeError when the input or the states have other sizes.

    >>> y, h = GRU(3, 4, bidirectional=True)(rt.zeros((5, 2, 3)))
    >>> y.shape, h.shape
    ((5, 2, 8), (2, 2, 4))
    """

    gates = 3

    def forward(self, input: rt.Tensor, hx: rt.Tensor | None = None) -> tuple[rt.Tensor, rt.Tensor]:
        output, states = self.run(input, None if hx is None else (hx,))
        return output, states[0]

    def scan(self, inputs: list[rt.Tensor], states: tuple[rt.Tensor, ...], weights: dict[str, Any]) -> Any:
        h, outputs = states[0], []
        for x in inputs:
            h = gru_step(x, h, weights["weight_hh"], weights["bias_hh"])
            outputs.append(h)
        return outputs, (h,)


_PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
