"""Gradients of functions, in reverse and in forward mode.

Arguments and results may be nested tuples, lists and dicts of tensors. What these functions give depends on their arguments
alone: nothing keeps the graph that they differentiated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rutile import _core
from rutile.errors import ArgumentError, DTypeError
from rutile.tensor import Tensor
from rutile.transforms import tree
from rutile.transforms.modes import enable_grad


def value_and_grad(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """A function that gives f's value and its gradient for the arguments numbered `argnums`.

    f returns a tensor of one element, or a tuple whose first item is one; `has_aux` says that it is a tuple. Gradients
    have the structure of the arguments, and can be differentiated again.

    Raises:
        ShapeError: f gives more than one element.
        GradientError: f's value does not depend on these arguments.

    Example:
        >>> import rutile as rt
        >>> value, slope = rt.value_and_grad(lambda x: (x * x).sum())(rt.tensor([3.0]))
        >>> value.item(), slope.tolist()
        (9.0, [6.0])
    """

    def wrapped(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        with enable_grad():
            traced, inputs = trace(arguments, argnums)
            result = f(*traced, **keywords)
            value = result[0] if has_aux or isinstance(result, tuple) else result
            if not tree.is_tensor(value):
                raise TypeError(f"grad needs a function that returns a tensor, got {type(value).__name__}")
            gradients = _core.gradients([value], [None], inputs)
        gradients = _core.closed(gradients, inputs)
        return closed(result, inputs), chosen(arguments, argnums, gradients)

    return wrapped


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that gives the gradient of f for the arguments numbered `argnums`; see `value_and_grad`.

    With `has_aux`, f returns (value, more), and the function gives (gradient, more).

    Example:
        >>> import rutile as rt
        >>> rt.grad(rt.grad(lambda x: x * x * x))(rt.tensor(2.0)).item()
        12.0
    """
    both = value_and_grad(f, argnums, has_aux)

    def wrapped(*arguments: Any, **keywords: Any) -> Any:
        result, gradients = both(*arguments, **keywords)
        return (gradients, result[1]) if has_aux else gradients

    return wrapped


