"""State that layers change while they compute, such as running means: evaluated together with what is asked for next.

Without this, a value that nobody reads, such as a running mean, would wait from step to step and hold every step's
results until somebody does.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from rutile import _core

if TYPE_CHECKING:
    from rutile.tensor import Tensor

_MOST = 1024
"""Changes that may wait: a loop that never evaluates anything else then evaluates these."""

_changed: list[weakref.ref[Tensor]] = []


def change(tensor: Tensor, value: Tensor) -> None:
    """Bind `tensor` to `value`, to be computed by the next `rutile.eval` or optimizer step."""
    tensor.assign_(value)
    _changed.append(weakref.ref(tensor))
    if len(_changed) >= _MOST:
        _core.eval(take())


def take() -> list[Tensor]:
    """Return the tensors changed since the last call that are still there."""
    references = _changed.copy()
    del _changed[: len(references)]
    tensors = {id(tensor): tensor for reference in references if (tensor := reference()) is not None}
    return list(tensors.values())
