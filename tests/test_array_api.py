"""The Python array API standard, 2024.12: every name with its parameters, special values, dtypes, and views on views.

The standard's text is https://data-apis.org/array-api/2024.12; rutile leaves out complex numbers and the fft extension.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rutile as rt
from rutile.dtypes import BY_NAME

# Parameters, as the standard has them.
SIGNATURES = """
arange(start, /, stop=None, step=1, *, dtype=None, device=None)
asarray(obj, /, *, dtype=None, device=None, copy=None)
empty(shape, *, dtype=None, device=None)
empty_like(x, /, *, dtype=None, device=None)
eye(n_rows, n_cols=None, /, *, k=0, dtype=None, device=None)
from_dlpack(x, /, *, device=None, copy=None)
full(shape, fill_value, *, dtype=None, device=None)
full_like(x, /, fill_value, *, dtype=None, device=None)
linspace(start, stop, /, num, *, dtype=None, device=None, endpoint=True)
meshgrid(*arrays, indexing='xy')
ones(shape, *, dtype=None, device=None)
ones_like(x, /, *, dtype=None, device=None)
tril(x, /, *, k=0)
triu(x, /, *, k=0)
zeros(shape, *, dtype=None, device=None)
zeros_like(x, /, *, dtype=None, device=None)
astype(x, dtype, /, *, copy=True, device=None)
can_cast(from_, to, /)
finfo(type, /)
iinfo(type, /)
isdtype(dtype, kind)
result_type(*arrays_and_dtypes)
clip(x, /, min=None, max=None)
take(x, indices, /, *, axis=None)
take_along_axis(x, indices, /, *, axis=-1)
matmul(x1, x2, /)
matrix_transpose(x, /)
tensordot(x1, x2, /, *, axes=2)
vecdot(x1, x2, /, *, axis=-1)
broadcast_arrays(*arrays)
broadcast_to(x, /, shape)
concat(arrays, /, *, axis=0)
expand_dims(x, /, axis)
flip(x, /, *, axis=None)
moveaxis(x, source, destination, /)
permute_dims(x, /, axes)
repeat(x, repeats, /, *, axis=None)
reshape(x, /, shape, *, copy=None)
roll(x, /, shift, *, axis=None)
squeeze(x, /, axis)
stack(arrays, /, *, axis=0)
tile(x, repetitions, /)
unstack(x, /, *, axis=0)
argmax(x, /, *, axis=None, keepdims=False)
argmin(x, /, *, axis=None, keepdims=False)
count_nonzero(x, /, *, axis=None, keepdims=False)
nonzero(x, /)
searchsorted(x1, x2, /, *, side='left', sorter=None)
where(condition, x1, x2, /)
unique_all(x, /)
unique_counts(x, /)
unique_inverse(x, /)
unique_values(x, /)
argsort(x, /, *, axis=-1, descending=False, stable=True)
sort(x, /, *, axis=-1, descending=False, stable=True)
cumulative_prod(x, /, *, axis=None, dtype=None, include_initial=False)
cumulative_sum(x, /, *, axis=None, dtype=None, include_initial=False)
max(x, /, *, axis=None, keepdims=False)
mean(x, /, *, axis=None, keepdims=False)
min(x, /, *, axis=None, keepdims=False)
prod(x, /, *, axis=None, dtype=None, keepdims=False)
std(x, /, *, axis=None, correction=0.0, keepdims=False)
sum(x, /, *, axis=None, dtype=None, keepdims=False)
var(x, /, *, axis=None, correction=0.0, keepdims=False)
all(x, /, *, axis=None, keepdims=False)
any(x, /, *, axis=None, keepdims=False)
diff(x, /, *, axis=-1, n=1, prepend=None, append=None)
__array_namespace_info__()
linalg.cross(x1, x2, /, *, axis=-1)
linalg.diagonal(x, /, *, offset=0)
linalg.matmul(x1, x2, /)
linalg.matrix_norm(x, /, *, keepdims=False, ord='fro')
linalg.matrix_power(x, n, /)
linalg.matrix_transpose(x, /)
linalg.outer(x1, x2, /)
linalg.tensordot(x1, x2, /, *, axes=2)
linalg.trace(x, /, *, offset=0, dtype=None)
linalg.vecdot(x1, x2, /, *, axis=-1)
linalg.vector_norm(x, /, *, axis=None, keepdims=False, ord=2)
Tensor.__array_namespace__(self, /, *, api_version=None)
Tensor.__dlpack__(self, /, *, stream=None, max_version=None, dl_device=None, copy=None)
Tensor.__dlpack_device__(self, /)
Tensor.to_device(self, device, /, *, stream=None)
inspection.NamespaceInfo.capabilities(self)
inspection.NamespaceInfo.default_device(self)
inspection.NamespaceInfo.default_dtypes(self, *, device=None)
inspection.NamespaceInfo.devices(self)
inspection.NamespaceInfo.dtypes(self, *, device=None, kind=None)
""".strip().splitlines()
UNARY = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "bitwise_invert", "ceil", "conj", "cos",
    "cosh", "exp", "expm1", "floor", "imag", "isfinite", "isinf", "isnan", "log", "log1p", "log2", "log10",
    "logical_not", "negative", "positive", "real", "reciprocal", "round", "sign", "signbit", "sin", "sinh",
    "square", "sqrt", "tan", "tanh", "trunc",
]  # fmt: skip
BINARY = [
    "add", "atan2", "bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "copysign", "divide", "equal", "floor_divide", "greater", "greater_equal", "hypot", "less", "less_equal",
    "logaddexp", "logical_and", "logical_or", "logical_xor", "maximum", "minimum", "multiply", "nextafter",
    "not_equal", "pow", "remainder", "subtract",
]  # fmt: skip
METHODS = [
    "__abs__", "__add__", "__and__", "__bool__", "__complex__", "__eq__", "__float__", "__floordiv__",
    "__ge__", "__getitem__", "__gt__", "__iadd__", "__iand__", "__ifloordiv__", "__ilshift__", "__imatmul__",
    "__imod__", "__imul__", "__index__", "__int__", "__invert__", "__ior__", "__ipow__", "__irshift__",
    "__isub__", "__itruediv__", "__ixor__", "__le__", "__lshift__", "__lt__", "__matmul__", "__mod__",
    "__mul__", "__ne__", "__neg__", "__or__", "__pos__", "__pow__", "__radd__", "__rand__", "__rfloordiv__",
    "__rlshift__", "__rmatmul__", "__rmod__", "__rmul__", "__ror__", "__rpow__", "__rrshift__", "__rshift__",
    "__rsub__", "__rtruediv__", "__rxor__", "__setitem__", "__sub__", "__truediv__", "__xor__", "T",
    "device", "dtype", "mT", "ndim", "shape", "size",
]  # fmt: skip


def member(name: str) -> Any:
    value: Any = rt
    for part in name.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize(
    "wanted", [*SIGNATURES, *(f"{name}(x, /)" for name in UNARY), *(f"{name}(x1, x2, /)" for name in BINARY)]
)
def test_parameters(wanted: str):
    """A name's own parameters come where the standard has them; those beyond have defaults."""
    name, _, parameters = wanted.partition("(")
    namespace: dict[str, Any] = {}
    exec(f"def wanted({parameters}: ...", namespace)
    theirs = list(inspect.signature(namespace["wanted"]).parameters.values())
    ours = inspect.signature(member(name)).parameters
    for place, parameter in enumerate(theirs):
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
            own = list(ours.values())[place]
            assert own.kind in (parameter.kind, parameter.POSITIONAL_OR_KEYWORD)
        else:
            own = ours[parameter.name]
            assert own.kind in (parameter.kind, parameter.POSITIONAL_OR_KEYWORD)
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                assert list(ours)[place] == parameter.name
        assert parameter.default is parameter.empty or own.default == parameter.default
    extra = [own for own in list(ours.values())[len(theirs) :] if own.name not in {one.name for one in theirs}]
    assert all(own.default is not own.empty for own in extra)


