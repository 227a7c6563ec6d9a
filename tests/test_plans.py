"""What the scheduler promises: pinned kernel counts, nothing computed twice, nothing planned twice."""

from __future__ import annotations

import functools
import json
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import rutile as rt
from networks import golden_trainer, small_trainer
from rutile import _core, nn
from rutile.nn import functional

Plan = dict[str, Any]


def plan_of(*tensors: rt.Tensor) -> Plan:
    """The plan that evaluating the tensors would run."""
    return json.loads(_core.plan_json(list(tensors)))


def kinds(plan: Plan) -> list[str]:
    """The kind of each launch, in order."""
    of_kernel = [k["kind"] if isinstance(k["kind"], str) else next(iter(k["kind"])) for k in plan["kernels"]]
    return [of_kernel[launch["kernel"]] for launch in plan["launches"]]


def levels(value: Any) -> list[int]:
    """The number of levels of each view in a plan, or in a part of one."""
    if isinstance(value, dict):
        own = [len(value["levels"])] if "levels" in value else []
        return own + [n for part in value.values() for n in levels(part)]
    return [n for part in value for n in levels(part)] if isinstance(value, list) else []


def byte_size(specs: list[dict[str, Any]]) -> int:
    """Bytes of a plan's buffers; a bool on the null device counts as one byte, all else as four."""
    return sum(spec["len"] * (1 if spec["dtype"] == "Bool" else 4) for spec in specs)


