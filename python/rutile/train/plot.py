"""The loss curve as a PNG file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rutile.train.history import History

__all__ = ["save_loss_curve"]


def save_loss_curve(history: History, path: str | os.PathLike[str]) -> bool:
    """Draw the loss of every step and the validation accuracy of every epoch; return whether a file was written.

    Needs matplotlib, and says so on the standard error stream when it is not installed.

    >>> import tempfile
    >>> save_loss_curve(History(losses=[2.0, 1.0]), Path(tempfile.mkdtemp()) / "loss.png")
    True
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print("no loss curve: matplotlib is not installed (pip install matplotlib)", file=sys.stderr)
        return False
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    steps = range(1, len(history.losses) + 1)
    axes.plot(steps, history.losses, color="tab:blue", alpha=0.3, linewidth=0.8, label="loss")
    smooth = _running_mean(history.losses, width=max(1, len(history.losses) // 50))
    axes.plot(steps, smooth, color="tab:blue", label="loss, running mean")
    axes.set(xlabel="step", ylabel="loss")
    axes.grid(alpha=0.3)
    lines = list(axes.get_lines())
    measured = [record for record in history.epochs if record.validation_accuracy is not None]
    if measured:
        right = axes.twinx()
        accuracy = [100.0 * (record.validation_accuracy or 0.0) for record in measured]
        lines += right.plot([record.step for record in measured], accuracy, "o-", color="tab:orange", markersize=3)
        lines[-1].set_label("validation accuracy")
        right.set(ylabel="validation accuracy (%)", ylim=(0, 102))
    axes.legend(handles=lines, loc="center right")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    return True


def _running_mean(values: list[float], width: int) -> list[float]:
    """Return the mean of the last `width` values at each position."""
    means, total = [], 0.0
    for position, value in enumerate(values):
        total += value - (values[position - width] if position >= width else 0.0)
        means.append(total / min(position + 1, width))
    return means