def test_array_object_and_constants():
    assert not [name for name in METHODS if not hasattr(rt.Tensor, name)]
    assert (rt.e, rt.pi, rt.inf, rt.newaxis) == (math.e, math.pi, math.inf, None)
    assert math.isnan(rt.nan)
    assert rt.__array_api_version__ == "2024.12"
    assert rt.ones(2).__array_namespace__(api_version="2024.12") is rt
    assert complex(rt.tensor(2.0)) == 2


# Special values: arguments > result, of every float dtype; a result of 0 or -0 has that sign.
SPECIAL = """
acos nan>nan 2>nan -2>nan 1>0 inf>nan
acosh nan>nan 0.5>nan -100>nan -inf>nan 1>0 inf>inf
asin nan>nan 2>nan -2>nan 0>0 -0>-0
asinh nan>nan 0>0 -0>-0 inf>inf -inf>-inf
atan nan>nan 0>0 -0>-0 inf>pi/2 -inf>-pi/2
atan2 nan,1>nan 1,nan>nan 1,0>pi/2 1,-0>pi/2 0,1>0 0,0>0 0,-0>pi 0,-1>pi -0,1>-0 -0,0>-0 -0,-0>-pi -0,-1>-pi
atan2 -1,0>-pi/2 -1,-0>-pi/2 1,inf>0 1,-inf>pi -1,inf>-0 -1,-inf>-pi inf,1>pi/2 -inf,1>-pi/2
atan2 inf,inf>pi/4 inf,-inf>3*pi/4 -inf,inf>-pi/4 -inf,-inf>-3*pi/4
atanh nan>nan -2>nan 2>nan -1>-inf 1>inf 0>0 -0>-0
ceil 3>3 inf>inf -inf>-inf 0>0 -0>-0 -0.5>-0 nan>nan
clip nan,0,1>nan 0,nan,1>nan 0,0,nan>nan 5,0,inf>5
copysign 2,-1>-2 2,-0>-2 -2,0>2 -2,1>2 2,-nan>-2 -2,nan>2 0,-1>-0 -0,1>0 inf,-0>-inf
cos nan>nan 0>1 -0>1 inf>nan -inf>nan
cosh nan>nan 0>1 -0>1 inf>inf -inf>inf
divide nan,1>nan 1,nan>nan inf,inf>nan 0,-0>nan 0,1>0 -0,1>-0 0,-1>-0 -0,-1>0 1,0>inf 1,-0>-inf -1,0>-inf -1,-0>inf
divide inf,1>inf inf,-1>-inf -inf,1>-inf -inf,-1>inf 1,inf>0 1,-inf>-0 -1,inf>-0 -1,-inf>0
exp nan>nan 0>1 -0>1 inf>inf -inf>0
expm1 nan>nan 0>0 -0>-0 inf>inf -inf>-1
floor 3>3 inf>inf -inf>-inf 0>0 -0>-0 0.5>0 nan>nan
floor_divide nan,1>nan 1,nan>nan inf,-inf>nan 0,0>nan 0,1>0 -0,1>-0 0,-1>-0 -0,-1>0 1,0>inf 1,-0>-inf -1,0>-inf
floor_divide -1,-0>inf inf,1>inf inf,-1>-inf -inf,1>-inf -inf,-1>inf 1,inf>0 1,-inf>-0 -1,inf>-0 -1,-inf>0 1,2>0 -1,2>-1
hypot nan,1>nan inf,nan>inf nan,-inf>inf 0,-0>0
log nan>nan -1>nan 0>-inf -0>-inf 1>0 inf>inf
log1p nan>nan -2>nan -1>-inf 0>0 -0>-0 inf>inf
log2 nan>nan -1>nan 0>-inf -0>-inf 1>0 inf>inf 8>3
log10 nan>nan -1>nan 0>-inf -0>-inf 1>0 inf>inf 100>2
logaddexp nan,1>nan 1,nan>nan inf,1>inf 1,inf>inf inf,-inf>inf -inf,-inf>-inf -inf,1>1
maximum nan,1>nan 1,nan>nan inf,1>inf -inf,1>1
minimum nan,1>nan 1,nan>nan inf,1>1 -inf,1>-inf
multiply nan,1>nan inf,0>nan -0,inf>nan inf,-inf>-inf inf,-1>-inf 0,-1>-0 -0,-1>0
add nan,1>nan inf,-inf>nan -inf,inf>nan inf,inf>inf -inf,-inf>-inf inf,1>inf 1,-inf>-inf -0,-0>-0 -0,0>0 0,-0>0 1,-1>0
subtract nan,1>nan inf,inf>nan -0,0>-0 0,0>0
nextafter nan,1>nan 1,nan>nan -0,0>0 0,-0>-0 2,2>2
pow 2,nan>nan nan,0>1 nan,-0>1 nan,1>nan -2,inf>inf 2,-inf>0 1,inf>1 -1,-inf>1 1,nan>1 0.5,inf>0 -0.5,-inf>inf
pow inf,2>inf inf,-2>0 -inf,3>-inf -inf,2>inf -inf,-3>-0 -inf,-2>0 0,2>0 0,-2>inf -0,3>-0 -0,2>0 -0,-3>-inf -0,-2>inf
pow -2,0.5>nan 0,0>1
reciprocal 0>inf -0>-inf inf>0 -inf>-0 nan>nan
remainder nan,1>nan 1,nan>nan inf,-inf>nan 0,-0>nan 0,1>0 -0,1>0 0,-1>-0 -0,-1>-0 1,0>nan -1,-0>nan inf,1>nan -inf,1>nan
remainder 1,inf>1 1,-inf>-inf -1,inf>inf -1,-inf>-1 -1,3>2 1,-3>-2 4,2>0 4,-2>-0
round 2.5>2 3.5>4 -0.5>-0 0>0 -0>-0 inf>inf -inf>-inf nan>nan
sign -2>-1 -0>0 0>0 2>1 nan>nan inf>1 -inf>-1
sin nan>nan 0>0 -0>-0 inf>nan -inf>nan
sinh nan>nan 0>0 -0>-0 inf>inf -inf>-inf
sqrt nan>nan -1>nan 0>0 -0>-0 inf>inf
square inf>inf -inf>inf nan>nan -0>0
tan nan>nan 0>0 -0>-0 inf>nan -inf>nan
tanh nan>nan 0>0 -0>-0 inf>1 -inf>-1
trunc 3>3 inf>inf -inf>-inf 0>0 -0>-0 -0.5>-0 nan>nan
abs -0>0 -inf>inf nan>nan
signbit 0>0 -0>1 inf>0 -inf>1 2>0 -2>1 nan>0 -nan>1
isfinite 0>1 inf>0 -inf>0 nan>0
isinf 0>0 inf>1 -inf>1 nan>0
isnan 0>0 inf>0 -inf>0 nan>1
equal nan,nan>0 0,-0>1 inf,inf>1 inf,-inf>0
""".strip().splitlines()
FLOATS = ["float16", "bfloat16", "float32", "float64"]


