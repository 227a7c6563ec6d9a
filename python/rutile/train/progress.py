"""The progress bar; nothing at all when the output is not a terminal."""

from __future__ import annotations

import sys
import time
from typing import Any

__all__ = ["ProgressBar"]


class ProgressBar:
    """Show epoch, steps, loss, accuracy, speed and time left, redrawn at most ten times a second.

    >>> with ProgressBar(enabled=False) as bar:
    ...     bar.advance(step=1)
    """

    INTERVAL_SECONDS = 0.1

    def __init__(self, enabled: bool = True) -> None:
        self._progress = _make_progress() if enabled else None
        self._task = None
        self._drawn = 0.0
        self._steps: int | None = None
        self._text: dict[str, Any] = {"loss": "", "accuracy": ""}

    def __enter__(self) -> ProgressBar:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._progress is not None:
            self._progress.refresh()
            self._progress.stop()

    def start_epoch(self, epoch: int, epochs: int, step: int, steps: int | None) -> None:
        """Begin a new epoch (counted from 0) at `step` of `steps`; None when the length is not known."""
        if self._progress is None:
            return
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._steps = steps
        description = f"epoch {epoch + 1}/{epochs}"
        self._task = self._progress.add_task(description, total=steps, completed=step, **self._text)

    def show(self, loss: float | None = None, accuracy: float | None = None) -> None:
        """Change the numbers beside the bar."""
        if loss is not None:
            self._text["loss"] = f"loss {loss:.4f}"
        if accuracy is not None:
            self._text["accuracy"] = f"accuracy {accuracy:.2%}"

    def advance(self, step: int) -> None:
        """Move the bar to `step` of the epoch."""
        if self._progress is None or self._task is None:
            return
        now = time.perf_counter()
        if now - self._drawn >= self.INTERVAL_SECONDS or step == self._steps:
            self._drawn = now
            self._progress.update(self._task, completed=step, refresh=True, **self._text)


def _make_progress():
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        return None
    numbers = [TextColumn("{task.fields[loss]}"), TextColumn("{task.fields[accuracy]}")]
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), *numbers, TimeRemainingColumn()]
    # A print passes above the bar when both go to the terminal; a piped output stays what it is.
    return Progress(*columns, console=console, auto_refresh=False, redirect_stdout=sys.stdout.isatty())
