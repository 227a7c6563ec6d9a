"""History: what a run measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["EpochRecord", "History"]


@dataclass
class EpochRecord:
    """One epoch: mean training loss, validation results where there was validation data, and seconds it took."""

    epoch: int
    step: int
    loss: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    seconds: float = 0.0


@dataclass
class History:
    """The training loss of every step, and a record of every epoch, resumed runs included.

    >>> History(losses=[2.0, 1.0]).losses[-1]
    1.0
    """

    losses: list[float] = field(default_factory=list)
    epochs: list[EpochRecord] = field(default_factory=list)

    @property
    def accuracy(self) -> float | None:
        """Validation accuracy (0 to 1) of the last epoch, None when it was not measured."""
        return self.epochs[-1].validation_accuracy if self.epochs else None

    def epochs_as_json(self) -> list[dict[str, Any]]:
        """Return the epoch records as plain dicts."""
        return [asdict(record) for record in self.epochs]
