"""The Tensor object: making, reading, indexing, assigning, copying; rows against NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rutile as rt
from rows import sample
from rutile.nn import functional as F

# Making and reading


@pytest.mark.parametrize(
    ("data", "dtype", "shape"),
    [
        (1.5, "float32", ()),
        (3, "int32", ()),
        (True, "bool", ()),
        ([1, 2], "int32", (2,)),
        ([1, 2.5], "float32", (2,)),
        ([[True], [False]], "bool", (2, 1)),
        ([], "float32", (0,)),
        (np.arange(3), "int32", (3,)),
        (np.arange(3, dtype=np.uint8), "int32", (3,)),
        (np.arange(3, dtype=np.uint32), "uint32", (3,)),
        (np.ones((2, 2)), "float32", (2, 2)),
        (np.ones((2, 3), dtype=np.float16).T, "float32", (3, 2)),
        (memoryview(b"ab"), "int32", (2,)),
        (range(3), "int32", (3,)),
    ],
)
def test_tensor_from_data(data: Any, dtype: str, shape: tuple[int, ...], device: str):
    x = rt.tensor(data, device=device)
    assert (str(x.dtype), x.shape, x.ndim, x.size) == (dtype, shape, len(shape), int(np.prod(shape)))
    assert x.device == device
    np.testing.assert_array_equal(x.numpy(), np.asarray(data))
    assert x.tolist() == np.asarray(data).astype(dtype).tolist()


def test_tensor_copies_its_data():
    array = np.ones(3, dtype=np.float32)
    x = rt.tensor(array)
    array[:] = 7
    assert x.tolist() == [1, 1, 1]


CREATIONS: dict[str, tuple[Callable[[str], rt.Tensor], Any]] = {
    "zeros": (lambda d: rt.zeros((2, 3), device=d), np.zeros((2, 3), "f")),
    "ones": (lambda d: rt.ones(3, dtype=rt.int32, device=d), np.ones(3, "i")),
    "full": (lambda d: rt.full((2,), 7, device=d), np.full(2, 7, "i")),
    "full-bool": (lambda d: rt.full((2,), True, device=d), np.full(2, True)),
    "zeros of sizes": (lambda d: rt.zeros(2, 3, device=d), np.zeros((2, 3), "f")),
    "full-empty": (lambda d: rt.full((0, 2), 1.0, device=d), np.zeros((0, 2), "f")),
    "zeros_like": (lambda d: rt.zeros_like(rt.ones((2,), device=d)), np.zeros(2, "f")),
    "ones_like": (lambda d: rt.ones_like(rt.zeros((2,), device=d), dtype="int32"), np.ones(2, "i")),
    "full_like": (lambda d: rt.full_like(rt.zeros((2,), device=d), 3.0), np.full(2, 3.0, "f")),
    "arange": (lambda d: rt.arange(4, device=d), np.arange(4, dtype="i")),
    "arange-step": (lambda d: rt.arange(1, 8, 3, device=d), np.arange(1, 8, 3, dtype="i")),
    "arange-down": (lambda d: rt.arange(5, 0, -2, device=d), np.arange(5, 0, -2, dtype="i")),
    "arange-float": (lambda d: rt.arange(0.0, 1.0, 0.25, device=d), np.arange(0, 1, 0.25, dtype="f")),
    "arange-empty": (lambda d: rt.arange(3, 1, device=d), np.arange(0, dtype="i")),
    "from_dlpack": (lambda d: rt.from_dlpack(np.arange(3, dtype="f"), device=d), np.arange(3, dtype="f")),
}


@pytest.mark.parametrize("name", CREATIONS)
def test_creation(name: str, device: str):
    make, expected = CREATIONS[name]
    x = make(device)
    assert (str(x.dtype), x.shape, x.device) == (str(expected.dtype), expected.shape, device)
    np.testing.assert_array_equal(x.numpy(), expected)


def test_reads_as_python_numbers(device: str):
    x = rt.tensor([3], device=device)
    assert (x.item(), int(x), float(x), bool(x), [0, 1, 2, 9][x]) == (3, 3, 3.0, True, 9)
    assert isinstance(rt.tensor(True, device=device).item(), bool)
    assert f"{rt.tensor(1.25, device=device):.1f}" == "1.2"
    assert rt.tensor(2**32 - 1, dtype="uint32", device=device).item() == 2**32 - 1
    assert len(rt.zeros((3, 2), device=device)) == 3
    assert [row.tolist() for row in rt.tensor([[1], [2]], device=device)] == [[1], [2]]


def test_to_moves_and_converts(device: str):
    x = rt.tensor([1.5, -2.0])
    assert x.to(device).device == device
    assert x.to(device).cpu().tolist() == [1.5, -2.0]
    assert (str(x.to("int32").dtype), str(x.int().dtype), str(x.bool().dtype)) == ("int32", "int32", "bool")
    assert x.to(rt.int32).float().tolist() == [1, -2]
    y = rt.tensor([1.0], requires_grad=True)
    (y.to(device) * 3.0).to("cpu").sum().backward()
    assert y.grad is not None and (y.grad.tolist(), y.grad.device) == ([3], "cpu")


def test_hash_and_equality_are_those_of_arrays():
    x = rt.tensor([1, 2])
    assert len({x, x}) == 1
    assert (x == rt.tensor([1, 3])).tolist() == [True, False]
    assert 2.0 in rt.tensor([1.0, 2.0])
    assert 3.0 not in rt.tensor([1.0, 2.0])


# Indexing

KEYS = {
    "int": 1, "negative": -1, "slice": slice(1, 3), "step": slice(None, None, 2), "back": slice(None, None, -1),
    "back-part": slice(2, 0, -1), "beyond": slice(1, 99), "empty": slice(3, 1), "none": None, "ellipsis": ...,
    "tuple": (0, slice(None), 1), "none-first": (None, 1, ..., None), "ellipsis-mid": (slice(1, None), ..., 0),
    "all": (1, 2, 3), "empty-tuple": (), "numpy-int": np.int64(1), "out-of-range-slice": slice(-99, -1, 3),
}  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_indexing(key: str, device: str):
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    result = rt.tensor(array, device=device)[KEYS[key]]
    expected = array[KEYS[key]]
    assert result.shape == expected.shape
    np.testing.assert_array_equal(result.numpy(), expected)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", ["number", "row", "like"])
def test_assignment(key: str, value: str, device: str):
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    x = rt.tensor(array, device=device)
    before = x.clone()
    target = array[KEYS[key]]
    source: Any = 7.0 if value == "number" or not target.shape else np.full(target.shape[-1:], 5.0, "f")
    source = -target if value == "like" else source
    x[KEYS[key]] = source if isinstance(source, float) else rt.tensor(source, device=device)
    assert before.tolist() == np.arange(24).reshape(2, 3, 4).tolist()
    array[KEYS[key]] = source
    np.testing.assert_array_equal(x.numpy(), array)


def test_assignment_takes_lists_and_keeps_the_dtype(device: str):
    x = rt.zeros((2, 2), dtype="int32", device=device)
    x[0] = [1, 2]
    x[1, 1] = 2.9
    assert (x.tolist(), str(x.dtype)) == ([[1, 2], [0, 2]], "int32")


# In-place changes


def test_in_place_operators_rebind_one_object(device: str):
    x = rt.tensor([1.0, 2.0], device=device)
    other, same = x.clone(), x
    x += 1.0
    x *= 2.0
    x -= rt.tensor([1.0, 1.0], device=device)
    x /= 2.0
    assert same is x
    assert x.tolist() == [1.5, 2.5]
    assert other.tolist() == [1, 2]


def test_in_place_results_keep_their_history(device: str):
    x = rt.tensor([1.0, 2.0], device=device, requires_grad=True)
    y = x * 1.0
    y *= x
    y[0] = 5.0
    y.sum().backward()
    assert x.grad is not None and x.grad.tolist() == [0, 4]


LEAVES = {
    "zeros": lambda: rt.zeros(2, 3, requires_grad=True),
    "ones": lambda: rt.ones((2, 3), requires_grad=True),
    "empty": lambda: rt.empty(2, requires_grad=True),
    "full": lambda: rt.full((2,), 3.0, requires_grad=True),
    "zeros_like": lambda: rt.zeros_like(rt.ones(2), requires_grad=True),
    "ones_like": lambda: rt.ones_like(rt.ones(2), requires_grad=True),
    "empty_like": lambda: rt.empty_like(rt.ones(2), requires_grad=True),
    "full_like": lambda: rt.full_like(rt.ones(2), 3.0, requires_grad=True),
    "eye": lambda: rt.eye(2, requires_grad=True),
    "linspace": lambda: rt.linspace(0.0, 1.0, 5, requires_grad=True),
    "linspace without its end": lambda: rt.linspace(0.0, 1.0, 5, endpoint=False, requires_grad=True),
    "arange": lambda: rt.arange(0.0, 3.0, requires_grad=True),
    "integers as floats": lambda: rt.arange(3, dtype="float32", requires_grad=True),
}


@pytest.mark.parametrize("name", LEAVES)
def test_tensors_are_made_as_leaves(name: str):
    x = LEAVES[name]()
    (x * 2.0).sum().backward()
    assert x.is_leaf
    assert x.grad is not None and x.grad.shape == x.shape


def test_leaves_change_in_place_under_no_grad(device: str):
    x = rt.tensor([1.0, 2.0], device=device, requires_grad=True)
    (x * 3.0).sum().backward()
    with rt.no_grad():
        x -= 0.5 * (x.grad if x.grad is not None else 0.0)
    x.assign_(x + 1.0)
    assert (x.tolist(), x.requires_grad, x.is_leaf) == ([0.5, 1.5], True, True)
    assert x.grad is not None and x.grad.tolist() == [3, 3]


def test_a_clone_is_no_leaf():
    x = rt.tensor([1.0, 2.0], requires_grad=True)
    y = x.clone()
    y[0] = 5.0
    y.mul_(2.0).sum().backward()
    assert (x.tolist(), y.tolist(), y.is_leaf) == ([1, 2], [10, 4], False)
    assert x.grad is not None and x.grad.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("bool", "bool"),
        ("byte", "uint8"),
        ("char", "int8"),
        ("short", "int16"),
        ("int", "int32"),
        ("long", "int64"),
        ("half", "float16"),
        ("bfloat16", "bfloat16"),
        ("float", "float32"),
        ("double", "float64"),
    ],
)
def test_dtypes_by_pytorchs_names(name: str, dtype: str):
    x = getattr(rt.tensor([0.0, 2.0, 3.0]), name)()
    assert (str(x.dtype), x.tolist()) == (dtype, [0, 1, 1] if name == "bool" else [0, 2, 3])
    if name not in ("byte", "char", "bool"):
        assert getattr(rt, name) is x.dtype


def test_devices_have_a_type_and_a_number():
    x = rt.ones(2, device=rt.device("cpu"))
    assert (x.device, x.device.type, x.device.index, rt.device("gpu", 1)) == ("cpu", "cpu", None, "gpu:1")
    assert rt.device("gpu:1").index == 1


def test_functions_of_networks_change_in_place_on_request():
    for function in (F.relu, F.leaky_relu, F.elu, F.hardtanh, F.silu):
        x = rt.tensor([-1.0, 2.0])
        expected = function(x)
        assert function(x, inplace=True) is x
        assert x.tolist() == expected.tolist()


def test_data_is_the_value_without_history():
    x = rt.tensor([1.0, 2.0], requires_grad=True)
    x.data = x.data * 2.0
    assert (x.tolist(), x.requires_grad, x.is_leaf, x.data.requires_grad) == ([2, 4], True, True, False)


def test_draws_in_place():
    x = rt.zeros((1000,))
    for method, mean in (("uniform_", 0.5), ("normal_", 0.0), ("exponential_", 1.0), ("bernoulli_", 0.5)):
        assert abs(getattr(x, method)(generator=rt.random.Generator(3)).mean().item() - mean) < 0.1
    assert set(x.random_(2, 5).tolist()) == {2, 3, 4}
    assert abs(x.geometric_(0.25).mean().item() - 4.0) < 0.5
    assert x.min().item() == 1


# Random chains of views, against NumPy


class Both:
    """A NumPy array and a tensor that shall stay equal."""

    def __init__(self, array: np.ndarray, device: str) -> None:
        self.leaf = rt.tensor(array, device=device, requires_grad=True)
        # Each element is its own position, so that gradients can be gathered by it.
        self.array, self.places, self.tensor = array, np.arange(array.size).reshape(array.shape), self.leaf

    def apply(self, on_numpy: Callable[[np.ndarray, float], np.ndarray], on_tensor: Callable[[rt.Tensor], rt.Tensor]):
        self.array, self.places, self.tensor = (
            on_numpy(self.array, 9),
            on_numpy(self.places, -1),
            on_tensor(self.tensor),
        )


def _factor(size: int, draw: Any) -> tuple[int, int]:
    divisor = draw(st.sampled_from([n for n in range(1, size + 1) if size % n == 0])) if size else 1
    return divisor, size // divisor


def _step(draw: Any, both: Both) -> None:
    shape = both.array.shape
    rank = len(shape)
    axis = draw(st.integers(0, rank - 1)) if rank else 0
    kind = draw(st.sampled_from(["slice", "permute", "flip", "pad", "split", "join", "unsqueeze", "expand", "element"]))
    if kind == "permute":
        order = draw(st.permutations(range(rank)))
        both.apply(lambda a, _: a.transpose(order), lambda x: x.permute(order))
    elif kind == "unsqueeze" and rank < 6:
        place = draw(st.integers(0, rank))
        both.apply(lambda a, _: np.expand_dims(a, place), lambda x: x.unsqueeze(place))
    elif kind == "expand" and rank < 6 and both.array.size < 500:
        wide = (draw(st.integers(1, 3)), *(draw(st.integers(1, 3)) if size == 1 else size for size in shape))
        both.apply(lambda a, _: np.broadcast_to(a, wide), lambda x: rt.broadcast_to(x, wide))
    elif kind == "slice" and rank:
        bounds = st.one_of(st.none(), st.integers(-shape[axis] - 1, shape[axis] + 1))
        key = slice(draw(bounds), draw(bounds), draw(st.sampled_from([None, 1, 2, 3, -1, -2, -3])))
        index = (*[slice(None)] * axis, key)
        both.apply(lambda a, _: a[index], lambda x: x[index])
    elif kind == "element" and rank and shape[axis]:
        index = (*[slice(None)] * axis, draw(st.integers(-shape[axis], shape[axis] - 1)))
        both.apply(lambda a, _: a[index], lambda x: x[index])
    elif kind == "flip" and rank:
        both.apply(lambda a, _: np.flip(a, axis), lambda x: rt.flip(x, axis=axis))
    elif kind == "pad" and rank:
        sides = [(0, 0)] * rank
        sides[axis] = (draw(st.integers(0, 2)), draw(st.integers(0, 2)))
        both.apply(lambda a, fill: np.pad(a, sides, constant_values=fill), lambda x: rt.pad(x, sides, 9))
    elif kind == "split" and rank and rank < 5:
        target = (*shape[:axis], *_factor(shape[axis], draw), *shape[axis + 1 :])
        both.apply(lambda a, _: a.reshape(target), lambda x: x.reshape(target))
    elif kind == "join" and rank > 1:
        first = min(axis, rank - 2)
        target = (*shape[:first], shape[first] * shape[first + 1], *shape[first + 2 :])
        both.apply(lambda a, _: a.reshape(target), lambda x: x.reshape(target))


def _check_chain(data: st.DataObject, device: str) -> None:
    shape = tuple(data.draw(st.lists(st.integers(0, 4) if data.draw(st.booleans()) else st.integers(2, 4), max_size=6)))
    both = Both(sample(shape, (1.0, 2.0)), device)
    for _ in range(data.draw(st.integers(1, 7))):
        _step(data.draw, both)
    assert both.tensor.shape == both.array.shape
    np.testing.assert_array_equal(both.tensor.numpy(), both.array)
    weights = sample(both.array.shape, (1.0, 2.0), 1)
    (both.tensor * rt.tensor(weights, device=device)).sum().backward()
    taken = both.places >= 0
    expected = np.bincount(both.places[taken], weights[taken], minlength=both.leaf.size).reshape(shape)
    if both.leaf.grad is not None:
        np.testing.assert_allclose(both.leaf.grad.numpy(), expected, rtol=1e-5)


@given(st.data())
def test_chains_of_views_on_the_cpu(data: st.DataObject):
    _check_chain(data, "cpu")


@given(st.data())
def test_chains_of_views_on_the_gpu(data: st.DataObject):
    _check_chain(data, "gpu")