def special_cases() -> list[tuple[str, list[float], float]]:
    cases = []
    for line in SPECIAL:
        name, *pairs = line.split()
        for pair in pairs:
            arguments, _, result = pair.partition(">")
            expected = eval(result, {"pi": math.pi, "nan": math.nan, "inf": math.inf})
            # Zero's sign is lost in `-0`, which is an integer.
            cases.append(
                (name, [float(one) for one in arguments.split(",")], -0.0 if result == "-0" else float(expected))
            )
    return cases


@pytest.mark.parametrize("dtype", FLOATS)
def test_special_values(dtype: str):
    tolerance = float(rt.finfo(dtype).eps) * 4
    wrong = []
    for name, arguments, expected in special_cases():
        result = getattr(rt, name)(*(rt.tensor([one], dtype=dtype, device="cpu") for one in arguments))
        got = float(result.astype("float64").item())
        same = math.isnan(got) if math.isnan(expected) else math.isclose(got, expected, rel_tol=tolerance)
        if not same or (expected == 0 and math.copysign(1, got) != math.copysign(1, expected)):
            wrong.append(f"{name}{tuple(arguments)} gives {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_shifts_beyond_the_width_and_truth_of_numbers():
    x = rt.asarray([1, -1, 5], dtype="int8")
    assert rt.bitwise_left_shift(x, 9).tolist() == [0, 0, 0]
    assert rt.bitwise_right_shift(x, 9).tolist() == [0, -1, 0]
    assert rt.logical_not(x - 1).tolist() == [True, False, False]
    assert rt.bitwise_invert(x).tolist() == [-2, 0, -6]


# Dtypes.

BOOL = ["bool"]
UNSIGNED = ["uint8", "uint16", "uint32", "uint64"]
SIGNED = ["int8", "int16", "int32", "int64"]
INTEGERS = [*SIGNED, *UNSIGNED]
ALL = [*BOOL, *INTEGERS, *FLOATS]
# What the standard's promotion table says beyond "the larger of two of one kind".
MIXED = {
    ("uint8", "int8"): "int16",
    ("uint8", "int16"): "int16",
    ("uint8", "int32"): "int32",
    ("uint8", "int64"): "int64",
    ("uint16", "int8"): "int32",
    ("uint16", "int16"): "int32",
    ("uint16", "int32"): "int32",
    ("uint16", "int64"): "int64",
    ("uint32", "int8"): "int64",
    ("uint32", "int16"): "int64",
    ("uint32", "int32"): "int64",
    ("uint32", "int64"): "int64",
}
PROMOTION = {
    **MIXED,
    **{(b, a): result for (a, b), result in MIXED.items()},
    **{
        (kind[i], kind[j]): kind[max(i, j)]
        for kind in (BOOL, SIGNED, UNSIGNED, ["float16", "float32", "float64"], ["bfloat16", "float32", "float64"])
        for i in range(len(kind))
        for j in range(len(kind))
    },
}
COMPARISONS = [
    "equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
    "not_equal",
]
OF_FLOATS = ["atan2", "copysign", "divide", "hypot", "logaddexp", "nextafter"]
OF_BITS = [name for name in BINARY if name.startswith("bitwise")]
OF_NUMBERS = ["abs", "bitwise_invert", "ceil", "floor", "negative", "positive", "round", "sign", "square", "trunc"]


def promoted(kind: str) -> list[str]:
    """The binary functions that take operands of a kind."""
    of_bools = [*COMPARISONS, "bitwise_and", "bitwise_or", "bitwise_xor"]
    without = {"f": OF_BITS, "b": [name for name in BINARY if name not in of_bools]}.get(kind, OF_FLOATS)
    return [name for name in BINARY if name not in without]


def taking(kind: str) -> list[str]:
    """The unary functions that take operands of a kind."""
    if kind == "b":
        return ["bitwise_invert", "positive"]
    return [name for name in UNARY if name != "bitwise_invert"] if kind == "f" else OF_NUMBERS


@pytest.mark.parametrize("pair", PROMOTION, ids="-".join)
def test_promotion_of_every_binary_function(pair: tuple[str, str]):
    x, y = (rt.ones((2,), dtype=name, device="cpu") for name in pair)
    result = PROMOTION[pair]
    assert rt.result_type(*pair) == rt.result_type(x, y) == rt.result_type(x, pair[1]) == result
    assert rt.can_cast(pair[0], result)
    kind = BY_NAME[result].kind
    for name in promoted(kind):
        assert getattr(rt, name)(x, y).dtype == ("bool" if name in COMPARISONS else result), name
    for function in (rt.where, rt.clip) if kind in "iuf" else (rt.where,):
        arguments = (rt.asarray([True, False], device="cpu"), x, y) if function is rt.where else (x + y, x, y)
        assert function(*arguments).dtype == result
    assert rt.concat([x, y]).dtype == rt.stack([x, y]).dtype == result
    if kind != "b":
        for product in (rt.matmul, rt.vecdot, rt.linalg.outer):
            assert product(x, y).dtype == result
        assert rt.tensordot(x, y, axes=1).dtype == result


@pytest.mark.parametrize("dtype", ALL)
def test_dtypes_of_unary_functions_and_folds(dtype: str):
    x = rt.ones((2, 2), dtype=dtype, device="cpu")
    kind, size = x.dtype.kind, x.dtype.itemsize
    for name in taking(kind):
        questions = ("isfinite", "isinf", "isnan", "logical_not", "signbit")
        assert getattr(rt, name)(x).dtype == ("bool" if name in questions else dtype), name
    sums = {"b": "int32", "i": "int32" if size < 4 else dtype, "u": "uint32" if size < 4 else dtype, "f": dtype}[kind]
    for name in ("sum", "prod", "cumulative_sum", "cumulative_prod"):
        axis = {"axis": 0} if name.startswith("c") else {}
        assert getattr(rt, name)(x, **axis).dtype == sums
        assert getattr(rt, name)(x, dtype="int16", **axis).dtype == "int16"
    assert rt.linalg.trace(x).dtype == sums
    for name in ("max", "min", "sort", "unique_values", "tril", "flip"):
        assert getattr(rt, name)(x).dtype == dtype
    for name in ("argmax", "argmin", "argsort", "count_nonzero"):
        assert getattr(rt, name)(x).dtype == "int32"
    for name in ("mean", "std", "var"):
        assert getattr(rt, name)(x).dtype == (dtype if kind == "f" else "float32")
    assert rt.all(x).dtype == rt.any(x).dtype == "bool"
    assert rt.zeros_like(x).dtype == rt.empty_like(x).dtype == rt.full_like(x, 1).dtype == dtype
    assert rt.eye(2, dtype=dtype).dtype == rt.full((), 1, dtype=dtype).dtype == dtype


INFO = [
    ("float16", 16, 0.0009765625, 65504.0, 6.103515625e-05),
    ("bfloat16", 16, 0.0078125, 3.3895313892515355e38, 1.1754943508222875e-38),
    ("float32", 32, 1.1920928955078125e-07, 3.4028234663852886e38, 1.1754943508222875e-38),
    ("float64", 64, 2.220446049250313e-16, 1.7976931348623157e308, 2.2250738585072014e-308),
]


@pytest.mark.parametrize("row", INFO, ids=lambda row: row[0])
def test_limits_of_floats(row: tuple[Any, ...]):
    info = rt.finfo(rt.ones((), dtype=row[0], device="cpu"))
    assert (info.dtype, info.bits, info.eps, info.max, info.smallest_normal) == row
    assert info.min == -info.max
    assert info.tiny == info.smallest_normal


@pytest.mark.parametrize("dtype", INTEGERS)
def test_limits_of_integers(dtype: str):
    info, expected = rt.iinfo(dtype), np.iinfo(dtype)
    assert (info.dtype, info.bits, info.max, info.min) == (dtype, expected.bits, expected.max, expected.min)
    for number in (info.max, info.min):
        assert rt.asarray(number, dtype=dtype, device="cpu").item() == rt.full((), number, dtype=dtype).item() == number


KINDS: dict[str, list[str]] = {
    "bool": BOOL,
    "signed integer": SIGNED,
    "unsigned integer": UNSIGNED,
    "integral": INTEGERS,
    "real floating": FLOATS,
    "complex floating": [],
    "numeric": [*INTEGERS, *FLOATS],
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds(kind: str):
    assert [name for name in ALL if rt.isdtype(BY_NAME[name], kind)] == [name for name in ALL if name in KINDS[kind]]
    held = rt.__array_namespace_info__().dtypes(kind=kind, device="cpu")
    assert held == {name: BY_NAME[name] for name in held}
    assert held.keys() == set(KINDS[kind]) - {"float16", "bfloat16"}


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "complex": (lambda: rt.asarray(1j), TypeError, "tensor needs numbers or bools, got complex128"),
    "complex dtype": (lambda: rt.zeros(2, dtype="complex64"), TypeError, "dtype needs one of bool"),
    "finfo of integers": (lambda: rt.finfo("int32"), rt.DTypeError, "finfo needs a float dtype, got int32: use iinfo"),
    "iinfo of floats": (lambda: rt.iinfo("float32"), rt.DTypeError, "iinfo needs an integer dtype, got float32"),
    "unknown kind": (lambda: rt.isdtype(rt.int8, "real"), rt.ArgumentError, "isdtype needs one of bool, signed"),
    "result_type of nothing": (lambda: rt.result_type(), rt.ArgumentError, "result_type needs at least one"),
    "no copy of a list": (lambda: rt.asarray([1], copy=False), rt.ArgumentError, "a tensor or an array, got list"),
    "no copy of another dtype": (
        lambda: rt.asarray(rt.ones(2), dtype="int8", copy=False),
        rt.ArgumentError,
        "asarray with copy=False needs a int8 tensor on",
    ),
    "stream": (lambda: rt.ones(2).to_device("cpu", stream=1), rt.ArgumentError, "to_device needs stream=None, got 1"),
    "version": (
        lambda: rt.ones(2).__array_namespace__(api_version="1.0"),
        rt.ArgumentError,
        "__array_namespace__ needs a version up to 2024.12, got '1.0'",
    ),
    "vecdot": (lambda: rt.vecdot(rt.ones(2), rt.ones(1)), rt.ShapeError, "vecdot needs equal sizes of axis -1"),
    "linspace": (lambda: rt.linspace(0, 1, -1), rt.ArgumentError, "linspace needs at least 0 numbers, got -1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name: str):
    call, error, text = REFUSED[name]
    with pytest.raises(error) as caught:
        call()
    assert text in str(caught.value)


# Values against NumPy, whose functions of the standard's names take the same calls.

SHAPES = st.lists(st.integers(0, 3), max_size=6).map(tuple)
Step = Callable[[Any, Any], Any]


def index_step(draw: Any, shape: tuple[int, ...]) -> Step:
    """Integers, slices with steps of either sign, new axes, and at most one ellipsis."""
    key: list[Any] = []
    for size in shape:
        if draw(st.booleans()):
            key.append(None)
        if size and draw(st.booleans()):
            key.append(draw(st.integers(-size, size - 1)))
        else:
            bound = st.none() | st.integers(-size - 1, size + 1)
            key.append(slice(draw(bound), draw(bound), draw(st.sampled_from([None, 1, 2, -1, -2]))))
    cut = draw(st.integers(0, len(key)))
    entries = (*key[:cut], Ellipsis) if draw(st.booleans()) else tuple(key)
    return lambda xp, x: x[entries]


def arrange_step(draw: Any, shape: tuple[int, ...]) -> Step:
    """A function that moves, repeats or reshapes elements."""
    rank = len(shape)
    axis = draw(st.integers(-rank, rank - 1)) if rank else 0
    order = tuple(draw(st.permutations(range(rank))))
    count = draw(st.integers(1, 2))
    places = draw(st.integers(-4, 4))
    wide = (2, *shape)
    steps: list[Step] = [
        lambda xp, x: xp.permute_dims(x, order),
        lambda xp, x: xp.flip(x, axis=axis if rank else None),
        lambda xp, x: xp.reshape(x, (-1,) if x.size else (0,)),
        lambda xp, x: xp.expand_dims(x, axis=axis),
        lambda xp, x: xp.broadcast_to(x, wide),
        lambda xp, x: xp.roll(x, places, axis=axis if rank else None),
        lambda xp, x: xp.tile(x, (count, 1)),
        lambda xp, x: xp.repeat(x, count, axis=axis if rank else None),
        lambda xp, x: xp.stack([x, x], axis=axis),
        lambda xp, x: xp.concat([x, x], axis=axis if rank else None),
    ]
    if rank > 1:
        steps += [
            lambda xp, x: xp.tril(x, k=places),
            lambda xp, x: xp.matrix_transpose(x),
            lambda xp, x: xp.moveaxis(x, axis, order[0]),
        ]
    return draw(st.sampled_from(steps))


@settings(max_examples=300)
@given(shape=SHAPES, data=st.data())
def test_views_on_views(shape: tuple[int, ...], data: st.DataObject):
    """Any stack of views reads, and is assigned, as NumPy's."""
    expected = np.arange(1, math.prod(shape) + 1, dtype=np.int32).reshape(shape)
    x = rt.asarray(expected, device="cpu")
    for _ in range(data.draw(st.integers(1, 4))):
        step = data.draw(st.sampled_from([index_step, arrange_step]))(data.draw, expected.shape)
        if expected.ndim < 6 and expected.size < 300:
            expected, x = step(np, expected), step(rt, x)
            assert x.shape == expected.shape
    np.testing.assert_array_equal(x.numpy(), expected)
    if expected.ndim:
        axis = data.draw(st.integers(-expected.ndim, expected.ndim - 1))
        np.testing.assert_array_equal(rt.cumulative_sum(x, axis=axis).numpy(), np.cumulative_sum(expected, axis=axis))
        np.testing.assert_array_equal(rt.sum(x, axis=axis).numpy(), np.sum(expected, axis=axis))
        np.testing.assert_array_equal(rt.sort(x, axis=axis).numpy(), np.sort(expected, axis=axis))


@settings(max_examples=300)
@given(shape=SHAPES, data=st.data())
def test_indices_of_every_kind(shape: tuple[int, ...], data: st.DataObject):
    """Integers, slices, tensors of positions, masks, new axes and an ellipsis, mixed, read and assign as NumPy's."""
    draw = data.draw
    expected = np.arange(1, math.prod(shape) + 1, dtype=np.float32).reshape(shape)
    x = rt.asarray(expected, device="cpu")
    joint = draw(st.sampled_from([(), (1,), (2,), (2, 1), (1, 2)]))
    entries: list[tuple[Any, Any]] = []
    axis = 0
    while axis < len(shape):
        size = shape[axis]
        kind = draw(st.sampled_from(["integer", "slice", "positions", "mask", "new axis", "ellipsis", "end"]))
        ours: Any = None
        if kind == "end":
            break
        if kind == "ellipsis":
            entries.append((Ellipsis, Ellipsis))
            axis = len(shape) - draw(st.integers(0, len(shape) - axis))
            entries += [(slice(None, None, -1), slice(None, None, -1))] * (len(shape) - axis)
            break
        if kind == "new axis":
            entries.append((None, None))
            continue
        if kind == "mask":
            # One true element joins with positions of any shape.
            mask = np.zeros(size, dtype=bool)
            mask[: draw(st.integers(0, 1)) if joint in ((), (1,)) else 1] = True
            ours = rt.asarray(mask, device="cpu")
            entries.append((mask, ours))
        elif kind == "positions" and size:
            positions = np.array(draw(st.lists(st.integers(-size, size - 1), min_size=2, max_size=2)), dtype=np.int32)
            positions = np.resize(positions, joint)
            entries.append((positions, rt.asarray(positions, device="cpu")))
        elif kind == "integer" and size:
            number = draw(st.integers(-size, size - 1))
            entries.append((number, number))
        else:
            step = slice(None, None, draw(st.sampled_from([1, 2, -1, -2])))
            entries.append((step, step))
        axis += 1
    theirs_key, our_key = tuple(one for one, _ in entries), tuple(one for _, one in entries)
    try:
        read = expected[theirs_key]
    except IndexError:
        with pytest.raises((IndexError, ValueError)):
            rt.eval(x[our_key])
        return
    np.testing.assert_array_equal(x[our_key].numpy(), read)
    value = -np.arange(1, read.size + 1, dtype=np.float32).reshape(read.shape)
    expected[theirs_key] = value
    x[our_key] = rt.asarray(value, device="cpu")
    np.testing.assert_array_equal(x.numpy(), expected)
