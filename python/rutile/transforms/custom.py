"""Functions with gradient rules that users write."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any

from rutile import _core
from rutile.errors import GradientError
from rutile.tensor import Tensor
from rutile.transforms import tree
from rutile.transforms.modes import no_grad


class custom_vjp:
    """A function whose gradient is computed by a rule that `defvjp` gives it, as in JAX.

    `defvjp(forward, backward)`: forward takes the function's arguments, may call the function, and returns (result,
    residuals); backward takes the residuals and the gradient of the result, and returns a tuple of gradients, one for each
    argument (None for zero). Arguments numbered `nondiff_argnums` come first in backward, and have no gradient. The rule is
    traced like any other function: it may be differentiated again, and vectorised.

    Raises:
        GradientError: a gradient is asked for and there is no rule, or one of another number of gradients.

    Example:
        >>> import rutile as rt
        >>> @rt.custom_vjp
        ... def halved(x):
        ...     return x * 1.0
        >>> halved.defvjp(lambda x: (x * 1.0, None), lambda residuals, g: (g * 0.5,))
        >>> rt.grad(lambda x: halved(x).sum())(rt.tensor([1.0, 2.0])).tolist()
        [0.5, 0.5]
    """

    def __init__(self, f: Callable[..., Any], nondiff_argnums: Sequence[int] = ()) -> None:
        functools.update_wrapper(self, f)
        self._f = f
        self._apart = tuple(nondiff_argnums)
        self._rule: tuple[Callable[..., Any], Callable[..., Any]] | None = None
        # Whether this thread is in the forward of the rule, which may call the function itself.
        self._forward = threading.local()

    @property
    def _name(self) -> str:
        return getattr(self._f, "__name__", "custom_vjp")

    def defvjp(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        """Sets the rule."""
        self._rule = (forward, backward)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        apart = {place % len(arguments) for place in self._apart if arguments}
        traced = [argument for place, argument in enumerate(arguments) if place not in apart]
        inputs = [x for x in tree.tensors(traced) if x.requires_grad]
        if not inputs or not _core.grad_enabled() or getattr(self._forward, "runs", False):
            return self._f(*arguments, **keywords)
        if self._rule is None:
            raise GradientError(f"{self._name} needs a gradient rule, got none: call {self._name}.defvjp first")
        forward, backward = self._rule
        self._forward.runs = True
        try:
            result, residuals = forward(*arguments, **keywords)
        finally:
            self._forward.runs = False
        held = [argument for place, argument in enumerate(arguments) if place in apart]

        def rule(gradients: list[Tensor | None]) -> list[Tensor | None]:
            outputs = tree.with_tensors(result, _zeros_for_none(gradients, results))
            given = backward(*held, residuals, outputs)
            if not isinstance(given, tuple | list) or len(given) != len(traced):
                count = len(given) if isinstance(given, tuple | list) else type(given).__name__
                raise GradientError(f"{self._name} needs a tuple of {len(traced)} gradients from its rule, got {count}")
            return [g for argument, g in zip(traced, given, strict=True) for g in _gradients_of(argument, g)]

        results = [y.detach() for y in tree.tensors(result)]
        _, outputs = _core.call(self._name, tree.tensors(result), inputs, rule)
        return tree.with_tensors(result, outputs)


def _gradients_of(argument: Any, gradient: Any) -> list[Tensor | None]:
    """The gradients of the tensors in an argument that ask for one."""
    if tree.is_tensor(argument):
        return [gradient] if argument.requires_grad else []
    if isinstance(argument, tuple | list | dict):
        keys: Any = argument if isinstance(argument, dict) else range(len(argument))
        items = [(argument[key], None if gradient is None else gradient[key]) for key in keys]
        return [g for item, part in items for g in _gradients_of(item, part)]
    return []


def _zeros_for_none(gradients: Sequence[Tensor | None], like: Sequence[Tensor]) -> list[Tensor]:
    from rutile.creation import zeros_like

    return [zeros_like(y) if g is None else g for g, y in zip(gradients, like, strict=True)]


class Context:
    """What a `Function` carries from its forward to its backward; any other attribute may be set on it too."""

    def __init__(self, needs: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs
        self._saved: tuple[Tensor | None, ...] = ()
        self._without: tuple[Tensor, ...] = ()
        self._materializes = True
        # For a saved result, its number; set when the call is made.
        self._numbers: dict[int, int] = {}
        self._call: _core.CallReference | None = None

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keeps arguments or results for the backward."""
        self._saved = tensors

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What was kept, with its history."""
        return tuple([self._restored(place, x) for place, x in enumerate(self._saved)])

    def _restored(self, place: int, x: Tensor | None) -> Tensor | None:
        if self._call is None or x is None or place not in self._numbers:
            return x
        return self._call.output(self._numbers[place], x)

    def mark_non_differentiable(self, *results: Tensor) -> None:
        """Says that results have no gradient."""
        self._without = results

    def mark_dirty(self, *arguments: Tensor) -> None:
        """Refused: the values of tensors never change."""
        raise GradientError("mark_dirty needs tensors that can change, got rutile's, which can't: return a new one")

    def set_materialize_grads(self, value: bool) -> None:
        """Whether gradients that are zero come to the backward as zeros (the default) or as None."""
        self._materializes = value


class Function:
    """A function with a gradient rule, written as a class with two static methods, as in PyTorch.

    `forward(ctx, *arguments)` returns a tensor or a tuple of them; nothing in it is recorded. `backward(ctx, *gradients)`
    takes one gradient for each result, and returns one for each argument: None for arguments that have none. With a third
    method `setup_context(ctx, inputs, output)`, forward has no ctx. The function is called by `apply`.

    Raises:
        GradientError: backward returns another number of gradients than there are arguments.

    Example:
        >>> import rutile as rt
        >>> class Cube(rt.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         ctx.save_for_backward(x)
        ...         return x * x * x
        ...     @staticmethod
        ...     def backward(ctx, gradient):
        ...         (x,) = ctx.saved_tensors
        ...         return gradient * 3.0 * x * x
        >>> x = rt.tensor([2.0], requires_grad=True)
        >>> Cube.apply(x).sum().backward()
        >>> x.grad.tolist()
        [12.0]
    """

    @staticmethod
    def forward(*arguments: Any, **keywords: Any) -> Any:
        """Computes the results."""
        raise NotImplementedError("a Function needs a static method forward(ctx, ...): define it in the class")

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Computes the gradients of the arguments."""
        raise NotImplementedError("a Function needs a static method backward(ctx, ...): define it in the class")

    @classmethod
    def apply(cls, *arguments: Any) -> Any:
        """Calls the function."""
        needs = tuple([tree.is_tensor(x) and x.requires_grad and _core.grad_enabled() for x in arguments])
        context = Context(needs)
        with no_grad():
            if setup := getattr(cls, "setup_context", None):
                result = cls.forward(*arguments)
                setup(context, arguments, result)
            else:
                result = cls.forward(context, *arguments)
        results = [result] if tree.is_tensor(result) else list(result)
        if not any(needs):
            return result
        context._numbers = _places(context._saved, results)
        outputs = cls._recorded(context, arguments, results)
        return outputs[0] if tree.is_tensor(result) else tuple(outputs)

    @classmethod
    def _recorded(cls, context: Context, arguments: tuple[Any, ...], results: list[Any]) -> list[Any]:
        needs = context.needs_input_grad
        without = [id(x) for x in context._without]
        plain = [y.detach() for y in results]

        def rule(gradients: list[Tensor | None]) -> list[Tensor | None]:
            given = _zeros_for_none(gradients, plain) if context._materializes else gradients
            found = cls.backward(context, *given)
            found = tuple(found) if isinstance(found, tuple | list) else (found,)
            if len(found) < len(needs) or any(g is not None for g in found[len(needs) :]):
                name = f"{cls.__name__}.backward"
                raise GradientError(
                    f"{name} needs to return {len(needs)} gradients, one for each argument, got {len(found)}"
                )
            return [g for g, needed in zip(found, needs, strict=False) if needed]

        inputs = [x for x, needed in zip(arguments, needs, strict=True) if needed]
        context._call, outputs = _core.call(cls.__name__, plain, inputs, rule)
        return [y.detach() if id(own) in without else y for own, y in zip(results, outputs, strict=True)]


def _places(saved: Sequence[Any], results: Sequence[Any]) -> dict[int, int]:
    """For the places of saved tensors that are results, the results' numbers."""
    return {
        place: number for place, x in enumerate(saved) for number, y in enumerate(results) if x is y and x is not None
    }
