"""Values of every op against NumPy in float64, on the CPU and the GPU: rows from the op table and from rows.py."""

from __future__ import annotations

import ast
import functools
import operator
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rows import (
    ELEMENTWISE,
    INTERNAL,
    STRUCTURED,
    TABLE,
    Row,
    check,
    elementwise_row,
    function_of,
    inputs,
    reference,
    refused_if_wide,
    sample,
)
from rutile import _core

HELD = ["bool", "int32", "uint32", "float32"]
SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.4e38, -3.4e38, 1e-30], dtype=np.float32)
INTEGERS = {
    "int32": np.array([-(2**31), -7, -3, -1, 0, 1, 2, 3, 7, 2**31 - 1], dtype=np.int32),
    "uint32": np.array([0, 1, 2, 3, 7, 2**31, 2**32 - 1], dtype=np.uint32),
    "bool": np.array([False, True]),
}
# On the GPU these keep no digits of arguments, or quotients, that are beyond 2^24.
INEXACT_FAR_OUT = {"sin", "cos", "tan", "remainder", "fmod"}


def operands(name: str, values: np.ndarray) -> list[np.ndarray]:
    """All pairs of the values, or each of them alone; behind a condition for `where`."""
    if TABLE[name]["arity"] == 1:
        return [values]
    pairs = [np.repeat(values, len(values)), np.tile(values, len(values))]
    return pairs if name != "where" else [np.arange(len(pairs[0])) % 3 == 0, *pairs]


def call(name: str, device: str, arrays: list[np.ndarray]) -> np.ndarray:
    result = function_of(name)(*(rt.tensor(array, device=device) for array in arrays))
    assert result.device == device
    return result.numpy()


def test_every_row_of_the_op_table_has_a_function_and_a_reference():
    for name in ELEMENTWISE:
        assert callable(function_of(name)), name
        assert callable(reference(name)), name
    assert TABLE.keys() > INTERNAL


# Elementwise rows


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if "float32" in TABLE[name]["dtypes"]])
def test_floats(name: str, device: str):
    entry = TABLE[name]
    row = elementwise_row(name)
    call, function = row.call, row.reference
    # The table's tolerance is relative to the result; where two terms cancel, to one.
    tolerance = max(entry["tolerance"], 1e-7)
    for shape in [(), (0,), (1,), (3, 4), (2, 0, 3), (5, 67)]:
        if name == "where" and shape != (3, 4):
            continue
        arrays = [sample(shape, entry["domain"], seed) for seed, _ in enumerate(row.shapes)]
        check(device, call, function(*(array.astype(np.float64) for array in arrays)), arrays, tolerance)


VIEWS: dict[str, tuple[tuple[int, ...], Callable[[Any, Any], Any]]] = {
    "permuted": ((4, 2, 3), lambda xp, x: xp.permute_dims(x, (2, 0, 1))),
    "strided": ((6, 8), lambda xp, x: x[1::2, ::-2]),
    "broadcast": ((3, 1), lambda xp, x: xp.broadcast_to(x, (2, 3, 4))),
    "0-d of a matrix": ((2, 2), lambda xp, x: x[1, 0]),
    "padded": ((2, 3), lambda xp, x: xp.pad(x, [(1, 0), (0, 1)])),
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "name", [name for name in ELEMENTWISE if "float32" in TABLE[name]["dtypes"] and name != "where"]
)
def test_views_as_operands(name: str, view: str, device: str):
    entry, (shape, take) = TABLE[name], VIEWS[view]
    arrays = [sample(shape, entry["domain"], seed) for seed in range(entry["arity"])]
    if view == "padded" and entry["domain"][0] > 0:
        return  # zeros lie outside of their domain
    with np.errstate(all="raise"):
        expected = reference(name)(*(take(np, array.astype(np.float64)) for array in arrays))
    check(
        device,
        lambda *tensors: function_of(name)(*(take(rt, x) for x in tensors)),
        expected,
        arrays,
        max(entry["tolerance"], 1e-7),
    )