@pytest.fixture
def step_plans(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """Collects the plan of whatever `rutile.eval` evaluates, which it then evaluates."""
    plans: list[Plan] = []
    evaluate = rt.eval

    def recording(*tensors: rt.Tensor) -> None:
        plans.append(plan_of(*tensors))
        evaluate(*tensors)

    monkeypatch.setattr(rt, "eval", recording)
    return plans


def zeros(*shape: int) -> rt.Tensor:
    tensor = rt.zeros(shape, device="null")
    rt.eval(tensor)
    return tensor


@contextmanager
def unfused(device: str) -> Iterator[None]:
    former = _core.set_fuse(False, device)
    try:
        yield
    finally:
        _core.set_fuse(former, device)


def classes(n: int) -> rt.Tensor:
    tensor = rt.zeros((n,), dtype="int32", device="null")
    rt.eval(tensor)
    return tensor


def added(terms: Iterable[rt.Tensor]) -> rt.Tensor:
    return functools.reduce(operator.add, terms)


def recurrence(x: rt.Tensor, w: rt.Tensor) -> rt.Tensor:
    h = rt.zeros(x.shape[1:], device=x.device)
    for part in rt.unstack(x):
        h = (part + h @ w).tanh()
    return h


def pooled(x: rt.Tensor, w: rt.Tensor, b: rt.Tensor) -> rt.Tensor:
    return functional.max_pool2d(functional.relu(functional.conv2d(x, w, b, padding=1)), 2)


def slope(f: Callable[[rt.Tensor], rt.Tensor], *shape: int) -> rt.Tensor:
    """The gradient of a weighted sum of what f gives."""
    x = zeros(*shape).requires_grad_()
    y = f(x)
    (y * zeros(*y.shape) if y.ndim else y).sum().backward()
    assert x.grad is not None
    return x.grad


def split_product(x: rt.Tensor) -> rt.Tensor:
    """As attention does: three parts of a product, each with its own arrangement."""
    a, b, c = rt.unbind((x @ zeros(12, 24)).reshape(2, 4, 3, 8).permute(2, 0, 3, 1))
    return a * b + b * c


FUSION: dict[str, tuple[Callable[[], rt.Tensor], list[str]]] = {
    "elementwise chain": (lambda: (zeros(64, 32) * 2.0 + 1.0).relu().exp(), ["Map"]),
    "views cost nothing": (lambda: zeros(6, 4).T.reshape(8, 3)[1:, ::2].flip(0) + 1.0, ["Map"]),
    "product, bias, relu and sum": (
        lambda: ((zeros(64, 32) @ zeros(32, 16) + zeros(16)).relu() * 2.0).sum(),
        ["Contract", "Reduce"],
    ),
    "product, bias and relu": (lambda: (zeros(64, 32) @ zeros(32, 16) + zeros(16)).relu() * 2.0, ["Contract"]),
    "linear and relu": (lambda: functional.linear(zeros(64, 32), zeros(16, 32), zeros(16)).relu(), ["Contract"]),
    "transposed result": (lambda: (zeros(64, 32) @ zeros(32, 16)).T + 1.0, ["Contract"]),
    "batched product": (lambda: (zeros(3, 8, 4) @ zeros(3, 4, 5)).tanh(), ["Contract"]),
    "convolution, bias and relu": (
        lambda: functional.conv2d(zeros(2, 3, 8, 8), zeros(4, 3, 3, 3), zeros(4), padding=1).relu(),
        ["Contract"],
    ),
    "depthwise convolution, bias and relu": (
        lambda: functional.conv2d(zeros(2, 4, 8, 8), zeros(4, 1, 3, 3), zeros(4), padding=1, groups=4).relu(),
        ["Contract"],
    ),
    "convolution, bias, relu and pooling": (
        lambda: pooled(zeros(2, 3, 8, 8), zeros(4, 3, 3, 3), zeros(4)),
        ["Contract", "Reduce"],
    ),
    "reduction with work before and after": (lambda: (zeros(64, 32).exp().sum(1) + 1.0).log(), ["Reduce"]),
    "mean": (lambda: zeros(64, 32).mean(), ["Reduce"]),
    "variance": (lambda: zeros(64, 32).var(1), ["Rows"]),
    "softmax": (lambda: rt.softmax(zeros(64, 32), 1), ["Rows"]),
    "softmax and its gradient": (lambda: slope(lambda x: rt.softmax(x, 1), 64, 32), ["Rows"]),
    "log_softmax": (lambda: rt.log_softmax(zeros(64, 32), 1), ["Rows"]),
    "layer norm": (lambda: functional.layer_norm(zeros(64, 32), (32,), zeros(32), zeros(32)), ["Rows"]),
    "layer norm's gradient": (lambda: slope(lambda x: functional.layer_norm(x, (32,)), 64, 32), ["Rows"]),
    "RMS norm": (lambda: functional.rms_norm(zeros(64, 32), (32,), zeros(32)), ["Rows"]),
    # The losses, how many targets count, their mean.
    "cross entropy": (lambda: functional.cross_entropy(zeros(64, 10), classes(64)), ["Rows", "Reduce", "Reduce"]),
    "cross entropy's gradient": (
        lambda: slope(lambda x: functional.cross_entropy(x, classes(64)), 64, 10),
        ["Reduce", "Rows"],
    ),
    # The gradient of the three is put together once, not each time that a product reads an element of it.
    "gradients of a split": (lambda: slope(lambda x: split_product(x), 8, 12), ["Contract", "Map", "Contract"]),
    "softmax along what lies apart": (lambda: rt.softmax(zeros(64, 32), 0), ["Reduce", "Reduce", "Map"]),
    "softmax of a long row": (lambda: rt.softmax(zeros(8, 5000), 1), ["Reduce", "Reduce", "Map"]),
}


@pytest.mark.parametrize("name", FUSION)
def test_ops_fuse_into_few_kernels(name: str) -> None:
    build, expected = FUSION[name]
    assert kinds(plan_of(build())) == expected


def test_without_fusion_each_op_is_a_kernel() -> None:
    with unfused("null"):
        plan = plan_of(((zeros(64, 32) @ zeros(32, 16) + zeros(16)).relu() * 2.0).sum())
    assert Counter(kinds(plan)) == {"Contract": 1, "Map": 3, "Reduce": 1}


# Rows kernels, and how often each finds something of a row that takes a root, a division or a comparison: once.
ROWS: dict[str, tuple[Callable[[rt.Tensor], rt.Tensor], list[str]]] = {
    "softmax": (lambda x: rt.softmax(x, 1), ["Less", "Reciprocal"]),
    "log_softmax": (lambda x: rt.log_softmax(x, 1), ["Less", "Log"]),
    "layer norm": (lambda x: functional.layer_norm(x, x.shape[1:]), ["Reciprocal", "Sqrt"]),
    "rms norm": (lambda x: functional.rms_norm(x, x.shape[1:]), ["Reciprocal", "Sqrt"]),
}
# Rows that share a tile, that are a tile, and that are several; more than are taken together.
ROW_SHAPES = [(70, 40), (37, 900), (11, 2500)]


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("shape", ROW_SHAPES, ids=str)
def test_what_holds_for_a_row_is_found_once(name: str, shape: tuple[int, int]) -> None:
    function, once = ROWS[name]

    def results(device: str) -> list[rt.Tensor]:
        generator = np.random.default_rng(0)
        x, seed = [rt.tensor(generator.normal(size=shape), device=device) for _ in range(2)]
        rt.eval(x, seed)
        y, pull = rt.vjp(function, x)
        return [y, pull(seed)[0]]

    if shape[1] <= 1024:
        plan = plan_of(*results("null"))
        assert kinds(plan) == ["Rows"]
        steps = [step["Compute"]["code"] for step in plan["kernels"][0]["kind"]["Rows"]["steps"] if "Compute" in step]
        ops = [
            value["value"]["Elementwise"]["op"] for code in steps for value in code if "Elementwise" in value["value"]
        ]
        assert sorted(op for op in ops if op in ("Less", "Log", "Reciprocal", "Sqrt")) == once
    with unfused("cpu"):
        expected = [x.numpy() for x in results("cpu")]
    for got, want in zip(results("cpu"), expected, strict=True):
        np.testing.assert_allclose(got.numpy(), want, rtol=1e-5, atol=1e-6)


# Kernel, stride, padding, groups, and the arithmetic of the input's gradient as multiples of the convolution's; with zeros
# between its elements it would be stride² times as much.
STRIDED = {
    "one tap": (1, 2, 0, 1, 1.0),
    "no overlap": (2, 2, 0, 1, 1.0),
    "three taps": (3, 2, 1, 1, 16 / 9),
    "four taps": (4, 2, 1, 1, 100 / 81),
    "seven taps": (7, 2, 3, 1, 64 / 49),
    "stride 3": (5, 3, 2, 1, 36 / 25),
    "groups": (3, 2, 1, 2, 16 / 9),
    "fewer taps than steps": (2, 3, 0, 1, 9 / 4),
    "padding": (2, 3, 2, 1, 9 / 4),
}


@pytest.mark.parametrize("name", STRIDED)
def test_gradients_of_strided_convolutions_have_no_zeros_between(name: str) -> None:
    k, stride, padding, groups, most = STRIDED[name]
    size = 18 - (2 * padding - k) % stride

    def results(device: str) -> list[rt.Tensor]:
        generator = np.random.default_rng(0)
        x, w = [
            rt.tensor(generator.normal(size=s), device=device) for s in ((2, 4, size, size), (6, 4 // groups, k, k))
        ]
        y, pull = rt.vjp(lambda x: functional.conv2d(x, w, None, stride, padding, 1, groups), x)
        rt.eval(x, w)
        return [y, pull(y)[0]]

    y, slope = results("null")
    rt.reset_stats("null")
    rt.eval(y)
    once = rt.stats("null")["flops"]
    rt.eval(slope)
    assert rt.stats("null")["flops"] - once <= 1.15 * most * once
    with unfused("cpu"):
        expected = results("cpu")[1].numpy()
    np.testing.assert_allclose(results("cpu")[1].numpy(), expected, rtol=1e-4, atol=1e-4)


def gradient_of_pooled(x: rt.Tensor, w: rt.Tensor, b: rt.Tensor) -> tuple[rt.Tensor, ...]:
    y, pull = rt.vjp(lambda b: pooled(x, w, b), b)
    return y, pull(y)[0]


# What is read in another order than it lies in: the function, its inputs and the most kernels.
REORDERED: dict[str, tuple[Callable[..., tuple[rt.Tensor, ...]], list[tuple[int, ...]], int]] = {
    "gradient of windows side by side": (gradient_of_pooled, [(2, 3, 14, 16), (4, 3, 3, 3), (4,)], 4),
    # As the gradient of a recurrence's weight has them, whose input has the batch first.
    "product over steps and batch": (
        lambda g, x: (g.T @ rt.reshape(x.swapaxes(0, 1), (35, 6)),),
        [(35, 4), (5, 7, 6)],
        1,
    ),
}


@pytest.mark.parametrize("name", REORDERED)
def test_what_lies_in_another_order_is_found_without_searching(name: str) -> None:
    function, shapes, most = REORDERED[name]

    def results(device: str) -> tuple[rt.Tensor, ...]:
        generator = np.random.default_rng(0)
        inputs = [rt.tensor(generator.normal(size=shape), device=device) for shape in shapes]
        rt.eval(*inputs)
        return function(*inputs)

    plan = plan_of(*results("null"))
    assert len(kinds(plan)) <= most
    # Views of several levels would look for each element's place by division.
    assert set(levels(plan)) == {1}
    with unfused("cpu"):
        expected = [x.numpy() for x in results("cpu")]
    for got, want in zip(results("cpu"), expected, strict=True):
        np.testing.assert_allclose(got.numpy(), want, rtol=1e-5, atol=1e-5)


# What is used at many steps: the tensors and the function, and the most products of the value and its gradient together.
MANY_STEPS: dict[str, tuple[Callable[..., rt.Tensor], list[tuple[int, ...]], int]] = {
    # Each step multiplies once forward and, but for the first one's state, once back; one product is the weight's gradient.
    "recurrence": (recurrence, [(9, 2, 4), (4, 4)], 9 + 8 + 1),
    "products of one weight": (
        lambda x, w: added((part @ w).tanh() for part in rt.unstack(x)),
        [(9, 2, 4), (4, 3)],
        9 + 9 + 1,
    ),
    "slices": (lambda x: rt.stack([part * n for n, part in enumerate(rt.unstack(x))]).tanh(), [(20, 3, 2)], 0),
    "slices along the last axis": (lambda x: rt.concat([x[:, n : n + 1] * n for n in range(9)], 1), [(4, 9)], 0),
    "some slices": (lambda x: rt.stack([x[n].sin() for n in (0, 2, 3, 5, 6, 8)]), [(9, 3)], 0),
    "overlapping slices": (lambda x: added(x[n : n + 4].sin() for n in range(6)), [(9, 3)], 0),
}


@pytest.mark.parametrize("name", MANY_STEPS)
def test_what_many_steps_use_has_one_gradient(name: str) -> None:
    call, shapes, most = MANY_STEPS[name]

    def step(device: str) -> list[rt.Tensor]:
        generator = np.random.default_rng(0)
        xs = [rt.tensor(generator.normal(size=shape), device=device) for shape in shapes]
        rt.eval(*xs)
        y, pull = rt.vjp(call, *xs)
        return [y, *pull(y)]

    assert kinds(plan_of(*step("null"))).count("Contract") <= most
    with unfused("cpu"):
        expected = [x.numpy() for x in step("cpu")]
    for got, want in zip(step("cpu"), expected, strict=True):
        np.testing.assert_allclose(got.numpy(), want, rtol=1e-5, atol=1e-6)


# Parts one after the other in memory, and the kernels that put them together: as many at a time as a kernel takes.
IN_A_ROW = {14: 1, 15: 1, 16: 3, 45: 4, 300: 22}


@pytest.mark.parametrize("count", IN_A_ROW)
def test_what_is_stacked_is_put_together_many_at_a_time(count: int) -> None:
    def stacked(device: str) -> rt.Tensor:
        x = rt.tensor(np.arange(count * 6.0, dtype=np.float32).reshape(count, 3, 2), device=device)
        rt.eval(x)
        return rt.stack([part * n for n, part in enumerate(rt.unstack(x))])

    assert len(kinds(plan_of(stacked("null")))) <= IN_A_ROW[count]
    with unfused("cpu"):
        expected = stacked("cpu").numpy()
    np.testing.assert_array_equal(stacked("cpu").numpy(), expected)


def test_what_no_element_is_shown_of_is_not_read() -> None:
    parts = [rt.ones((3, 2), device="null") * n for n in range(3)]
    rt.eval(*parts)
    plan = plan_of(rt.stack(parts)[1] * 2.0)
    assert [len(launch["buffers"]) for launch in plan["launches"]] == [2]


# What has nothing to do with what runs next to it shares a launch with it.
SIDE_BY_SIDE: dict[str, tuple[Callable[[list[rt.Tensor]], list[rt.Tensor]], list[str]]] = {
    "maps": (lambda xs: [x * n for n, x in enumerate(xs)], ["Horizontal"]),
    "sums": (lambda xs: [(x * x).sum() for x in xs], ["Horizontal"]),
    "sums along axes": (lambda xs: [x.sum(n % x.ndim) for n, x in enumerate(xs)], ["Horizontal"]),
    "maps beside sums": (lambda xs: [y for x in xs for y in (x.sin(), x[:2].sum())], ["Horizontal", "Horizontal"]),
    "sums beside maxima": (lambda xs: [xs[0].sum(), xs[1].max(), xs[2].sum()], ["Horizontal", "Reduce"]),
    "maps of sums": (lambda xs: [xs[1] * xs[0].sum(), xs[2] - xs[0].sum()], ["Reduce", "Horizontal"]),
    "a sum of a map": (lambda xs: [xs[0].exp(), xs[0].exp().T.sum(1), xs[1] * 2.0], ["Map", "Reduce", "Map"]),
    "too many buffers": (lambda xs: [x * n for n in range(5) for x in xs], ["Horizontal", "Map"]),
}


@pytest.mark.parametrize("name", SIDE_BY_SIDE)
def test_neighbours_share_a_launch(name: str, device: str) -> None:
    function, expected = SIDE_BY_SIDE[name]

    def results(device: str) -> list[rt.Tensor]:
        generator = np.random.default_rng(0)
        xs = [rt.tensor(generator.normal(size=shape), device=device) for shape in ((70, 40), (300,), (3, 5, 7))]
        rt.eval(*xs)
        held.extend(xs)
        return function(xs)

    held: list[rt.Tensor] = []
    assert kinds(plan_of(*results("null"))) == expected
    with unfused("cpu"):
        want = [x.numpy() for x in results("cpu")]
    got = results(device)
    rt.eval(*got)
    for x, y in zip(got, want, strict=True):
        np.testing.assert_allclose(x.numpy(), y, rtol=1e-5, atol=1e-5)


def test_clipped_updates_share_launches(device: str, step_plans: list[Plan]) -> None:
    def trained(device: str) -> list[np.ndarray]:
        trainer = small_trainer(device)
        for _ in range(3):
            trainer.optimizer.zero_grad()
            functional.cross_entropy(trainer.model(trainer.x), trainer.y).backward()
            nn.utils.clip_grad_norm_(trainer.model.parameters(), 0.1)
            trainer.optimizer.step(keep_grads=False)
        return [parameter.numpy() for parameter in trainer.model.parameters()]

    trained("null")
    of_kernels = [kernel["kind"] for kernel in step_plans[-1]["kernels"]]
    rows = [kind["Horizontal"]["parts"] for kind in of_kernels if isinstance(kind, dict) and "Horizontal" in kind]
    # Both biases' gradients and a sum of squares; three more sums; updates, but for the one in the kernel of the whole norm.
    assert [len(parts) for parts in rows] == [3, 3, 3]
    with unfused("cpu"):
        expected = trained("cpu")
    for got, want in zip(trained(device), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-6)


# A layer needs a product for its output, one for its weight's gradient and, but for the first, one for its input's.
STEPS = {
    "mlp": {"Contract": 8, "Reduce": 3, "Horizontal": 1, "Rows": 1},
    "cnn": {"Contract": 11, "Reduce": 5, "Horizontal": 1, "Rows": 2, "Map": 1},
}


@pytest.mark.parametrize("name", STEPS)
def test_a_training_step_takes_few_kernels(name: str, step_plans: list[Plan]) -> None:
    trainer, _ = golden_trainer(name, "null")
    trainer.step()
    trainer.step()
    assert Counter(kinds(step_plans[-1])) == STEPS[name]


@pytest.mark.parametrize("name", STEPS)
def test_one_kernel_updates_a_parameter_with_its_moments_in_place(name: str, step_plans: list[Plan]) -> None:
    trainer, _ = golden_trainer(name, "null")
    trainer.step(keep_grads=False)
    trainer.step(keep_grads=False)
    plan = step_plans[-1]
    parameters = sorted(parameter.size for parameter in trainer.model.parameters())
    updates = []
    for launch in plan["launches"]:
        outputs = [buffer["Output"] for buffer in launch["buffers"] if "Output" in buffer]
        reused = [plan["outputs"][output] for output in outputs if plan["outputs"][output]["reuses"] is not None]
        if reused:
            assert len(reused) == 3, "parameter, first and second moment in one kernel"
            updates.append(reused[0]["buffer"]["len"])
    assert sorted(updates) == parameters
    donors = [output["reuses"] for output in plan["outputs"] if output["reuses"] is not None]
    assert len(donors) == len(set(donors)) == 3 * len(parameters)
    # All that is new is the loss.
    assert [output["buffer"]["len"] for output in plan["outputs"] if output["reuses"] is None] == [1]


@pytest.mark.parametrize("name", STEPS)
def test_a_training_step_moves_and_holds_few_bytes(name: str, step_plans: list[Plan]) -> None:
    trainer, _ = golden_trainer(name, "null")
    trainer.step(keep_grads=False)
    rt.reset_stats("null")
    trainer.step(keep_grads=False)
    stats, plan = rt.stats("null"), step_plans[-1]
    parameters = 4 * sum(parameter.size for parameter in trainer.model.parameters())
    temporaries = byte_size(plan["temporaries"])
    # Forward, backward, the gradient written and read, three buffers read and written: 10 times the parameters at most.
    # Every other byte is an activation or its gradient.
    activations = {"mlp": 4 * 64 * (784 + 2 * (128 + 64 + 10)), "cnn": 4 * 16 * (784 + 4 * (8 * 784 + 16 * 196 + 32))}
    assert stats["bytes_read"] + stats["bytes_written"] <= 10 * parameters + 5 * activations[name]
    assert temporaries <= parameters + activations[name]
    # Nothing but the step's own temporaries is added to parameters and moments while it runs.
    assert stats["peak_bytes"] - stats["live_bytes"] <= 4


@pytest.mark.parametrize(
    ("block", "shape"),
    [
        (lambda: nn.Sequential(nn.Linear(16, 256), nn.GELU(), nn.Linear(256, 16)), (1024, 16)),
        (lambda: nn.Sequential(nn.Conv2d(16, 16, 1), nn.BatchNorm2d(16), nn.ReLU()), (16, 16, 32, 32)),
    ],
)
def test_large_values_that_are_cheap_are_computed_again_on_the_cpu(
    block: Callable[[], nn.Module], shape: tuple[int, ...]
) -> None:
    depth, large = 6, 4 * 1024 * 256
    rt.random.seed(0)
    blocks = nn.Sequential(*(block() for _ in range(depth)))
    parameters = list(blocks.parameters())
    x = rt.random.normal(shape)
    rt.eval(x, *parameters)

    def step() -> list[Any]:
        blocks.zero_grad()
        loss = rt.square(blocks(x)).mean()
        loss.backward()
        return [loss, *(parameter.grad for parameter in parameters)]

    # Of each block one value is kept, not two.
    assert byte_size(plan_of(*step())["temporaries"]) < (depth + 4) * large
    values = step()
    rt.eval(*values)
    with unfused("cpu"):
        expected = step()
        rt.eval(*expected)
    for value, other in zip(values, expected, strict=True):
        np.testing.assert_allclose(value.numpy(), other.numpy(), rtol=2e-4, atol=1e-6)


def test_gradients_of_a_step_are_kept_only_if_asked_for(step_plans: list[Plan]) -> None:
    trainer, _ = golden_trainer("mlp", "null")
    count = len(list(trainer.model.parameters()))
    for keep_grads, outputs in ((True, 4 * count + 1), (False, 3 * count + 1)):
        trainer.step(keep_grads=keep_grads)
        trainer.step(keep_grads=keep_grads)
        assert len(step_plans[-1]["outputs"]) == outputs


@pytest.mark.parametrize("device", ["null", "cpu"])
@pytest.mark.parametrize("name", STEPS)
def test_reading_the_loss_before_backward_computes_nothing_twice(name: str, device: str) -> None:
    counts = {}
    for read_first in (False, True):
        trainer, _ = golden_trainer(name, device)
        for _ in range(2):
            rt.reset_stats(device)
            trainer.step(read_first=read_first)
        stats = rt.stats(device)
        counts[read_first] = {key: stats[key] for key in ("contractions", "reductions")}
    assert counts[True] == counts[False]
    assert counts[True]["contractions"] == STEPS[name]["Contract"]


READS: dict[str, Callable[[rt.Tensor, rt.Tensor], object]] = {
    "the logits": lambda logits, loss: logits.numpy(),
    "predictions": lambda logits, loss: logits.argmax(1).numpy(),
    "the loss twice": lambda logits, loss: (loss.item(), loss.item()),
    "the loss, then predictions": lambda logits, loss: (loss.item(), logits.argmax(1).numpy()),
}


@pytest.mark.parametrize("device", ["null", "cpu"])
@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("name", STEPS)
def test_reading_what_lies_before_the_loss_repeats_no_contraction(name: str, read: str, device: str) -> None:
    trainer, _ = golden_trainer(name, device)
    for _ in range(2):
        trainer.optimizer.zero_grad()
        rt.reset_stats(device)
        logits = trainer.model(trainer.x)
        loss = functional.cross_entropy(logits, trainer.y)
        READS[read](logits, loss)
        loss.backward()
        trainer.optimizer.step(also=(loss,))
    stats = rt.stats(device)
    assert stats["contractions"] == STEPS[name]["Contract"]
    assert stats["plans_built"] == 0


@pytest.mark.parametrize("device", ["null", "cpu", "gpu"])
def test_the_second_step_builds_no_plan(device: str) -> None:
    trainer = small_trainer(device)  # dropout takes other keys at every step
    trainer.step()
    for lr in (1e-2, 1e-3, 1e-4):
        trainer.optimizer.lr = lr
        rt.reset_stats(device)
        trainer.step()
        stats = rt.stats(device)
        assert (stats["plans_built"], stats["plan_hits"], stats["pipelines_built"]) == (0, 1, 0)
        assert (stats["submits"], stats["readbacks"]) == (0 if device == "cpu" else 1, 0)


def test_a_read_comes_back_within_the_only_submit() -> None:
    x = rt.ones((4, 4), device="gpu")
    rt.eval(x)
    rt.reset_stats("gpu")
    assert (x + 1.0).sum().item() == 32.0
    stats = rt.stats("gpu")
    assert (stats["submits"], stats["readbacks"]) == (1, 1)


def test_equal_graphs_of_other_numbers_share_a_plan() -> None:
    x = zeros(4)
    rt.eval(x * 2.5 + 1.5)
    rt.reset_stats("null")
    rt.eval(x * 3.5 + 0.25)
    rt.eval(x * 7.5 + 9.0)
    assert rt.stats("null")["plans_built"] == 0


def test_common_subexpressions_are_computed_once() -> None:
    x, w = zeros(8, 4), zeros(4, 4)
    # Outside of the assertion, which would hold on to what it shows on failure.
    twice = (x @ w) + (x @ w)
    assert kinds(plan_of(twice)) == ["Contract"]
    both = x.exp() * 2.0, x.exp() + 1.0
    assert kinds(plan_of(*both)) == ["Map"]


def test_every_kernel_keeps_to_the_devices_buffers() -> None:
    parts = [zeros(16) for _ in range(40)]
    total = parts[0]
    for part in parts[1:]:
        total = total * part + part.exp()
    plan = plan_of(total)
    assert max(len(launch["buffers"]) for launch in plan["launches"]) <= 16
