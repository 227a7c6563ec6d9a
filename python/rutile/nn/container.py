"""Modules made of other modules, and lists and dicts of modules or parameters that models hold.

A plain list, tuple or dict of modules or tensors works as an attribute too; these classes carry PyTorch's names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rutile.nn.module import Module
from rutile.tensor import Tensor

__all__ = ["ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"]


class _Named(Module):
    """Members that are attributes, so that they are found by walking; state-dict keys are their names."""

    kind: type[Any] = Module

    def _members(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if isinstance(value, self.kind)}

    def _put(self, name: str, member: Any) -> None:
        if not isinstance(member, self.kind):
            needs = "modules" if self.kind is Module else "tensors"
            raise TypeError(f"{type(self).__name__} needs {needs}, got {type(member).__name__} at {name}")
        setattr(self, name, member)

    def __len__(self) -> int:
        return len(self._members())


class _List(_Named):
    """Members in order, named "0", "1", ..."""

    def __init__(self, members: Iterable[Any] = ()) -> None:
        self.extend(members)

    def append(self, member: Any) -> Any:
        """Add a member at the end, and return this list."""
        self._put(str(len(self)), member)
        return self

    def extend(self, members: Iterable[Any]) -> Any:
        """Add members at the end, and return this list."""
        for member in members:
            self.append(member)
        return self

    def insert(self, index: int, member: Any) -> None:
        """Put a member before the one at `index`."""
        members = list(self)
        members.insert(index, member)
        self._replace(members)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._members().values())

    def __getitem__(self, index: int | slice) -> Any:
        """Return the member at `index`, or a list of a slice."""
        members = list(self)
        return type(self)(members[index]) if isinstance(index, slice) else members[index]

    def __setitem__(self, index: int, member: Any) -> None:
        self._put(list(self._members())[index], member)

    def __delitem__(self, index: int | slice) -> None:
        members = list(self)
        del members[index]
        self._replace(members)

    def _replace(self, members: list[Any]) -> None:
        for name in self._members():
            delattr(self, name)
        self.extend(members)


class _Dict(_Named):
    """Members by name; a name may not be that of a method."""

    def __init__(self, members: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()) -> None:
        self.update(members)

    def update(self, members: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
        """Add or replace members."""
        for name, member in dict(members).items():
            self[name] = member

    def keys(self) -> Iterable[str]:
        """Return the names, in the order in which they were added."""
        return self._members().keys()

    def values(self) -> Iterable[Any]:
        """Return the members."""
        return self._members().values()

    def items(self) -> Iterable[tuple[str, Any]]:
        """Return (name, member) of each."""
        return self._members().items()

    def pop(self, name: str) -> Any:
        """Remove and return a member."""
        member = self[name]
        del self[name]
        return member

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __contains__(self, name: str) -> bool:
        return name in self._members()

    def __getitem__(self, name: str) -> Any:
        return self._members()[name]

    def __setitem__(self, name: str, member: Any) -> None:
        if hasattr(type(self), name) or name.startswith("_") or "." in name:
            raise KeyError(f"{type(self).__name__} needs names that are no method's and have no dot, got {name!r}")
        self._put(name, member)

    def __delitem__(self, name: str) -> None:
        self._members()[name]
        delattr(self, name)


class Sequential(_Named):
    """Call modules one after the other; state-dict keys are "0.weight", "1.weight", ..., or the names of a dict.

    >>> import rutile as rt
    >>> from rutile.nn import Linear, ReLU
    >>> model = Sequential(Linear(4, 8), ReLU(), Linear(8, 2))
    >>> list(model.state_dict())
    ['0.weight', '0.bias', '2.weight', '2.bias']
    >>> model(rt.zeros((3, 4))).shape
    (3, 2)
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            named = dict(modules[0])
        else:
            named = {str(position): module for position, module in enumerate(modules)}
        for name, module in named.items():
            self._put(name, module)

    def forward(self, input: Any) -> Any:
        for module in self:
            input = module(input)
        return input

    def append(self, module: Module) -> Sequential:
        """Add a module at the end, and return this one."""
        self._put(str(len(self)), module)
        return self

    def __iter__(self) -> Iterator[Module]:
        return iter(self._members().values())

    def __getitem__(self, index: int | slice) -> Any:
        """Return the module at `index`, or a Sequential of a slice."""
        modules = list(self)
        return Sequential(*modules[index]) if isinstance(index, slice) else modules[index]


class ModuleList(_List):
    """A list of modules, to be called one by one; state-dict keys are "0.weight", "1.weight", ...

    >>> from rutile.nn import Linear
    >>> layers = ModuleList([Linear(2, 2) for _ in range(3)])
    >>> len(layers), list(layers[:1].state_dict())
    (3, ['0.weight', '0.bias'])
    """


class ModuleDict(_Dict):
    """Modules by name; state-dict keys are "<name>.weight", ...

    >>> from rutile.nn import Linear
    >>> heads = ModuleDict({"left": Linear(2, 1), "right": Linear(2, 1)})
    >>> list(heads.state_dict())
    ['left.weight', 'left.bias', 'right.weight', 'right.bias']
    """


class ParameterList(_List):
    """A list of parameters; state-dict keys are "0", "1", ...

    >>> from rutile.nn import Parameter
    >>> list(ParameterList([Parameter([1.0]), Parameter([2.0])]).state_dict())
    ['0', '1']
    """

    kind = Tensor


class ParameterDict(_Dict):
    """Parameters by name; state-dict keys are the names.

    >>> from rutile.nn import Parameter
    >>> list(ParameterDict({"scale": Parameter([1.0])}).state_dict())
    ['scale']
    """

    kind = Tensor
