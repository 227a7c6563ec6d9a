"""rutile.compile against the plain function, bit for bit, while what the function depends on changes between calls."""

from __future__ import annotations

import gc
import itertools
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile import nn
from rutile.nn import functional

CALLS = 9
SCALE = 1.0


class Settings:
    smoothing = 0.0


class World:
    """A network, its optimizer and a batch, and Python state that steps depend on."""

    def __init__(self, device: str, *layers: nn.Module, **settings: Any) -> None:
        rt.random.seed(3)
        self.device = device
        generator = np.random.default_rng(0)
        self.model = nn.Sequential(nn.Linear(3, 4), *(layers or (nn.ReLU(),)), nn.Linear(4, 2))
        for parameter in self.model.parameters():
            value = generator.standard_normal(parameter.shape).astype(np.float32)
            parameter.assign_(rt.tensor(value, device=parameter.device))
        self.model.to(device)
        self.optimizer: Any = rt.optim.AdamW(self.model.parameters(), **{"lr": 0.05, **settings})
        self.x = rt.tensor(generator.standard_normal((5, 3)).astype(np.float32), device=device)
        self.y = rt.tensor(np.array([0, 1, 1, 0, 1], np.int32), device=device)
        self.scale, self.scales, self.options = 1.0, [1.0], {"scale": 1.0}
        self.rest = self.x.mean(axis=0).detach().requires_grad_()
        self.rest_optimizer: Any = rt.optim.SGD([self.rest], lr=0.1, momentum=0.9, dampening=0.5)
        self.kept: list[Any] = []
        self.generator = rt.random.Generator(5)
        self.calls = itertools.count()
        self.count = 0

    def loss(self, x: rt.Tensor, y: rt.Tensor) -> rt.Tensor:
        next(self.calls)
        return functional.cross_entropy(self.model(x), y)

    def update(self, loss: rt.Tensor, **options: Any) -> rt.Tensor:
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step(also=(loss,), **options)
        return loss

    def step(self, x: rt.Tensor, y: rt.Tensor) -> Any:
        return self.update(self.loss(x, y), keep_grads=False)

    def state(self) -> list[Any]:
        """Everything that a step may leave behind."""
        parameters = list(self.model.parameters())
        arrays = [self.rest, *self.model.state_dict().values(), *(p.grad for p in parameters if p.grad is not None)]
        arrays += [value for state in self.optimizer.state.values() for value in state.values()]
        return [*bits([*arrays, *self.kept]), rt.random.get_state(), self.generator.get_state()]


def bits(result: Any) -> list[Any]:
    """Tensors as bytes, through containers."""
    if isinstance(result, rt.Tensor):
        return [(result.shape, result.numpy().tobytes())]
    if isinstance(result, dict):
        return [(key, bits(value)) for key, value in result.items()]
    if isinstance(result, list | tuple):
        return [type(result).__name__, *(part for item in result for part in bits(item))]
    return [result]


def batch(world: World, call: int) -> tuple[Any, ...]:
    return world.x, world.y


@dataclass
class Row:
    """A step, what happens before some calls, and how many calls are replayed."""

    step: Callable[..., Any] = World.step
    changes: dict[int, Callable[[World], Any]] = field(default_factory=dict)
    arguments: Callable[[World, int], tuple[Any, ...]] = batch
    layers: Callable[[], tuple[nn.Module, ...]] = tuple
    settings: dict[str, Any] = field(default_factory=dict)
    replays: int = CALLS - 3
    reason: str | None = None


