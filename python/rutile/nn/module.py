"""Module: the base class of layers and models.

Parameters are found by walking attributes; nothing is registered and `__init__` of the base class need not be called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

import rutile as rt
from rutile.dtypes import BY_NAME
from rutile.errors import CheckpointError
from rutile.nn.hooks import BackwardHooks, Handle, Hooks

__all__ = ["Module", "Parameter"]


def Parameter(data: Any, requires_grad: bool = True) -> rt.Tensor:
    """Return a leaf tensor with the values of `data` that an optimizer may train.

    Any floating-point Tensor held by a Module is a parameter; this spelling also asks for its gradient.

    >>> scale = Parameter([1.0, 2.0])
    >>> scale.shape, scale.requires_grad
    ((2,), True)
    """
    return rt.tensor(data, requires_grad=requires_grad)


class Module:
    """A layer or a model: a function `forward` together with the tensors that it holds.

    Attributes are walked in the order of assignment, through lists, tuples, dicts and other modules:
    a floating-point Tensor is a parameter; a Tensor of another dtype, or one named by `register_buffer`, is a buffer.
    Attributes whose name begins with an underscore are left alone.

    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.weight = Parameter([2.0, 3.0])
    ...     def forward(self, x):
    ...         return x * self.weight
    >>> list(Scale().state_dict())
    ['weight']
    """

    training: bool = True
    """True after `train()`, False after `eval()`; Dropout and the like read it."""

    _buffer_names: Mapping[str, bool] = {}
    _hooks: Mapping[str, Hooks] = {}

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """Compute the output; every subclass writes its own."""
        raise NotImplementedError(f"{type(self).__name__} needs a method forward(self, ...): define it in the class")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        if self._hooks:
            return self._call_with_hooks(inputs, options)
        return self.forward(*inputs, **options)

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> Handle:
        """Call `hook(module, inputs)` before each call; what it returns, if not None, takes the inputs' place.

        With `with_kwargs`, `hook(module, inputs, options)` may return both.

        >>> layer = rt.nn.ReLU()
        >>> handle = layer.register_forward_pre_hook(lambda module, inputs: (-inputs[0],))
        >>> layer(rt.tensor([-2.0])).tolist()
        [2.0]
        """

        def given(module: Module, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
            changed = hook(module, inputs, options) if with_kwargs else hook(module, inputs)
            if changed is None:
                return inputs, options
            if with_kwargs:
                return changed
            return (changed if isinstance(changed, tuple) else (changed,)), options

        return self._add_hook("before", given, prepend)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> Handle:
        """Call `hook(module, inputs, result)` after each call; what it returns, if not None, takes the result's place.

        With `with_kwargs`, it is `hook(module, inputs, options, result)`. `always_call` is accepted: there is nothing to call
        when the module raises.

        >>> layer = rt.nn.ReLU()
        >>> with layer.register_forward_hook(lambda module, inputs, result: result + 1.0):
        ...     layer(rt.tensor([-2.0])).tolist()
        [1.0]
        """
        plain = hook if with_kwargs else lambda module, inputs, options, result: hook(module, inputs, result)
        return self._add_hook("after", plain, prepend)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> Handle:
        """Call `hook(module, grad_output)` when the gradients of a call's results are known; it may return others.

        >>> layer = rt.nn.Identity()
        >>> handle = layer.register_full_backward_pre_hook(lambda module, grads: (grads[0] * 2.0,))
        >>> rt.grad(lambda x: layer(x).sum())(rt.tensor([1.0])).tolist()
        [2.0]
        """
        return self._add_hook("backward_before", hook, prepend)

    def register_full_backward_hook(self, hook: Callable[..., Any], prepend: bool = False) -> Handle:
        """Call `hook(module, grad_input, grad_output)` when the gradients of a call's inputs are known; it may return others.

        The gradients are tuples of tensors, one for each tensor among the inputs and the results; grad_input is (None,) for a
        module whose inputs require none.

        >>> layer = rt.nn.Identity()
        >>> handle = layer.register_full_backward_hook(lambda module, grad_input, grad_output: (grad_input[0] * 2.0,))
        >>> rt.grad(lambda x: layer(x).sum())(rt.tensor([1.0])).tolist()
        [2.0]
        """
        return self._add_hook("backward", hook, prepend)

    def _add_hook(self, when: str, hook: Callable[..., Any], prepend: bool) -> Handle:
        if not self._hooks:
            self._hooks = {"before": {}, "after": {}, "backward_before": {}, "backward": {}}
        return Handle(self._hooks[when], hook, prepend)

    def _call_with_hooks(self, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
        hooks = {when: list(some.values()) for when, some in self._hooks.items()}
        for hook in hooks["before"]:
            inputs, options = hook(self, inputs, options)
        watching = hooks["backward"] or hooks["backward_before"]
        watch = BackwardHooks(self, hooks["backward"], hooks["backward_before"]) if watching else None
        if watch:
            inputs = watch.watch_inputs(inputs)
        result = self.forward(*inputs, **options)
        for hook in hooks["after"]:
            changed = hook(self, inputs, options, result)
            result = result if changed is None else changed
        return watch.watch_outputs(result) if watch else result

    def named_parameters(self) -> Iterator[tuple[str, rt.Tensor]]:
        """Yield (name, tensor) of every parameter, each tensor once."""
        return self._tensors_once(buffers=False)

    def parameters(self) -> Iterator[rt.Tensor]:
        """Yield every parameter once, in the order of `named_parameters`."""
        return (tensor for _, tensor in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, rt.Tensor]]:
        """Yield (name, tensor) of every buffer, each tensor once."""
        return self._tensors_once(buffers=True)

    def buffers(self) -> Iterator[rt.Tensor]:
        """Yield every buffer once."""
        return (tensor for _, tensor in self.named_buffers())

    def register_buffer(self, name: str, tensor: rt.Tensor, persistent: bool = True) -> None:
        """Hold `tensor` as attribute `name` without training it; `persistent=False` keeps it out of `state_dict`."""
        setattr(self, name, tensor)
        self._buffer_names = {**self._buffer_names, name: persistent}

    def register_parameter(self, name: str, param: rt.Tensor | None) -> None:
        """Hold a parameter as attribute `name`: the same as assigning it."""
        setattr(self, name, param)

    def add_module(self, name: str, module: Module | None) -> None:
        """Hold a module as attribute `name`: the same as assigning it."""
        setattr(self, name, module)

    register_module = add_module

    def get_submodule(self, target: str) -> Module:
        """Return the module of that name, as `named_modules` gives it.

        Raises AttributeError when there is none.
        """
        return _named(self, dict(self.named_modules()), "module", target)

    def get_parameter(self, target: str) -> rt.Tensor:
        """Return the parameter of that name. Raises AttributeError when there is none."""
        return _named(self, dict(self.named_parameters()), "parameter", target)

    def get_buffer(self, target: str) -> rt.Tensor:
        """Return the buffer of that name. Raises AttributeError when there is none."""
        return _named(self, dict(self.named_buffers()), "buffer", target)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield (name, module) of the modules held directly or in a list, tuple or dict."""
        return ((name, value) for name, value, _ in _members(self) if isinstance(value, Module))

    def children(self) -> Iterator[Module]:
        """Yield the modules held directly or in a list, tuple or dict."""
        return (module for _, module in self.named_children())

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """Yield (name, module) of this module (name "") and of all modules below it, each once."""
        seen: set[int] = set()
        waiting: list[tuple[str, Module]] = [("", self)]
        while waiting:
            name, module = waiting.pop()
            if id(module) not in seen:
                seen.add(id(module))
                yield name, module
                waiting.extend(reversed([(_join(name, key), child) for key, child in module.named_children()]))

    def modules(self) -> Iterator[Module]:
        """Yield this module and all modules below it, each once."""
        return (module for _, module in self.named_modules())

    def apply(self, function: Callable[[Module], Any]) -> Self:
        """Call `function` with every module below, then with this one, and return this one."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def state_dict(self) -> dict[str, rt.Tensor]:
        """Return every parameter and persistent buffer by name, detached; later training does not change them."""
        return {name: tensor.detach() for name, tensor, persistent, _ in _tensors(self) if persistent}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Take the values of `state` (name to Tensor or NumPy array), the inverse of `state_dict`.

        Nothing is changed when anything does not fit. `strict=False` allows missing and unexpected names.

        Raises CheckpointError with every missing name, unexpected name and wrong shape.
        """
        own = {name: tensor for name, tensor, persistent, _ in _tensors(self) if persistent}
        missing = [name for name in own if name not in state]
        unexpected = [name for name in state if name not in own]
        shapes = [
            f"{name} needs {tensor.shape}, got {tuple(state[name].shape)}"
            for name, tensor in own.items()
            if name in state and tuple(state[name].shape) != tensor.shape
        ]
        problems = [f"shape of {line}" for line in shapes]
        if strict and missing:
            problems.append("missing: " + ", ".join(missing))
        if strict and unexpected:
            problems.append("unexpected: " + ", ".join(unexpected))
        if problems:
            hint = "load it into the model that it was saved from"
            if not shapes:
                hint += ", or pass strict=False"
            raise CheckpointError(f"{type(self).__name__}.load_state_dict: {'; '.join(problems)}: {hint}")
        for name, tensor in own.items():
            if name in state:
                tensor.assign_(rt.tensor(state[name], dtype=tensor.dtype, device=tensor.device))
        rt.eval(*own.values())

    def train(self, mode: bool = True) -> Self:
        """Set `training` here and in every module below, and return this module."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch to inference: the same as `train(False)`."""
        return self.train(False)

    def to(self, *targets: Any, device: str | None = None, dtype: Any = None) -> Self:
        """Move every parameter and buffer to a device in place, or make its floats another dtype, and return this module.

        Gradients are forgotten. Integers stay what they are.

        >>> rt.nn.Linear(2, 1).to("cpu", rt.float64).weight.dtype
        rutile.float64
        """
        for target in targets:
            if isinstance(target, str) and target not in BY_NAME:
                device = target
            else:
                dtype = target
        for _, tensor, _, _ in _tensors(self):
            moved = tensor.detach().to(device=device, dtype=dtype if tensor.dtype.kind == "f" else None)
            tensor.rebind(moved.requires_grad_(tensor.requires_grad))
            rt.eval(tensor)
        return self

    def cpu(self) -> Self:
        """Move to the CPU: the same as `to("cpu")`."""
        return self.to("cpu")

    def half(self) -> Self:
        """Make all floats float16."""
        return self.to(dtype="float16")

    def bfloat16(self) -> Self:
        """Make all floats bfloat16."""
        return self.to(dtype="bfloat16")

    def float(self) -> Self:
        """Make all floats float32."""
        return self.to(dtype="float32")

    def double(self) -> Self:
        """Make all floats float64."""
        return self.to(dtype="float64")

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Train (True) or freeze (False) every parameter, and return this module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradient of every parameter, or with `set_to_none=False` set it to zeros."""
        for parameter in self.parameters():
            if set_to_none and parameter.requires_grad:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.zero_()

    def extra_repr(self) -> str:
        """Return what stands between the brackets of the printed form."""
        return ""

    def __repr__(self) -> str:
        name, extra = type(self).__name__, self.extra_repr()
        children = [f"({key}): {child!r}".replace("\n", "\n  ") for key, child in self.named_children()]
        if not children:
            return f"{name}({extra})"
        return f"{name}(" + "".join(f"\n  {line}" for line in ([extra] if extra else []) + children) + "\n)"

    def _tensors_once(self, buffers: bool) -> Iterator[tuple[str, rt.Tensor]]:
        seen: set[int] = set()
        for name, tensor, _, is_buffer in _tensors(self):
            if is_buffer == buffers and id(tensor) not in seen:
                seen.add(id(tensor))
                yield name, tensor


def _tensors(
    module: Module, prefix: str = "", above: tuple[int, ...] = ()
) -> Iterator[tuple[str, rt.Tensor, bool, bool]]:
    """Yield (name, tensor, persistent, is buffer) of all that `module` and the modules below it hold."""
    if id(module) in above:
        return
    for name, value, attribute in _members(module):
        if isinstance(value, Module):
            yield from _tensors(value, _join(prefix, name), (*above, id(module)))
        else:
            is_buffer = attribute in module._buffer_names or "float" not in str(value.dtype)
            yield _join(prefix, name), value, module._buffer_names.get(attribute, True), is_buffer


def _members(module: Module) -> Iterator[tuple[str, Any, str]]:
    """Yield (name, Tensor or Module, attribute it was found under), looking into lists, tuples and dicts."""
    waiting = [(key, value, key) for key, value in reversed(vars(module).items()) if not key.startswith("_")]
    while waiting:
        name, value, attribute = waiting.pop()
        if isinstance(value, Module | rt.Tensor):
            yield name, value, attribute
        elif isinstance(value, dict | list | tuple):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            waiting.extend(reversed([(f"{name}.{key}", item, attribute) for key, item in items]))


def _named(module: Module, members: dict[str, Any], kind: str, name: str) -> Any:
    if name not in members:
        names = ", ".join(members) or "none"
        raise AttributeError(f"{type(module).__name__} needs a {kind} that it has, got {name!r}: it has {names}")
    return members[name]


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