# What is taken of a table by positions from -50 to 49: whole rows, rows of several axes, parts of rows, rows that are not one
# piece of memory; and so much of it that it goes past the caches.
TAKEN: dict[str, tuple[tuple[int, ...], Callable[[Any, Any], Any]]] = {
    "rows": ((50, 40), lambda x, i: x[i]),
    "rows of two axes": ((50, 4, 8), lambda x, i: x[i]),
    "long rows": ((50, 3000), lambda x, i: x[i]),
    "along the second axis": ((3, 50, 40), lambda x, i: x[:, i]),
    "along the last axis": ((20, 50), lambda x, i: x[:, i]),
    "every other row": ((100, 40), lambda x, i: x[::2][i]),
    "parts of rows": ((50, 40), lambda x, i: x[:, 3:35][i]),
    "rows backwards": ((50, 40), lambda x, i: x[:, ::-1][i]),
    "one row": ((50, 40), lambda x, i: x[i[0, 0]]),
    "rows of one element": ((50, 1, 40, 1), lambda x, i: x[i]),
    "sums of rows": ((50, 40), lambda x, i: x[i] + x[0]),
    "a great many rows": ((50, 4, 16384), lambda x, i: x[i]),
}


@pytest.mark.parametrize("dtype", ["float32", "float16", "int32", "bool"])
@pytest.mark.parametrize("name", TAKEN)
def test_rows_of_a_table_are_those_at_their_positions(name: str, dtype: str, device: str) -> None:
    shape, take = TAKEN[name]
    generator = np.random.default_rng(0)
    table = (generator.normal(size=shape) * 3).astype(dtype)
    positions = generator.integers(-50, 50, (4, 37)).astype("int32")
    got = take(rt.tensor(table, dtype, device), rt.tensor(positions, device=device))
    np.testing.assert_array_equal(got.numpy(), take(table, positions))


@pytest.mark.parametrize(
    "shapes", [[(3, 1), (4,)], [(), (2, 3)], [(2, 1, 1), (3, 1), (4,)], [(0, 1), (1, 3)], [(1,), (1, 1)]], ids=str
)
def test_broadcasting(shapes: list[tuple[int, ...]], device: str):
    arrays = [sample(shape, (-2, 2), seed) for seed, shape in enumerate(shapes)]

    def add(*operands: Any) -> Any:
        return functools.reduce(operator.add, operands)

    check(device, add, add(*(array.astype(np.float64) for array in arrays)), arrays, 1e-6)


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if "float32" in TABLE[name]["dtypes"]])
def test_nan_infinity_and_zeros(name: str, device: str):
    arrays = operands(name, SPECIAL)
    if device == "gpu" and name in INEXACT_FAR_OUT:
        arrays = [np.where(np.abs(array) > 1e30, np.float32(9.5), array) for array in arrays]
        arrays = [np.where(np.abs(array) == np.float32(1e-30), np.float32(0.75), array) for array in arrays]
    with np.errstate(all="ignore"):
        expected = np.asarray(reference(name)(*arrays)).astype(bool if TABLE[name]["bool_result"] else np.float32)
    np.testing.assert_allclose(call(name, device, arrays), expected, rtol=1e-5, atol=1e-37)


# Where a function is zero or near it, and the digits that are left there; name: arguments, relative tolerance
NEAR_ZEROS = {
    "lgamma": ([1.0, 1.0001, 1.1, 1.9, 1.9999, 2.0, 2.0001, 2.1, -2.4, -2.5, -2.6, -0.5, -7.5, 7.9, 8.1], 5e-6),
}


@pytest.mark.parametrize("name", NEAR_ZEROS)
def test_digits_near_zeros(name: str, device: str):
    values, tolerance = NEAR_ZEROS[name]
    array = np.array(values, dtype=np.float32)
    expected = reference(name)(array.astype(np.float64))
    np.testing.assert_allclose(call(name, device, [array]), expected, rtol=tolerance)


SIGNED_ZEROS = [
    *(
        "negative",
        "abs",
        "sqrt",
        "sin",
        "tan",
        "asin",
        "atan",
        "atan2",
        "sinh",
        "tanh",
        "asinh",
        "atanh",
        "expm1",
        "log1p",
    ),
    *("floor", "ceil", "round", "trunc", "sign", "where", "copysign", "divide", "remainder", "fmod", "floor_divide"),
]


