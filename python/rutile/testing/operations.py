"""What is true of each public function of tensors, found by trying the calls that the examples of its documentation make."""

from __future__ import annotations

import contextlib
import doctest
import inspect
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import rutile as rt
from rutile import _core
from rutile.dtypes import BY_NAME

# Module: the class of its functions. The first that a function's module begins with counts.
CLASSES = {
    "rutile.elementwise": "elementwise",
    "rutile.functions.special": "elementwise",
    "rutile.functions.arithmetic": "elementwise",
    "rutile.functions.gamma": "elementwise",
    "rutile.functions.normal": "elementwise",
    "rutile.functions.logic": "elementwise",
    "rutile.functions.trigonometry": "elementwise",
    "rutile.manipulation": "shape",
    "rutile.functions.arranging": "shape",
    "rutile.functions.stacking": "shape",
    "rutile.functions.viewing": "shape",
    "rutile.functions.choosing": "reduction",
    "rutile.functions.statistics": "reduction",
    "rutile.functions.samples": "reduction",
    "rutile.functions.products": "product",
    "rutile.functions.indexing": "indexing",
    "rutile.functions.assigning": "indexing",
    "rutile.functions.scanning": "scan",
    "rutile.functions.sets": "order",
    "rutile.functions.windows": "creation",
    "rutile.functions.sorting": "order",
    "rutile.functions.factors": "linear algebra",
    "rutile.functions.systems": "linear algebra",
    "rutile.functions.matrices": "linear algebra",
    "rutile.functions": "other",
    "rutile.linalg": "linear algebra",
    "rutile.creation": "creation",
    "rutile.exchange": "creation",
    "rutile.random": "random",
    "rutile.nn.functional": "network",
}
# Functions of another class than their module.
_MOVED = {
    **dict.fromkeys(("sum", "prod", "mean", "var", "std", "any", "all", "argmax", "argmin"), "reduction"),
    **dict.fromkeys(("softmax", "log_softmax"), "reduction"),
    "matmul": "product",
}
# What has no tensor among its arguments or results.
_OTHER = {"set_state", "get_state", "seed", "split", "manual_seed", "broadcast_shapes"}