def vjp(f: Callable[..., Any], *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """f's result, and a function from gradients of the result to a tuple of gradients of the arguments.

    With `has_aux`, f returns (result, more), and so do the results of this function, `more` last.

    Example:
        >>> import rutile as rt
        >>> y, pull = rt.vjp(lambda x: x * x, rt.tensor([1.0, 2.0]))
        >>> pull(rt.tensor([1.0, 10.0]))[0].tolist()
        [2.0, 40.0]
    """
    with enable_grad():
        traced, inputs = trace(primals, range(len(primals)), "vjp")
        result = f(*traced)
    result, aux = result if has_aux else (result, None)
    outputs = tree.tensors(result)

    def pull(cotangents: Any) -> tuple[Any, ...]:
        seeds = matching("vjp", "gradients", result, cotangents)
        pairs = [(y, seed) for y, seed in zip(outputs, seeds, strict=True) if seed is not None]
        with enable_grad():
            gradients = _core.gradients_if_any([y for y, _ in pairs], [seed for _, seed in pairs], inputs)
        gradients = _core.closed(filled(gradients, inputs), inputs)
        return chosen(primals, range(len(primals)), gradients)

    given = closed(result, inputs)
    return (given, pull, closed(aux, inputs)) if has_aux else (given, pull)


def jvp(
    f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False
) -> tuple[Any, ...]:
    """f's result at `primals`, and the result's derivative along `tangents`, tuples of arguments.

    With `has_aux`, f returns (result, more), and `more` is given last.

    Example:
        >>> import rutile as rt
        >>> y, slope = rt.jvp(lambda x: x * x, (rt.tensor([1.0, 2.0]),), (rt.tensor([1.0, 10.0]),))
        >>> slope.tolist()
        [2.0, 40.0]
    """
    if not isinstance(primals, tuple | list) or not isinstance(tangents, tuple | list) or len(primals) != len(tangents):
        raise ArgumentError("jvp needs primals and tangents as tuples of one length: write jvp(f, (x,), (v,))")
    whole = tuple(tree.mapped(as_tensor, primal) for primal in primals)
    directions = matching("jvp", "tangents", whole, tuple(tangents))
    directions = [v for x, v in zip(tree.tensors(whole), directions, strict=True) if is_float(x)]
    with enable_grad():
        traced, inputs = trace(whole, range(len(whole)), "jvp")
        result = f(*traced)
        result, aux = result if has_aux else (result, None)
        # Nothing flows along a direction that was left out.
        moved = [(x, v) for x, v in zip(inputs, directions, strict=True) if v is not None]
        slopes = _core.tangents(tree.tensors(result), [x for x, _ in moved], [v for _, v in moved])
    slopes = _core.closed(slopes, inputs)
    given = closed(result, inputs), tree.with_tensors(result, slopes)
    return (*given, closed(aux, inputs)) if has_aux else given


# What the other transforms are made of too


def trace(arguments: Sequence[Any], argnums: int | Sequence[int], op: str = "grad") -> tuple[list[Any], list[Tensor]]:
    """The arguments with the floats in those numbered made nodes to differentiate for, and these nodes.

    Raises:
        ArgumentError: there is no argument of a number.
        DTypeError: an argument holds integers alone.
    """
    numbers = [argnums] if isinstance(argnums, int) else list(argnums)
    traced, inputs = list(arguments), []
    for number in numbers:
        if not -len(arguments) <= number < len(arguments):
            raise ArgumentError(f"{op} needs argnums of {len(arguments)} positional arguments, got {number}")
        whole = tree.mapped(as_tensor, arguments[number])
        if op == "grad" and not any(map(is_float, tree.leaves(whole))):
            found = ", ".join(sorted({leaf.dtype_name for leaf in tree.leaves(whole)})) or "no tensor"
            raise DTypeError(f"grad needs a float tensor, got {found}: convert it with .astype(float32) first")
        traced[number] = tree.mapped(lambda leaf: _core.traced(leaf) if is_float(leaf) else leaf, whole)
        inputs += [leaf for leaf in tree.leaves(traced[number]) if is_float(leaf)]
    return traced, inputs


def as_tensor(leaf: Any) -> Tensor:
    """A tensor, number or array as a tensor."""
    from rutile.creation import tensor

    return leaf if isinstance(leaf, Tensor) else tensor(leaf)


def is_float(leaf: Tensor) -> bool:
    """Whether a tensor can be differentiated for."""
    return leaf.dtype.kind == "f"


def chosen(arguments: Sequence[Any], argnums: int | Sequence[int], gradients: Sequence[Tensor]) -> Any:
    """Gradients in the structure of the arguments numbered `argnums`: None for integers, a tuple for several arguments."""
    rest = iter(gradients)

    def of(number: int) -> Any:
        return tree.mapped(lambda leaf: next(rest) if is_float(as_tensor(leaf)) else None, arguments[number])

    return of(argnums) if isinstance(argnums, int) else tuple([of(number) for number in argnums])


def closed(result: Any, inputs: Sequence[Tensor]) -> Any:
    """A result without the history that ends in inputs alone."""
    return tree.with_tensors(result, _core.closed(tree.tensors(result), list(inputs)))


def filled(gradients: Sequence[Tensor | None], inputs: Sequence[Tensor]) -> list[Tensor]:
    """Gradients with zeros where nothing depends on an input."""
    from rutile.creation import zeros_like

    pairs = zip(gradients, inputs, strict=True)
    return [zeros_like(x) if gradient is None else gradient for gradient, x in pairs]


def matching(op: str, name: str, whole: Any, given: Any) -> list[Tensor | None]:
    """For each tensor of a tree, the one at its place in a tree of the same structure, which may hold None instead.

    Raises:
        ArgumentError: the structures or shapes differ.
    """
    if isinstance(whole, tuple | list | dict):
        keys: list[Any] = list(whole) if isinstance(whole, dict) else list(range(len(whole)))
        alike = isinstance(given, dict) if isinstance(whole, dict) else isinstance(given, tuple | list)
        if given is not None and not (alike and len(given) == len(keys)):
            kind = type(given).__name__
            raise ArgumentError(f"{op} needs {name} of the structure of what they are for, got {kind} for {len(keys)}")
        items = [None if given is None else given[key] for key in keys]
        return [x for key, item in zip(keys, items, strict=True) for x in matching(op, name, whole[key], item)]
    if not tree.is_tensor(whole):
        return []
    if given is not None and (given := as_tensor(given)).shape != whole.shape:
        raise ArgumentError(
            f"{op} needs {name} of the shapes of what they are for, got {given.shape} for {whole.shape}"
        )
    return [given]
