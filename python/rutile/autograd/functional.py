"""Derivatives of functions at a point, under PyTorch's names: `torch.autograd.functional`.

`inputs` and `v` are a tensor or a tuple of tensors; results that belong to them are alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rutile.errors import GradientError
from rutile.transforms import gradients, jacobians, tree

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]


def jacobian(func: Callable[..., Any], inputs: Any, create_graph: bool = False, **ignored: Any) -> Any:
    """The derivatives of func's results for its inputs: (…, …') for a result of shape (…) and an input of shape (…').

    With `create_graph`, they can be differentiated for the inputs; PyTorch's other options change nothing here.

    Example:
        >>> import rutile as rt
        >>> rt.autograd.functional.jacobian(lambda x: x * x, rt.tensor([1.0, 2.0])).tolist()
        [[2.0, 0.0], [0.0, 4.0]]
    """
    return _at(jacobians.jacrev, func, inputs, create_graph)


def hessian(func: Callable[..., Any], inputs: Any, create_graph: bool = False, **ignored: Any) -> Any:
    """The second derivatives of func, which gives one element, for its inputs.

    Example:
        >>> import rutile as rt
        >>> rt.autograd.functional.hessian(lambda x: (x * x * x).sum(), rt.tensor([1.0, 2.0])).tolist()
        [[6.0, 0.0], [0.0, 12.0]]
    """
    return _at(jacobians.hessian, func, inputs, create_graph)


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """func's result, and the gradients of result · v for the inputs; v may be left out for a result of one element.

    Example:
        >>> import rutile as rt
        >>> y, slopes = rt.autograd.functional.vjp(lambda x: x * x, rt.tensor([1.0, 2.0]), rt.tensor([1.0, 10.0]))
        >>> slopes.tolist()
        [2.0, 40.0]
    """
    points = _points(inputs, create_graph)
    result, pull = gradients.vjp(func, *points)
    if v is None:
        from rutile.creation import ones_like

        if not tree.is_tensor(result) or result.size != 1:
            raise GradientError("vjp needs v for a result of more than one element")
        v = ones_like(result)
    return result, _like(inputs, pull(v))


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """func's result, and its derivative along v.

    Example:
        >>> import rutile as rt
        >>> y, slope = rt.autograd.functional.jvp(lambda x: x * x, rt.tensor([1.0, 2.0]), rt.tensor([1.0, 10.0]))
        >>> slope.tolist()
        [2.0, 40.0]
    """
    points = _points(inputs, create_graph)
    return gradients.jvp(func, points, _directions("jvp", points, v))  # type: ignore[return-value]


def hvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """func's value, of one element, and its second derivatives times the vector v.

    Example:
        >>> import rutile as rt
        >>> value, product = rt.autograd.functional.hvp(
        ...     lambda x: (x * x * x).sum(), rt.tensor([1.0, 2.0]), rt.tensor([1.0, 10.0])
        ... )
        >>> product.tolist()
        [6.0, 120.0]
    """
    points = _points(inputs, create_graph)
    product = jacobians.hvp(func, points, _directions("hvp", points, v))
    return func(*points), product


def vhp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """func's value, of one element, and the vector v times its second derivatives: as `hvp`, as they are symmetric.

    Example:
        >>> import rutile as rt
        >>> value, product = rt.autograd.functional.vhp(lambda x: (x * x).sum(), rt.tensor([1.0]), rt.tensor([3.0]))
        >>> product.tolist()
        [6.0]
    """
    return hvp(func, inputs, v, create_graph)


def _points(inputs: Any, create_graph: bool) -> tuple[Any, ...]:
    points = (inputs,) if tree.is_tensor(inputs) else tuple(inputs)
    return points if create_graph else tuple([x.detach() for x in points])


def _directions(op: str, points: tuple[Any, ...], v: Any) -> tuple[Any, ...]:
    if v is not None:
        return (v,) if tree.is_tensor(v) else tuple(v)
    if len(points) != 1 or points[0].size != 1:
        raise GradientError(f"{op} needs v for inputs of more than one element")
    from rutile.creation import ones_like

    return (ones_like(points[0]),)


def _like(inputs: Any, results: tuple[Any, ...]) -> Any:
    return results[0] if tree.is_tensor(inputs) else results


def _at(transform: Callable[..., Any], func: Callable[..., Any], inputs: Any, create_graph: bool) -> Any:
    points = _points(inputs, create_graph)
    return transform(func, 0 if tree.is_tensor(inputs) else range(len(points)))(*points)
