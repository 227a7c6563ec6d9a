"""Gradients of functions, and switching their recording off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ContextDecorator
from typing import Any

from rutile import _core
from rutile.tensor import Tensor


class _GradMode(ContextDecorator):
    """Sets whether ops on this thread are recorded, for the length of a with block or of a function."""

    enabled = True

    def __init__(self) -> None:
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


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., tuple[Any, Any]]:
    """A function that gives f's value and its gradient for the arguments numbered `argnums`.

    f returns a tensor of one element, or a tuple whose first item is one. Gradients can be differentiated again.

    Raises:
        ShapeError: f gives more than one element.

    Example:
        >>> import rutile as rt
        >>> value, slope = rt.value_and_grad(lambda x: (x * x).sum())(rt.tensor([3.0]))
        >>> value.item(), slope.tolist()
        (9.0, [6.0])
    """
    numbers = [argnums] if isinstance(argnums, int) else list(argnums)

    def wrapped(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        traced = list(arguments)
        for number in numbers:
            traced[number] = _traced(arguments[number])
        with enable_grad():
            result = f(*traced, **keywords)
            value = result[0] if isinstance(result, tuple) else result
            inputs = [traced[number] for number in numbers]
            gradients = _core.gradients([value], [None], inputs)
        return result, gradients[0] if isinstance(argnums, int) else tuple(gradients)

    return wrapped


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """A function that gives the gradient of f for the arguments numbered `argnums`; see `value_and_grad`.

    Example:
        >>> import rutile as rt
        >>> rt.grad(rt.grad(lambda x: x * x * x))(rt.tensor(2.0)).item()
        12.0
    """
    both = value_and_grad(f, argnums)
    return lambda *arguments, **keywords: both(*arguments, **keywords)[1]


def _traced(argument: Any) -> Tensor:
    """The argument as a node to differentiate for; it keeps its history, so that gradients nest."""
    if not isinstance(argument, Tensor):
        from rutile.creation import tensor

        argument = tensor(argument)
    if argument.requires_grad:
        return _core.alias(argument)
    leaf = _core.detach(argument)
    leaf.set_requires_grad(True)
    return leaf
