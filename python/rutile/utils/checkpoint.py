"""`rutile.checkpoint` under the names of `torch.utils.checkpoint`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rutile.errors import ArgumentError
from rutile.transforms.checkpoint import checkpoint as _checkpoint

__all__ = ["checkpoint", "checkpoint_sequential"]


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """function(*args, **kwargs), of whose work nothing but arguments and results is kept: see `rutile.checkpoint`.

    PyTorch's options change nothing: random numbers are always the same.

    Example:
        >>> import rutile as rt
        >>> x = rt.ones((2,), dtype="float32").requires_grad_()
        >>> rt.utils.checkpoint.checkpoint(lambda x: x.exp() * x, x).sum().backward()
        >>> x.grad.shape
        (2,)
    """
    return _checkpoint(function)(*args, **kwargs)


def checkpoint_sequential(functions: Any, segments: int, input: Any, **options: Any) -> Any:
    """The functions, or a Sequential's layers, one after the other, in `segments` parts that are checkpointed each.

    Raises:
        ArgumentError: there are no functions, or more segments than functions.

    Example:
        >>> import rutile as rt
        >>> layers = [rt.nn.Linear(2, 2) for _ in range(4)]
        >>> rt.utils.checkpoint.checkpoint_sequential(layers, 2, rt.ones((1, 2))).shape
        (1, 2)
    """
    layers: Sequence[Any] = list(functions.children()) if hasattr(functions, "children") else list(functions)
    if not 1 <= segments <= len(layers):
        raise ArgumentError(f"checkpoint_sequential needs 1 to {len(layers)} segments, got {segments}")
    size = len(layers) // segments
    starts = [segment * size for segment in range(segments)]

    def run(part: Sequence[Any]) -> Callable[[Any], Any]:
        def forward(x: Any) -> Any:
            for layer in part:
                x = layer(x)
            return x

        return forward

    for start, end in zip(starts, [*starts[1:], len(layers)], strict=True):
        input = _checkpoint(run(layers[start:end]))(input)
    return input
