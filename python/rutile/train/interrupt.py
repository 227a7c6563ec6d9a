"""Ctrl-C and SIGTERM become a request to stop between two steps."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import Any

__all__ = ["StopSignals"]


class StopSignals:
    """While entered, note the first SIGINT or SIGTERM in `received`; a second SIGINT raises KeyboardInterrupt.

    Outside the main thread, where Python delivers no signals, it does nothing.

    >>> with StopSignals() as signals:
    ...     signals.received is None
    True
    """

    def __init__(self) -> None:
        self.received: signal.Signals | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> StopSignals:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def raise_received(self) -> None:
        """Raise what the received signal stands for, if any: KeyboardInterrupt, or SystemExit with status 143."""
        if self.received is signal.SIGTERM:
            raise SystemExit(128 + signal.SIGTERM)
        if self.received is not None:
            raise KeyboardInterrupt

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.received is not None and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.received = signal.Signals(number)
        print("\nstopping after this step (Ctrl-C again stops at once)", file=sys.stderr, flush=True)
