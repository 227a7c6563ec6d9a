"""What tensors do with gradients, as methods."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class GradientMethods:
    """The methods of a tensor that have to do with gradients."""

    __slots__ = ()

    def backward(
        self: Any,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
    ) -> None:
        """Adds d(self · gradient)/d(leaf) to `.grad` of every leaf with requires_grad=True.

        Args:
            gradient: of this tensor's shape; may be left out for a tensor of one element.
            retain_graph: keep the graph for another backward() after the results have been evaluated; as create_graph,
                if it is left out.
            create_graph: record how the gradients are computed, so that they can be differentiated.
            inputs: the leaves to do it for, if not all.

        Raises:
            GradientError: nothing behind this tensor requires a gradient, or its graph has been released.
        """
        retain = create_graph if retain_graph is None else retain_graph
        leaves = [inputs] if isinstance(inputs, _core.TensorBase) else None if inputs is None else list(inputs)
        _core.backward([self], [gradient], retain, create_graph, leaves)

    def requires_grad_(self: Any, requires_grad: bool = True) -> Tensor:
        """Makes this tensor a leaf whose gradient is collected in `.grad`, or a leaf one whose is not.

        Raises:
            DTypeError: the tensor holds integers.
            GradientError: it is to be switched off for a result of others.
        """
        self.requires_grad = requires_grad
        return self

    def detach(self: Any) -> Tensor:
        """The same value without a history for gradients."""
        return _core.detach(self)

    def detach_(self: Any) -> Tensor:
        """Cuts this tensor off from its history."""
        self.rebind(_core.detach(self))
        return self

    def register_hook(self: Any, hook: Callable[[Tensor], Tensor | None]) -> _core.RemovableHandle:
        """Calls a function with this tensor's gradient whenever that becomes known; what it returns takes its place.

        The gradient has no value yet, unless the hook reads it. A hook of a leaf stays until it is removed; one of another
        tensor goes with the graph. A function that holds on to the tensor keeps it, until the hook is removed.

        Returns:
            a handle with a method `remove()`, which is a context manager too.

        Raises:
            GradientError: the tensor does not require a gradient.
        """
        return _core.add_hook(self, hook, False)

    def register_post_accumulate_grad_hook(self: Any, hook: Callable[[Tensor], None]) -> _core.RemovableHandle:
        """Calls a function with this leaf after a backward pass has added to its `.grad`.

        Raises:
            GradientError: the tensor is no leaf with requires_grad=True.
        """
        if not (self.is_leaf and self.requires_grad):
            raise _core.GradientError(
                "register_post_accumulate_grad_hook needs a leaf with requires_grad=True, got another tensor: "
                "register_hook works for any"
            )
        own = weakref.ref(self)

        def call(gradient: Tensor) -> None:
            leaf = own()
            if leaf is not None:
                hook(leaf)

        return _core.add_hook(self, call, True)

    @property
    def grad_fn(self: Any) -> GradientFunction | None:
        """The op that this tensor's gradient goes through; None for leaves and tensors without history."""
        if self.is_leaf:
            return None
        return GradientFunction(*self.history())


class GradientFunction:
    """An op of the graph of gradients: its name, and the ops before it."""

    def __init__(self, name: str, inputs: Sequence[Tensor]) -> None:
        self._name = name
        self._inputs = [x for x in inputs if x.requires_grad]

    def name(self) -> str:
        """The op's name."""
        return f"{self._name}Backward"

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The ops that the gradient goes to next, each with the number 0; None for leaves."""
        return tuple([(x.grad_fn, 0) for x in self._inputs])

    def __repr__(self) -> str:
        return f"<{self.name()}>"
