"""Devices: which there are, which is used, and what has been done on them."""

from __future__ import annotations

import os
from contextlib import ContextDecorator
from typing import TYPE_CHECKING

from rutile import _core, pending
from rutile._core import DeviceRow, default_device, devices, set_default_device

if TYPE_CHECKING:
    from rutile.tensor import Tensor

__all__ = [
    "DeviceInfo",
    "default_device",
    "device",
    "devices",
    "eval",
    "reset_stats",
    "set_default_device",
    "stats",
    "synchronize",
]

DeviceInfo = DeviceRow

# Without a session, Mesa's device-select layer looks for a Wayland display and complains on standard error.
if not os.environ.get("XDG_RUNTIME_DIR"):
    os.environ.setdefault("NODEVICE_SELECT", "1")


class device(str, ContextDecorator):
    """A device's name; in a with block, new tensors of this thread are made there.

    Functions take the name as a plain string too.

    Raises:
        DeviceError: there is no such device.

    Example:
        >>> import rutile as rt
        >>> with rt.device("cpu"):
        ...     x = rt.zeros((2,))
        >>> x.device
        'cpu'
        >>> rt.device("gpu", 1).index
        1
    """

    def __new__(cls, name: str, index: int | None = None) -> device:
        return super().__new__(cls, name if index is None else f"{name}:{index}")

    @property
    def type(self) -> str:
        """The name without the number: "cpu", "gpu", or a backend."""
        return self.partition(":")[0]

    @property
    def index(self) -> int | None:  # type: ignore[override]
        """The number of the device among those of its type, if it has one."""
        number = self.partition(":")[2]
        return int(number) if number else None

    def __enter__(self) -> None:
        _core.push_device(self)

    def __exit__(self, *error: object) -> None:
        _core.pop_device()


def eval(*tensors: Tensor) -> None:
    """Computes tensors now, all of a device in one run, and state that layers have changed, such as running means.

    Example:
        >>> import rutile as rt
        >>> x = rt.ones((2,)) + 1
        >>> rt.eval(x)
    """
    _core.eval([*tensors, *pending.take()])


def stats(device: str | None = None) -> dict[str, int]:
    """Counters of a device since the last reset: kernels, submits, readbacks, bytes, plans, memory.

    Example:
        >>> import rutile as rt
        >>> rt.reset_stats()
        >>> rt.eval(rt.ones((2,)) + 1)
        >>> rt.stats()["kernels"]
        1
    """
    return dict(_core.stats(device))


def reset_stats(device: str | None = None) -> None:
    """Sets the counters of a device to zero, and its peak of memory to what is live.

    Example:
        >>> import rutile as rt
        >>> rt.reset_stats()
    """
    _core.reset_stats(device)


def synchronize(device: str | None = None) -> None:
    """Waits until a device has done all that it was given, which a GPU does while the program goes on.

    Reading a tensor waits by itself: this is for clocks. It computes nothing that is pending, see `rutile.eval`.

    Raises:
        IndexError: an index in a tensor lay outside its axis in what has run.
        DeviceError: the device was lost.

    Example:
        >>> import rutile as rt
        >>> rt.eval(rt.ones((2,)) + 1)
        >>> rt.synchronize()
    """
    _core.synchronize(device)
