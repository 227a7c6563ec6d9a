"""Ask PyTorch what its methods and functions give for small inputs, and write the answers beside this file.

`CASES` names the function ("add_" of Tensor is ".add_") and its arguments; arrays are tensors there.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

# Not among what the tests need, so that checkers of types do not know it.
torch: Any = import_module("torch")
GENERATOR = np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    return GENERATOR.standard_normal(shape).astype(np.float32)


def positive(*shape: int) -> np.ndarray:
    return GENERATOR.uniform(0.2, 2.0, shape).astype(np.float32)


def integers(low: int, high: int, *shape: int) -> np.ndarray:
    return GENERATOR.integers(low, high, shape)


def positions(*numbers: Any) -> np.ndarray:
    return np.array(numbers)


def floats(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float32)


def case(name: str, *arguments: Any, **named: Any) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    return name, arguments, named


A, B, P, Q = normal(3, 4), normal(3, 4), positive(3, 4), positive(3, 4)
SMALL, K, J, C = positive(3, 4) * 0.4, integers(0, 6, 3, 4), integers(0, 6, 3, 4), normal(2, 3, 4)
MASK, ORDERED, LINE, HOLES = A > 0, np.sort(normal(4)), integers(0, 4, 9), A.copy()
HOLES[0, 1] = HOLES[2, 2] = np.nan
ENDS = floats(np.nan, np.inf, -np.inf, 1.0, -0.0)
WIDE, DEEP = (
    np.sin(np.arange(size) * 7.0).reshape(shape).astype(np.float32)
    for size, shape in ((252, (2, 3, 6, 7)), (240, (1, 2, 5, 4, 6)))
)
PLACES, DEEP_PLACES = (
    np.linspace(0.0, 0.95, 6 * n, dtype=np.float32).reshape(shape) for n, shape in ((2, (2, 3, 2)), (1, (1, 2, 3)))
)
ALONG_1, ALONG_0 = integers(0, 4, 3, 2), integers(0, 3, 3, 4)

_PLAIN = (
    "abs neg exp sin cos tan atan sinh cosh tanh sigmoid erf erfc floor ceil round trunc frac expm1 exp2 sign "
    "i0 sinc deg2rad rad2deg square reciprocal nan_to_num"
)
_POSITIVE = "log sqrt rsqrt log2 log10 log1p digamma lgamma"
_WITHIN_ONE = "asin acos erfinv logit"
_PAIRS = "add sub mul div atan2 hypot copysign fmod remainder xlogy pow"
_CHOICES = "fmax fmin maximum minimum logaddexp logaddexp2"
_COMPARISONS = "eq ne lt le gt ge"
_TRUTHS = "logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor"

CASES = [
    *(case(f".{name}_", A) for name in _PLAIN.split()),
    *(case(f".{name}_", P) for name in _POSITIVE.split()),
    *(case(f".{name}_", SMALL) for name in _WITHIN_ONE.split()),
    *(case(f".{name}{end}", P, Q) for name in _PAIRS.split() for end in ("", "_")),
    *(case(f".{name}", A, B) for name in _CHOICES.split()),
    *(case(f".{name}{end}", K, J) for name in (_COMPARISONS + " " + _TRUTHS).split() for end in ("", "_")),
    *(case(f".{name}", K, J) for name in ("gcd", "lcm", "bitwise_left_shift", "bitwise_right_shift")),
    *(case(f".{name}", ENDS) for name in ("isposinf", "isneginf", "isreal", "isfinite", "signbit")),
    *(case(f".{name}", K) for name in ("logical_not", "logical_not_", "bitwise_not")),
    # Arithmetic
    case(".add", A, B, alpha=2.5),
    case(".sub_", A, B, alpha=2.0),
    case("rsub", A, B, alpha=2.0),
    case("rsub", A, 3.0),
    *(case("div", positions(-7, 7, -6, 6, 0), 3, rounding_mode=mode) for mode in (None, "floor", "trunc")),
    *(case(".div", A, B, rounding_mode=mode) for mode in ("floor", "trunc")),
    *(case(f".{name}_", K, 3) for name in ("add", "mul", "floor_divide", "remainder", "pow")),
    case("clamp", A, max=0.2),
    case(".clamp", A, -P, P),
    case(".clamp_", A, -0.5, 0.5),
    *(case(f".{name}", A, 0.1) for name in ("clamp_min", "clamp_max", "clamp_min_", "clamp_max_")),
    case(".lerp", A, B, P),
    case(".lerp_", A, B, 0.3),
    case(".addcmul_", A, B, P, value=2.0),
    case(".addcdiv", A, B, P, value=0.5),
    case(".addcdiv_", A, B, P),
    case(".heaviside", ENDS[1:], floats(0.5)),
    case(".ldexp", A, integers(-3, 5, 3, 4)),
    case("frexp", floats(0, 1, 0.5, -0.3, 1e-30, -3e38, np.inf)),
    case(".mvlgamma", P + 2, 3),
    case("polygamma", 1, P + 0.3),
    case(".polygamma", P + 0.3, 2),
    case(".round", A * 100, decimals=1),
    case(".round", A * 100, decimals=-1),
    case(".isclose", A, A + 1e-9),
    case(".nan_to_num", ENDS, nan=2.0, posinf=5.0, neginf=-5.0),
    # Folds
    *(case(f".{name}", A, dim=1) for name in ("sum", "prod", "mean", "amax", "amin", "logsumexp", "softmax")),
    *(case(f".{name}", A, 0, keepdim=True) for name in ("sum", "prod", "mean", "amax", "amin", "logsumexp")),
    *(case(f".{name}", MASK, dim=1, keepdim=True) for name in ("any", "all")),
    *(case(f".{name}", A, dim=1, keepdim=True) for name in ("argmax", "argmin", "median", "mode")),
    case(".max", A, B),
    case(".min", A, B),
    *(case(f".{name}", A, 1, correction=2) for name in ("var", "std")),
    case(".var", A, unbiased=False),
    case(".std", A, 1, unbiased=True),
    *(case(f".{name}_", A, 1) for name in ("cumsum", "cumprod")),
    *(case(f".{name}", A, 1) for name in ("cummax", "cummin", "logcumsumexp")),
    case(".diff", A, dim=0, n=2),
    case(".quantile", A, floats(0.1, 0.9), dim=1, keepdim=True),
    *(
        case(".nanquantile", HOLES, 0.4, dim=1, interpolation=way)
        for way in ("linear", "lower", "higher", "midpoint", "nearest")
    ),
    case("nanmedian", HOLES),
    case(".nanmedian", HOLES, 1),
    case(".nansum", HOLES, 1),
    case(".nanmean", HOLES, 0),
    case(".cov", A),
    case(".cov", normal(5)),
    case("cov", A, correction=0, fweights=integers(1, 4, 4)),
    case("cov", A, aweights=positive(4)),
    case(".corrcoef", A),
    case(".dist", A, B),
    case(".dist", A, B, 1.0),
    case(".renorm", A, 2, 0, 1.0),
    case("renorm", A, p=1, dim=1, maxnorm=0.5),
    case("histogram", normal(50), 5, range=[-1.0, 1.0], density=True),
    case("histogram", normal(50), floats(-1, 0, 0.3, 2), weight=positive(50)),
    case("trapezoid", A, dx=0.5, dim=0),
    case("trapezoid", A, ORDERED),
    case("cumulative_trapezoid", A, B),
    case("gradient", normal(6)),
    case("gradient", normal(4, 5), spacing=[0.5, 2.0], edge_order=2),
    case("gradient", normal(4, 5), spacing=[ORDERED, np.sort(normal(5))]),
    case(".count_nonzero", K),
    case(".aminmax", A, dim=0, keepdim=True),
    # Order and sets
    case(".sort", A, 0, True),
    case(".argsort", A, 1, True),
    case(".topk", A, 2, 0, False),
    case(".kthvalue", A, 2, 0, True),
    case("bincount", LINE, minlength=7),
    case("unique", LINE, return_inverse=True, return_counts=True),
    case("unique", integers(0, 2, 6, 3), dim=0, return_inverse=True, return_counts=True),
    case("unique", integers(0, 2, 3, 7), dim=1, return_counts=True),
    case(".unique_consecutive", LINE, return_inverse=True, return_counts=True),
    case("unique_consecutive", positions([1, 1], [1, 1], [2, 1]), dim=0, return_inverse=True, return_counts=True),
    case("isin", LINE, integers(0, 3, 2)),
    case("isin", LINE, 2, invert=True),
    case("bucketize", A, ORDERED, right=True),
    # Shapes
    case(".transpose_", C, 0, 2),
    case(".t_", A),
    case(".swapaxes", C, 0, 1),
    case("permute", C, [2, 0, 1]),
    case(".unsqueeze_", A, -1),
    case(".squeeze_", normal(1, 3, 1)),
    case(".squeeze", normal(1, 3, 1), [0, 2]),
    case(".unflatten", A, 1, [2, -1]),
    case(".narrow", A, 1, 1, 2),
    case(".select", A, 0, -1),
    case(".view", A, 4, 3),
    case(".view_as", A, normal(12)),
    case(".expand", normal(3, 1), -1, 5),
    case(".expand_as", normal(4), A),
    case(".flip", A, 0, 1),
    case(".fliplr", A),
    case(".flipud", A),
    case(".rot90", A, 3),
    case(".roll", A, [1, 2], [0, 1]),
    case(".repeat", A, 2, 1, 2),
    case(".tile", A, 2, 2),
    case("repeat_interleave", A, positions(1, 2, 0), dim=0),
    case(".diagonal", A, 1),
    case("diagflat", normal(3), 1),
    case(".diag_embed", A),
    case("triu", A, diagonal=1),
    case(".tril_", A, -1),
    case(".unfold", C, 2, 2, 1),
    case(".unfold", normal(7), 0, 3, 2),
    case(".as_strided", A, [2, 3], [1, 2], 1),
    case("movedim", C, [0, 1], [1, 2]),
    case(".sum_to_size", C, 3, 1),
    *(case(name, [A, B]) for name in ("hstack", "vstack", "dstack", "column_stack", "row_stack")),
    *(case(name, [normal(3), normal(3)]) for name in ("hstack", "vstack", "dstack", "column_stack")),
    *(case(name, [normal(), normal(3), A]) for name in ("atleast_1d", "atleast_2d", "atleast_3d")),
    case("block_diag", A, normal(2), normal(1, 2)),
    case("cartesian_prod", normal(3), normal(2)),
    case("combinations", normal(4), r=3, with_replacement=True),
    case(".tensor_split", normal(7), 3),
    case(".tensor_split", normal(7, 2), [2, 5]),
    case(".hsplit", A, 2),
    case(".vsplit", normal(4, 3), [1, 3]),
    case(".dsplit", C, 2),
    case("vander", positions(1, 2, 3), 4, True),
    case("tril_indices", 4, 3, -1),
    case("triu_indices", 3, 5, 1),
    case("concatenate", [A, B], axis=1),
    case("unravel_index", positions(3, 5), [2, 3]),
    # Elements by position
    case(".scatter_", A, 1, integers(0, 4, 3, 1), 2.5),
    case(".scatter_add_", A, 0, ALONG_0, B),
    case(".scatter_", K, 1, ALONG_1, 2, reduce="multiply"),
    *(
        case(f".scatter_reduce{end}", A, 0, ALONG_0, B, how, include_self=own)
        for how in ("sum", "prod", "mean", "amax", "amin")
        for own, end in ((True, ""), (False, "_"))
    ),
    *(case(".index_reduce", A, 0, positions(0, 2, 0), B, how) for how in ("prod", "mean", "amax", "amin")),
    case(".index_add_", A, 0, positions(0, 0, 2), B, alpha=2.0),
    case(".index_copy_", A, 0, positions(2, 0), normal(2, 4)),
    case(".index_fill_", A, 1, positions(0, 2), 7.0),
    case(".index_put", A, [positions(0, 2)], normal(2, 4)),
    case(".index_put_", A, [positions(0, 2, 0), positions(1, 1, 1)], normal(3), accumulate=True),
    case(".put_", A, positions(1, 1, 3), normal(3), accumulate=True),
    case("take", A, integers(-12, 12, 2, 2)),
    case(".take_along_dim", A, ALONG_1, 1),
    case(".masked_fill_", A, MASK, 2.0),
    case(".masked_scatter_", A, MASK, normal(20)),
    case(".masked_scatter", A, positions(True, False, True, False), normal(20)),
    case(".select_scatter", A, normal(4), 0, 1),
    case(".slice_scatter", A, normal(3, 2), 1, 0, 4, 2),
    case(".diagonal_scatter", A, normal(3)),
    case("diagonal_scatter", C, normal(3, 2), 1, 0, 2),
    case("nonzero", K, as_tuple=True),
    case("where", MASK),
    case(".where", A, MASK, B),
    # Products
    case(".mv", A, normal(4)),
    case(".inner", A, normal(2, 4)),
    case(".addmm_", normal(3, 2), A, normal(4, 2), beta=0.5, alpha=2.0),
    case(".addmv", normal(3), A, normal(4)),
    case(".addr", A, normal(3), normal(4), alpha=2.0),
    case(".baddbmm", normal(2, 3, 1), C, normal(2, 4, 1)),
    case(".addbmm", normal(3, 1), C, normal(2, 4, 1), beta=2.0),
    # Values
    case(".fill_", K, 3),
    case(".zero_", K),
    case(".fill_diagonal_", normal(5, 3), 2.0),
    case(".copy_", A, normal(4)),
    case(".new_zeros", A, 2, 3),
    case(".new_ones", A, [2, 3]),
    case(".new_full", A, [2], 3.0),
    case(".prelu", A, positive(1)),
    case(".hardshrink", A),
    case(".angle", A),
    case(".adjoint", A),
    case(".split_with_sizes", A, [1, 2]),
    case(".narrow_copy", A, 1, 1, 2),
    # Creation
    *(
        case(f"{name}_window", count, symmetric)
        for name in ("hann", "hamming", "blackman", "bartlett", "kaiser")
        for count, symmetric in ((1, True), (7, True), (6, False))
    ),
    case("hamming_window", 6, True, 0.6, 0.4),
    case("kaiser_window", 6, True, 5.0),
    case("logspace", 0.0, 2.0, 5, 2.0),
    case("linspace", 0.0, 1.0, steps=5),
    case("zeros", 2, 3),
    case("ones", 2, 3),
    case("full", [2], 3.0),
    # Networks
    case("F.max_pool1d", normal(2, 3, 6), 2, return_indices=True),
    case("F.max_pool2d", normal(2, 3, 6, 5), 3, 2, 1, return_indices=True),
    case("F.max_pool2d", normal(3, 6, 6), 2, dilation=2, return_indices=True),
    case("F.max_pool3d", normal(1, 2, 4, 4, 4), 2, return_indices=True),
    case("F.max_unpool1d", normal(1, 2, 3), positions([[1, 2, 5], [0, 3, 4]]), 2),
    case("F.max_unpool2d", normal(1, 1, 2, 2), positions([[[0, 3], [8, 11]]]), 2, output_size=[4, 5]),
    *(case(f"F.{name}_loss", A, B, reduction=how, weight=P) for name in ("mse", "l1") for how in ("mean", "sum")),
    case("F.huber_loss", A, B, delta=0.4, weight=P),
    case("F.embedding", integers(0, 7, 2, 5), normal(7, 3), scale_grad_by_freq=True),
    case("F.embedding", integers(0, 7, 2, 3), normal(7, 3).astype(np.float64) * 0.1, max_norm=5.0),
    *(
        case("F.interpolate", normal(2, 3, 9, 8), size=[4, 11], mode=mode, antialias=True, align_corners=corners)
        for mode in ("bilinear", "bicubic")
        for corners in (False, True)
    ),
    case("F.interpolate", normal(1, 2, 9, 8), scale_factor=[0.4, 1.3], mode="bicubic", antialias=True),
    case("F.pdist", normal(5, 3)),
    case("F.adaptive_max_pool1d", normal(2, 3, 7), 3, return_indices=True),
    case("F.adaptive_max_pool2d", normal(2, 3, 7, 5), [3, 2], return_indices=True),
    case("F.adaptive_max_pool3d", normal(1, 2, 3, 5, 4), 2, return_indices=True),
    case("F.pdist", normal(4, 2), 1.0),
    *(case(f".{name}", A, *more) for name in ("max", "min") for more in ((), (1,), (0, True), (B,))),
    # Special functions
    *(case(f"special.{name}", A) for name in ("erfcx", "ndtr", "log_ndtr", "i0e", "i1", "i1e", "expit", "psi")),
    *(case(f"special.{name}", floats(-40.0, 30.0, -6.0, 0.0)) for name in ("log_ndtr", "i0e", "i1e", "ndtr")),
    *(case(f"special.{name}", SMALL) for name in ("ndtri", "entr", "gammaln")),
    case("special.ndtri", floats(1e-9, 1e-3, 0.999, 0.5)),
    case("special.xlog1py", P, Q),
    case("special.zeta", floats(1.5, 2.0, 4.0), floats(0.3, 1.0, 20.0)),
    case("special.multigammaln", P + 1.0, 2),
    case("float_power", P, 3),
    case("float_power", K, 2.0),
    case("chain_matmul", A, C[0].T.copy(), B),
    case("roll", A, shifts=[1, -2], dims=[0, 1]),
    case("F.fractional_max_pool2d", WIDE, 2, [3, 2], None, True, _random_samples=PLACES),
    case("F.fractional_max_pool2d", WIDE, [3, 2], None, [0.5, 0.7], False, _random_samples=PLACES),
    case("F.fractional_max_pool3d", DEEP, 2, [2, 2, 3], None, True, _random_samples=DEEP_PLACES),
    # Pairs of values and positions, from functions; two rows, as a pair that is none would unpack too.
    *(
        case(name, A[:2], *more)
        for name in ("max", "min", "median", "nanmedian", "mode", "sort")
        for more in ((1,), (-1, True))
    ),
    *(case(name, A[:2], dim=0) for name in ("max", "min", "median", "sort", "cummax", "cummin")),
    *(case(name, floats(2, 3, 2, 3), 0) for name in ("max", "min", "median")),
    *(case(name, A[:1, 0].reshape(()), 0) for name in ("max", "min", "median", "nanmedian", "mode")),
    *(case(name, A[:2], 2, 1) for name in ("topk", "kthvalue")),
    case("max", A, B),
    case("aminmax", A[:2], dim=1),
]


def main() -> None:
    cases, values = [], {}
    for number, (name, arguments, named) in enumerate(CASES):
        space, _, plain = name.rpartition(".")
        space = "torch" if not space and name == plain else space or "Tensor"
        case = answer(f"m{number}_{plain}", space, plain, arguments, named, values)
        cases.append(case)
    folder = Path(__file__).parent
    (folder / "cases.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    save_file(values, folder / "cases.safetensors")


def answer(label: str, space: str, name: str, arguments: Any, named: Any, values: dict[str, np.ndarray]) -> dict:
    leaves: list[Any] = []

    def written(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            key = f"{label}.in{len(leaves)}"
            values[key] = np.array(value, order="C")
            leaf = torch.tensor(value)
            leaves.append(leaf.requires_grad_() if leaf.is_floating_point() else leaf)
            return {"t": key}
        return [written(item) for item in value] if isinstance(value, list) else value

    def made(value: Any, inputs: Any) -> Any:
        if isinstance(value, dict):
            return next(inputs)
        return [made(item, inputs) for item in value] if isinstance(value, list) else value

    args, kwargs = [written(value) for value in arguments], {key: written(value) for key, value in named.items()}
    if "_random_samples" in named:  # which PyTorch wants without gradient
        leaves[-1].requires_grad_(False)
    inputs = iter(leaves)
    call_args = [made(value, inputs) for value in args]
    call_named = {key: made(value, inputs) for key, value in kwargs.items()}
    if space == "Tensor":
        result = getattr(call_args[0].clone(), name)(*call_args[1:], **call_named)
    else:
        spaces = {"torch": torch, "F": torch.nn.functional, "special": torch.special}
        result = getattr(spaces[space], name)(*call_args, **call_named)
    outputs = [result] if isinstance(result, torch.Tensor) else list(result)
    for number, output in enumerate(outputs):
        values[f"{label}.out{number}"] = np.array(output.detach().numpy(), order="C")
    grads = []
    if outputs[0].requires_grad:
        weight = normal(*outputs[0].shape)
        values[f"{label}.w"] = weight
        try:
            (outputs[0] * torch.tensor(weight)).sum().backward()
        except (NotImplementedError, RuntimeError) as error:
            print(f"{name} without gradients: {error}")
        for number, leaf in enumerate(leaves):
            if leaf.grad is not None:
                values[f"{label}.grad{number}"] = np.array(leaf.grad.numpy(), order="C")
                grads.append(number)
    head = {"id": label, "ns": space, "name": name, "args": args, "kwargs": kwargs}
    return head | {"outputs": len(outputs), "grads": grads}


if __name__ == "__main__":
    main()
