"""Data shared with NumPy, PyTorch, JAX and Polars: values, dtypes, whose memory it is, and what is refused."""

from __future__ import annotations

import array
import copy
import importlib
import importlib.util
import operator
import pickle
import re
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest

import rutile as rt
from rows import refused_if_wide
from rutile import nn
from rutile.dtypes import BY_NAME

VALUES = np.array([[1, 0, 3], [4, 5, 6]])


LIBRARIES = [name for name in ("numpy", "torch", "jax.numpy") if importlib.util.find_spec(name.partition(".")[0])]


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> ModuleType:
    """Each library that speaks DLPack and is installed."""
    return importlib.import_module(request.param)


def address(x: Any) -> int:
    return np.asarray(x).__array_interface__["data"][0]


def view_of(x: Any) -> Any:
    """Checkers of types do not know that a tensor has a buffer."""
    return memoryview(x)


def locked(values: Any) -> np.ndarray:
    result = np.array(values)
    result.flags.writeable = False
    return result


# Buffers


@pytest.mark.parametrize("dtype", [name for name in BY_NAME if name != "bfloat16"])
def test_a_memoryview_is_a_tensors_own_memory(dtype: str):
    x = rt.tensor(VALUES, dtype=dtype, device="cpu")
    view = view_of(x)
    assert (view.shape, view.itemsize, view.readonly) == ((2, 3), x.itemsize, True)
    assert np.asarray(view).dtype == dtype
    np.testing.assert_array_equal(np.asarray(view), x.numpy())
    assert address(view) == address(x.numpy())
    x += x
    np.testing.assert_array_equal(np.asarray(view), VALUES.astype(dtype))
    for shape in ((), (0, 2)):
        assert view_of(rt.zeros(shape, dtype=dtype, device="cpu")).shape == shape


# DLPack


@pytest.mark.parametrize("dtype", BY_NAME)
def test_dlpack_both_ways(dtype: str, library: ModuleType, device: str):
    if (library.__name__, dtype) == ("numpy", "bfloat16") or (library.__name__ == "jax.numpy" and "64" in dtype):
        return  # which NumPy has not, and JAX has only on request
    with refused_if_wide(dtype, device):
        check_dlpack(dtype, library, device)


def check_dlpack(dtype: str, library: ModuleType, device: str) -> None:
    x = rt.tensor(VALUES, dtype=dtype, device=device)
    there = library.from_dlpack(x)
    assert str(there.dtype).removeprefix("torch.") == dtype
    back = rt.from_dlpack(there, device=device)
    assert (back.dtype, back.shape, back.device) == (dtype, (2, 3), device)
    np.testing.assert_array_equal(back.astype("float32").numpy(), VALUES.astype(dtype if dtype == "bool" else "f"))
    turned = rt.from_dlpack(there.T)
    np.testing.assert_array_equal(turned.astype("float32").numpy(), x.cpu().astype("float32").T.numpy())
    for empty in (rt.zeros((0, 3), dtype=dtype, device=device), rt.zeros((), dtype=dtype, device=device)):
        assert rt.from_dlpack(library.from_dlpack(empty)).shape == empty.shape


def test_dlpack_shares_what_nobody_may_write_to():
    x = rt.arange(5.0)
    out = np.from_dlpack(x)
    assert address(out) == address(x) and not out.flags.writeable
    assert address(rt.from_dlpack(out)) == address(x)
    assert address(np.from_dlpack(x, copy=True)) != address(x)
    own = np.arange(5.0)
    assert address(rt.from_dlpack(own)) != address(own)
    assert address(rt.from_dlpack(own, copy=False)) == address(own)
    assert address(rt.from_dlpack(locked(own), copy=True)) != address(own)


class Old:
    """A producer from before DLPack 1.0."""

    def __init__(self, x: Any, **asked: Any) -> None:
        self.x, self.asked = x, asked

    def __dlpack__(self) -> Any:
        return self.x.__dlpack__(**self.asked)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)


