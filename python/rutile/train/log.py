"""StepLog: one JSON object per line, for people and programs that watch a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["StepLog"]


class StepLog:
    """Append lines to `path`; lines after `step` are dropped first, so that a resumed run's log has no step twice.

    >>> import tempfile
    >>> log = StepLog(Path(tempfile.mkdtemp()) / "log.jsonl", step=0)
    >>> log.write(step=1, loss=0.5)
    >>> log.path.read_text().strip()
    '{"step": 1, "loss": 0.5}'
    """

    def __init__(self, path: Path, step: int) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = [line for line in _lines(path) if _step(line) <= step] if path.exists() else []
        path.write_text("".join(line + "\n" for line in kept))

    def write(self, **fields: Any) -> None:
        """Append one line."""
        with self.path.open("a") as file:
            file.write(json.dumps(fields) + "\n")


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def _step(line: str) -> float:
    """Return the step of a line; a line that a crash cut counts as later than all."""
    try:
        return json.loads(line)["step"]
    except (ValueError, KeyError, TypeError):
        return float("inf")
