"""Optimizers against what PyTorch's did, in float64; every exported optimizer is found by itself."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

import rutile as rt
from rutile import optim
from rutile.errors import CheckpointError

SHAPES = [(4, 3), (3,)]


GOLDEN = json.loads((Path(__file__).parent / "golden" / "optim" / "cases.json").read_text())
ROWS = [(getattr(optim, name), settings) for name, settings, _ in GOLDEN["optimizers"]]
IDS = [f"{row[0].__name__}-{'-'.join(row[1]) or 'defaults'}" for row in ROWS]
EXPORTED = {getattr(optim, name) for name in optim.__all__} - {optim.Optimizer}


def make_params() -> list[rt.Tensor]:
    generator = np.random.default_rng(0)
    return [rt.tensor(generator.standard_normal(shape, dtype=np.float32), requires_grad=True) for shape in SHAPES]


def set_grads(params: list[rt.Tensor], step: int) -> list[np.ndarray]:
    """Give every parameter the gradient of a known loss, and return the gradients."""
    grads = [np.random.default_rng((step, i)).standard_normal(p.shape).astype(np.float32) for i, p in enumerate(params)]
    for param, grad in zip(params, grads, strict=True):
        param.grad = None
        (param * rt.tensor(grad)).sum().backward()
    return grads


def test_every_exported_optimizer_has_a_row_and_an_example():
    assert {row[0] for row in ROWS} == EXPORTED
    assert all(">>>" in (inspect.getdoc(optimizer) or "") for optimizer in EXPORTED)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 5e-6), ("float64", 1e-12), ("bfloat16", 4e-2)])
@pytest.mark.parametrize("case", GOLDEN["optimizers"], ids=IDS)
def test_update_is_pytorchs(case, dtype, tolerance):
    name, settings, places = case
    if dtype == "float64" and name in ("ASGD", "NAdam"):
        tolerance = 1e-8  # PyTorch keeps a number of their state in float32.
    param = rt.tensor(GOLDEN["start"], dtype=dtype, requires_grad=True)
    subject = getattr(optim, name)([param], **settings)
    for step, (grad, expected) in enumerate(zip(GOLDEN["gradients"], places, strict=True), 1):
        param.grad = rt.tensor(grad, dtype=dtype)
        subject.step()
        np.testing.assert_allclose(param.double().numpy(), expected, rtol=tolerance, atol=tolerance)
        if step == len(places) // 2 and name != "ASGD":
            subject.lr /= 2
    state = subject.state_dict()
    subject.load_state_dict(state)
    for name, value in state["state"].get(0, {}).items():
        kept = "float32" if dtype == "bfloat16" else dtype
        assert not isinstance(value, rt.Tensor) or value.dtype == subject.state[0][name].dtype == kept


@pytest.mark.parametrize(("optimizer", "settings"), ROWS, ids=IDS)
def test_state_goes_through_json_and_goes_on_exactly(optimizer, settings):
    first, second = make_params(), make_params()
    subject, other = optimizer(first, **settings), optimizer(second, **{**settings, "lr": 7.0})
    for step in range(3):
        set_grads(first, step)
        subject.step()
    saved = subject.state_dict()
    arrays = {
        (index, name): value.numpy().copy()
        for index, state in saved["state"].items()
        for name, value in state.items()
        if isinstance(value, rt.Tensor)
    }
    text = json.dumps({"param_groups": saved["param_groups"]})
    numbers = {
        i: {k: v for k, v in state.items() if not isinstance(v, rt.Tensor)} for i, state in saved["state"].items()
    }
    numbers = json.loads(json.dumps(numbers))
    for (index, name), array in arrays.items():
        numbers[str(index)][name] = array
    other.load_state_dict({"state": numbers, **json.loads(text)})
    for source, target in zip(first, second, strict=True):
        target.assign_(source.detach())
    for step in range(3, 6):
        for params, one in ((first, subject), (second, other)):
            set_grads(params, step)
            one.step()
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_groups_have_their_own_settings():
    a, b = make_params()
    optimizer = optim.SGD([{"params": [a], "lr": 0.0}, {"params": b}], lr=1.0)
    before = [a.numpy().copy(), b.numpy().copy()]
    grads = set_grads([a, b], 0)
    optimizer.step()
    np.testing.assert_array_equal(a.numpy(), before[0])
    np.testing.assert_allclose(b.numpy(), before[1] - grads[1], rtol=1e-6)
    optimizer.lr = 0.5
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.5]


def test_parameter_without_gradient_is_left_alone():
    a, b = make_params()
    optimizer = optim.AdamW([a, b], lr=0.1)
    before = b.numpy().copy()
    set_grads([a], 0)
    optimizer.step()
    np.testing.assert_array_equal(b.numpy(), before)
    assert list(optimizer.state_dict()["state"]) == [0]


def test_step_keeps_gradients_unless_told():
    params = make_params()
    optimizer = optim.SGD(params, lr=0.1)
    grads = set_grads(params, 0)
    optimizer.step()
    np.testing.assert_array_equal(np.asarray(params[0].grad), grads[0])
    optimizer.step(keep_grads=False)
    assert all(param.grad is None and param.requires_grad for param in params)


@pytest.mark.parametrize(("optimizer", "settings"), ROWS, ids=IDS)
def test_second_step_and_new_learning_rate_build_no_plan(optimizer, settings):
    params = make_params()
    subject = optimizer(params, **settings)
    w = rt.tensor(np.ones(3, np.float32))
    built = []
    for step in range(5):
        subject.lr = 0.1 / (step + 1)
        subject.zero_grad()
        loss = ((params[0] * w).sum() + (params[1] * w).sum()) * 2.0
        loss.backward()
        subject.step(also=[loss])
        built.append(rt.stats()["plans_built"])
    assert built[1:] == built[:1] * 4


@pytest.mark.parametrize("name", [name for name in optim.__all__ if name != "Optimizer"])
def test_unknown_settings_are_refused(name):
    with pytest.raises(TypeError, match="weigth_decay"):
        getattr(optim, name)(make_params(), weigth_decay=0.1)


BAD_INPUTS = {
    "no parameters": (lambda: optim.SGD([]), ValueError, "at least one parameter"),
    "not a tensor": (lambda: optim.SGD([1.0]), TypeError, "float"),  # pyright: ignore
    "twice": (lambda: optim.SGD(make_params()[:1] * 2), ValueError, "twice"),
    "negative lr": (lambda: optim.AdamW(make_params(), lr=-1.0), ValueError, "AdamW needs lr"),
    "beta": (lambda: optim.Adam(make_params(), betas=(0.9, 1.0)), ValueError, "betas in [0, 1)"),
    "nesterov": (lambda: optim.SGD(make_params(), nesterov=True), ValueError, "momentum > 0"),
    "setting": (lambda: optim.SGD([{"params": make_params(), "beta": 1}]), ValueError, "no setting beta"),
    "closure": (lambda: optim.SGD(make_params()).step(lambda: 1.0), TypeError, "got a function"),  # pyright: ignore
    "groups": (
        lambda: optim.SGD(make_params()).load_state_dict({"state": {}, "param_groups": [{"params": [0]}]}),
        CheckpointError,
        "groups of [2] parameters, got [1]",
    ),
    "other optimizer": (
        lambda: optim.SGD(make_params()).load_state_dict(optim.Adam(make_params()).state_dict()),
        CheckpointError,
        "use the same optimizer",
    ),
}


@pytest.mark.parametrize("row", BAD_INPUTS)
def test_bad_input_is_refused(row):
    function, error, part = BAD_INPUTS[row]
    with pytest.raises(error) as caught:
        function()
    assert part in str(caught.value)
