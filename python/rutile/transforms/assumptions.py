"""What a compiled function's recording assumes of Python's objects: found by following what the code that ran can reach.

The code that ran is known from a profile of one call. Its names say which globals and attributes it may have read; the values
are found from the function's closure, its arguments and those globals. Code of rutile, of the standard library and of installed
packages is taken to stay as it is; objects of theirs are followed like any other.
"""

from __future__ import annotations

import array
import functools
import gc
import sys
import sysconfig
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from types import BuiltinFunctionType, CellType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any

from rutile import _core
from rutile.dtypes import DType
from rutile.nn.module import Module
from rutile.optim.optimizer import Optimizer
from rutile.random._words import Words
from rutile.tensor import Tensor

_ATOMS = (int, float, complex, str, bytes, type(None), DType, BuiltinFunctionType, CodeType, range, slice)
_FIXED = tuple(
    str(Path(place))
    for place in {str(Path(__file__).parents[1]), *map(sysconfig.get_path, ("stdlib", "purelib", "platlib"))}
)
_OWN_CODE = {
    method.__code__
    for method in (Optimizer.step, Optimizer.zero_grad, Optimizer._indexed, Optimizer._members, Optimizer.init_state)
}
"""Code that reads an optimizer's settings for nothing that a replay would not read anew."""

_RECORDERS = {str(Path(__file__).parents[1] / name) for name in ("transforms/compiled.py", "devices.py", "pending.py")}
"""Files whose code runs because of a recording, and reads nothing of the function's."""

_READS_ANY_ATTRIBUTE = {"vars", "__dict__"}
_READS_NAMED_ATTRIBUTES = {*_READS_ANY_ATTRIBUTE, "getattr", "attrgetter", "asdict", "astuple", "copy", "deepcopy"}


class Unsupported(Exception):
    """Why a function cannot be compiled."""


class Seen:
    """The code that has run in calls of a function, and the globals that it runs with."""

    def __init__(self) -> None:
        self.globals: dict[CodeType, dict[str, Any]] = {}

    def profile(self, call: Callable[[], Any]) -> tuple[Any, bool]:
        """Return what `call` returns, and whether it ran code that had not been seen."""
        before, known = sys.getprofile(), len(self.globals)
        seen = self.globals

        def note(frame: FrameType, event: str, argument: Any) -> None:
            if event == "call" and frame.f_code.co_filename not in _RECORDERS:
                seen[frame.f_code] = frame.f_globals

        # What the garbage collector calls is not the function's.
        collects = gc.isenabled()
        gc.disable()
        sys.setprofile(note)
        try:
            result = call()
        finally:
            sys.setprofile(before)
            if collects:
                gc.enable()
        return result, len(self.globals) > known

    def is_fixed(self, code: CodeType) -> bool:
        """Return whether the code is taken to stay as it is."""
        # What a dataclass generates has no file, but the globals of the class's module.
        generated = code.co_filename == "<string>"
        return _is_fixed_file(self.globals[code].get("__file__", "") if generated else code.co_filename)

    def names(self, own: bool) -> set[str]:
        """Return every name and word by which the code may read an attribute; `own`: leave out code taken as it is."""
        return {name for code in self.globals if not (own and self.is_fixed(code)) for name in _names(code)}

    def reads_any_attribute(self, own: bool) -> bool:
        """Return whether attributes may be read that no name in the code tells."""
        return any(
            not (_READS_NAMED_ATTRIBUTES if own else _READS_ANY_ATTRIBUTE).isdisjoint(code.co_names)
            for code in self.globals
            if own != self.is_fixed(code)
        )

    def reads_settings(self) -> bool:
        """Return whether code other than an optimizer's step reads an optimizer's settings."""
        return any("param_groups" in code.co_names for code in self.globals if code not in _OWN_CODE)

    def reads_counts(self) -> bool:
        """Return whether code other than an optimizer's step reads how many steps it has done."""
        reads = (code for code in self.globals if code not in _OWN_CODE and "state" in code.co_names)
        return any("step" in code.co_consts for code in reads)


