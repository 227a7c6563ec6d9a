"""All derivatives of all results of a function, and products with its second derivatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rutile import _core
from rutile.errors import ArgumentError, ShapeError
from rutile.tensor import Tensor
from rutile.transforms import tree
from rutile.transforms.gradients import chosen, closed, filled, matching, trace
from rutile.transforms.modes import enable_grad
from rutile.transforms.vectorise import vmap


def jacrev(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, chunk_size: int | None = None
) -> Callable[..., Any]:
    """A function that gives the derivatives of f's results for the arguments numbered `argnums`, in reverse mode.

    For a result of shape (…) and an argument of shape (…'), they have shape (…, …'); they have the structure of the
    results, and in it that of the arguments. One gradient for each element of the results is computed, all at once or
    `chunk_size` at a time. With `has_aux`, f returns (results, more), and the function gives (derivatives, more).

    Example:
        >>> import rutile as rt
        >>> rt.jacrev(lambda x: x * x)(rt.tensor([1.0, 2.0])).tolist()
        [[2.0, 0.0], [0.0, 4.0]]
    """

    def wrapped(*arguments: Any, **keywords: Any) -> Any:
        with enable_grad():
            traced, inputs = trace(arguments, argnums)
            result = f(*traced, **keywords)
            result, aux = result if has_aux else (result, None)

            def rows(y: Tensor) -> Any:
                def pull(seed: Tensor | None) -> tuple[Tensor, ...]:
                    return tuple(filled(_core.gradients_if_any([y], [seed], inputs), inputs))

                if y.size == 1:
                    gradients = pull(None)
                else:
                    gradients = vmap(pull, randomness="same", chunk_size=chunk_size)(_basis(y))
                gradients = [g.reshape([*y.shape, *x.shape]) for g, x in zip(gradients, inputs, strict=True)]
                return chosen(arguments, argnums, gradients)

            derivatives = tree.mapped(rows, _results("jacrev", result))
        derivatives = closed(derivatives, inputs)
        return (derivatives, closed(aux, inputs)) if has_aux else derivatives

    return wrapped


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] = 0, **options: Any) -> Callable[..., Any]:
    """`jacrev` under the name that says what it gives.

    Example:
        >>> import rutile as rt
        >>> rt.jacobian(lambda x: x * x)(rt.tensor([1.0, 2.0])).tolist()
        [[2.0, 0.0], [0.0, 4.0]]
    """
    return jacrev(f, argnums, **options)


def jacfwd(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, chunk_size: int | None = None
) -> Callable[..., Any]:
    """As `jacrev`, in forward mode: one directional derivative for each element of the arguments.

    Example:
        >>> import rutile as rt
        >>> rt.jacfwd(lambda x: x * x)(rt.tensor([1.0, 2.0])).tolist()
        [[2.0, 0.0], [0.0, 4.0]]
    """

    def wrapped(*arguments: Any, **keywords: Any) -> Any:
        with enable_grad():
            traced, inputs = trace(arguments, argnums)
            result = f(*traced, **keywords)
            result, aux = result if has_aux else (result, None)
            outputs = tree.leaves(_results("jacfwd", result))
            # For each result, its derivatives by input.
            columns: list[list[Tensor]] = [[] for _ in outputs]
            for x in inputs:

                def push(direction: Tensor, x: Tensor = x) -> tuple[Tensor, ...]:
                    return tuple(_core.tangents(outputs, [x], [direction]))

                slopes = vmap(push, out_axes=-1, randomness="same", chunk_size=chunk_size)(_basis(x))
                for column, y, slope in zip(columns, outputs, slopes, strict=True):
                    column.append(slope.reshape([*y.shape, *x.shape]))
            derivatives = tree.with_leaves(result, [chosen(arguments, argnums, column) for column in columns])
        derivatives = closed(derivatives, inputs)
        return (derivatives, closed(aux, inputs)) if has_aux else derivatives

    return wrapped


def hessian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """A function that gives the second derivatives of f's results for the arguments numbered `argnums`.

    For a result of shape (…) and an argument of shape (…'), they have shape (…, …', …').

    Example:
        >>> import rutile as rt
        >>> rt.hessian(lambda x: (x * x * x).sum())(rt.tensor([1.0, 2.0])).tolist()
        [[6.0, 0.0], [0.0, 12.0]]
    """
    return jacrev(jacrev(f, argnums), argnums)


def hvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The second derivatives of f, which gives one element, at `primals`, times the vector `tangents`.

    Both are tuples of arguments; so is the result, unless there is one argument alone. The matrix is never built.

    Raises:
        ShapeError: f gives more than one element.

    Example:
        >>> import rutile as rt
        >>> rt.hvp(lambda x: (x * x * x).sum(), (rt.tensor([1.0, 2.0]),), (rt.tensor([1.0, 10.0]),)).tolist()
        [6.0, 120.0]
    """
    numbers = range(len(primals))
    with enable_grad():
        traced, inputs = trace(primals, numbers)
        value = f(*traced)
        if not tree.is_tensor(value) or value.size != 1:
            got = f"shape {value.shape}" if tree.is_tensor(value) else type(value).__name__
            raise ShapeError(f"hvp needs a function that gives one element, got {got}")
        directions = matching("hvp", "tangents", tuple(traced), tuple(tangents))
        gradients = filled(_core.gradients_if_any([value], [None], inputs), inputs)
        pairs = [(g, v) for g, v in zip(gradients, directions, strict=True) if v is not None]
        products = _core.gradients_if_any([g for g, _ in pairs], [v for _, v in pairs], inputs)
    result = chosen(primals, numbers, _core.closed(filled(products, inputs), inputs))
    return result[0] if len(primals) == 1 else result


def _basis(x: Tensor) -> Tensor:
    """Every tensor of x's shape that is one in one place and zero elsewhere: (x.size, …)."""
    place = _core.iota(x.size, x.device)
    rows = _core.reshape(place, [x.size, 1]) == place
    return _core.reshape(_core.cast(rows, x.dtype_name), [x.size, *x.shape])


def _results(op: str, result: Any) -> Any:
    for leaf in tree.leaves(result):
        if not tree.is_tensor(leaf):
            raise ArgumentError(f"{op} needs a function that returns tensors, got {type(leaf).__name__}")
    return result
