"""Integers that a device finds out of range while it runs: an IndexError on the CPU, and on a GPU at the next read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile import _core, nn, optim
from rutile.nn import functional as F

# Each makes tensors by `t`; the text says what is wrong.
ROWS: dict[str, tuple[Callable[..., rt.Tensor], str]] = {
    "take": (lambda t: rt.take(t(5), t([0, 5])), "take needs positions from -5 to 4 on axis 0 of size 5, got 5"),
    "take of an axis": (
        lambda t: rt.take(t(3, 5), t([-1, -6]), axis=1),
        "take needs positions from -5 to 4 on axis 1 of size 5, got -6",
    ),
    "take_along_axis": (
        lambda t: rt.take_along_axis(t(2, 3), t([[0], [9]]), axis=-1),
        "take_along_axis needs positions from -3 to 2 on axis 1 of size 3, got 9",
    ),
    "take_along_dim": (lambda t: rt.take_along_dim(t(2, 3), t([6])), "take_along_dim needs positions from -6 to 5"),
    "gather": (lambda t: rt.gather(t(2, 3), 1, t([[0, 3]])), "gather needs positions from -3 to 2 on axis 1"),
    "index_select": (lambda t: rt.index_select(t(2, 3), 0, t([2])), "index_select needs positions from -2 to 1"),
    "reading": (lambda t: t(4, 3)[t([4])], "indexing needs positions from -4 to 3 on axis 0 of size 4, got 4"),
    "reading two axes": (
        lambda t: t(4, 3)[t([3]), t([3])],
        "indexing needs positions from -3 to 2 on axis 1 of size 3, got 3",
    ),
    "assigning": (lambda t: put(t(4), t([1, 7])), "indexing needs positions from -4 to 3 on axis 0 of size 4, got 7"),
    "scatter": (
        lambda t: rt.scatter(t(4), 0, t([-5]), t([1.0])),
        "scatter needs positions from -4 to 3 on axis 0 of size 4, got -5",
    ),
    "scatter, adding": (lambda t: rt.scatter(t(4), 0, t([4]), 1.0, reduce="add"), "scatter needs positions"),
    "scatter_add": (lambda t: rt.scatter_add(t(4), 0, t([4]), t([1.0])), "scatter_add needs positions from -4 to 3"),
    "index_add": (lambda t: rt.index_add(t(4), 0, t([4]), t([1.0])), "index_add needs positions from -4 to 3"),
    "index_copy": (lambda t: rt.index_copy(t(4), 0, t([4]), t([1.0])), "index_copy needs positions from -4 to 3"),
    "index_fill": (lambda t: rt.index_fill(t(4), 0, t([4]), 1.0), "index_fill needs positions from -4 to 3"),
    "searchsorted": (
        lambda t: rt.searchsorted(t([1.0, 2.0]), t([1.0]), sorter=t([0, 2])),
        "searchsorted needs positions from -2 to 1 on axis 0 of size 2, got 2",
    ),
    "embedding": (
        lambda t: F.embedding(t([1, 4]), t(4, 2)),
        "embedding needs numbers from 0 to 3 for a weight of 4 rows, got 4",
    ),
    "embedding, negative": (lambda t: F.embedding(t([-1]), t(4, 2)), "embedding needs numbers from 0 to 3"),
    "one_hot": (lambda t: F.one_hot(t([0, 3]), 3), "one_hot needs numbers from 0 to 2, got 3"),
    "cross_entropy": (
        lambda t: F.cross_entropy(t(2, 3), t([0, 3])),
        "cross_entropy needs targets from 0 to 2 (or ignore_index = -100), got 3",
    ),
    "nll_loss": (lambda t: F.nll_loss(t(2, 3), t([0, -1])), "nll_loss needs targets from 0 to 2, got -1"),
    "multi_margin_loss": (lambda t: F.multi_margin_loss(t(2, 3), t([0, 3])), "multi_margin_loss needs targets from 0"),
    "multilabel_margin_loss": (
        lambda t: F.multilabel_margin_loss(t(1, 3), t([[3, -1, -1]])),
        "multilabel_margin_loss needs targets from -1 to 2, got 3",
    ),
    "ctc_loss": (
        lambda t: F.ctc_loss(t(4, 1, 3), t([[1, 3]]), t([4]), t([2])),
        "ctc_loss needs targets from 0 to 2, got 3",
    ),
    "the gradient alone": (
        lambda t: rt.grad(lambda x: rt.take(x, t([5])).sum())(t(5)),
        "take needs positions from -5 to 4 on axis 0 of size 5, got 5",
    ),
}

# What is not looked at is never wrong.
FINE: dict[str, Callable[..., rt.Tensor]] = {
    "ignore_index": lambda t: F.cross_entropy(t(2, 3), t([0, -100])),
    "ignored": lambda t: F.nll_loss(t(2, 3), t([0, -7]), ignore_index=-7),
    "padding of a target": lambda t: F.ctc_loss(t(4, 1, 3), t([[1, -1]]), t([4]), t([1])),
    "padding of what is taken": lambda t: rt.pad(rt.take(t(5), t([9, 8]) - 5), [(3, 3)]),
    "no positions": lambda t: rt.take(t(0), t([1])[:0]),
}


def maker(device: str) -> Callable[..., rt.Tensor]:
    """Ones of a shape, or the tensor of a list."""

    def make(*shape: Any) -> rt.Tensor:
        if isinstance(shape[0], list):
            return rt.tensor(shape[0], device=device)
        return rt.ones(shape, device=device)

    return make


def put(x: rt.Tensor, index: rt.Tensor) -> rt.Tensor:
    x[index] = 2.0
    return x


@pytest.mark.parametrize("name", ROWS)
def test_what_is_out_of_range_is_an_index_error(device: str, name: str):
    call, text = ROWS[name]
    wrong = call(maker(device))
    # A tensor says so as often as it is read.
    for read in (wrong.numpy, wrong.tolist):
        with pytest.raises(IndexError, match=re.escape(text)):
            read()
    assert (rt.ones(2, device=device) + 1.0).tolist() == [2.0, 2.0]


@pytest.mark.parametrize("name", FINE)
def test_what_does_not_count_is_not_looked_at(device: str, name: str):
    assert np.isfinite(FINE[name](maker(device)).numpy()).all()


def test_unfused_kernels_look_too(device: str):
    former = _core.set_fuse(False, device)
    try:
        with pytest.raises(rt.OutOfRangeError, match="got 5"):
            rt.take(rt.ones(5, device=device), rt.tensor([5], device=device)).numpy()
    finally:
        _core.set_fuse(former, device)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_positions_of_every_dtype_are_seen_whole(dtype: str):
    greatest = int(np.iinfo(dtype).max)
    x = rt.ones(100, device="cpu")
    assert rt.take(x, rt.tensor([99], dtype=dtype, device="cpu")).item() == 1.0
    with pytest.raises(IndexError, match=f"got {greatest}"):
        rt.take(x, rt.tensor(np.array([3, greatest], dtype=dtype), dtype=dtype, device="cpu")).numpy()
    if dtype == "int64":
        with pytest.raises(IndexError, match=f"got {2**32 + 1}"):
            rt.take(x, rt.tensor([2**32 + 1], dtype=dtype, device="cpu")).numpy()


def test_no_position_is_on_an_empty_axis():
    with pytest.raises(IndexError, match=re.escape("take needs no positions on axis 0, which has no elements")):
        rt.take(rt.zeros(0), rt.tensor([0]))
    with pytest.raises(IndexError, match="embedding needs numbers from 0 to -1 for a weight of 0 rows"):
        F.embedding(rt.tensor([0]), rt.zeros((0, 2)))


def test_the_first_of_many_is_reported_whatever_the_threads():
    positions = np.zeros(200_000, dtype=np.int32)
    positions[70_000::7] = np.arange(len(positions[70_000::7])) + 10
    wrong = rt.take(rt.ones(5, device="cpu"), rt.tensor(positions, device="cpu"))
    for _ in range(5):
        with pytest.raises(IndexError, match=r"got 10$"):
            wrong.numpy()


def test_a_gpu_says_it_at_the_next_read_of_any_tensor_and_once():
    make = maker("gpu")
    other = make(3) + 1.0
    for read in (other.numpy, lambda: _core.synchronize("gpu")):
        wrong = rt.take(make(5), make([1, 5]))
        rt.eval(wrong)
        with pytest.raises(IndexError, match="take needs positions from -5 to 4"):
            read()
        assert other.tolist() == [2.0, 2.0, 2.0]
        # What was evaluated stays: a position outside has given zero.
        assert wrong.tolist() == [1.0, 0.0]


def test_a_check_takes_no_further_submit_and_no_readback():
    rt.reset_stats("gpu")
    rt.take(rt.ones(5, device="gpu"), rt.arange(3, device="gpu") + 1).numpy()
    stats = rt.stats("gpu")
    assert (stats["submits"], stats["readbacks"]) == (1, 1)


def test_a_step_with_a_bad_batch_leaves_the_parameters_usable(device: str):
    rt.random.seed(0)
    with rt.device(device):
        table, layer = rt.random.normal((6, 4)).requires_grad_(), nn.Linear(4, 6)
        parameters = [table, *layer.parameters()]
        optimizer = optim.AdamW(parameters, lr=0.1)

        def step(tokens: list[int], targets: list[int]) -> float:
            optimizer.zero_grad()
            loss = F.cross_entropy(layer(F.embedding(rt.tensor(tokens), table)), rt.tensor(targets))
            loss.backward()
            optimizer.step(also=(loss,))
            return loss.item()

        first = step([0, 1, 2], [1, 2, 3])
        for tokens, targets in (([0, 6, 2], [1, 2, 3]), ([0, 1, 2], [1, 2, 9])):
            with pytest.raises(IndexError, match=r"(embedding|cross_entropy) needs"):
                step(tokens, targets)
        for _ in range(10):
            last = step([0, 1, 2], [1, 2, 3])
        assert last < first
        assert all(np.isfinite(parameter.numpy()).all() for parameter in parameters)
