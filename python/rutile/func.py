"""Functions of functions under the names of `torch.func`; most are those of `rutile` itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core
from rutile.errors import ArgumentError
from rutile.transforms import vectorise
from rutile.transforms.gradients import grad, jvp, value_and_grad, vjp
from rutile.transforms.jacobians import hessian, jacfwd, jacrev

if TYPE_CHECKING:
    from rutile.nn import Module
    from rutile.tensor import Tensor

__all__ = [
    "functional_call",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "stack_module_state",
    "vjp",
    "vmap",
]


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """`rutile.vmap` with PyTorch's names for the axes.

    Example:
        >>> import rutile as rt
        >>> rt.func.vmap(lambda w, x: (w * x).sum(), in_dims=(None, 0))(rt.ones((2,)), rt.ones((3, 2))).tolist()
        [2.0, 2.0, 2.0]
    """
    return vectorise.vmap(func, in_dims, out_dims, randomness, chunk_size)


def grad_and_value(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """`rutile.value_and_grad` in PyTorch's order: a function that gives (gradient, value).

    With `has_aux`, f returns (value, more), and the function gives (gradient, (value, more)).

    Example:
        >>> import rutile as rt
        >>> slope, value = rt.func.grad_and_value(lambda x: (x * x).sum())(rt.tensor([3.0]))
        >>> slope.tolist(), value.item()
        ([6.0], 9.0)
    """
    both = value_and_grad(f, argnums, has_aux)

    def wrapped(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        value, gradients = both(*arguments, **keywords)
        return gradients, value

    return wrapped


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: Mapping[str, Tensor] | Sequence[Mapping[str, Tensor]],
    args: Any = (),
    kwargs: Mapping[str, Any] | None = None,
) -> Any:
    """What a module gives for arguments with other tensors in the places of its parameters and buffers, by name.

    The module itself stays as it is; what it does to its buffers in the call is forgotten.

    Args:
        parameter_and_buffer_dicts: one dict, or several; tensors that are not named stay.
        args: a tuple of arguments, or the only one.

    Raises:
        ArgumentError: the module has no tensor of a name.

    Example:
        >>> import rutile as rt
        >>> model = rt.nn.Linear(2, 1, bias=False)
        >>> def loss(parameters, x):
        ...     return rt.func.functional_call(model, parameters, (x,)).sum()
        >>> each = rt.vmap(rt.grad(loss), in_axes=(None, 0))(dict(model.named_parameters()), rt.ones((3, 2)))
        >>> each["weight"].shape
        (3, 1, 2)
    """
    dicts = parameter_and_buffer_dicts
    given = dict(dicts) if isinstance(dicts, Mapping) else {name: x for part in dicts for name, x in part.items()}
    own = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    unknown = [name for name in given if name not in own]
    if unknown:
        raise ArgumentError(f"functional_call needs names of the module's tensors, got {', '.join(unknown)}")
    former = {name: _core.alias(tensor) for name, tensor in own.items()}
    try:
        for name, tensor in given.items():
            own[name].rebind(tensor)
        return module(*(args if isinstance(args, tuple) else (args,)), **(kwargs or {}))
    finally:
        for name, tensor in former.items():
            own[name].rebind(tensor)


def stack_module_state(models: Sequence[Module]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The parameters and the buffers of modules of one kind by name, stacked along a new first axis, as leaves.

    Example:
        >>> import rutile as rt
        >>> models = [rt.nn.Linear(2, 1) for _ in range(3)]
        >>> parameters, buffers = rt.func.stack_module_state(models)
        >>> one = lambda parameters, x: rt.func.functional_call(models[0], parameters, x)
        >>> rt.vmap(one, in_axes=(0, None))(parameters, rt.ones((5, 2))).shape
        (3, 5, 1)
    """
    from rutile.functions.arranging import stack

    if not models:
        raise ArgumentError("stack_module_state needs at least one module, got none")

    def stacked(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        for state in states[1:]:
            if state.keys() != states[0].keys():
                raise ArgumentError("stack_module_state needs modules whose tensors have the same names")
        joined = {name: stack([state[name].detach() for state in states]) for name in states[0]}
        return {name: x.requires_grad_(states[0][name].requires_grad) for name, x in joined.items()}

    return stacked([dict(m.named_parameters()) for m in models]), stacked([dict(m.named_buffers()) for m in models])
