"""Modules made of other modules. (A plain list, tuple or dict of modules needs no wrapper.)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rutile.nn.module import Module

__all__ = ["Sequential"]


class Sequential(Module):
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
            if not isinstance(module, Module):
                raise TypeError(f"Sequential needs modules, got {type(module).__name__} at {name}")
            setattr(self, name, module)

    def forward(self, input: Any) -> Any:
        for module in self:
            input = module(input)
        return input

    def __iter__(self) -> Iterator[Module]:
        return (value for value in vars(self).values() if isinstance(value, Module))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, index: int | slice) -> Any:
        """Return the module at `index`, or a Sequential of a slice."""
        modules = list(self)
        return Sequential(*modules[index]) if isinstance(index, slice) else modules[index]
