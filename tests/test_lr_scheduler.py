"""Schedules of learning rates against PyTorch's curves; every exported schedule is found by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile import optim
from rutile.errors import CheckpointError
from rutile.optim import lr_scheduler

GOLDEN = json.loads((Path(__file__).parent / "golden" / "optim" / "cases.json").read_text())
CASES = GOLDEN["schedules"]
IDS = [f"{name}-{'-'.join(settings) or 'defaults'}" for name, settings, _ in CASES]
EXPORTED = {getattr(lr_scheduler, name) for name in lr_scheduler.__all__} - {lr_scheduler.LRScheduler}
# The functions that the golden settings name.
FUNCTIONS = {"inverse": lambda step: 1.0 / (1.0 + step), "power": lambda step: 0.9**step}


def leaf() -> rt.Tensor:
    return rt.tensor([1.0], requires_grad=True)


def two_groups() -> optim.SGD:
    return optim.SGD([{"params": [leaf()], "lr": 0.5}, {"params": [leaf()], "lr": 0.1}], momentum=0.7)


def made(name: str, settings: dict[str, Any], optimizer: optim.Optimizer) -> Any:
    """A schedule, its functions found by their names and its parts made."""

    def meant(value: Any) -> Any:
        return [FUNCTIONS[item] for item in value] if isinstance(value, list) else FUNCTIONS[value]

    schedule: Any = getattr(lr_scheduler, name)
    settings = {key: meant(value) if key == "lr_lambda" else value for key, value in settings.items()}
    if "schedulers" not in settings:
        return schedule(optimizer, **settings)
    parts = [made(part, of_part, optimizer) for part, of_part in settings.pop("schedulers")]
    return schedule(optimizer, parts, **settings) if settings else schedule(parts, optimizer=optimizer)


def rates(optimizer: optim.Optimizer) -> list[float]:
    """Both groups' learning rates, and the first one's momentum."""
    return [group["lr"] for group in optimizer.param_groups] + [optimizer.param_groups[0]["momentum"]]


def curve(optimizer: optim.Optimizer, schedule: Any, metrics: list[float]) -> list[list[float]]:
    found = []
    for metric in metrics:
        found.append(rates(optimizer))
        assert schedule.get_last_lr() == found[-1][:2]
        schedule.step(metric) if isinstance(schedule, lr_scheduler.ReduceLROnPlateau) else schedule.step()
    return found


def test_every_exported_schedule_has_a_case():
    assert {getattr(lr_scheduler, name) for name, _, _ in CASES} == EXPORTED


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_curve_is_pytorchs(case):
    name, settings, expected = case
    optimizer = two_groups()
    found = curve(optimizer, made(name, settings, optimizer), GOLDEN["metrics"])
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_state_goes_through_json_and_goes_on_exactly(case):
    name, settings, _ = case
    first, second, metrics = two_groups(), two_groups(), GOLDEN["metrics"]
    schedule, other = made(name, settings, first), made(name, settings, second)
    curve(first, schedule, metrics[:5])
    saved = json.loads(json.dumps([first.state_dict(), schedule.state_dict()]))
    second.load_state_dict(saved[0])
    other.load_state_dict(saved[1])
    assert curve(second, other, metrics[5:]) == curve(first, schedule, metrics[5:])


def test_steps_with_a_schedule_are_one_plan_and_compiled_steps_follow_it():
    plans, ends = [], []
    for compiled in (False, True):
        weight = leaf()
        optimizer = optim.AdamW([weight], lr=0.1)
        schedule = lr_scheduler.OneCycleLR(optimizer, max_lr=0.5, total_steps=10)

        def step(weight: rt.Tensor = weight, optimizer: optim.Optimizer = optimizer) -> None:
            optimizer.zero_grad()
            (weight * weight).sum().backward()
            optimizer.step()

        run = rt.compile(step) if compiled else step
        for _ in range(8):
            run()
            schedule.step()
            plans.append(rt.stats()["plans_built"])
        ends.append(weight.tolist())
        if compiled:
            assert run.replays >= 4  # pyright: ignore[reportFunctionMemberAccess]
    assert ends[0] == ends[1]
    assert plans[0] == plans[7]


def test_a_schedule_that_steps_within_a_compiled_function_is_followed():
    ends = []
    for compiled in (False, True):
        weight = leaf()
        optimizer = optim.SGD([weight], lr=0.1)
        schedule = lr_scheduler.ExponentialLR(optimizer, 0.5)

        def step(
            weight: rt.Tensor = weight,
            optimizer: optim.Optimizer = optimizer,
            schedule: lr_scheduler.LRScheduler = schedule,
        ) -> None:
            optimizer.zero_grad()
            (weight * weight).sum().backward()
            optimizer.step()
            schedule.step()

        run = rt.compile(step) if compiled else step
        for _ in range(6):
            run()
        ends.append((weight.tolist(), optimizer.lr))
    assert ends[0] == ends[1]


def test_later_schedules_start_from_the_first_learning_rate():
    optimizer = two_groups()
    lr_scheduler.LinearLR(optimizer, 0.5)
    assert lr_scheduler.StepLR(optimizer, 2).base_lrs == [0.5, 0.1]


def test_a_schedule_goes_on_from_the_optimizers_state():
    first, second = two_groups(), two_groups()
    schedule = lr_scheduler.CosineAnnealingLR(first, 10)
    curve(first, schedule, [0.0] * 4)
    second.load_state_dict(first.state_dict())
    other = lr_scheduler.CosineAnnealingLR(second, 10, last_epoch=3)
    np.testing.assert_allclose(rates(second), rates(first), rtol=1e-12)
    assert other.last_epoch == schedule.last_epoch == 4


def test_fractions_of_an_epoch():
    optimizer = two_groups()
    schedule = lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 4, 2)
    schedule.step(4.0 + 2.0)
    np.testing.assert_allclose(optimizer.lr, 0.25 * (1.0 + np.sqrt(0.5)))


def test_a_sequence_starts_what_is_combined_itself_anew():
    optimizer = two_groups()
    chain = ["ChainedScheduler", {"schedulers": [["ConstantLR", {"factor": 0.5}], ["ExponentialLR", {"gamma": 0.5}]]}]
    inner = ["SequentialLR", {"schedulers": [["StepLR", {"step_size": 9}], ["LinearLR", {}]], "milestones": [1]}]
    schedule = made("SequentialLR", {"schedulers": [chain, inner], "milestones": [2]}, optimizer)
    found = [first for first, _, _ in curve(optimizer, schedule, [0.0] * 5)]
    np.testing.assert_allclose(found, [0.25, 0.125, 0.5, 0.5 / 3, 0.5 * (1 / 3 + 2 / 15)])


WRONG = {
    "no optimizer": (lambda: lr_scheduler.StepLR(leaf(), 2), TypeError, "StepLR needs an Optimizer, got Tensor"),  # pyright: ignore
    "step_size": (lambda: lr_scheduler.StepLR(two_groups(), 0), ValueError, "step_size of at least 1, got 0"),
    "T_0": (lambda: lr_scheduler.CosineAnnealingWarmRestarts(two_groups(), 0), ValueError, "T_mult >= 1, got 0 and 1"),
    "factor": (lambda: lr_scheduler.ConstantLR(two_groups(), 2.0), ValueError, "a factor in [0, 1], got 2.0"),
    "plateau's factor": (
        lambda: lr_scheduler.ReduceLROnPlateau(two_groups(), factor=1.0),
        ValueError,
        "factor below 1",
    ),
    "mode": (lambda: lr_scheduler.ReduceLROnPlateau(two_groups(), "least"), ValueError, "got 'least' and 'rel'"),
    "lambdas": (
        lambda: lr_scheduler.LambdaLR(two_groups(), [lambda step: 1.0]),
        ValueError,
        "LambdaLR needs one lr_lambda, or one for each of 2 groups",
    ),
    "total_steps": (
        lambda: lr_scheduler.OneCycleLR(two_groups(), 1.0, epochs=3),
        ValueError,
        "needs total_steps, or epochs and steps_per_epoch, of at least 1, got None, 3, None",
    ),
    "after the cycle": (
        lambda: curve(two := two_groups(), lr_scheduler.OneCycleLR(two, 1.0, 2), [0.0] * 4),
        ValueError,
        "OneCycleLR needs at most total_steps = 2 steps, got 3",
    ),
    "momentum": (
        lambda: lr_scheduler.OneCycleLR(optim.Adagrad([leaf()]), 1.0, 9),
        ValueError,
        "with momentum or betas, got Adagrad: set cycle_momentum=False",
    ),
    "milestones": (
        lambda: lr_scheduler.SequentialLR(two := two_groups(), [lr_scheduler.StepLR(two, 2)], [3]),
        ValueError,
        "one milestone less than its 1 schedules, got [3]",
    ),
    "two optimizers": (
        lambda: lr_scheduler.ChainedScheduler([lr_scheduler.StepLR(two_groups(), 2) for _ in range(2)]),
        ValueError,
        "schedules of one optimizer, got several",
    ),
    "a chained plateau": (
        lambda: lr_scheduler.ChainedScheduler([lr_scheduler.ReduceLROnPlateau(two_groups())]),
        ValueError,
        "needs schedules that step by themselves, got ReduceLROnPlateau",
    ),
    "going on from nothing": (
        lambda: lr_scheduler.StepLR(two_groups(), 2, last_epoch=4),
        ValueError,
        "needs initial_lr in every group to go on from last_epoch 4",
    ),
    "state of two schedules": (
        lambda: chained(1).load_state_dict(chained(2).state_dict()),
        CheckpointError,
        "needs the state of 1 schedules, got 2",
    ),
    "another schedule's state": (
        lambda: lr_scheduler.StepLR(two_groups(), 2).load_state_dict(
            lr_scheduler.ConstantLR(two_groups()).state_dict()
        ),
        CheckpointError,
        "make the schedule that was saved",
    ),
}


def chained(count: int) -> lr_scheduler.ChainedScheduler:
    optimizer = two_groups()
    return lr_scheduler.ChainedScheduler([lr_scheduler.StepLR(optimizer, 2) for _ in range(count)])


@pytest.mark.parametrize("row", WRONG)
def test_wrong_calls_say_what_is_needed(row):
    function, error, part = WRONG[row]
    with pytest.raises(error) as caught:
        function()
    assert part in str(caught.value)
