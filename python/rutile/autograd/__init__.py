"""Gradients under PyTorch's names: `backward`, `grad`, `Function`, `functional`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rutile import _core
from rutile.autograd import functional
from rutile.autograd.checks import gradcheck, gradgradcheck
from rutile.errors import ArgumentError, GradientError
from rutile.tensor import Tensor
from rutile.transforms.custom import Function
from rutile.transforms.gradients import filled
from rutile.transforms.modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from rutile.transforms.vectorise import vmap

__all__ = [
    "Function",
    "backward",
    "enable_grad",
    "functional",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "inference_mode",
    "no_grad",
    "set_grad_enabled",
]

Tensors = Tensor | Sequence[Tensor]
Gradients = Tensor | Sequence[Tensor | None] | None


def backward(
    tensors: Tensors,
    grad_tensors: Gradients = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensors | None = None,
) -> None:
    """Adds d(Σ tensors · grad_tensors)/d(leaf) to `.grad` of every leaf with requires_grad=True, or of `inputs` alone.

    Raises:
        GradientError: a tensor depends on nothing that requires a gradient, or its graph has been released.

    Example:
        >>> import rutile as rt
        >>> x = rt.tensor(3.0, requires_grad=True)
        >>> rt.autograd.backward([x * x, x * 2.0])
        >>> x.grad.item()
        8.0
    """
    roots = _listed(tensors)
    leaves = None if inputs is None else _listed(inputs)
    retain = create_graph if retain_graph is None else retain_graph
    _core.backward(roots, _seeds("backward", roots, grad_tensors), retain, create_graph, leaves)


def grad(
    outputs: Tensors,
    inputs: Tensors,
    grad_outputs: Gradients = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """Gradients of Σ outputs · grad_outputs for each of the inputs, which may be any tensors on the way; no `.grad` changes.

    Args:
        retain_graph: accepted and not needed: the graph stays as long as somebody holds its results.
        only_inputs: accepted, and always so.
        create_graph: record how the gradients are computed, so that they can be differentiated.
        allow_unused: give None for inputs that no output depends on, instead of an error.
        is_grads_batched: grad_outputs have a batch as their first axis, and so have the gradients.
        materialize_grads: give zeros for inputs that no output depends on.

    Raises:
        GradientError: an output depends on nothing that requires a gradient, or an input is not used.

    Example:
        >>> import rutile as rt
        >>> x = rt.tensor(3.0, requires_grad=True)
        >>> (slope,) = rt.autograd.grad(x * x * x, x, create_graph=True)
        >>> rt.autograd.grad(slope, x)[0].item()
        18.0
    """
    roots, leaves = _listed(outputs), _listed(inputs)
    seeds = _seeds("grad", roots, grad_outputs)
    for x in [*roots, *leaves]:
        if not x.requires_grad:
            raise GradientError("grad needs outputs and inputs that require gradients, got one that does not")

    unused: list[bool] = []

    def found(*seeds: Any) -> tuple[Tensor, ...]:
        with enable_grad() if create_graph else no_grad():
            gradients = _core.gradients_if_any(roots, list(seeds), leaves)
        unused[:] = [gradient is None for gradient in gradients]
        return tuple(filled(gradients, leaves))

    gradients = vmap(found, randomness="same")(*seeds) if is_grads_batched else found(*seeds)
    if any(unused) and allow_unused is False and materialize_grads:
        raise ArgumentError("grad needs allow_unused other than False beside materialize_grads=True")
    if any(unused) and not (allow_unused or materialize_grads):
        places = ", ".join(str(place) for place, missing in enumerate(unused) if missing)
        raise GradientError(
            f"grad needs inputs that the outputs depend on, got others at {places}: pass allow_unused=True or "
            "materialize_grads=True"
        )
    if materialize_grads:
        return gradients
    return tuple([None if missing else g for g, missing in zip(gradients, unused, strict=True)])


def _listed(tensors: Any) -> list[Tensor]:
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _seeds(op: str, roots: list[Tensor], gradients: Gradients) -> list[Any]:
    seeds = [None] * len(roots) if gradients is None else _listed(gradients)
    if len(seeds) != len(roots):
        raise GradientError(f"{op} needs one gradient for each of {len(roots)} results, got {len(seeds)}")
    return seeds
