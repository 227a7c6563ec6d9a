"""Wrong calls: each row names the exception and the text that a user reads; nothing is lost by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile import nn
from rutile.nn import functional as F
from wrong_calls import CLASSES


def ones(*shape: int, dtype: Any = None, device: str | None = None) -> rt.Tensor:
    return rt.ones(shape, dtype=dtype, device=device)


def leaf(*shape: int) -> rt.Tensor:
    return rt.tensor(np.ones(shape), requires_grad=True)


def used(retain_graph: bool = False) -> rt.Tensor:
    """A loss that has been differentiated, and evaluated together with the gradient."""
    x = leaf(2)
    loss = (x.exp() * x).sum()
    loss.backward(retain_graph=retain_graph)
    rt.eval(loss, x.grad)  # type: ignore[arg-type]
    return loss


def twice(x: rt.Tensor) -> None:
    """Differentiates two losses that share x, and evaluates the first in between."""
    first, second = x.sum(), (x * 2.0).sum()
    first.backward()
    rt.eval(first)
    second.backward()


def change(x: rt.Tensor, value: Any) -> None:
    x += value


def assign(x: rt.Tensor, key: Any, value: Any) -> None:
    x[key] = value


def named(x: rt.Tensor) -> rt.Tensor:
    return x * 1.0


def hooked(hook: Any) -> None:
    x = leaf(2)
    x.register_hook(hook)
    (x * 2.0).sum().backward()


def ruled(rule: Any) -> None:
    f = rt.custom_vjp(named)
    f.defvjp(lambda x: (x * 1.0, None), rule)
    f(leaf(2)).sum().backward()


class Halved(rt.autograd.Function):
    """Forgets the gradient of its second argument."""

    @staticmethod
    def forward(ctx: Any, x: rt.Tensor, y: rt.Tensor) -> rt.Tensor:
        return (x + y) * 0.5

    @staticmethod
    def backward(ctx: Any, *gradients: rt.Tensor) -> Any:
        return gradients[0] * 0.5


ROWS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    # Shapes
    "add": (
        lambda: ones(2, 3) + ones(4),
        rt.ShapeError,
        "add needs shapes that broadcast together, got (2, 3) and (4,): sizes must be",
    ),
    "where": (lambda: rt.where(ones(2) > 0, ones(3), 0.0), rt.ShapeError, "where needs shapes that broadcast"),
    "matmul": (
        lambda: ones(2, 3) @ ones(5, 3),
        rt.ShapeError,
        "matmul needs x.shape[-1] == y.shape[-2], got (2, 3) and (5, 3): transpose y?",
    ),
    "matmul batch": (lambda: ones(2, 1, 1) @ ones(3, 1, 1), rt.ShapeError, "matmul needs shapes that broadcast"),
    "matmul 0-d": (lambda: ones(2) @ ones(), rt.ShapeError, "multiply numbers with *"),
    "reshape": (
        lambda: ones(2, 3).reshape(4, -1),
        rt.ShapeError,
        "reshape needs a shape of 6 elements (one size may be -1), got (4, -1) for (2, 3)",
    ),
    "reshape twice -1": (lambda: ones(4).reshape(-1, -1), rt.ShapeError, "reshape needs a shape of 4 elements"),
    "permute": (lambda: ones(2, 2).permute(0, 0), rt.ShapeError, "permute needs each of the 2 axes once, got [0, 0]"),
    "expand": (
        lambda: rt.broadcast_to(ones(3), (2, 4)),
        rt.ShapeError,
        "expand needs shapes that broadcast together, got (3,) and (2, 4)",
    ),
    "expand fewer axes": (lambda: rt.broadcast_to(ones(1, 3), (3,)), rt.ShapeError, "expand needs a shape that"),
    "pad": (
        lambda: rt.pad(ones(2), [(1, 1), (0, 0)]),
        rt.ShapeError,
        "pad needs one (before, after) pair for each axis",
    ),
    "pad cut": (lambda: rt.pad(ones(2), [(-2, -1)]), rt.ShapeError, "pad needs padding that leaves no negative size"),
    "max of nothing": (
        lambda: ones(0).max(),
        rt.ShapeError,
        "max needs at least one element to choose from, got shape (0,)",
    ),
    "item": (lambda: ones(2).item(), rt.ShapeError, "item needs a tensor of one element, got shape (2,)"),
    "truth": (lambda: bool(ones(2)), rt.ShapeError, "item needs a tensor of one element"),
    "squeeze": (lambda: rt.squeeze(ones(2), 0), ValueError, "squeeze needs axes of size 1, got axis 0 of shape (2,)"),
    "negative size": (lambda: rt.zeros((2, -1)), ValueError, "a shape needs sizes of at least 0, got (2, -1)"),
    "ragged": (lambda: rt.tensor([[1], [1, 2]]), ValueError, "tensor needs nested lists of equal lengths"),
    "linear": (
        lambda: F.linear(ones(2, 3), ones(4, 5)),
        rt.ShapeError,
        "linear needs input.shape[-1] == weight.shape[1]",
    ),
    "linear bias": (
        lambda: F.linear(ones(2, 3), ones(4, 3), ones(3)),
        rt.ShapeError,
        "linear needs a bias of shape (4,), got (3,)",
    ),
    "conv2d channels": (lambda: F.conv2d(ones(1, 2, 4, 4), ones(3, 5, 2, 2)), rt.ShapeError, "conv"),
    "conv2d kernel": (lambda: F.conv2d(ones(1, 1, 2, 2), ones(1, 1, 3, 3)), rt.ShapeError, "conv"),
    "conv2d bias": (
        lambda: F.conv2d(ones(1, 1, 3, 3), ones(2, 1, 2, 2), ones(3)),
        rt.ShapeError,
        "conv needs a bias of shape (2,), got (3,)",
    ),
    "max_pool2d": (
        lambda: F.max_pool2d(ones(1, 1, 2, 2), 3),
        rt.ShapeError,
        "max_pool2d needs a window no larger than the padded input, got 3 for 2",
    ),
    "mse_loss": (lambda: F.mse_loss(ones(2), ones(3)), rt.ShapeError, "mse_loss needs input.shape == target.shape"),
    "cross_entropy": (
        lambda: F.cross_entropy(ones(4, 3), ones(3, dtype="int32")),
        rt.ShapeError,
        "cross_entropy needs targets of shape (4,) for logits (4, 3), got (3,)",
    ),
    "gradient's shape": (
        lambda: leaf(2).backward(ones(3)),
        rt.ShapeError,
        "backward needs a gradient of the result's shape",
    ),
    "grad's shape": (
        lambda: setattr(leaf(2), "grad", ones(3)),
        rt.ShapeError,
        "grad needs a value like the tensor, (2,) float32 on cpu, got (3,) float32 on cpu",
    ),
    "assign_": (
        lambda: leaf(2).assign_(ones(3)),
        rt.ShapeError,
        "assign_ needs a value like the tensor, (2,) float32 on cpu, got (3,) float32 on cpu",
    ),
    "assignment": (lambda: assign(ones(2, 2), 0, ones(3)), rt.ShapeError, "got (3,) and (2,)"),
    "assignment of more axes": (
        lambda: assign(ones(2, 2), 0, ones(1, 2)),
        rt.ShapeError,
        "assignment needs a value that broadcasts to (2,), got (1, 2)",
    ),
    # Dtypes
    "unknown dtype": (
        lambda: rt.zeros(2, dtype="complex64"),
        TypeError,
        "dtype needs one of bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, bfloat16, "
        "float32, float64, got 'complex64'",
    ),
    "text": (lambda: rt.tensor(["a"]), TypeError, "tensor needs numbers or bools"),
    "complex": (lambda: rt.tensor(1j), TypeError, "tensor needs numbers or bools, got complex128 data"),
    "negative of bool": (lambda: -(ones(2) > 0), rt.DTypeError, "negative needs float or integer operands, got bool"),
    "and of floats": (
        lambda: ones(2) & ones(2),
        rt.DTypeError,
        "bitwise_and needs integer or bool operands, got float32",
    ),
    "where of floats": (
        lambda: rt.where(ones(2), 1.0, 0.0),
        rt.DTypeError,
        "where needs a bool condition, got float32",
    ),
    "matmul of bools": (lambda: (ones(2) > 0) @ (ones(2) > 0), rt.DTypeError, "matmul needs numbers, got bool"),
    "gradient of integers": (
        lambda: rt.tensor([1], requires_grad=True),
        rt.DTypeError,
        "requires_grad needs a float tensor, got int32: convert it with .astype(float32) first",
    ),
    "index of float": (lambda: [1, 2][ones()], TypeError, "an index needs an integer tensor, got float32"),
    "dropout of integers": (lambda: F.dropout(ones(2, dtype="int32")), TypeError, "dropout needs a float tensor"),
    "no tensor": (lambda: rt.add(1, 2), TypeError, "add needs at least one Tensor, got two numbers"),
    "no operand": (lambda: ones(2) + object(), TypeError, "needs tensors, arrays or numbers, got object"),
    "the class": (lambda: rt.Tensor().shape, TypeError, "made by rutile.tensor(...), not by calling the class"),
    # Values
    "integer beyond int32": (lambda: rt.tensor([2**40]), ValueError, "tensor needs integers that fit into int32"),
    "number beyond int32": (
        lambda: ones(2, dtype="int32") + 2**40,
        rt.ArgumentError,
        "add needs an integer from -2147483648 to 2147483647 for int32, got 1099511627776",
    ),
    "negative beside uint32": (
        lambda: ones(2, dtype="uint32") * -1,
        rt.ArgumentError,
        "multiply needs an integer from 0 to 4294967295 for uint32, got -1",
    ),
    "step 0": (lambda: rt.arange(0, 3, 0), ValueError, "arange needs a step other than 0"),
    "axis twice": (lambda: ones(2, 2).sum((0, -2)), rt.ArgumentError, "sum needs each axis once, got [0, -2]"),
    "reduction": (lambda: F.mse_loss(ones(2), ones(2), "all"), ValueError, 'reduction="mean", "sum" or "none"'),
    "dropout": (lambda: F.dropout(ones(2), 1.5), ValueError, "dropout needs 0 <= p <= 1, got 1.5"),
    # Indices
    "index": (lambda: ones(3)[3], rt.OutOfRangeError, "indexing needs an index from -3 to 2 for axis 0, got 3"),
    "negative index": (lambda: ones(2, 3)[0, -4], rt.OutOfRangeError, "an index from -3 to 2 for axis 1, got -4"),
    "too many indices": (
        lambda: ones(3)[0, 0],
        rt.OutOfRangeError,
        "indexing needs at most 1 indices for shape (3,), got 2",
    ),
    "two ellipses": (lambda: ones(3)[..., ...], ValueError, "indexing needs at most one ellipsis"),
    "slice step 0": (lambda: ones(3)[::0], ValueError, "slice step cannot be zero"),
    "index by text": (lambda: ones(3)["a"], TypeError, "indexing needs integers, slices, None or Ellipsis, got str"),
    "index by list": (lambda: ones(3)[[0, 3]], IndexError, "3"),
    "axis": (lambda: ones(2).sum(1), rt.OutOfRangeError, "sum needs an axis from -1 to 0, got 1"),
    "axis of 0-d": (lambda: ones().softmax(0), rt.OutOfRangeError, "softmax needs"),
    "transpose": (lambda: ones(2).transpose(0, 1), rt.OutOfRangeError, "transpose needs an axis from -1 to 0, got 1"),
    "len of 0-d": (lambda: len(ones()), TypeError, "len needs a tensor of at least one axis"),
    # Devices
    "device": (
        lambda: rt.zeros(2, device="npu"),
        rt.DeviceError,
        'device needs "cpu", "gpu", "gpu:N", "vulkan:N", "metal:N", "dx12:N" or "null", got "npu": '
        "rutile.devices() lists what there is",
    ),
    "device number": (lambda: rt.zeros(2, device="gpu:99"), rt.DeviceError, "gpu:99"),
    "device that is not built in": (lambda: rt.zeros(2, device="metal:99"), rt.DeviceError, "device needs"),
    "with device": (lambda: rt.device("tpu").__enter__(), rt.DeviceError, 'got "tpu"'),
    "default device": (lambda: rt.set_default_device("tpu"), rt.DeviceError, 'got "tpu"'),
    "to": (lambda: ones(2).to("tpu"), rt.DeviceError, 'got "tpu"'),
    "mixed devices": (
        lambda: ones(2) + rt.ones(2, device="gpu"),
        rt.DeviceError,
        'add needs tensors on one device, got cpu and gpu: move one with .to("cpu")',
    ),
    "mixed devices in matmul": (
        lambda: rt.ones((2, 2), device="gpu") @ ones(2, 2),
        rt.DeviceError,
        "matmul needs tensors on one device, got gpu and cpu",
    ),
    "mixed devices in conv2d": (
        lambda: F.conv2d(ones(1, 1, 3, 3), rt.ones((1, 1, 2, 2), device="gpu")),
        rt.DeviceError,
        "needs tensors on one device",
    ),
    "mixed devices in a gradient": (
        lambda: leaf(2).backward(rt.ones(2, device="gpu")),
        rt.DeviceError,
        "backward needs tensors on one device, got cpu and gpu",
    ),
    # Gradients
    "backward of many": (
        lambda: (leaf(2) * 2.0).backward(),
        rt.ShapeError,
        "backward needs a result of one element, or a gradient for it, got shape (2,): reduce it with .sum()",
    ),
    "backward without leaves": (
        lambda: ones(2).sum().backward(),
        rt.GradientError,
        "backward needs a result that depends on a tensor with requires_grad=True, got one that does not",
    ),
    "backward of a detached": (lambda: leaf(2).detach().sum().backward(), rt.GradientError, "check for detach()"),
    "second backward": (
        lambda: used().backward(),
        rt.GradientError,
        "got a graph that an earlier backward() used and evaluation released: call backward(retain_graph=True)",
    ),
    "grad of many": (lambda: rt.grad(lambda x: x * 2.0)(ones(2)), rt.ShapeError, "grad needs a result of one element"),
    "grad of a constant": (lambda: rt.grad(lambda x: ones())(ones(2)), rt.GradientError, "grad needs a result that"),
    "in place on a leaf": (lambda: change(leaf(2), 1.0), RuntimeError, "use no_grad() or assign_()"),
    "assignment to a leaf": (lambda: assign(leaf(2), 0, 1.0), RuntimeError, "use no_grad() or assign_()"),
    "in place to another shape": (lambda: change(ones(2), ones(3, 2)), ValueError, "write x = x + y"),
    "in place to another dtype": (lambda: change(ones(2, dtype="int32"), 0.5), ValueError, "write x = x + y"),
    "grad of many results": (
        lambda: rt.grad(lambda x: {"y": x})(ones(2)),
        TypeError,
        "needs a function that returns a tensor, got dict",
    ),
    "grad of integers": (
        lambda: rt.grad(lambda x: x.sum())(ones(2, dtype="int32")),
        rt.DTypeError,
        "grad needs a float tensor, got int32: convert it with .astype(float32) first",
    ),
    "argnums": (
        lambda: rt.grad(lambda x: x.sum(), 1)(ones(2)),
        rt.ArgumentError,
        "grad needs argnums of 1 positional arguments, got 1",
    ),
    "vjp's structure": (
        lambda: rt.vjp(lambda x: (x, x), ones(2))[1](ones(2)),
        rt.ArgumentError,
        "vjp needs gradients of the structure of what they are for, got Tensor for 2",
    ),
    "vjp's shape": (
        lambda: rt.vjp(lambda x: x, ones(2))[1](ones(3)),
        rt.ArgumentError,
        "vjp needs gradients of the shapes of what they are for, got (3,) for (2,)",
    ),
    "jvp's tuples": (
        lambda: rt.jvp(lambda x: x, ones(2), ones(2)),  # type: ignore[arg-type]
        rt.ArgumentError,
        "write jvp(f, (x,), (v,))",
    ),
    "jvp's shape": (
        lambda: rt.jvp(lambda x: x, (ones(2),), (ones(3),)),
        rt.ArgumentError,
        "jvp needs tangents of the shapes of what they are for, got (3,) for (2,)",
    ),
    "jacrev of numbers": (
        lambda: rt.jacrev(lambda x: 1.0)(ones(2)),
        rt.ArgumentError,
        "jacrev needs a function that returns tensors, got float",
    ),
    "hvp of many": (
        lambda: rt.hvp(lambda x: x, (ones(2),), (ones(2),)),
        rt.ShapeError,
        "hvp needs a function that gives one element, got shape (2,)",
    ),
    "unused input": (
        lambda: rt.autograd.grad((x := leaf(2)).sum(), [x, leaf(3)]),
        rt.GradientError,
        "grad needs inputs that the outputs depend on, got others at 1: pass allow_unused=True",
    ),
    "input without gradient": (
        lambda: rt.autograd.grad(leaf(2).sum(), ones(2)),
        rt.GradientError,
        "grad needs outputs and inputs that require gradients, got one that does not",
    ),
    "seeds": (
        lambda: rt.autograd.backward([leaf(2).sum()], [None, None]),
        rt.GradientError,
        "backward needs one gradient for each of 1 results, got 2",
    ),
    "requires_grad of a result": (
        lambda: (leaf(2) * 2.0).requires_grad_(False),
        rt.GradientError,
        "requires_grad_(False) needs a leaf, got a result that depends on a tensor with requires_grad=True: use detach()",
    ),
    "hook without gradient": (
        lambda: ones(2).register_hook(print),
        rt.GradientError,
        "a hook needs a tensor that depends on one with requires_grad=True, got one that does not",
    ),
    "hook after accumulation": (
        lambda: (leaf(2) * 2.0).register_post_accumulate_grad_hook(print),
        rt.GradientError,
        "register_post_accumulate_grad_hook needs a leaf with requires_grad=True, got another tensor",
    ),
    "hook's shape": (
        lambda: hooked(lambda g: g.sum()),
        rt.ShapeError,
        "a hook needs to return None or a gradient like the one it got, (2,) float32, got () float32",
    ),
    "hook's result": (lambda: hooked(lambda g: 3.0), TypeError, "a hook needs to return tensors or None, got float"),
    "no rule": (
        lambda: rt.custom_vjp(named)(leaf(2)),
        rt.GradientError,
        "named needs a gradient rule, got none: call named.defvjp first",
    ),
    "a rule of too few": (
        lambda: ruled(lambda residuals, g: ()),
        rt.GradientError,
        "named needs a tuple of 1 gradients from its rule, got 0",
    ),
    "a rule of no tuple": (
        lambda: ruled(lambda residuals, g: g),
        rt.GradientError,
        "1 gradients from its rule, got Tensor",
    ),
    "a rule's shape": (
        lambda: ruled(lambda residuals, g: (g.sum(),)),
        rt.ShapeError,
        "named needs a gradient of its input's shape (2,), got ()",
    ),
    "a rule used again": (
        lambda: twice(rt.checkpoint(named)(leaf(2))),
        rt.GradientError,
        "checkpoint needs the graph behind its result, got one that an earlier backward() used and released",
    ),
    "too few gradients of a Function": (
        lambda: Halved.apply(leaf(2), leaf(2)).sum().backward(),
        rt.GradientError,
        "Halved.backward needs to return 2 gradients, one for each argument, got 1",
    ),
    # Tracing
    "if in vmap": (
        lambda: rt.vmap(lambda x: x if x.sum() > 0 else -x)(ones(2, 3)),
        rt.TracingError,
        "reading needs a tensor that has a value, got one inside vmap, which stands for every element of the batch: "
        "choose with where() instead of if, and read results outside",
    ),
    "numpy in vmap": (
        lambda: rt.vmap(lambda x: rt.tensor(x.numpy()))(ones(2, 3)),
        rt.TracingError,
        "got one inside vmap",
    ),
    "random numbers in vmap": (
        lambda: rt.vmap(lambda x: F.dropout(x))(ones(2, 3)),
        rt.ArgumentError,
        'random needs to know what vmap shall draw, got vmap(…, randomness="error"): pass randomness="different" or',
    ),
    "permutation in vmap": (
        lambda: rt.vmap(lambda x: x + rt.random.permutation(3), randomness="different")(ones(2, 3)),
        rt.ArgumentError,
        'got an order that is drawn on the host: pass randomness="same" to vmap, or argsort uniform numbers',
    ),
    "randomness": (
        lambda: rt.vmap(lambda x: x, randomness="some")(ones(2)),
        rt.ArgumentError,
        'vmap needs randomness "error", "same" or "different", got "some"',
    ),
    "axes of two sizes": (
        lambda: rt.vmap(lambda x, y: x)(ones(2), ones(3)),
        rt.ShapeError,
        "vmap needs axes of one size to map over, got 2, 3",
    ),
    "no axis": (
        lambda: rt.vmap(lambda x: x, in_axes=None)(ones(2)),
        rt.ShapeError,
        "axes of one size to map over, got no axis",
    ),
    "an axis that is not there": (
        lambda: rt.vmap(lambda x: x, in_axes=2)(ones(2, 2)),
        rt.ShapeError,
        "vmap needs an axis of (2, 2) to map over, got 2",
    ),
    "out_axes": (
        lambda: rt.vmap(lambda x: x, out_axes=1)(ones(2)),
        rt.ShapeError,
        "vmap needs an axis of the result for out_axes, from -1 to 0, got 1",
    ),
    "a result that differs": (
        lambda: rt.vmap(lambda x: x, out_axes=None)(ones(2)),
        rt.ArgumentError,
        "vmap needs out_axes=None only for results that are the same for all elements",
    ),
    "numbers to map over": (
        lambda: rt.vmap(lambda x, y: x)(ones(2), 1.0),
        TypeError,
        "vmap needs tensors to map over, got float",
    ),
    "numbers from vmap": (
        lambda: rt.vmap(lambda x: 1.0)(ones(2)),
        TypeError,
        "vmap needs a function that returns tensors, got float",
    ),
    "in_axes": (
        lambda: rt.vmap(lambda x: x, in_axes=(0, 0))(ones(2)),
        ValueError,
        "vmap needs in_axes of the structure of what it is for, got (0, 0) for (Tensor)",
    ),
    "chunk_size": (
        lambda: rt.vmap(named, chunk_size=0),
        rt.ArgumentError,
        "vmap needs a chunk_size of at least 1, got 0",
    ),
    "functional_call": (
        lambda: rt.func.functional_call(nn.Linear(2, 2), {"wait": ones(2)}, ones(2)),
        rt.ArgumentError,
        "functional_call needs names of the module's tensors, got wait",
    ),
    "segments": (
        lambda: rt.utils.checkpoint.checkpoint_sequential([named], 2, ones(2)),
        rt.ArgumentError,
        "checkpoint_sequential needs 1 to 1 segments, got 2",
    ),
    "grad of no leaf": (
        lambda: setattr(ones(2), "grad", ones(2)),
        TypeError,
        "grad needs a leaf with requires_grad=True",
    ),
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, rows in CLASSES.items() for name in rows])
def test_wrong_calls_of_every_class(kind: str, name: str):
    call, error, text = CLASSES[kind][name]
    with pytest.raises(error, match=re.escape(text)):
        call()


@pytest.mark.parametrize("name", ROWS)
def test_wrong_calls(name: str):
    call, error, text = ROWS[name]
    with pytest.raises(error, match=re.escape(text)):
        call()


@pytest.mark.parametrize("error", [value for name, value in vars(rt).items() if name.endswith("Error")])
def test_every_exception_is_documented_and_one_of_ours(error: type[Exception]):
    assert issubclass(error, rt.RutileError)
    assert error.__doc__
    assert error.__module__.startswith("rutile")


def test_exceptions_are_also_pythons():
    for error, base in {
        rt.ShapeError: ValueError, rt.DTypeError: TypeError, rt.ArgumentError: ValueError,
        rt.OutOfRangeError: IndexError, rt.DeviceError: RuntimeError, rt.OutOfMemoryError: MemoryError,
        rt.GradientError: RuntimeError,
    }.items():  # fmt: skip
        assert issubclass(error, base)
    assert issubclass(rt.OutOfMemoryError, rt.DeviceError)


def test_a_retained_graph_serves_a_second_backward():
    loss = used(retain_graph=True)
    loss.backward()


def test_a_failed_call_leaves_everything_as_it_was(device: str):
    x = rt.tensor([1.0, 2.0], device=device, requires_grad=True)
    y = x * 3.0
    for call in (lambda: y + rt.ones(3, device=device), lambda: y.backward(), lambda: change(x, 1.0), lambda: y[5]):
        with pytest.raises((ValueError, RuntimeError, IndexError)):
            call()
    y.sum().backward()
    assert x.grad is not None
    assert (x.tolist(), y.tolist(), x.grad.tolist()) == ([1, 2], [3, 6], [3, 3])


def test_a_failed_device_context_leaves_the_default():
    before = rt.default_device()
    with pytest.raises(rt.DeviceError), rt.device("tpu"):
        pass
    assert rt.default_device() == before
