"""rutile.compile: a function whose calls are recorded, and then replayed without running its Python."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

from rutile import _core
from rutile.devices import eval
from rutile.transforms.assumptions import Assumptions, Seen, Unsupported

_MOST_FORMS = 8
"""Kinds of calls that are remembered, ready for replay or waiting for a second call of theirs."""

_MOST_FAILURES = 4


def compile(function: Callable[..., Any]) -> Compiled:
    """A function that gives what `function` gives, and after a few calls no longer runs its Python.

    The first call shows which code runs; the next two are recorded, and must agree. Later calls with arguments of the same
    structure, shapes, dtypes and devices check what the recording assumes, and run the recorded plans: one for a
    training step. Parameters, optimizer state, gradients, running statistics and random generators are left as `function`
    would have left them. What it reads may change between calls: learning rates and other settings of optimizers are
    followed; attributes, globals, closures, lists and dicts are checked, and a call that finds them changed runs
    `function` again. So does a call while somebody else holds a value that a replay would overwrite.

    A function that reads a value (`item()`, `if` on a tensor), makes tensors of host data, changes Python objects, or
    returns something with a history for gradients goes on to run as it is; `reason` then says why.

    Not noticed, as nothing shows them: printing and other effects outside Python's objects; what files, clocks, iterators
    and objects of C extensions would say next; methods that are exchanged in a class of an installed package.

    Example:
        >>> import rutile as rt
        >>> weight = rt.tensor([4.0], requires_grad=True)
        >>> optimizer = rt.optim.SGD([weight], lr=0.25)
        >>> @rt.compile
        ... def step(x):
        ...     optimizer.zero_grad()
        ...     loss = (weight * x).square().sum()
        ...     loss.backward()
        ...     optimizer.step(also=(loss,), keep_grads=False)
        ...     return loss
        >>> [step(rt.ones((1,))).item() for _ in range(5)]
        [16.0, 4.0, 1.0, 0.25, 0.0625]
        >>> step.replays, step.reason
        (2, None)
    """
    return Compiled(function)


class Compiled:
    """What `rutile.compile` returns.

    `replays` counts the calls that ran no Python of the function; `reason` says why the last recording could not be
    replayed, None if it could.
    """

    def __init__(self, function: Callable[..., Any], warns: bool = True) -> None:
        functools.update_wrapper(self, function, updated=())
        self.reason: str | None = None
        self.replays = 0
        self._function = function
        self._warns = warns
        self._ready: list[_core.Template] = []
        self._drafts: list[_core.Template] = []
        self._seen = Seen()
        self._failures = 0
        self._wait = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = _core.replay(self._ready, args, kwargs)
        if result is NotImplemented:
            return self._run(args, kwargs)
        self.replays += 1
        return result

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        return self if owner is None else functools.partial(self, owner)

    def _run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the function, and record the call if that may help later ones."""
        if self._failures >= _MOST_FAILURES or _core.is_tracing():
            return self._function(*args, **kwargs)
        if self._wait or any(template.fits(args, kwargs) for template in self._ready):
            self._wait -= self._wait > 0
            return self._function(*args, **kwargs)
        if not self._seen.globals:
            return self._seen.profile(lambda: self._function(*args, **kwargs))[0]
        try:
            assumed = Assumptions(self._function, _core.Arguments(args, kwargs).objects(), self._seen)
        except Unsupported as reason:
            self._fail(str(reason))
            return self._function(*args, **kwargs)
        self._ready = [template for template in self._ready if not template.outdated(assumed.tensors)]
        self._drafts = [template for template in self._drafts if not template.outdated(assumed.tensors)]
        drafts = [draft for draft in self._drafts if draft.fits(args, kwargs)]
        parts = (eval, assumed.tensors, assumed.guards, assumed.generators)
        (result, template), more = self._seen.profile(lambda: _core.record(self._function, args, kwargs, *parts))
        if more:
            # The assumptions were found without knowing all code that runs.
            return result
        if isinstance(template, str):
            self._fail(template)
        elif drafts:
            self._drafts = [draft for draft in self._drafts if draft not in drafts]
            self._compare(drafts[-1], template)
        else:
            self._drafts.append(template)
            if len(self._drafts) > _MOST_FORMS:
                self._drafts.clear()
                self._fail("its arguments, or what it refers to, are different at each call")
        return result

    def _compare(self, draft: _core.Template, template: _core.Template) -> None:
        """Have calls replayed if two recordings agree."""
        reason = draft.differs(template)
        if reason is not None:
            self._drafts.append(template)
            self._fail(reason)
            return
        self._ready.append(template)
        self.reason = None
        if len(self._ready) > _MOST_FORMS:
            del self._ready[0]
            self._fail("its arguments, or what it refers to, come in too many forms")

    def _fail(self, reason: str) -> None:
        self.reason = reason
        self._failures += 1
        self._wait = 2**self._failures
        if self._failures == _MOST_FAILURES:
            # What can be replayed still is.
            self._drafts.clear()
            if self._warns:
                name = getattr(self._function, "__qualname__", type(self._function).__name__)
                warnings.warn(f"rutile.compile runs {name} as it is: {reason}", stacklevel=4)
