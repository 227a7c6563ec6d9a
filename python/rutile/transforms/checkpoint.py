"""Memory for time: what a function computes on the way to its results is computed again for the gradients."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from rutile import _core
from rutile.transforms import tree


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function f, of whose work nothing but its arguments and results is kept for the gradients.

    When gradients need what f computed on the way, the plan computes it again, just before it is needed; f is not called
    again. So its random numbers are the same, and it may read values and change buffers. Put it around the blocks of a deep
    network: memory for activations then grows with the blocks' results alone, and a step takes about a third more work.

    Example:
        >>> import rutile as rt
        >>> block = rt.checkpoint(lambda x: (x.sin() * 2.0).exp())
        >>> rt.grad(lambda x: block(block(x)).sum())(rt.zeros((2,))).tolist()
        [11.63..., 11.63...]
    """

    if not callable(f):
        raise TypeError(f"checkpoint needs a function, got {type(f).__name__}: call checkpoint(f)(*arguments)")

    @functools.wraps(f)
    def wrapped(*arguments: Any, **keywords: Any) -> Any:
        oldest = _core.next_id()
        result = f(*arguments, **keywords)
        return tree.with_tensors(result, _core.checkpoint(tree.tensors(result), oldest))

    return wrapped
