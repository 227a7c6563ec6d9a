"""LossWindow: the losses of the last steps, kept on the device and read together."""

from __future__ import annotations

import math

import rutile as rt
from rutile.errors import NonFiniteLossError

__all__ = ["LossWindow"]


class LossWindow:
    """Hold up to `capacity` losses in one tensor, so that reading them is one copy and no step waits for the device.

    >>> window = LossWindow(2, device="cpu")
    >>> rt.eval(window.shift_in(rt.tensor(0.5)))
    >>> window.count()
    >>> window.read(last_step=1)
    [0.5]
    """

    def __init__(self, capacity: int, device: str) -> None:
        self._values = rt.zeros((capacity,), device=device)
        self._count = 0
        self._capacity = capacity
        rt.eval(self._values)

    @property
    def full(self) -> bool:
        """True when the next loss needs a `read` first."""
        return self._count == self._capacity

    def shift_in(self, loss: rt.Tensor) -> rt.Tensor:
        """Store a 0-d loss as the newest and return the tensor to evaluate in the step's plan; `count` it afterwards."""
        with rt.no_grad():
            newest = loss.detach().astype(rt.float32).reshape((1,))
            # By position, not by count: every step has the same plan, and a compiled step no number to follow.
            return self._values.assign_(rt.concat([self._values[1:], newest]))

    def count(self) -> None:
        """Count a loss that was shifted in."""
        self._count += 1

    def read(self, last_step: int) -> list[float]:
        """Return the stored losses, oldest first, and empty the window; `last_step` is the step of the newest.

        Raises NonFiniteLossError naming the first step whose loss is NaN or infinite.
        """
        if not self._count:
            return []
        losses = self._values.numpy()[-self._count :].tolist()
        first = last_step - self._count + 1
        self._count = 0
        for offset, loss in enumerate(losses):
            if not math.isfinite(loss):
                before = f", after {losses[offset - 1]:.6g} the step before" if offset else ""
                raise NonFiniteLossError(
                    f"fit needs a finite loss, got {loss} at step {first + offset}{before}: "
                    f"lower the learning rate, or look for NaN in the data"
                )
        return losses
