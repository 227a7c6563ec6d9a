"""How tensors print."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

import rutile as rt

TEXTS: dict[str, tuple[Callable[[], rt.Tensor], str]] = {
    "number": (lambda: rt.tensor(3.0), "tensor(3.)"),
    "fraction": (lambda: rt.tensor(0.1), "tensor(0.1000)"),
    "whole floats": (lambda: rt.tensor([1.0, -2.0, 10.0]), "tensor([ 1., -2., 10.])"),
    "fractions": (
        lambda: rt.tensor([[1.5, -2.25], [100.0, 0.0]]),
        "tensor([[  1.5000,  -2.2500],\n        [100.0000,   0.0000]])",
    ),
    "sizes that differ": (lambda: rt.tensor([1e-5, 1.0]), "tensor([1.0000e-05, 1.0000e+00])"),
    "great floats": (lambda: rt.tensor([1e9, 1.0]), "tensor([1.0000e+09, 1.0000e+00])"),
    "not finite": (lambda: rt.tensor([math.nan, -math.inf, 1.0]), "tensor([ nan, -inf,   1.])"),
    "integers": (lambda: rt.tensor([1, -10, 100]), "tensor([  1, -10, 100])"),
    "bools": (lambda: rt.tensor([True, False]), "tensor([ True, False])"),
    "empty": (lambda: rt.tensor([]), "tensor([])"),
    "empty rows": (lambda: rt.zeros((0, 3)), "tensor([], shape=(0, 3))"),
    "dtype": (lambda: rt.tensor(3, dtype="uint32"), "tensor(3, dtype=uint32)"),
    "bfloat16": (lambda: rt.ones(2, dtype="bfloat16"), "tensor([1., 1.], dtype=bfloat16)"),
    "gradient": (lambda: rt.tensor([1.0], requires_grad=True), "tensor([1.], requires_grad=True)"),
    "device": (lambda: rt.ones(1, device="gpu"), "tensor([1.], device='gpu')"),
    "long": (lambda: rt.arange(2000), "tensor([   0,    1,    2, ..., 1997, 1998, 1999])"),
    "long on a device": (
        lambda: rt.arange(2000, device="gpu"),
        "tensor([   0,    1,    2, ..., 1997, 1998, 1999], device='gpu')",
    ),
    "tall": (
        lambda: rt.arange(2002.0).reshape(1001, 2),
        "tensor([[   0.,    1.],\n        [   2.,    3.],\n        [   4.,    5.],\n        ...,\n"
        "        [1996., 1997.],\n        [1998., 1999.],\n        [2000., 2001.]])",
    ),
    "boxes": (lambda: rt.zeros((2, 1, 2)), "tensor([[[0., 0.]],\n\n        [[0., 0.]]])"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str):
    make, expected = TEXTS[name]
    with rt.device("cpu"):
        x = make()
        assert repr(x) == str(x) == f"{x}" == expected


def test_lines_are_wrapped():
    lines = repr(rt.arange(100) * 1000).split("\n")
    assert all(len(line) <= 80 and line.startswith(("tensor([", "        ")) for line in lines) and len(lines) > 5


def test_the_default_device_goes_without_saying():
    with rt.device("gpu"):
        assert repr(rt.ones(1)) == "tensor([1.])"
        assert repr(rt.ones(1, device="cpu")) == "tensor([1.], device='cpu')"


def test_options():
    try:
        rt.set_printoptions(precision=2, threshold=3, edgeitems=1, linewidth=40, sci_mode=True)
        assert repr(rt.arange(5.0)) == "tensor([0.00e+00, ..., 4.00e+00])"
        with pytest.raises(rt.ArgumentError, match="set_printoptions needs precision of at least 0, got -1"):
            rt.set_printoptions(precision=-1)
    finally:
        rt.set_printoptions()
    assert repr(rt.tensor([0.5])) == "tensor([0.5000])"