class Assumptions:
    """Guards over what a function refers to, and the tensors and generators found there."""

    def __init__(self, function: Callable[..., Any], objects: Iterable[Any], seen: Seen) -> None:
        self.guards = _core.Guards()
        self.tensors: list[Tensor] = []
        self.generators: list[_core.RandomSource] = [_core.RandomSource()]
        self._seen = seen
        self._names, self._own_names = seen.names(own=False), seen.names(own=True)
        self._any_attribute, self._any_own = seen.reads_any_attribute(own=False), seen.reads_any_attribute(own=True)
        self._reads_settings, self._reads_counts = seen.reads_settings(), seen.reads_counts()
        self._followed: set[CodeType] = set()
        # Objects are held, so that no other gets the number of one that has gone.
        self._visited: dict[int, Any] = {}
        self._waiting: list[tuple[Any, str]] = [(function, "the function")]
        self._waiting.extend((value, "an argument") for value in objects)
        for code, names in seen.globals.items():
            if not seen.is_fixed(code):
                self._follow_names(names, set(code.co_names) & names.keys(), "the global ")
        while self._waiting:
            value, about = self._waiting.pop()
            if not isinstance(value, _ATOMS) and id(value) not in self._visited:
                self._visited[id(value)] = value
                self._visit(value, about)
        self._refuse_hidden_functions()

    def _visit(self, value: Any, about: str) -> None:
        """Guard what `value` holds, and follow it."""
        match value:
            case Tensor():
                self.tensors.append(value)
            case FunctionType():
                self._visit_function(value, about)
            case MethodType():
                self._waiting += [(value.__self__, about), (value.__func__, about)]
            case functools.partial():
                self._waiting += [(value.func, about), (value.args, about), (value.keywords, about)]
            case CellType():
                self._visit_cell(value, about)
            case ModuleType():
                if not _is_fixed_file(getattr(value, "__file__", None)):
                    self._follow_names(vars(value), self._names & vars(value).keys(), f"{about}.")
            case type():
                self._visit_class(value)
            case Optimizer():
                self._visit_optimizer(value, about)
            case Words():
                self._waiting.append((value._source, about))
            case _core.RandomSource():
                # The default generator is there already, whatever stands for it.
                if not value.is_default:
                    self.generators.append(value)
            case tuple() | frozenset():
                self._waiting.extend((item, f"{about}[{index}]") for index, item in enumerate(value))
            case list():
                self.guards.items(value, about)
                self._waiting.extend((item, f"{about}[{index}]") for index, item in enumerate(value))
            case dict():
                self.guards.entries(value, about)
                self._waiting.extend((item, f"{about}[{key!r}]") for key, item in value.items())
            case set() | deque():
                self.guards.equal(value, value.copy(), about)
                self._waiting.extend((item, about) for item in value)
            case bytearray() | memoryview() | array.array():
                raise Unsupported(f"it refers to {about}, whose contents may change: pass a tensor")
            case _ if hasattr(value, "__array_interface__") and hasattr(value, "__setitem__"):
                raise Unsupported(f"it refers to {about}, a NumPy array, whose contents may change: pass a tensor")
            case _:
                pass
        if not isinstance(value, Tensor | FunctionType | ModuleType | type | Optimizer):
            self._visit_attributes(value, about)

    def _visit_function(self, function: FunctionType, about: str) -> None:
        if function.__code__ not in self._seen.globals:
            return
        self._followed.add(function.__code__)
        if not self._seen.is_fixed(function.__code__):
            for part in ("__code__", "__defaults__", "__kwdefaults__"):
                self.guards.attribute(function, part, f"{part} of {function.__qualname__}")
        self._follow_names(vars(function), self._own_names & vars(function).keys(), f"{function.__qualname__}.")
        self._waiting += [(function.__defaults__, f"a default of {function.__qualname__}")]
        self._waiting += [(function.__kwdefaults__, f"the defaults of {function.__qualname__}")]
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            self._waiting.append((cell, name))

    def _visit_cell(self, cell: CellType, about: str) -> None:
        try:
            value = cell.cell_contents
        except ValueError:
            return
        self.guards.attribute(cell, "cell_contents", about)
        self._waiting.append((value, about))

    def _visit_attributes(self, value: Any, about: str) -> None:
        cls = type(value)
        self._waiting.append((cls, cls.__qualname__))
        # Code of packages reads attributes of its own classes alone.
        inherits = any(_is_fixed_class(other) for other in cls.__mro__ if other.__module__ != "builtins")
        names = self._names if inherits else self._own_names
        for other in cls.__mro__:
            slots = [name for name in _slots(other) if name in names and hasattr(value, name)]
            for name in slots:
                self.guards.attribute(value, name, f"{about}.{name}")
                self._waiting.append((getattr(value, name), f"{about}.{name}"))
        attributes = getattr(value, "__dict__", None)
        if type(attributes) is not dict:
            return
        if self._any_own or (self._any_attribute and isinstance(value, Module)):
            self.guards.entries(attributes, f"an attribute of {about}")
            self._waiting.extend((item, f"{about}.{name}") for name, item in attributes.items())
        else:
            shadowed = {name for name in names & _class_names(cls) if not name.startswith("__")}
            self._follow_names(attributes, (names & attributes.keys()) | shadowed, f"{about}.")

    def _visit_class(self, cls: type) -> None:
        for other in cls.__mro__:
            if _is_fixed_class(other):
                continue
            for name, value in vars(other).items():
                about = f"{other.__qualname__}.{name}"
                function = getattr(value, "__func__", value)
                runs = getattr(function, "__code__", None) in self._seen.globals
                if name not in self._names and not runs:
                    continue
                if getattr(other, name, None) is value:
                    self.guards.attribute(other, name, about)
                parts = [value.fget, value.fset] if isinstance(value, property) else [function]
                self._waiting.extend((part, about) for part in parts)

    def _visit_optimizer(self, optimizer: Optimizer, about: str) -> None:
        self._waiting.append((type(optimizer), type(optimizer).__qualname__))
        attributes = vars(optimizer)
        own = {"defaults", "param_groups", "state"}
        self._follow_names(attributes, (self._names & attributes.keys()) - own, f"{about}.")
        self.guards.names(attributes, ["param_groups", "state"], f"the groups or the state of {about}")
        self.guards.items(optimizer.param_groups, f"the groups of {about}")
        self.guards.entries(optimizer.state, f"the state of {about}")
        for group in optimizer.param_groups:
            if self._reads_settings:
                self.guards.entries(group, f"a setting of {about}")
            self.guards.names(group, ["params", "maximize"], f"a setting of {about}")
            self._waiting.append((group["params"], f"the parameters of {about}"))
        for state in optimizer.state.values():
            names = [name for name in state if name != "step" or self._reads_counts]
            self._follow_names(state, names, f"the state of {about}: ")

    def _follow_names(self, names: dict[str, Any], chosen: Iterable[str], about: str) -> None:
        chosen = sorted(chosen)
        if chosen:
            self.guards.names(names, chosen, f"{about}{' or '.join(chosen) if len(chosen) < 4 else chosen[0] + ' …'}")
        self._waiting.extend((names[name], f"{about}{name}") for name in chosen if name in names)

    def _refuse_hidden_functions(self) -> None:
        """Refuse code of functions that were not found, and whose variables may change, unless they are made as it runs."""
        inner: set[CodeType] = set()
        waiting = list(self._seen.globals)
        while waiting:
            nested = [constant for constant in waiting.pop().co_consts if isinstance(constant, CodeType)]
            waiting.extend(code for code in nested if code not in inner)
            inner.update(nested)
        for code in self._seen.globals:
            if code not in self._followed and code not in inner and not self._seen.is_fixed(code):
                raise Unsupported(f"it calls {code.co_qualname}, which is not found in what it refers to")


def _names(code: CodeType) -> Iterable[str]:
    yield from code.co_names
    yield from (word for word in code.co_consts if isinstance(word, str) and word.isidentifier())


@functools.cache
def _is_fixed_file(name: str | None) -> bool:
    return name is None or name.startswith(("<frozen", *_FIXED))


@functools.cache
def _is_fixed_class(cls: type) -> bool:
    return cls.__module__ == "builtins" or _is_fixed_file(getattr(sys.modules.get(cls.__module__), "__file__", ""))


@functools.cache
def _class_names(cls: type) -> frozenset[str]:
    return frozenset(name for other in cls.__mro__ if other is not object for name in vars(other))


def _slots(cls: type) -> list[str]:
    slots = vars(cls).get("__slots__", ())
    return [slots] if isinstance(slots, str) else list(slots)
