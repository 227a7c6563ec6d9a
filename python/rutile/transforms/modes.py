"""Switching the recording of gradients off and on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ContextDecorator
from typing import Any

from rutile import _core


class _GradMode(ContextDecorator):
    """Sets whether ops on this thread are recorded, for the length of a with block or of a function."""

    enabled = True

    def __new__(cls, function: Any = None) -> Any:
        """With a function, as a decorator without parentheses, that function under this mode."""
        return cls()(function) if callable(function) else super().__new__(cls)

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
        self._former: list[bool] = []

    def __enter__(self) -> None:
        self._former.append(_core.set_grad_enabled(self.enabled))

    def __exit__(self, *error: object) -> None:
        _core.set_grad_enabled(self._former.pop())


class no_grad(_GradMode):
    """Context manager and decorator under which ops record nothing for gradients.

    Example:
        >>> import rutile as rt
        >>> x = rt.tensor([1.0], requires_grad=True)
        >>> with rt.no_grad():
        ...     y = x * 2
        >>> y.requires_grad
        False
    """

    enabled = False


class inference_mode(no_grad):
    """`no_grad` under another of PyTorch's names; `inference_mode(False)` leaves everything as it is.

    Example:
        >>> import rutile as rt
        >>> with rt.inference_mode():
        ...     y = rt.tensor([1.0], requires_grad=True) * 2
        >>> y.requires_grad
        False
    """

    def __init__(self, mode: bool = True) -> None:
        super().__init__()
        self.enabled = not mode and _core.grad_enabled()


class enable_grad(_GradMode):
    """Context manager and decorator that undoes `no_grad` within it.

    Example:
        >>> import rutile as rt
        >>> x = rt.tensor([1.0], requires_grad=True)
        >>> with rt.no_grad(), rt.enable_grad():
        ...     y = x * 2
        >>> y.requires_grad
        True
    """


class set_grad_enabled(_GradMode):
    """Switches recording on or off: at once, and back at the end if used in a with statement.

    Example:
        >>> import rutile as rt
        >>> with rt.set_grad_enabled(False):
        ...     rt.is_grad_enabled()
        False
        >>> rt.is_grad_enabled()
        True
    """

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.enabled = mode
        self._before = _core.set_grad_enabled(mode)

    def __enter__(self) -> None:
        self._former.append(self._before)
        _core.set_grad_enabled(self.enabled)


def is_grad_enabled() -> bool:
    """Whether ops on this thread are recorded for gradients.

    Example:
        >>> import rutile as rt
        >>> rt.is_grad_enabled()
        True
    """
    return _core.grad_enabled()