class Elsewhere(Old):
    """One whose memory the CPU cannot read, and that copies it there when asked."""

    def __dlpack__(self, **asked: Any) -> Any:
        assert asked.pop("dl_device") == (1, 0)
        return self.x.__dlpack__(**asked)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (2, 0)


def test_older_and_other_producers_and_consumers():
    assert rt.from_dlpack(Old(np.arange(3))).tolist() == [0, 1, 2]
    assert rt.from_dlpack(Elsewhere(rt.arange(3))).tolist() == [0, 1, 2]
    x = rt.arange(3.0)
    # Without a version there is no flag for read-only memory.
    legacy = np.from_dlpack(Old(x))  # type: ignore[arg-type]
    assert address(legacy) != address(x)
    # Who asks for no copy answers for what happens to the memory.
    assert address(np.from_dlpack(Old(x, copy=False))) == address(x)  # type: ignore[arg-type]
    assert rt.from_dlpack(Old(x)).tolist() == [0, 1, 2]


# NumPy and buffers


@pytest.mark.parametrize("dtype", [name for name in BY_NAME if name != "bfloat16"])
def test_from_numpy_keeps_the_dtype_and_shares_what_is_locked(dtype: str):
    values = locked(VALUES.astype(dtype))
    x = rt.from_numpy(values)
    assert x.dtype == dtype and address(x) == address(values)
    np.testing.assert_array_equal(x.numpy(), values)
    written = values.copy()
    x = rt.from_numpy(written)
    written[:] = 0
    np.testing.assert_array_equal(x.numpy(), values)


def test_from_numpy_of_any_layout(device: str):
    for values in (
        VALUES.T.astype("f"),
        VALUES[:, ::-1].astype("f")[::-1],
        np.array(2.5, "f"),
        np.zeros((0, 2), "f"),
        VALUES.astype(">f4"),
        np.broadcast_to(np.float32(3), (2, 2)),
        np.frombuffer(b"\0" + VALUES.astype("f").tobytes(), np.uint8)[1:].view("f"),
    ):
        x = rt.from_numpy(values, device=device)
        assert (x.device, x.dtype) == (device, "float32")
        np.testing.assert_array_equal(x.numpy(), values)


def test_shared_memory_is_never_written_to_and_outlives_its_owner():
    values = locked(np.arange(1000.0, dtype=np.float32))
    x = rt.from_numpy(values)
    del values
    x += 1.0
    weight = rt.from_numpy(locked(np.ones(1000, dtype=np.float32))).requires_grad_()
    start = weight.detach().numpy()
    optimizer = rt.optim.SGD([weight], lr=0.5)
    for _ in range(3):
        optimizer.zero_grad()
        (weight * x).sum().backward()
        optimizer.step()
    assert start.tolist() == [1.0] * 1000
    assert weight[0].item() == 1.0 - 3 * 0.5
    assert x[-1].item() == 1000.0


def test_the_last_reader_may_be_on_another_thread():
    kept = [rt.from_numpy(locked(np.full(1000, float(i)))) for i in range(50)]
    sums: list[float] = []

    def read() -> None:
        while kept:
            sums.append(float(kept.pop().sum().item()))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sums) == [1000.0 * i for i in range(50)]


BUFFERS: dict[str, tuple[Callable[[], Any], dict[str, Any], Any]] = {
    "bytes": (lambda: b"\x01\x02\x03\x04", {"dtype": "uint8"}, [1, 2, 3, 4]),
    "part": (lambda: b"\x01\x02\x03\x04", {"dtype": "uint8", "count": 2, "offset": 1}, [2, 3]),
    "array": (lambda: array.array("d", [1.5, 2.5]), {"dtype": "float64"}, [1.5, 2.5]),
    "bytearray": (lambda: bytearray(4), {"dtype": "int32"}, [0]),
    "bfloat16": (lambda: b"\x80\x3f\x00\x40", {"dtype": "bfloat16"}, [1.0, 2.0]),
}