@pytest.mark.parametrize("name", SIGNED_ZEROS)
def test_sign_of_zero(name: str):
    zeros = np.array([0.0, -0.0, 0.25, -0.25], dtype=np.float32)
    arrays = operands(name, np.abs(zeros) * np.float32(1) if name == "sqrt" else zeros)
    with np.errstate(all="ignore"):
        expected = reference(name)(*arrays)
    assert np.signbit(call(name, "cpu", arrays)).tolist() == np.signbit(expected).tolist()


@pytest.mark.parametrize("dtype", ["bool", "int32", "uint32"])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_integers_and_bools(name: str, dtype: str, device: str):
    """Each dtype gives NumPy's values, or float32 for functions of floats, or is refused by name."""
    entry, arrays = TABLE[name], operands(name, INTEGERS[dtype])
    accepted = dtype in entry["dtypes"]
    if not accepted and "float32" in entry["dtypes"] and "int32" not in entry["dtypes"]:
        with np.errstate(all="ignore"):
            expected = np.asarray(reference(name)(*(array.astype(np.float32) for array in arrays)))
        result = call(name, device, arrays)
        assert result.dtype == np.float32
        if name not in ("sin", "cos", "tan"):  # whose arguments beyond a few thousand keep few digits
            np.testing.assert_allclose(result, expected, rtol=2e-5, atol=1e-37)
        return
    if not accepted:
        with pytest.raises(rt.DTypeError, match=rf"{name} needs .* operands, got {dtype}"):
            call(name, device, arrays)
        return
    with np.errstate(all="ignore"):
        expected = integer_reference(name, arrays)
    result = call(name, device, arrays)
    assert result.dtype == (np.bool_ if entry["bool_result"] else np.dtype(dtype))
    np.testing.assert_array_equal(result, expected)


def integer_reference(name: str, arrays: list[np.ndarray]) -> np.ndarray:
    """NumPy's values, but for what NumPy leaves undefined: negative powers."""
    dtype = arrays[-1].dtype
    if dtype == np.bool_ and name in ("negative", "relu", "sign"):
        raise AssertionError(f"{name} of bools has no reference")
    if name == "pow":
        return np.array([power(int(x), int(y)) for x, y in zip(*arrays, strict=True)]).astype(dtype)
    if name in ("floor", "ceil", "round", "trunc"):
        return arrays[0]
    if name == "relu":
        return np.maximum(arrays[0], 0)
    return np.asarray(reference(name)(*arrays))


def power(base: int, exponent: int) -> int:
    """base ** exponent in the 32 bits that both kinds of integers share; fractions are cut to zero."""
    if exponent < 0:
        return {1: 1, -1: -1 if exponent % 2 else 1}.get(base, 0)
    word = pow(base, exponent, 2**32)
    return word - 2**32 if base < 0 or word >= 2**31 else word


@pytest.mark.parametrize("name", ["complex64", "str"])
def test_dtypes_that_no_device_holds_are_refused(name: str, device: str):
    with pytest.raises(TypeError, match=f"dtype needs one of bool, int8, .*, float64, got '{name}'"):
        rt.zeros((2,), dtype=name, device=device)


@pytest.mark.parametrize(
    "name", ["uint8", "int8", "int16", "uint16", "int64", "uint64", "float16", "bfloat16", "float64"]
)
def test_dtypes_of_every_width_are_held_or_refused(name: str, device: str):
    with refused_if_wide(name, device):
        x = rt.ones((3,), dtype=name, device=device)
        assert (x + x).dtype == name
        assert (x + x).sum().item() == 6


PROMOTIONS = {
    ("bool", "int32"): "int32",
    ("bool", "uint32"): "uint32",
    ("bool", "float32"): "float32",
    ("int32", "float32"): "float32",
    ("uint32", "float32"): "float32",
    ("int32", "uint32"): "int64",
}


@pytest.mark.parametrize("pair", PROMOTIONS, ids="-".join)
def test_promotion(pair: tuple[str, str], device: str):
    x, y = (rt.ones((2,), dtype=name, device=device) for name in pair)
    with refused_if_wide(PROMOTIONS[pair], device):
        for result in (x + y, y + x, rt.maximum(x, y), rt.where(x == y, y, x)):
            assert str(result.dtype) == PROMOTIONS[pair]
            assert result.device == device


