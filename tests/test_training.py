"""Whole training runs: PyTorch's curves, equal runs on equal seeds, flat memory, and values that outlive a step."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import rutile as rt
from networks import NETWORKS, Trainer, golden_trainer, small_trainer
from rutile import _core, nn
from rutile.models import DigitsNet
from rutile.nn import functional


@pytest.fixture
def unfused() -> Iterator[None]:
    """Switches fusion off on the CPU, as RUTILE_FUSE=0 does."""
    former = _core.set_fuse(False, "cpu")
    yield
    _core.set_fuse(former, "cpu")


def curve(trainer: Trainer, steps: int, compiled: bool = False) -> np.ndarray:
    """The losses of the steps, read at the end."""
    step: Any = rt.compile(trainer.step) if compiled else trainer.step
    losses = [step() for _ in range(steps)]
    assert not compiled or step.replays == steps - 3, step.reason
    return np.array([loss.item() for loss in losses])


def weights(trainer: Trainer) -> dict[str, np.ndarray]:
    return {name: value.numpy().copy() for name, value in trainer.model.state_dict().items()}


def check_golden(name: str, device: str, compiled: bool = False) -> None:
    trainer, golden = golden_trainer(name, device)
    np.testing.assert_allclose(curve(trainer, len(golden["loss"]), compiled), golden["loss"], rtol=1e-3)
    for key, value in weights(trainer).items():
        np.testing.assert_allclose(np.abs(value).sum(), golden[f"final_abs_sum.{key}"][0], rtol=1e-3)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("compiled", [False, True])
def test_losses_and_weights_are_pytorchs(compiled: bool, name: str) -> None:
    check_golden(name, "cpu", compiled)


def test_compiled_losses_and_weights_are_pytorchs_on_the_gpu() -> None:
    check_golden("mlp", "gpu", compiled=True)


@pytest.mark.parametrize("name", ["mlp", "cnn", "gpt", "lstm"])
def test_losses_and_weights_are_pytorchs_on_the_gpu(name: str) -> None:
    check_golden(name, "gpu")


@pytest.mark.parametrize("name", NETWORKS)
def test_losses_and_weights_are_pytorchs_without_fusion(name: str, unfused: None) -> None:
    check_golden(name, "cpu")


def digits_trainer(device: str, batch: int = 6, width: int = 2) -> Trainer:
    """The demo's network, narrow, with dropout, on a batch of made-up images."""
    rng = np.random.default_rng(1)
    with rt.device(device):
        rt.random.seed(7)
        model = DigitsNet(width=width)
        x = rt.tensor(rng.uniform(0, 16, (batch, 1, 8, 8)).astype("float32"))
        y = rt.tensor(rng.integers(0, 10, batch).astype("int32"))
        return Trainer(model, rt.optim.AdamW(model.parameters(), lr=1e-2), x, y)


def test_fifty_steps_of_one_seed_are_equal_on_cpu_and_gpu() -> None:
    losses = {device: curve(digits_trainer(device), 50) for device in ("cpu", "gpu")}
    np.testing.assert_allclose(losses["gpu"], losses["cpu"], rtol=1e-4)
    assert losses["cpu"][-1] < losses["cpu"][0] * 0.75


@pytest.mark.parametrize("make", [digits_trainer, small_trainer])
def test_fusion_changes_no_more_than_rounding(make: Callable[[str], Trainer]) -> None:
    results = {}
    for fuse in (True, False):
        former = _core.set_fuse(fuse, "cpu")
        trainer = make("cpu")
        results[fuse] = (curve(trainer, 5), weights(trainer))
        _core.set_fuse(former, "cpu")
    np.testing.assert_allclose(results[True][0], results[False][0], rtol=1e-5)
    for key, value in results[False][1].items():
        np.testing.assert_allclose(results[True][1][key], value, rtol=1e-4, atol=1e-5)


