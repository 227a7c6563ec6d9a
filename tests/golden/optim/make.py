"""Ask PyTorch where its optimizers take three numbers and what learning rates its schedules set; write it beside this file."""

from __future__ import annotations

import json
import math
from importlib import import_module
from pathlib import Path
from typing import Any

# Not among what the tests need, so that checkers of types do not know it.
torch: Any = import_module("torch")

START, STEPS = [0.5, -1.0, 2.0], 8
OPTIMIZERS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {}),
    ("SGD", dict(lr=0.1, momentum=0.9)),
    ("SGD", dict(lr=0.1, momentum=0.9, dampening=0.5, weight_decay=0.1)),
    ("SGD", dict(lr=0.1, momentum=0.9, nesterov=True, maximize=True)),
    ("Adam", {}),
    ("Adam", dict(lr=0.1, betas=[0.5, 0.9], eps=1e-3, weight_decay=0.1)),
    ("Adam", dict(lr=0.1, maximize=True)),
    ("Adam", dict(lr=0.1, betas=[0.5, 0.9], amsgrad=True)),
    ("AdamW", {}),
    ("AdamW", dict(lr=0.1, betas=[0.5, 0.9], weight_decay=0.5)),
    ("Adamax", {}),
    ("Adamax", dict(lr=0.1, betas=[0.5, 0.9], eps=1e-2, weight_decay=0.1)),
    ("NAdam", {}),
    ("NAdam", dict(lr=0.1, betas=[0.5, 0.9], weight_decay=0.1, momentum_decay=0.1)),
    ("NAdam", dict(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True)),
    ("RAdam", {}),
    ("RAdam", dict(lr=0.1, betas=[0.5, 0.9], weight_decay=0.1)),
    ("RAdam", dict(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True)),
    ("RMSprop", {}),
    ("RMSprop", dict(lr=0.05, alpha=0.9, weight_decay=0.1, momentum=0.5, centered=True)),
    ("Adagrad", {}),
    ("Adagrad", dict(lr=0.1, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5, eps=1e-3)),
    ("Adadelta", {}),
    ("Adadelta", dict(lr=0.5, rho=0.8, eps=1e-3, weight_decay=0.1)),
    ("Rprop", {}),
    ("Rprop", dict(lr=0.1, etas=[0.4, 1.5], step_sizes=[0.05, 0.12], maximize=True)),
    ("ASGD", {}),
    ("ASGD", dict(lr=0.1, lambd=0.1, alpha=0.5, t0=2.0, weight_decay=0.1)),
]

# Functions of the step, by name; the tests have the same.
FUNCTIONS = {"inverse": lambda step: 1.0 / (1.0 + step), "power": lambda step: 0.9**step}
CHAINED, SEQUENTIAL = "ChainedScheduler", "SequentialLR"
SCHEDULES: list[tuple[str, dict[str, Any]]] = [
    ("StepLR", dict(step_size=3)),
    ("MultiStepLR", dict(milestones=[2, 5, 5, 9], gamma=0.5)),
    ("ExponentialLR", dict(gamma=0.8)),
    ("ConstantLR", dict()),
    ("LinearLR", dict()),
    ("LinearLR", dict(start_factor=1.0, end_factor=0.0, total_iters=4)),
    ("PolynomialLR", dict(total_iters=6, power=2.0)),
    ("CosineAnnealingLR", dict(T_max=5, eta_min=0.02)),
    ("CosineAnnealingLR", dict(T_max=4)),
    ("CosineAnnealingWarmRestarts", dict(T_0=4, eta_min=0.01)),
    ("CosineAnnealingWarmRestarts", dict(T_0=2, T_mult=2)),
    ("LambdaLR", dict(lr_lambda="inverse")),
    ("LambdaLR", dict(lr_lambda=["inverse", "power"])),
    ("MultiplicativeLR", dict(lr_lambda=["power", "inverse"])),
    ("OneCycleLR", dict(max_lr=1.0, total_steps=14)),
    ("OneCycleLR", dict(max_lr=[1.0, 0.2], epochs=7, steps_per_epoch=2, anneal_strategy="linear", three_phase=True)),
    ("OneCycleLR", dict(max_lr=0.3, total_steps=14, pct_start=0.05, div_factor=5.0, base_momentum=0.5)),
    ("CyclicLR", dict(base_lr=0.1, max_lr=0.5, step_size_up=3)),
    ("CyclicLR", dict(base_lr=[0.1, 0.2], max_lr=1.0, step_size_up=2, step_size_down=3, mode="triangular2")),
    ("CyclicLR", dict(base_lr=0.1, max_lr=0.5, step_size_up=3, mode="exp_range", gamma=0.9, cycle_momentum=False)),
    ("ReduceLROnPlateau", dict(factor=0.5, patience=1)),
    ("ReduceLROnPlateau", dict(mode="max", patience=0, cooldown=2, threshold=0.1, threshold_mode="abs")),
    ("ReduceLROnPlateau", dict(factor=0.5, patience=0, threshold=0.2, min_lr=[0.2, 0.03])),
    (SEQUENTIAL, dict(schedulers=[["LinearLR", {}], ["CosineAnnealingLR", dict(T_max=6)]], milestones=[4])),
    (
        SEQUENTIAL,
        dict(
            schedulers=[["ConstantLR", {}], ["ExponentialLR", dict(gamma=0.5)], ["StepLR", dict(step_size=2)]],
            milestones=[3, 6],
        ),
    ),
    (CHAINED, dict(schedulers=[["ConstantLR", {}], ["ExponentialLR", dict(gamma=0.9)]])),
    (CHAINED, dict(schedulers=[["LinearLR", {}], ["CosineAnnealingLR", dict(T_max=4, eta_min=0.01)]])),
]
METRICS = [3.0, 2.0, 2.5, 1.9, 1.95, 2.0, 1.0, 1.2, 0.99, 1.5, 1.4, 1.3, 0.5, 0.6]


