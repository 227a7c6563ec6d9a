"""Optimizer: the base class. A new optimizer is three methods: `init_state`, `numbers` and `update`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import rutile as rt
from rutile import _core
from rutile.errors import CheckpointError

__all__ = ["Group", "Numbers", "Optimizer", "State", "decayed", "filled", "refuse_negative", "zeros"]

State = dict[str, Any]
"""What an optimizer remembers of one parameter: Tensors of its shape and Python numbers."""

Group = dict[str, Any]
"""Parameters that share settings: {"params": [...], "lr": ..., ...}."""


Numbers = dict[str, Any]
"""What an update needs to know of a step, by name."""


class Optimizer:
    """Change parameters along their gradients; subclasses say how in `init_state`, `numbers` and `update`.

    `params` are Tensors, or groups `{"params": [...], "lr": ...}` whose settings override the optimizer's.
    Settings are run-time numbers: changing `lr` between steps builds no new plan.

    >>> weight = rt.tensor([1.0], requires_grad=True)
    >>> optimizer = rt.optim.SGD([weight], lr=0.5)
    >>> (weight * weight).sum().backward()
    >>> optimizer.step()
    >>> weight.tolist()
    [0.0]
    """

    def __init__(self, params: Iterable[rt.Tensor] | Iterable[Group], defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.param_groups: list[Group] = []
        self.state: dict[int, State] = {}
        if isinstance(params, rt.Tensor):
            raise TypeError(f"{type(self).__name__} needs an iterable of Tensors, got one Tensor: pass [tensor]")
        entries = list(params)
        if not entries:
            raise ValueError(f"{type(self).__name__} needs at least one parameter, got none: pass model.parameters()")
        for group in entries if isinstance(entries[0], dict) else [{"params": entries}]:
            self.add_param_group(group)  # pyright: ignore[reportArgumentType]

    def init_state(self, param: rt.Tensor, group: Group) -> State:
        """Return the state of a parameter that has not been updated yet."""
        raise NotImplementedError

    def numbers(self, group: Group, step: int) -> Numbers:
        """Return what `update` needs to know of a group's step: settings, and numbers made from them.

        `step` counts from 1, or is 0 where the state has no "step". Floats reach `update` as run-time numbers, which only
        operations with tensors take, so that compiled steps can follow them; of other values each has a plan of its own.
        """
        return {name: value for name, value in group.items() if name != "params"}

    def update(self, param: rt.Tensor, grad: rt.Tensor, state: State, numbers: Numbers) -> rt.Tensor:
        """Return the new value of `param` and change the tensors of `state`; `grad` has the shape of `param`."""
        raise NotImplementedError

    def add_param_group(self, group: Group) -> None:
        """Train further parameters: `{"params": [...]}` with settings that differ from the defaults."""
        params = group["params"]
        params = [params] if isinstance(params, rt.Tensor) else list(params)
        known = {id(param) for other in self.param_groups for param in other["params"]}
        for param in params:
            if not isinstance(param, rt.Tensor):
                raise TypeError(f"{type(self).__name__} needs Tensors as parameters, got {type(param).__name__}")
            if id(param) in known:
                raise ValueError(
                    f"{type(self).__name__} needs each parameter once, got one of shape {param.shape} twice"
                )
            known.add(id(param))
        unknown = group.keys() - self.defaults.keys() - {"params", "initial_lr"}
        if unknown:
            raise ValueError(
                f"{type(self).__name__} has no setting {', '.join(sorted(unknown))}: it has {', '.join(self.defaults)}"
            )
        # Evaluated now, as is their state later: the first step then has the plan of all others.
        rt.eval(*params)
        self.param_groups.append({**self.defaults, **group, "params": params})

    @property
    def lr(self) -> float:
        """Learning rate of the first group; setting it sets every group."""
        return self.param_groups[0]["lr"]

    @lr.setter
    def lr(self, value: float) -> None:
        for group in self.param_groups:
            group["lr"] = value

    def step(self, also: Sequence[rt.Tensor] = (), keep_grads: bool = True) -> None:
        """Update every parameter that has a gradient, and evaluate the result: one plan for the whole training step.

        `also` are further tensors to evaluate in that plan, such as the loss.
        `keep_grads=False` forgets the gradients first, so that the plan need not store them.
        Gradients through linear algebra that can fail are evaluated first, in a plan of their own.

        Raises LinAlgError, and changes nothing, when a matrix that the gradients go through has no factors or inverse.
        """
        if callable(also):
            raise TypeError(
                f"{type(self).__name__}.step needs tensors as also, got a function: call it before the step"
            )
        grads = [param.grad for _, param, _ in self._indexed()]
        if any(grad is not None and grad.can_fail for grad in grads):
            rt.eval(*[grad for grad in grads if grad is not None], *also)
        del grads
        changed: list[rt.Tensor] = []
        with rt.no_grad():
            for group, members in self._members():
                numbers = _core.step_numbers(self, group, [state for _, state in members])
                for param, state in members:
                    grad: Any = param.grad
                    former = _tensors(state)
                    value = self.update(param, -grad if group["maximize"] else grad, state, numbers)
                    # Half precision is updated in float32, which its state is in.
                    param.assign_(value if value.dtype is param.dtype else value.astype(param.dtype))
                    # The state's tensors stay the same objects, bound to their new values.
                    for name, tensor in former.items():
                        if state[name] is not tensor:
                            tensor.rebind(state[name])
                            state[name] = tensor
                    changed.append(param)
                    changed.extend(former.values())
                    if keep_grads:
                        changed.append(grad)
                    else:
                        param.grad = None
            grad = None
            rt.eval(*changed, *also)  # and running statistics that the layers changed

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradient of every parameter, or with `set_to_none=False` set it to zeros."""
        for _, param, _ in self._indexed():
            if set_to_none and param.requires_grad:
                param.grad = None
            elif param.grad is not None:
                param.grad.zero_()

    def state_dict(self) -> dict[str, Any]:
        """Return `{"state": {index: state}, "param_groups": [...]}`, parameters replaced by their index."""
        groups, first = [], 0
        for group in self.param_groups:
            count = len(group["params"])
            groups.append({**group, "params": list(range(first, first + count))})
            first += count
        return {"state": {index: _detached(state) for index, state in self.state.items()}, "param_groups": groups}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned; Tensors may also be NumPy arrays.

        Raises CheckpointError, and changes nothing, when the groups or the shapes are not this optimizer's.
        """
        name = f"{type(self).__name__}.load_state_dict"
        groups, got = self.param_groups, state["param_groups"]
        if [len(group["params"]) for group in got] != [len(group["params"]) for group in groups]:
            raise CheckpointError(
                f"{name} needs groups of {[len(group['params']) for group in groups]} parameters, "
                f"got {[len(group['params']) for group in got]}: make the optimizer for the model that was saved"
            )
        if any((set(theirs) ^ set(own)) - {"initial_lr"} for theirs, own in zip(got, groups, strict=True)):
            raise CheckpointError(
                f"{name} needs the settings {', '.join(self.defaults)}, got {', '.join(got[0])}: use the same optimizer"
            )
        params = {index: (param, group) for index, param, group in self._indexed()}
        loaded = {}
        for key, entry in state["state"].items():
            param, group = params[int(key)]
            expected = self.init_state(param, group)
            if entry.keys() != expected.keys():
                raise CheckpointError(
                    f"{name} needs the state {list(expected)}, got {list(entry)}: use the same optimizer"
                )
            loaded[int(key)] = {part: _like(name, expected[part], value) for part, value in entry.items()}
        self.state = loaded
        for own, theirs in zip(groups, got, strict=True):
            own.update({setting: value for setting, value in theirs.items() if setting != "params"})

    def __repr__(self) -> str:
        groups = [", ".join(f"{key}={value}" for key, value in g.items() if key != "params") for g in self.param_groups]
        return f"{type(self).__name__}({'; '.join(groups)})"

    def _members(self) -> list[tuple[Group, list[tuple[rt.Tensor, State]]]]:
        """Return the parameters with a gradient and their states, by group and number of steps done."""
        members: dict[tuple[int, int], tuple[Group, list[tuple[rt.Tensor, State]]]] = {}
        for index, param, group in self._indexed():
            if param.grad is None:
                continue
            state = self.state.get(index)
            if state is None:
                state = self.state[index] = self.init_state(param, group)
                # Alone: running statistics that the layers changed belong to the step's own plan.
                _core.eval(list(_tensors(state).values()))
            members.setdefault((id(group), state.get("step", 0)), (group, []))[1].append((param, state))
        return list(members.values())

    def _indexed(self) -> Iterable[tuple[int, rt.Tensor, Group]]:
        index = 0
        for group in self.param_groups:
            for param in group["params"]:
                yield index, param, group
                index += 1


def refuse_negative(name: str, settings: Mapping[str, float]) -> None:
    """Raise ValueError for a setting of an optimizer below 0."""
    if any(value < 0 for value in settings.values()):
        got = ", ".join(str(value) for value in settings.values())
        raise ValueError(f"{name} needs {', '.join(settings)} >= 0, got {got}")


def zeros(param: rt.Tensor, *names: str) -> State:
    """Return zeros of a parameter's shape, by name, in its dtype or in float32 if that is finer."""
    return {name: filled(param, 0.0) for name in names}