def test_equal_runs_give_equal_bits(device: str) -> None:
    runs = []
    for _ in range(2):
        trainer = digits_trainer(device)
        runs.append((curve(trainer, 5), weights(trainer)))
    assert runs[0][0].tobytes() == runs[1][0].tobytes()
    assert all(runs[0][1][key].tobytes() == value.tobytes() for key, value in runs[1][1].items())


def resident_bytes() -> int:
    """Memory of this process that lies in RAM."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_ten_thousand_steps_leave_memory_flat() -> None:
    trainer = digits_trainer("cpu", batch=2, width=4)

    def steps(count: int) -> tuple[int, int]:
        for _ in range(count):
            trainer.step(keep_grads=False)
        return rt.stats("cpu")["live_bytes"], resident_bytes()

    gc.collect()  # what earlier tests left
    live, resident = steps(1000)
    rt.reset_stats("cpu")
    live_after, resident_after = steps(9000)
    assert live_after == live
    assert rt.stats("cpu")["peak_bytes"] - live < 64 * 1024
    assert rt.stats("cpu")["plans_built"] == 0
    assert resident_after - resident < 4 * 2**20


def test_steps_leave_live_bytes_flat(device: str) -> None:
    trainer = small_trainer(device)
    for _ in range(3):
        trainer.step(keep_grads=False)
    live = rt.stats(device)["live_bytes"]
    for _ in range(20):
        trainer.step(keep_grads=False)
    assert rt.stats(device)["live_bytes"] == live


def constant(array: np.ndarray) -> Callable[[], np.ndarray]:
    return lambda: array


# What is taken from a weight before a step, as something to read afterwards.
TAKEN: dict[str, Callable[[rt.Tensor], Callable[[], np.ndarray]]] = {
    "detach": lambda weight: weight.detach().numpy,
    "clone": lambda weight: weight.clone().numpy,
    "alias": lambda weight: _core.alias(weight).numpy,
    "a lazy view": lambda weight: weight.detach().T.clone().T.numpy,
    "a lazy expression": lambda weight: (weight * 0.5 + weight * 0.5).numpy,
    "deepcopy": lambda weight: copy.deepcopy(weight).numpy,
    "numpy": lambda weight: constant(weight.numpy()),
    "np.asarray": lambda weight: constant(np.asarray(weight)),
    "dlpack": lambda weight: constant(np.from_dlpack(weight.detach())),
}


@pytest.mark.parametrize("taken", TAKEN)
@pytest.mark.parametrize("keep_grads", [True, False])
def test_what_was_taken_before_a_step_keeps_its_value(taken: str, keep_grads: bool, device: str) -> None:
    trainer = small_trainer(device)
    trainer.step(keep_grads=keep_grads)
    weight = next(trainer.model.parameters())
    before = weight.numpy().copy()
    read = TAKEN[taken](weight)
    trainer.step(keep_grads=keep_grads)
    trainer.step(keep_grads=keep_grads)
    np.testing.assert_array_equal(read(), before)
    assert not np.array_equal(weight.numpy(), before)


def test_a_state_dict_taken_before_a_step_keeps_its_values(device: str) -> None:
    trainer = small_trainer(device)
    trainer.step()
    state, before = trainer.model.state_dict(), weights(trainer)
    trainer.step()
    trainer.model.load_state_dict({name: value * 0.0 for name, value in state.items()})
    for name, value in before.items():
        np.testing.assert_array_equal(state[name].numpy(), value)


def test_optimizer_state_taken_before_a_step_keeps_its_value(device: str) -> None:
    trainer = small_trainer(device)
    trainer.step()
    state = trainer.optimizer.state_dict()["state"][0]
    before = {key: state[key].numpy().copy() for key in ("exp_avg", "exp_avg_sq")}
    trainer.step()
    for key, value in before.items():
        np.testing.assert_array_equal(state[key].numpy(), value)


def test_outputs_of_the_old_model_are_those_of_the_old_weights(device: str) -> None:
    trainer = small_trainer(device, lambda: nn.Linear(12, 4))
    expected = trainer.model(trainer.x).numpy().copy()
    pending, loss = trainer.model(trainer.x), trainer.loss()
    expected_loss = trainer.loss().item()
    trainer.step(keep_grads=False)
    np.testing.assert_allclose(pending.numpy(), expected, rtol=1e-6)
    assert loss.item() == pytest.approx(expected_loss, rel=1e-6)


def test_gradients_are_readable_after_the_step(device: str) -> None:
    trainer = small_trainer(device)
    for read_first in (False, True):
        trainer.step(read_first=read_first)
        for parameter in trainer.model.parameters():
            assert np.isfinite(grad_of(parameter)).all()
            assert grad_of(parameter).shape == parameter.shape


def grad_of(tensor: rt.Tensor) -> np.ndarray:
    assert tensor.grad is not None
    return tensor.grad.numpy()


def quadratic(weight: rt.Tensor, scale: float) -> rt.Tensor:
    return (weight * weight * scale).sum()


def leaf(device: str) -> rt.Tensor:
    return rt.tensor([1.0, -2.0, 3.0], device=device, requires_grad=True)


def test_gradients_add_up_over_several_backward_calls(device: str) -> None:
    weight = leaf(device)
    for scale, total in ((1.0, 2.0), (2.0, 6.0), (3.0, 12.0)):
        quadratic(weight, scale).backward()
        np.testing.assert_allclose(grad_of(weight), total * weight.numpy())


def test_two_losses_share_a_graph(device: str) -> None:
    weight = leaf(device)
    shared = weight.exp()
    first, second = shared.sum(), (shared * shared).sum()
    first.backward(retain_graph=True)
    second.backward()
    values = weight.numpy()
    np.testing.assert_allclose(grad_of(weight), np.exp(values) + 2 * np.exp(2 * values), rtol=1e-5)


@pytest.mark.parametrize("read_between", [False, True])
def test_a_retained_graph_gives_its_gradient_again(read_between: bool, device: str) -> None:
    weight = leaf(device)
    loss = weight.exp().sum()
    loss.backward(retain_graph=True)
    if read_between:
        assert loss.item() > 0
        assert np.isfinite(grad_of(weight)).all()
    loss.backward()
    np.testing.assert_allclose(grad_of(weight), 2 * np.exp(weight.numpy()), rtol=1e-5)


def test_a_released_graph_gives_an_error_that_says_what_to_do() -> None:
    weight = leaf("cpu")
    loss = weight.exp().sum()
    loss.backward()
    assert loss.item() > 0
    with pytest.raises(RuntimeError, match="retain_graph=True"):
        loss.backward()


def test_gradients_after_an_update_are_those_of_the_new_weights(device: str) -> None:
    weight = leaf(device)
    optimizer = rt.optim.SGD([weight], lr=0.25)
    for _ in range(3):
        before = weight.numpy().copy()
        optimizer.zero_grad()
        functional.mse_loss(weight, rt.zeros((3,), device=device), "sum").backward()
        optimizer.step()
        np.testing.assert_allclose(grad_of(weight), 2 * before)
        np.testing.assert_allclose(weight.numpy(), before / 2)


def test_a_graph_built_before_a_step_has_the_gradient_of_the_old_weights(device: str) -> None:
    weight = leaf(device)
    optimizer = rt.optim.SGD([weight], lr=1.0)
    before = weight.numpy().copy()
    stale = quadratic(weight, 1.0)
    quadratic(weight, 0.5).backward()
    optimizer.step()
    np.testing.assert_allclose(weight.numpy(), 0 * before)
    optimizer.zero_grad()
    stale.backward()
    np.testing.assert_allclose(grad_of(weight), 2 * before)


def test_one_tensor_under_two_names(device: str) -> None:
    weight = leaf(device)
    tied = _core.alias(weight)
    (weight * tied).sum().backward()
    np.testing.assert_allclose(grad_of(weight), 2 * weight.numpy())
