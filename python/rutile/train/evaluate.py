"""evaluate: loss and accuracy of a model over data, without training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import rutile as rt
from rutile.errors import DataError
from rutile.nn.module import Module

__all__ = ["Evaluation", "evaluate", "split_batch"]


@dataclass(frozen=True)
class Evaluation:
    """Mean loss and, for class labels, accuracy from 0 to 1."""

    loss: float
    accuracy: float | None
    count: int


def evaluate(
    model: Module,
    data: Iterable[Any],
    loss: Callable[[Any, rt.Tensor], rt.Tensor],
    inputs: str | Sequence[str] = "image",
    target: str = "label",
) -> Evaluation:
    """Return the mean loss and the accuracy of `model` over `data`, in inference mode, with one read at the end.

    A batch is a dict of Tensors, of which `inputs` and `target` are taken, or a pair (input, target).
    Accuracy is computed where the prediction is (N, C) and the target (N,) of integers.

    >>> logits = rt.tensor([[2.0, 0.0], [0.0, 2.0]])
    >>> evaluate(rt.nn.Identity(), [(logits, rt.tensor([0, 0]))], rt.nn.CrossEntropyLoss()).accuracy
    0.5
    """
    training = model.training
    model.eval()
    count, total, correct = 0, None, None
    try:
        with rt.no_grad():
            for batch in data:
                features, labels = split_batch(batch, inputs, target)
                prediction = model(*features)
                size = labels.shape[0]
                batch_total = loss(prediction, labels) * float(size)
                total = batch_total if total is None else total + batch_total
                if prediction.ndim == 2 and labels.ndim == 1 and "int" in str(labels.dtype):
                    hits = (prediction.argmax(axis=1) == labels).astype(rt.float32).sum()
                    correct = hits if correct is None else correct + hits
                count += size
                rt.eval(*[tensor for tensor in (total, correct) if tensor is not None])
    finally:
        model.train(training)
    if total is None:
        raise DataError("evaluate needs at least one batch, got none: check the split and the filters of the data")
    return Evaluation(total.item() / count, None if correct is None else correct.item() / count, count)


def split_batch(batch: Any, inputs: str | Sequence[str], target: str) -> tuple[list[rt.Tensor], rt.Tensor]:
    """Return (input tensors, target tensor) of a batch that is a dict or a pair."""
    if not isinstance(batch, dict):
        *features, labels = batch
        return features, labels
    names = [inputs] if isinstance(inputs, str) else list(inputs)
    missing = [name for name in [*names, target] if name not in batch]
    if missing:
        raise DataError(f"a batch needs {', '.join(missing)}, got {', '.join(batch)}: set inputs= and target= of fit")
    return [batch[name] for name in names], batch[target]
