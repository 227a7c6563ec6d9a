"""Iterators that run ahead in daemon threads, through queues of bounded length."""

from __future__ import annotations

import atexit
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")
S = TypeVar("S")

EXIT_PATIENCE = 5.0  # seconds that the exit of the process waits for a read under way


class Background(Generic[T]):
    """Runs an iterator in a thread, at most `depth` items ahead.

    An exception of the iterator is raised at the consumer, behind the items that came before it.
    `close()`, or dropping the object, ends the thread as soon as the item under way is done.
    """

    def __init__(self, items: Iterator[T], depth: int, name: str = "rutile-data") -> None:
        self._channel: _Channel[T] = _Channel(depth)
        # The thread holds the channel and never this object, so that dropping this object is noticed.
        self._channel.thread = threading.Thread(target=_produce, args=(items, self._channel), name=name, daemon=True)
        _live.add(self._channel)
        self._channel.thread.start()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        return self._channel.get()

    def close(self) -> None:
        self._channel.close()

    def __del__(self) -> None:
        self.close()


def ordered_map(function: Callable[[S], T], items: Sequence[S], threads: int) -> Iterator[T]:
    """`map(function, items)` in order, with `threads` calls under way; each thread holds one result ready."""
    lanes = [
        Background(map(function, items[lane::threads]), 1, "rutile-read") for lane in range(min(threads, len(items)))
    ]
    try:
        for index in range(len(items)):
            yield next(lanes[index % threads])
    finally:
        for lane in lanes:
            lane.close()


class _Channel(Generic[T]):
    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.items: deque[T] = deque()
        self.changed = threading.Condition()
        self.closed = False
        self.finished = False
        self.error: BaseException | None = None
        self.thread: threading.Thread | None = None

    def put(self, item: T) -> bool:
        with self.changed:
            self.changed.wait_for(lambda: self.closed or len(self.items) < self.depth)
            if not self.closed:
                self.items.append(item)
                self.changed.notify_all()
            return not self.closed

    def get(self) -> T:
        with self.changed:
            self.changed.wait_for(lambda: self.closed or self.finished or bool(self.items))
            if self.items:
                self.changed.notify_all()
                return self.items.popleft()
            if self.error is not None:
                error, self.error = self.error, None
                raise error
            raise StopIteration

    def finish(self, error: BaseException | None = None) -> None:
        with self.changed:
            self.finished, self.error = True, error
            self.changed.notify_all()

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self.items.clear()
            self.changed.notify_all()


def _produce(items: Iterator[Any], channel: _Channel[Any]) -> None:
    error = None
    try:
        for item in items:
            if not channel.put(item):
                break
            del item
    # A panic in native code is no Exception, and must reach the consumer too.
    except BaseException as caught:
        error = caught
    finally:
        if hasattr(items, "close"):
            items.close()  # type: ignore[attr-defined]
        channel.finish(error)


_live: weakref.WeakSet[_Channel[Any]] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    channels = list(_live)
    for channel in channels:
        channel.close()
    for channel in channels:
        if channel.thread is not None and channel.thread is not threading.current_thread():
            channel.thread.join(EXIT_PATIENCE / max(1, len(channels)))