@pytest.mark.parametrize("name", BUFFERS)
def test_buffers(name: str):
    make, arguments, expected = BUFFERS[name]
    x = rt.frombuffer(make(), **arguments)
    assert x.tolist() == expected and x.dtype == arguments["dtype"]


def test_tensor_takes_buffers_by_their_format():
    assert rt.tensor(array.array("h", [1, -2])).tolist() == [1, -2]
    assert rt.tensor(memoryview(array.array("d", [0, 1, 2, 3])).cast("B").cast("d", (2, 2))).tolist() == [
        [0, 1],
        [2, 3],
    ]


def test_numpy_shares_memory_on_the_cpu_and_is_read_only(device: str):
    x = rt.tensor([1.0, 2.0], device=device)
    values = x.numpy()
    assert not values.flags.writeable
    assert np.shares_memory(values, x.numpy()) == (device == "cpu")
    x += 1.0
    assert values.tolist() == [1, 2]
    assert x.tolist() == [2, 3]


def test_numpys_protocols(device: str):
    x = rt.tensor([[1.0, 2.0]], device=device)
    assert np.asarray(x).tolist() == [[1, 2]]
    assert np.asarray(x, dtype=np.float64).dtype == np.float64
    assert np.array(x, copy=True).flags.writeable
    assert x.__dlpack_device__() == (1, 0)
    result = np.array([10.0], dtype=np.float32) * x
    assert isinstance(result, rt.Tensor)
    assert result.device == device
    assert (x + np.float32(1)).tolist() == [[2, 3]]
    assert ([5.0, 6.0] - x).tolist() == [[4, 4]]


# Arrow


