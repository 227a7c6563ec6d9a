"""Devices: which there are, which is used, and what has been done on them."""

from __future__ import annotations

import os
from contextlib import ContextDecorator

from rutile import _core, pending
from rutile._core import DeviceRow, default_device, devices, set_default_device
from rutile.tensor import Tensor

__all__ = ["DeviceInfo", "default_device", "device", "devices", "eval", "reset_stats", "set_default_device", "stats"]

DeviceInfo = DeviceRow

# Without a session, Mesa's device-select layer looks for a Wayland display and complains on standard error.
if not os.environ.get("XDG_RUNTIME_DIR"):
    os.environ.setdefault("NODEVICE_SELECT", "1")


class device(ContextDecorator):
    """Makes new tensors on a device for the length of a with block, on this thread.

    Raises:
        DeviceError: there is no such device.

    Example:
        >>> import rutile as rt
        >>> with rt.device("cpu"):
        ...     x = rt.zeros((2,))
        >>> x.device
        'cpu'
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        _core.push_device(self.name)

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