@dataclass
class Call:
    """One call of a function, as an example of its documentation makes it."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    # Those among the arguments, in order.
    tensors: list[rt.Tensor] = field(init=False)

    def __post_init__(self) -> None:
        self.tensors = [x.detach() for x in _tensors((self.arguments, self.named))]

    def run(self, tensors: Sequence[rt.Tensor], **more: Any) -> list[rt.Tensor]:
        """The tensors in the result of the call with others in the places of its own, and the same random numbers."""
        rest = iter(tensors)
        arguments, named = _replaced((self.arguments, self.named), lambda _: next(rest))
        state = rt.random.get_state()
        rt.random.seed(0)
        try:
            return list(_tensors(self.function(*arguments, **named, **more)))
        finally:
            rt.random.set_state(state)

    def on(self, device: str) -> list[rt.Tensor]:
        """The result of the call on a device."""
        if self.tensors:
            return self.run([x.to(device) for x in self.tensors])
        return self.run([], device=device) if "device" in self._parameters else self.run([])

    def cast(self, dtype: str) -> Call | None:
        """The call with data of a dtype, or None if it is refused.

        The data are all tensors that are floats, or of the first one's dtype if none is; or the first tensor alone,
        beside indices and counts.
        """
        if not self.tensors:
            named = {**self.named, "dtype": dtype}
            return self._tried(self.arguments, named) if "dtype" in self._parameters else None
        floats = [i for i, x in enumerate(self.tensors) if x.dtype.kind == "f"]
        places = floats or [i for i, x in enumerate(self.tensors) if x.dtype is self.tensors[0].dtype]
        for chosen in (places, places[:1]):
            rest = iter([x.astype(dtype) if i in chosen else x for i, x in enumerate(self.tensors)])
            arguments, named = _replaced((self.arguments, self.named), lambda _, rest=rest: next(rest))
            if call := self._tried(arguments, named):
                return call
        return None

    @property
    def _parameters(self) -> Iterable[str]:
        return inspect.signature(self.function).parameters

    def _tried(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> Call | None:
        call = Call(self.function, arguments, named)
        try:
            rt.eval(*call.run(call.tensors))
        except (rt.RutileError, TypeError):
            return None
        return call

    @cached_property
    def differentiable(self) -> list[int]:
        """The places of the tensors that the result has a gradient for."""
        floats = [i for i, x in enumerate(self.tensors) if x.dtype.kind == "f"]
        return [
            place for place in floats if any(y.requires_grad for y in self.run(self._leaves([place], self.tensors)))
        ]

    def gradients(self, tensors: Sequence[rt.Tensor], order: int = 1) -> list[rt.Tensor]:
        """Gradients, for the differentiable tensors, of the results' weighted sum; for order 2, of their gradients'."""
        leaves = self._leaves(self.differentiable, tensors)
        inputs = [leaves[place] for place in self.differentiable]
        results = _core.gradients([weighted(self.run(leaves))], [None], inputs)
        if order == 1:
            return results
        # Where a function is linear, its gradient depends on nothing.
        zeros = weighted([x * 0.0 for x in inputs])
        return _core.gradients([weighted(results) + zeros], [None], inputs)

    def _leaves(self, places: list[int], tensors: Sequence[rt.Tensor]) -> list[rt.Tensor]:
        return [x.detach().requires_grad_() if i in places else x.detach() for i, x in enumerate(tensors)]

    @property
    def order(self) -> int:
        """How many times it can be differentiated: 0, 1, or 2 for any number of times."""
        for order in (1, 2):
            try:
                if not self.differentiable:
                    return 0
                self.gradients(self.tensors, order)
            except rt.GradientError:
                return order - 1
        return 2


@dataclass
class Operation:
    """A public function of tensors, by the names that it has."""

    names: list[str]
    function: Callable[..., Any]
    kind: str

    @property
    def name(self) -> str:
        return self.names[0]

    @cached_property
    def calls(self) -> list[Call]:
        """The calls that its examples make."""
        calls: list[Call] = []

        def record(*arguments: Any, **named: Any) -> Any:
            calls.append(Call(self.function, arguments, named))
            return self.function(*arguments, **named)

        text = inspect.getdoc(self.function) or ""
        module: Any = inspect.getmodule(self.function)
        example = doctest.DocTestParser().get_doctest(text, dict(vars(module)), self.name, None, None)
        # Examples in a module may call its functions by their bare names.
        example.globs[self.function.__name__] = record
        places = [(_namespaces()[space], name) for space, _, name in (name.rpartition(".") for name in self.names)]
        try:
            for namespace, name in places:
                setattr(namespace, name, record)
            with contextlib.redirect_stdout(io.StringIO()):
                doctest.DocTestRunner(verbose=False).run(example)
        finally:
            for namespace, name in places:
                setattr(namespace, name, self.function)
        return calls

    @cached_property
    def note(self) -> str:
        """The first sentence of its documentation."""
        text = (inspect.getdoc(self.function) or "").split("\n\n")[0].replace("\n", " ")
        return re.split(r"(?<!\.)\. ", text)[0].rstrip(".")

    @cached_property
    def dtypes(self) -> tuple[str, ...]:
        """Of what data it takes on the CPU; for functions that make tensors, of what they make."""
        return tuple(name for name in BY_NAME if any(call.cast(name) for call in self.calls))

    @cached_property
    def in_floats(self) -> list[Call]:
        """Its calls with data of float32, if it takes them."""
        return [call for call in (call.cast("float32") for call in self.calls) if call and call.tensors]

    @cached_property
    def order(self) -> int:
        """How many times it can be differentiated: 0, 1, or 2 for any number of times."""
        return max((call.order for call in self.in_floats), default=0)


def operations() -> list[Operation]:
    """Every public function of tensors: those of `rutile` itself first, by name."""
    found: dict[Any, Operation] = {}
    for space, namespace in _namespaces().items():
        for name in sorted(getattr(namespace, "__all__", dir(namespace))):
            function = getattr(namespace, name)
            kind = None if name.startswith("_") or name in _OTHER else _kind(name, function)
            if kind:
                operation = found.setdefault(function, Operation([], function, kind))
                operation.names.append(f"{space}.{name}".lstrip("."))
    return list(found.values())


def weighted(results: Iterable[rt.Tensor]) -> rt.Tensor:
    """The sum of what can be differentiated, with weights that differ, so that no part cancels another."""
    total: Any = 0.0
    for y in results:
        if y.requires_grad:
            weights = (rt.arange(y.size, device=y.device) % 7).astype(y.dtype).reshape(y.shape) * 0.25 + 0.5
            total = total + (y * weights).sum()
    return total


def _namespaces() -> dict[str, Any]:
    return {"": rt, "linalg": rt.linalg, "special": rt.special, "random": rt.random, "nn.functional": rt.nn.functional}


def _kind(name: str, function: Any) -> str | None:
    if not inspect.isroutine(function):
        return None
    module = function.__module__ or ""
    kind = next((kind for start, kind in CLASSES.items() if module.startswith(start)), None)
    return _MOVED.get(name, kind) if module == "rutile.manipulation" else kind


def _tensors(value: Any) -> Iterator[rt.Tensor]:
    if isinstance(value, rt.Tensor):
        yield value
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _tensors(item)


def _replaced(value: Any, replace: Callable[[rt.Tensor], rt.Tensor]) -> Any:
    if isinstance(value, rt.Tensor):
        return replace(value)
    if isinstance(value, dict):
        return {key: _replaced(item, replace) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_replaced(item, replace) for item in value)
    return value