class Stream:
    """Something of another library: Arrow's C interface and nothing else."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.x.__arrow_c_stream__(requested_schema)


PAIRS = pl.Array(pl.Float32, 2)
ARROW: dict[str, tuple[Callable[[], Any], str, Any]] = {
    "series": (lambda: pl.Series([1, 2, 3], dtype=pl.Int16), "int16", [1, 2, 3]),
    "floats": (lambda: pl.Series([1.5, 2.5]), "float64", [1.5, 2.5]),
    "half floats": (lambda: pl.Series([1.5, 2.5], dtype=pl.Float16), "float16", [1.5, 2.5]),
    "bools": (lambda: pl.Series([True, False, True] * 5), "bool", [True, False, True] * 5),
    "part of bools": (lambda: pl.Series([True, False, True] * 5)[2:9], "bool", ([True, False, True] * 5)[2:9]),
    "chunks": (lambda: pl.concat([pl.Series([1, 2]), pl.Series([3])], rechunk=False), "int64", [1, 2, 3]),
    "lists": (lambda: pl.Series([[1, 2], [3, 4]], dtype=PAIRS), "float32", [[1, 2], [3, 4]]),
    "lists of lists": (
        lambda: pl.Series([[[1], [2]]], dtype=pl.Array(pl.UInt8, (2, 1))),
        "uint8",
        [[[1], [2]]],
    ),
    "table": (
        lambda: pl.DataFrame({"a": [1, 2], "b": [3.5, 4.5], "c": [True, False]}),
        "float64",
        [[1, 3.5, 1], [2, 4.5, 0]],
    ),
    "table of lists": (
        lambda: pl.DataFrame({"a": [[1, 2]], "b": [[3, 4]]}, schema={"a": PAIRS, "b": PAIRS}),
        "float32",
        [[[1, 2], [3, 4]]],
    ),
    "another library": (lambda: Stream(pl.DataFrame({"a": [1, 2]})), "int64", [[1], [2]]),
    "no rows": (lambda: pl.DataFrame({"a": [], "b": []}, schema={"a": pl.Int8, "b": pl.Int8}), "int8", []),
}


@pytest.mark.parametrize("name", ARROW)
def test_arrow(name: str, device: str):
    make, dtype, expected = ARROW[name]
    x = rt.from_arrow(make())
    assert (x.dtype, x.tolist()) == (dtype, expected)
    plain = rt.tensor(make(), device=device)
    assert plain.tolist() == expected and plain.device == device
    assert plain.dtype == {"f": "float32", "i": "int32", "u": "int32", "b": "bool"}[x.dtype.kind]
    assert rt.from_arrow(make(), dtype="float32", device=device).dtype == "float32"


def test_arrow_memory_is_shared():
    series = pl.Series(np.arange(1000.0))
    assert address(rt.from_arrow(series)) == address(series.to_numpy())
    assert address(rt.from_arrow(Stream(series))) == address(series.to_numpy())


# Refusals

LONG = {"a": pl.Series([1], dtype=pl.Int64), "b": pl.Series([1], dtype=pl.UInt64)}
WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "memoryview of a GPU's": (
        lambda: view_of(rt.ones(2, device="gpu")),
        BufferError,
        "memoryview needs a tensor on the cpu, got one on gpu: move it with .cpu()",
    ),
    "memoryview of bfloat16": (
        lambda: view_of(rt.ones(2, dtype="bfloat16")),
        BufferError,
        "memoryview needs a dtype that Python has, got bfloat16: convert it with .astype(rutile.float32)",
    ),
    "memoryview written to": (
        lambda: operator.setitem(view_of(rt.ones(2)), 0, 1.0),
        TypeError,
        "cannot modify read-only memory",
    ),
    "nulls": (
        lambda: rt.tensor(pl.DataFrame({"a": [1], "b": [None]}, schema={"a": pl.Int32, "b": pl.Int32})),
        rt.DataError,
        "from_arrow needs data without nulls, got 1 in column 'b': fill or drop them first",
    ),
    "nulls within lists": (
        lambda: rt.from_arrow(pl.Series("x", [[1, None]], dtype=PAIRS)),
        rt.DataError,
        "got 1 in column 'x'",
    ),
    "missing lists": (lambda: rt.from_arrow(pl.Series("x", [None], dtype=PAIRS)), rt.DataError, "without nulls, got 1"),
    "text": (
        lambda: rt.tensor(pl.Series("x", ["a"])),
        rt.DTypeError,
        "from_arrow needs numbers, bools or fixed-size lists of them, got column 'x' of String",
    ),
    "dates": (lambda: rt.tensor(pl.Series("x", [0], dtype=pl.Date)), rt.DTypeError, "got column 'x' of Date"),
    "lists of any length": (lambda: rt.tensor(pl.Series("x", [[1], [2]])), rt.DTypeError, ".list.to_array(n)"),
    "long integers of both signs": (lambda: rt.from_arrow(pl.DataFrame(LONG)), rt.DTypeError, "int64 and uint64"),
    "lists and numbers": (
        lambda: rt.from_arrow(pl.DataFrame({"a": [[1, 2]], "b": [1.0]}, schema={"a": PAIRS, "b": pl.Float32})),
        rt.DTypeError,
        "columns of numbers, or of fixed-size lists that are all of one size",
    ),
    "no arrow": (lambda: rt.from_arrow([1]), rt.DTypeError, "needs an object with __arrow_c_stream__, got list"),
    "no array": (lambda: rt.from_numpy([1]), rt.DTypeError, "from_numpy needs a NumPy array, got list"),  # type: ignore[arg-type]
    "array of text": (lambda: rt.from_numpy(np.array(["a"])), rt.DTypeError, "got <U1: convert it with .astype"),
    "strided array, shared": (
        lambda: rt.from_numpy(np.ones((2, 3)).T, copy=False),
        rt.ArgumentError,
        "from_numpy with copy=False needs an aligned array whose elements lie one after another",
    ),
    "array shared with a GPU": (lambda: rt.from_numpy(np.ones(2), copy=False, device="gpu"), rt.ArgumentError, "copy"),
    "buffer": (
        lambda: rt.frombuffer(b"abc", dtype="int32"),
        rt.ArgumentError,
        "frombuffer needs a buffer of whole int32",
    ),
    "no dlpack": (lambda: rt.from_dlpack(3), rt.DTypeError, "needs an object with __dlpack__, got int"),
    "strides, shared": (lambda: rt.from_dlpack(np.ones((2, 3)).T, copy=False), BufferError, "copy=False needs aligned"),
    "complex": (
        lambda: rt.from_dlpack(np.ones(2, complex)),
        BufferError,
        "needs bools, integers or floats, got DLPack",
    ),
    "elsewhere, shared": (lambda: rt.from_dlpack(Elsewhere(0), copy=False), BufferError, "memory of the CPU, got"),
    "stream": (lambda: rt.ones(2).__dlpack__(stream=1), BufferError, "__dlpack__ needs stream=None"),
    "another device": (lambda: rt.ones(2).__dlpack__(dl_device=(2, 0)), BufferError, "a request for (2, 0)"),
    "share of a GPU's": (
        lambda: rt.ones(2, device="gpu").__dlpack__(copy=False, max_version=(1, 0)),
        BufferError,
        "needs a tensor on the cpu",
    ),
    "used capsule": (lambda: _core_used(), TypeError, "needs a DLPack capsule that was not used before"),
    "array of another dtype without a copy": (
        lambda: rt.ones(2).__array__(np.float64, copy=False),
        ValueError,
        "needs a copy",
    ),
    "pickle": (lambda: pickle.dumps(rt.ones(2)), TypeError, "save it with rutile.io.save_safetensors(path"),
    "pickle of a model": (lambda: pickle.dumps(nn.Linear(1, 1)), TypeError, "save it with rutile.io.save_safetensors"),
}


def _core_used() -> None:
    capsule = rt.ones(2).__dlpack__()
    core = importlib.import_module("rutile._core")
    core.from_dlpack(capsule, None, None)
    core.from_dlpack(capsule, None, None)


@pytest.mark.parametrize("name", WRONG)
def test_refusals(name: str):
    call, error, text = WRONG[name]
    with pytest.raises(error, match=re.escape(text)):
        call()


# Copies


def test_copies():
    x = rt.tensor([1.0, 2.0], requires_grad=True)
    shallow, deep, clone = copy.copy(x), copy.deepcopy(x), x.clone()
    (deep * 2.0).sum().backward()
    assert (x.grad, deep.is_leaf, deep.requires_grad) == (None, True, True)
    assert deep.grad is not None and deep.grad.tolist() == [2, 2]
    (clone * 3.0).sum().backward()
    assert x.grad is not None and x.grad.tolist() == [3, 3]
    assert shallow.tolist() == [1, 2]
    both = copy.deepcopy([x, x])
    assert both[0] is both[1]
    assert both[0].grad is not None and both[0].grad is not x.grad and both[0].grad.tolist() == [3, 3]


def test_deep_copies_of_modules_are_independent(device: str):
    first = nn.Linear(2, 2)
    model = nn.Sequential(first, nn.ReLU(), first).to(device)
    twin = copy.deepcopy(model)
    assert [name for name, _ in twin.named_parameters()] == [name for name, _ in model.named_parameters()]
    before = {name: value.tolist() for name, value in model.state_dict().items()}
    for parameter in twin.parameters():
        parameter.assign_(parameter.detach() + 1.0)
    assert {name: value.tolist() for name, value in model.state_dict().items()} == before
    x = rt.ones((1, 2), device=device)
    model(x).sum().backward()
    assert all(parameter.grad is None for parameter in twin.parameters())
    weights = [value.tolist() for name, value in twin.state_dict().items() if "weight" in name]
    assert weights[0] == weights[1] != before["0.weight"]
