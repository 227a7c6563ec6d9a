"""What the matrix of functions (test_transforms.py) leaves out: structures, hooks, own rules, checkpoints, PyTorch's names."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile import _core, nn
from rutile.nn import functional as F

X = [[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]]


def leaf(values: Any = X, device: str | None = None) -> rt.Tensor:
    return rt.tensor(values, requires_grad=True, device=device)


def plain(tree: Any) -> Any:
    """Tensors as lists, in whatever holds them."""
    if isinstance(tree, rt.Tensor):
        return tree.tolist()
    if isinstance(tree, dict):
        return {key: plain(item) for key, item in tree.items()}
    return type(tree)(map(plain, tree)) if isinstance(tree, tuple | list) else tree


def cube(x: rt.Tensor) -> rt.Tensor:
    return x * x * x


@rt.custom_vjp
def doubled(x: rt.Tensor) -> rt.Tensor:
    """x, with twice its gradient."""
    return x * 1.0


doubled.defvjp(lambda x: (doubled(x), None), lambda _, g: (g * 2.0,))


@rt.custom_vjp
def product(x: rt.Tensor, y: rt.Tensor) -> rt.Tensor:
    return x * y


product.defvjp(lambda x, y: (x * y, (x, y)), lambda xy, g: (g * xy[1], g * xy[0]))


class Cube(rt.autograd.Function):
    """Saves an argument and a result."""

    @staticmethod
    def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
        y = cube(x)
        ctx.save_for_backward(x, y)
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: rt.Tensor) -> Any:
        x, y = ctx.saved_tensors
        return gradients[0] * 3.0 * y / x


class SumAndProduct(rt.autograd.Function):
    """Two results, an argument without gradient, a context set up apart."""

    @staticmethod
    def forward(x: rt.Tensor, scale: float, y: rt.Tensor) -> Any:
        return (x + y) * scale, x * y

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        x, ctx.scale, y = inputs
        ctx.save_for_backward(x, y)

    @staticmethod
    def backward(ctx: Any, *gradients: rt.Tensor) -> Any:
        x, y = ctx.saved_tensors
        total, times = gradients
        return total * ctx.scale + times * y, None, (total * ctx.scale + times * x) if ctx.needs_input_grad[2] else None


# Each row: what is computed, and the same without the transform or rule.
SAME: dict[str, tuple[Callable[[rt.Tensor], Any], Callable[[rt.Tensor], Any]]] = {
    "grad of a dict": (
        lambda x: rt.grad(lambda p: (p["a"] * p["b"][0]).sum())({"a": x, "b": (x * 2.0, None)}),
        lambda x: {"a": x * 2.0, "b": (x, None)},
    ),
    "one tensor twice": (
        lambda x: rt.grad(lambda p: (p[0] * p[1] * p[1]).sum())([x, x]),
        lambda x: [x * x, 2.0 * x * x],
    ),
    "numbers and integers beside": (
        lambda x: rt.grad(lambda p: (p["x"] * p["i"]).sum())({"x": x, "i": rt.tensor([1, 2, 3])}),
        lambda x: {"x": rt.tensor([1.0, 2.0, 3.0]) + x * 0.0, "i": None},
    ),
    "inner variables are not outer ones": (
        lambda x: rt.grad(lambda x: (x * rt.grad(lambda y: (x + y).sum())(x)).sum())(x),
        lambda x: rt.ones_like(x),
    ),
    "a gradient with more": (lambda x: rt.grad(lambda x: (cube(x).sum(), x + 1.0), has_aux=True)(x),
                             lambda x: (3.0 * x * x, x + 1.0)),
    "vjp of a dict": (
        lambda x: rt.vjp(lambda x: {"y": x * x, "z": (x, rt.tensor([1]))}, x)[1]({"y": x, "z": (None, None)}),
        lambda x: (2.0 * x * x,),
    ),
    "vjp with more": (lambda x: rt.vjp(lambda x: (x * x, x), x, has_aux=True)[2], lambda x: x),
    "jvp along some arguments": (
        lambda x: rt.jvp(lambda x, y: (x * y, x.sum()), (x, x * 3.0), (None, x)),
        lambda x: ((x * x * 3.0, x.sum()), (x * x, x.sum() * 0.0)),
    ),
    "jvp of what does not depend": (lambda x: rt.jvp(lambda x: rt.ones((2,)), (x,), (x,)),
                                    lambda x: (rt.ones((2,)), rt.zeros((2,)))),
    "jacobians of several": (
        lambda x: rt.jacrev(lambda x, y: {"s": x.sum(1), "p": x * y}, argnums=(0, 1))(x, x + 1.0),
        lambda x: rt.jacfwd(lambda x, y: {"s": x.sum(1), "p": x * y}, argnums=(0, 1))(x, x + 1.0),
    ),
    "a jacobian in chunks": (lambda x: rt.jacrev(cube, chunk_size=4)(x), lambda x: rt.jacfwd(cube)(x)),
    "hessian of several": (
        lambda x: rt.hessian(lambda x, y: (x * y).sum(), argnums=(0, 1))(x, x),
        lambda x: (
            (rt.zeros((2, 3, 2, 3)), rt.jacrev(lambda x: x)(x)), (rt.jacrev(lambda x: x)(x), rt.zeros((2, 3, 2, 3)))
        ),
    ),
    "third derivative": (lambda x: rt.grad(lambda x: rt.grad(lambda x: rt.grad(lambda x: (cube(x) * x).sum())(x).sum())(x)
                                           .sum())(x), lambda x: 24.0 * x),
    "vmap of a dict": (
        lambda x: rt.vmap(lambda p, s: {"y": p["a"] * s, "z": p["b"][0]}, in_axes=({"a": 0, "b": None}, None))(
            {"a": x, "b": [x]}, 2.0
        ),
        lambda x: {"y": x * 2.0, "z": rt.stack([x, x])},
    ),
    "PyTorch's names for axes": (
        lambda x: rt.func.vmap(lambda a, b: a + b, in_dims=(1, None), out_dims=1, chunk_size=2)(x, x[:, 0]),
        lambda x: x + x[:, :1],
    ),
    "axes": (lambda x: rt.vmap(lambda a, b: (a + b, a), in_axes=(1, -1), out_axes=(-1, 0))(x, x),
             lambda x: (x + x, x.T)),
    "one result for all": (lambda x: rt.vmap(lambda a: (a, rt.ones((2,))), out_axes=(0, None))(x),
                           lambda x: (x, rt.ones((2,)))),
    "keywords": (lambda x: rt.vmap(lambda a, scale: a * scale)(x, scale=x[0]), lambda x: x * x[0]),
    "chunks": (lambda x: rt.vmap(lambda a: a * 2.0, in_axes=1, out_axes=1, chunk_size=2)(x), lambda x: x * 2.0),
    "vmap twice": (lambda x: rt.vmap(rt.vmap(lambda a, b: a * b, (None, 0)), (0, None))(x[0], x[1]),
                   lambda x: x[0].reshape(-1, 1) * x[1]),
    "vmap of no elements": (lambda x: rt.vmap(lambda a: a * 2.0)(x[:0]), lambda x: x[:0]),
    "assignment in vmap": (lambda x: rt.vmap(_assigned)(x), lambda x: rt.stack([_assigned(x[0]), _assigned(x[1])])),
    "grad of vmap for what is shared": (
        lambda x: rt.grad(lambda w: rt.vmap(lambda a: (a * w).sum())(x).sum())(x[0]), lambda x: x.sum(0)),
    "jvp of vmap": (lambda x: rt.jvp(lambda x: rt.vmap(cube)(x), (x,), (x,))[1], lambda x: 3.0 * cube(x)),
    "vmap of jvp": (lambda x: rt.vmap(lambda a: rt.jvp(cube, (a,), (a,))[1])(x), lambda x: 3.0 * cube(x)),
    "vmap of hessian": (lambda x: rt.vmap(rt.hessian(lambda a: cube(a).sum()))(x),
                        lambda x: rt.stack([rt.hessian(lambda a: cube(a).sum())(x[n]) for n in range(2)])),
    "own rule": (lambda x: rt.grad(lambda x: (doubled(x) * x).sum())(x), lambda x: 3.0 * x),
    "own rule, second": (lambda x: rt.hvp(lambda x: (product(x, x) * x).sum(), (x,), (x,)), lambda x: 6.0 * x * x),
    "own rule, jvp": (lambda x: rt.jvp(lambda x: product(x, x), (x,), (x,))[1], lambda x: 2.0 * x * x),
    "own rule, vmap": (lambda x: rt.vmap(product)(x, x), lambda x: x * x),
    "own rule, vmap of grad": (
        lambda x: rt.vmap(rt.grad(lambda a, b: product(a, b).sum(), (0, 1)), in_axes=(0, None))(x, x[0]),
        lambda x: (rt.stack([x[0], x[0]]), x),
    ),
    "own rule, grad of vmap": (
        lambda x: rt.grad(lambda a, b: rt.vmap(product, (0, None))(a, b).sum(), (0, 1))(x, x[0]),
        lambda x: (rt.stack([x[0], x[0]]), x.sum(0)),
    ),
    "own rule, for the shared argument alone": (
        lambda x: rt.grad(lambda w: rt.vmap(product, (0, None))(x, w).sum())(x[0]), lambda x: x.sum(0)),
    "own rule, grad of vmap of grad": (
        lambda x: rt.grad(lambda x: rt.vmap(rt.grad(lambda a: (product(a, a) * a).sum()))(x).sum())(x),
        lambda x: 6.0 * x),
    "own rule in a checkpoint": (
        lambda x: rt.grad(lambda x: rt.checkpoint(lambda x: product(x.sin(), x).exp())(x).sum())(x),
        lambda x: rt.grad(lambda x: (x.sin() * x).exp().sum())(x)),
    "Function": (lambda x: rt.grad(lambda x: Cube.apply(x).sum())(x), lambda x: 3.0 * x * x),
    "Function, second": (lambda x: rt.hvp(lambda x: Cube.apply(x).sum(), (x,), (x,)), lambda x: 6.0 * x * x),
    "Function of several": (
        lambda x: rt.grad(lambda x, y: sum(z.sum() for z in SumAndProduct.apply(x, 3.0, y)), (0, 1))(x, x + 1.0),
        lambda x: (x + 4.0, x + 3.0),
    ),
    "Function, one of its results": (
        lambda x: rt.grad(lambda x: SumAndProduct.apply(x, 3.0, x.detach())[1].sum())(x), lambda x: x),
    "Function, vmap of grad": (lambda x: rt.vmap(rt.grad(lambda a: Cube.apply(a).sum()))(x), lambda x: 3.0 * x * x),
    "checkpoint, second": (lambda x: rt.hvp(lambda x: rt.checkpoint(cube)(x.sin()).sum(), (x,), (x,)),
                           lambda x: rt.hvp(lambda x: cube(x.sin()).sum(), (x,), (x,))),
    "checkpoint in a checkpoint": (
        lambda x: rt.grad(lambda x: rt.checkpoint(lambda x: rt.checkpoint(cube)(x.sin()).cos())(x).sum())(x),
        lambda x: rt.grad(lambda x: cube(x.sin()).cos().sum())(x)),
    "checkpoint, vmap of grad": (lambda x: rt.vmap(rt.grad(lambda a: rt.checkpoint(cube)(a.sin()).sum()))(x),
                                 lambda x: rt.grad(lambda x: cube(x.sin()).sum())(x)),
    "checkpoint of several": (
        lambda x: rt.grad(lambda x: _total(rt.checkpoint(lambda x: {"y": cube(x), "z": x})(x)))(x),
        lambda x: 3.0 * x * x + 1.0),
    "checkpoint for what it closes over": (
        lambda x: rt.grad(lambda w: rt.checkpoint(lambda a: (a * w).exp())(x).sum())(x), lambda x: x * (x * x).exp()),
    "checkpoint that reads": (lambda x: rt.grad(lambda x: rt.checkpoint(_branching)(x.exp()).sum())(x),
                              lambda x: 2.0 * (2.0 * x).exp()),
    "utils.checkpoint": (
        lambda x: rt.grad(lambda x: rt.utils.checkpoint.checkpoint(cube, x, use_reentrant=False).sum())(x),
        lambda x: 3.0 * x * x),
}  # fmt: skip


def _assigned(x: rt.Tensor) -> rt.Tensor:
    y = x * 2.0
    y[1:] = x[:-1]
    y[0] += x[2]
    return y


def _total(results: dict[str, rt.Tensor]) -> rt.Tensor:
    return (results["y"] + results["z"]).sum()


def _branching(x: rt.Tensor) -> rt.Tensor:
    return x * x if x.sum().item() > 0 else x


@pytest.mark.parametrize("name", SAME)
def test_transforms_give_what_plain_code_gives(name: str, device: str) -> None:
    transformed, expected = SAME[name]
    with rt.device(device):
        got, want = transformed(rt.tensor(X)), expected(rt.tensor(X))
    assert type(got) is type(want)
    leaves = rt.transforms.tree.leaves
    assert plain(rt.transforms.tree.mapped(lambda x: list(x.shape), got)) == plain(
        rt.transforms.tree.mapped(lambda x: list(x.shape), want)
    )
    for a, b in zip(leaves(got), leaves(want), strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=2e-5, atol=2e-5)


# Nothing stays behind


def test_results_of_transforms_have_no_history() -> None:
    x = rt.tensor(X)
    results = [
        *rt.value_and_grad(lambda x: cube(x).sum())(x),
        *rt.jvp(cube, (x,), (x,)),
        rt.vjp(cube, x)[0],
        rt.jacrev(cube)(x),
        rt.hessian(lambda x: cube(x).sum())(x),
    ]
    assert not any(y.requires_grad for y in results)
    # What depends on something else that requires a gradient keeps that history.
    w = leaf()
    assert rt.grad(lambda x: (x * w).sum())(x).requires_grad
    assert rt.jvp(lambda x: x * w, (x,), (x,))[1].requires_grad
    with rt.no_grad():
        results = [rt.grad(lambda w: cube(w).sum())(w), rt.jvp(cube, (w,), (w,))[1], rt.jacrev(cube)(w)]
        results += [rt.jacfwd(cube)(w), rt.hvp(lambda w: cube(w).sum(), (w,), (w,))[0]]
    assert not any(y.requires_grad for y in results)


def test_a_loop_of_gradient_steps_does_not_grow() -> None:
    w, counts = rt.tensor(X), []
    for _ in range(3):
        w = w - 0.1 * rt.grad(lambda w: cube(w).sum())(w)
        rt.reset_stats("cpu")
        rt.eval(w)
        counts.append(rt.stats("cpu")["kernels"])
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.parametrize("make", [lambda x: doubled(x), lambda x: Cube.apply(x), lambda x: rt.checkpoint(cube)(x)])
def test_the_graph_goes_when_its_results_go(make: Callable[[rt.Tensor], rt.Tensor]) -> None:
    x = rt.tensor(np.ones(1000), requires_grad=True)
    rt.eval(x)
    live = []
    for _ in range(4):
        y = make(x.exp())
        y.sum().backward()
        rt.eval(y, x.grad)  # type: ignore[arg-type]
        x.grad = None
        forgotten = make(x.exp())
        rt.eval(forgotten)
        del y, forgotten
        gc.collect()
        live.append(rt.stats("cpu")["live_bytes"])
    # The first time, plans take their working memory.
    assert live[1] == live[2] == live[3]


def test_forward_mode_takes_few_kernels() -> None:
    """The transpose of the transpose costs what forward mode does: one product more, one for the tangent."""
    w, x = rt.zeros((8, 8), device="null"), rt.zeros((4, 8), device="null")
    rt.eval(w, x)
    rt.reset_stats("null")
    rt.eval(*rt.jvp(lambda x: ((x @ w).tanh() @ w).sum(), (x,), (x,)))
    stats = rt.stats("null")
    assert (stats["contractions"], stats["kernels"]) == (4, 6)


# Randomness


def test_randomness_in_vmap() -> None:
    x = rt.zeros((4, 3))

    def draw(randomness: str) -> Any:
        rt.random.seed(5)
        return rt.vmap(lambda x: x + rt.random.normal((3,)), randomness=randomness)(x)

    different = draw("different").tolist()
    rt.random.seed(5)
    assert different == rt.random.normal((4, 3)).tolist()
    same = draw("same").tolist()
    assert all(row == same[0] for row in same)
    keys = rt.vmap(rt.vmap(lambda x: x + rt.random.uniform(()), randomness="different"), randomness="different")(x)
    assert len(set(keys.numpy().ravel().tolist())) == 12


# Checkpoints


def step(depth: int, checkpointed: bool, device: str, dropout: float = 0.0, read_first: bool = False) -> dict[str, Any]:
    """One step of a deep residual network."""
    rt.random.seed(3)
    layers = [nn.Sequential(nn.Linear(16, 64), nn.GELU(), nn.Dropout(dropout), nn.Linear(64, 16)) for _ in range(depth)]
    parameters = [parameter for layer in layers for parameter in layer.to(device).parameters()]
    x = rt.random.normal((128, 16), device=device)
    rt.eval(x)
    live = rt.stats(device)["live_bytes"]
    y = x
    for layer in layers:
        block = lambda x, layer=layer: x + layer(x)  # noqa: E731
        y = (rt.checkpoint(block) if checkpointed else block)(y)
    loss = (y * y).mean()
    if read_first:
        loss.item()
    held = rt.stats(device)["live_bytes"] - live
    loss.backward()
    gradients: list[Any] = [parameter.grad for parameter in parameters]
    plan = json.loads(_core.plan_json([loss, *gradients]))
    rt.reset_stats(device)
    rt.eval(loss, *gradients)
    stats = rt.stats(device)
    temporaries = sum(4 * buffer["len"] for buffer in plan["temporaries"])
    return {"held": held, "temporaries": temporaries, "peak": stats["peak_bytes"] - live, "stats": stats,
            "values": [loss.item(), *(gradient.numpy() for gradient in gradients)]}  # fmt: skip


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("read_first", [False, True])
def test_checkpoints_take_less_memory_and_change_no_bit(dropout: float, read_first: bool) -> None:
    plain_step, checked_step = (step(12, checked, "cpu", dropout, read_first) for checked in (False, True))
    for a, b in zip(plain_step["values"], checked_step["values"], strict=True):
        np.testing.assert_array_equal(a, b)
    assert checked_step["peak"] < 0.5 * plain_step["peak"]
    if read_first:
        assert checked_step["held"] < 0.3 * plain_step["held"]
    else:
        assert checked_step["temporaries"] < 0.25 * plain_step["temporaries"]


@pytest.mark.parametrize("device", ["null", "gpu"])
def test_checkpoints_take_less_memory_on_every_device(device: str) -> None:
    plain_step, checked_step = (step(6, checked, device) for checked in (False, True))
    assert checked_step["temporaries"] < 0.5 * plain_step["temporaries"]
    # The second product of each block is not needed again.
    assert checked_step["stats"]["contractions"] == plain_step["stats"]["contractions"] + 6
    for a, b in zip(plain_step["values"], checked_step["values"], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_checkpointed_steps_share_a_plan() -> None:
    block = rt.checkpoint(lambda x: F.dropout(x.sin(), 0.5).exp())
    x = leaf()
    for n in range(3):
        rt.reset_stats("cpu")
        x.grad = None
        block(block(x)).sum().backward()
        rt.eval(x.grad)  # type: ignore[arg-type]
        assert rt.stats("cpu")["plans_built"] == (0 if n else 1)


# Hooks


def test_hooks_see_and_change_gradients(device: str) -> None:
    seen: list[Any] = []
    x = leaf([1.0, 2.0], device)
    y = x * 2.0
    y.retain_grad()
    handle = y.register_hook(lambda g: seen.append(g.tolist()))
    y.register_hook(lambda g: g * 10.0)
    x.register_hook(lambda g: seen.append(g.tolist()))
    (y * y).sum().backward()
    assert (seen, plain(y.grad), plain(x.grad)) == ([[4, 8], [80, 160]], [40, 80], [80, 160])
    # Hooks of leaves stay, others go with the graph.
    seen.clear()
    handle.remove()
    (x * 1.0).sum().backward()
    assert (seen, plain(x.grad)) == ([[1, 1]], [81, 161])


def test_hooks_are_removed() -> None:
    x, seen = leaf([1.0]), []
    with x.register_hook(lambda g: seen.append(1)):
        (x * 2.0).sum().backward()
    handle = x.register_hook(lambda g: seen.append(2))
    handle.remove()
    handle.remove()
    (x * 2.0).sum().backward()
    assert seen == [1]


def test_hooks_run_in_functions_of_functions() -> None:
    def f(x: rt.Tensor) -> rt.Tensor:
        y = x * 2.0
        y.register_hook(lambda g: g * 0.5)
        return (y * y).sum()

    x = rt.tensor(X)
    expected = (rt.grad(lambda x: (x * x).sum())(x) * 2.0).tolist()
    assert rt.grad(f)(x).tolist() == expected
    assert rt.vmap(rt.grad(f))(x).tolist() == expected
    assert rt.grad(lambda x: rt.vmap(f)(x).sum())(x).tolist() == expected
    assert rt.grad(rt.checkpoint(f))(x).tolist() == expected


def test_hooks_after_accumulation_may_step_and_forget() -> None:
    x = leaf([1.0, 2.0])

    def descend(p: rt.Tensor) -> None:
        with rt.no_grad():
            p -= 0.1 * p.grad  # type: ignore[operator]
        p.grad = None

    x.register_post_accumulate_grad_hook(descend)
    for _ in range(2):
        (x * x).sum().backward()
    np.testing.assert_allclose(x.tolist(), [0.64, 1.28], rtol=1e-6)
    assert x.grad is None


def test_a_hook_that_holds_its_tensor_goes_after_backward() -> None:
    class Held:
        pass

    def run() -> weakref.ref[Held]:
        held, x = Held(), leaf([1.0])
        y = x * 2.0
        y.register_hook(lambda g, y=y, held=held: None)
        y.sum().backward()
        return weakref.ref(held)

    reference = run()
    gc.collect()
    assert reference() is None


def test_what_a_hook_raises_is_raised() -> None:
    x = leaf([1.0])

    def fail(g: rt.Tensor) -> None:
        raise KeyError("mine")

    handle = x.register_hook(fail)
    with pytest.raises(KeyError, match="mine"):
        (x * 2.0).sum().backward()
    assert x.grad is None
    handle.remove()
    (x * 2.0).sum().backward()
    assert plain(x.grad) == [2]


# PyTorch's names


def test_autograd_grad() -> None:
    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    middle = x * x
    z = (middle * y).sum()
    assert plain(rt.autograd.grad(z, [middle, y])) == ([3, 4], [1, 4])
    assert plain(rt.autograd.grad(middle, x, rt.tensor([1.0, 10.0]))) == ([2, 40],)
    assert plain(rt.autograd.grad([z, middle.sum()], x)) == ([8, 20],)
    unused = rt.autograd.grad(middle.sum(), [x, y], allow_unused=True)
    assert plain(unused[0]) == [2, 4] and unused[1] is None
    assert plain(rt.autograd.grad(middle.sum(), [x, y], materialize_grads=True)) == ([2, 4], [0, 0])
    rows = rt.autograd.grad(middle, x, rt.tensor([[1.0, 0.0], [0.0, 1.0]]), is_grads_batched=True)
    assert plain(rows) == ([[2, 0], [0, 4]],)
    (slope,) = rt.autograd.grad(z, x, create_graph=True)
    assert slope.requires_grad and plain(rt.autograd.grad(slope.sum(), x)) == ([6, 8],)
    assert not rt.autograd.grad(z, x)[0].requires_grad
    assert x.grad is None


def test_autograd_backward() -> None:
    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    rt.autograd.backward([(x * y).sum(), x * 2.0], [None, rt.tensor([1.0, 10.0])])
    assert (plain(x.grad), plain(y.grad)) == ([5, 24], [1, 2])
    x.grad = y.grad = None
    (x * y).sum().backward(inputs=y)
    assert x.grad is None and plain(y.grad) == [1, 2]
    cube(x).sum().backward(create_graph=True)
    first = x.grad
    assert first is not None and first.requires_grad
    x.grad = None
    first.sum().backward()
    assert plain(x.grad) == [6, 12]


def test_leaves_and_their_flags() -> None:
    x = leaf([1.0])
    y = x * 2.0
    assert (x.is_leaf, y.is_leaf, x.grad_fn, y.retains_grad) == (True, False, None, False)
    assert y.grad_fn is not None and y.grad_fn.name() == "MulBackward"
    assert [f for f, _ in (y + x.exp()).grad_fn.next_functions][1].name() == "ExpBackward"  # type: ignore[union-attr]
    y.requires_grad_()
    y.sum().backward()
    assert plain(x.grad) == [2] and y.grad is None
    x.requires_grad = False
    assert not x.requires_grad and x.is_leaf
    z = leaf([1.0]) * 2.0
    z.detach_()
    assert not z.requires_grad


def test_grad_modes() -> None:
    x = leaf([1.0])
    rt.set_grad_enabled(False)
    try:
        assert not rt.is_grad_enabled() and not (x * 2.0).requires_grad
        with rt.set_grad_enabled(True):
            assert (x * 2.0).requires_grad
        assert not rt.is_grad_enabled()
    finally:
        rt.set_grad_enabled(True)
    with rt.inference_mode():
        assert not (x * 2.0).requires_grad
        with rt.inference_mode(False):
            assert not (x * 2.0).requires_grad


def test_functional_call_leaves_the_module_as_it_is() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    x, y = rt.tensor(X), rt.tensor([0, 1])
    before = plain(dict(model.named_parameters()))
    parameters = dict(model.named_parameters())

    def loss(parameters: dict[str, rt.Tensor], x: rt.Tensor, y: rt.Tensor) -> rt.Tensor:
        return F.cross_entropy(rt.func.functional_call(model, parameters, (x,)), y)

    each = rt.vmap(rt.grad(loss), in_axes=(None, 0, 0))(parameters, x, y)
    for name, value in model.named_parameters():
        value.grad = None
        for n in range(2):
            loss(parameters, x[n], y[n]).backward()
            np.testing.assert_allclose(each[name][n].numpy(), value.grad.numpy(), rtol=1e-5, atol=1e-6)  # type: ignore[union-attr]
            value.grad = None
    zeros = {name: value * 0.0 for name, value in parameters.items()}
    assert plain(rt.func.functional_call(model, [zeros], x)) == [[0, 0], [0, 0]]
    assert plain(dict(model.named_parameters())) == before
    assert all(p.is_leaf and p.requires_grad for p in model.parameters())
