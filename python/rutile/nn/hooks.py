"""Functions that a module calls when it is called, and when gradients pass it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import rutile as rt
from rutile.transforms import tree

__all__ = ["Handle"]

Hooks = dict[int, Callable[..., Any]]


class Handle:
    """Takes a hook away: by `remove()`, or at the end of a with block."""

    def __init__(self, hooks: Hooks, hook: Callable[..., Any], first: bool) -> None:
        self._hooks = hooks
        self._key = id(self)
        others = dict(hooks) if first else {}
        if first:
            hooks.clear()
        hooks[self._key] = hook
        hooks.update(others)

    def remove(self) -> None:
        """Take the hook away; once more does nothing."""
        self._hooks.pop(self._key, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


class BackwardHooks:
    """One call of a module whose gradients its hooks see: `watch_inputs`, the call, then `watch_outputs`."""

    def __init__(self, module: Any, hooks: Sequence[Callable[..., Any]], before: Sequence[Callable[..., Any]]) -> None:
        self._module = module
        self._hooks = hooks
        self._before = before
        self._grad_output: tuple[Any, ...] = ()
        self._has_inputs = False

    def watch_inputs(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """The inputs, so that the hooks are called when their gradients are known."""
        tensors = [x for x in inputs if isinstance(x, rt.Tensor)]
        self._has_inputs = any(x.requires_grad for x in tensors) and rt.is_grad_enabled()
        if not self._has_inputs:
            return inputs
        watched = iter(_passed(self._inputs_known, tensors))
        return tuple(next(watched) if isinstance(x, rt.Tensor) else x for x in inputs)

    def watch_outputs(self, result: Any) -> Any:
        """The result, so that its gradients are kept for the hooks."""
        tensors = tree.tensors(result)
        if not any(x.requires_grad for x in tensors):
            return result
        return tree.with_tensors(result, _passed(self._outputs_known, tensors))

    def _outputs_known(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self._before:
            changed = hook(self._module, gradients)
            gradients = gradients if changed is None else _as_tuple(changed)
        self._grad_output = gradients
        if not self._has_inputs:
            for hook in self._hooks:
                hook(self._module, (None,), gradients)
        return gradients

    def _inputs_known(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self._hooks:
            changed = hook(self._module, gradients, self._grad_output)
            gradients = gradients if changed is None else _as_tuple(changed)
        return gradients


def _passed(known: Callable[[tuple[Any, ...]], tuple[Any, ...]], tensors: Sequence[rt.Tensor]) -> list[rt.Tensor]:
    """The tensors themselves, whose gradients pass through a function together."""

    class Passed(rt.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *given: Any) -> Any:
            return tuple(given)

        @staticmethod
        def backward(ctx: Any, *gradients: Any) -> Any:
            return known(gradients)

    return list(Passed.apply(*tensors))


def _as_tuple(gradients: Any) -> tuple[Any, ...]:
    return tuple(gradients) if isinstance(gradients, tuple | list) else (gradients,)
