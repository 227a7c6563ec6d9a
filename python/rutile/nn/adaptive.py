"""A softmax over many classes that is cheap for the rare ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import rutile as rt
from rutile import _core
from rutile.errors import ArgumentError, ShapeError
from rutile.nn.container import ModuleList, Sequential
from rutile.nn.functional import log_softmax
from rutile.nn.linear import Linear
from rutile.nn.module import Module

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class OutputAndLoss(NamedTuple):
    """Log probabilities of the targets (N,), and their negative mean."""

    output: rt.Tensor
    loss: rt.Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """Log probabilities of classes that are ordered by falling frequency (Grave et al., 2017).

    Classes below `cutoffs[0]` have an output of the head each; those from one cutoff to the next share one, and are told
    apart by a tail whose width is `div_value` times smaller for each further cluster. Every tail is computed for every
    row, so that nothing waits for the targets' values.

    Raises OutOfRangeError at the evaluation when a target is no class.

    >>> rt.random.seed(0)
    >>> layer = AdaptiveLogSoftmaxWithLoss(8, 10, cutoffs=[2, 6], div_value=2.0)
    >>> layer(rt.ones((3, 8)), rt.tensor([0, 4, 9])).output.shape
    (3,)
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: str | None = None,
    ) -> None:
        cutoffs = list(cutoffs)
        if not cutoffs or cutoffs != sorted(set(cutoffs)) or cutoffs[0] < 1 or cutoffs[-1] > n_classes - 1:
            raise ArgumentError(
                f"AdaptiveLogSoftmaxWithLoss needs cutoffs from 1 to {n_classes - 1} in rising order, got {cutoffs}"
            )
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = [*cutoffs, n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = cutoffs[0]
        self.n_clusters = len(cutoffs)
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, bias=head_bias, device=device)
        self.tail = ModuleList(
            Sequential(
                Linear(in_features, width, bias=False, device=device),
                Linear(width, high - low, bias=False, device=device),
            )
            for width, low, high in self._clusters()
        )

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> OutputAndLoss:
        """Return the log probabilities of the targets (N,) for inputs (N, in_features), and their negative mean."""
        if target.ndim > 1 or input.ndim != target.ndim + 1 or input.shape[:-1] != target.shape:
            raise ShapeError(
                f"AdaptiveLogSoftmaxWithLoss needs an input (N, {self.in_features}) and targets (N,), or one row and one "
                f"target, got {input.shape} and {target.shape}"
            )
        rows, classes = (input, target) if target.ndim else (input.unsqueeze(0), target.unsqueeze(0))
        needs = f"targets from 0 to {self.n_classes - 1}"
        classes = _core.checked(classes, "AdaptiveLogSoftmaxWithLoss", needs, 0, self.n_classes - 1)
        place, parts = classes, []
        for number, (_, low, high) in enumerate(self._clusters()):
            inside = (classes >= low) & (classes < high)
            place = rt.where(inside, self.shortlist_size + number, place)
            logs = log_softmax(self.tail[number](rows), 1)
            chosen = rt.where(inside, classes - low, 0).unsqueeze(1)
            parts.append(rt.where(inside, logs.gather(1, chosen).squeeze(1), 0.0))
        output = log_softmax(self.head(rows), 1).gather(1, place.unsqueeze(1)).squeeze(1)
        for part in parts:
            output = output + part
        return OutputAndLoss(output if target.ndim else output.squeeze(0), -output.mean())

    def log_prob(self, input: rt.Tensor) -> rt.Tensor:
        """Return the log probabilities of all classes: (N, in_features) to (N, n_classes)."""
        head = log_softmax(self.head(input), 1)
        parts = [head[:, : self.shortlist_size]]
        for number in range(self.n_clusters):
            cluster = self.shortlist_size + number
            parts.append(log_softmax(self.tail[number](input), 1) + head[:, cluster : cluster + 1])
        return rt.concat(parts, axis=1)

    def predict(self, input: rt.Tensor) -> rt.Tensor:
        """Return the most probable class of each row: (N, in_features) to (N,)."""
        return self.log_prob(input).argmax(1)

    def extra_repr(self) -> str:
        return f"{self.in_features}, {self.n_classes}, cutoffs={self.cutoffs[:-1]}, div_value={self.div_value}"

    def _clusters(self) -> list[tuple[int, int, int]]:
        """Of each tail: its width, its first class, and the class after its last."""
        ends = zip(self.cutoffs, self.cutoffs[1:], strict=False)
        return [(int(self.in_features // self.div_value ** (i + 1)), low, high) for i, (low, high) in enumerate(ends)]