def gradient(step: int) -> list[float]:
    """The gradients of a step, which counts from 1."""
    return [math.sin(1.7 * step + 0.9 * place) for place in range(len(START))]


def places(name: str, settings: dict[str, Any]) -> list[list[float]]:
    """Where an optimizer takes the numbers in `STEPS` steps; the learning rate is halved after half of them."""
    weight = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([weight], **settings)
    found = []
    for step in range(1, STEPS + 1):
        weight.grad = torch.tensor(gradient(step), dtype=torch.float64)
        optimizer.step()
        found.append(weight.tolist())
        if step == STEPS // 2 and name != "ASGD":  # which follows a change one step later than rutile's
            for group in optimizer.param_groups:
                group["lr"] /= 2
    return found


def made(name: str, settings: dict[str, Any], optimizer: Any) -> Any:
    """A schedule, its functions found by their names and its parts made."""

    def meant(value: Any) -> Any:
        return [meant(item) for item in value] if isinstance(value, list) else FUNCTIONS.get(value, value)

    schedule = getattr(torch.optim.lr_scheduler, name)
    if "schedulers" in settings:
        parts = [made(part, of_part, optimizer) for part, of_part in settings["schedulers"]]
        rest = {key: value for key, value in settings.items() if key != "schedulers"}
        return schedule(optimizer, parts, **rest) if name == SEQUENTIAL else schedule(parts, optimizer=optimizer)
    return schedule(optimizer, **{k: meant(v) if k == "lr_lambda" else v for k, v in settings.items()})


def curve(name: str, settings: dict[str, Any]) -> list[list[float]]:
    """Both groups' learning rates and the first one's momentum, at first and after each step."""
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in (0.5, 0.1)]
    optimizer = torch.optim.SGD(groups, momentum=0.7)
    schedule = made(name, settings, optimizer)
    found = []
    for metric in METRICS:
        found.append([group["lr"] for group in optimizer.param_groups] + [optimizer.param_groups[0]["momentum"]])
        optimizer.step()
        schedule.step(metric) if name == "ReduceLROnPlateau" else schedule.step()
    return found


def main() -> None:
    lines = {
        "optimizers": [json.dumps([name, settings, places(name, settings)]) for name, settings in OPTIMIZERS],
        "schedules": [json.dumps([name, settings, curve(name, settings)]) for name, settings in SCHEDULES],
    }
    rest = {"start": START, "gradients": [gradient(step) for step in range(1, STEPS + 1)], "metrics": METRICS}
    parts = [f'"{key}": [\n' + ",\n".join(rows) + "\n]" for key, rows in lines.items()]
    parts += [f'"{key}": {json.dumps(value)}' for key, value in rest.items()]
    (Path(__file__).parent / "cases.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