def scaled(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    return world.update(world.loss(x, y) * world.scale * world.scales[-1] * world.options["scale"])


def scaled_globally(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    return world.update(world.loss(x, y) * SCALE + Settings.smoothing)


def accumulating(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    world.loss(x, y).backward()
    return None


def in_containers(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    loss = world.step(x, y)
    return {"loss": loss, "twice": (loss.detach() * 2, [x, 3, None])}


def noisy(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    noise = world.generator.normal(x.shape, device=x.device)
    return world.update(world.loss(x + noise + rt.random.uniform(x.shape, device=x.device), y))


def with_transforms(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    slopes = rt.grad(lambda x: rt.vmap(lambda row: (row * row).sum())(x).sum())(x)
    return world.step(x + slopes, y), rt.checkpoint(lambda x: x.sin())(x).detach()


def two_updates(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    return world.step(x, y), world.step(x * 2.0, y)


def two_optimizers(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    first = world.step(x, y)
    rest = (world.rest - x).square().sum()
    rest.backward()
    world.rest_optimizer.step(also=(rest,), keep_grads=False)
    return first, rest


def lr_read(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    return world.update(world.loss(x, y) * world.optimizer.lr)


def reading(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    loss = world.step(x, y)
    return loss if loss.item() > 0.5 else loss * 2


def counting(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    world.count += 1
    return world.update(world.loss(x, y) * (world.count % 2))


def from_host(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    return world.step(x + rt.tensor(np.ones(3, np.float32), device=x.device), y)


def hidden(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    return world.step(x * float(next(world.calls)), y)


def forward(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    return world.loss(x, y)


def in_place(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    with rt.no_grad():
        x.add_(y * 2.0)
        return x * 1.0, y * 1.0


def numbered(world: World, x: rt.Tensor, y: rt.Tensor, factor: float) -> Any:
    return world.update(world.loss(x * factor, y))


def nested(world: World, x: rt.Tensor, y: rt.Tensor) -> Any:
    return world.step(rt.compile(lambda x: x * 2.0)(x), y)


def doubled(grad: rt.Tensor) -> rt.Tensor:
    return grad * 2.0


def set_global(value: float) -> Callable[[World], None]:
    def change(world: World) -> None:
        global SCALE
        SCALE = value

    return change


def set_lr(value: float) -> Callable[[World], None]:
    return lambda world: setattr(world.optimizer, "lr", value)


def replace_weight(world: World) -> None:
    world.model[0].weight = nn.Parameter(world.model[0].weight.numpy() * 2.0).to(world.device).detach().requires_grad_()


def keep_weight(world: World) -> None:
    world.kept.append(world.model[0].weight.detach())


def reload(world: World) -> None:
    world.optimizer.load_state_dict(world.optimizer.state_dict())


def shorter(world: World, call: int) -> tuple[Any, ...]:
    rows = 2 if call in (3, 6, 7, 8) else 5
    return world.x[:rows], world.y[:rows]


def same_twice(world: World, call: int) -> tuple[Any, ...]:
    x, y = world.x * 1.0, world.x * 0.5
    return (x, x) if call > 4 else (x, y)


def weight_as_argument(world: World, call: int) -> tuple[Any, ...]:
    return (world.model[0].weight if call > 4 else world.x[:4], world.y[:4])


def wrong_class(world: World, call: int) -> tuple[Any, ...]:
    return world.x, world.y + (100 if call == 6 else 0)


def dropout() -> tuple[nn.Module, ...]:
    return (nn.Dropout(0.5),)


def norm() -> tuple[nn.Module, ...]:
    return (nn.BatchNorm1d(4),)


ROWS = {
    "as it is": Row(),
    "lr changed": Row(changes={5: set_lr(0.5), 7: set_lr(0.0)}),
    "lr follows a schedule": Row(changes={call: set_lr(1.0 / (call + 1)) for call in range(CALLS)}),
    "betas changed": Row(changes={5: lambda w: w.optimizer.param_groups[0].update(betas=[0.5, 0.6])}),
    "weight decay off": Row(
        settings={"weight_decay": 0.1},
        changes={5: lambda w: w.optimizer.param_groups[0].update(weight_decay=0)},
        replays=4,
    ),
    "maximize": Row(changes={5: lambda w: w.optimizer.param_groups[0].update(maximize=True)}, replays=3),
    "lr read in the step": Row(lr_read, changes={5: set_lr(0.5)}, replays=4),
    "state loaded": Row(changes={5: reload}, replays=4),
    "dropout": Row(layers=dropout),
    "seed reset": Row(layers=dropout, changes={5: lambda w: rt.random.seed(3)}),
    "generators": Row(noisy, changes={6: lambda w: w.generator.seed(5)}),
    "eval and back": Row(
        layers=dropout, changes={5: lambda w: w.model.eval(), 8: lambda w: w.model.train()}, replays=3
    ),
    "running statistics": Row(layers=norm),
    "parameter replaced": Row(changes={5: replace_weight}, replays=3),
    "parameter changed": Row(changes={5: lambda w: w.model[0].bias.assign_(w.model[0].bias * 2.0)}),
    "parameter frozen": Row(changes={5: lambda w: w.model[0].bias.requires_grad_(False)}, replays=4),
    "layer replaced": Row(changes={5: lambda w: setattr(w.model, "1", nn.Tanh())}, replays=3),
    "old value held": Row(changes={5: keep_weight, 7: keep_weight}, replays=4),
    "hook added": Row(changes={5: lambda w: w.model[0].bias.register_hook(doubled)}, replays=2, reason="doubled"),
    "attribute changed": Row(scaled, changes={5: lambda w: setattr(w, "scale", 3.0)}, replays=4),
    "attribute that is not read": Row(scaled, changes={5: lambda w: setattr(w, "count", 3)}),
    "list changed": Row(scaled, changes={5: lambda w: w.scales.append(3.0)}, replays=4),
    "dict changed": Row(scaled, changes={5: lambda w: w.options.update(scale=3.0)}, replays=4),
    "global changed": Row(scaled_globally, changes={5: set_global(3.0), 7: set_global(1.0)}, replays=4),
    "class attribute changed": Row(
        scaled_globally,
        changes={5: lambda w: setattr(Settings, "smoothing", 0.5), 8: lambda w: setattr(Settings, "smoothing", 0.0)},
        replays=4,
    ),
    "gradients kept": Row(lambda w, x, y: w.update(w.loss(x, y))),
    "gradients accumulated": Row(accumulating),
    "gradients accumulated, then forgotten": Row(
        accumulating, changes={6: lambda w: w.optimizer.zero_grad()}, replays=5
    ),
    "results in containers": Row(in_containers),
    "gradients and vmap inside": Row(with_transforms),
    "two updates": Row(two_updates, replays=0, reason="overwrites"),
    "two evaluations": Row(two_optimizers),
    "another shape": Row(arguments=shorter, replays=4),
    "arguments changed in place": Row(in_place, arguments=lambda w, call: (w.x * 1.0, w.x + 1.0)),
    "one tensor twice": Row(in_place, arguments=same_twice, replays=4),
    "a parameter as argument": Row(arguments=weight_as_argument, replays=4),
    "another number": Row(numbered, arguments=lambda w, call: (w.x, w.y, 2.0 if call > 4 else 1.0), replays=4),
    "index outside": Row(arguments=wrong_class, replays=CALLS - 4),
    "compiled inside": Row(nested, replays=CALLS - 4),
    "reads a value": Row(reading, replays=0, reason="reads a value"),
    "changes Python state": Row(counting, replays=0, reason="changes"),
    "makes a tensor of host data": Row(from_host, replays=0, reason="host data"),
    "uses a hidden number": Row(hidden, replays=0, reason="changes from call to call"),
    "leaves a history": Row(forward, replays=0, reason="history"),
}


def run(row: Row, device: str, compiles: bool) -> tuple[list[Any], Any, World]:
    """What each call gave and left behind."""
    world = World(device, *row.layers(), **row.settings)

    def step(*arguments: Any) -> Any:
        return row.step(world, *arguments)

    called = rt.compile(step) if compiles else step
    seen = []
    for call in range(CALLS):
        row.changes.get(call, lambda world: None)(world)
        try:
            result = called(*row.arguments(world, call))
        except IndexError as error:
            result = str(error)
        seen.append([bits(result), world.state()])
    return seen, called, world


@pytest.mark.filterwarnings("ignore:rutile.compile runs")
@pytest.mark.parametrize("name", ROWS)
def test_a_compiled_step_gives_what_the_step_gives(name: str):
    row = ROWS[name]
    (plain, _, _), (compiled, called, world) = run(row, "cpu", False), run(row, "cpu", True)
    for call, (expected, got) in enumerate(zip(plain, compiled, strict=True)):
        assert got == expected, f"call {call}"
    assert called.replays == row.replays, called.reason
    if row.reason is not None:
        assert row.reason in called.reason
    elif row.step is World.step:
        assert next(world.calls) <= CALLS - row.replays


@pytest.mark.parametrize(
    "name", ["as it is", "lr follows a schedule", "dropout", "running statistics", "old value held"]
)
def test_compiled_steps_on_a_gpu(name: str):
    row = ROWS[name]
    (plain, _, _), (compiled, called, _) = run(row, "gpu", False), run(row, "gpu", True)
    assert compiled == plain
    assert called.replays == row.replays, called.reason


def test_a_replay_plans_and_builds_nothing():
    world = World("null")
    step = rt.compile(world.step)
    for _ in range(4):
        step(world.x, world.y)
    rt.reset_stats("null")
    step(world.x, world.y)
    replayed = rt.stats("null")
    rt.reset_stats("null")
    world.step(world.x, world.y)
    assert rt.stats("null") == replayed
    assert (step.replays, replayed["plans_built"]) == (2, 0)


def test_an_exception_inside_leaves_the_function_usable():
    world = World("cpu")

    @rt.compile
    def step(x: rt.Tensor, y: rt.Tensor) -> rt.Tensor:
        if world.scale < 0:
            raise ValueError("negative")
        return world.step(x, y)

    for call in range(7):
        world.scale = -1.0 if call in (2, 5) else 1.0
        if world.scale < 0:
            with pytest.raises(ValueError, match="negative"):
                step(world.x, world.y)
        else:
            step(world.x, world.y)
    assert step.replays == 2


@pytest.mark.filterwarnings("error")
def test_what_cannot_be_compiled_warns_once_with_the_reason():
    world = World("cpu")
    step = rt.compile(lambda: reading(world, world.x, world.y))
    with pytest.warns(UserWarning, match=r"rutile.compile runs .* as it is: it reads a value"):
        for _ in range(40):
            step()
    assert "item()" in (step.reason or "")
    step()


def test_code_that_the_garbage_collector_calls_is_not_taken_for_the_functions():
    world = World("cpu")
    gc.callbacks.append(lambda phase, info: world.kept)
    former = gc.get_threshold()
    gc.set_threshold(1)
    try:
        step = rt.compile(world.step)
        for _ in range(5):
            step(world.x, world.y)
    finally:
        gc.set_threshold(*former)
        gc.callbacks.pop()
    assert step.replays == 2, step.reason


def test_a_compiled_method_and_its_object_are_collected():
    world = World("cpu")
    world.kept = [rt.compile(world.step)]
    for _ in range(5):
        world.kept[0](world.x, world.y)
    assert world.kept[0].replays == 2
    gone = weakref.ref(world)
    del world
    gc.collect()
    assert gone() is None


def test_recording_and_replays_need_no_more_memory_than_the_step() -> None:
    def peak(form: Callable[[Callable[[], Any]], Callable[[], Any]]) -> float:
        weight = rt.zeros((1 << 20,), device="cpu", requires_grad=True)
        optimizer = rt.optim.Adam([weight], lr=0.1)

        def step() -> None:
            (weight * weight).sum().backward()
            optimizer.step(keep_grads=False)

        run = form(step)
        run()
        rt.reset_stats("cpu")
        for _ in range(CALLS):
            run()
        return rt.stats("cpu")["peak_bytes"]

    assert peak(rt.compile) <= peak(lambda step: step) + (1 << 20)