@pytest.mark.parametrize(
    ("dtype", "number", "expected"),
    [
        ("bool", True, "bool"), ("bool", 2, "int32"), ("bool", 1.5, "float32"), ("int32", True, "int32"),
        ("int32", 2, "int32"), ("int32", 1.5, "float32"), ("uint32", 3, "uint32"), ("float32", 2, "float32"),
        ("float32", True, "float32"),
    ],
)  # fmt: skip
def test_numbers_beside_tensors(dtype: str, number: Any, expected: str, device: str):
    x = rt.ones((2,), dtype=dtype, device=device)
    for result in (x + number, number + x):
        assert str(result.dtype) == expected
        assert result.tolist() == (np.ones(2, dtype) + np.asarray(number, dtype=expected)).astype(expected).tolist()


CASTS = {
    "float32": np.array([-2.7, -0.5, 0.0, 0.5, 2.7], dtype=np.float32),
    "int32": np.array([-5, 0, 1, 2**31 - 1], dtype=np.int32),
    "uint32": np.array([0, 1, 2**32 - 1], dtype=np.uint32),
    "bool": np.array([False, True]),
}


@pytest.mark.parametrize("target", HELD)
@pytest.mark.parametrize("source", HELD)
def test_casts(source: str, target: str, device: str):
    values = CASTS[source]
    if (source, target) == ("float32", "uint32"):
        values = np.abs(values)  # a negative float has no unsigned value
    result = rt.tensor(values, device=device).astype(target)
    assert str(result.dtype) == target
    np.testing.assert_array_equal(result.numpy(), values.astype(target))


# Other rows


@pytest.mark.parametrize("row", STRUCTURED, ids=str)
def test_structured(row: Row, device: str):
    arrays = inputs(row)
    expected = row.reference(*(array.astype(np.float64) for array in arrays))
    check(device, row.call, expected, arrays, row.tolerance)


REDUCED = [
    ((0,), None),
    ((0, 3), 0),
    ((3, 0), 0),
    ((2, 0, 3), (0, 2)),
    ((), None),
    ((1, 1), None),
    ((2, 300), 1),
    ((300, 2), 0),
    ((4097,), None),
    # Rows longer than are folded at once; columns more than are worked on together.
    ((17, 20000), 1),
    ((19, 5000), 0),
    ((3, 11, 1500), 1),
]


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "max", "min", "all", "any", "argmax", "argmin"])
@pytest.mark.parametrize(("shape", "axis"), REDUCED, ids=str)
def test_reduced_shapes(name: str, shape: tuple[int, ...], axis: Any, device: str):
    if name in ("argmax", "argmin") and isinstance(axis, tuple):
        axis = axis[0]
    array = sample(shape, (0.9, 1.1) if name == "prod" else (-2, 2))
    array = array > 0 if name in ("all", "any") else array
    x = rt.tensor(array, device=device)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            expected = getattr(np, name)(array.astype(np.float64) if array.dtype == np.float32 else array, axis=axis)
    except ValueError:
        with pytest.raises(rt.ShapeError, match=f"{name} needs at least one element to choose from"):
            getattr(rt, name)(x, axis=axis)
        return
    np.testing.assert_allclose(getattr(rt, name)(x, axis=axis).numpy(), expected, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "argmax", "argmin"])
@pytest.mark.parametrize("dtype", ["int32", "uint32", "bool"])
def test_reductions_of_integers(name: str, dtype: str, device: str):
    values = np.random.default_rng(0).integers(0, 2 if dtype == "bool" else 9, (3, 5)).astype(dtype)
    if dtype == "int32":
        values -= 4
    result = getattr(rt, name)(rt.tensor(values, device=device), axis=1)
    expected = getattr(np, name)(values, axis=1)
    kept = "int32" if name.startswith("arg") or (dtype == "bool" and name in ("sum", "prod")) else dtype
    assert str(result.dtype) == kept
    np.testing.assert_array_equal(result.numpy(), expected.astype(kept))


NANS = np.array(
    [[1.0, np.nan, 3.0], [np.inf, 2.0, -np.inf], [-np.inf, -np.inf, -np.inf], [5.0, 5.0, 1.0]], dtype=np.float32
)


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "argmax", "argmin", "mean"])
def test_reductions_of_nan_and_infinity(name: str, device: str):
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(NANS, axis=1)
    np.testing.assert_array_equal(getattr(rt, name)(rt.tensor(NANS, device=device), axis=1).numpy(), expected)