def filled(param: rt.Tensor, value: float, shape: tuple[int, ...] | None = None) -> rt.Tensor:
    """Return a number in a parameter's or another shape, in the parameter's dtype or in float32 if that is finer."""
    return rt.full(
        param.shape if shape is None else shape,
        value,
        dtype=rt.result_type(param.dtype, rt.float32),
        device=param.device,
    )


def decayed(param: rt.Tensor, grad: rt.Tensor, numbers: Numbers) -> rt.Tensor:
    """Return the gradient with the parameter's weight decay added to it, if there is one."""
    return grad if numbers["weight_decay"] is None else grad + param * numbers["weight_decay"]


def _tensors(state: State) -> dict[str, rt.Tensor]:
    return {name: value for name, value in state.items() if isinstance(value, rt.Tensor)}


def _detached(state: State) -> State:
    return {name: value.detach() if isinstance(value, rt.Tensor) else value for name, value in state.items()}


def _like(name: str, expected: Any, value: Any) -> Any:
    """Return `value` with the type of `expected`; for a Tensor, on its device."""
    if not isinstance(expected, rt.Tensor):
        return type(expected)(value)
    if tuple(value.shape) != expected.shape:
        raise CheckpointError(
            f"{name} needs state of shape {expected.shape}, got {tuple(value.shape)}: use the same model"
        )
    return rt.tensor(value, dtype=expected.dtype, device=expected.device)
