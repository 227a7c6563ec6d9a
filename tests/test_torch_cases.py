"""Calls of PyTorch's functions with the outputs and gradients that PyTorch gave: rutile gives the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

import rutile as rt
from rows import refused_if_wide

FOLDERS = [Path(__file__).parent / "golden" / name for name in ("torch", "methods")]
CASES = [case for folder in FOLDERS for case in json.loads((folder / "cases.json").read_text())]
VALUES = {key: value for folder in FOLDERS for key, value in load_file(folder / "cases.safetensors").items()}

# Functions of PyTorch's own namespace are found by `SPELLINGS`.
SPACES = {"F": rt.nn.functional, "Tensor": rt.Tensor, "special": rt.special}
# PyTorch's name: rutile's name, and keywords that PyTorch sets by default. Names that are missing here are the same.
# Where the array API's function of that name differs, the Tensor method is PyTorch's.
SPELLINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "all": ("Tensor.all", {}),
    "any": ("Tensor.any", {}),
    "argmax": ("Tensor.argmax", {}),
    "argsort": ("Tensor.argsort", {}),
    "clamp": ("Tensor.clamp", {}),
    "flip": ("Tensor.flip", {}),
    "std": ("Tensor.std", {"correction": 1}),
    "tril": ("Tensor.tril", {}),
    "triu": ("Tensor.triu", {}),
    "var": ("Tensor.var", {"correction": 1}),
}


def function_of(case: dict[str, Any]) -> Any:
    if case["ns"] != "torch":
        return getattr(SPACES[case["ns"]], case["name"])
    name, _ = SPELLINGS.get(case["name"], (case["name"].replace("linalg_", "linalg."), {}))
    target: Any = rt
    for part in name.split("."):
        target = getattr(target, part)
    return target


def argument(value: Any, inputs: dict[int, rt.Tensor], device: str) -> Any:
    if isinstance(value, dict) and "t" in value:
        key = value["t"].rsplit(".", 1)[1]
        number = int(key.removeprefix("in"))
        if number not in inputs:
            array = VALUES[value["t"]]
            floating = array.dtype.kind == "f"
            array = array.astype(np.int32) if array.dtype == np.int64 else array
            inputs[number] = rt.tensor(array, device=device, requires_grad=floating)
        return inputs[number]
    if isinstance(value, dict):
        return getattr(rt, value["dtype"])
    if isinstance(value, list):
        return [argument(item, inputs, device) for item in value]
    return value


def close(actual: Any, expected: np.ndarray, tolerance: float) -> None:
    actual = np.asarray(actual)
    assert actual.shape == expected.shape
    scale = np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0) if expected.dtype.kind == "f" else 0.0
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * max(float(scale), 1e-30), equal_nan=True)


def check(case: dict[str, Any], device: str, output_tolerance: float, gradient_tolerance: float) -> None:
    inputs: dict[int, rt.Tensor] = {}
    defaults = SPELLINGS.get(case["name"], ("", {}))[1] if case["ns"] == "torch" else {}
    positional = [argument(value, inputs, device) for value in case["args"]]
    if case["ns"] == "Tensor":
        # A leaf is not changed in place.
        positional[0] = positional[0].clone()
    named = {name: argument(value, inputs, device) for name, value in case["kwargs"].items()}
    result = function_of(case)(*positional, **(defaults | named))
    outputs = [result] if isinstance(result, rt.Tensor) else list(result)
    assert len(outputs) == case["outputs"]
    for number, output in enumerate(outputs):
        close(output.detach().numpy(), VALUES[f"{case['id']}.out{number}"], output_tolerance)
    if case["grads"]:
        weight = rt.tensor(VALUES[f"{case['id']}.w"], device=device)
        (outputs[0] * weight).sum().backward()
    for number in case["grads"]:
        expected = VALUES[f"{case['id']}.grad{number}"]
        gradient = inputs[number].grad
        assert gradient is not None or not expected.any()
        close(np.zeros_like(expected) if gradient is None else gradient.numpy(), expected, gradient_tolerance)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_torch_case(case, device):
    tolerances = (1e-5, 1e-4) if device == "cpu" else (1e-4, 1e-4)
    with refused_if_wide(str(VALUES[f"{case['id']}.out0"].dtype), device):
        check(case, device, *tolerances)