def test_variance_of_too_few(device: str):
    x = rt.tensor([[1.0], [2.0]], device=device)
    np.testing.assert_array_equal(rt.var(x, 1, correction=1.0).numpy(), [np.nan, np.nan])
    np.testing.assert_array_equal(rt.var(x, 0, correction=2.0).numpy(), [np.inf])
    assert np.isnan(rt.var(x[:0]).item())


def test_sines_of_great_numbers_stay_within_one(device: str):
    x = rt.tensor([3.4e38, -1e20, 1e10, 1e7, 123456.0], device=device)
    for result in (x.sin(), x.cos()):
        assert (np.abs(result.numpy()) <= 1).all()


def test_softmax_of_extremes(device: str):
    x = rt.tensor([[1e30, -1e30, 0.0], [-np.inf, 0.0, 0.0], [88.0, 89.0, 90.0]], device=device)
    np.testing.assert_allclose(rt.softmax(x).numpy()[:2], [[1, 0, 0], [0, 0.5, 0.5]])
    np.testing.assert_allclose(rt.softmax(x).numpy().sum(-1), 1, rtol=1e-6)
    np.testing.assert_allclose(rt.log_softmax(x).numpy()[1], [-np.inf, -np.log(2), -np.log(2)], rtol=1e-6)


@pytest.mark.parametrize("dtype", ["int32", "uint32"])
def test_matmul_of_integers(dtype: str, device: str):
    x, y = np.arange(6).reshape(2, 3).astype(dtype), np.arange(12).reshape(3, 4).astype(dtype)
    np.testing.assert_array_equal((rt.tensor(x, device=device) @ rt.tensor(y, device=device)).numpy(), x @ y)


LARGE: dict[str, tuple[Callable[..., Any], list[tuple[int, ...]]]] = {
    "elementwise": (lambda x, y: x * y + x, [(300, 1001), (1001,)]),
    "transposed": (lambda x, y: x.T + y, [(257, 300), (300, 257)]),
    "sum of rows": (lambda x: x.sum(1), [(301, 1003)]),
    "sum of columns": (lambda x: x.sum(0), [(1003, 301)]),
    "mean of all": (lambda x: x.mean(), [(1003, 301)]),
    "max in the middle": (lambda x: x.max(axis=1), [(37, 101, 41)]),
    "product": (lambda x, y: x @ y, [(130, 259), (259, 67)]),
    "vector product": (lambda x, y: x @ y, [(1001, 517), (517,)]),
    "products": (lambda x, y: x @ y, [(9, 33, 65), (9, 65, 35)]),
    "steps back": (lambda x: x[::-3, ::-2] * 2.0, [(301, 1003)]),
}


@pytest.mark.parametrize("name", LARGE)
def test_more_than_one_tile_and_thread(name: str):
    call, shapes = LARGE[name]
    arrays = [sample(shape, (-1, 1), seed) for seed, shape in enumerate(shapes)]
    check("cpu", call, call(*(array.astype(np.float64) for array in arrays)), arrays, 2e-5)


# The engine's module and its types


def test_stubs_name_what_the_module_has():
    """_core.pyi against the module: the same functions with the same arguments, the same classes and attributes."""
    stub = ast.parse((Path(rt.__file__).parent / "_core.pyi").read_text())
    defined = {node.name: node for node in stub.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    present = {name for name in dir(_core) if not name.startswith("_")}
    assert defined.keys() == present
    for name, node in defined.items():
        value = getattr(_core, name)
        if isinstance(node, ast.ClassDef):
            functions = [child.name for child in node.body if isinstance(child, ast.FunctionDef)]
            members = {function for function in functions if not function.startswith("_")}
            own = {member for member in vars(value) if not member.startswith("_")}
            assert members == own, name
            continue
        arguments = [argument.arg.rstrip("_") for argument in [*node.args.posonlyargs, *node.args.args]]
        signature = [part for part in value.__text_signature__.strip("()").split(", ") if part not in ("", "/")]
        assert arguments == [part.split("=")[0] for part in signature], name
        assert len(node.args.defaults) == sum("=" in part for part in signature), name
